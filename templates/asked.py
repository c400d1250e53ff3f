"""What is asked: of everybody, and of who had enough before. Read off the sets of papers that a requirement admits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from differ.changes import Change, Witness
from differ.verdict.demands import Demand, is_case
from differ.verdict.formula import DemandSet, ExpansionCutError, build_formula, list_minimal_sets
from differ.verdict.papers import load_names
from snapshots.category import Category
from snapshots.requirement import Requirement
from templates.layout import drop_notes

_TAIL = re.compile(r"[，,]?[需须須请請]?提供$|[\s。；;，,：:]+$")


class Proof(Struct, frozen=True):
    """A set that shows the verdict, in the page's words: who it is for (`cases`), and what they hand in.

    `was_enough`: it was before and is not now; else the reverse. No papers: nothing had to be handed in. `lacking` is
    what is missing to what is enough now and has most in common with it, `only_for` who alone may hand that in.
    """

    was_enough: bool
    cases: tuple[str, ...]
    papers: tuple[str, ...]
    lacking: tuple[str, ...] = ()
    only_for: tuple[str, ...] = ()


class Asked(Struct, frozen=True):
    """What everybody must hand in now and need not before, in the page's words, and the proofs of the verdict.

    `also` was asked of nobody, `everyone` of some only. A verdict of `mixed` has two proofs: what is no longer enough,
    and what is enough now.
    """

    also: tuple[str, ...] = ()
    everyone: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()


def compare_asked(change: Change) -> Asked:
    """What the changed requirement asks beyond the old one; nothing where no verdict could be reached.

    A paper that stands in every option of a choice is asked of everybody: 「（2选1）」 with 《增值电信业务经营许可证》
    in both. Words without 《》 count only where all that was asked is asked still: else they may be old ones reworded.
    """
    old, new = _find_requirement(change.old), _find_requirement(change.new)
    if change.verdict not in {"tightened", "relaxed", "mixed"} or old is None or new is None:
        return Asked()
    names = load_names()
    try:
        before, after = (list_minimal_sets(build_formula(requirement, names)) for requirement in (old, new))
    except ExpansionCutError:
        return Asked()
    known = {demand.name for demand in list_common(before)}
    more = [demand for demand in list_common(after) if demand.name not in known]
    more = [demand for demand in more if change.verdict == "tightened" or "《" in demand.shown]
    of_some = {demand.name for demands in before for demand in demands}
    also, everyone = (_show(demand for demand in more if (demand.name in of_some) is was) for was in (False, True))
    told = (*also, *everyone)
    proofs = (_build_proof(witness, before, after, told) for witness in (change.witness, change.witness_gained))
    return Asked(also, everyone, tuple(proof for proof in proofs if proof is not None))


def list_common(sets: Sequence[DemandSet]) -> tuple[Demand, ...]:
    """What is asked of everybody: in each of the sets something covers it."""
    smallest = min(sets, key=len, default=frozenset[Demand]())
    common = [demand for demand in smallest if all(_is_met(demand, demands) for demands in sets)]
    return tuple(sorted(common, key=lambda demand: demand.shown))


def _find_requirement(state: Category | None) -> Requirement | None:
    return state.requirement.requirement if state is not None and state.requirement is not None else None


def _build_proof(
    witness: Witness | None, before: Sequence[DemandSet], after: Sequence[DemandSet], told: tuple[str, ...]
) -> Proof | None:
    """The witness of the verdict, and what who relied on it lacks, unless everybody is told to hand in just that."""
    if witness is None:
        return None
    sets = before if witness.was_enough else after
    of_witness = (demands for demands in sets if sorted(demand.shown for demand in demands) == sorted(witness.papers))
    held = next(of_witness, None)
    if held is None:
        return None
    cases, papers = _part_cases(held)
    if not witness.was_enough:
        return Proof(False, cases, papers)
    only_for, lacking = _part_cases(_find_lacking(held, after))
    return Proof(True, cases, papers, () if set(lacking) <= set(told) else lacking, only_for)


def _find_lacking(held: DemandSet, sets: Sequence[DemandSet]) -> list[Demand]:
    """What is missing to the set that has most in common with what is held, and of such the one that lacks least.

    A paper of the same name of which more is asked now is in common, and missing.
    """
    names = {demand.name for demand in held}
    missing = [[demand for demand in demands if not _is_met(demand, held)] for demands in sets]
    common = [
        sum(demand.name in names or demand not in lacking for demand in demands)
        for demands, lacking in zip(sets, missing, strict=True)
    ]
    place = min(range(len(sets)), key=lambda place: (-common[place], len(missing[place])), default=None)
    return [] if place is None else missing[place]


def _is_met(demand: Demand, held: Collection[Demand]) -> bool:
    return any(other.covers(demand) for other in held)


def _part_cases(demands: Iterable[Demand]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who hands in, and what."""
    found = list(demands)
    return _show(filter(is_case, found)), _show(demand for demand in found if not is_case(demand))


def _show(demands: Iterable[Demand]) -> tuple[str, ...]:
    """The page's words, without notes and what a line ends with."""
    ordered = sorted(demand.shown for demand in demands)
    return tuple(dict.fromkeys(_TAIL.sub("", drop_notes(words)) for words in ordered))
