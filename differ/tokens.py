"""The tokens of a text as characters, one for each, so that a library written in C compares them.

    token    := [blanks] (《…》 | 【…】 | letters and digits | another character) | line break | blanks

Blanks belong to the token that they lead to; a line break stands alone, so that whole lines come and go. Tokens that
fold to one text have one character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count

from snapshots.folding import fold

_LONG_TOKEN = re.compile(
    # One set of characters to begin with: only then does the search pass over all others at the speed of C.
    r"([\s《【A-Za-z0-9\ue000-\uf8ff\U00010000-\U0010ffff]"
    r"(?:(?<=《)[^《》]*》|(?<=【)[^【】]*】|(?<=[A-Za-z0-9])[A-Za-z0-9]+|(?<=[\ue000-\uf8ff\U00010000-\U0010ffff])"
    r"|(?<=[^\S\n])[^\S\n]*(?:《[^《》]*》|【[^【】]*】|[A-Za-z0-9]+|\S)?))"
)
"""A token that has no place of its own among the characters: one of several, and what numbers are written as."""

_NUMBERS = range(0xE000, 0xF900)
_MORE_NUMBERS = 0xF0000
_REMEMBERED = 1 << 18
"""How many characters of tokens are remembered; then all are forgotten."""

Coded = tuple[str | list[int], Sequence[int]]
"""What stands for each part of a text, equal parts alike; where each part begins, and where the last one ends."""


class _Codes(dict[str, str]):
    """For each long token the character that it is compared as, which is found when first asked for.

    What folds to one character has that one. Any other folded text has a number, which is written as a character for
    private use.
    """

    def __init__(self) -> None:
        self.size = 0
        self._characters: list[int | None] = [None] * _NUMBERS.start + [*_NUMBERS] + [None] * (0x10000 - _NUMBERS.stop)
        self._numbers: dict[str, int] = {}
        self._next = count()

    def __missing__(self, token: str) -> str:
        self.size += len(token)
        self[token] = code = self._find_code(token)
        return code

    def code_characters(self, text: str) -> str:
        """The text with each character as the one that it is compared as."""
        codes = text.translate(self._characters)
        if len(codes) == len(text):
            return codes
        for character in set(text):
            place = ord(character)
            if place < len(self._characters) and self._characters[place] is None:
                self._characters[place] = ord(self._find_code(character))
        return text.translate(self._characters)

    def _find_code(self, token: str) -> str:
        folded = fold(token)
        if len(folded) == 1 and not _LONG_TOKEN.match(folded):
            return folded
        number = self._numbers.get(folded)
        if number is None:
            number = self._numbers.setdefault(folded, next(self._next))
        return chr(_NUMBERS[number] if number < len(_NUMBERS) else _MORE_NUMBERS + number)


_remembered = [_Codes()]


def code_tokens(old: str, new: str) -> tuple[Coded, Coded]:
    """Both texts, tokens that fold to one text alike."""
    codes = _remembered[0]
    if codes.size > _REMEMBERED:
        codes = _remembered[0] = _Codes()
    return _code_text(old, codes), _code_text(new, codes)


def _code_text(text: str, codes: _Codes) -> Coded:
    parts = _LONG_TOKEN.split(text)
    if len(parts) == 1:
        return codes.code_characters(text), range(len(text) + 1)
    places: list[int] = []
    start = 0
    for number in range(1, len(parts), 2):
        end = start + len(parts[number - 1])
        places += range(start, end + 1)
        start = end + len(parts[number])
    places += range(start, len(text) + 1)
    parts[1::2] = map(codes.__getitem__, parts[1::2])
    return codes.code_characters("".join(parts)), places
