"""The values of a category's fields as lines of plain text, verbatim: what a text difference is made of."""

from __future__ import annotations

from typing import assert_never

from snapshots.category import Attribute, Note, Reference
from snapshots.folding import fold_characters
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

Value = (
    Requirement | str | bool | tuple[str, ...] | tuple[Note, ...] | tuple[Reference, ...] | tuple[Attribute, ...] | None
)

_JOINTS = frozenset({"或", "或者", "及", "以及", "和", "与", "/", "、"})
"""Markers of a list that stands within one line of the page: 《A》或《B》."""


def requirement_lines(requirement: Requirement | None, depth: int = 0) -> tuple[str, ...]:
    """One line for each leaf and each list's head, indented by depth, in the page's words; notes stand at their place.

    A list that the page gives no words of its own has no head. None required is `/`, as a catalogue's cell has it.
    """
    indent = "  " * depth
    match requirement:
        case None:
            return ()
        case NoneRequired():
            return (f"{indent}/",)
        case Paper(text=text, notes=notes) | Text(text=text, notes=notes):
            return (f"{indent}{text}", *_note_lines(notes, depth + 1))
        case AllOf(notes=notes) | Choose(notes=notes):
            if (joined := _join_line(requirement)) is not None:
                return (f"{indent}{joined}",)
            head = " ".join(word for word in (requirement.label, requirement.marker) if word)
            below = depth + 1 if head else depth
            items = (line for item in requirement.items for line in requirement_lines(item, below))
            return (*((f"{indent}{head}",) if head else ()), *items, *_note_lines(notes, below))
        case _:
            assert_never(requirement)


def value_text(value: Value) -> str:
    """The value as text: lists have a line for each item; None and an empty list are the empty text."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case tuple():
            return "\n".join(_item_text(item) for item in value)
        case _:
            return "\n".join(requirement_lines(value))


def _join_line(requirement: Requirement) -> str | None:
    """The line 《A》或《B》 that was taken apart into a list, or None for any other list."""
    match requirement:
        case Paper(text=text, notes=()) | Text(text=text, notes=()):
            return text
        case (
            AllOf(label=None, marker=str() as marker, items=items, notes=())
            | Choose(label=None, marker=str() as marker, items=items, notes=())
        ) if fold_characters(marker) in _JOINTS:
            parts = [_join_line(item) for item in items]
            return None if None in parts else marker.join(part for part in parts if part is not None)
        case _:
            return None


def _item_text(item: str | Note | Reference | Attribute) -> str:
    match item:
        case str():
            return item
        case Note(text=text):
            return text
        case Reference(condition=condition, text=text, role=role):
            return " ".join(part for part in (condition, text, role) if part)
        case Attribute(name=name, value=value):
            return f"{name}: {value}"


def _note_lines(notes: tuple[str, ...], depth: int) -> tuple[str, ...]:
    return tuple(f"{'  ' * depth}注: {note}" for note in notes)
