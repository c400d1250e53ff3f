"""The name of a category in a row of a notice's table, and the one that it goes on under.

「一级类目 | 二级类目 | 三级类目 | 调整后三级类目」: the levels that have one column are of both names. A name that has
lost a level, as others of its table show, is no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scraper.page.lines import Line
from scraper.profile.profile import Column, Profile
from scraper.requirement.references import deepen_path, split_path
from scraper.tables.columns import LEVELS, NAMES
from scraper.tables.tables import Row, Table, join_name
from snapshots.category import CategoryPath

_FEWEST_LEVELS = 2

Cells = Mapping[Column, Sequence[Line]]


@dataclass(frozen=True, slots=True)
class RowName:
    """A category's path as a row names it.

    `is_stated`: a column of this name alone says a part of it. `is_whole`: it has lost no level.
    """

    path: CategoryPath
    is_stated: bool
    is_whole: bool


class NameReader:
    """Reads the names in the rows of a table; `branch` is what stands above a table of lower levels."""

    def __init__(self, table: Table, branch: CategoryPath, profile: Profile) -> None:
        self._branch = branch
        self._profile = profile
        headings = [heading for heading in table.frame.headings.values() if heading.column in NAMES]
        self._old = {heading.column for heading in headings if heading.column and heading.side == "before"}
        self._new = {heading.column for heading in headings if heading.column and heading.side != "before"}
        plain = {heading.column for heading in headings if heading.column and heading.side is None}
        # A whole old name beside levels (原类目 | 一级类目 | 二级类目) shares none with them.
        are_shared = self._old and ("path" not in self._old or "path" in self._new)
        self._shared = plain - self._old - {"path"} if are_shared else set[Column]()
        # Where the table writes `/` for a level that a category has not, an empty cell is a name that was lost.
        cells = [row.cells.get(level, []) for row in table.rows for level in LEVELS]
        self._has_signs = any([line.text for line in cell] in (["/"], ["-"]) for cell in cells)
        # What stands above another row's category is a branch: a row that ends there has lost its last name.
        both = [(self._gather_old(row), self._gather_new(row)) for row in table.rows]
        paths = [self._read_path(cells) for names in both for cells in names]
        self._branches = {path[:length] for path in paths for length in range(1, len(path))}

    @property
    def has_old(self) -> bool:
        """Whether the table has columns of the names before."""
        return bool(self._old)

    def read_old(self, row: Row) -> RowName:
        """The name before."""
        return self._read(self._gather_old(row), self._old, is_old=True)

    def read_new(self, row: Row) -> RowName:
        """The name that the category has, or goes on under; one of one level stands below what the old one does."""
        name = self._read(self._gather_new(row), self._new - self._shared, is_old=False)
        old = self._read_path(self._gather_old(row))
        if len(name.path) == 1 < len(old) and ("path" in self._new or self._names_last_alone(row)):
            return RowName((*old[:-1], *name.path), name.is_stated, name.is_whole)
        return name

    def _names_last_alone(self, row: Row) -> bool:
        """Whether the table has one column of new levels, that of the old name's last: 「原三级类目 | 现三级类目」."""
        new = [level for level in LEVELS if level in self._new]
        named = [level for level in LEVELS if join_name(row.before.get(level, ())) is not None]
        return len(new) == 1 and named[-1:] == new and new[0] != "level1"

    def _gather_old(self, row: Row) -> Cells:
        shared = {column: row.cells[column] for column in self._shared if column in row.cells}
        return shared | {column: row.before[column] for column in self._old if column in row.before}

    def _gather_new(self, row: Row) -> Cells:
        return {column: row.cells[column] for column in self._new if column in row.cells}

    def _read(self, cells: Cells, own: Iterable[Column], *, is_old: bool) -> RowName:
        path = self._read_path(cells)
        stated = any(join_name(cells.get(column, ())) for column in own)
        return RowName(path, stated, self._is_whole(path, cells, {*own, *self._shared}, is_old=is_old))

    def _read_path(self, cells: Cells) -> CategoryPath:
        levels = tuple(name for level in LEVELS if (name := join_name(cells.get(level, ()))))
        name = join_name(cells.get("path", ()))
        if name is not None:
            name = name.strip("【】「」#")
            path = deepen_path(split_path(name), self._profile.path_levels)
            return (*levels, *path) if levels and path[0] not in (levels[0], levels[-1]) else path
        starts_lower = levels and not cells.get("level1") and "level1" not in {*self._old, *self._new}
        return (*self._branch, *levels) if starts_lower else levels

    def _is_whole(self, path: CategoryPath, cells: Cells, columns: Iterable[Column], *, is_old: bool) -> bool:
        levels = [level for level in LEVELS if level in columns]
        if not path or "path" in columns or len(levels) == 1:
            return bool(path)
        if "level1" in levels and cells.get("level1") and join_name(cells["level1"]) is None:
            return False  # 「/ | 数字藏书」: below nothing there is no second level
        named = [level for level in levels if cells.get(level)]
        if len(named) == len(levels):
            return len(path) > 1 or self.has_old
        covering = [line.cell for level in named for line in cells[level]]
        is_wide = any(cell is not None and cell.columns > 1 for cell in covering)  # a name covers the levels below it
        has_gap = named != levels[: len(named)]
        if self.has_old and (has_gap or len(named) < _FEWEST_LEVELS):
            return False
        is_torn = has_gap or (not is_old and (self._has_signs or path in self._branches))
        return len(path) > 1 and (is_wide or not is_torn)
