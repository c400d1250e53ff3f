"""Words: what a digest says in the reader's language, from the one message catalogue.

The message ids are the English words. `locale/babel.cfg` says how the catalogue is made; a second language is a
translated copy of it.
"""

from __future__ import annotations

import datetime as dt
import gettext as catalogues
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from differ.changes import Kind, Severity
from snapshots.category import EntityType, ReferenceRole
from snapshots.folding import fold
from snapshots.period import Basis
from templates import vocabulary
from templates.cards import Card, Status
from templates.digest import Digest, KindCount, Moment
from templates.pages import CoverageRow, SourceRow
from templates.rows import Row
from templates.sentences import Sentences, write_moment

Language = Literal["en", "zh-Hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hans")

_LOCALE = Path(__file__).parent / "locale"


class Words(Sentences):
    """The words of one language, and its sentences."""

    def __init__(self, language: Language) -> None:
        """Load the language's catalogue; English needs none."""
        self.language = language
        super().__init__(
            catalogues.NullTranslations()
            if language == "en"
            else catalogues.translation("noticediff", _LOCALE, [language.replace("-", "_")])
        )

    def title(self, digest: Digest) -> str:
        """What the digest is about, in one line."""
        gettext = self.gettext
        span = _write_span(digest.since, digest.until)
        match digest.heading, digest.since, digest.until:
            case "diff", None, _:
                return gettext("Category rules: everything in force on %(until)s") % span
            case "diff", _, _:
                return gettext("Category rules: changes from %(since)s to %(until)s") % span
            case _, None, _:
                return gettext("Category rules: everything learned so far")
            case _, _, None:
                return gettext("Category rules: learned since %(since)s") % span
            case _:
                return gettext("Category rules: learned from %(since)s to %(until)s") % span

    def kind(self, kind: Kind) -> str:
        """The kind of a change."""
        return self.gettext(vocabulary.KINDS[kind])

    def counts(self, counts: Sequence[KindCount]) -> str:
        """「13 new, 20 adjusted, 0 removed」."""
        return self.gettext(", ").join(
            self.gettext(vocabulary.COUNTS[part.kind]) % {"count": part.count} for part in counts
        )

    def entity_type(self, entity_type: EntityType | None) -> str:
        """Who applies."""
        return self.gettext(vocabulary.ENTITY_TYPES[entity_type])

    def basis(self, basis: Basis) -> str:
        """What an in-force date rests on."""
        return self.gettext(vocabulary.BASES[basis])

    def status(self, status: Status) -> str:
        """Where a change stands, with its date."""
        gettext = self.gettext
        date = {"date": status.date.isoformat()}
        match status.code:
            case "coming":
                return gettext("coming: in force from %(date)s") % date
            case "in_force":
                return gettext("in force since %(date)s") % date
            case "since":
                return gettext("already in force since %(date)s") % date

    def claim(self, card: Card) -> str:
        """What the page says that happened to the category, beside what was observed."""
        if card.claimed is None:
            return self.gettext("observed; no notice says so")
        return self.gettext(vocabulary.CLAIMS[card.claimed])

    def part(self, name: str) -> str:
        """The heading of a block; a field that has no words of its own keeps its name."""
        return self.gettext(vocabulary.PARTS[name]) if name in vocabulary.PARTS else name

    def head(self, row: Row) -> str:
        """What the head of a list asks: all of it, one of it, two of three."""
        if row.kind == "all_of":
            return self.gettext("all of")
        if row.n == 1:
            return self.gettext("one of")
        return self.gettext("%(n)d of %(total)d") % {"n": row.n, "total": row.total}

    def marker(self, row: Row) -> str | None:
        """The page's own words for a head, unless they are those of the reader's language: 「同時提供」 twice."""
        if row.marker is None or fold(self.head(row)) in fold(row.marker):
            return None
        return row.marker

    def role(self, role: ReferenceRole | None) -> str:
        """What a reference asks."""
        return self.gettext(vocabulary.ROLES[role])

    def severity(self, severity: Severity) -> str:
        """How grave a finding is."""
        return self.gettext(vocabulary.SEVERITIES[severity])

    def outcome(self, source: SourceRow) -> str:
        """How the last capture of a source went."""
        words = self.gettext(vocabulary.OUTCOMES[source.outcome])
        if source.outcome != "failed" or source.last_run is None:
            return words
        return self.gettext("%(outcome)s on %(date)s") % {"outcome": words, "date": write_moment(source.last_run)}

    def age(self, days: int | None) -> str:
        """How long ago, in days; None is never."""
        if days is None:
            return self.gettext("never")
        if days <= 0:
            return self.gettext("today")
        return self.translations.ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}

    def coverage(self, row: CoverageRow) -> str:
        """How much is known of a scope."""
        gettext = self.gettext
        scope = row.platform
        if row.entity_type is not None:
            scope = gettext("%(platform)s, %(entity_type)s") % {
                "platform": row.platform,
                "entity_type": gettext(vocabulary.ENTITY_TYPES[row.entity_type]),
            }
        if row.level == "complete":
            return gettext("%(scope)s: complete, a catalogue has listed all of it") % {"scope": scope}
        return gettext("%(scope)s: partial, only what notices and lists named is known") % {"scope": scope}

    def lines(self, lines: tuple[int, int]) -> str:
        """Where on a page a claim stands."""
        first, last = lines
        if first == last:
            return self.gettext("line %(first)d") % {"first": first}
        return self.gettext("lines %(first)d–%(last)d") % {"first": first, "last": last}


def _write_span(since: Moment | None, until: Moment | None) -> dict[str, str]:
    """Both ends as days, unless they are two times of one day."""
    days = [moment.date() if isinstance(moment, dt.datetime) else moment for moment in (since, until)]
    if days[0] == days[1]:
        return {"since": write_moment(since), "until": write_moment(until)}
    return {"since": write_moment(days[0]), "until": write_moment(days[1])}
