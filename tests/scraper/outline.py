"""A requirement as an indented outline, to be read against a page; ⏎ stands where a leaf goes over several lines."""

from __future__ import annotations

from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text


def outline(requirement: Requirement | None, depth: int = 0) -> list[str]:
    indent = "  " * depth
    match requirement:
        case None:
            return [f"{indent}not stated"]
        case NoneRequired():
            return [f"{indent}none required"]
        case Paper():
            parts = [f"paper {requirement.title}"]
            parts += [
                f"{name}={value}"
                for name, value in (
                    ("label", requirement.label),
                    ("holder", requirement.holder),
                    ("qualifier", requirement.qualifier),
                    ("count", requirement.count),
                )
                if value
            ]
            return [indent + " | ".join(parts), *_notes(requirement.notes, depth)]
        case Text():
            shown = requirement.text.replace("\n", " ⏎ ")
            return [f"{indent}text {shown}", *_notes(requirement.notes, depth)]
        case AllOf() | Choose():
            head = "all of" if isinstance(requirement, AllOf) else f"choose {requirement.n}"
            words = [word for word in (head, requirement.label, requirement.marker) if word]
            lines = [indent + " | ".join(words)]
            for item in requirement.items:
                lines += outline(item, depth + 1)
            return [*lines, *_notes(requirement.notes, depth + 1)]


def _notes(notes: tuple[str, ...], depth: int) -> list[str]:
    return [f"{'  ' * depth}note {note}" for note in notes]
