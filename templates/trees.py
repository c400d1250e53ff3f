"""Trees of rows: a requirement or a list of lines, alone or aligned with its earlier state.

Order says nothing in a list, so an item that only moved is the same; what differs is paired by what it names and how
it is worded, and shown beside its counterpart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

import msgspec
from msgspec import Struct

from differ.text import diff_text
from snapshots.folding import fold
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text
from templates.rows import Mark, Row, RowKind, Span, nest_rows, split_spans

_PAIRING_LIMIT = 2_500  # pairs of unlike items that are weighed; beyond that, old items are gone and new ones new
_LIKE_ENOUGH = 0.5


class Tree(Struct, frozen=True):
    """A row with what stands below it. `key` is equal where form, order and markers alone differ."""

    row: Row
    text: str
    key: str
    titles: frozenset[str]
    bigrams: frozenset[str]
    children: tuple[Tree, ...] = ()

    @property
    def is_head(self) -> bool:
        """Whether the row heads a list of options."""
        return self.row.kind in {"all_of", "choose"}


class Comparison(Struct, frozen=True):
    """Two states side by side, and both in one list; a changed row of `unified` has the runs of both."""

    old: tuple[Row, ...]
    new: tuple[Row, ...]
    unified: tuple[Row, ...]

    @property
    def differs(self) -> bool:
        """Whether any row is not the same on both sides."""
        return any(row.mark != "same" for row in self.unified)


def build_requirement_tree(requirement: Requirement) -> Tree:
    """The requirement as a tree of rows, notes last at their place."""
    match requirement:
        case AllOf(label=label, marker=marker, items=items, notes=notes):
            children = (*map(build_requirement_tree, items), *build_lines(notes, "note"))
            head = Row(depth=0, kind="all_of", spans=_spell(label), marker=marker, n=len(items), total=len(items))
            return _build_head(head, label or "", children)
        case Choose(n=n, label=label, marker=marker, items=items, notes=notes):
            children = (*map(build_requirement_tree, items), *build_lines(notes, "note"))
            head = Row(depth=0, kind="choose", spans=_spell(label), marker=marker, n=n, total=len(items))
            return _build_head(head, label or "", children)
        case Paper(text=text, title=title, notes=notes, marked_new=marked_new):
            return _build_leaf("paper", text, frozenset({fold(title)}), build_lines(notes, "note"), marked_new)
        case Text(text=text, notes=notes, marked_new=marked_new):
            return _build_leaf("text", text, frozenset(), build_lines(notes, "note"), marked_new)
        case NoneRequired():
            return _build_leaf("none", "", frozenset())


def build_lines(texts: Sequence[str], kind: RowKind = "line") -> tuple[Tree, ...]:
    """Each text as a tree of one row."""
    return tuple(_build_leaf(kind, text, frozenset()) for text in texts)


def list_rows(trees: Sequence[Tree]) -> tuple[Row, ...]:
    """The rows of the trees, in page order."""
    return nest_rows([row for tree in trees for row in _walk(tree, 0, "same")])


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


def _spell(text: str | None) -> tuple[Span, ...]:
    return split_spans([("keep", text or "")])


def _build_head(row: Row, label: str, children: tuple[Tree, ...]) -> Tree:
    options = [child for child in children if child.row.kind != "note"]
    keys = sorted(child.key for child in children)
    # A list of one option is that option: form, not meaning.
    is_only = len(children) == 1 and len(options) == 1 and row.n <= 1 and not label
    return Tree(
        row=row,
        text=label,
        key=keys[0] if is_only else f"{_head_of(row)} {fold(label)} [{' '.join(keys)}]",
        titles=frozenset[str]().union(*(child.titles for child in options)),
        bigrams=frozenset[str]().union(*(child.bigrams for child in options)),
        children=children,
    )


def _head_of(row: Row) -> str:
    """What a head asks: all, or how many."""
    return f"choose {row.n}" if row.kind == "choose" else row.kind


def _build_leaf(
    kind: RowKind, text: str, titles: frozenset[str], notes: tuple[Tree, ...] = (), marked_new: bool = False
) -> Tree:
    folded = fold(text)
    return Tree(
        row=Row(depth=0, kind=kind, spans=_spell(text), marked_new=marked_new),
        text=text,
        key="|".join(["note" if kind == "note" else "leaf", folded, *sorted(note.key for note in notes)]),
        titles=titles,
        bigrams=frozenset("".join(pair) for pair in pairwise(f"^{folded}$")),
        children=notes,
    )


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
        yield from (_Pair(None, None, row, row, row) for row in _walk(new, depth, "same"))
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
    if old.is_head and _head_of(old.row) != _head_of(new.row):
        yield _mark_one(old, "removed", depth)
        yield _mark_one(new, "added", depth)
    elif fold(old.text) == fold(new.text):
        yield _Pair(old, new, old.row, new.row, _place(new.row, depth, "same"))
    else:
        runs = diff_text(old.text, new.text)
        # Each side's own spelling: what both share stands in the runs as the second text has it.
        back = [run for run in diff_text(new.text, old.text) if run[0] != "delete"]
        deleted = split_spans([("delete" if change == "insert" else change, text) for change, text in back])
        inserted = split_spans([run for run in runs if run[0] != "delete"])
        yield _Pair(
            old,
            new,
            msgspec.structs.replace(old.row, spans=deleted, mark="changed"),
            msgspec.structs.replace(new.row, spans=inserted, mark="changed"),
            msgspec.structs.replace(_place(new.row, depth, "changed"), spans=split_spans(runs)),
        )


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
    row = msgspec.structs.replace(tree.row, mark=mark)
    old, new = (tree, None) if mark == "removed" else (None, tree)
    return _Pair(old, new, row, row, _place(tree.row, depth, mark))


def _place(row: Row, depth: int, mark: Mark) -> Row:
    return msgspec.structs.replace(row, depth=depth, mark=mark)


def _walk(tree: Tree, depth: int, mark: Mark) -> Iterator[Row]:
    yield _place(tree.row, depth, mark)
    for child in tree.children:
        yield from _walk(child, depth + 1, mark)


def _walk_marked(tree: Tree, depth: int, rows: dict[int, Row]) -> Iterator[Row]:
    row = rows.get(id(tree), tree.row)
    yield msgspec.structs.replace(row, depth=depth)
    for child in tree.children:
        yield from _walk_marked(child, depth + 1, rows)
