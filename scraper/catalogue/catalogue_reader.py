"""The headings and tables of a list of categories, in the order of the page.

A title says whose categories follow, a heading over a table names their level 1. Where a heading has no table, or a
table no heading, something is lost, and that is a problem: the rows do not go to the heading before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.catalogue.catalogue_rows import Branch, RowReader, find_entity_types, is_name
from scraper.ledger import Ledger
from scraper.notice.frame import read_frame
from scraper.page.lines import Cell, Line
from scraper.profile.profile import CatalogueWords, Profile
from scraper.tables.tables import Table, build_table, find_unread_columns
from snapshots.notice import Problem

_SHORT = 8  # letters of what may be the rest of a name
_ANCHOR_BEGINS = ("#", "[")
_ANCHOR = re.compile(r"^(?:\[?#\]?(?:\(#[^)]*\))?\s*)+")


class CatalogueReader:
    """Reads headings, and the tables below them."""

    def __init__(self, lines: tuple[Line, ...], profile: Profile, words: CatalogueWords, ledger: Ledger) -> None:
        self._profile = profile
        self._words = words
        self._ledger = ledger
        # A page without marked headings has them as plain lines; where there are marked ones, a plain line is a link.
        self._is_marked = any(line.heading and words.opens_list(bare_heading(line.folded)) for line in lines)
        self._opening: Line | None = None  # the title that stands over what is read
        self._plain: list[Line] = []  # since the last heading or table
        self._has_marked_level1 = False
        self._is_aside = False
        self._waiting: Line | None = None  # a heading that named a level 1, and no table has followed
        self._depths: set[int] = set()  # of the headings that named a level 1 over a table
        self._early: list[tuple[Line, Branch]] = []  # those that waited in vain before the first of these
        self.rows = RowReader(profile, words, ledger)
        self.title: str | None = None
        self.claims_all = False
        self.preamble: list[str] = []

    def read_line(self, line: Line) -> None:
        """Take the next line that stands in no table."""
        if self._words.opens_list(bare_heading(line.folded)) and (line.heading or not self._is_marked):
            self._open_list(line)
        elif self._opening is None:
            self._ledger.leave_outside(line)
        elif (line.heading or not self._is_marked) and self._names_entity_type(line):
            self._open_list(line)
        elif line.heading:
            self._leave_plain()
            self._read_heading(line)
        else:
            self._plain.append(line)

    def _names_entity_type(self, line: Line) -> bool:
        """Whether a heading below the title says whose categories follow: 「个人主体」."""
        mark = read_frame(bare_heading(line.folded), self._profile)
        return mark is not None and mark.kind == "entity"

    def read_tables(self, lines: list[Line]) -> None:
        """Read the tables that follow each other here."""
        if self._opening is None:
            self._leave_tables(lines)
            return
        self._ledger.claim(self._opening, "heading")
        if self._waiting is not None:
            self._ledger.claim(self._waiting, "heading")
            self._depths.add(self._waiting.heading)
            self._waiting = None
            self._report_early()
        self._name_plainly()
        by_table = _group_tables(lines)
        tables = {number: build_table(cells, self._profile) for number, cells in by_table.items()}
        torn = _find_torn_rows(lines, {number for number, table in tables.items() if not _names_category(table)})
        for number, table in tables.items():
            self._read_table(by_table[number], table, {row for owner, row in torn if owner == number})
            self.rows.open_level1(None)  # a name stands over one table; that of the next may be lost
        self._has_marked_level1 = False

    def _leave_tables(self, lines: list[Line]) -> None:
        """Leave tables outside that stand above all titles; one of categories has lost its own."""
        for own in _group_tables(lines).values():
            is_list = _names_category(build_table(own, self._profile)) and len(own) > 1
            for line in own:
                if is_list:
                    message = "no title stands over this table; whose categories it lists is not known"
                    self._ledger.report(line, "untitled-table", message)
                else:
                    self._ledger.leave_outside(line)

    def finish(self) -> None:
        """Say where the last lines went, and what the page as a whole leaves open."""
        self._leave_plain()
        self._leave_waiting()
        for line, _ in self._early:
            self._ledger.leave_outside(line)
        self._leave_opening()

    def _open_list(self, line: Line) -> None:
        """A title, of the page or of one entity type; where the next has the same words, the first was a link."""
        folded = bare_heading(line.folded)
        if self._opening is not None and not self.rows.entries and bare_heading(self._opening.folded) == folded:
            for link in (self._opening, *self._plain):
                self._ledger.leave_outside(link)
            self._plain.clear()
        elif self._opening is not None:
            self._leave_plain()
            self._leave_waiting()
            self._leave_opening()
        self._opening = line
        self.title = self.title or bare_heading(line.text)
        self.claims_all = self.claims_all or self._words.claims_all(folded)
        self.rows.open_entity_type(next(iter(find_entity_types(folded, self._profile)), None))
        self._has_marked_level1 = False
        self._is_aside = False

    def _read_heading(self, line: Line) -> None:
        place = self._words.find_level1(bare_heading(line.folded))
        name = None if place is None else bare_heading(line.text)[place[0] : place[1]].strip()
        self._leave_waiting()
        self.rows.open_level1(name)
        self._has_marked_level1 = name is not None
        self._is_aside = name is None
        if name is None:
            self._ledger.claim(line, "heading")
        else:
            self._waiting = line

    def _leave_waiting(self) -> None:
        """Say of a heading that no table followed that its rows are lost, if others like it have tables."""
        line, self._waiting = self._waiting, None
        if line is None:
            return
        if self._profile.tail_pattern.match(line.folded):
            self._ledger.leave_outside(line)
            return
        if line.heading in self._depths:
            self._report_empty(line, self.rows.branch)
        else:
            self._early.append((line, self.rows.branch))

    def _report_early(self) -> None:
        for line, branch in self._early:
            if line.heading in self._depths:
                self._report_empty(line, branch)
            else:
                self._ledger.claim(line, "heading")
        self._early.clear()

    def _report_empty(self, line: Line, branch: Branch) -> None:
        self._ledger.report(line, "empty-section", "no table stands below this heading; its rows are lost")
        self.rows.lose_branch(branch)

    def _leave_opening(self) -> None:
        """Claim the title that stood over the lines so far; that of an entity type without any row has lost them."""
        if self._opening is None:
            return
        self._ledger.claim(self._opening, "heading")
        if not self.rows.has_read_type and find_entity_types(self._opening.folded, self._profile):
            self._ledger.report(self._opening, "empty-section", "no row stands below this heading; they are lost")
        if self._profile.entity_types and self.rows.has_untyped:
            self._ledger.report(self._opening, "no-entity-type", "the page does not say who may apply")
            self.rows.has_untyped = False

    def _name_plainly(self) -> None:
        """Take the plain line over a table as the name of level 1, where no marked heading names it."""
        last = self._plain[-1] if self._plain else None
        if last is not None and self._has_marked_level1 and is_name(last) and len(last.folded) <= _SHORT:
            message = "the line stands between a heading and its table; it may be the rest of the heading"
            self._plain.pop()
            self._ledger.report(last, "unexpected-line", message)
            self.rows.lose_branch(self.rows.branch)
        if last is None or self._has_marked_level1 or self._depths or not is_name(last):
            self._leave_plain()
            return
        self._plain.pop()
        self._leave_plain()
        self._ledger.claim(last, "heading")
        start, end = self._words.find_level1(last.folded) or (0, len(last.folded))
        self.rows.open_level1(last.text[start:end].strip())

    def _leave_plain(self) -> None:
        """Put the plain lines that no table follows where they belong.

        Before the first table they introduce the page, and below a heading that names no level 1 (禁止行业) they are a
        section of it; any others are the site's.
        """
        for line in self._plain:
            if self.rows.entries and not self._is_aside:
                self._ledger.leave_outside(line)
            else:
                self.preamble.append(line.text)
                self._ledger.claim(line, "preamble")
        self._plain.clear()

    def _read_table(self, lines: list[Line], table: Table, torn: set[int]) -> None:
        if not _names_category(table):
            self.rows.lose_branch(self.rows.branch)
            for line in lines:
                self._ledger.report(line, "unknown-table", "no column of this table names a category")
            return
        for line in table.header:
            self._ledger.claim(line, "column heading")
        for line in find_unread_columns(table):
            message = "the column holds papers or scopes, and its heading is not known; they are kept as attributes"
            self._ledger.add(Problem(line=line.number, text=line.text, code="unknown-column", message=message))
        for line in table.find_data():
            self._ledger.report(line, "data-in-header", "the words name no column; a row may have lost its border")
            self.rows.lose_branch(self.rows.branch)
        if not table.rows:
            self.rows.lose_branch(self.rows.branch)
            self._ledger.add(
                Problem(
                    line=table.header[0].number,
                    text=table.header[0].text,
                    code="empty-table",
                    message="nothing stands below the header of this table; its rows are lost",
                )
            )
        self.rows.read_table(table, torn)


def _group_tables(lines: Sequence[Line]) -> dict[int, list[Line]]:
    by_table: dict[int, list[Line]] = {}
    for line in lines:
        if line.cell is not None:
            by_table.setdefault(line.cell.table, []).append(line)
    return by_table


def _names_category(table: Table) -> bool:
    """Whether a column of the table names categories."""
    return bool({"level1", "level2"} & set(table.columns.values()))


def _find_torn_rows(lines: Sequence[Line], unknown: set[int]) -> set[tuple[int, int]]:
    """The rows, by table and number, inside which another table stands whose lines belong to one of their cells."""
    torn: set[tuple[int, int]] = set()
    known = [line.cell if line.cell and line.cell.table not in unknown else None for line in lines]
    before: Cell | None = None
    for place, cell in enumerate(known):
        if cell is not None and place and known[place - 1] is None and before and before.table == cell.table:
            torn |= {(before.table, before.row), (cell.table, cell.row)}
        before = cell or before
    return torn


def bare_heading(words: str) -> str:
    """The words of a heading without the anchor 「#」 that sites put in front."""
    return (_ANCHOR.sub("", words) if words.startswith(_ANCHOR_BEGINS) else words).strip()
