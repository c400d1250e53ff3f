"""Ways in which a page is damaged on its way to us, each by itself and by chance of a seed."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_BORDER = re.compile(
    r"</?(?:html|body|head|main|nav|footer|header|p|div|section|article|h\d|ul|ol|li|table|thead|tbody|tr|t[dh]|br|title)\b[^>]*>"
    r"|<(script|style)\b.*?</\1>|<!--.*?-->|<!DOCTYPE[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_SIGN = re.compile(r"^\s*(?:\d{1,2}[、.)）:：]|[①-⑳]\s*|[(（]\d{1,2}[)）]|[一二三四五六七八九十]{1,2}、)")
_CELL_BORDER = re.compile(r"</t([dh])>\s*<t\1[^>]*>", re.IGNORECASE)
_BRACKET = re.compile(r"[《》【】()（）]")
_DASH = re.compile(r"(?<=[\u4e00-\u9fff)）])[-–—](?=[\u4e00-\u9fff])|[“”]")
_COUNT = re.compile(r"[\d二三四五六七八九两]\s*选")
_MARKER = re.compile(r"[\d二三四五六七八九两]\s*选|任选|同时提供|其一")
_SWAPPED = {"-": "—", "–": "-", "—": "--", "“": '"', "”": '"'}
_LABELS = ("gb2312", "big5", "iso-8859-1", "utf-16", "shift_jis")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the page: where it stands in the source, and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A page to be damaged: its text, its lines that are content, and which of these name or open something."""

    text: str
    is_html: bool
    pieces: tuple[Piece, ...]
    headings: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Damage:
    """The damaged text, the words that were hit, and the encoding label that came with the page, if that was changed.

    `lost`: the lines that are gone, as places in the pieces; None where more than whole lines is hit.
    """

    text: str
    said: str
    label: str | None = None
    lost: tuple[int, ...] | None = None


def split_pieces(text: str, *, is_html: bool) -> tuple[Piece, ...]:
    """The lines of a page by their places in its source: file lines, or what stands between the borders of blocks."""
    borders = [match.span() for match in (_BORDER if is_html else re.compile("\n")).finditer(text)]
    starts = [0, *(end for _, end in borders)]
    ends = [*(start for start, _ in borders), len(text)]
    pieces = []
    for start, end in zip(starts, ends, strict=True):
        source = text[start:end]
        words = html.unescape(_TAG.sub("", source)) if is_html else source
        if words.strip():
            pieces.append(Piece(start, end, " ".join(words.split())))
    return tuple(pieces)


def drop_line(source: Source, chance: random.Random) -> Damage | None:
    """A line of the content is gone."""
    return _drop(source, chance.randrange(len(source.pieces)))


def remove_heading(source: Source, chance: random.Random) -> Damage | None:
    """A line that names an entry, a section, a block or a column is gone."""
    if not source.headings:
        return None
    return _drop(source, source.pieces.index(chance.choice(source.headings)))


def _drop(source: Source, place: int) -> Damage:
    piece = source.pieces[place]
    end = piece.end if source.is_html else piece.end + 1
    return Damage(source.text[: piece.start] + source.text[end:], piece.text, lost=(place,))


def double_line(source: Source, chance: random.Random) -> Damage | None:
    """A line comes twice."""
    piece = chance.choice(source.pieces)
    words = source.text[piece.start : piece.end]
    return Damage(_put(source, piece, words + _break(source) + words), piece.text)


def split_line(source: Source, chance: random.Random) -> Damage | None:
    """A line is broken in two."""
    piece = chance.choice(source.pieces)
    words = source.text[piece.start : piece.end]
    places = [place for place in range(2, len(words) - 1) if "\u4e00" <= words[place] <= "\u9fff"]
    places = [place for place in places if words.rfind("<", 0, place) <= words.rfind(">", 0, place)]
    if not places:
        return None
    place = chance.choice(places)
    return Damage(
        _put(source, piece, words[:place] + _break(source) + words[place:]), f"{words[:place]}⏎{words[place:]}"
    )


def swap_lines(source: Source, chance: random.Random) -> Damage | None:
    """Two lines that stand one below the other have changed places."""
    if len(source.pieces) < 2:  # noqa: PLR2004 - two to be swapped
        return None
    place = chance.randrange(len(source.pieces) - 1)
    first, second = source.pieces[place : place + 2]
    text = source.text
    swapped = text[second.start : second.end] + text[first.end : second.start] + text[first.start : first.end]
    return Damage(text[: first.start] + swapped + text[second.end :], f"{first.text} ⇄ {second.text}")


def swap_enumerators(source: Source, chance: random.Random) -> Damage | None:
    """Two items of a list have changed their numbers."""
    listed = [piece for piece in source.pieces if _find_sign(source, piece) is not None]
    pairs = [
        (one, other)
        for one, other in pairwise(listed)
        if other.start - one.end < 200  # noqa: PLR2004 - of one list, surely of one entry
    ]
    if not pairs:
        return None
    one, other = chance.choice(pairs)
    (a, b), (c, d) = _find_sign(source, one) or (0, 0), _find_sign(source, other) or (0, 0)
    text = source.text
    if text[a:b] == text[c:d]:
        return None
    return Damage(text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:], f"{one.text} ⇄ {other.text}")


def cut_page(source: Source, chance: random.Random) -> Damage | None:
    """The page ends somewhere in its content."""
    place = chance.randrange(source.pieces[0].end, source.pieces[-1].end)
    gone = tuple(index for index, piece in enumerate(source.pieces) if piece.start >= place)
    whole = all(piece.end <= place or piece.start >= place for piece in source.pieces)
    lost = gone if whole and not source.is_html else None
    return Damage(source.text[:place], source.text[max(place - 20, 0) : place] + "✂", lost=lost)


def drop_tag(source: Source, chance: random.Random) -> Damage | None:
    """A tag is gone."""
    tags = list(_TAG.finditer(source.text, source.pieces[0].start)) if source.is_html else []
    if not tags:
        return None
    tag = chance.choice(tags)
    rest = source.text[tag.end() :]
    return Damage(source.text[: tag.start()] + rest, f"{tag[0]} before {rest[:20]}")


def merge_cells(source: Source, chance: random.Random) -> Damage | None:
    """The border between two cells of a row is gone."""
    if source.is_html:
        borders = [match.span() for match in _CELL_BORDER.finditer(source.text)]
    else:
        sign = "\t" if "\t" in source.text else " | "
        borders = [match.span() for match in re.finditer(re.escape(sign), source.text)]
    if not borders:
        return None
    start, end = chance.choice(borders)
    return Damage(
        f"{source.text[:start]} {source.text[end:]}",
        f"{source.text[max(start - 20, 0) : start]}∪{source.text[end : end + 20]}",
    )


def drop_bracket(source: Source, chance: random.Random) -> Damage | None:
    """A bracket is gone."""
    return _replace(source, chance, _BRACKET, lambda _: "")


def replace_sign(source: Source, chance: random.Random) -> Damage | None:
    """A dash or a quotation mark is another one."""
    return _replace(source, chance, _DASH, lambda sign: _SWAPPED[sign])


def change_label(source: Source, chance: random.Random) -> Damage | None:
    """The page comes with the label of another encoding."""
    label = chance.choice(_LABELS)
    return Damage(re.sub(r"(charset=[\"']?)[\w-]+", rf"\g<1>{label}", source.text), label, label=label)


KINDS: dict[str, Callable[[Source, random.Random], Damage | None]] = {
    "drop a line": drop_line,
    "remove a heading": remove_heading,
    "double a line": double_line,
    "split a line": split_line,
    "swap two lines": swap_lines,
    "swap enumerators": swap_enumerators,
    "cut the page": cut_page,
    "drop a tag": drop_tag,
    "merge cells": merge_cells,
    "drop a bracket": drop_bracket,
    "replace a dash or quote": replace_sign,
    "change the encoding label": change_label,
}


def is_unnoticeable(source: Source, damage: Damage) -> bool:
    """Whether nobody who sees the damaged page alone could tell: lines are gone that nothing asks for.

    A last item is such a line where no marker counts the list, and so is a line of prose; a marker, a heading or an
    item from the middle of a list is not.
    """
    if damage.lost is None:
        return False
    if len(damage.lost) > 1:
        return True  # the page ends at the end of a line
    place = damage.lost[0]
    piece = source.pieces[place]
    if piece in source.headings or _MARKER.search(piece.text) or piece.text in ("注", "注:", "注：", "/"):
        return False
    sign = _SIGN.match(piece.text)
    if sign is None:
        return True
    following = source.pieces[place + 1].text if place + 1 < len(source.pieces) else ""
    return _next_sign(sign[0]) not in following[:4] and _COUNT.search(_find_marker(source, place)) is None


def _find_marker(source: Source, place: int) -> str:
    """The line above the first item of the list that the item is of."""
    sign = _SIGN.match(source.pieces[place].text)
    first = re.sub(r"\d+", "1", re.sub("[①-⑳]", "①", re.sub("[一二三四五六七八九十]+", "一", sign[0] if sign else "")))
    for index in range(place, 0, -1):
        if source.pieces[index].text.startswith(first.strip()):
            return source.pieces[index - 1].text
    return ""


def _next_sign(sign: str) -> str:
    number = re.search(r"\d+|[①-⑳]|[一二三四五六七八九十]+", sign)
    if number is None:
        return "\0"
    if number[0].isdecimal() and number[0].isascii():
        return str(int(number[0]) + 1)
    return chr(ord(number[0][0]) + 1) if number[0] >= "①" and number[0] <= "⑳" else "\0"


def _find_sign(source: Source, piece: Piece) -> tuple[int, int] | None:
    """Where the enumerator of a line stands in the source, where no tag stands inside or before it."""
    match = _SIGN.match(source.text[piece.start : piece.end])
    return (piece.start + match.start(), piece.start + match.end()) if match else None


def _replace(
    source: Source, chance: random.Random, pattern: re.Pattern[str], replace: Callable[[str], str]
) -> Damage | None:
    found: Sequence[tuple[Piece, re.Match[str]]] = [
        (piece, match)
        for piece in source.pieces
        for match in pattern.finditer(source.text, piece.start, piece.end)
        if source.text.rfind("<", piece.start, match.start()) <= source.text.rfind(">", piece.start, match.start())
        or not source.is_html
    ]
    if not found:
        return None
    piece, match = chance.choice(found)
    text = source.text[: match.start()] + replace(match[0]) + source.text[match.end() :]
    return Damage(text, f"{match[0]} of {piece.text}")


def _put(source: Source, piece: Piece, words: str) -> str:
    return source.text[: piece.start] + words + source.text[piece.end :]


def _break(source: Source) -> str:
    return "<br>" if source.is_html else "\n"
