"""What deriving again changed: a change of ours, told beside the platforms' changes and never among them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from differ.changes import Finding, Severity
from noticediff.findings import Outlook, gather_findings
from noticediff.ours_documents import DocumentOurs, list_document_differences
from noticediff.ours_states import StateDifference, list_state_differences
from noticediff.reviews import index_reviews
from snapshots.record import Review
from snapshots.snapshot import StoredDocument


class UnreadPage(Struct, frozen=True, kw_only=True):
    """A page that cannot be read any more; what was read of it before stays."""

    page: str
    sha256: str
    reason: str


class FindingOurs(Struct, frozen=True, kw_only=True):
    """A finding that is there only before, or only after; `decision` is what people had decided on it."""

    id: str
    code: str
    severity: Severity
    key: str | None
    message: str
    decision: Literal["accepted", "dismissed"] | None
    reason: str | None


class OursCounts(Struct, frozen=True, kw_only=True):
    """The difference in figures. Documents of a page that came back after another one count once for each time."""

    pages: int
    unread: int
    documents: int
    documents_changed: int
    entries_appeared: int
    entries_gone: int
    entries_changed: int
    problems_before: int
    problems_after: int


class OursOutput(Struct, frozen=True, kw_only=True):
    """What the present parser and profiles read otherwise than those before: `reparse --format json`."""

    format: Literal["noticediff.reparse"] = "noticediff.reparse"
    format_version: Literal["1.0"] = "1.0"
    dry_run: bool
    from_versions: tuple[str, ...]
    to_version: str
    counts: OursCounts
    documents: tuple[DocumentOurs, ...]
    states: tuple[StateDifference, ...]
    unread: tuple[UnreadPage, ...]
    findings_appeared: tuple[FindingOurs, ...]
    findings_gone: tuple[FindingOurs, ...]
    corrections_lost: tuple[str, ...]


def compare_readings(
    before: Sequence[StoredDocument],
    after: Sequence[StoredDocument],
    outlook: Outlook,
    *,
    reviews: Iterable[Review],
    versions: tuple[tuple[str, ...], str],
    pages: int,
    unread: tuple[UnreadPage, ...],
    dry_run: bool,
) -> OursOutput:
    """The difference of two readings of the same pages.

    Documents are compared as they were read; states and findings as the configuration corrects them, which is how
    everybody sees them.
    """
    documents = tuple(list_document_differences(before, after))
    decided = index_reviews(reviews)
    found = [{found.id: found for found in gather_findings(side, outlook)} for side in (before, after)]
    ours = [
        tuple(_label_finding(finding, decided.get(name)) for name, finding in one.items() if name not in other)
        for one, other in ((found[0], found[1]), (found[1], found[0]))
    ]
    return OursOutput(
        dry_run=dry_run,
        from_versions=versions[0],
        to_version=versions[1],
        counts=OursCounts(
            pages=pages,
            unread=len(unread),
            documents=len(after),
            documents_changed=len(documents),
            entries_appeared=sum(len(document.appeared) for document in documents),
            entries_gone=sum(len(document.gone) for document in documents),
            entries_changed=sum(len(document.changed) for document in documents),
            problems_before=sum(len(stored.problems) for stored in before),
            problems_after=sum(len(stored.problems) for stored in after),
        ),
        documents=documents,
        states=list_state_differences(outlook.correct(before), outlook.correct(after)),
        unread=unread,
        findings_appeared=ours[1],
        findings_gone=ours[0],
        corrections_lost=_list_lost_corrections(before, after, outlook),
    )


def _label_finding(finding: Finding, review: Review | None) -> FindingOurs:
    return FindingOurs(
        id=finding.id,
        code=finding.code,
        severity=finding.severity,
        key=finding.key,
        message=finding.message,
        decision=None if review is None else review.decision,
        reason=None if review is None else review.reason,
    )


def _list_lost_corrections(
    before: Sequence[StoredDocument], after: Sequence[StoredDocument], outlook: Outlook
) -> tuple[str, ...]:
    """The corrections of the configuration that found their place before and do not now, or that find another one."""
    idle = [outlook.corrections.list_idle(side) for side in (before, after)]
    lost = [f"{name} finds nothing to correct any more" for name in idle[1] if name not in idle[0]]
    placed = [
        {
            (stored.page_name, correction.field, correction.because): correction.key
            for stored in outlook.correct(side)
            for correction in stored.corrections
        }
        for side in (before, after)
    ]
    for (page, field, because), key in placed[0].items():
        now = placed[1].get((page, field, because), key)
        if now != key:
            lost.append(f"the override of {page}, '{field}' ({because}) corrects {now} now, and corrected {key}")
    return tuple(lost)
