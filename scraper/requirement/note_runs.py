"""Notes 注 inside a list: where their own list ends and the list around them goes on.

    (2选1)  1、《A》  注:  1、…  2、…  2、《B》

The notes count in the style of the list around them. The numbers tell that the second 2、 is the list's second item:
no other place to part them leaves both counting. Where two places do, the marker's count of items (2选1) tells; where
nothing tells, the reading is said to be doubtful.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.requirement.brackets import find_brackets, is_inside
from scraper.requirement.enumerators import BULLET, Enumerator
from scraper.requirement.markers import find_marker

_NOTE = re.compile(
    r"(?:备注|注\s*意?(?:\s*事项)?)\s*(?:\d{1,2}|[一二三四五六七八九十①-⑳])?\s*:\s*"
    r"|(?:特别|补充|温馨)?(?:说明|提示)\s*:\s*(?!\s*《)"
)
_INNER_NOTE = re.compile(r"(?<=[。;!》])\s*(?=(?:备注|注)\s*:)")


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a requirement, or one item of a line that holds several."""

    line: int
    text: str
    folded: str
    enumerator: Enumerator | None
    note: int | None  # where the words of a note begin


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list that may still go on: its style, the number of its last item, its length and the marker's count."""

    style: str
    last: int
    length: int
    of: int | None


@dataclass(frozen=True, slots=True)
class NoteRun:
    """How many parts belong to a note; `doubtful` is the first one of which nothing tells whether it does."""

    length: int
    doubtful: int | None = None


def read_note(folded: str) -> int | None:
    """Where the words of a note begin (「注:若涉及…」: 2, 「注1:…」, 「说明:…」), or None."""
    match = _NOTE.match(folded)
    return match.end() if match else None


def find_inner_note(folded: str) -> int | None:
    """Where a note begins behind a finished sentence of the same line: 「适用于租车。注:须年满18岁」; else None."""
    match = _INNER_NOTE.search(folded) if "注" in folded else None
    return match.end() if match and not is_inside(find_brackets(folded), match.end()) else None


def find_note_run(parts: list[Part], start: int, lists: list[OpenList]) -> NoteRun:
    """The parts from `start` on that are items of the note before them; `lists` are open, the outermost first."""
    first = parts[start].enumerator if start < len(parts) else None
    if first is None:
        end = start
        while end < len(parts) and is_plain(parts[end]):
            end += 1
        return NoteRun(end - start)
    if first.style == BULLET:
        end = start
        while end < len(parts) and (sign := parts[end].enumerator) is not None and sign.style == BULLET:
            end += 1
        return NoteRun(end - start)
    numbers, length, broken = _read_numbers(parts, start, first.style)
    around = [some for some in lists if some.style == first.style]
    places = _find_places(numbers, length, around, broken=broken)
    if len(places) < 2:  # noqa: PLR2004 - one place is certain; none is settled by the list's own numbers
        return NoteRun(places[0] if places else length)
    fitting = [place for place in places if _fits_count(numbers, place, around)]
    if len(fitting) == 1:
        return NoteRun(fitting[0])
    # A list has two items at least; so if one stands before the notes, another follows them.
    return NoteRun(places[0] if around[-1].length == 1 else places[-1], doubtful=places[0])


def _read_numbers(parts: list[Part], start: int, style: str) -> tuple[list[int], int, bool]:
    """The numbers in that style up to the next note, how many of them count 1, 2, 3…, and whether a break ends those.

    Words without a number, or another style, are a break.
    """
    numbers: list[int] = []
    length, broken = 0, False
    for index in range(start, len(parts)):
        part = parts[index]
        if part.note is not None:
            break
        sign = part.enumerator
        if sign is None or sign.style != style:
            broken = broken or length == len(numbers)
            continue
        if length == len(numbers) and not broken and sign.number == length + 1:
            length += 1
        numbers.append(sign.number)
    return numbers, length, broken


def is_plain(part: Part) -> bool:
    """Whether the part begins with no sign: neither an enumerator nor a note, and is no marker."""
    return part.enumerator is None and part.note is None and find_marker(part.folded) is None


def _find_places(numbers: list[int], length: int, around: list[OpenList], *, broken: bool) -> list[int]:
    """After how many of the numbers the notes can end, so that what follows goes on with one of the lists around."""
    counts = [False] * len(numbers)  # whether the numbers from there on go up by one or begin again
    for index in range(len(numbers) - 1, -1, -1):
        last = index + 1 == len(numbers)
        counts[index] = last or (numbers[index + 1] in (1, numbers[index] + 1) and counts[index + 1])
    nexts = {some.last + 1 for some in around}
    places = {length, *(number - 1 for number in nexts if 0 < number - 1 < length)}
    return sorted(
        place
        for place in places
        if place == len(numbers)
        or (counts[place] and (numbers[place] in nexts or (broken and place == length and numbers[place] == 1)))
    )


def _fits_count(numbers: list[int], place: int, around: list[OpenList]) -> bool:
    """Whether the list that goes on gets as many items as its marker says."""
    rest = numbers[place:]
    list_around = next((some for some in reversed(around) if rest[:1] == [some.last + 1]), around[-1])
    length, expected = list_around.length, list_around.last + 1
    for number in rest:
        if number == 1:
            break  # another list begins
        if number == expected:
            length, expected = length + 1, expected + 1
    return length == list_around.of
