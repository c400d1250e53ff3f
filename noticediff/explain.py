"""The explanation of a page as text: a row for each line, with what it became before its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from noticediff.inert import make_inert, make_line
from noticediff.plain import count_lines
from noticediff.widths import mark_place, measure_width, pad_text, wrap_text
from scraper.explain import ExplainedLine, Part
from scraper.parse import Explanation
from snapshots.notice import Problem, Reading

Style = Literal["faint", "heading", "requirement", "scope", "problem", "plain"]
Paint = Callable[[str, Style], str]
"""Colours words where the output goes to a terminal."""

_GAP = "  "
_WIDEST_LABEL = 40
_STYLES: dict[str, Style] = {
    "outside": "faint", "not read": "faint", "problem": "problem", "section": "heading", "entity type": "heading",
    "entity": "heading", "entry": "heading", "heading": "heading", "title": "heading",
}  # fmt: skip
_NAMES = {"problem": "not understood"}


def describe_explanation(explanation: Explanation, paint: Paint, *, width: int) -> str:
    """The page line by line: number, entry, what it became, its words; problems below their line, with a caret.

    A row is no wider than `width` columns. The last line is the account; a page that was refused has none.
    """
    lines = explanation.lines
    numbers = max(len(str(line.number)) for line in lines)
    entries = max(len(_name_entries(line)) for line in lines)
    labels = min(_WIDEST_LABEL, max(measure_width(_label_part(part)) for line in lines for part in line.parts))
    drawn = [f"profile: {make_line(explanation.profile)}", ""]
    for before, line in zip((None, *lines), lines, strict=False):
        number = "" if before is not None and before.number == line.number else str(line.number)
        left = f"{number:>{numbers}}{_GAP}{_name_entries(line):>{entries}}{_GAP}"
        for part in line.parts:
            drawn += _draw_part(part, left, labels, width, paint)
            left = " " * len(left)
        for problem in line.problems:
            drawn += _draw_problem(problem, len(left), width, paint)
    if isinstance(explanation.outcome, Reading):
        drawn += ["", count_lines(explanation.outcome)]
    return "".join(f"{row}\n" for row in drawn)


def _draw_part(part: Part, left: str, labels: int, width: int, paint: Paint) -> Iterator[str]:
    style = _choose_style(part)
    room = width - len(left) - labels - len(_GAP)
    label = pad_text(_label_part(part), labels) + _GAP
    for piece in wrap_text(make_line(part.text), room):
        yield paint(left, "faint") + paint(label, style) + (paint(piece, style) if style == "faint" else piece)
        left, label = " " * len(left), " " * (labels + len(_GAP))


def _draw_problem(problem: Problem, margin: int, width: int, paint: Paint) -> Iterator[str]:
    room = width - margin - len(_GAP)
    sign = "! "
    for piece in wrap_text(make_line(f"{problem.code}: {problem.message}"), room):
        yield " " * margin + paint(sign + piece, "problem")
        sign = _GAP
    if problem.start is not None:
        shown, carets = mark_place(make_inert(problem.text), problem.start, problem.end, room)
        yield " " * margin + _GAP + shown
        yield " " * margin + _GAP + paint(carets, "problem")


def _name_entries(line: ExplainedLine) -> str:
    """The entries of the line: `3`, or `3-6` for a cell that rows share."""
    entries = line.entries
    return f"{entries[0]}-{entries[-1]}" if len(entries) > 1 else "".join(map(str, entries))


def _label_part(part: Part) -> str:
    name = _NAMES.get(part.what, part.what)
    return _GAP * (part.depth + 1) + name if part.block is not None else name


def _choose_style(part: Part) -> Style:
    return part.block or _STYLES.get(part.what.partition(":")[0], "plain")
