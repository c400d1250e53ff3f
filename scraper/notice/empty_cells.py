"""Empty cells in a notice's table that should not be: a cell that ran into its neighbour leaves one behind.

「资质要求(变更前)」 is filled and 「资质要求(变更后)」 is not; of all the new categories of a table one has no scope.
An empty 备注 says nothing, and so does an empty cell where other rows have empty ones too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scraper.profile.profile import Column
from scraper.tables.tables import Row
from snapshots.notice import Action

_BLOCKS: tuple[Column, ...] = ("requirement", "scope")
_ENOUGH = 2  # other rows that show what a row of the table states


def find_emptied(rows: Sequence[tuple[Row, Action]]) -> Iterator[Row]:
    """The rows of added and adjusted categories in which a cell is empty that should state something."""
    for row, action in rows:
        if action not in ("added", "adjusted"):
            continue
        others = [other for other, same in rows if same == action and other is not row]
        if any(_is_emptied(row, others, block) for block in _BLOCKS):
            yield row


def _is_emptied(row: Row, others: Sequence[Row], block: Column) -> bool:
    if row.cells.get(block):
        return False
    if row.before.get(block):
        return True
    return len(others) >= _ENOUGH and all(other.cells.get(block) for other in others)
