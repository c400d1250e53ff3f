"""Findings and what people decided on them: which are new, which open, which resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from differ.changes import ChangeSet, DecidedFinding, Evidence, Finding, FindingLog, Severity
from noticediff.ids import match_id
from snapshots.record import Review
from snapshots.snapshot import StoredDocument

State = Literal["new", "open", "resolved"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")


class DecisionOutput(Struct, frozen=True, kw_only=True):
    """The last decision on a finding."""

    decision: Literal["accepted", "dismissed"]
    reason: str
    who: str
    at: str


class PlaceOutput(Struct, frozen=True, kw_only=True):
    """A place that shows it: the document, and the page that it was read from."""

    document: str
    lines: tuple[int, int] | None
    page: str | None
    title: str | None


class FindingOutput(Struct, frozen=True, kw_only=True):
    """A finding with what became of it: `new` since the day asked about, `open` before it too, or `resolved`."""

    id: str
    code: str
    severity: Severity
    state: State
    key: str | None
    message: str
    review: DecisionOutput | None
    evidence: tuple[PlaceOutput, ...]


class FindingsOutput(Struct, frozen=True, kw_only=True):
    """What does not add up, the new before the open; those dismissed are counted, and listed only when asked for."""

    format: Literal["noticediff.findings"] = "noticediff.findings"
    format_version: Literal["1.0"] = "1.0"
    counts: dict[State, int]
    dismissed: int
    findings: tuple[FindingOutput, ...]


def list_findings(
    now: Sequence[Finding],
    before: Sequence[Finding],
    reviews: Iterable[Review],
    documents: Mapping[str, StoredDocument],
    *,
    all_findings: bool,
) -> FindingsOutput:
    """The findings of now beside those of before; with `all_findings` also the dismissed and the resolved ones."""
    decided = index_reviews(reviews)
    known = {finding.id for finding in before}
    current = {finding.id for finding in now}
    stated: list[tuple[State, Finding]] = [("open" if finding.id in known else "new", finding) for finding in now]
    stated += [("resolved", finding) for finding in before if finding.id not in current]
    shown = [
        (state, finding)
        for state, finding in stated
        if all_findings or (state != "resolved" and not is_dismissed(finding, decided))
    ]
    undismissed = [(state, finding) for state, finding in stated if not is_dismissed(finding, decided)]
    states: tuple[State, ...] = ("new", "open", "resolved")
    shown.sort(key=lambda pair: (states.index(pair[0]), -SEVERITIES.index(pair[1].severity)))
    return FindingsOutput(
        counts={name: sum(state == name for state, _ in undismissed) for name in states},
        dismissed=len(stated) - len(undismissed),
        findings=tuple(_show(finding, state, decided.get(finding.id), documents) for state, finding in shown),
    )


def index_reviews(reviews: Iterable[Review]) -> dict[str, Review]:
    """The last decision on each finding."""
    return {review.finding: review for review in reviews}


def is_dismissed(finding: Finding, decided: Mapping[str, Review]) -> bool:
    """Whether somebody decided that it is none."""
    review = decided.get(finding.id)
    return review is not None and review.decision == "dismissed"


def leave_out_dismissed(changes: ChangeSet, reviews: Iterable[Review]) -> ChangeSet:
    """The change set with the findings that were dismissed apart from the others."""
    decided = index_reviews(reviews)
    kept = tuple(finding for finding in changes.findings if not is_dismissed(finding, decided))
    dismissed = tuple(finding for finding in changes.findings if is_dismissed(finding, decided))
    return msgspec.structs.replace(changes, findings=kept, dismissed=dismissed)


def build_log(
    now: Sequence[Finding], before: Sequence[Finding], told: Iterable[Finding], reviews: Iterable[Review]
) -> FindingLog:
    """What became of the findings of before, and all of now that were dismissed; `told` are told as new elsewhere."""
    decided = index_reviews(reviews)
    known, current = ({finding.id for finding in findings} for findings in (before, now))
    new = {finding.id for finding in told}
    standing = [finding for finding in now if finding.id not in new and not is_dismissed(finding, decided)]
    return FindingLog(
        open=tuple(_decide(finding, decided) for finding in standing if finding.id in known),
        resolved=tuple(
            finding for finding in before if finding.id not in current | new and not is_dismissed(finding, decided)
        ),
        dismissed=tuple(_decide(finding, decided) for finding in now if is_dismissed(finding, decided)),
    )


def _decide(finding: Finding, decided: Mapping[str, Review]) -> DecidedFinding:
    review = decided.get(finding.id)
    if review is None:
        return DecidedFinding(finding=finding)
    return DecidedFinding(finding=finding, decision=review.decision, who=review.who, reason=review.reason)


def is_severity_reached(output: FindingsOutput, level: Severity) -> bool:
    """Whether a finding that nobody has decided on is as grave as the level, or graver."""
    return any(
        SEVERITIES.index(finding.severity) >= SEVERITIES.index(level)
        for finding in output.findings
        if finding.state != "resolved" and finding.review is None
    )


def show_decision(review: Review) -> DecisionOutput:
    """The decision as output states it."""
    when = review.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return DecisionOutput(decision=review.decision, reason=review.reason, who=review.who, at=when)


def find_by_id(findings: Iterable[Finding], wanted: str) -> Finding:
    """The finding whose id is, or alone begins with, what was written; raises UsageError where there is none."""
    by_id = {finding.id: finding for finding in findings}
    return by_id[match_id(wanted, by_id, what="finding", where="`noticediff findings` lists them")]


def _show(
    finding: Finding, state: State, review: Review | None, documents: Mapping[str, StoredDocument]
) -> FindingOutput:
    return FindingOutput(
        id=finding.id,
        code=finding.code,
        severity=finding.severity,
        state=state,
        key=finding.key,
        message=finding.message,
        review=None if review is None else show_decision(review),
        evidence=tuple(_show_place(place, documents.get(place.document)) for place in finding.evidence),
    )


def _show_place(place: Evidence, stored: StoredDocument | None) -> PlaceOutput:
    return PlaceOutput(
        document=place.document,
        lines=place.lines,
        page=None if stored is None else stored.url or stored.page_name,
        title=None if stored is None else stored.document.title,
    )
