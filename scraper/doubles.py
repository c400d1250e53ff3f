"""A line that stands twice on a page: a copy has doubled it, or it has taken another's place.

Nobody writes 「适用于甲。」 twice in one cell. Which of the two should have said something else, nothing tells, so
each is kept and the second is a problem. A category that comes twice with the same words is no such case: rows of
one path are one category, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, count
from operator import eq

from scraper.ledger import Ledger
from scraper.page.lines import Line
from snapshots.notice import Problem


def report_doubles(lines: Sequence[Line], ledger: Ledger) -> None:
    """Tell of the lines that stand twice, one below the other."""
    for before, line, problem in _find_double_lines(lines):
        if not ledger.is_outside(before):
            ledger.add_inside(line, problem)


def _find_double_lines(lines: Sequence[Line]) -> Iterator[tuple[Line, Line, Problem]]:
    """The pairs of lines that say the same, in one cell or both in none, each with its problem."""
    folded = [line.folded for line in lines]
    for place in compress(count(), map(eq, folded, folded[1:])):
        before, line = lines[place], lines[place + 1]
        if line.cell == before.cell and _says_something(line):
            message = "the line stands twice, one below the other; one of them may stand for another"
            yield before, line, Problem(line=line.number, text=line.text, code="repeated-line", message=message)


def _says_something(line: Line) -> bool:
    return line.cell is not None or any(letter.isalnum() for letter in line.text)
