"""The tables [[override]] and [[moved]] of a configuration.

[[override]]                               [[moved]]
page = "2025Q1.html"                       from = "教育服务 > 素质教育"
line = 42                                  to = "教育服务 > 非学科类培训机构"
field = "scope"                            because = "the same scope, and every reference names the new one"
value = "适用于提供宠物寄养等服务"
because = "the cell is cut off on the page"
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from noticediff.corrections import CORRECTED_FIELDS, Corrections, Override, ReviewedMove, split_path
from snapshots.category import EntityType
from snapshots.errors import UsageError

OVERRIDE_KEYS = ("page", "line", "field", "value", "because")
MOVED_KEYS = ("from", "to", "because", "platform", "entity_type", "since")
MOVED_NEEDS = ("from", "to", "because")
_SHORTEST_HASH = 8


def read_corrections(table: Mapping[str, Any], path: Path, lines: Sequence[str]) -> Corrections:
    """The corrections that the configuration states; raises UsageError naming file, line and key."""
    reader = _Reader(path, lines)
    return Corrections(
        name=str(path),
        overrides=tuple(
            reader.read_override(found, number) for number, found in enumerate(reader.list_tables(table, "override"))
        ),
        moves=tuple(reader.read_move(found, number) for number, found in enumerate(reader.list_tables(table, "moved"))),
    )


class _Reader:
    """The checks of one file's corrections; each failure is said with the line where its table begins."""

    def __init__(self, path: Path, lines: Sequence[str]) -> None:
        self._path = path
        self._lines = lines

    def list_tables(self, table: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        tables = table.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(found, dict) for found in tables):
            raise UsageError(f"{self._path}: a table '{name}' begins with [[{name}]]")
        return tables

    def read_override(self, table: dict[str, Any], number: int) -> Override:
        self._check(table, "override", number, known=OVERRIDE_KEYS, needed=OVERRIDE_KEYS)
        self._check_texts(table, "override", number, ("page", "field", "because"))
        if table["field"] not in CORRECTED_FIELDS:
            near = difflib.get_close_matches(table["field"], CORRECTED_FIELDS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"one of {', '.join(CORRECTED_FIELDS)}"
            raise self._error("override", number, f"an override cannot state '{table['field']}'; {hint}")
        if not isinstance(table["line"], int) or isinstance(table["line"], bool) or table["line"] < 1:
            raise self._error("override", number, "'line' is the number of a line")
        if re.fullmatch(r"[0-9a-fA-F]*", table["page"]) and len(table["page"]) < _SHORTEST_HASH:
            raise self._error("override", number, f"'page' is a name, or at least {_SHORTEST_HASH} digits of a sha256")
        return Override(**table)

    def read_move(self, table: dict[str, Any], number: int) -> ReviewedMove:
        self._check(table, "moved", number, known=MOVED_KEYS, needed=MOVED_NEEDS)
        self._check_texts(table, "moved", number, ("from", "to", "because", "platform"))
        if table.get("entity_type") not in {None, *get_args(EntityType)}:
            raise self._error("moved", number, f"'entity_type' is one of {', '.join(get_args(EntityType))}")
        since = table.get("since")
        if since is not None and type(since) is not dt.date:
            raise self._error("moved", number, "'since' is a day: since = 2026-07-29")
        return ReviewedMove(
            from_path=split_path(table["from"]),
            to_path=split_path(table["to"]),
            because=table["because"],
            platform=table.get("platform"),
            entity_type=table.get("entity_type"),
            since=since,
            line=self._find_line("moved", number),
        )

    def _check(
        self, table: dict[str, Any], name: str, number: int, *, known: Sequence[str], needed: Sequence[str]
    ) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                raise self._error(name, number, f"[[{name}]] has no key '{key}'{hint}")
        for key in needed:
            if key not in table:
                raise self._error(name, number, f"[[{name}]] needs '{key}'")

    def _check_texts(self, table: dict[str, Any], name: str, number: int, keys: Sequence[str]) -> None:
        for key in keys:
            if key in table and (not isinstance(table[key], str) or not table[key].strip()):
                raise self._error(name, number, f"[[{name}]]: '{key}' is a text")

    def _error(self, name: str, number: int, message: str) -> UsageError:
        line = self._find_line(name, number)
        return UsageError(f"{self._path}{'' if line is None else f':{line}'}: {message}")

    def _find_line(self, name: str, number: int) -> int | None:
        """The line at which the table of that number begins."""
        opens = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
        begins = [line for line, text in enumerate(self._lines, 1) if opens.match(text)]
        return begins[number] if number < len(begins) else None
