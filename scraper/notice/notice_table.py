"""The rows of a table in a notice to entries: one category a row, with what happens to it, its blocks and its dates.

What happens is said by a cell of the row (新增, 关闭, 不变), by the section that the table stands in, by its columns
(迁出类目 | 迁入类目, 变更前 | 变更后), in that order. A row that does not say which category it is of is a problem; one
that ends a category is an entry too, without a name: that something was closed is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from scraper.ledger import Ledger
from scraper.notice.empty_cells import find_emptied
from scraper.notice.entries import EntryDraft
from scraper.notice.frame import read_entity_types, read_frame
from scraper.notice.periods import find_dates, find_days
from scraper.notice.row_names import NameReader
from scraper.notice.setting import Setting
from scraper.notice.several_names import join_splits, part_names, settle_parts
from scraper.notice.statements import SUCCESSIONS
from scraper.page.lines import Line
from scraper.profile.profile import Column, Profile
from scraper.tables.cell_kinds import contradicts
from scraper.tables.columns import LEVELS, NAMES, TEXTS
from scraper.tables.tables import Row, Table, build_table, find_unread_columns
from snapshots.category import Attribute, CategoryPath, EntityType
from snapshots.folding import fold_characters
from snapshots.notice import Action, Problem
from snapshots.period import StatedDate

_DATES: tuple[Literal["effective", "closes", "deadline"], ...] = ("effective", "closes", "deadline")
_ONCE = NAMES | TEXTS - {"remark"}
_BLOCKS: frozenset[Column] = frozenset({"requirement", "scope", "remark"})
_WHOLE = re.compile(r"(?:该|本|原|此)?(?:类目)?(?:下|中)?的?(?:全部|所有|整体)(?:的)?(?:商品|产品|货品|类目)?(?:迁移)?")
_LEVEL_WORDS = re.compile(r"(?:[一二三四]级)?(?:服务)?类目|\s")


def read_table(
    lines: Sequence[Line], setting: Setting, profile: Profile, ledger: Ledger
) -> tuple[list[EntryDraft], Setting]:
    """The entries of the table that the lines make, and the setting that it leaves: it may hold sections' headings."""
    reader = _TableReader(build_table(lines, profile), setting, profile, ledger)
    drafts = list(join_splits(reader.read()))
    return drafts, reader.setting


class _TableReader:
    """Reads row after row."""

    def __init__(self, table: Table, setting: Setting, profile: Profile, ledger: Ledger) -> None:
        self.setting = setting
        self._table = table
        self._profile = profile
        self._ledger = ledger
        headings = table.frame.headings.values()
        each = {id(heading): heading for heading in headings}.values()  # one may cover several columns
        known = [(heading.column, heading.side) for heading in each if heading.column in _ONCE]
        # A doubled heading moves each cell below it, and so does one that has changed places with another.
        self._is_doubtful = len(known) != len(set(known)) or _is_disordered(table)
        self._before = [heading for heading in headings if heading.side == "before"]
        self._names = NameReader(table, setting.branch, profile)

    def read(self) -> Iterator[EntryDraft]:
        """The entries of all rows."""
        for line in self._table.header:
            self._ledger.claim(line, "column heading")
        for line in find_unread_columns(self._table):
            message = "the column holds papers or scopes, and its heading is not known; they are kept as attributes"
            self._ledger.add(Problem(line=line.number, text=line.text, code="unknown-column", message=message))
        for line in self._table.find_data():
            self._ledger.report(line, "data-in-header", "the words name no column; a row may have lost its border")
        self._check_levels()
        rows: list[tuple[Row, Action]] = []
        for row in self._table.rows:
            if row.is_section and self._read_frame_row(row):
                continue
            parts = part_names(row)
            if row.is_short or row.is_section or self._is_doubtful or _has_moved(row):
                self._report(row, "short-row", "the row has lost cells; which ones, the page does not tell")
            elif not parts:
                self._report(
                    row, "unpaired-names", "several names before and after; which goes on as which is not said"
                )
            else:
                drafts = settle_parts([draft for part in parts for draft in self._read_row(part)], len(parts))
                rows += [(row, draft.action) for draft in drafts[:1]]
                yield from drafts
        for row in find_emptied(rows):
            self._add(row.own or row.lines, "empty-cell", "a cell of the row is empty that the others, or 变更前, have")

    def _check_levels(self) -> None:
        """Tell of a table that begins at the second level where nothing names the first: 「二级类目 | 三级类目」."""
        columns = {heading.column for heading in self._table.frame.headings.values()}
        if columns & set(LEVELS) and not columns & {"level1", "path"} and not self.setting.branch:
            message = "no column and no sentence names the level above those of this table"
            self._add(self._table.header, "no-first-level", message)

    def _read_frame_row(self, row: Row) -> bool:
        """A section's or an entity type's heading in the table, or the words above its header."""
        mark = read_frame("".join(line.folded for line in row.lines).strip(), self._profile)
        if mark is not None:
            action = mark.action or self.setting.action
            self.setting = replace(
                self.setting, action=action, entity_type=mark.entity_type or self.setting.entity_type
            )
        elif row.lines[0].number > self._table.header[0].number:
            return False
        place = "table heading" if mark is None else f"{mark.kind}: {mark.action or mark.entity_type}"
        for line in row.lines:
            self._ledger.claim(line, place)
        return True

    def _read_row(self, row: Row) -> Iterator[EntryDraft]:
        action = self._read_action(row)
        if action is None:
            return
        entity_types = self._read_entity_types(row)
        if action == "unchanged":
            for line in row.lines:
                self._ledger.claim(line, "unchanged")
            return
        old, new = self._names.read_old(row), self._names.read_new(row)
        if old.is_stated and new.is_stated and action not in ("added", "removed"):
            action = self._settle_action(row, action, is_same=old.path == new.path)
        if action is None:
            self._report(row, "same-name", "the names before and after are the same")
            return
        goes_on = self._names.has_old and action in SUCCESSIONS
        name = old if goes_on or (old.is_stated and not (new.is_stated and action == "added")) else new
        path, targets = name.path, (new.path,) if goes_on and new.is_stated else ()
        is_lost = action in SUCCESSIONS and not (targets and new.is_whole and name.is_stated)
        if is_lost or not name.is_whole:
            message = "the row has lost its category's name"
            if action != "removed":
                self._report(row, "unnamed-row", message)
                return
            self._ledger.report(_own(row)[0], "unnamed-row", message)
            path, targets = (), ()
        for entity_type in entity_types:
            draft = self._build_draft(row, action, path)
            draft.targets, draft.entity_type = targets, entity_type
            yield draft
        self._claim_row(row)

    def _settle_action(self, row: Row, action: Action, *, is_same: bool) -> Action | None:
        """What happens to a category that has a name before and one after; None: nothing does, and it should.

        An adjusted one with two names is renamed; where only the columns speak of a new name, and it is the old one,
        the blocks beside it are what is adjusted.
        """
        if not is_same:
            return "renamed" if action == "adjusted" else action
        if action not in SUCCESSIONS:
            return action
        is_said = bool(row.cells.get("action")) or self.setting.action == action
        return None if is_said or not row.cells.keys() & TEXTS else "adjusted"

    def _read_action(self, row: Row) -> Action | Literal["unchanged"] | None:
        cell = row.cells.get("action")
        if cell:
            folded = _LEVEL_WORDS.sub("", "".join(line.folded for line in cell))
            found = {action for action, words in self._profile.verbs.items() if folded in words}
            if len(found) == 1:
                return found.pop()
            self._report(row, "unknown-action", "what happens to the category is said in no words that are known")
            return None
        if self._names.has_old:
            if self.setting.action in SUCCESSIONS:
                return self.setting.action
            return "moved" if any("迁" in fold_characters(heading.words) for heading in self._before) else "renamed"
        if self.setting.action is not None:
            return self.setting.action
        if self._before:
            return "adjusted"
        self._report(row, "no-section", "nothing says whether this category is new, adjusted or removed")
        return None

    def _read_entity_types(self, row: Row) -> tuple[EntityType | None, ...]:
        cell = row.cells.get("entity_type")
        if not cell:
            return (self.setting.entity_type,)
        words = [line.folded.strip() for line in cell]
        found = read_entity_types("".join(words), self._profile) or read_entity_types("、".join(words), self._profile)
        if not found:
            self._ledger.report(cell[0], "no-entity-type", "the words name no kind of applicant that is known")
        return found or (self.setting.entity_type,)

    def _build_draft(self, row: Row, action: Action, path: CategoryPath) -> EntryDraft:
        own = _own(row)
        cells = (*row.cells.items(), *row.before.items())
        frame = [cell for column, cell in cells if column not in _BLOCKS]
        attributes = [Attribute(words, _join(cell)) for words, cell in row.others.items()]
        dates: list[StatedDate] = []
        for role in _DATES:
            cell = row.cells.get(role)
            if cell and (days := find_days(_join(cell))):
                start, end = (None, days[0]) if role == "deadline" else (days[0], None)
                dates.append(StatedDate(role, start, end, _join(cell)))
            elif cell:
                attributes.append(Attribute(self._words_of(role), _join(cell)))
        condition = row.cells.get("condition")
        is_closed = action == "removed"
        draft = EntryDraft(
            action=action,
            entity_type=None,
            path=path,
            first=min(line.number for line in own),
            last=max(line.number for line in own),
            requirement=None if is_closed and _says_none(row) else _stated(row.cells.get("requirement")),
            scope=_stated(row.cells.get("scope"), nothing=("-", "/")),
            remarks=_stated(row.cells.get("remark"), nothing=("-", "/")) or [],
            before_requirement=_stated(row.before.get("requirement")),
            opening=tuple(line for cell in (*frame, *row.others.values()) for line in cell),
            before_scope=_stated(row.before.get("scope")),
            attributes=tuple(attribute for attribute in attributes if attribute.value),
            dates=(*dates, *find_dates(_join(row.cells.get("remark", ())))),
        )
        if action == "moved":
            words = _join(condition or ())
            if _WHOLE.fullmatch(fold_characters(words)):
                draft.extent, draft.condition = "whole", words
            else:
                draft.extent, draft.condition = ("part", words) if words not in ("", "/", "-") else ("whole", None)
        elif condition:
            draft.attributes = (*draft.attributes, Attribute(self._words_of("condition"), _join(condition)))
        return draft

    def _words_of(self, column: Column) -> str:
        return next(heading.words for heading in self._table.frame.headings.values() if heading.column == column)

    def _claim_row(self, row: Row) -> None:
        for column, cell in (*row.cells.items(), *row.before.items()):
            for line in cell:
                self._ledger.claim(line, "path" if column in NAMES else column)
        for cell in row.others.values():
            for line in cell:
                self._ledger.claim(line, "attribute")

    def _add(self, lines: Sequence[Line], code: str, message: str) -> None:
        """Keep a problem about lines that have their place, at the first of them."""
        self._ledger.add(Problem(line=lines[0].number, text=lines[0].text, code=code, message=message))

    def _report(self, row: Row, code: str, message: str) -> None:
        for line in _own(row):
            self._ledger.report(line, code, message)


def _has_moved(row: Row) -> bool:
    """Whether a cell stands below no heading, or in a column that it cannot be of."""
    cells = [(column, cell) for column, cell in (*row.cells.items(), *row.before.items()) if cell]
    return bool(row.others.get("")) or any(
        contradicts("\n".join(line.folded for line in cell), column)
        for column, cell in cells
        if column in NAMES or column in ("requirement", "scope")
    )


def _is_disordered(table: Table) -> bool:
    """Whether a lower level stands before a higher one: 「二级类目 | 一级类目」."""
    for side in ("before", "after", None):
        levels = [
            LEVELS.index(heading.column)
            for _, heading in sorted(table.frame.headings.items())
            if heading.column in LEVELS and heading.side == side
        ]
        if levels != sorted(levels):
            return True
    return False


def _says_none(row: Row) -> bool:
    """Whether the row says `/` for the requirement: of a category that is closed that asks for nothing."""
    return [line.text for line in row.cells.get("requirement", ())] == ["/"]


def _own(row: Row) -> tuple[Line, ...]:
    """The lines that stand in the row itself; where all its cells are shared, all of them."""
    return row.own or row.lines


def _join(cell: Sequence[Line]) -> str:
    return "\n".join(line.text for line in cell)


def _stated(cell: list[Line] | None, nothing: Sequence[str] = ("-",)) -> list[Line] | None:
    """The lines of a block's cell; None where it is empty or says that nothing is told there.

    `/` for a requirement is a statement: none is required.
    """
    return None if cell is None or "\n".join(line.text for line in cell) in nothing else cell
