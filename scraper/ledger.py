"""The ledger of a page: which line went where, so that nothing is lost and nothing is counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scraper.explain import ExplainedLine, Role, explain_lines
from scraper.page.lines import Line
from snapshots.notice import Accounting, Problem

_Key = Line | tuple[int, str] | int
"""What is said of a line is found by itself, by its number and words, or by its number alone."""


class Ledger:
    """Keeps, for each line of the page, the place that claimed it.

    `roles` gathers what the words of a block became, for an explanation; None: nobody asks for one.
    """

    def __init__(self, lines: tuple[Line, ...], *, explains: bool = False) -> None:
        self.roles: list[Role] | None = [] if explains else None
        self._claims: dict[_Key, str] = {}
        self._entries: dict[_Key, list[int]] = {}
        self._entry = 0
        self._lines = lines
        self._places: dict[int, str] = {}
        self._outside: set[int] = set()
        self._problems: dict[Problem, None] = {}
        self.told = 0  # how often a problem was told, one that is known included

    def claim(self, line: Line, place: str) -> None:
        """Say where a line of the content went."""
        self._outside.discard(line.number)
        self._places.setdefault(line.number, place)
        if self.roles is not None:
            for key in _explained_keys(line):
                self._claims.setdefault(key, place)

    def claim_all(self, lines: Iterable[Line], place: str) -> None:
        """Say where lines of the content went, where nobody asks for an explanation."""
        numbers = [line.number for line in lines]
        self._outside.difference_update(numbers)
        for number in numbers:
            self._places.setdefault(number, place)

    def begin_entry(self, lines: Iterable[Line]) -> None:
        """Say which lines the next entry stands on, in page order; a cell that rows share belongs to several."""
        self._entry += 1
        if self.roles is not None:
            own = list(lines)
            numbers = dict.fromkeys(line.number for line in own)
            for key in (*(key for line in own for key in _explained_keys(line)), *numbers):
                self._entries.setdefault(key, []).append(self._entry)

    def leave_outside(self, line: Line) -> None:
        """Say that a line is not content: the site's chrome, its comments, its counters."""
        if line.number not in self._places:
            self._outside.add(line.number)

    def is_outside(self, line: Line) -> bool:
        """Whether a line is known to be no content."""
        return line.number in self._outside

    def leave_unseen(self, line: Line, why: str) -> None:
        """Say that the page's markup hides a line or strikes it out: it is not in force."""
        self.leave_outside(line)
        if self.roles is not None:
            self._claims[line] = f"outside: {why}"

    def report(self, line: Line, code: str, message: str) -> None:
        """Claim a line by saying that it was not understood."""
        self.claim(line, "problem")
        self.add(Problem(line=line.number, text=line.text, code=code, message=message))

    def add(self, problem: Problem) -> None:
        """Keep a problem about a line that has its place."""
        self.told += 1
        self._problems.setdefault(problem)

    def add_inside(self, line: Line, problem: Problem) -> None:
        """Keep a problem about a line, unless the line turned out to stand outside the content."""
        if line.number not in self._outside:
            self.add(problem)

    def settle(self) -> tuple[tuple[Problem, ...], Accounting]:
        """The problems in page order and the account; a line that nothing claimed becomes a problem here."""
        for line in self._lines:
            if line.number not in self._places and line.number not in self._outside:
                self.report(line, "unclaimed", "the line has no place in what was read")
        content = len({line.number for line in self._lines}) - len(self._outside)
        accounting = Accounting(
            content_lines=content,
            claimed=len(self._places),
            unclaimed=content - len(self._places),
            outside_content=len(self._outside),
        )
        return tuple(sorted(self._problems, key=lambda problem: problem.line)), accounting

    def explain(self) -> tuple[ExplainedLine, ...]:
        """What became of each line; of a page that is refused, some are not read."""
        runs = Counter(line.number for line in self._lines)
        places: dict[Line, str] = {}
        entries: dict[Line, list[int]] = {}
        for line in self._lines:
            outside = "outside" if line.number in self._outside else self._places.get(line.number, "not read")
            keys = _explained_keys(line)
            if runs[line.number] == 1:
                keys = (*keys, line.number)  # a line of several cells, which the reader has parted
            places[line] = next((self._claims[key] for key in keys if key in self._claims), outside)
            entries[line] = next((self._entries[key] for key in keys if key in self._entries), [])
        problems = sorted(self._problems, key=lambda problem: problem.line)
        return explain_lines(self._lines, places=places, roles=self.roles or (), entries=entries, problems=problems)


def _explained_keys(line: Line) -> tuple[_Key, ...]:
    """What is said of a line is found by the line or, where a reader has made another of it, by number and words."""
    return line, (line.number, line.text)
