"""Dates in a page's words: the period of a title, effective dates in prose, publication dates.

A grammar of our own: dateparser and dateutil misread 「2025年1-3月」.
"""

from __future__ import annotations

import datetime as dt
import re

from snapshots.folding import fold_characters
from snapshots.period import Period, StatedDate, last_day_of_month

_YEAR = r"(?P<year>20\d{2})\s*年?\s*"
_MONTHS = re.compile(
    _YEAR + r"[【(]?(?P<first>\d{1,2})[】)]?\s*月?\s*[-–—~至到]{1,2}\s*[【(]?(?P<last>\d{1,2})[】)]?\s*月"
)
_MONTH = re.compile(_YEAR + r"[【(]?(?P<month>\d{1,2})[】)]?\s*月(?!\s*[【(]?\d)")
_QUARTER = re.compile(_YEAR + r"第?\s*(?P<quarter>[一二三四1-4])\s*季度|(?P<year2>20\d{2})\s*[Qq](?P<quarter2>[1-4])")
_HALF = re.compile(_YEAR + r"(?P<half>[上下])半年")
_DAY = r"20\d{2}\s*(?:年|[-/.])\s*[【(]?\d{1,2}[】)]?\s*(?:月|[-/.])\s*[【(]?\d{1,2}[】)]?\s*日?"
_NUMBER = re.compile(r"\d+")
_EFFECTIVE = re.compile(
    rf"(?:于|自|从|在)?\s*(?P<day>{_DAY})\s*(?:\d{{1,2}}[::]\d{{2}})?\s*(?:起|开始)?[^。;]{{0,6}}?(?:正式)?"
    rf"(?:生效|实施|施行|执行)|(?:生效(?:日期|时间)?|实施(?:日期|时间))\s*[::]\s*(?P<day2>{_DAY})"
)
_SINCE = re.compile(rf"自\s*(?P<day>{_DAY})\s*起")
_PUBLISHED = re.compile(
    rf"(?:发布(?:于|时间|日期)?|发表于|公告日期|时间|日期)\s*[::]?\s*(?P<day>{_DAY})"
    rf"|^(?P<day2>{_DAY})(?:\s*\d{{1,2}}[::]\d{{2}}(?:[::]\d{{2}})?)?$"
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def find_period(title: str) -> Period | None:
    """The span that a title names: 「2025年1-3月小程序類目調整匯總公告」 is 2025-01-01 to 2025-03-31."""
    folded = fold_characters(title)
    if match := _MONTHS.search(folded):
        return _months(int(match["year"]), int(match["first"]), int(match["last"]))
    if match := _QUARTER.search(folded):
        quarter = _QUARTERS[match["quarter"] or match["quarter2"]]
        return _months(int(match["year"] or match["year2"]), quarter * 3 - 2, quarter * 3)
    if match := _HALF.search(folded):
        return _months(int(match["year"]), *((1, 6) if match["half"] == "上" else (7, 12)))
    if match := _MONTH.search(folded):
        return _months(int(match["year"]), int(match["month"]), int(match["month"]))
    return None


def find_effective(text: str) -> StatedDate | None:
    """The date from which a sentence says that it holds: 「於 2020 年 6月 24 日正式生效實施」."""
    folded = fold_characters(text)
    match = _EFFECTIVE.search(folded) or _SINCE.search(folded)
    if match is None:
        return None
    day = _day(match)
    return (
        StatedDate(role="effective", start=day, end=None, text=text[match.start() : match.end()].strip())
        if day
        else None
    )


def find_published(text: str) -> dt.date | None:
    """The day of publication that a line beside the title states: 「發布時間:2025-04-03」."""
    match = _PUBLISHED.search(fold_characters(text))
    return _day(match) if match else None


def _day(match: re.Match[str]) -> dt.date | None:
    groups = match.groupdict()
    numbers = _NUMBER.findall(groups.get("day") or groups.get("day2") or "")
    try:
        return dt.date(*map(int, numbers))
    except (ValueError, TypeError):
        return None


def _months(year: int, first: int, last: int) -> Period | None:
    try:
        return Period(dt.date(year, first, 1), last_day_of_month(year, last)) if first <= last else None
    except ValueError:
        return None
