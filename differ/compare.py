"""Two snapshots to a change set: which categories are new, adjusted, removed or renamed, and what does not add up.

The two ends are compared; kind and claim come from what was said in between. What was not known before is never
reported as if it had been.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from differ.cases import Case, CaseBuilder, is_said
from differ.changes import KINDS, Change, ChangeSet, Evidence, FieldDifference, Finding, Side, build_id
from differ.fields import diff_pairs, list_fields
from differ.findings.findings import find_contradictions, find_disagreements, merge_findings
from differ.kinds import Judgement, judge_case
from differ.verdict.papers import load_names
from differ.verdict.verdict import Ruling, compare_requirements
from snapshots.category import Category, CategoryPath, EntityType
from snapshots.period import InForce
from snapshots.snapshot import Claim, Snapshot

_ENTITY_ORDER: dict[EntityType | None, int] = {"non_personal": 0, "personal": 1, "overseas": 2, None: 3}


def diff_snapshots(old: Snapshot, new: Snapshot) -> ChangeSet:
    """The changes from the old snapshot to the new one, and what does not add up between them.

    Categories that are equal, and of which nothing was said in between, cost one comparison.
    """
    changes = []
    findings: list[Finding] = []
    cases = tuple(CaseBuilder(old, new).build_cases())
    fields = diff_pairs({case.key: (case.old, case.new) for case in cases if case.old and case.new})
    for case in cases:
        judgement = judge_case(case, fields.get(case.key, ()))
        if judgement is not None:
            changes.append(_build_change(case, judgement))
        findings += find_contradictions(case, judgement)
    findings += find_disagreements(old, new)
    return ChangeSet(
        old=Side(date=old.date, coverage=old.coverage()),
        new=Side(date=new.date, coverage=new.coverage()),
        changes=tuple(sorted(changes, key=_order_change)),
        findings=merge_findings(findings),
    )


def _build_change(case: Case, judgement: Judgement) -> Change:
    claim = judgement.claim
    in_force = (claim or case.last_word).in_force
    ruling = _rule_requirement(case, judgement)
    return Change(
        id=build_id(case.platform, case.entity_type, case.key, judgement.kind, in_force.date),
        kind=judgement.kind,
        platform=case.platform,
        entity_type=case.entity_type,
        path=case.path,
        paths_before=_list_paths_before(case, judgement),
        key=case.key,
        returned=judgement.returned,
        in_force=in_force,
        claimed=claim.action if claim is not None and is_said(claim) else None,
        before=judgement.before,
        verdict=ruling.verdict if ruling else None,
        witness=ruling.witness if ruling else None,
        witness_gained=ruling.gained if ruling else None,
        cases=ruling.cases if ruling else (),
        fields=judgement.fields or _list_new_fields(case, judgement),
        evidence=_list_evidence(case, judgement),
        evidence_before=_list_evidence_before(case, judgement),
        as_of=_find_later_date(case, in_force),
        old=_find_old_state(case, judgement),
        new=case.new,
    )


def _find_later_date(case: Case, decided: InForce) -> InForce | None:
    """Since when the new state reads as it does, where that is later than what decides the change."""
    later = [claim.in_force for claim in case.new_words if claim.in_force.date > decided.date]
    return max(later, key=lambda in_force: in_force.date) if later and case.new is not None else None


def add_changes(changes: ChangeSet, others: ChangeSet) -> ChangeSet:
    """The changes, with those of the others that concern categories which they do not name."""
    named = {change.key for change in changes.changes}
    more = [change for change in others.changes if change.key not in named]
    keys = {change.key for change in more}
    findings = [*changes.findings, *(finding for finding in others.findings if finding.key in keys)]
    return msgspec.structs.replace(
        changes,
        changes=tuple(sorted([*changes.changes, *more], key=_order_change)),
        findings=merge_findings(findings),
    )


def _rule_requirement(case: Case, judgement: Judgement) -> Ruling | None:
    """The verdict on the requirement, where it differs and both ends state one."""
    old = None if case.old is None else case.old.requirement
    new = None if case.new is None else case.new.requirement
    if old is None or new is None or all(difference.field != "requirement" for difference in judgement.fields):
        return None
    if old.requirement is None or new.requirement is None:
        return None
    is_doubtful = bool(old.doubts or new.doubts)
    return compare_requirements(old.requirement, new.requirement, load_names(), is_doubtful=is_doubtful)


def _list_paths_before(case: Case, judgement: Judgement) -> tuple[CategoryPath, ...]:
    """The paths at the old end, where they are others; what is new, or seen for the first time, had none."""
    if case.origin is None or judgement.kind in {"new", "first_seen"}:
        return ()
    return tuple(path for key, path in case.origin.roots if key != case.key)


def _list_evidence(case: Case, judgement: Judgement) -> tuple[Evidence, ...]:
    """The place that decides, then every other that says something in between, then what the new state rests on.

    What a block rested on before, and rests on still, is named with the old state: it is no source of the news.
    """
    deciding = judgement.claim or case.last_word
    others = [claim for claim in (*case.history, *case.news) if claim.action != "listed"]
    before = () if judgement.before == "unknown" else case.old_words
    places = _list_places((deciding, *others, *(claim for claim in case.new_words if claim not in before)))
    if case.retraction is not None and judgement.kind == "retracted":
        return (*places, Evidence(document=case.retraction.document, lines=None))
    return places


def _list_evidence_before(case: Case, judgement: Judgement) -> tuple[Evidence, ...]:
    """What the old state rests on, and the last list that states it so again."""
    if judgement.before == "unknown":
        return ()
    return _list_places((*case.old_words, *case.old_listing) if case.old_words else ())


def _list_new_fields(case: Case, judgement: Judgement) -> tuple[FieldDifference, ...]:
    """All that is stated of a category that was not known before; a baseline is no news, and shows none of it."""
    if case.new is None or case.old is not None or judgement.kind == "first_seen":
        return ()
    return list_fields(case.new)


def _list_places(claims: Iterable[Claim]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(Evidence(document=claim.document, lines=claim.lines) for claim in claims))


def _find_old_state(case: Case, judgement: Judgement) -> Category | None:
    """The state to be shown as the earlier one; of what is gone and was not known before, the last that was learned."""
    if case.new is None and case.removal is not None and judgement.before == "unknown":
        return case.removal.last
    return case.old


def _order_change(change: Change) -> tuple[int, str, int, str]:
    return KINDS.index(change.kind), change.platform, _ENTITY_ORDER[change.entity_type], change.key
