"""Portfolio files: a TOML file of [[program]] tables, or a CSV file of one program a row (portfolio_csv.py)."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

from differ.impact.portfolio import HeldPaper, Portfolio, Program
from noticediff.config import show_value, split_line, suggest_name
from snapshots.category import EntityType
from snapshots.errors import UsageError

_T = TypeVar("_T")

MOST_COPIES = 99
"""The largest number of one paper that is asked for anywhere is 2."""


def load_portfolio(path: Path) -> Portfolio:
    """The programs in the file; raises UsageError naming file, line and key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text") from error
    if path.suffix.lower() == ".csv":
        from noticediff.portfolio_csv import parse_rows  # noqa: PLC0415 - its checks are these below

        return check_portfolio(parse_rows(text, path), path)
    return check_portfolio(parse_portfolio(text, path), path)


def parse_portfolio(text: str, path: Path) -> list[Program]:
    """The programs that the TOML text states."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, line = split_line(str(error))
        raise UsageError(f"{path}{line}: is not TOML: {reason}") from error
    return _Reader(path, text).read_programs(table)


def check_portfolio(programs: list[Program], path: Path) -> Portfolio:
    """The portfolio of these programs; raises UsageError where it has none, or one twice."""
    if not programs:
        raise UsageError(f"{path}: there is no program in it")
    seen: set[tuple[str, str | None, EntityType | None]] = set()
    for program in programs:
        identity = (program.name, program.platform, program.entity_type)
        if identity in seen:
            raise UsageError(f"{path}:{program.line}: there is already a program '{program.name}'")
        seen.add(identity)
    return Portfolio(tuple(programs))


def read_entity_type(value: object) -> EntityType:
    """The kind of applicant; raises ValueError with what it may be."""
    known = get_args(EntityType)
    for name in known:
        if value == name:
            found: EntityType = name
            return found
    near = suggest_name(value, known) if isinstance(value, str) else ""
    raise ValueError(f"is one of {', '.join(known)}, not {show_value(value)}{near}")


class _Reader:
    """The checks of one file; each failure is said with the line where the key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.starts = [number for number, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*program\s*\]\]", line)]

    def read_programs(self, table: dict[str, Any]) -> list[Program]:
        self._check_keys(table, ("program",), "a portfolio", None)
        tables = table.get("program", [])
        if not isinstance(tables, list) or not all(isinstance(program, dict) for program in tables):
            raise self._error("program", None, "a program begins with [[program]]")
        return [self._read_program(program, number) for number, program in enumerate(tables)]

    def _read_program(self, table: dict[str, Any], number: int) -> Program:
        name = table.get("name")
        if not isinstance(name, str) or not name.strip():
            raise self._error("name", number, 'a program needs a name: name = "…"')
        subject = f"program '{name}'"
        self._check_keys(table, _PROGRAM_KEYS, subject, number)
        if not table.get("categories"):
            raise self._error("categories", number, f'{subject} needs categories: categories = ["…-…"]')
        papers = table.get("papers", [])
        if not isinstance(papers, list):
            raise self._error("papers", number, f"{subject}: 'papers' is a list of papers")
        return Program(
            name=name,
            platform=self._read(table, "platform", subject, number, _read_text),
            entity_type=self._read(table, "entity_type", subject, number, read_entity_type),
            categories=self._read(table, "categories", subject, number, _read_texts) or (),
            papers=tuple(self._read_paper(paper, subject, number) for paper in papers),
            cases=self._read(table, "cases", subject, number, _read_texts) or (),
            line=self._find_line("name", number),
        )

    def _read_paper(self, paper: object, subject: str, number: int) -> HeldPaper:
        if isinstance(paper, str) and paper.strip():
            return HeldPaper(title=strip_title(paper))
        if not isinstance(paper, dict):
            raise self._error("papers", number, f"{subject}: a paper is a text or a table, not {show_value(paper)}")
        title = paper.get("title")
        if not isinstance(title, str) or not title.strip():
            raise self._error("papers", number, f'{subject}: a paper needs a title: {{title = "…"}}')
        whose = f"{subject}, paper '{title}'"
        self._check_keys(paper, _PAPER_KEYS, whose, number, title)
        return HeldPaper(
            title=strip_title(title),
            holder=self._read(paper, "holder", whose, number, _read_text),
            qualifier=self._read(paper, "qualifier", whose, number, _read_text),
            count=self._read(paper, "count", whose, number, _read_count),
            expires=self._read(paper, "expires", whose, number, _read_day),
        )

    def _read(
        self, table: dict[str, Any], key: str, subject: str, number: int, read: Callable[[object], _T]
    ) -> _T | None:
        if key not in table:
            return None
        try:
            return read(table[key])
        except ValueError as error:
            title = table.get("title") if read in {_read_count, _read_day} else None
            raise self._error(key, number, f"{subject}: '{key}' {error}", title) from error

    def _check_keys(
        self, table: dict[str, Any], known: Iterable[str], subject: str, number: int | None, title: str | None = None
    ) -> None:
        for key in table:
            if key not in known:
                message = f"{subject} has no key '{key}'{suggest_name(key, known)}"
                raise self._error(key, number, message, title)

    def _error(self, key: str, number: int | None, message: str, title: str | None = None) -> UsageError:
        line = self._find_line(key, number, title)
        return UsageError(f"{self.path}{'' if line is None else f':{line}'}: {message}")

    def _find_line(self, key: str, number: int | None, title: str | None = None) -> int | None:
        """The line of the key in the program of that number (None: before the first), or of the program's beginning.

        A paper is a table within a line as a rule; of several that have the key, the one of that title is meant.
        """
        bounds = [*self.starts, len(self.lines)]
        if number is not None and number >= len(self.starts):
            return None
        start, end = (0, bounds[0]) if number is None else (bounds[number], bounds[number + 1])
        stated = re.compile(rf"(?:^\s*\[*|[{{,])\s*['\"]?{re.escape(key)}['\"]?\s*[=.\]]")
        found = [place for place in range(start, end) if stated.search(self.lines[place])]
        of_title = [place for place in found if title is not None and title in self.lines[place]]
        for place in (*of_title, *found):
            return place + 1
        return None if number is None else start + 1


_PROGRAM_KEYS = ("name", "platform", "entity_type", "categories", "papers", "cases")
_PAPER_KEYS = ("title", "holder", "qualifier", "count", "expires")


def strip_title(title: str) -> str:
    """The title without the brackets 《》 around it."""
    found = re.fullmatch(r"\s*《([^《》]+)》\s*", title)
    return found[1] if found else title.strip()


def _read_text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"is a text, not {show_value(value)}")
    return value


def _read_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise ValueError(f"is a list of texts, not {show_value(value)}")
    return tuple(dict.fromkeys(one.strip() for one in value))


def _read_count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_COPIES:
        raise ValueError(f"is a number from 1 to {MOST_COPIES}, not {show_value(value)}")
    return value


def _read_day(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ValueError(f"is a day like 2027-03-31, without quotes, not {show_value(value)}")
