"""What each part of a requirement's list became: found by walking over the list beside the parts that it was read from.

The items of a list stand in it in the order of the page, so that one walk pairs both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, Self, TypeVar

from scraper.explain import Role
from scraper.requirement.note_runs import read_note
from snapshots.folding import fold_characters
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement


class ListPart(NamedTuple):
    """A line of a list, or one item of a line that holds several; `sign` is its enumerator."""

    line: int
    text: str
    sign: str


class ListItem(Protocol):
    """An item as a list's reader has it: its words without the enumerator and the marker."""

    line: int
    text: str

    @property
    def children(self) -> Sequence[Self]:
        """The items below it."""


_Item = TypeVar("_Item", bound=ListItem)


def explain_list(
    parts: Iterable[ListPart], root: _Item, notes: Collection[str], build: Callable[[_Item], Requirement]
) -> Iterator[Role]:
    """A role for each part; `build` gives the node that an item became."""
    items = list(_walk_items(root, 0))
    place = 0
    for part in parts:
        item, depth = items[place] if place < len(items) else (None, 0)
        if item is not None and item.line == part.line and item.text.split("\n", 1)[0] in part.text:
            place += 1
            what = f"{part.sign} {_name_node(build(item))}".lstrip()
            yield Role(part.line, part.text, "requirement", what, depth)
        else:
            is_note = read_note(fold_characters(part.text)) is not None or any(
                part.text.endswith(note) for note in notes
            )
            yield Role(part.line, part.text, "requirement", "note" if is_note else "continued")


def _walk_items(item: _Item, depth: int) -> Iterator[tuple[_Item, int]]:
    """The items with their depths in the order of the page; the root only where a line of its own heads the list."""
    if item.line:
        yield item, depth
        depth += 1
    for child in item.children:
        yield from _walk_items(child, depth)


def _name_node(node: Requirement) -> str:
    """A list with what it asks for and its marker, or a leaf."""
    match node:
        case Choose(n=n, items=items, marker=marker):
            return f"{n} of {len(items)}{f' {marker}' if marker else ''}"
        case AllOf(marker=marker):
            return f"all of{f' {marker}' if marker else ''}"
        case Paper():
            return "paper"
        case NoneRequired():
            return "none required"
        case _:
            return "text"
