"""Optional papers: those that a page lists and does not ask for 「资质选填」, 「《品牌授权书》(如有)」."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from snapshots.folding import fold_characters
from snapshots.form import fold_words
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text, iterate_leaves

_OPTIONAL = re.compile(
    r"(?:以下|下列|此项|该项|均|为|是|资质|材料|资料|文件)*"
    r"(?:选填|可选|非必[填须需选]|可不提供|[如若]有)(?:项|的)?(?:请|则|可|需|须)?(?:提供|上传)?"
)
_ONLY_IF_HAD = re.compile(r"[如若]有《")
_CLAUSE_END = re.compile(r"[,;:]")
_BRACKETED = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)")


def is_optional(node: Requirement) -> bool:
    """Whether the page says that the leaf or the list may be left out.

    Its label says so, 「以下为资质选填,若涉及中国免税商店服务,…」, or a bracket of the leaf, which has no other words;
    「(如有变更,需提供…)」 is a condition, and no leave to leave it out.
    """
    if isinstance(node, NoneRequired):
        return False
    if node.label is not None and _is_word(_CLAUSE_END.split(fold_characters(node.label))[0]):
        return True
    return isinstance(node, Paper | Text) and _says_optional(node.text)


def iterate_optional(requirement: Requirement) -> Iterator[Paper | Text]:
    """The leaves that may be left out, in page order: those of an optional list, and those that say so themselves."""
    if is_optional(requirement):
        yield from iterate_leaves(requirement)
    elif isinstance(requirement, AllOf | Choose):
        for item in requirement.items:
            yield from iterate_optional(item)


@lru_cache(maxsize=1 << 14)
def _says_optional(leaf: str) -> bool:
    text = fold_characters(leaf)
    return _ONLY_IF_HAD.match(text) is not None or any(map(_is_word, _BRACKETED.findall(text)))


def _is_word(text: str) -> bool:
    return _OPTIONAL.fullmatch(fold_words(text)) is not None
