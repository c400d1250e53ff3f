"""Findings: what a page claims held against what was known. The claim is evidence, not truth."""

from __future__ import annotations

import hashlib

from differ.changes import Change, Evidence, Finding, Severity
from differ.news import NewsIndex
from snapshots.snapshot import Snapshot


def find_contradictions(
    changes: tuple[Change, ...], old: Snapshot, new: Snapshot, index: NewsIndex
) -> tuple[Finding, ...]:
    """What does not add up in the changes, in the order of the changes."""
    found = [finding for change in changes if (finding := _check_change(change, index)) is not None]
    for key in index.keys:
        claims = index.news_of(key)
        for document in dict.fromkeys(claim.document for claim in claims):
            actions = {claim.action for claim in claims if claim.document == document}
            category = new.categories.get(key) or old.categories.get(key)
            if {"added", "adjusted"} <= actions and category is not None:
                evidence = tuple(Evidence(document=claim.document, lines=claim.lines) for claim in claims)
                message = f"{'-'.join(category.path)}: one notice names it both as added and as adjusted"
                found.append(_make("added-and-adjusted", "warning", key, message, evidence))
    return tuple(found)


def _check_change(change: Change, index: NewsIndex) -> Finding | None:
    name = "-".join(change.path)
    covered = index.is_covered(change.key)
    if change.claimed == "added" and change.before == "known":
        return _of(change, "added-but-known", "warning", f"{name}: a notice says added, but it was known before")
    if change.kind == "adjusted" and change.before == "unknown" and change.old is None and covered:
        return _of(change, "adjusted-not-listed", "warning", f"{name}: adjusted, but the complete list did not have it")
    if change.kind == "removed" and change.before == "unknown" and covered:
        return _of(change, "removed-not-listed", "warning", f"{name}: removed, but the complete list did not have it")
    if change.claimed is None and change.kind in ("new", "adjusted", "removed"):
        return _of(change, "silent-change", "warning", f"{name}: the list shows it {change.kind}; no notice said so")
    return None


def _of(change: Change, code: str, severity: Severity, message: str) -> Finding:
    return _make(code, severity, change.key, message, change.evidence)


def _make(code: str, severity: Severity, key: str, message: str, evidence: tuple[Evidence, ...]) -> Finding:
    digest = hashlib.sha256("\n".join((code, key, *(item.document for item in evidence))).encode()).hexdigest()
    return Finding(id=digest[:12], code=code, severity=severity, key=key, message=message, evidence=evidence)
