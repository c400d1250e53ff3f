"""Demands: what one leaf of a requirement asks for, and which of two leaves asks for more.

A demand is a paper by its name, with its holder, how many of it are asked for, what is asked of each, and the
condition under which it is asked for at all. 「2家或以上」 is more than one, the original as well is more than a copy;
技术主体的《…备案》 is another paper than 小程序主体的《…备案》. A leaf without 《…》 is a demand by its words.
"""

from __future__ import annotations

import re

from msgspec import Struct

from differ.verdict.conditions import Condition, are_implied, read_conditions
from differ.verdict.papers import PaperNames, find_name, is_applicant
from snapshots.folding import fold_characters
from snapshots.form import fold_words
from snapshots.requirement import Paper, Text

_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NUMBER = r"(?P<number>\d{1,2}|[一二两三四五六七八九十])"
_COUNT = re.compile(rf"(?:至少)?(?:需)?(?:提供)?{_NUMBER}(?:-\d{{1,2}})?(?:份|家|个|名)(?:(?:及|或)?以上)?(?:的)?")
_BRACKET = re.compile(r"\((?P<words>(?:[^()]|\([^()]*\))*)\)$")
_NOTE = re.compile(r"\(注:(?:[^()]|\([^()]*\))*\)")
_NEW_MARK = re.compile(r"\(?(?:此项为)?新增项(?!目)\)?")
_LEAD = re.compile(r"^(?:以?及)?(?:[需须请应])?(?:上传|提供|提交|具备)?")


class Demand(Struct, frozen=True):
    """What is asked for; `shown` is the page's own words for it and no part of what it is."""

    name: str
    holder: str
    count: int
    conditions: frozenset[Condition]
    only_if: str | None
    shown: str

    def covers(self, other: Demand) -> bool:
        """Whether who meets this demand meets the other one: it asks for the same paper, and for no less of it."""
        return (
            self.name == other.name
            and self.holder == other.holder
            and self.count >= other.count
            and self.only_if in (None, other.only_if)
            and are_implied(other.conditions, self.conditions)
        )


def build_demand(leaf: Paper | Text, *, names: PaperNames, only_if: str | None, side: str) -> Demand:
    """What the leaf asks for. `side` is whose part of a list it stands in, where the list has a label for it."""
    match leaf:
        case Paper(title=title, holder=holder, qualifier=qualifier, count=count):
            owner, of_owner = _take_count(_fold_holder(holder or "", names))
            number = max(_read_count(count or ""), of_owner)
            name, conditions = find_name(title, names), read_conditions(_drop_asides(qualifier or ""))
        case Text(text=text):
            owner = ""
            words = _drop_label(_drop_asides(text), leaf.label)
            bracket = _BRACKET.search(words)
            conditions = read_conditions(bracket["words"]) if bracket else frozenset()
            folded, number = _take_count(fold_words(words[: bracket.start()] if bracket else words))
            name = find_name(_LEAD.sub("", folded), names)
    return Demand(name, f"{side}:{owner}" if side else owner, number, conditions, only_if, leaf.text)


def build_case(words: str, label: str) -> Demand:
    """That the applicant is of the kind, or in the case, that a branch is for: 「慈善组织提供」; folded, `words`."""
    return Demand(f"case {words}", "", 1, frozenset(), None, label)


def _fold_holder(holder: str, names: PaperNames) -> str:
    return "" if is_applicant(holder, names) else fold_words(holder)


def _take_count(folded: str) -> tuple[str, int]:
    """The words without the number in them, and that number; 1 where they state none."""
    match = _COUNT.search(folded)
    if match is None:
        return folded, 1
    return folded[: match.start()] + folded[match.end() :], _to_number(match["number"])


def _read_count(count: str) -> int:
    match = re.search(_NUMBER, fold_characters(count))
    return 1 if match is None else _to_number(match["number"])


def _to_number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]


def _drop_asides(text: str) -> str:
    """The text, in Simplified script, without its notes 「(注:…)」 and the mark of what is new in it."""
    return _NEW_MARK.sub("", _NOTE.sub("", fold_characters(text))).strip(" ;。,")


def _drop_label(folded: str, label: str | None) -> str:
    start = fold_characters(label or "")
    return folded[len(start) :].lstrip(" :,") if start and folded.startswith(start) else folded
