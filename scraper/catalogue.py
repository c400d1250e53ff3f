"""A catalogue page to a document: headings for entity type and level 1, tables for the rest.

「非個人主體小程序開放的服務類目」 / 「物流服務」 / 二級分類 | 三級分類 | 資質要求 | 類目適用范圍 | 備注
"""

from __future__ import annotations

import datetime as dt
import re

from msgspec import structs

from scraper.entries import EntryDraft, build_entry
from scraper.ledger import Ledger
from scraper.lines import Line
from scraper.profile import CatalogueWords, Column, Profile
from scraper.tables import Row, build_table, find_column
from snapshots.category import CategoryPath, EntityType
from snapshots.errors import PageRefusedError
from snapshots.notice import Document, NoticeEntry, Scope
from snapshots.period import InForce
from snapshots.requirement import NoneRequired

_LEVELS: tuple[Column, ...] = ("level1", "level2", "level3")
_ANCHOR = re.compile(r"^(?:\[?#\]?(?:\(#[^)]*\))?\s*)+")


def is_catalogue(lines: tuple[Line, ...], profile: Profile) -> bool:
    """Whether the page says that it lists all open categories, and has a table that could be the list."""
    words = profile.catalogue
    return (
        words is not None
        and any(line.heading and words.complete in line.folded for line in lines)
        and any(line.cell is not None and line.cell.row == 0 and find_column(line, profile) for line in lines)
    )


def parse_catalogue(
    page: str, lines: tuple[Line, ...], profile: Profile, ledger: Ledger, captured: dt.date | None
) -> Document:
    """The catalogue that the page lists; raises PageRefusedError where its tables hold no category."""
    words = profile.catalogue
    if words is None:
        raise PageRefusedError(page, f"profile {profile.name} knows no catalogues")
    reader = _Reader(profile, words, ledger)
    for line in lines:
        reader.read(line)
    reader.close_table()
    if not reader.entries:
        raise PageRefusedError(page, "its tables hold no category; the content is gone or the layout is not known")
    return Document(
        kind="catalogue",
        title=reader.title,
        platform=profile.platform,
        in_force=InForce(captured, "captured") if captured else None,
        complete_for=tuple(Scope(entity_type=entity_type) for entity_type in reader.scopes),
        preamble=tuple(reader.preamble),
        entries=tuple(reader.entries),
    )


class _Reader:
    """Reads headings as they come and gathers each table's cells until the table ends."""

    def __init__(self, profile: Profile, words: CatalogueWords, ledger: Ledger) -> None:
        self._profile = profile
        self._words = words
        self._ledger = ledger
        self._entity_type: EntityType | None = None
        self._level1: str | None = None
        self._table: list[Line] = []
        self.title: str | None = None
        self.scopes: list[EntityType | None] = []
        self.preamble: list[str] = []
        self.entries: list[NoticeEntry] = []

    def read(self, line: Line) -> None:
        """Take the next line of the page."""
        if line.cell is not None:
            if self._table and self._table[-1].cell is not None and self._table[-1].cell.table != line.cell.table:
                self.close_table()
            if self._level1 is None and self.title is None:
                self._ledger.leave_outside(line)
            else:
                self._table.append(line)
            return
        self.close_table()
        if line.heading:
            self._read_heading(line)
        elif self.title is not None and not self.scopes:
            self.preamble.append(line.text)
            self._ledger.claim(line, "preamble")
        else:
            self._ledger.leave_outside(line)

    def close_table(self) -> None:
        """Read the table that was gathered."""
        lines, self._table = self._table, []
        if not lines:
            return
        table = build_table(lines, self._profile)
        if not {"level1", "level2"} & set(table.columns.values()):
            for line in lines:
                self._ledger.report(line, "unknown-table", "no column of this table names a category")
            return
        for line in table.header:
            self._ledger.claim(line, "column heading")
        for row in table.rows:
            self._read_row(row, has_level1="level1" in table.columns.values())

    def _read_heading(self, line: Line) -> None:
        words = _ANCHOR.sub("", line.text).strip()
        folded = line.folded
        if self._words.complete in folded:
            self._ledger.claim(line, "heading")
            entity_type = self._read_entity_type(folded)
            if entity_type is None and self.title is None:
                self.title = words
                return
            self._entity_type, self._level1 = entity_type, None
            self.title = self.title or words
            if entity_type not in self.scopes:
                self.scopes.append(entity_type)
        elif self.title is None:
            self._ledger.leave_outside(line)
        else:
            self._level1 = words
            self._ledger.claim(line, "heading")

    def _read_entity_type(self, folded: str) -> EntityType | None:
        spellings = [(spelling, name) for name, all_ in self._profile.entity_types.items() for spelling in all_]
        for spelling, name in sorted(spellings, key=lambda pair: -len(pair[0])):
            if spelling in folded:
                return name
        return None

    def _read_row(self, row: Row, *, has_level1: bool) -> None:
        names = (None if has_level1 else self._level1, *(row.name_in(level) for level in _LEVELS))
        path = tuple(name for name in names if name)
        if row.is_short:
            for line in row.lines:
                self._ledger.report(line, "short-row", "the row has lost cells; which ones, the page does not tell")
        elif len(path) < 2:  # noqa: PLR2004 - a row names at least one level below the heading
            for line in row.lines:
                self._ledger.report(line, "unnamed-row", "the row has lost its category's name")
        else:
            self._add_entry(path, row)

    def _add_entry(self, path: CategoryPath, row: Row) -> None:
        named = row.cells
        for level in _LEVELS:
            for line in named.get(level, ()):
                self._ledger.claim(line, "path")
        numbers = [line.number for line in row.lines]
        draft = EntryDraft(
            opening=tuple(row.lines),
            action="listed",
            entity_type=self._entity_type,
            path=path,
            first=min(numbers),
            last=max(numbers),
            requirement=named.get("requirement"),
            scope=[line for line in named.get("scope", ()) if line.text != "/"],
            remarks=[line for line in named.get("remark", ()) if line.text != "/"],
        )
        blocks: tuple[Column, ...] = ("scope", "remark")
        for block in blocks:
            for line in named.get(block, ()):
                self._ledger.claim(line, block)
        entry = build_entry(draft, self._profile, self._ledger)
        if entry.requirement is None and not entry.application and self._words.empty_requirement == "none":
            entry = structs.replace(entry, requirement=NoneRequired())
        for line in row.lines:
            self._ledger.claim(line, "cell")
        self.entries.append(entry)
