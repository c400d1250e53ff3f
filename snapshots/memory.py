"""What was found in texts, kept as long as they are few: a page of today is nearly that of last month."""

from __future__ import annotations

import re
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Found = TypeVar("_Found")
_LINES = 1 << 20  # letters of lines: some MB
_LINE = 50  # what a line takes beside its words, in letters


class Memory(Generic[_Key, _Found]):
    """What was found for each key, which holds all that it follows from.

    The keys kept at a time have no more than `room` letters between them; where the next has no room left, all are
    forgotten, so that neither a long page nor a broken one can fill the memory.
    """

    __slots__ = ("_found", "_left", "_room")

    def __init__(self, room: int) -> None:
        self._room = self._left = room
        self._found: dict[_Key, _Found] = {}

    def recall(self, key: _Key) -> _Found | None:
        """What was found for the key, or None where that is not known."""
        return self._found.get(key)

    def keep(self, key: _Key, found: _Found, letters: int) -> None:
        """Keep what was found for a key of so many letters, unless these are more than a tenth of the room."""
        if letters * 10 > self._room:
            return
        if letters > self._left:
            self.clear()
        self._left -= letters
        self._found[key] = found

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()
        self._left = self._room


class KnownSearch:
    """A pattern, and whether it is in the lines that were searched before."""

    __slots__ = ("_known", "_pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self._known: Memory[str, bool] = Memory(_LINES)

    def is_in(self, line: str) -> bool:
        """Whether the pattern is in the line."""
        known = self._known.recall(line)
        if known is None:
            known = self._pattern.search(line) is not None
            self._known.keep(line, known, len(line) + _LINE)
        return known
