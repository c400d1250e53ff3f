"""Renames that nobody stated: one category gone, one new beside it, and what speaks for their being one.

A rename is never applied by resemblance: 公证(中国大陆地区) and 公证(非中国大陆地区) are as alike as names can be,
and two categories. A proposal is a finding; `[[moved]]` in the configuration makes it a rename.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from differ.changes import Change, ChangeSet, Finding
from differ.findings.findings import build_finding, name_path
from differ.text import measure_likeness
from snapshots.category import Category, fold_level
from snapshots.folding import fold, fold_characters
from snapshots.form import fold_requirement
from snapshots.snapshot import Snapshot

LARGEST_STEP = 2_500
"""Pairs of gone and new categories of one parent that are weighed: above, a whole branch was rearranged."""

_BRACKET = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_LIKE_ENOUGH = 0.6  # of the scopes, where the requirement is the same too
_VERY_LIKE = 0.85  # of the scopes, by themselves


class _Pair(Struct, frozen=True):
    gone: Change
    new: Change
    weight: float
    reasons: tuple[str, ...]


def propose_renames(changes: ChangeSet, old: Snapshot, new: Snapshot) -> Iterator[Finding]:
    """The pairs that may be one category under two names; each category stands in one of them at most.

    A category that is as like to two others is paired with neither.
    """
    beside: dict[tuple[str, ...], tuple[list[Change], list[Change]]] = defaultdict(lambda: ([], []))
    for change in changes.changes:
        if change.kind in {"new", "removed"} and not change.claimed and not change.returned:
            step = (change.key.rpartition("›")[0], str(len(change.path)), change.in_force.date.isoformat())
            beside[step][change.kind == "new"].append(change)
    for gone, arrived in beside.values():
        if gone and arrived and len(gone) * len(arrived) <= LARGEST_STEP:
            pairs = [pair for one in gone for other in arrived if (pair := _weigh_pair(one, other, old, new))]
            for pair in _choose_pairs(pairs):
                yield _tell(pair)


def _weigh_pair(gone: Change, new: Change, before: Snapshot, after: Snapshot) -> _Pair | None:
    """The pair with what speaks for it, or None where too little does."""
    if gone.old is None or new.new is None or _are_siblings(gone.path[-1], new.path[-1]):
        return None
    reasons = []
    likeness = _compare_scopes(gone.old, new.new)
    is_same = _ask_the_same(gone.old, new.new)
    is_pointed_at = _count_references(before, gone) > 0 and _count_references(after, gone) == 0
    is_pointed_at = is_pointed_at and _count_references(after, new) > _count_references(before, new)
    if is_same:
        reasons.append("the same requirement")
    if likeness >= _LIKE_ENOUGH:
        reasons.append(f"a scope that is {likeness:.0%} alike")
    if is_pointed_at:
        reasons.append("references that name the one instead of the other")
    if likeness >= _VERY_LIKE or (likeness >= _LIKE_ENOUGH and (is_same or is_pointed_at)):
        return _Pair(gone, new, likeness + is_same + is_pointed_at, tuple(reasons))
    return None


def _choose_pairs(pairs: Sequence[_Pair]) -> Iterator[_Pair]:
    """The pairs of which neither side has another that weighs as much."""
    for pair in pairs:
        rivals = [other for other in pairs if other is not pair and (other.gone is pair.gone or other.new is pair.new)]
        if all(other.weight < pair.weight for other in rivals):
            yield pair


def _are_siblings(one: str, other: str) -> bool:
    """Whether the names differ by a bracket or by 非: such pairs are two categories on purpose."""
    bare = [_BRACKET.sub("", fold_characters(name)).replace("非", "") for name in (one, other)]
    return fold(bare[0]) == fold(bare[1])


def _compare_scopes(one: Category, other: Category) -> float:
    texts = [category.scope.scope or "" if category.scope else "" for category in (one, other)]
    return measure_likeness(texts[0], texts[1]) if all(texts) else 0.0


def _ask_the_same(one: Category, other: Category) -> bool:
    blocks = [category.requirement for category in (one, other)]
    forms = [fold_requirement(block.requirement) if block else None for block in blocks]
    return forms[0] is not None and forms[0] == forms[1]


def _count_references(snapshot: Snapshot, change: Change) -> int:
    """How many other categories name it in a reference."""
    wanted = tuple(map(fold_level, change.path))
    return sum(
        any(wanted[-len(target) :] == tuple(map(fold_level, target)) for target in _list_targets(category))
        for category in snapshot.categories.values()
        if category.key != change.key and category.entity_type == change.entity_type
    )


def _list_targets(category: Category) -> Iterable[tuple[str, ...]]:
    for block in (category.requirement, category.scope):
        for reference in block.references if block else ():
            yield from reference.targets


def _tell(pair: _Pair) -> Finding:
    gone, new = pair.gone, pair.new
    message = (
        f"{name_path(new.path)}: may be {name_path(gone.path)} under another name: {', '.join(pair.reasons)}; "
        "if so, say it as [[moved]] in the configuration"
    )
    return build_finding(
        new.key, "rename-proposal", message, (*gone.evidence_before, *new.evidence), severity="info", detail=gone.key
    )
