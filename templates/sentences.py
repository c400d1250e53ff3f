"""Sentences: what a digest tells in whole sentences, in the reader's language."""

from __future__ import annotations

import datetime as dt
import gettext as catalogues
from collections.abc import Sequence

from msgspec import Struct

from differ.changes import Verdict
from templates import vocabulary
from templates.asked import Proof
from templates.cards import Card, Fact
from templates.digest import Digest, Moment
from templates.finding_rows import FindingRow
from templates.programs import ProgramRow
from templates.summary import SummaryPart


class Statement(Struct, frozen=True):
    """A sentence, and the papers that it leads over to, each on a line of its own."""

    sentence: str
    papers: tuple[str, ...] = ()


class Sentences:
    """The sentences of one language."""

    def __init__(self, translations: catalogues.NullTranslations) -> None:
        """Speak with the words of this catalogue."""
        self.translations = translations
        self.gettext = translations.gettext

    def nothing(self, digest: Digest) -> str:
        """What a digest without a card has to tell: a first catalogue is a baseline, and no news."""
        if digest.baseline:
            ngettext = self.translations.ngettext
            words = ngettext(
                "A baseline: %(count)d category seen for the first time.",
                "A baseline: %(count)d categories seen for the first time.",
                digest.baseline,
            )
            return words % {"count": digest.baseline}
        if digest.passing:
            return self.gettext("No category is otherwise than before; what came and went stands below.")
        if digest.findings:
            return self.gettext("No category changed.")
        return self.gettext("Nothing new.") if digest.heading == "digest" else self.gettext("No differences.")

    def passing(self, digest: Digest) -> str:
        """The heading of what came and went."""
        if digest.since is None:
            return self.gettext("Came and went")
        return self.gettext("Came and went since %(date)s") % {"date": write_moment(digest.since)}

    def finding_lists(self, digest: Digest) -> tuple[tuple[str, tuple[FindingRow, ...]], ...]:
        """The findings that are not new, under their headings; a list without any is left out."""
        lists = (
            (self.gettext("Findings open since before"), digest.open_findings),
            (self.gettext("Findings resolved"), digest.resolved_findings),
            (self.gettext("Findings dismissed"), digest.dismissed_findings),
        )
        return tuple((title, rows) for title, rows in lists if rows)

    def decision(self, row: FindingRow) -> str:
        """Who decided on the finding, and why."""
        values = {"who": row.who, "reason": row.reason}
        if row.decision == "accepted":
            return self.gettext("accepted by %(who)s: %(reason)s") % values
        return self.gettext("dismissed by %(who)s: %(reason)s") % values

    def state(self, row: ProgramRow) -> str:
        """How a program of the reader stands."""
        return self.gettext(vocabulary.STATES[row.state])

    def asked(self, row: ProgramRow) -> str:
        """What a program of the reader lacks, or what nobody can say; nothing where there is none of that."""
        if not row.asked or row.state not in vocabulary.ASKED:
            return ""
        words = self.gettext(vocabulary.ASKED[row.state]) % {"papers": " + ".join(row.asked)}
        if not row.others:
            return words
        others = self.translations.ngettext("%(count)d other set would do", "%(count)d other sets would do", row.others)
        return f"{words} ({others % {'count': row.others}})"

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
            case "equivalent":
                return gettext("requirement in other words, the same asked")
            case "unknown" if card.is_unread:
                return gettext("not decided: a line was not understood")
            case "unknown":
                return gettext("not decided: too many sets of papers to compare")
            case verdict:
                return self.verdict(verdict)

    def proof(self, proof: Proof) -> tuple[Statement, ...]:
        """What shows a verdict: what may be missing now, then the set of papers that shows it."""
        gettext = self.gettext
        match proof.was_enough, len(proof.papers):
            case True, 0:
                words = gettext("nothing was required before, and that is not enough now")
            case True, 1:
                words = gettext("enough before, not enough now: %(papers)s")
            case True, _:
                words = gettext("enough before, not enough now, taken together: %(papers)s")
            case False, 1:
                words = gettext("enough now, not before: %(papers)s")
            case False, number if number:
                words = gettext("enough now, not before, taken together: %(papers)s")
            case _:
                words = gettext("nothing is required now, and that was not enough before")
        shown = self._state(words, proof.papers, proof.cases)
        if proof.lacking:
            lacking = gettext("who had enough before may now lack: %(papers)s")
            return (self._state(lacking, proof.lacking, proof.only_for), shown)
        if proof.only_for:
            cases = gettext("asked now in the case of: %(cases)s") % {"cases": self._join(proof.only_for)}
            return (Statement(cases), shown)
        return (shown,)

    def _state(self, words: str, papers: Sequence[str], cases: Sequence[str] = ()) -> Statement:
        """The papers below the words where they are several, and those whom it is about: 「使用第三方技术」."""
        listed = tuple(papers) if len(papers) > 1 else ()
        sentence = (words % {"papers": "" if listed else self._join(papers)}).rstrip()
        if cases:
            sentence = self.gettext("for %(cases)s: %(sentence)s") % {"cases": self._join(cases), "sentence": sentence}
        return Statement(sentence, listed)

    def _join(self, papers: Sequence[str]) -> str:
        """The papers in one sentence; they have commas of their own."""
        return self.gettext("; ").join(papers)

    def fact(self, fact: Fact) -> Statement:
        """A statement about one change."""
        words = self.gettext(vocabulary.FACTS[fact.code])
        if fact.code in vocabulary.LISTED_FACTS:
            return self._state(words, fact.papers)
        values = {"papers": self._join(fact.papers), "regions": self._join(fact.papers), "date": str(fact.date)}
        return Statement(words % values)

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


def write_moment(moment: Moment | None) -> str:
    """A date or a name as it is, a time to the minute in UTC; nothing for None."""
    if moment is None:
        return ""
    if isinstance(moment, dt.datetime):
        return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    return moment if isinstance(moment, str) else moment.isoformat()
