"""The small signs of a requirement list: enumerators, 「(2選1)」 and 「同時提供」, brackets that keep words together.

Everything here works on folded text (snapshots.folding.fold_characters), in which each character stands at the place
that it has in the original.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "十": 10}
_CIRCLED = {chr(0x2460 + offset): offset + 1 for offset in range(20)}

_ENUMERATORS = (
    ("dotted", re.compile(r"[((]?(\d{1,2}\.\d{1,2})[))]?[、.::]?\s*(?=[^\d%年月日])")),
    ("cn", re.compile(r"([一二三四五六七八九十]{1,3})\s*[、..]\s*")),
    ("cn()", re.compile(r"\(([一二三四五六七八九十]{1,3})\)\s*[、.]?\s*")),
    ("1、", re.compile(r"(\d{1,2})\s*、\s*")),
    ("1.", re.compile(r"(\d{1,2})\.(?!\d)\s*")),
    ("1)", re.compile(r"(\d{1,2})\)\s*")),
    ("(1)", re.compile(r"\((\d{1,2})\)\s*[、.]?\s*")),
    ("①", re.compile(r"([①-⑳])\s*[、.]?\s*")),
    ("a", re.compile(r"([a-hA-H])[、.)]\s*")),
    ("named", re.compile(r"资质(\d{1,2}|[一二三四五六七八九十])\s*[::、]\s*")),
)

_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|[①-⑳])"
_CHOICE = rf"(?P<of>{_NUMBER})\s*选\s*(?P<n>{_NUMBER})"
_ANY = r"(?:以下)?(?:任选其一|任意一项|任一|任选一项|择一|其中之一|之一)(?:即可|提供)?"
_ALL = r"(?:以下)?(?:需|须|请|且)?\s*同时(?:提供|具备|满足|提交|上传)(?:以下(?:资质|材料|资料))?"
_MARKER = re.compile(
    rf"(?P<open>\()?\s*(?:{_CHOICE}|(?P<any>{_ANY})|(?P<all>{_ALL}))\s*(?P<close>\))?\s*(?P<colon>[::])?"
)
_LABEL_SIGNS = " ,，、:：\u3000"
_OPENING = {"《": "》", "(": ")", "【": "】", "“": "”", "「": "」", "『": "』", "[": "]"}


@dataclass(frozen=True, slots=True)
class Enumerator:
    """The sign before a list item: its style, its number and where the words begin."""

    style: str
    number: float
    end: int


@dataclass(frozen=True, slots=True)
class Marker:
    """「(2選1)」 (n 1 of 2) or 「同時提供」 (n None: all), with its place in the text, its colon included in `end`."""

    n: int | None
    of: int | None
    start: int
    stop: int
    end: int


def read_enumerator(folded: str) -> Enumerator | None:
    """The enumerator at the beginning of the line: `一、 1、 1. (1) 2.1 1) ① a.`, or None."""
    for style, pattern in _ENUMERATORS:
        match = pattern.match(folded)
        if match:
            return Enumerator(style, _enumerator_number(match[1]), match.end())
    return None


def find_marker(folded: str) -> Marker | None:
    """The list marker that ends the line, or that a colon follows; None where the line has none.

    「金融資產管理公司提供(②選①):」 and 「平臺型主體,需同時提供:」 have one; 「若…,需同時提供對應資質」 has none.
    """
    depths = bracket_depths(folded)
    for match in _MARKER.finditer(folded):
        bracketed = match["open"] is not None and match["close"] is not None
        start, stop = (match.start(), match.end("close")) if bracketed else _bare_span(match)
        outer = depths[match.start()] if bracketed else depths[start]
        if outer > (1 if bracketed else 0) or (bracketed and depths[match.start()] != 1):
            continue
        at_end = not folded[match.end() :].strip()
        if not (at_end or match["colon"]):
            continue
        if match["n"] is not None:
            return Marker(_number(match["n"]), _number(match["of"]), start, stop, match.end())
        return Marker(1 if match["any"] else None, None, start, stop, match.end())
    return None


def _bare_span(match: re.Match[str]) -> tuple[int, int]:
    name = "any" if match["any"] else "all" if match["all"] else "of"
    return match.start(name), match.end("n" if name == "of" else name)


def trim_label(text: str) -> str:
    """The words in front of a marker, without the signs that lead over to it."""
    return text.strip(_LABEL_SIGNS)


def bracket_depths(folded: str) -> list[int]:
    """For each character, how many brackets and quotes hold it; the signs themselves count as inside.

    A bracket that is never closed counts for nothing: half-broken pages have them.
    """
    depths = [0] * (len(folded) + 1)
    stack: list[tuple[str, int]] = []
    spans: list[tuple[int, int]] = []
    waiting: Counter[str] = Counter()  # how many brackets wait for each closing sign
    for place, character in enumerate(folded):
        if character in _OPENING:
            stack.append((_OPENING[character], place))
            waiting[_OPENING[character]] += 1
        elif waiting[character]:
            closes = ""
            while closes != character:
                closes, start = stack.pop()
                waiting[closes] -= 1
            spans.append((start, place))
    steps = [0] * (len(folded) + 2)
    for start, end in spans:
        steps[start] += 1
        steps[end + 1] -= 1
    depth = 0
    for place in range(len(folded)):
        depth += steps[place]
        depths[place] = depth
    return depths


def split_inline_items(folded: str) -> list[int]:
    """Where the items of a list begin that a copy has put on one line: 「同時提供: 1、《A》 2、《B》」.

    The places are those of the enumerators 1, 2, 3… of one style; empty where there are not at least two in a row.
    """
    depths = bracket_depths(folded)
    best: list[int] = []
    for style, pattern in (
        ("1、", r"(\d{1,2})、"),
        ("1.", r"(\d{1,2})\.(?!\d)"),
        ("①", r"([①-⑳])"),
        ("(1)", r"\((\d{1,2})\)"),
    ):
        places: list[int] = []
        for match in re.finditer(pattern, folded):
            outside = depths[match.start()] == (1 if style == "(1)" else 0)
            free = match.start() == 0 or folded[match.start() - 1] in " :;；。,，:" or style == "①"
            if outside and free and _enumerator_number(match[1]) == len(places) + 1:
                places.append(match.start())
        if len(places) > 1 and (not best or places[0] < best[0]):
            best = places
    return best


def _enumerator_number(text: str) -> float:
    if "." in text:
        whole, part = text.split(".")
        return int(whole) * 100 + int(part)
    return _number(text) if not text.isalpha() or text[0] in _DIGITS else ord(text.lower()) - 96


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text in _CIRCLED:
        return _CIRCLED[text]
    if "十" in text and len(text) > 1:
        tens, ones = text.split("十", 1)
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[text]
