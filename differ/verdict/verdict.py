"""Verdicts: whether a requirement became stricter or looser, by what it admits, with a set of papers that shows it.

everything that was enough still is, and more is now      relaxed
what is enough now was before, and something is no more   tightened
both the same                                             equivalent: other words, the same admitted
only the labels of options differ                         equivalent, and `cases` names them
neither                                                   mixed
a line that could not be read, or an expansion cut short  unknown
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from differ.changes import Verdict, Witness
from differ.verdict.formula import DemandSet, ExpansionCutError, Formula, build_formula, is_enough, list_minimal_sets
from differ.verdict.labels import find_idle_labels
from differ.verdict.papers import PaperNames
from snapshots.requirement import Requirement

Rule = Literal[
    "lost_and_gained", "lost", "gained", "same_sets", "same_papers", "unread_line", "expansion_cut",
]  # fmt: skip
"""What decided: sets of papers that are no longer enough, or newly so; or why nothing can be decided."""


class Ruling(Struct, frozen=True):
    """The verdict, what decided it, and the smallest set of papers that shows it; None where none can.

    `gained` is the other half of `mixed`: a set that is enough now and was not before. `cases` are the labels of
    options by which alone the two requirements differ: who applies is told apart otherwise, the papers are the same.
    """

    verdict: Verdict
    rule: Rule
    witness: Witness | None = None
    gained: Witness | None = None
    cases: tuple[str, ...] = ()


def compare_requirements(old: Requirement, new: Requirement, names: PaperNames, *, is_doubtful: bool = False) -> Ruling:
    """How the new requirement stands to the old one. `is_doubtful`: a line of one of them was not understood."""
    if is_doubtful:
        return Ruling("unknown", "unread_line")
    before, after = build_formula(old, names), build_formula(new, names)
    try:
        sets_before, sets_after = list_minimal_sets(before), list_minimal_sets(after)
    except ExpansionCutError:
        return Ruling("unknown", "expansion_cut")
    lost = _find_set(sets_before, not_enough_for=after)
    gained = _find_set(sets_after, not_enough_for=before)
    if lost is None and gained is None:
        return Ruling("equivalent", "same_sets")
    if (cases := find_idle_labels(before, after, sets_before, sets_after)) is not None:
        return Ruling("equivalent", "same_papers", cases=cases)
    loss = None if lost is None else Witness(papers=_show(lost), was_enough=True, is_enough=False)
    gain = None if gained is None else Witness(papers=_show(gained), was_enough=False, is_enough=True)
    if loss is not None and gain is not None:
        return Ruling("mixed", "lost_and_gained", loss, gain)
    return Ruling("tightened", "lost", loss) if loss is not None else Ruling("relaxed", "gained", gain)


def _find_set(sets: Sequence[DemandSet], *, not_enough_for: Formula) -> DemandSet | None:
    """The smallest set that is enough for the one and not for the other."""
    return next((demands for demands in sets if not is_enough(not_enough_for, demands)), None)


def _show(demands: DemandSet) -> tuple[str, ...]:
    return tuple(sorted(demand.shown for demand in demands))
