"""Brackets and quotes, which keep words together: 《药品、医疗器械…》, (国际客船、口岸间…), “公立”或“私立”."""

from __future__ import annotations

import re
from bisect import bisect_right

from snapshots.remember import remember_words

Spans = tuple[tuple[int, int], ...]
"""The places of brackets as (start, end), in order; no two of them touch the same character."""

_CLOSING = {"《": "》", "(": ")", "【": "】", "“": "”", "「": "」", "『": "』", "[": "]"}
_SIGNS = re.compile(r"[《》()【】“”「」『』\[\]]")


@remember_words
def find_brackets(folded: str) -> Spans:
    """The outermost brackets and quotes of the text, each with its signs.

    A bracket that is never closed counts for nothing: half-broken pages have them.
    """
    waiting: list[tuple[str, int]] = []
    awaited = dict.fromkeys(_CLOSING.values(), 0)
    closed: list[tuple[int, int]] = []
    for match in _SIGNS.finditer(folded):
        sign, place = match[0], match.start()
        if sign in _CLOSING:
            waiting.append((_CLOSING[sign], place))
            awaited[_CLOSING[sign]] += 1
        elif awaited[sign]:
            expected, start = "", place
            while expected != sign:
                expected, start = waiting.pop()
                awaited[expected] -= 1
            while closed and closed[-1][0] > start:
                closed.pop()
            closed.append((start, place + 1))
    return tuple(closed)


def is_inside(brackets: Spans, place: int) -> bool:
    """Whether the character at that place stands in a bracket; the signs themselves do."""
    index = bisect_right(brackets, (place + 1, 0))
    return index > 0 and place < brackets[index - 1][1]


def opens_bracket(brackets: Spans, place: int) -> bool:
    """Whether one of the outermost brackets begins there."""
    index = bisect_right(brackets, (place, place))
    return index < len(brackets) and brackets[index][0] == place


def find_titles(text: str) -> Spans:
    """The outermost 《…》, also those that stand in other brackets."""
    titles: list[tuple[int, int]] = []
    depth, start = 0, 0
    for match in re.finditer(r"[《》]", text):
        if match[0] == "《":
            if depth == 0:
                start = match.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                titles.append((start, match.end()))
    return tuple(titles)
