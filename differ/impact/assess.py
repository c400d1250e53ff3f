"""Assessing: how one category of a program stands in one snapshot, and what it lacks there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from differ.impact.causes import Cause
from differ.impact.holdings import Answer, Holdings
from differ.impact.identity import Place, fold_path
from differ.impact.ways import Sufficiency, judge_sufficiency
from differ.verdict.optional import iterate_optional
from differ.verdict.papers import PaperNames
from snapshots.category import Category, CategoryPath
from snapshots.form import fold_words
from snapshots.snapshot import Removal, Snapshot

State = Literal["removed", "unsatisfied", "undecided", "check", "satisfied"]
STATES: tuple[State, ...] = ("removed", "unsatisfied", "undecided", "check", "satisfied")
"""From worst to best."""

Why = Literal[
    "open", "text", "not_stated", "doubtful", "arity", "branch", "parted",
    "unknown_category", "unknown_platform", "several_platforms", "several_types", "unlisted",
]  # fmt: skip
"""Why nothing can be decided; `open` names in its ways what nobody can say, `text` words that a person must read.

`unlisted` is a doubt about what is gone.
"""


class Lack(Struct, frozen=True, kw_only=True):
    """A category that the page names beside this one 需补充【…】 or in its place 请选择【…】, and the program lacks.

    Any one of `targets` would do. With a `condition` it is asked for only in that case.
    """

    targets: tuple[CategoryPath, ...]
    condition: str | None
    text: str
    since: Cause | None = None


class Assessment(Struct, frozen=True, kw_only=True):
    """How a category of a program stands.

    `path` is what the category is called there; `goes_on_as` what it was renamed, moved, merged or split to, in order.
    `names` says more of `why`: the leaves of a branch, kinds of applicant, names that are near, codes of problems.
    `lacks` are needed beside it, `elsewhere` says which other category is to be chosen, for what; `optional` are papers
    that may be handed in and need not; `otherwise` is missing where what the `ways` say in words is not held.
    """

    state: State
    why: Why | None = None
    names: tuple[str, ...] = ()
    path: CategoryPath | None = None
    goes_on_as: tuple[CategoryPath, ...] = ()
    by: tuple[Answer, ...] = ()
    ways: tuple[tuple[Answer, ...], ...] = ()
    more: int | None = 0
    lacks: tuple[Lack, ...] = ()
    elsewhere: tuple[Lack, ...] = ()
    optional: tuple[str, ...] = ()
    otherwise: tuple[tuple[Answer, ...], ...] = ()


def is_same_assessment(one: Assessment, other: Assessment) -> bool:
    """Whether both say the same, in whatever words the page asks for it."""
    return _strip_words(one) == _strip_words(other)


def is_same_lack(one: Lack, other: Lack) -> bool:
    """Whether both are the same need, in whatever words of a note."""
    return _fold_lack(one) == _fold_lack(other)


def assess_place(
    place: Place, snapshot: Snapshot, *, holdings: Holdings, held: Collection[str], names: PaperNames
) -> Assessment:
    """How the category stands; `held` are the folded paths of all categories that the program is in."""
    found = [snapshot.categories[key] for key in place.keys if key in snapshot.categories]
    match place.form:
        case "unknown":
            return Assessment(state="undecided", why="unknown_category")
        case "gone":
            path = None if place.removal is None else place.removal.path
            why: Why | None = "unlisted" if _may_be_unlisted(place.removal) else None
            return Assessment(state="removed", why=why, path=path, goes_on_as=place.steps)
        case "parted":
            return Assessment(state="undecided", why="parted", goes_on_as=place.steps)
        case "branch":
            leaves = [_assess_category(category, holdings=holdings, held=held, names=names) for category in found]
            level = min((len(category.path) for category in found), default=1) - 1
            return _join_leaves(leaves, found, found[0].path[: max(1, level)])
        case "category":
            one = _assess_category(found[0], holdings=holdings, held=held, names=names)
            return msgspec.structs.replace(one, goes_on_as=place.steps)


def _assess_category(category: Category, *, holdings: Holdings, held: Collection[str], names: PaperNames) -> Assessment:
    lacks = tuple(dict.fromkeys(_find_lacks(category, held, {"also_needed"})))
    elsewhere = tuple(dict.fromkeys(_find_lacks(category, held, {"choose", "choose_instead"})))
    found = _judge_requirement(category, holdings, names)
    return msgspec.structs.replace(found, path=category.path, lacks=lacks, elsewhere=elsewhere)


def _judge_requirement(category: Category, holdings: Holdings, names: PaperNames) -> Assessment:
    block = category.requirement
    if block is None or block.requirement is None:
        return Assessment(state="undecided", why="not_stated")
    if block.doubts:
        return Assessment(state="undecided", why="doubtful", names=block.doubts)
    found = judge_sufficiency(block.requirement, holdings, names)
    return Assessment(
        state=found.state,
        why=_explain(found),
        by=found.by,
        ways=found.ways,
        more=found.more,
        otherwise=found.otherwise,
        optional=tuple(dict.fromkeys(leaf.text for leaf in iterate_optional(block.requirement))),
    )


def _explain(found: Sufficiency) -> Why | None:
    if found.state != "undecided":
        return None
    if found.otherwise:
        return "text"
    return "open" if found.ways else "arity"


def _may_be_unlisted(removal: Removal | None) -> bool:
    """Whether a complete list alone shows that it is gone, and it was in closed beta."""
    if removal is None or not removal.claim.observed or removal.last is None:
        return False
    block = removal.last.requirement
    return block is not None and block.closed_beta


def _join_leaves(leaves: list[Assessment], categories: list[Category], path: CategoryPath) -> Assessment:
    """What a branch stands for, where all of its leaves say the same: 就醫服務 is four rows of one requirement."""
    same = {msgspec.structs.replace(leaf, path=None) for leaf in leaves}
    if len(same) == 1:
        return msgspec.structs.replace(leaves[0], path=path)
    return Assessment(
        state="undecided",
        why="branch",
        names=tuple(" › ".join(category.path) for category in categories),
        path=path,
    )


def _find_lacks(category: Category, held: Collection[str], roles: Collection[str | None]) -> Iterator[Lack]:
    for block in (category.requirement, category.scope):
        for reference in () if block is None else block.references:
            targets = [fold_path("›".join(target)) for target in reference.targets]
            if reference.role in roles and targets and not any(_is_held(target, held) for target in targets):
                yield Lack(targets=reference.targets, condition=reference.condition, text=reference.text)


def _is_held(target: str, held: Collection[str]) -> bool:
    """Whether a category of that path is held, one below it, or the branch above it; 【医疗机构】 is one level."""
    return any(f"-{target}-" in f"-{path}-" or f"{target}-".startswith(f"{path}-") for path in held)


def _strip_words(found: Assessment) -> object:
    ways, otherwise = (
        sorted(sorted((fold_words(answer.text), answer.standing) for answer in way) for way in shown)
        for shown in (found.ways, found.otherwise)
    )
    lacks = sorted(map(_fold_lack, found.lacks))
    elsewhere = sorted(map(_fold_lack, found.elsewhere))
    return found.state, found.why, found.goes_on_as, ways, otherwise, found.more, lacks, elsewhere


def _fold_lack(lack: Lack) -> tuple[list[str], bool]:
    return sorted(fold_path("›".join(target)) for target in lack.targets), lack.condition is None
