"""Alignment: two states of a block, each row beside its counterpart.

Order says nothing in a list, so an item that only moved is the same; what differs is paired by what it names and how
it is worded, and shown beside its counterpart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct, structs

from snapshots.form import fold_label, fold_words
from templates.rows import Mark, Row, nest_rows
from templates.runs import compare_lines
from templates.trees import Tree, walk_rows

_PAIRING_LIMIT = 2_500  # pairs of unlike items that are weighed; beyond that, old items are gone and new ones new
_LIKE_ENOUGH = 0.5


class Comparison(Struct, frozen=True):
    """Two states side by side, and both in one list; a changed row of `unified` has the runs of both."""

    old: tuple[Row, ...]
    new: tuple[Row, ...]
    unified: tuple[Row, ...]

    @property
    def differs(self) -> bool:
        """Whether any row is not the same on both sides."""
        return any(row.mark != "same" for row in self.unified)

    @property
    def is_torn(self) -> bool:
        """Whether one list cannot show both: a head came or went, and what stands below it is of both states."""
        return any(row.is_head and _has_mixed_rows(place, self.unified) for place, row in enumerate(self.unified))


def compare_trees(old: Sequence[Tree], new: Sequence[Tree]) -> Comparison:
    """The two states aligned with each other."""
    pairs = list(_align_items(old, new, 0))
    old_rows = {id(pair.old): pair.old_row for pair in pairs if pair.old is not None}
    new_rows = {id(pair.new): pair.new_row for pair in pairs if pair.new is not None}
    return Comparison(
        nest_rows([row for tree in old for row in _walk_marked(tree, 0, old_rows)]),
        nest_rows([row for tree in new for row in _walk_marked(tree, 0, new_rows)]),
        nest_rows([pair.unified_row for pair in pairs]),
    )


def _has_mixed_rows(place: int, rows: Sequence[Row]) -> bool:
    """Whether a head that came or went has rows below it that did not come or go with it, or none at all."""
    head = rows[place]
    if head.mark not in {"added", "removed"}:
        return False
    marks: list[Mark] = []
    for row in rows[place + 1 :]:
        if row.depth <= head.depth:
            break
        marks.append(row.mark)
    return set(marks) != {head.mark}


class _Pair(Struct, frozen=True):
    """A row of the aligned list, and what it is in each column; the trees are None where it is the same in its own."""

    old: Tree | None
    new: Tree | None
    old_row: Row
    new_row: Row
    unified_row: Row


def _align(old: Tree, new: Tree, depth: int) -> Iterator[_Pair]:
    """The pairs of two trees that are each other's counterparts."""
    if old.key == new.key:
        yield from (_Pair(None, None, row, row, row) for row in walk_rows(new, depth, "same"))
    elif "none" in {old.row.kind, new.row.kind}:
        yield from _mark_whole(old, "removed", depth)
        yield from _mark_whole(new, "added", depth)
    elif old.is_head and not new.is_head:
        yield _mark_one(old, "removed", depth)
        yield from _align_items(old.children, [new], depth + 1)
    elif new.is_head and not old.is_head:
        yield _mark_one(new, "added", depth)
        yield from _align_items([old], new.children, depth + 1)
    else:
        yield from _align_rows(old, new, depth)
        yield from _align_items(old.children, new.children, depth + 1)


def _align_rows(old: Tree, new: Tree, depth: int) -> Iterator[_Pair]:
    """The rows alone: of two heads with another kind or number, or of two texts, one changed or both the same."""
    fold_text = fold_label if old.is_head else fold_words
    if old.is_head and _head_of(old.row) != _head_of(new.row):
        yield _mark_one(old, "removed", depth)
        yield _mark_one(new, "added", depth)
    elif fold_text(old.text) == fold_text(new.text):
        yield _Pair(old, new, old.row, new.row, _place(new.row, depth, "same"))
    else:
        spans = compare_lines(old.text, new.text)
        old_row = structs.replace(old.row, spans=spans.old, mark="changed")
        yield _Pair(
            old,
            new,
            old_row,
            structs.replace(new.row, spans=spans.new, mark="changed"),
            structs.replace(_place(new.row, depth, "changed"), spans=spans.unified, before=old_row),
        )


def _head_of(row: Row) -> str:
    """What a head asks: all, or how many."""
    return f"choose {row.n}" if row.kind == "choose" else row.kind


def _align_items(old: Sequence[Tree], new: Sequence[Tree], depth: int) -> Iterator[_Pair]:
    """The pairs of two lists, in the order of the new one; what is gone stands before what took its place."""
    partners = _match_items(old, new)
    matched = set(partners.values())
    gone = [place for place in range(len(old)) if place not in matched]
    followers = list(
        accumulate(reversed(range(len(new))), lambda later, place: partners.get(place, later), initial=len(old))
    )
    for place, tree in enumerate(new):
        while gone and gone[0] < followers[len(new) - place]:
            yield from _mark_whole(old[gone.pop(0)], "removed", depth)
        if place in partners:
            yield from _align(old[partners[place]], tree, depth)
        else:
            yield from _mark_whole(tree, "added", depth)
    for place in gone:
        yield from _mark_whole(old[place], "removed", depth)


def _match_items(old: Sequence[Tree], new: Sequence[Tree]) -> dict[int, int]:
    """For places of the new list, the place of the counterpart in the old one: equal ones first, then the likest."""
    waiting: dict[str, list[int]] = {}
    for place, tree in enumerate(old):
        waiting.setdefault(tree.key, []).append(place)
    partners = {place: places.pop(0) for place, tree in enumerate(new) if (places := waiting.get(tree.key))}
    matched = set(partners.values())
    rest_old = [place for place in range(len(old)) if place not in matched]
    rest_new = [place for place in range(len(new)) if place not in partners]
    if len(rest_old) * len(rest_new) > _PAIRING_LIMIT:
        return partners
    likeness = sorted(
        (-_weigh_likeness(old[left], new[right]), abs(left - right), right, left)
        for left in rest_old
        for right in rest_new
    )
    for weight, _, right, left in likeness:
        if -weight >= _LIKE_ENOUGH and right not in partners and left not in matched:
            partners[right] = left
            matched.add(left)
    return partners


def _weigh_likeness(old: Tree, new: Tree) -> float:
    """How alike two trees are, 0 to 2: the share of words they have in common, and 1 more for a common paper."""
    if (old.row.kind == "note") != (new.row.kind == "note"):
        return 0.0
    words = len(old.bigrams) + len(new.bigrams)
    share = 2 * len(old.bigrams & new.bigrams) / words if words else 0.0
    return share + 1.0 if old.titles & new.titles else share


def _mark_whole(tree: Tree, mark: Mark, depth: int) -> Iterator[_Pair]:
    yield _mark_one(tree, mark, depth)
    for child in tree.children:
        yield from _mark_whole(child, mark, depth + 1)


def _mark_one(tree: Tree, mark: Mark, depth: int) -> _Pair:
    row = structs.replace(tree.row, mark=mark)
    old, new = (tree, None) if mark == "removed" else (None, tree)
    return _Pair(old, new, row, row, _place(tree.row, depth, mark))


def _place(row: Row, depth: int, mark: Mark) -> Row:
    return structs.replace(row, depth=depth, mark=mark)


def _walk_marked(tree: Tree, depth: int, rows: dict[int, Row]) -> Iterator[Row]:
    row = rows.get(id(tree), tree.row)
    yield structs.replace(row, depth=depth)
    for child in tree.children:
        yield from _walk_marked(child, depth + 1, rows)
