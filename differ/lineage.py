"""Lineage: under which keys a category stood at the old end, as renames, moves, merges, splits and branches tell."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TypeVar

from msgspec import Struct

from snapshots.category import CategoryPath
from snapshots.snapshot import Snapshot, Succession

_T = TypeVar("_T")


class Origin(Struct, frozen=True, kw_only=True):
    """Where a category comes from.

    `roots` are its keys at the old end with their paths, `names` all keys that it had on the way, oldest first, its
    present one left out. `succession` is the first step that a notice states; a leaf that a catalogue lists below a
    known branch (查报告单 below 就醫服務) has none.
    """

    roots: tuple[tuple[str, CategoryPath], ...]
    names: tuple[str, ...]
    succession: Succession | None


class Lineage(Struct, frozen=True, kw_only=True):
    """What went on under another key in between: the origin of each such key, and the keys that were left."""

    origins: dict[str, Origin]
    departed: frozenset[str]


def trace_lineage(old: Snapshot, new: Snapshot) -> Lineage:
    """The lineage of every key that succeeded another one between the two snapshots.

    A key that was left and stands again at the new end is that category still: A→B→A is no rename.
    """
    origins: dict[str, Origin] = {}
    departed: set[str] = set()
    for _, steps in groupby(_list_steps(old, new), key=lambda step: (step.claim.document, step.claim.in_force.date)):
        batch = list(steps)
        left = {step.from_key for step in batch}
        taken = _take_steps(batch, left, origins, old)
        origins.update(taken)
        departed = (departed | left) - taken.keys()
    for leaf, branch in new.branch_of.items():
        if leaf not in old.branch_of and leaf not in old.categories and leaf not in origins:
            origins[leaf] = _follow(branch, new.claims[branch][0].path, origins, old)
    others = {
        key: origin
        for key, origin in origins.items()
        if key not in departed and [root for root, _ in origin.roots] != [key]
    }
    return Lineage(origins=others, departed=frozenset(departed - new.categories.keys()))


def _list_steps(old: Snapshot, new: Snapshot) -> list[Succession]:
    """The successions in between; one that was known is none, even where an older page now states it too."""
    told = set(old.successions)
    pairs = {(step.from_key, step.to_key) for step in told}
    return [
        step
        for step in new.successions
        if step not in told and ((step.from_key, step.to_key) not in pairs or step.from_key in old.categories)
    ]


def _take_steps(
    batch: Iterable[Succession], left: set[str], origins: dict[str, Origin], old: Snapshot
) -> dict[str, Origin]:
    """The origins after the steps of one notice, which happen at once: A→B and B→A swap two names."""
    taken: dict[str, Origin] = {}
    for step in batch:
        key = step.to_key
        source = _follow(step.from_key, step.from_path, origins, old)
        there = taken.get(key)
        if there is None and key not in left and (key in origins or key in old.categories):
            own = origins.get(key)
            there = own or Origin(roots=((key, old.categories[key].path),), names=(), succession=None)
        taken[key] = Origin(
            roots=_unite(there.roots if there else (), source.roots),
            names=_unite(there.names if there else (), source.names),
            succession=(there and there.succession) or source.succession or step,
        )
    return taken


def _follow(key: str, path: CategoryPath, origins: dict[str, Origin], old: Snapshot) -> Origin:
    """The origin of what leaves the key, the key among its names."""
    if (origin := origins.get(key)) is not None:
        return Origin(roots=origin.roots, names=_unite(origin.names, (key,)), succession=origin.succession)
    known = old.categories.get(key)
    return Origin(roots=((key, known.path if known else path),), names=(key,), succession=None)


def _unite(first: tuple[_T, ...], second: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
