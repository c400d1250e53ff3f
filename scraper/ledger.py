"""The ledger of a page: which line went where, so that nothing is lost and nothing is counted twice."""

from __future__ import annotations

from scraper.lines import Line
from snapshots.notice import Accounting, Problem


class Ledger:
    """Keeps, for each line of the page, the place that claimed it."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self._lines = lines
        self._places: dict[int, str] = {}
        self._outside: set[int] = set()
        self._problems: dict[Problem, None] = {}

    def claim(self, line: Line, place: str) -> None:
        """Say where a line of the content went."""
        self._outside.discard(line.number)
        self._places.setdefault(line.number, place)

    def leave_outside(self, line: Line) -> None:
        """Say that a line is not content: the site's chrome, its comments, its counters."""
        if line.number not in self._places:
            self._outside.add(line.number)

    def report(self, line: Line, code: str, message: str) -> None:
        """Claim a line by saying that it was not understood."""
        self.claim(line, "problem")
        self.add(Problem(line=line.number, text=line.text, code=code, message=message))

    def add(self, problem: Problem) -> None:
        """Keep a problem about a line that has its place."""
        self._problems.setdefault(problem)

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
