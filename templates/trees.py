"""Trees: a requirement or a list of lines as rows below rows, to be drawn or compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct, structs

from differ.verdict.optional import is_optional
from snapshots.folding import fold
from snapshots.form import fold_requirement, fold_words
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text
from templates.layout import lay_out
from templates.rows import Mark, Row, RowKind, Span, nest_rows, split_spans


class Tree(Struct, frozen=True):
    """A row with what stands below it. `key` is equal where only form differs (snapshots/form.py)."""

    row: Row
    text: str
    key: str
    titles: frozenset[str]
    bigrams: frozenset[str]
    children: tuple[Tree, ...] = ()

    @property
    def is_head(self) -> bool:
        """Whether the row heads a list of options."""
        return self.row.is_head


def build_requirement_tree(requirement: Requirement) -> Tree:
    """The requirement as a tree of rows, notes last at their place."""
    return _build_tree(lay_out(requirement))


def build_lines(texts: Sequence[str], kind: RowKind = "line") -> tuple[Tree, ...]:
    """Each text as a tree of one row."""
    return tuple(_build_leaf(kind, text, f"{kind} {fold_words(text)}") for text in texts)


def list_rows(trees: Sequence[Tree]) -> tuple[Row, ...]:
    """The rows of the trees, in page order."""
    return nest_rows([row for tree in trees for row in walk_rows(tree, 0, "same")])


def walk_rows(tree: Tree, depth: int, mark: Mark) -> Iterator[Row]:
    """The rows of one tree, at that depth and with that mark."""
    yield structs.replace(tree.row, depth=depth, mark=mark)
    for child in tree.children:
        yield from walk_rows(child, depth + 1, mark)


def _build_tree(requirement: Requirement) -> Tree:
    tree = _build_node(requirement)
    return structs.replace(tree, row=structs.replace(tree.row, is_optional=True)) if is_optional(requirement) else tree


def _build_node(requirement: Requirement) -> Tree:
    match requirement:
        case AllOf(label=label, marker=marker, items=items):
            head = Row(depth=0, kind="all_of", spans=_spell(label), marker=marker, n=len(items), total=len(items))
            return _build_head(head, requirement)
        case Choose(n=n, label=label, marker=marker, items=items):
            head = Row(depth=0, kind="choose", spans=_spell(label), marker=marker, n=n, total=len(items))
            return _build_head(head, requirement)
        case Paper(text=text, title=title, notes=notes, marked_new=marked_new):
            titles = frozenset({fold(title)})
            return _build_leaf("paper", text, _key_of(requirement), titles, notes=notes, marked_new=marked_new)
        case Text(text=text, notes=notes, marked_new=marked_new):
            return _build_leaf("text", text, _key_of(requirement), notes=notes, marked_new=marked_new)
        case NoneRequired():
            return _build_leaf("none", "", _key_of(requirement))


def _build_head(row: Row, requirement: AllOf | Choose) -> Tree:
    options = tuple(map(_build_tree, requirement.items))
    return Tree(
        row=row,
        text=requirement.label or "",
        key=_key_of(requirement),
        titles=frozenset[str]().union(*(option.titles for option in options)),
        bigrams=frozenset[str]().union(*(option.bigrams for option in options)),
        children=(*options, *build_lines(requirement.notes, "note")),
    )


def _build_leaf(
    kind: RowKind,
    text: str,
    key: str,
    titles: frozenset[str] = frozenset(),
    *,
    notes: Sequence[str] = (),
    marked_new: bool = False,
) -> Tree:
    return Tree(
        row=Row(depth=0, kind=kind, spans=_spell(text), marked_new=marked_new),
        text=text,
        key=key,
        titles=titles,
        bigrams=frozenset("".join(pair) for pair in pairwise(f"^{fold(text)}$")),
        children=build_lines(notes, "note"),
    )


def _key_of(requirement: Requirement) -> str:
    """What the requirement asks with its notes, in the one notion of form that the differ has too."""
    notes = sorted(fold_words(note) for note in _list_notes(requirement))
    return json.dumps([fold_requirement(requirement), notes], ensure_ascii=False, sort_keys=True)


def _list_notes(requirement: Requirement) -> Iterator[str]:
    if isinstance(requirement, NoneRequired):
        return
    yield from requirement.notes
    if isinstance(requirement, AllOf | Choose):
        for item in requirement.items:
            yield from _list_notes(item)


def _spell(text: str | None) -> tuple[Span, ...]:
    return split_spans([("keep", text or "")])
