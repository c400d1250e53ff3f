"""A page that breaks off: its last entry lacks what the others have, or stops in mid-sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.notice.entries import EntryDraft
from scraper.page.lines import Line
from scraper.tables.fitting import is_name
from snapshots.errors import PageRefusedError
from snapshots.notice import Reading

_END = re.compile(r"[。;)】》”!.…]$")
_REFERENCE = re.compile(r"】\s*类目$")
"""The end of a note that points at a category: few notes have a full stop."""
_NOUN = re.compile(r"(?:服务|业务|商品|产品|内容|信息|活动|功能|场景|类目|等)$")
"""What a sentence may end with that has lost no more than its full stop."""
_MANY, _MOST = 4, 0.75
"""How many entries show by how large a share how a scope ends on a page."""
_PAIRS = (("《", "》"), ("(", ")"), ("【", "】"), ("“", "”"), ("「", "」"))


class PageCutError(PageRefusedError):
    """A notice that breaks off; `reading` is what stands before the break, to be shown and never to be kept."""

    def __init__(self, page: str, reason: str, reading: Reading) -> None:
        """Keep what was read."""
        super().__init__(page, reason)
        self.reading = reading


def find_cut_row(lines: Sequence[Line]) -> list[Line]:
    """The lines of the last row of a table that a page ends with, where the row has its name and no end; else none."""
    last = lines[-1].cell
    cells = [line.cell for line in lines if line.cell is not None]
    if last is None or last.placed or not any(cell.placed and not cell.header for cell in cells):
        return []
    row = [line for line in lines if line.cell is not None and line.cell.row == last.row]
    return row if is_name(row[0].folded) else []


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a page breaks off, in words; `is_torn`: in mid-sentence, and not only where a block is missing.

    `is_doubtful`: only the full stop is missing that the other entries end with.
    """

    words: str
    is_torn: bool
    is_doubtful: bool = False


def find_cut_draft(drafts: Sequence[EntryDraft], *, is_headed: bool) -> Cut | None:
    """Where the last entry of a page that ends with it breaks off, or None; one with a heading has blocks too."""
    if not drafts or drafts[-1].action not in ("added", "adjusted"):
        return None
    last, others = drafts[-1], [draft for draft in drafts[:-1] if draft.action in ("added", "adjusted")]
    has_blocks = is_headed or any(draft.requirement or draft.scope for draft in drafts)
    if has_blocks and not last.scope and (not last.requirement or (others and all(draft.scope for draft in others))):
        return Cut(
            f"in the entry at line {last.first} (its scope is missing)",
            is_torn=_is_open("".join(line.folded for line in (last.requirement or [])[-1:])),
        )
    lines = last.scope or last.requirement
    if not lines:
        return None
    ends = [_END.search(draft.scope[-1].folded) is not None for draft in others if draft.scope]
    closed, are_mostly = all(ends), len(ends) >= _MANY and sum(ends) >= len(ends) * _MOST
    words = lines[-1].folded
    is_open, is_ended = _is_open(words), _END.search(words) or _REFERENCE.search(words)
    if is_open or (others and (closed or are_mostly) and last.scope and not is_ended):
        is_doubtful = not is_open and (not closed or _NOUN.search(words) is not None)
        return Cut(f"in the middle of line {lines[-1].number}", is_torn=True, is_doubtful=is_doubtful)
    return None


def _is_open(folded: str) -> bool:
    return any(folded.count(opening) > folded.count(closing) for opening, closing in _PAIRS)
