"""What is asked of a paper beyond its name: the words of its bracket, and which of two sets of them ask for more.

    qualifier := clause ((, | ;) clause)*
    clause    := [subject] 含 words | 如 examples | other words
    words     := word | word 或 word … (any of them) | “word”和“word” … (all of them)

「经营范围需含“零售”或“批发”」 asks less than 「经营范围需含“零售”」: a longer or-list is looser, a longer and-list
stricter. Examples 「(如电力公司、燃气公司等)」 are such an or-list. A contract is to contain all that its bracket lists
「协议内容含服务信息、有效期」; elsewhere a list that only 、 joins is compared as a whole, as is what has no such form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from snapshots.folding import fold_characters
from snapshots.form import fold_words

_CONTAINS = re.compile(
    r"^(?P<subject>.*?)(?:均|且|还|明确|[需须应])*(?:必须)?(?:包含|包括|含有|含)(?![税量])[::]?(?P<words>.+)$"
)
# What a licence allows stands in one field of it, whatever a page calls that: 「业务类型需含…」, 「含有…」.
_SCOPE = re.compile(r"^(?:(?:经营|业务|许可|核准|服务|核准服务|许可服务)?(?:范围|项目|类型|种类))?$")
_CONTENTS = re.compile(r"(?:内容|协议|合同|证明|授权书)$")
_EXAMPLES = re.compile(
    r"(?:^|[,;(])(?:例如|比如|譬如|如)(?![果需须为有无未仅是图下]|涉及|提供|属于|若|包含)[:]?"
    r"(?P<words>(?:(?!盖章|公章|承诺|[需须])[^;。])+)等$"
)
_BETWEEN_EXAMPLES = re.compile(r"[、,]|以及|及|或者|或")
_BETWEEN_CONTENTS = re.compile(r"[、,]|以及|及")
_LEAD = re.compile(r"^(?:且|并|同时|还)?(?:[需须应]|必须)?(?:提供)?")
_TAIL = re.compile(r"(?:等)?(?:之一|任一)?(?:等)?(?:相关)?(?:内容|业务|字样|信息|项目|材料)?(?:之一|任一)?$")
_OR = re.compile(r"或者|或|/")
_QUOTED = re.compile(r'"([^"]*)"')
_FORM = re.compile(
    r"^(?:原件|复印件|扫描件|翻译件|公证件)(?:(?:及|和|、|与)(?:中英文)?(?:原件|复印件|扫描件|翻译件|公证件))*$"
)
_FORMS = re.compile(r"原件|复印件|扫描件|翻译件|公证件")


EXAMPLES = "examples"
"""The subject of 「如电力公司、燃气公司等」."""


class Condition(Struct, frozen=True, cache_hash=True):
    """One thing that is asked of a paper: any or all of some words in a subject (经营范围), or words by themselves."""

    kind: Literal["any", "all", "words"]
    subject: str
    words: frozenset[str]

    def implies(self, other: Condition) -> bool:
        """Whether a paper that meets this condition meets the other one."""
        if self == other:
            return True
        if self.subject != other.subject:
            return False
        match self.kind, other.kind:
            case "any", "any":
                return self.words <= other.words
            case "all", "all":
                return self.words >= other.words
            case "all", "any":
                return bool(self.words & other.words)
            case _:
                return False


@lru_cache(maxsize=1 << 12)
def read_conditions(qualifier: str) -> frozenset[Condition]:
    """The conditions that a paper's bracket states: none for an empty one."""
    text = fold_characters(qualifier)
    examples = _EXAMPLES.search(text)
    clauses = _split_clauses(text if examples is None else text[: examples.start()])
    found = {_read_clause(clause) for clause in clauses}
    return frozenset(found if examples is None else {*found, _read_examples(examples["words"])})


def are_implied(conditions: Collection[Condition], by: Collection[Condition]) -> bool:
    """Whether a paper that meets all of the latter meets all of the former."""
    return all(any(stricter.implies(condition) for stricter in by) for condition in conditions)


def _read_examples(text: str) -> Condition:
    """Any of the things that 「如电力公司,燃气公司、水务公司等」 names."""
    words = (fold_words(word) for word in _BETWEEN_EXAMPLES.split(fold_words(text)))
    return Condition("any", EXAMPLES, frozenset(word for word in words if word))


def _split_clauses(text: str) -> Iterator[str]:
    """The clauses, folded; what stands in quotes or brackets is never split."""
    depth, start = 0, 0
    for place, character in enumerate(f"{text};"):
        if character in "“(《【":
            depth += 1
        elif character in "”)》】":
            depth = max(0, depth - 1)
        elif (character in ",;。\n" and depth == 0) or place == len(text):
            if clause := fold_words(text[start:place]):
                yield clause
            start = place + 1


def _read_clause(clause: str) -> Condition:
    """The clause, folded: 「经营范围需含"零售"或"批发"」, 「原件及翻译件」, or words of its own kind."""
    if _FORM.match(clause):
        return Condition("all", "form", frozenset(_FORMS.findall(clause)))
    match = _CONTAINS.match(clause)
    subject = "" if match is None else _LEAD.sub("", match["subject"])
    words = None if match is None else _read_contents(subject, match["words"]) or _read_words(match["words"])
    if words is None:
        return Condition("words", "", frozenset({_LEAD.sub("", clause)}))
    return Condition(words[0], _SCOPE.sub("范围", subject), words[1])


def _read_contents(subject: str, text: str) -> tuple[Literal["all"], frozenset[str]] | None:
    """What a contract must contain, all of it: 「内容含“上门护理”及服务范围等相关、有效期、双方公章」."""
    if not _CONTENTS.search(subject) or _OR.search(text) or "之一" in text or not _BETWEEN_CONTENTS.search(text):
        return None
    parts = _BETWEEN_CONTENTS.split(text.replace('"', "").replace("[", "").replace("]", ""))
    words = frozenset(word for part in parts if (word := _TAIL.sub("", part)))
    return ("all", words) if words else None


def _read_words(text: str) -> tuple[Literal["any", "all"], frozenset[str]] | None:
    """Whether any or all of the words are asked for, and the words; None where nothing says how they are joined.

    Without quotes only 或 parts words: 在线数据处理与交易处理业务 is one.
    """
    quoted = _QUOTED.findall(text)
    if not quoted:
        words = frozenset(word for part in _OR.split(text) if (word := _TAIL.sub("", part)))
        return ("any" if len(words) > 1 else "all", words) if words else None
    around = _TAIL.sub("", _QUOTED.sub("", text))
    words = frozenset(word for part in quoted for word in _OR.split(part) if word)
    if _OR.search(text) or "之一" in text:
        return ("any", words) if re.fullmatch(r"(?:或者|或|/|、|含|包含)*", around) else None
    if len(words) == 1 or re.fullmatch(r"(?:和|及|以及|与|且|并)+", around):
        return ("all", words) if re.fullmatch(r"(?:和|及|以及|与|且|并)*", around) else None
    return None
