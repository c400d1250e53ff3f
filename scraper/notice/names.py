"""Names of categories in running words, and how they are joined.

    name   := [above 下的三级类目] marked ("-" marked)*    箱包-功能箱包下新建的三级类目【帆布包/袋】
    marked := 【…】 | 「…」 | “…”                          never 《…》: that is a rule's or a paper's
    bare   := words "-" words                           汽车--汽车销售
    list   := name (、|和|与|及|以及 name)*           a comma may part it from the next clause

Where a bare name begins and ends, only the form of a sentence says: 「删除汽车--汽车销售类目对…」.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from scraper.requirement.enumerators import read_enumerator
from scraper.requirement.references import split_path
from snapshots.category import CategoryPath
from snapshots.folding import fold_characters

MARKED = r"[【「“][^【】「」“”《》]{1,40}[】」”]"
BARE = r"[\u4e00-\u9fffA-Za-z0-9/·]{1,30}\s{0,4}-{1,2}\s{0,4}[\u4e00-\u9fffA-Za-z0-9/·、()]{1,40}?"
KIND = r"(?:\s{0,4}(?:[一二三四]级)?(?:小程序)?(?:服务)?类目)?"
_NEWLY = r"(?:新建|新增|新开|新设|增加|开放|启用|上线){1,2}"
BELOW = rf"{KIND}\s{{0,4}}下(?:的|{_NEWLY}的)?{KIND}\s{{0,4}}"
OPENED = (
    rf"(?:{MARKED}|{BARE}){KIND}\s{{0,4}}下{_NEWLY}{KIND}\s{{0,4}}{MARKED}(?:\s{{0,4}}[、和与及]\s{{0,4}}{MARKED})*"
)
"""What is new below another: 「一级类目【电脑办公】下新增开放三级类目【文房四宝】」."""
_DASH = r"\s{0,4}(?:-{1,2}|[–—]{1,2}|[>›])\s{0,4}"
NAME = rf"{KIND}\s{{0,4}}(?:(?:{MARKED}|{BARE}){BELOW})?{MARKED}(?:{_DASH}{MARKED})*"
LIST = rf"{NAME}(?:\s{{0,4}}(?:[、和与及]|以及)\s{{0,4}}{NAME})*"
COMMA_LIST = rf"{LIST}(?:\s{{0,4}},\s{{0,4}}{LIST})*"
BARE_LIST = rf"{BARE}(?:[和与及、]{BARE})*"

_MARKED = re.compile(MARKED)
_BETWEEN = re.compile(rf"{_DASH}|{BELOW}|{KIND}\s{{0,4}}下{_NEWLY}{KIND}\s{{0,4}}")
_ABOVE = re.compile(rf"(?P<name>{BARE})(?:{BELOW}|{KIND}\s{{0,4}}下{_NEWLY}{KIND}\s{{0,4}})$")
_JOINT = re.compile(r"\s{0,4}[、和与及]\s{0,4}")
_LEVEL = re.compile(r"(?P<level>[二三四])级类目\s{0,4}$")
_BARE_JOINT = re.compile(r"[和与及、](?=[^和与及、]*-)")
_LISTED = re.compile(rf"{COMMA_LIST}(?:等)?{KIND}\s{{0,4}}[。;,]?")
_PLAIN = r"[^\s。,;:|#【】《》「」〔〕\[\]-]"
LONE = rf"{_PLAIN}{{2,16}}(?:{_DASH}{_PLAIN}{{1,20}}){{0,2}}{_DASH}{_PLAIN}{{2,20}}"
LAST = rf"{_PLAIN}{{2,20}}"
_LONE = re.compile(LONE)


def read_names(text: str) -> Iterator[tuple[CategoryPath, bool]]:
    """The paths in the words of a list of names, each with whether it says that upper levels are left out.

    「二级类目【茶具】」 leaves out the first level;
    in 「箱包-女包下新增三级类目【甲】、【乙】」 both stand below 箱包-女包.
    """
    folded = fold_characters(text)
    marked = list(_MARKED.finditer(folded))
    if not marked:
        borders = [0, *(match.end() for match in _BARE_JOINT.finditer(folded)), len(folded) + 1]
        for start, end in pairwise(borders):
            yield split_path(text[start : end - 1].strip()), False
    path: CategoryPath = ()
    lead: CategoryPath = ()  # what the names of this list stand below
    level: re.Match[str] | None = None
    is_partial = False
    reach = 0
    for match in marked:
        between = folded[reach : match.start()]
        words = split_path(text[match.start() + 1 : match.end() - 1].strip())
        goes_on = bool(lead) and len(words) == 1 and _JOINT.fullmatch(between) is not None
        if path and _BETWEEN.fullmatch(between):
            lead = path if "下" in between else lead
            path = (*path, *words)
        else:
            if path:
                yield path, is_partial
            above = _ABOVE.search(between)
            if above:
                lead = split_path(text[reach + above.start("name") : reach + above.end("name")])
            elif not goes_on:
                lead = ()
            path = (*lead, *words)
        level = level if goes_on else _LEVEL.search(between)
        is_partial = level is not None and len(path) < "二三四".index(level["level"]) + 2
        reach = match.end()
    if path:
        yield path, is_partial


def read_listed(text: str) -> tuple[CategoryPath, ...]:
    """The paths of a line that is nothing but names: 「【A-B】、【C-D】類目。」, or one name without signs."""
    enumerator = read_enumerator(fold_characters(text.strip()))
    text = text.strip()[enumerator.end :] if enumerator else text.strip()
    folded = fold_characters(text)
    if _LONE.fullmatch(folded):
        borders = [-1, *(match.start() for match in re.finditer("、", folded)), len(folded)]
        parts = [(start + 1, end) for start, end in pairwise(borders)]
        if not all(_LONE.fullmatch(folded[start:end].strip()) for start, end in parts):
            parts = [(0, len(folded))]  # 「商业服务-会计、审计、财务服务」 is one
        return tuple(split_path(text[start:end].strip()) for start, end in parts)
    return tuple(path for path, _ in read_names(text)) if _LISTED.fullmatch(folded) else ()
