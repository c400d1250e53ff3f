"""Several categories in one row of a notice's table: 「教育-早教 / 教育-学前教育」, each on its line or after 、.

A name that a copy has broken over two lines, 「政务民生 / -信用」, is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import structs

from scraper.notice.entries import EntryDraft
from scraper.notice.names import read_listed
from scraper.page.lines import Line
from scraper.tables.tables import Row

_BORDER = re.compile(r"[、,;]")


def part_names(row: Row) -> list[Row]:
    """A row for each category that the row names: as many before as after, or one of them goes with each of the others.

    None where the counts fit in no such way.
    """
    old, new = _part_cell(row.before.get("path", ())), _part_cell(row.cells.get("path", ()))
    count = max(len(old), len(new))
    if count <= 1:
        return [row]
    if min(len(old), len(new)) not in (0, 1, count):
        return []
    return [
        row.naming(old[place % len(old)] if old else [], new[place % len(new)] if new else []) for place in range(count)
    ]


def settle_parts(drafts: list[EntryDraft], count: int) -> list[EntryDraft]:
    """The drafts of one row; of several names that are said to change, those that become one are merged."""
    if count > 1 and all(draft.action == "renamed" for draft in drafts):
        ends, starts = {draft.targets for draft in drafts}, {draft.path for draft in drafts}
        for draft in drafts:
            draft.action = "merged" if len(ends) == 1 else "split" if len(starts) == 1 else draft.action
    return drafts


def join_splits(drafts: Iterator[EntryDraft]) -> Iterator[EntryDraft]:
    """The drafts, rows that split one category into several made one entry with several targets."""
    last: EntryDraft | None = None
    for draft in drafts:
        if last is not None and last.action == draft.action == "split" and last.path == draft.path:
            last.targets, last.last = (*last.targets, *draft.targets), draft.last
            continue
        if last is not None:
            yield last
        last = draft
    if last is not None:
        yield last


def _part_cell(cell: Sequence[Line]) -> list[list[Line]]:
    """The cell as one, or as many as it has names, if each is a whole one."""
    parts = [part for line in cell for part in _part_line(line)]
    if len(parts) > 1 and all(len(read_listed(part.text)) == 1 for part in parts):
        return [[part] for part in parts]
    return [list(cell)] if cell else []


def _part_line(line: Line) -> Iterator[Line]:
    start = 0
    for end in (*(match.start() for match in _BORDER.finditer(line.folded)), len(line.text)):
        words, folded = line.text[start:end].strip(), line.folded[start:end].strip()
        if words:
            yield structs.replace(line, text=words, folded=folded)
        start = end + 1
