"""Requirements as formulas: what is enough, and the smallest sets that are.

    all_of         every part                      Several(n = number of parts)
    choose n       n of the parts                  Several(n)
    a label        in a choice, and at the root: the case that the applicant must be in, one more part, unless it only
                   leads over to its list 「以下」
                   in an all_of: 若涉及… is asked for only in that case, any other label says whose papers they are
    none required  always enough                   Several(0)
    optional       nothing is asked for            left out of an all_of; alone Several(0)

How to apply is no paper and never in the tree; notes are compared as notes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import combinations, product
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from differ.verdict.demands import Demand, build_case, build_demand, build_side, part_case
from differ.verdict.optional import is_optional
from differ.verdict.papers import PaperNames
from snapshots.form import fold_label
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

LARGEST_EXPANSION = 10_000
"""How many sets of papers are put together: above, the verdict says that it was cut short."""

_LEAD = re.compile(r"以下|下列|如下")
_CONDITION = re.compile(r"(?:若|如果|如|当|凡|涉及)")


class Several(Struct, frozen=True):
    """`n` of the parts; all of them where there are as many."""

    n: int
    parts: tuple[Formula, ...]


Formula = Demand | Several
DemandSet = frozenset[Demand]


class ExpansionCutError(Exception):
    """The requirement admits more sets of papers than are looked at."""


def build_formula(requirement: Requirement, names: PaperNames) -> Formula:
    """What the requirement admits."""
    if is_optional(requirement):
        return Several(0, ())
    return _build(requirement, _Place(names, None, "", is_part=False))


def is_enough(formula: Formula, held: Collection[Demand]) -> bool:
    """Whether who meets these demands meets the formula."""
    if isinstance(formula, Demand):
        return formula in held or any(demand.covers(formula) for demand in held)
    wanted = formula.n
    for part in formula.parts:
        if wanted <= 0:
            break
        wanted -= is_enough(part, held)
    return wanted <= 0


def list_minimal_sets(formula: Formula) -> tuple[DemandSet, ...]:
    """The sets that are enough and of which nothing can be left out, the smallest first, in a stated order.

    Raises ExpansionCutError where more than LARGEST_EXPANSION would have to be put together.
    """
    return tuple(sorted(_expand(formula), key=_order_set))


def _order_set(demands: DemandSet) -> tuple[int, list[str]]:
    return len(demands), sorted([demand.shown for demand in demands])


class _Place(Struct, frozen=True):
    """Where a node stands: under which condition, on whose side, whether it is one part of an all_of, in which case."""

    names: PaperNames
    only_if: str | None
    side: str
    is_part: bool
    case: str = ""


def _build(node: Requirement, place: _Place) -> Formula:
    label = None if isinstance(node, NoneRequired) else node.label
    words = fold_label(label) if label else ""
    if not words or label is None or _is_lead(words):
        return _build_unlabelled(node, place)
    if place.is_part and _CONDITION.match(words):
        return _build_content(node, replace(place, only_if=words, is_part=False))
    if place.is_part:
        return _build_content(node, replace(place, side=build_side(words), is_part=False))
    return Several(2, (build_case(words, label), _build_content(node, replace(place, case=words))))


def _is_lead(words: str) -> bool:
    """Whether the label only leads over to its list, and names nobody: 「该类目暂只对以下区域开放」."""
    return _LEAD.search(words) is not None and _CONDITION.match(words) is None


def _build_unlabelled(node: Requirement, place: _Place) -> Formula:
    """The node; an option that says in its bracket whom it is for is that of a label: 「(适用公立学校)」."""
    parted = part_case(node) if isinstance(node, Paper) and not place.is_part else None
    if parted is None:
        return _build_content(node, place)
    leaf, words = parted
    return Several(2, (build_case(words, words), _build_content(leaf, place)))


def _build_content(node: Requirement, place: _Place) -> Formula:
    match node:
        case Paper() | Text():
            return build_demand(node, place.names, place.only_if, place.side, place.case)
        case AllOf(items=items):
            parts = _build_parts((item for item in items if not is_optional(item)), place, is_part=True)
            return Several(len(parts), parts)
        case Choose(n=n, items=items):
            return Several(n, _build_parts(items, place, is_part=False))
        case NoneRequired():
            return Several(0, ())
        case _:
            assert_never(node)


def _build_parts(items: Iterable[Requirement], place: _Place, *, is_part: bool) -> tuple[Formula, ...]:
    below = replace(place, is_part=is_part)
    return tuple(_build(item, below) for item in items)


def _expand(formula: Formula) -> set[DemandSet]:
    if isinstance(formula, Demand):
        return {frozenset({formula})}
    demands = [part for part in formula.parts if isinstance(part, Demand)]
    if len(demands) == len(formula.parts) == formula.n:
        return {frozenset(demands)}
    expansions = [_expand(part) for part in formula.parts]
    if formula.n == 1:
        if sum(map(len, expansions)) > LARGEST_EXPANSION:
            raise ExpansionCutError
        return _drop_supersets(set().union(*expansions))
    found: set[DemandSet] = set()
    choices = (sets for chosen in combinations(expansions, formula.n) for sets in product(*chosen))
    for number, sets in enumerate(choices):
        if number >= LARGEST_EXPANSION:
            raise ExpansionCutError
        found.add(frozenset().union(*sets))
    return _drop_supersets(found)


def _drop_supersets(sets: set[DemandSet]) -> set[DemandSet]:
    if len(sets) == 1:
        return sets
    kept: list[DemandSet] = []
    for demands in sorted(sets, key=len):
        for smaller in kept:
            if smaller <= demands:
                break
        else:
            kept.append(demands)
    return set(kept)
