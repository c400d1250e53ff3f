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


def requirement_lines(requirement: Requirement | None) -> tuple[str, ...]:
    """One line for each leaf and each list's head, indented by depth, in the page's words; notes stand at their place.

    A list that the page gives no words of its own has no head. None required is `/`, as a catalogue's cell has it.
    """
    lines: list[str] = []
    if requirement is not None:
        _add_lines(lines, requirement, "")
    return tuple(lines)


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


def _add_lines(lines: list[str], requirement: Requirement, indent: str) -> None:
    match requirement:
        case Paper() | Text():
            lines.append(indent + requirement.text)
            if requirement.notes:
                lines += [f"{indent}  注: {note}" for note in requirement.notes]
        case AllOf() | Choose():
            if (joined := _join_line(requirement)) is not None:
                lines.append(indent + joined)
                return
            if head := " ".join(filter(None, (requirement.label, requirement.marker))):
                lines.append(indent + head)
                indent += "  "
            for item in requirement.items:
                _add_lines(lines, item, indent)
            if requirement.notes:
                lines += [f"{indent}注: {note}" for note in requirement.notes]
        case NoneRequired():
            lines.append(f"{indent}/")
        case _:
            assert_never(requirement)


def _join_line(requirement: Requirement) -> str | None:
    """The line 《A》或《B》 that was taken apart into a list, or None for any other list."""
    match requirement:
        case Paper() | Text():
            return None if requirement.notes else requirement.text
        case AllOf() | Choose():
            marker = requirement.marker
            if requirement.label is not None or marker is None or requirement.notes or not _is_joint(marker):
                return None
            parts = [_join_line(item) for item in requirement.items]
            return None if None in parts else marker.join(part for part in parts if part is not None)
        case _:
            return None


def _is_joint(marker: str) -> bool:
    return fold_characters(marker) in _JOINTS


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
