"""Markers: the words that say how much of a list is asked for, 「(2選1)」, 「任選其一」, 「同時提供」.

    marker := N 选 M | 任选 M 项 | 任选其一 | 其中之一 …      a choice
            | 同时提供 | 均需提供 | 缺一不可 …                all of the items

Everything here works on folded text (snapshots.folding.fold_characters), in which each character stands at the place
that it has in the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.requirement.brackets import Spans, find_brackets, is_inside, opens_bracket
from scraper.requirement.enumerators import NUMERAL, read_numeral
from snapshots.remember import remember_words

_THING = r"(?:资质证件|资质文件|资质|材料|资料|文件|证件|证照|证书|证明|条件|情形|内容)"
_GIVE = r"(?:提供|提交|上传|具备|满足|符合|持有|达到)"
_UNIT = r"(?:项|种|个|份|类)"
_LEAD = (
    rf"(?:(?:需要?|须|请)?{_GIVE})?(?:(?:以下|下列|如下|上述|以上)(?:\d|[两二三四五六])?(?:项|种|类)?的?(?:任意|任何)?{_THING}?(?:中的?|里)?的?"
    r"|[两二三四五](?:者|项|证)(?:中的?)?)?"
)
_FEW = r"(?:\d|[一二两三四五六七八九])"
_KINDS = r"(?:项|种|类)"
_OF = rf"(?P<of>{NUMERAL})\s*[选取]\s*(?P<n>{NUMERAL}){_UNIT}?"
_ANY = (
    rf"{_LEAD}(?:以下|下列|其中)?(?:"
    rf"(?:任意|任何|任)(?:选择|选|{_GIVE})?(?:其中)?(?:的)?(?P<few>{_FEW}){_UNIT}{_THING}?|任选其(?P<some>{_FEW}){_UNIT}?|任一{_UNIT}?{_THING}?"
    rf"|(?:选择?|择)其?一{_UNIT}?|其中(?:的|之)?(?:任意)?一{_UNIT}|其中之一|其一|之一|(?<=中)(?:任意)?一{_UNIT}"
    rf"|(?<=中的)(?:任意)?一{_UNIT}|{_GIVE}(?:其中)?一{_KINDS}{_THING}?(?=即可|均可)"
    rf"|(?<=[下列上述中质料件照])(?:的)?(?:至少|最少){_GIVE}?(?:其中)?(?P<least>{_FEW}){_KINDS}{_THING}?"
    rf"|(?<![^\s,:(需须请])(?:至少|最少){_GIVE}(?:其中)?(?P<lone>{_FEW}){_KINDS}{_THING}?(?=即可|均可|\s*[:)]|$)"
    rf"|(?:至少|最少){_GIVE}(?:以下|下列|其中){_THING}?(?:中?的)?(?P<given>{_FEW}){_KINDS}{_THING}?)"
)
_ALL = (
    rf"{_LEAD}(?:"
    rf"(?:需要?|须|请|且|应|必须)?同时{_GIVE}(?:以下|下列|如下)?(?:{_FEW}{_UNIT})?{_THING}?"
    rf"|(?:均|都|全部)(?:需要?|须|应|要|必须)?{_GIVE}|缺一不可)"
)
_AFTER = rf"(?:即可|均可|{_GIVE}(?:即可)?)?(?:(?:以下|下列){_THING}?)?"
_MARKER = re.compile(
    rf"(?P<open>\(\s*(?:以下|下列|请|需|上述|以上)?{_THING}?)?(?:{_OF}|(?P<any>{_ANY})|(?P<all>{_ALL})){_AFTER}"
    r"\s*(?P<close>\))?\s*(?P<colon>:)?"
)
_SIGN = re.compile(r"[选取一任均都]|同时|全部|少")
_LABEL_SIGNS = " ,，、:：\u3000"
_LIST_BEGINS = re.compile(r"\s*(?:《|[①⑴]|\(?1[、.)]|\(?一[、)])")


@dataclass(frozen=True, slots=True)
class Marker:
    """「(2選1)」 (n 1 of 2) or 「同時提供」 (n None: all), with its place in the text, its colon included in `end`."""

    n: int | None
    of: int | None
    start: int
    stop: int
    end: int


@remember_words
def find_marker(folded: str) -> Marker | None:
    """The marker that ends the line, that a colon follows, or that opens the line before its list; else None.

    「金融資產管理公司提供(②選①):」 and 「平臺型主體,需同時提供:」 have one; 「若…,需同時提供對應資質」 has none.
    """
    if _SIGN.search(folded) is None:
        return None
    brackets: Spans | None = None
    length = len(folded.rstrip(" 。;"))
    for match in _MARKER.finditer(folded):
        bracketed = match["open"] is not None and match["close"] is not None
        opens_line = not match.start() and (bracketed or match["of"] is not None)
        if not (match.end() >= length or match["colon"] or (opens_line and _LIST_BEGINS.match(folded, match.end()))):
            continue
        brackets = find_brackets(folded) if brackets is None else brackets
        name = "of" if match["of"] is not None else "any" if match["any"] is not None else "all"
        start = match.start() if bracketed else match.start(name)
        if not (opens_bracket(brackets, start) if bracketed else not is_inside(brackets, start)):
            continue
        stop = match.end("close") if bracketed else len(folded[: match.end()].rstrip(": )"))
        return Marker(_read_n(match, name), _read_of(match), start, stop, match.end())
    return None


def trim_label(text: str) -> str:
    """The words in front of a marker, without the signs that lead over to it."""
    return text.strip(_LABEL_SIGNS).rstrip("(（ ")


def _read_n(match: re.Match[str], name: str) -> int | None:
    if name == "all":
        return None
    return read_numeral(
        match["n"] or match["few"] or match["some"] or match["least"] or match["lone"] or match["given"] or "一"
    )


def _read_of(match: re.Match[str]) -> int | None:
    return read_numeral(match["of"]) if match["of"] else None
