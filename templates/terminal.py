"""Text for a terminal: colours, tree lines, and nothing of a page that could steer the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from markupsafe import Markup

from templates.filters import flatten_lines, join_lines
from templates.rows import Mark, Row, Span

Style = Literal[
    "title", "heading", "faint", "added", "removed", "paper",
    "tightened", "relaxed", "mixed", "equivalent", "unknown",
]  # fmt: skip
Side = Literal["old", "new"]
Paint = Callable[[str, Style], Markup]

_CODES: dict[Style, str] = {
    "title": "1", "heading": "1;36", "faint": "2", "added": "32", "removed": "31", "paper": "1",
    "tightened": "1;31", "relaxed": "32", "mixed": "1;33", "equivalent": "2", "unknown": "1;35",
}  # fmt: skip
_RAILS = {(True, False): "│  ", (False, False): "   ", (True, True): "├─ ", (False, True): "└─ "}


def keep_safe(value: Any) -> Any:
    """What a text template prints: Markup as it is, other text in one line and without control characters."""
    return Markup(flatten_lines(value)) if isinstance(value, str) and not isinstance(value, Markup) else value  # noqa: S704


def make_painter(color: bool) -> Paint:
    """The filter that colours a text, or leaves it plain."""

    def paint(text: str, style: Style) -> Markup:
        words = text if isinstance(text, Markup) else join_lines(text)
        return Markup(f"\x1b[{_CODES[style]}m{words}\x1b[0m" if color else words)  # noqa: S704 - controls are out

    return paint


def make_row_painter(color: bool) -> Callable[[Row, Side], Markup]:
    """The filter that gives the text of a row as one side has it, papers and differences coloured."""
    paint = make_painter(color)

    def paint_row(row: Row, side: Side) -> Markup:
        gone = "insert" if side == "old" else "delete"
        return Markup("").join(_paint_span(span, row, paint) for span in row.spans if span.change != gone)

    return paint_row


def draw_rails(row: Row) -> Markup:
    """The lines that lead from the head of a list to a row of it; nothing at the top."""
    last = len(row.rails) - 1
    rails = [_RAILS[follows, level == last] for level, follows in enumerate(row.rails) if level]
    return Markup("").join(rails)


def make_gutter_painter(color: bool) -> Callable[[Mark], Markup]:
    """The filter that gives the sign before a row: +, - or a space."""
    paint = make_painter(color)
    signs: dict[Mark, Markup] = {"added": paint("+", "added"), "removed": paint("-", "removed")}
    return lambda mark: signs.get(mark, Markup(" "))


def _paint_span(span: Span, row: Row, paint: Paint) -> Markup:
    if row.mark == "added" or span.change == "insert":
        return paint(span.text, "added")
    if row.mark == "removed" or span.change == "delete":
        return paint(span.text, "removed")
    return paint(span.text, "paper") if span.paper else Markup(join_lines(span.text))  # noqa: S704 - controls are out
