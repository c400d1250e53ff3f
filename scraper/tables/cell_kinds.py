"""What a table's cell could be, told by its words alone, where a copy has lost the column that says it."""

from __future__ import annotations

import re

from scraper.requirement.enumerators import read_enumerator
from snapshots.remember import remember_words

LEVELS: frozenset[str] = frozenset({"level1", "level2", "level3"})
BLOCKS: frozenset[str] = frozenset({"requirement", "scope", "remark"})

_SCOPE = re.compile(r"(?:\d{1,2}、)?仅?适用于")
_NUMBER = r"[\d一二两三四五六七八九十①-⑳]{1,3}"
_LIST = re.compile(rf"\(?(?:{_NUMBER}选{_NUMBER}|需?同时(?:提供|满足|具备))")
_PROSE = re.compile(r"[。;《》\n\u2028]|^注")
_MERGED = re.compile(r"[。;》)]\s*/$")  # 「适用于…。 /」: two cells in one
_NO_NAME = re.compile(r"[《》。]|(?:全部|所有|的)(?:商品|产品|货品)$|适用于")
_LONGEST_NAME = 30


def find_kinds(words: str) -> frozenset[str]:
    """The kinds of column that a cell with these folded words could stand in.

    「適用于…」 is a scope, 「(2選1)…」 a requirement, `/` anything but a scope; a sentence or a list is no name.
    """
    if words == "/":
        return LEVELS | BLOCKS - {"scope"}
    if _SCOPE.match(words):
        return frozenset({"scope"})
    if _LIST.match(words):
        return frozenset({"requirement"})
    if words.startswith("《") or read_enumerator(words) is not None:
        return BLOCKS - {"scope"}
    if len(words) > _LONGEST_NAME or _PROSE.search(words):
        return BLOCKS
    return LEVELS | BLOCKS


@remember_words
def contradicts(words: str, column: str) -> bool:
    """Whether a cell with these folded words cannot stand in the column: a row that lost a cell has moved.

    A third level 「《医疗器械生产许可证》」 or 「全部为帆布的商品」, a requirement 「适用于…」. Only sure signs
    count: a name may be long.
    """
    kinds = find_kinds(words)
    if (column in LEVELS or column == "path") and _NO_NAME.search(words):
        return True
    if column == "path":
        return False
    if _MERGED.search(words):
        return True
    return len(kinds) == 1 and column not in kinds
