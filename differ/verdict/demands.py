"""Demands: what one leaf of a requirement asks for, and which of two leaves asks for more.

A demand is a paper by its name, with its holder, how many of it are asked for, what is asked of each, and the
condition under which it is asked for at all. 「2家或以上」 is more than one, the original as well is more than a copy;
技术主体的《…备案》 is another paper than 小程序主体的《…备案》. A leaf without 《…》 is a demand by its words, or by
any of those that 或 joins: 「网络视听审核员证或参培证明材料」 asks for less than 「网络视听审核员证」.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
from msgspec import Struct

from differ.verdict.conditions import EXAMPLES, Condition, are_implied, read_conditions
from differ.verdict.papers import PaperNames, find_name, is_applicant
from snapshots.folding import fold_characters
from snapshots.form import fold_words
from snapshots.requirement import Paper, Text

_CASE = "case "
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NUMBER = r"(?P<number>\d{1,2}|[一二两三四五六七八九十])"
_COUNT = re.compile(rf"(?:至少)?(?:需)?(?:提供)?{_NUMBER}(?:-\d{{1,2}})?(?:份|家|个|名)(?:(?:及|或)?以上)?(?:的)?")
_BRACKET = re.compile(r"\((?P<words>(?:[^()]|\([^()]*\))*)\)$")
_NOTE = re.compile(r"\(注:(?:[^()]|\([^()]*\))*\)")
_NEW_MARK = re.compile(r"\(?(?:此项为)?新增项(?!目)\)?")
_LEAD = re.compile(r"^(?:以?及)?(?:[需须请应])?(?:上传|提供|提交|具备)?[该此]?")
_PARTY = re.compile(r"^[该此]")
_AGREEMENTS = ("协议", "合同")
_OR = re.compile(r"或者|或")
_SEPARABLE = re.compile(r"^[^()《》“”\"\[\]]+$")
_TOPIC = re.compile(r"(?:材料|资料|文件|证件|资质|证明|如下)$")
_APPLIES = re.compile(r"(?:^|[\s(,;])\(?适用(?:于)?(?P<case>[^(),;。\s]+)\)?\s*$")


class Demand(Struct, frozen=True, cache_hash=True):
    """What is asked for; `shown` is the page's own words for it and no part of what it is.

    Any of the `others` does as well as what `name` names.
    """

    name: str
    holder: str
    count: int
    conditions: frozenset[Condition]
    only_if: str | None
    shown: str
    others: frozenset[str] = frozenset()

    @property
    def accepted(self) -> frozenset[str]:
        """All names under which it may be handed in."""
        return self.others | {self.name}

    def covers(self, other: Demand) -> bool:
        """Whether who meets this demand meets the other one: it asks for the same paper, and for no less of it."""
        return (
            (self.name == other.name if not self.others and not other.others else self.accepted <= other.accepted)
            and self.holder == other.holder
            and self.count >= other.count
            and self.only_if in (None, other.only_if)
            and are_implied(other.conditions, self.conditions)
        )


@lru_cache(maxsize=1 << 12)
def build_demand(leaf: Paper | Text, names: PaperNames, only_if: str | None, side: str, case: str) -> Demand:
    """What the leaf asks for. `side` is whose part of a list it stands in, where the list has a label for it.

    `case` is the label of the option that it stands in, folded; a bracket that repeats it asks for nothing:
    「药品批发企业,提供:《药品经营许可证》(药品批发企业)」. Both sides of a comparison ask for most of their papers
    in the same words, and so for one and the same demand.
    """
    others: frozenset[str] = frozenset()
    match leaf:
        case Paper(title=title, holder=holder, qualifier=qualifier, count=count):
            bare, examples = _part_examples(fold_characters(holder or ""))
            owner, of_owner = _take_count(_fold_holder(bare, names))
            number = max(_read_count(count or ""), of_owner)
            said = "" if fold_words(qualifier or "") == case else _drop_asides(qualifier or "")
            name, conditions = find_name(title, names), read_conditions(said) | examples
        case Text(text=text):
            owner = ""
            words = _drop_label(_drop_asides(text), leaf.label)
            bracket = _BRACKET.search(words)
            folded, number = _take_count(fold_words(words[: bracket.start()] if bracket else words))
            inside = bracket["words"] if bracket else ""
            if _COUNT.fullmatch(fold_words(inside)):
                number, inside = max(number, _read_count(inside)), ""
            conditions = read_conditions(inside)
            name, *more = sorted(find_name(part, names) for part in _list_alternatives(folded, names))
            others = frozenset(more)
    return Demand(name, f"{side}:{owner}" if side else owner, number, conditions, only_if, leaf.text, others)


def build_case(words: str, label: str) -> Demand:
    """That the applicant is of the kind, or in the case, that a branch is for: 「慈善组织提供」; folded, `words`."""
    bare, examples = _part_examples(words)
    return Demand(f"{_CASE}{bare}", "", 1, examples, None, label)


def is_case(demand: Demand) -> bool:
    """Whether the demand is a case that the applicant must be in, and nothing to hand in: 「慈善組織提供」."""
    return demand.name.startswith(_CASE)


def build_side(words: str) -> str:
    """Whose papers a list of all is, by its label; 「其他材料」 and 「授权材料」 name no one."""
    if not _TOPIC.search(words):
        return _PARTY.sub("", words)
    owner, _, _ = words.rpartition("的")
    return _PARTY.sub("", owner)


def part_case(leaf: Paper) -> tuple[Paper, str] | None:
    """The leaf without the words that say whom it is for, and those: 「《事业单位法人证书》(适用公立学校)」."""
    qualifier = fold_characters(leaf.qualifier) if leaf.qualifier else ""
    match = _APPLIES.search(qualifier)
    if match is None:
        return None
    rest = qualifier[: match.start()].strip() or None
    return msgspec.structs.replace(leaf, qualifier=rest), fold_words(match["case"])


def _part_examples(text: str) -> tuple[str, frozenset[Condition]]:
    """The words without the examples that they end with, and these: 「公共事业公司(如电力公司、燃气公司等)」."""
    bracket = _BRACKET.search(text)
    found = read_conditions(bracket["words"]) if bracket else frozenset()
    if bracket is None or any(condition.subject != EXAMPLES for condition in found):
        return text, frozenset()
    return text[: bracket.start()], found


def _list_alternatives(folded: str, names: PaperNames) -> list[str]:
    """The words of a leaf without 《…》, any of which do, each without what leads over to it."""
    parts = _OR.split(folded) if _SEPARABLE.match(folded) else [folded]
    if not all(len(part) > 1 for part in parts):
        parts = [folded]
    first = _LEAD.sub("", parts[0])
    owner, of, rest = first.partition("的")
    if of and rest and is_applicant(owner, names):
        first = rest
    return [_drop_party(first, names) if first.endswith(_AGREEMENTS) else first, *parts[1:]]


def _drop_party(text: str, names: PaperNames) -> str:
    """The words without 与: an agreement 「与医院」 or 「小程序主体与医院」 is the hospital's too."""
    before, joint, after = text.partition("与")
    return after if joint and after and (not before or is_applicant(before, names)) else text


def _fold_holder(holder: str, names: PaperNames) -> str:
    return "" if is_applicant(holder, names) else _PARTY.sub("", _drop_party(fold_words(holder), names))


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
