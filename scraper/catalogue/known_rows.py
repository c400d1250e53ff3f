"""The rows of catalogues that were read before: of a catalogue of today, nearly all stood in that of last month.

What a row says follows from the words and the columns of its cells and from where it stands: the profile, the header of
its table, and the entity type and level 1 above it. So a row that was read without a problem is read again by looking
it up; only the numbers of its lines are its own. One that left a problem is read anew each time.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import structs

from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.tables.columns import Heading
from scraper.tables.tables import RowWords, Table
from snapshots.category import EntityType
from snapshots.memory import Memory
from snapshots.notice import NoticeEntry

_ROOM = 1 << 22  # letters: some catalogues, some 20 MB
_ENTRY = 500  # what the entries of a row take beside its words, in letters

Place = object
"""Stands for all that the reading of a row follows from beside its cells: two equal places are one."""

_ROWS: Memory[tuple[Place, RowWords], tuple[NoticeEntry, ...]] = Memory(_ROOM)


def find_place(
    profile: Profile,
    table: Table,
    entity_type: EntityType | None,
    level1: str | None,
    *,
    says_none: bool,
    has_names: bool,
) -> Place:
    """Where the rows of a table stand; `says_none`, `has_names`: what its other rows say of their cells."""
    headings = tuple(table.frame.headings.items())
    return _find_place(profile, headings, table.frame.width, entity_type, level1, says_none, has_names)


def recall_entries(place: Place, words: RowWords, lines: tuple[Line, ...]) -> list[NoticeEntry] | None:
    """The entries of the row whose lines have these words, or None where such a row is not known."""
    known = _ROWS.recall((place, words))
    if known is None:
        return None
    numbers = [line.number for line in lines]
    span = min(numbers), max(numbers)
    return [structs.replace(entry, lines=span) for entry in known]


def keep_entries(place: Place, words: RowWords, entries: tuple[NoticeEntry, ...]) -> None:
    """Keep the entries of a row that was read without a problem."""
    _ROWS.keep((place, words), entries, sum(map(len, words[0])) + _ENTRY)


@lru_cache(1024)
def _find_place(
    _profile: Profile,
    _headings: tuple[tuple[int, Heading], ...],
    _width: int,
    _entity_type: EntityType | None,
    _level1: str | None,
    _says_none: bool,
    _has_names: bool,
) -> Place:
    return object()
