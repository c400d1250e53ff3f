"""Enumerators: the signs before the items of a list, `一、 (一) 1、 1. 1) (1) 2.1 ① a. 第一、 资质1: 方案一: •`.

Everything here works on folded text (snapshots.folding.fold_characters), in which each character stands at the place
that it has in the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.requirement.brackets import find_brackets, is_inside, opens_bracket
from snapshots.remember import remember_words

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "十": 10}
_SERIES = (("①", 20), ("⑴", 20), ("⒈", 20), ("❶", 10), ("㈠", 10), ("Ⅰ", 12), ("ⅰ", 12))
_SIGN_NUMBERS = {chr(ord(first) + offset): offset + 1 for first, length in _SERIES for offset in range(length)}
_SIGN_STYLES = {chr(ord(first) + offset): first for first, length in _SERIES for offset in range(length)}

OPTION = "方案1"
"""The style of enumerators that say by their word that one of the items is enough."""
BULLET = "•"
"""The style of signs that do not count; their number is 0."""
NUMERAL = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|[①-⑳])"
_HAN = "[一二三四五六七八九十]{1,3}"
# Of a number: 「1.1万元保证金」.
_UNIT = r"(?:[%‰年月日万亿元倍米吨折寸]|千克|公斤|公里|平方|小时|分钟|[分份级](?=[以及,。;)]|$))"
_ENUMERATORS = (
    ("2.1", re.compile(rf"[((]?(\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})[))]?[、.::]?\s*(?!{_UNIT}|[\s\d.])(?=.)")),
    ("1、", re.compile(r"(\d{1,2})\s*、\s*")),
    ("1.", re.compile(r"(\d{1,2})\.(?!\d)\s*")),
    ("1)", re.compile(r"(\d{1,2})\)\s*[、.]?\s*")),
    ("(1)", re.compile(r"\(\s*(\d{1,2})\s*\)\s*[、.::]?\s*(?![-~至到和或]\s*\(\d)")),
    ("1:", re.compile(r"(\d{1,2})\s*:\s*(?![\d/])")),
    ("1", re.compile(r"(\d{1,2})\s*(?=《)")),
    ("一", re.compile(rf"({_HAN})\s*[、.:]\s*(?!{_HAN}(?:线|、))")),
    ("(一)", re.compile(rf"\(\s*({_HAN})\s*\)\s*[、.:]?\s*")),
    ("a", re.compile(r"([a-hA-H])[、.)](?!\s*[A-Za-z.])\s*")),
    ("(a)", re.compile(r"\(([a-hA-H])\)\s*")),
    ("第一", re.compile(rf"第(\d{{1,2}}|{_HAN})(?:种|项)?\s*[、,.:]\s*")),
    ("资质1", re.compile(rf"(?:资质|材料|类型|条件)(\d{{1,2}}|{_HAN})\s*(?:[:、,.]\s*|(?=[(《])|\s(?=\S))")),
    (OPTION, re.compile(rf"(?:方案|情形|情况|选项|方式)(\d{{1,2}}|{_HAN})\s*(?:[:、,.]\s*|(?=[(《])|\s(?=\S))")),
    (BULLET, re.compile(r"()(?:[•·●◆■▪○]\s*|[-*]\s+)(?=\S)")),
)
_BEGINNINGS = frozenset("0123456789(一二三四五六七八九十第资材方情选类条abcdefghABCDEFGH•·●◆■▪○-*")
_SIGN = re.compile(r"[、.:]?\s*")
_INLINE = re.compile(
    rf"(?P<sign>[{''.join(_SIGN_NUMBERS)}])|\((?P<round>\d{{1,2}})\)|(?P<comma>\d{{1,2}})、|(?P<dot>\d{{1,2}})\.(?!\d)"
    rf"|(?P<half>\d{{1,2}})\)|(?P<han>{_HAN})、|\((?P<roundhan>{_HAN})\)"
)
_INLINE_END = re.compile(rf"[{''.join(_SIGN_NUMBERS)}]|[\d一二三四五六七八九十][、.)]")
"""How each of these ends; two are soon told."""
_BEFORE_INLINE = frozenset(" :;。,)》】”」")


@dataclass(frozen=True, slots=True)
class Enumerator:
    """The sign before a list item: its style, its number and where the words begin."""

    style: str
    number: int
    end: int


@remember_words
def read_enumerator(folded: str) -> Enumerator | None:
    """The enumerator at the beginning of the line, or None; of `2.1` the number is 1, the last of its parts."""
    first = folded[:1]
    if first in _SIGN_NUMBERS:
        words = _SIGN.match(folded, 1)
        return Enumerator(_SIGN_STYLES[first], _SIGN_NUMBERS[first], words.end() if words else 1)
    if first not in _BEGINNINGS:
        return None
    for style, pattern in _ENUMERATORS:
        match = pattern.match(folded)
        if match:
            return Enumerator(f"{style}{match[1].count('.') or ''}", read_numeral(match[1]), match.end())
    return None


def read_numeral(text: str) -> int:
    """The number that a numeral in any script says: 2, 二, 两, ②, b."""
    text = text.rpartition(".")[2]
    if text.isdecimal():
        return int(text)
    if text in _SIGN_NUMBERS:
        return _SIGN_NUMBERS[text]
    if text and text.isascii():
        return ord(text.lower()) - ord("a") + 1
    if "十" in text and len(text) > 1:
        tens, _, ones = text.partition("十")
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS.get(text, 0)


def find_inline_items(folded: str) -> list[int]:
    """Where the items of a list begin that a copy has put on one line: 「同時提供: 1、《A》 2、《B》」.

    The places are those of enumerators that count 1, 2, 3… in one style; one that nothing follows is no list.
    """
    if len(_INLINE_END.findall(folded)) < 2:  # noqa: PLR2004 - as nearly every line; one item is no list
        return []
    runs: dict[str, list[int]] = {}
    found: list[int] = []
    matches = list(_INLINE.finditer(folded))
    brackets = find_brackets(folded)
    for match in matches:
        style, start = match.lastgroup or "", match.start()
        free = start == 0 or folded[start - 1] in _BEFORE_INLINE or style == "sign"
        rounded = style.startswith("round")
        if not free or (not opens_bracket(brackets, start) if rounded else is_inside(brackets, start)):
            continue
        if style == "sign":
            style = _SIGN_STYLES[match[0]]
        number, run = read_numeral(match[match.lastgroup or 0]), runs.setdefault(style, [])
        if number == 1:
            run[:] = [start]
        elif run and number == len(run) + 1:
            found += [run[0], start] if len(run) == 1 else [start]
            run.append(start)
    return sorted(found)
