"""Empty cells in a notice's table that should not be: a cell that ran into its neighbour leaves one behind.

「资质要求(变更前)」 is filled and 「资质要求(变更后)」 is not; of all the new categories of a table one has no scope.
An empty 备注 says nothing, and so does an empty cell where other rows have empty ones too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from scraper.profile.profile import Column
from scraper.tables.tables import Row
from snapshots.notice import Action

_BLOCKS: tuple[Column, ...] = ("requirement", "scope")
_ENOUGH = 6  # other rows that show what a row of the table states; a category may well state no scope


def find_emptied(rows: Sequence[tuple[Row, Action]]) -> Iterator[Row]:
    """The rows of added and adjusted categories in which a cell is empty that should state something."""
    alike = Counter(action for _, action in rows)
    stating = Counter((action, block) for row, action in rows for block in _BLOCKS if row.cells.get(block))
    for row, action in rows:
        if action not in ("added", "adjusted"):
            continue
        for block in _BLOCKS:
            others = alike[action] - 1
            is_alone = others >= _ENOUGH and stating[action, block] == others
            if not row.cells.get(block) and (row.before.get(block) or is_alone):
                yield row
                break
