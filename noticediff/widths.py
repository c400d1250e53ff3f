"""How wide text stands on a terminal: a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata

_WIDE = frozenset("WF")
_CLOSING = frozenset("。，、；：！？）】》」』”’.,;:!?)]}%")  # never the first of a line
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
    piece, taken, border = "", 0, 0  # the border is where the piece may be parted; 0: nowhere yet
    for character in text:
        wide = _measure_character(character)
        if taken + wide > width and piece:
            cut = len(piece) if wide > 1 or character == " " else border or len(piece)
            if cut > 1 and f"{piece}{character}"[cut] in _CLOSING:
                cut -= 1
            pieces.append(piece[:cut].rstrip())
            piece, border = piece[cut:].lstrip(), 0
            taken = measure_width(piece)
        piece += character
        taken += wide
        if character == " " or wide > 1:
            border = len(piece)
    return [*pieces, piece.rstrip()]


def mark_place(text: str, start: int, end: int | None, width: int) -> tuple[str, str]:
    """The text, cut with … to the width around the place, and the line of carets that stands under it."""
    end = start + 1 if end is None else end
    first, last = max(0, start - width), min(len(text), end + width)
    while measure_width(text[first:last]) > width - 2 and (first < start or last > end):
        # The longer side gives way; the place itself stays.
        if start - first > last - end:
            first += 1
        else:
            last -= 1
    before = "…" if first else ""
    after = "…" if last < len(text) else ""
    carets = "^" * max(1, measure_width(text[start:end]))
    return f"{before}{text[first:last]}{after}", " " * measure_width(before + text[first:start]) + carets


def _measure_character(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
