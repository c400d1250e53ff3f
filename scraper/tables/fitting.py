"""What words can stand in which column: a number in no column of names, a list of papers in no scope."""

from __future__ import annotations

import re

from scraper.profile.profile import Column
from scraper.requirement.enumerators import read_enumerator

_NAME = re.compile(r"[^。;:《》!?]{1,40}")
_LIST = re.compile(r"\(?\s*\S{1,2}选\S{1,2}|同时提供|适用于|仅适用")
_NUMBER = re.compile(r"[\d.,]+\s*(?:元|万|万元|%)?")
_PAPER = re.compile(r"[证书照函件]|许可|协议|合同|材料|资质|批文|备案|无")
_SCOPE = re.compile(r"(?:仅|不|也)?适用|提供|.{12,}")
_APPLIES = re.compile(r"仅?适用于")
_DAY = re.compile(r"20\d{2}|\d{1,2}月")


def is_name(folded: str) -> bool:
    """Whether the words can name a level of a category: no sentence, no list, no paper, no number."""
    return (
        _NAME.fullmatch(folded) is not None
        and _LIST.match(folded) is None
        and _NUMBER.fullmatch(folded) is None
        and (folded.startswith("-") or read_enumerator(folded) is None)  # 「- 信用」 is the rest of a name
    )


def fits_text(kind: Column | None, folded: str, above: str | None) -> bool:
    """Whether the words can stand in a column of that kind, which holds no names, below the words `above`."""
    match kind:
        case "requirement":
            if _APPLIES.match(folded):
                return False
            return not _NUMBER.fullmatch(folded) and (not is_name(folded) or _PAPER.search(folded) is not None)
        case "scope" | "condition" | "remark":
            return not _NUMBER.fullmatch(folded) and _SCOPE.match(folded) is not None
        case "effective" | "closes" | "deadline":
            return _DAY.search(folded) is not None
        case "ordinal":
            return folded.isdecimal()
        case None:
            is_number = _NUMBER.fullmatch(folded) is not None
            return above is None or is_number == (_NUMBER.fullmatch(above) is not None)
        case _:
            return True
