"""What stands twice on a page: a line that a copy has doubled, or one that has taken another's place.

Nobody writes 「适用于甲。」 twice in one cell, or the same category twice with the same words. Which of the two should
have said something else, the page does not tell, so each is kept and the second is a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import structs

from scraper.ledger import Ledger
from scraper.page.lines import Line
from snapshots.notice import NoticeEntry, Problem


def report_doubles(lines: Sequence[Line], entries: Iterable[NoticeEntry], ledger: Ledger) -> None:
    """Tell of the lines and of the entries that stand twice."""
    for before, line, problem in _find_double_lines(lines):
        if not ledger.is_outside(before):
            ledger.add_inside(line, problem)
    for problem in _find_double_entries(entries, lines):
        ledger.add(problem)


def _find_double_lines(lines: Sequence[Line]) -> Iterator[tuple[Line, Line, Problem]]:
    """The pairs of lines that say the same, in one cell or both in none, each with its problem."""
    for before, line in pairwise(lines):
        if line.folded == before.folded and line.cell == before.cell and _says_something(line):
            message = "the line stands twice, one below the other; one of them may stand for another"
            yield before, line, Problem(line=line.number, text=line.text, code="repeated-line", message=message)


def _says_something(line: Line) -> bool:
    return line.cell is not None or any(letter.isalnum() for letter in line.text)


def _find_double_entries(entries: Iterable[NoticeEntry], lines: Iterable[Line]) -> Iterator[Problem]:
    """A problem for each entry that says of a category what an entry before it says, word by word."""
    told: dict[tuple[str, str], list[NoticeEntry]] = {}
    texts: dict[int, str] | None = None
    for entry in entries:
        if not entry.path:
            continue  # of categories whose names are lost nothing says that they are one
        same = told.setdefault((entry.action, entry.key), [])
        bare = structs.replace(entry, lines=(0, 0))
        if bare in same:
            texts = texts or {line.number: line.text for line in lines}
            message = "the page says this of the category twice; one of them may stand for another category"
            number = entry.lines[0]
            yield Problem(line=number, text=texts[number], code="repeated-entry", message=message)
        same.append(bare)
