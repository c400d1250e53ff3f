"""All that does not add up: what a step shows, what a state shows, and what notices have said of it since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
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
from snapshots.rebuild import rebuild_snapshot, rebuild_steps
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
    documents = outlook.correct(documents)
    by_id = {stored.id: stored for stored in documents}
    findings: list[Finding] = []
    before = rebuild_snapshot((), at=None)
    for snapshot in rebuild_steps(documents):
        findings += _judge_step(before, snapshot, by_id, outlook).findings
        before = snapshot
    standing = find_standing(before, by_id)
    return merge_findings((*drop_explained(findings, standing), *standing))


def _judge_step(old: Snapshot, new: Snapshot, documents: Documents, outlook: Outlook) -> ChangeSet:
    changes = settle_silent_changes(diff_snapshots(old, new), documents, today=outlook.today, patience=outlook.patience)
    proposals = (*propose_renames(changes, old, new), *propose_regroupings(changes))
    return msgspec.structs.replace(changes, findings=merge_findings((*changes.findings, *proposals)))
