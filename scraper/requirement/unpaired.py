"""Brackets without a counterpart, which say that a paper, a name or a condition is torn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scraper.page.lines import Line
from scraper.requirement.enumerators import NUMERAL

_PAIRS = (("《", "》"), ("【", "】"), ("(", ")"))
_SIGN = re.compile(rf"(?<![(\w.])(?:{NUMERAL}|[a-h])\)")


def find_unpaired(lines: Sequence[Line]) -> Iterator[tuple[Line, int]]:
    """The lines with a bracket that neither they nor a neighbour match, and its place: something is torn.

    「《营业执照」 names no paper, 「需补充【电商平台-综合平台类目」 points nowhere, and 「《营业执照》(范围含“甲”」 has
    lost the end of what it asks for. A wrapped line has its half next to it; the `)` of 「1)」 is no bracket.
    """
    if not lines:
        return
    texts = ["", *(_blank_enumerators(line.folded) for line in lines), ""]
    for place, line in enumerate(lines, start=1):
        for opening, closing in _PAIRS:
            if texts[place].count(opening) == texts[place].count(closing):
                continue
            pieces = (texts[place] + texts[place + 1], texts[place - 1] + texts[place])
            if all(piece.count(opening) != piece.count(closing) for piece in pieces):
                yield line, _find_odd(texts[place], opening, closing)


def _blank_enumerators(folded: str) -> str:
    return _SIGN.sub(lambda sign: " " * len(sign[0]), folded) if ")" in folded else folded


def _find_odd(text: str, opening: str, closing: str) -> int:
    """The place of the bracket that is never closed, or never opened."""
    waiting: list[int] = []
    for place, sign in enumerate(text):
        if sign == opening:
            waiting.append(place)
        elif sign == closing and not waiting:
            return place
        elif sign == closing:
            waiting.pop()
    return waiting[0]
