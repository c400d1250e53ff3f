"""The blocks of a category to the lines that a page has for them."""

from __future__ import annotations

from benchmarks.made_categories import MadeCategory
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

_STYLES = (
    tuple(f"{sign}、" for sign in "一二三四五六七八九十"),
    tuple(f"{number}、" for number in range(1, 30)),
    tuple("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"),
    tuple(f"({number})" for number in range(1, 30)),
    tuple(f"{letter}." for letter in "abcdefgh"),
)
_JOINTS = ("或", "及", "和", "与", "以及", "、", "/")


def render_requirement(made: MadeCategory) -> list[str]:
    """The lines of a category's requirement: how to apply, then the tree."""
    if isinstance(made.requirement, NoneRequired):
        return [*made.application, "/"]
    return [*made.application, *_render_tree(made.requirement, _STYLES, "")]


def render_scope(made: MadeCategory) -> list[str]:
    """The lines of a category's scope and of its notes, numbered where there are several."""
    lines = made.scope.split("\n") if made.scope else []
    if len(made.notes) == 1:
        return [*lines, f"注:{made.notes[0]}"]
    signs = _STYLES[2] if len(made.notes) <= len(_STYLES[2]) else _STYLES[1]
    return [*lines, *(["注:"] if made.notes else []), *map("".join, zip(signs, made.notes, strict=False))]


def _render_tree(node: Requirement | None, styles: tuple[tuple[str, ...], ...], sign: str) -> list[str]:
    match node:
        case AllOf(marker=marker) | Choose(marker=marker) if marker in _JOINTS:
            return [sign + _render_joined(node), *_render_notes(node, styles)]
        case AllOf() | Choose():
            label = f"{node.label}," if node.label and node.marker else node.label or ""
            lines = [f"{sign}{label}{node.marker or ''}:"] if label or node.marker or sign else []
            for own, item in zip(styles[0], node.items, strict=False):
                lines += _render_tree(item, styles[1:], own)
            return [*lines, *_render_notes(node, styles)]
        case Paper(text=text) | Text(text=text):
            return [*(sign + text).split("\n"), *_render_notes(node, styles)]
        case _:
            return []


def _render_joined(node: Requirement) -> str:
    match node:
        case AllOf(marker=marker, items=items) | Choose(marker=marker, items=items):
            return (marker or "").join(map(_render_joined, items))
        case Paper(text=text) | Text(text=text):
            return text
        case _:
            return ""


def _render_notes(node: AllOf | Choose | Paper | Text, styles: tuple[tuple[str, ...], ...]) -> list[str]:
    """The notes of a list: one behind 注, several numbered as the list's items are where a count parts them."""
    if isinstance(node, Choose) and len(node.notes) > 1:
        return ["注:", *(own + note for own, note in zip(styles[0], node.notes, strict=False))]
    return [f"注:{note}" for note in node.notes]
