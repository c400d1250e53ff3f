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

from differ.changes import Kind, Severity, Verdict
from snapshots.category import EntityType, ReferenceRole
from snapshots.folding import fold
from snapshots.period import Basis
from templates import vocabulary
from templates.asked import Proof
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

    def nothing(self, digest: Digest) -> str:
        """What a digest without a card has to tell: a first catalogue is a baseline, and no news."""
        if digest.baseline:
            ngettext = self.translations.ngettext
            words = ngettext(
                "A baseline: now watching %(count)d category.",
                "A baseline: now watching %(count)d categories.",
                digest.baseline,
            )
            return words % {"count": digest.baseline}
        return self.gettext("Nothing new.") if digest.heading == "digest" else self.gettext("No differences.")

    def verdict(self, verdict: Verdict) -> str:
        """Whether a requirement became stricter."""
        return self.gettext(vocabulary.VERDICTS[verdict])

    def ruling(self, card: Card) -> str:
        """The verdict on a card, and what makes it one that needs a closer look."""
        gettext = self.gettext
        match card.verdict:
            case None:
                return ""
            case "mixed":
                return gettext("mixed: stricter in part, looser in part")
            case "unknown" if card.is_unread:
                return gettext("not decided: a line was not understood")
            case "unknown":
                return gettext("not decided: too many sets of papers to compare")
            case verdict:
                return self.verdict(verdict)

    def proof(self, proof: Proof) -> tuple[str, ...]:
        """The sentences that show a verdict: what may be missing now, then the set of papers that shows it."""
        gettext = self.gettext
        match proof.was_enough, bool(proof.papers):
            case True, True:
                shown = gettext("enough before, not enough now: %(papers)s")
            case True, False:
                shown = gettext("nothing was required before, and that is not enough now")
            case False, True:
                shown = gettext("enough now, not before: %(papers)s")
            case _:
                shown = gettext("nothing is required now, and that was not enough before")
        shown %= {"papers": self._join(proof.papers)}
        if proof.cases:
            shown = gettext("for %(cases)s: %(sentence)s") % {"cases": self._join(proof.cases), "sentence": shown}
        sentences = []
        if proof.lacking:
            words = gettext("who had enough before may now lack: %(papers)s")
            sentences.append(words % {"papers": self._join(proof.lacking)})
        if proof.only_for:
            sentences.append(gettext("asked now in the case of: %(cases)s") % {"cases": self._join(proof.only_for)})
        return (*sentences, shown)

    def _join(self, papers: Sequence[str]) -> str:
        """The papers in one sentence; they have commas of their own."""
        return self.gettext("; ").join(papers)

    def fact(self, fact: Fact) -> str:
        """A sentence about one change."""
        gettext = self.gettext
        match fact.code:
            case "asks_also":
                return gettext("now also asks for: %(papers)s") % {"papers": self._join(fact.papers)}
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
            case "tightened":
                return ngettext("%(count)d category tightened", "%(count)d categories tightened", count)
            case "mixed":
                return ngettext(
                    "%(count)d category stricter in part and looser in part",
                    "%(count)d categories stricter in part and looser in part",
                    count,
                )
            case "relaxed":
                return ngettext("%(count)d category relaxed", "%(count)d categories relaxed", count)
            case "undecided":
                return ngettext(
                    "%(count)d category changed in a way that could not be decided",
                    "%(count)d categories changed in a way that could not be decided",
                    count,
                )
            case "asks_also":
                return ngettext(
                    "%(count)d category asks for a paper that it did not ask for before",
                    "%(count)d categories ask for a paper that they did not ask for before",
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


def write_moment(moment: Moment | None) -> str:
    """A date as it is, a time to the minute in UTC; nothing for None."""
    if moment is None:
        return ""
    if isinstance(moment, dt.datetime):
        return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    return moment.isoformat()
