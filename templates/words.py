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
from snapshots.period import Basis
from templates import vocabulary
from templates.cards import Card, Fact, Status
from templates.digest import Digest, KindCount, Moment
from templates.pages import CoverageRow, SourceRow
from templates.rows import Row
from templates.summary import SummaryPart

Language = Literal["en", "zh-Hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hans")

_LOCALE = Path(__file__).parent / "locale"


class Words:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        """Load the language's catalogue; English needs none."""
        self.language = language
        self.translations: catalogues.NullTranslations = (
            catalogues.NullTranslations()
            if language == "en"
            else catalogues.translation("noticediff", _LOCALE, [language.replace("-", "_")])
        )
        self.gettext = self.translations.gettext

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

    def fact(self, fact: Fact) -> str:
        """A sentence about one change."""
        gettext = self.gettext
        papers = {"papers": gettext(", ").join(f"《{title}》" for title in fact.titles)}
        match fact.code:
            case "asks_also":
                return gettext("now also asks for %(papers)s") % papers
            case "names_also":
                return gettext("now also names %(papers)s, in one option of a choice") % papers
            case "names_no_longer":
                return gettext("no longer names %(papers)s") % papers
            case "returned":
                return gettext("was removed earlier and is back")
            case "closed_beta":
                return gettext("in closed beta")
            case "closed_beta_begins":
                return gettext("now in closed beta")
            case "closed_beta_ends":
                return gettext("no longer in closed beta")
            case "earlier_unknown":
                return gettext("earlier state not known")

    def summary(self, part: SummaryPart) -> str:
        """One fact of the summary."""
        values = {"count": part.count, "first": write_moment(part.first), "last": write_moment(part.last)}
        if words := vocabulary.SUMMARIES.get((part.code, part.first == part.last)):
            return self.gettext(words) % values
        return self._count(part) % values

    def _count(self, part: SummaryPart) -> str:
        """The words that differ for one and for many."""
        ngettext, count = self.translations.ngettext, part.count
        match part.code:
            case "asks_also":
                return ngettext(
                    "%(count)d category asks for a paper that it did not ask for before",
                    "%(count)d categories ask for a paper that they did not ask for before",
                    count,
                )
            case "names_also":
                return ngettext(
                    "%(count)d category names another paper to choose from",
                    "%(count)d categories name another paper to choose from",
                    count,
                )
            case "names_no_longer":
                return ngettext(
                    "%(count)d category no longer names a paper that it named before",
                    "%(count)d categories no longer name a paper that they named before",
                    count,
                )
            case "returned":
                return ngettext("%(count)d is back after a removal", "%(count)d are back after a removal", count)
            case "silent":
                return ngettext(
                    "%(count)d shown by a complete list, announced by no notice",
                    "%(count)d shown by a complete list, announced by no notice",
                    count,
                )
            case "findings":
                return ngettext("%(count)d finding to look at", "%(count)d findings to look at", count)
            case _:
                return ngettext(
                    "%(count)d source could not be read when it was last tried",
                    "%(count)d sources could not be read when they were last tried",
                    count,
                )

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


def write_moment(moment: Moment | None) -> str:
    """A date as it is, a time to the minute in UTC; nothing for None."""
    if moment is None:
        return ""
    if isinstance(moment, dt.datetime):
        return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    return moment.isoformat()
