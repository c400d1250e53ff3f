"""What limits a scope: services that may not be offered, and where the applicant must be."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from scraper.requirement.brackets import Spans, find_brackets, is_inside
from snapshots.folding import fold_characters

_UNSUPPORTED = re.compile(r"(?P<refused>不支持)(?:进行|提供)?|不(?:可|得|能|允许)(?:涉及|提供|进行|包含)")
_REMOVE = re.compile(r",? {0,4}建议(?:去除|移除|删除)")
_CLAUSE_SIGN = re.compile(r"[,;。]|$")
_MORE_SERVICES = re.compile(r"[^需请若如建属不未可则]{1,40}(?:服务|等|内容|商品|业务|交易)")


def find_unsupported(texts: list[str]) -> tuple[str, ...]:
    """The services that may not be offered, as published: 「暫不支持順風車相關服務,建議去除。」.

    They end where the next clause begins: 「不支持提供在线问诊服务,若涉及…,需补充【…】类目」 names one.
    """
    found: list[str] = []
    for text in texts:
        folded = fold_characters(text)
        if _UNSUPPORTED.search(folded) is None:
            continue
        brackets = find_brackets(folded)
        reach = 0
        for match in _UNSUPPORTED.finditer(folded):
            start = match.end()
            if start < reach or folded.startswith("线上申请", start):
                continue
            reach, is_removed = _find_services_end(folded, start, brackets)
            words = text[start:reach].strip(" ,，")
            if words and (match["refused"] or is_removed):
                found.append(words)
    return tuple(dict.fromkeys(found))


def _find_services_end(folded: str, start: int, brackets: Spans) -> tuple[int, bool]:
    """Where the names of services end that begin there, and whether the page advises to remove them."""
    place = start
    while True:
        sign = _CLAUSE_SIGN.search(folded, place)
        end = sign.start() if sign else len(folded)
        while end < len(folded) and is_inside(brackets, end) and not is_inside(brackets, start):
            sign = _CLAUSE_SIGN.search(folded, end + 1)
            end = sign.start() if sign else len(folded)
        removed = _REMOVE.search(folded, place, end + 8)
        if removed is not None and removed.start() <= end:
            return removed.start(), True
        follower = _CLAUSE_SIGN.search(folded, end + 1)
        more = _MORE_SERVICES.fullmatch(folded, end + 1, follower.start() if follower else len(folded))
        if folded[end : end + 1] != "," or more is None:
            return end, False
        place = end + 1


@lru_cache(4096)
def find_regions(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Where the applicant must be, as published: 「僅適用于中國香港、日本醫療機構主體提供…」 is 中國香港 and 日本.

    `names` are the places that the profile knows, folded. A place that only the service is for does not count.
    """
    if not names:
        return ()
    folded = fold_characters(text)
    place, applicant = _place_patterns(names)
    found: list[str] = []
    for match in applicant.finditer(folded):
        start, end = match.span("places")
        found += [text[start + a : start + b] for a, b in (m.span() for m in place.finditer(folded[start:end]))]
    return tuple(dict.fromkeys(found))


@cache
def _place_patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a place, and the places behind 適用于 that an applicant stands behind."""
    place = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    applicant = (
        rf"(?:适用于|仅支持)\s*(?P<places>(?:{place})(?:\s*(?:[、,/]|和|及|与|或)\s*(?:{place}))*)\s*(?:等)?(?:国家|地区)*"
        r"(?=[^,。、;为]{0,14}?(?:主体|公司|企业|机构|商户|律所|注册))"
    )
    return re.compile(place), re.compile(applicant)
