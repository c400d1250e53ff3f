"""How wide text stands on a terminal: a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata

_WIDE = frozenset("WF")
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})


def measure_width(text: str) -> int:
    """The columns that the text takes."""
    return sum(map(_measure_character, text))


def pad_text(text: str, width: int) -> str:
    """The text with spaces up to the width; a longer one as it is."""
    return text + " " * (width - measure_width(text))


def wrap_text(text: str, width: int) -> list[str]:
    """The text in pieces that are no wider than `width`, parted at spaces and beside Chinese characters.

    A word of letters is parted only where it is wider than a whole line.
    """
    pieces: list[str] = []
    piece, border = "", 0  # where the piece may be parted; 0: nowhere yet
    for character in text:
        if measure_width(piece + character) > width and piece:
            is_wide = _measure_character(character) > 1
            cut = len(piece) if is_wide or character == " " else border or len(piece)
            pieces.append(piece[:cut].rstrip())
            piece, border = piece[cut:].lstrip(), 0
        piece += character
        if character == " " or _measure_character(character) > 1:
            border = len(piece)
    return [*pieces, piece.rstrip()]


def underline(text: str, start: int, end: int | None) -> str:
    """The line that stands under the text and has a caret under each column from `start` to `end`."""
    marked = text[start : start + 1 if end is None else end]
    return " " * measure_width(text[:start]) + "^" * max(1, measure_width(marked))


def _measure_character(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
