"""All that does not add up: what a step shows, what a state shows, and what notices have said of it since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from differ.changes import ChangeSet, Finding
from differ.compare import diff_snapshots
from differ.findings.announcements import drop_explained, find_not_applied, settle_silent_changes
from differ.findings.earlier_states import find_other_memories
from differ.findings.findings import merge_findings
from differ.findings.proposals import propose_renames
from differ.findings.prose import find_prose_doubts
from differ.findings.reading_doubts import find_corrections, find_duplicates, find_reading_doubts
from differ.findings.references import find_one_sided_pairs, find_reference_doubts
from differ.findings.regrouping import propose_regroupings
from differ.findings.standing import Documents, Words
from noticediff.corrections import Corrections
from snapshots.rebuild import find_step, rebuild_snapshot, rebuild_steps
from snapshots.snapshot import Snapshot, StoredDocument

if TYPE_CHECKING:
    from noticediff.config import Config


class Outlook(Struct, frozen=True):
    """The day of asking, the days after which each source's next page is expected, and what a person knows better."""

    today: dt.date
    patience: dict[str, int] = {}
    corrections: Corrections = Corrections()

    def correct(self, documents: Iterable[StoredDocument]) -> tuple[StoredDocument, ...]:
        """The documents as the configuration corrects them."""
        return self.corrections.apply(documents)


def build_outlook(config: Config, today: dt.date) -> Outlook:
    """The outlook of a run: `expect_every` of each source that states it."""
    stated = {source.name: source.expect_days for source in config.sources}
    return Outlook(today, {name: days for name, days in stated.items() if days is not None}, config.corrections)


def judge_changes(old: Snapshot, new: Snapshot, documents: Documents, outlook: Outlook) -> ChangeSet:
    """The changes from the old snapshot to the new one, with all that does not add up now and did before."""
    changes = _judge_step(old, new, documents, outlook)
    standing = find_standing(new, documents)
    known = {finding.id for finding in find_standing(old, documents)}
    findings = (*drop_explained(changes.findings, standing), *(found for found in standing if found.id not in known))
    return msgspec.structs.replace(changes, findings=merge_findings(findings))


def find_standing(snapshot: Snapshot, documents: Documents) -> tuple[Finding, ...]:
    """What does not add up in the state, whichever step brought it."""
    words = Words(snapshot, documents)
    return merge_findings(
        (
            *find_reading_doubts(words, documents),
            *find_corrections(words, documents),
            *find_duplicates(words, documents),
            *find_reference_doubts(snapshot),
            *find_one_sided_pairs(snapshot),
            *find_not_applied(snapshot, words, documents),
            *find_prose_doubts(words, documents),
            *find_other_memories(snapshot, words, documents),
        )
    )


def gather_findings(documents: Sequence[StoredDocument], outlook: Outlook) -> tuple[Finding, ...]:
    """All that ever did not add up between two pages and was not resolved, and what does not in the last state."""
    history = _History(outlook.correct(documents))
    for old, new in _list_pairs(history.documents.values()):
        history.add_step(diff_snapshots(old, new), old, new, outlook)
    return history.list_findings()


def gather_both(
    before: Sequence[StoredDocument], after: Sequence[StoredDocument], outlook: Outlook
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What `gather_findings` gathers of both, in one walk where what was learned later came later too."""
    known, all_known = (_History(outlook.correct(documents)) for documents in (before, after))
    shared = find_step(known.documents.values(), all_known.documents.values())
    if shared is None:
        return gather_findings(before, outlook), gather_findings(after, outlook)
    for step, (old, new) in enumerate(_list_pairs(all_known.documents.values())):
        changes = diff_snapshots(old, new)
        for history in (known, all_known) if step < shared else (all_known,):
            history.add_step(changes, old, new, outlook)
    return known.list_findings(), all_known.list_findings()


class _History:
    """What did not add up in the steps so far, with the pages that may have announced them, whenever they came."""

    def __init__(self, documents: Iterable[StoredDocument]) -> None:
        self.documents = {stored.id: stored for stored in documents}
        self._found: list[Finding] = []
        self._last = rebuild_snapshot((), at=None)

    def add_step(self, changes: ChangeSet, old: Snapshot, new: Snapshot, outlook: Outlook) -> None:
        self._found += _judge_changes(changes, old, new, self.documents, outlook).findings
        self._last = new

    def list_findings(self) -> tuple[Finding, ...]:
        standing = find_standing(self._last, self.documents)
        return merge_findings((*drop_explained(self._found, standing), *standing))


def _list_pairs(documents: Iterable[StoredDocument]) -> Iterator[tuple[Snapshot, Snapshot]]:
    return pairwise(chain([rebuild_snapshot((), at=None)], rebuild_steps(documents)))


def _judge_step(old: Snapshot, new: Snapshot, documents: Documents, outlook: Outlook) -> ChangeSet:
    return _judge_changes(diff_snapshots(old, new), old, new, documents, outlook)


def _judge_changes(
    changes: ChangeSet, old: Snapshot, new: Snapshot, documents: Documents, outlook: Outlook
) -> ChangeSet:
    changes = settle_silent_changes(changes, documents, today=outlook.today, patience=outlook.patience)
    proposals = (*propose_renames(changes, old, new), *propose_regroupings(changes))
    return msgspec.structs.replace(changes, findings=merge_findings((*changes.findings, *proposals)))
