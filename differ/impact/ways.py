"""Ways: whether what a program has is enough for a requirement, and the smallest sets that would make it so.

A branch for a case that the portfolio does not state is open; but where it states one of the cases of a choice, the
program is in that one and the others are not its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from msgspec import Struct

from differ.impact.holdings import STANDINGS, Answer, Holdings, Standing
from differ.verdict.demands import Demand, is_case
from differ.verdict.formula import DemandSet, ExpansionCutError, Formula, Several, build_formula, list_minimal_sets
from differ.verdict.papers import PaperNames
from snapshots.requirement import Requirement, Text, iterate_leaves

WAYS_SHOWN = 3
"""How many sets are listed; the others are counted."""

Enough = Literal["satisfied", "check", "undecided", "unsatisfied"]
_BY_WORST: dict[Standing, Enough] = {
    "held": "satisfied", "check": "check", "open": "undecided", "missing": "unsatisfied",
}  # fmt: skip
_NOTHING = Several(0, ())
_NEVER = Several(1, ())


class Sufficiency(Struct, frozen=True, kw_only=True):
    """Whether the papers are enough.

    `by` are the answers that make it so, for `satisfied` and `check`. `undecided` without `ways` is a list that offers
    less than it wants chosen. `ways` are the smallest sets of what is missing,
    open or to be checked, any one of which would do; `more` is how many others there are, None where they were too many
    to be counted: the one that is shown is then a small one, and not surely the smallest. Where each of the ways turns
    on words that name no paper, `otherwise` are the smallest sets for who does not have what they ask.
    """

    state: Enough
    by: tuple[Answer, ...] = ()
    ways: tuple[tuple[Answer, ...], ...] = ()
    more: int | None = 0
    otherwise: tuple[tuple[Answer, ...], ...] = ()


def judge_sufficiency(requirement: Requirement, holdings: Holdings, names: PaperNames) -> Sufficiency:
    """Whether what is held is enough for the requirement, and what would be."""
    texts = frozenset(leaf.text for leaf in iterate_leaves(requirement) if isinstance(leaf, Text))
    formula = _choose_cases(build_formula(requirement, names), holdings)
    answers = {demand: holdings.answer(demand, texts) for demand in _iterate_demands(formula)}
    for place in range(1, len(STANDINGS) + 1):
        allowed = STANDINGS[:place]
        support = _find_support(formula, answers, allowed)
        if support is not None:
            break
    else:  # more options are to be chosen than the list has: nobody can say what is meant
        return Sufficiency(state="undecided")
    state = _BY_WORST[allowed[-1]]
    by = tuple(sorted(support, key=lambda answer: (answer.kind, answer.text)))
    if state == "satisfied":
        return Sufficiency(state=state, by=by)
    ways, more = _list_ways(_reduce(formula, answers, allowed), answers, by)
    return Sufficiency(
        state=state,
        by=by if state == "check" else (),
        ways=ways,
        more=more,
        otherwise=_list_otherwise(formula, answers) if all(map(_turns_on_words, ways)) and state == "undecided" else (),
    )


def _list_otherwise(formula: Formula, answers: dict[Demand, Answer]) -> tuple[tuple[Answer, ...], ...]:
    """The sets of which least is missing, of those in which something is."""
    ways, _ = _list_ways(_reduce(formula, answers, STANDINGS), answers, (), shown=None)
    missing = [way for way in ways if _count_missing(way)]
    least = min(map(_count_missing, missing), default=0)
    return tuple(way for way in missing if _count_missing(way) == least)[:WAYS_SHOWN]


def _count_missing(way: tuple[Answer, ...]) -> int:
    return sum(answer.standing == "missing" for answer in way)


def _turns_on_words(way: tuple[Answer, ...]) -> bool:
    return any((answer.standing, answer.reason) == ("open", "text") for answer in way)


def _list_ways(
    reduced: Formula, answers: dict[Demand, Answer], by: tuple[Answer, ...], *, shown: int | None = WAYS_SHOWN
) -> tuple[tuple[tuple[Answer, ...], ...], int | None]:
    try:
        sets = list_minimal_sets(reduced)
    except ExpansionCutError:
        return (tuple(answer for answer in by if answer.standing != "held"),), None
    ways = sorted((_show_way(demands, answers) for demands in sets), key=_order_way)
    ways = list(dict.fromkeys(ways))
    kept = ways[:shown]
    return tuple(kept), len(ways) - len(kept)


def _show_way(demands: DemandSet, answers: dict[Demand, Answer]) -> tuple[Answer, ...]:
    return tuple(sorted((answers[demand] for demand in demands), key=lambda answer: (answer.kind, answer.text)))


def _order_way(way: tuple[Answer, ...]) -> tuple[int, int, int, list[str]]:
    counts = [sum(answer.standing == standing for answer in way) for standing in ("missing", "open", "check")]
    return counts[0], counts[1], counts[2], [answer.text for answer in way]


def _choose_cases(formula: Formula, holdings: Holdings) -> Formula:
    """The formula without the branches for other cases, where the program states the case of one of them."""
    if isinstance(formula, Demand):
        return formula
    parts = formula.parts
    cases = {place: case for place, part in enumerate(parts) if (case := _find_case(part)) is not None}
    stated = {place for place, case in cases.items() if holdings.is_in_case(case)}
    if stated and formula.n < len(parts):
        parts = tuple(part for place, part in enumerate(parts) if place in stated or place not in cases)
    n = min(formula.n, len(parts)) if len(parts) < len(formula.parts) else formula.n
    return Several(n, tuple(_choose_cases(part, holdings) for part in parts))


def _find_case(part: Formula) -> Demand | None:
    """The case that the branch is for: it is two parts, the case first."""
    if isinstance(part, Several) and part.n == len(part.parts) > 1:
        first = part.parts[0]
        return first if isinstance(first, Demand) and is_case(first) else None
    return None


def _reduce(formula: Formula, answers: dict[Demand, Answer], allowed: Iterable[Standing]) -> Formula:
    """What is left to be had: what is held is nothing more to ask for, what is worse than allowed is no way."""
    if isinstance(formula, Demand):
        standing = answers[formula].standing
        return _NOTHING if standing == "held" else formula if standing in allowed else _NEVER
    return Several(formula.n, tuple(_reduce(part, answers, allowed) for part in formula.parts))


def _find_support(
    formula: Formula, answers: dict[Demand, Answer], allowed: Collection[Standing]
) -> frozenset[Answer] | None:
    """A small set of answers that is enough, of allowed standings alone; None where there is none."""
    if isinstance(formula, Demand):
        answer = answers[formula]
        return frozenset({answer}) if answer.standing in allowed else None
    found = [_find_support(part, answers, allowed) for part in formula.parts]
    supports = sorted((support for support in found if support is not None), key=_order_support)
    if len(supports) < formula.n:
        return None
    return frozenset().union(*supports[: max(0, formula.n)])


def _order_support(support: frozenset[Answer]) -> tuple[int, int, int, int, list[str]]:
    counts = [sum(answer.standing == standing for answer in support) for standing in ("missing", "open", "check")]
    return counts[0], counts[1], counts[2], len(support), sorted(answer.text for answer in support)


def _iterate_demands(formula: Formula) -> Iterable[Demand]:
    if isinstance(formula, Demand):
        yield formula
        return
    for part in formula.parts:
        yield from _iterate_demands(part)
