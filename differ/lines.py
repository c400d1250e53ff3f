"""The values of a category's fields as lines of plain text, verbatim: what a text difference is made of."""

from __future__ import annotations

from typing import assert_never

from snapshots.category import Attribute, Note, Reference
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

Value = (
    Requirement | str | bool | tuple[str, ...] | tuple[Note, ...] | tuple[Reference, ...] | tuple[Attribute, ...] | None
)


def requirement_lines(requirement: Requirement | None, depth: int = 0) -> tuple[str, ...]:
    """One line for each leaf and each list's head, indented by depth; notes stand below their place."""
    indent = "  " * depth
    match requirement:
        case None:
            return ()
        case NoneRequired():
            return (f"{indent}/",)
        case Paper(text=text, notes=notes) | Text(text=text, notes=notes):
            return (f"{indent}{text}", *_note_lines(notes, indent))
        case AllOf(items=items, notes=notes) | Choose(items=items, notes=notes):
            head = " ".join(word for word in (requirement.label, _marker(requirement)) if word)
            below = tuple(line for item in items for line in requirement_lines(item, depth + 1))
            return (*((f"{indent}{head}",) if head else ()), *below, *_note_lines(notes, f"{indent}  "))
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


def _item_text(item: str | Note | Reference | Attribute) -> str:
    match item:
        case str():
            return item
        case Note(text=text):
            return text
        case Reference():
            targets = " / ".join("-".join(target) for target in item.targets)
            return f"{item.role or ''} {targets}" + (f" ({item.condition})" if item.condition else "")
        case Attribute(name=name, value=value):
            return f"{name}: {value}"


def _marker(node: AllOf | Choose) -> str | None:
    if node.marker is not None:
        return node.marker
    return (
        None
        if isinstance(node, AllOf) and node.label
        else "同时提供"
        if isinstance(node, AllOf)
        else f"{node.n}/{len(node.items)}"
    )


def _note_lines(notes: tuple[str, ...], indent: str) -> tuple[str, ...]:
    return tuple(f"{indent}注: {note}" for note in notes)
