"""Labels: whether two requirements differ only in telling apart who applies.

    before:  《药品经营许可证》或《药品生产许可证》
    now:     (2选1) 1、药品生产企业:《药品生产许可证》 2、药品批发企业:《药品经营许可证》(药品批发企业)

A label is no paper. Where the labels of one side are unknown to the other one, and the papers are the same without
them, nobody can say from them that more is asked, or less. They do say so where an option would be idle without its
label, since another one asks for less: 「自营:《甲证》」 beside 「平台:《甲证》及《乙证》」.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from differ.verdict.demands import Demand, is_case
from differ.verdict.formula import DemandSet, Formula, Several, is_enough


def find_idle_labels(
    before: Formula, after: Formula, sets_before: Sequence[DemandSet], sets_after: Sequence[DemandSet]
) -> tuple[str, ...] | None:
    """The labels, in the pages' words, that alone the two differ by; None where they differ otherwise.

    `sets_before` and `sets_after` are the smallest sets of the two.
    """
    own = [
        _list_cases(sets) - _list_cases(others)
        for sets, others in ((sets_before, sets_after), (sets_after, sets_before))
    ]
    if not any(own):
        return None
    papers = []
    for labels, sets in zip(own, (sets_before, sets_after), strict=True):
        if labels and not _tell_everyone_apart(labels, sets):
            return None
        papers.append([_leave_out(labels, demands) for demands in sets])
        if labels and any(_asks_for_less(fewer, more) for fewer in papers[-1] for more in papers[-1]):
            return None
    enough_now = all(is_enough(_drop(own[1], after), demands) for demands in papers[0])
    enough_before = all(is_enough(_drop(own[0], before), demands) for demands in papers[1])
    if not (enough_now and enough_before):
        return None
    shown = (*_show_cases(before, own[0]), *_show_cases(after, own[1]))
    return tuple(dict.fromkeys(shown))


def _show_cases(formula: Formula, labels: set[str]) -> Iterator[str]:
    """The labels in the page's words and order."""
    if isinstance(formula, Several):
        for part in formula.parts:
            yield from _show_cases(part, labels)
    elif formula.name in labels:
        yield formula.shown


def _list_cases(sets: Iterable[DemandSet]) -> set[str]:
    return {demand.name for demands in sets for demand in demands if is_case(demand)}


def _tell_everyone_apart(labels: set[str], sets: Sequence[DemandSet]) -> bool:
    """Whether each option has such a label, and no label stands above them all: that one says who may apply at all."""
    found = [{demand.name for demand in demands} & labels for demands in sets]
    return all(found) and not set.intersection(*found)


def _leave_out(labels: set[str], demands: DemandSet) -> DemandSet:
    return frozenset(demand for demand in demands if demand.name not in labels)


def _asks_for_less(fewer: DemandSet, more: DemandSet) -> bool:
    return _is_met(fewer, more) and not _is_met(more, fewer)


def _is_met(demands: DemandSet, held: DemandSet) -> bool:
    return all(any(other.covers(demand) for other in held) for demand in demands)


def _drop(labels: set[str], formula: Formula) -> Formula:
    """The formula for one who is in each of these cases."""
    if isinstance(formula, Demand):
        return Several(0, ()) if formula.name in labels else formula
    return Several(formula.n, tuple(_drop(labels, part) for part in formula.parts))
