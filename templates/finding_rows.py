"""Findings as a digest lists them: in the differ's words, the gravest first, with what people decided on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct, structs

from differ.changes import DecidedFinding, Finding, Severity
from snapshots.snapshot import StoredDocument
from templates.pages import Citation, build_citations

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class FindingRow(Struct, frozen=True, kw_only=True):
    """Something that does not add up, in the differ's words, and the pages that show it.

    `decision` is the last one on it, `who` took it and the `reason`; None where nobody has decided.
    """

    id: str
    code: str
    severity: Severity
    message: str
    citations: tuple[Citation, ...]
    decision: Literal["accepted", "dismissed"] | None = None
    who: str | None = None
    reason: str | None = None


def build_decided_rows(decided: Sequence[DecidedFinding]) -> tuple[FindingRow, ...]:
    """The findings with what people decided on them; `explain` names their pages."""
    by_id = {found.finding.id: found for found in decided}
    return tuple(
        structs.replace(row, decision=by_id[row.id].decision, who=by_id[row.id].who, reason=by_id[row.id].reason)
        for row in build_finding_rows([found.finding for found in decided])
    )


def build_finding_rows(
    findings: Sequence[Finding], documents: Mapping[str, StoredDocument] | None = None
) -> tuple[FindingRow, ...]:
    """The findings, the gravest first, and of equal ones by category as in the JSON; pages are cited of `documents`."""
    return tuple(
        FindingRow(
            id=finding.id,
            code=finding.code,
            severity=finding.severity,
            message=finding.message,
            citations=() if documents is None else build_citations(finding.evidence, documents),
        )
        for finding in sorted(findings, key=_order_finding)
    )


def _order_finding(finding: Finding) -> tuple[int, str, str, str]:
    return _SEVERITIES.index(finding.severity), finding.key or "", finding.code, finding.id
