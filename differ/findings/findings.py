"""Findings: what pages claim, held against what was known. The page's claim is evidence, not truth."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import cast

import msgspec

from differ.cases import Case, is_said
from differ.changes import Evidence, Finding, Severity, build_id
from differ.kinds import Judgement
from snapshots.category import CategoryPath, EntityType
from snapshots.form import fold_requirement
from snapshots.requirement import iterate_leaves
from snapshots.snapshot import Claim, Snapshot

SILENT = "silent-change"
_MIRRORS = "mirrors-disagree"
_WHAT_LISTS_SHOW = {
    "new": "the complete list names it, no notice said that it is new",
    "adjusted": "the complete list states it otherwise than before, no notice said so",
    "removed": "the complete list does not name it any more, no notice said so",
}


def find_contradictions(case: Case, judgement: Judgement | None) -> Iterator[Finding]:
    """What does not add up in what was said of one category since the old end."""
    yield from _check_claims(case)
    yield from _check_marks(case)
    claim = None if judgement is None else judgement.claim
    if judgement is None or claim is None or is_said(claim) or claim.document_kind != "catalogue":
        return
    if judgement.kind in _WHAT_LISTS_SHOW and case.covered_before:
        yield _build_finding(case, SILENT, _WHAT_LISTS_SHOW[judgement.kind], (claim,))


def find_disagreements(old: Snapshot, new: Snapshot) -> Iterator[Finding]:
    """Where two mirrors of one notice say different things of a category, and that was not known at the old end."""
    known = set(old.disagreements)
    for found in new.disagreements:
        if found in known:
            continue
        claim = found.claims[0]
        told = {one.document for one in found.claims}
        what = "two pages of this notice state it differently" if len(told) > 1 else "a page of this notice lacks it"
        absent = [Evidence(document=document, lines=None) for document in found.documents if document not in told]
        platform, named, _ = found.key.split("|", 2)
        entity_type = cast("EntityType | None", named or None)
        yield Finding(
            id=build_id(platform, entity_type, found.key, _MIRRORS, claim.in_force.date),
            code=_MIRRORS,
            severity="warning",
            key=found.key,
            message=f"{' › '.join(claim.path)}: {what}",
            evidence=(*(Evidence(document=one.document, lines=one.lines) for one in found.claims), *absent),
        )


def merge_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in order of category and code, each id once, with the evidence of all that have it."""
    merged: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda finding: (finding.key or "", finding.code, finding.id)):
        there = merged.get(finding.id, finding)
        evidence = tuple(dict.fromkeys((*there.evidence, *finding.evidence)))
        merged[finding.id] = msgspec.structs.replace(there, evidence=evidence)
    return tuple(merged.values())


def build_finding(
    key: str | None,
    code: str,
    message: str,
    evidence: Iterable[Evidence],
    *,
    severity: Severity = "warning",
    detail: str = "",
) -> Finding:
    """A finding of a state. `detail` is what is wrong, folded: the id is the same for as long as that stays wrong."""
    named = "\n".join((key or "", code, detail))
    return Finding(
        id=hashlib.sha256(named.encode()).hexdigest()[:12],
        code=code,
        severity=severity,
        key=key,
        message=message,
        evidence=tuple(dict.fromkeys(evidence)),
    )


def cite_claim(claim: Claim) -> Evidence:
    """The place at which the claim is made."""
    return Evidence(document=claim.document, lines=claim.lines)


def name_path(path: CategoryPath) -> str:
    """The path as messages write it."""
    return " › ".join(path)


def _check_claims(case: Case) -> Iterator[Finding]:
    """Each document's claims against all that was said before it; only what was said in between is news.

    After a rename, a move or a merger nobody can say whether the name should be known, so nothing is held against it.
    """
    fresh = {claim for claim in (*case.history, *case.news) if is_said(claim)}
    if not fresh:
        return
    known: bool | None = False
    was_known = False
    proof: Claim | None = None
    for _, group in groupby(case.story, key=lambda claim: claim.document):
        claims = list(group)
        spoken = [claim for claim in claims if claim in fresh]
        by_action = {claim.action: claim for claim in reversed(spoken)}
        if {"added", "adjusted"} <= by_action.keys():
            yield _build_finding(
                case, "claim-added-and-adjusted", "one document names it both as added and as adjusted",
                (by_action["added"], by_action["adjusted"]),
            )  # fmt: skip
        if known and proof is not None and "added" in by_action and not _confirms(by_action["added"], proof):
            yield _build_finding(
                case, "claim-added-but-known", "said to be added, but it was known before", (by_action["added"], proof)
            )
        for action in ("adjusted", "removed"):
            if not was_known and action in by_action and _should_be_listed(case, by_action[action]):
                message = f"said to be {action}, but the complete list did not name it"
                yield _build_finding(case, f"{action}-not-listed", message, (by_action[action],))
        last = claims[-1]
        came = not known
        known = last.action in {"added", "adjusted", "listed"} or (False if last.action == "removed" else None)
        proof = None if not known else last if came or proof is None else proof
        was_known = was_known or known is not False


def _check_marks(case: Case) -> Iterator[Finding]:
    """A paper that a notice marks as new 「此项为新增项」, and that was asked for, in the same words, before."""
    if case.old is None or case.new is None or case.old.requirement is None or case.new.requirement is None:
        return
    if not is_said(case.last_word) or case.new.requirement == case.old.requirement:
        return
    known = {fold_requirement(leaf) for leaf in iterate_leaves(case.old.requirement.requirement)}
    was_marked = {
        fold_requirement(leaf) for leaf in iterate_leaves(case.old.requirement.requirement) if leaf.marked_new
    }
    for leaf in iterate_leaves(case.new.requirement.requirement):
        form = fold_requirement(leaf)
        if leaf.marked_new and form in known and form not in was_marked:
            message = f"marked as new, but it was asked for before: “{leaf.text}”"
            yield _build_finding(case, "marked-new-but-known", message, (case.last_word,))
            return


def _confirms(claim: Claim, proof: Claim) -> bool:
    """Whether the notice tells of what a list had shown within its period: first the list changed, then it was said."""
    return proof.action == "listed" and claim.period is not None and proof.in_force.date >= claim.period.start


def _should_be_listed(case: Case, claim: Claim) -> bool:
    """Whether a complete list came before the claim: of a page that is stored late, one may have come after it."""
    later = case.story[case.story.index(claim) + 1 :]
    return case.covered_before and all(other.sequence >= claim.sequence for other in later)


def _build_finding(case: Case, code: str, message: str, claims: tuple[Claim, ...]) -> Finding:
    severity: Severity = "warning"
    date: dt.date = claims[0].in_force.date
    return Finding(
        id=build_id(case.platform, case.entity_type, case.key, code, date),
        code=code,
        severity=severity,
        key=case.key,
        message=f"{' › '.join(case.path)}: {message}",
        evidence=tuple(dict.fromkeys(Evidence(document=claim.document, lines=claim.lines) for claim in claims)),
    )
