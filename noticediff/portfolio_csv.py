"""Portfolios as CSV: one program a row, under a line that names the columns.

    name        what the program is called; needed
    platform    default: the only one known
    entity_type personal, non_personal or overseas
    categories  paths, parted by ; or |; needed
    papers      titles, parted by ; or |, with a last day where they have one: 食品经营许可证 until 2027-03-31
    cases       the kinds of applicant that it is, parted by ; or |

Whose a paper is, what it says and how many there are can be stated in TOML only.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from differ.impact.portfolio import HeldPaper, Program
from noticediff.config import suggest_name
from noticediff.portfolio import read_entity_type, strip_title
from snapshots.errors import UsageError

COLUMNS = ("name", "platform", "entity_type", "categories", "papers", "cases")
_NEEDED = ("name", "categories")
_SEPARATOR = re.compile(r"[;；|｜]")
_UNTIL = re.compile(r"(?P<title>.+?)\s+until\s+(?P<day>\S+)", re.DOTALL)
_T = TypeVar("_T")


def parse_rows(text: str, path: Path) -> list[Program]:
    """The programs of the rows; raises UsageError naming file, line and column."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    programs = []
    header: list[str] | None = None
    try:
        for cells in reader:
            where = f"{path}:{reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _read_header(cells, where)
            elif len(cells) > len(header):
                raise UsageError(
                    f"{where}: {len(cells)} cells under {len(header)} columns; a comma needs quotes around it"
                )
            else:
                row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
                programs.append(_read_row(row, where, reader.line_num))
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.line_num}: is not CSV: {error}") from error
    return programs


def _read_header(cells: list[str], where: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    for number, name in enumerate(names):
        if name not in COLUMNS:
            raise UsageError(f"{where}: there is no column '{name}'{suggest_name(name, COLUMNS)}")
        if name in names[:number]:
            raise UsageError(f"{where}: the column '{name}' is there twice")
    for name in _NEEDED:
        if name not in names:
            raise UsageError(f"{where}: the column '{name}' is needed; the columns are {', '.join(COLUMNS)}")
    return names


def _read_row(row: dict[str, str], where: str, line: int) -> Program:
    for name in _NEEDED:
        if not row.get(name):
            raise UsageError(f"{where}: '{name}' is empty; a program needs one")

    def read(key: str, read_cell: Callable[[str], _T]) -> _T | None:
        try:
            return read_cell(row[key]) if row.get(key) else None
        except ValueError as error:
            raise UsageError(f"{where}: program '{row['name']}': '{key}' {error}") from error

    return Program(
        name=row["name"],
        platform=row.get("platform") or None,
        entity_type=read("entity_type", read_entity_type),
        categories=_split_cell(row["categories"]),
        papers=read("papers", _read_papers) or (),
        cases=_split_cell(row.get("cases", "")),
        line=line,
    )


def _split_cell(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in _SEPARATOR.split(cell) if part.strip()))


def _read_papers(cell: str) -> tuple[HeldPaper, ...]:
    return tuple(_read_paper(part) for part in _split_cell(cell))


def _read_paper(part: str) -> HeldPaper:
    dated = _UNTIL.fullmatch(part)
    if dated is None:
        return HeldPaper(title=strip_title(part))
    try:
        return HeldPaper(title=strip_title(dated["title"]), expires=dt.date.fromisoformat(dated["day"]))
    except ValueError as error:
        raise ValueError(f"has '{part}': until is followed by a day like 2027-03-31") from error
