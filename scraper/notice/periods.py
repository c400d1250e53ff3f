"""Dates in a page's words: the period of a title, dates in prose with their roles, publication dates.

A grammar of our own: dateparser and dateutil misread 「2025年1-3月」.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from snapshots.folding import fold_characters
from snapshots.period import DateRole, Period, StatedDate, last_day_of_month

_YEAR = r"(?P<year>20\d{2})\s*年?\s*"
_LATER_YEAR = r"(?:(?P<later_year>20\d{2})\s*年?\s*)?"
_TO = r"\s*(?:[-–—~至到]{1,2}|[、和与])\s*"
_MONTHS = re.compile(
    _YEAR
    + rf"[【(]?(?P<first>\d{{1,2}})[】)]?\s*月?{_TO}{_LATER_YEAR}[【(]?(?P<last>\d{{1,2}})[】)]?\s*月(?!\s*[【(]?\d)"
)
_MONTH = re.compile(_YEAR + r"[【(]?(?P<month>\d{1,2})[】)]?\s*月(?!\s*[【(]?\d)")
_QUARTERS = re.compile(
    _YEAR + rf"(?:第?\s*(?P<first>[一二三四1-4])\s*(?:季度)?{_TO}{_LATER_YEAR}第?\s*(?P<last>[一二三四1-4])\s*季度"
    rf"|[Qq](?P<first_q>[1-4]){_TO}{_LATER_YEAR.replace('later_year', 'later_year_q')}[Qq](?P<last_q>[1-4]))"
)
_QUARTER = re.compile(_YEAR + r"第?\s*(?P<quarter>[一二三四1-4])\s*季度|(?P<year2>20\d{2})\s*[Qq](?P<quarter2>[1-4])")
_HALF = re.compile(_YEAR + r"(?P<half>[上下])半年")
_SIGNS = r"\s*[【\[(]?\s*"
_CLOSING = r"\s*[】\])]?\s*"
_NUMBER = re.compile(r"\d+")
_DAY = rf"20\d{{2}}\s*(?:年|[-/.]){_SIGNS}\d{{1,2}}{_CLOSING}(?:月|[-/.]){_SIGNS}\d{{1,2}}{_CLOSING}日?"
_LATER = rf"(?:{_DAY}|{_SIGNS}\d{{1,2}}{_CLOSING}月{_SIGNS}\d{{1,2}}{_CLOSING}日|{_SIGNS}\d{{1,2}}{_CLOSING}日)"
_HOUR = r"(?:\s*\d{1,2}[::]\d{2}(?:[::]\d{2})?|\s*(?:零|\d{1,2})[时点])?"
_SPAN = rf"(?P<day>{_DAY}){_HOUR}(?:\s*起?\s*(?:至|到|-{{1,2}}|–|—|~)\s*(?P<later>{_LATER}){_HOUR})?"
_ROLES: tuple[tuple[DateRole, re.Pattern[str]], ...] = (
    ("comment", re.compile(rf"(?:公示|征求意见|意见反馈)(?:期|时间|日期)?(?:为|自|从|于|[::]|\s)*{_SPAN}")),
    (
        "comment",
        re.compile(rf"{_SPAN}起?(?:进行|开始|予以|面向|向)?(?:全?社会|公众|开发者|商家)?(?:公开)?(?:公示|征求意见)"),
    ),
    ("migration", re.compile(rf"{_SPAN}[^。;,\d]{{0,12}}迁移")),
    ("migration", re.compile(rf"迁移(?:时间|日期)\s*[::]?\s*{_SPAN}")),
    ("deadline", re.compile(rf"(?:截止|截至)(?:日期|时间)?(?:为|至|到|[::])?\s*{_SPAN}")),
    ("deadline", re.compile(rf"{_SPAN}\s*(?:\(含\))?\s*(?:之前|以前|前)")),
    ("closes", re.compile(rf"(?:下线|关闭|关停|停用|停止服务)(?:时间|日期)?\s*(?:为|[::])\s*{_SPAN}")),
    (
        "closes",
        re.compile(
            rf"(?:自|从|于|在)?\s{{0,4}}{_SPAN}\s*(?:起|开始)?\s*,?[^。;::\d]{{0,24}}?"
            r"(?:下线|关闭|关停|停用|废弃|停止(?:服务|使用|申请)|下架)"
        ),
    ),
    ("effective", re.compile(rf"(?:生效|实施|启用|上线|开放)(?:日期|时间)?\s*(?:为|[::])\s*{_SPAN}")),
    (
        "effective",
        re.compile(
            rf"(?:于|自|从|在)?\s{{0,4}}{_SPAN}\s*(?:起|开始)?[^。;\d]{{0,6}}?(?:正式)?"
            r"(?:生效|实施|施行|执行|启用|上线|开放)"
        ),
    ),
    ("effective", re.compile(rf"(?:自|从)\s*{_SPAN}\s*(?:起|开始)")),
    ("effective", re.compile(rf"(?<!拟)于\s*{_SPAN}\s*(?:起|开始)?\s*,?对[^。;,]{{1,60}}?(?:调整|优化|变更|更新)")),
)
_REACH = 60  # letters before a date that say what it is the date of
_GIVEN_UP = re.compile(r"原(?:定|计划|拟)\s*$")  # 「原定于2025年9月1日下线」 holds no longer
_OF_A_RULE = re.compile(r"(?:根据|依据|依照|按照|遵照)\s*$|《(?![^》]*(?:类目|公告|通知))[^》]+》\s*(?:已|将|均)?\s*$")
_THE_RULE = re.compile(r"\s*的[^。;,]{0,8}?(?:《|法律|法规|规定|办法|条例)")
_OWN_SENTENCE = re.compile(
    r"(?:(?<=^)|(?<=[。;,:!)\n、.])|(?<=[^》]\())\s{0,2}(?:(?:该|本|此|上述|以上)(?:项|条)?(?:类目)?(?:调整|变更|(?:资质)?要求)?)?\s{0,2}"
    rf"(?:将|会|已)?\s{{0,2}}(?:于|自|从|在)?\s{{0,2}}{_DAY}{_HOUR}\s{{0,2}}(?:起|开始|后)?\s{{0,2}},?\s{{0,2}}(?:将|会|统一|全面|正式)*"
    r"(?:生效|实施|施行|执行|启用|上线|开放|下线|关闭|停用|废弃)(?:实施|执行)?(?:申请|使用)?(?=\s{0,2}(?:[。;,!)\n]|$))",
    re.MULTILINE,
)
_CENTURY = re.compile(r"[2２][0０]")  # how each year begins
_DATED_FIELD = re.compile(
    rf"(?:类目)?(?:生效|实施|执行|启用|上线|下线|关闭|停用|截止)(?:日期|时间)\s*[::]\s*{_DAY}{_HOUR}(?:\s*起)?[。;]?"
)
_AT_ONCE = re.compile(
    r"(?:自|从)?\s{0,4}(?:本?公告)?(?:(?:发布|公布)之日|即日)\s*起"
    r"(?:\s*(?:第|满)?\s*(?P<days>\d{1,3})\s*个?(?P<working>工作)?[日天](?:后|之后|起)?)?"
)
_PUBLISHED = re.compile(
    rf"(?:发布(?:于|时间|日期)?|发表于|公告日期|(?<![\u4e00-\u9fff])(?:时间|日期))\s*[::]?\s*(?P<day>{_DAY})"
    rf"|^(?:[^\s。,;::|]{{2,20}}(?:团队|中心|平台|公司|运营部)\s+)?(?P<day2>{_DAY})(?:\s*\d{{1,2}}[::]\d{{2}}(?:[::]\d{{2}})?)?$"
)
_QUARTER_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def find_period(title: str) -> Period | None:
    """The span that a title names: 「2025年1-3月小程序類目調整匯總公告」 is 2025-01-01 to 2025-03-31.

    It may go from one year to the next: 「2025年12月-2026年2月」, 「2024年第四季度至2025年第一季度」.
    """
    folded = fold_characters(title)
    if match := _MONTHS.search(folded):
        return _months(int(match["year"]), int(match["first"]), int(match["last"]), match["later_year"])
    if match := _QUARTERS.search(folded):
        first, last = (_QUARTER_NUMBERS[match[name] or match[f"{name}_q"]] for name in ("first", "last"))
        return _months(int(match["year"]), first * 3 - 2, last * 3, match["later_year"] or match["later_year_q"])
    if match := _QUARTER.search(folded):
        quarter = _QUARTER_NUMBERS[match["quarter"] or match["quarter2"]]
        return _months(int(match["year"] or match["year2"]), quarter * 3 - 2, quarter * 3)
    if match := _HALF.search(folded):
        return _months(int(match["year"]), *((1, 6) if match["half"] == "上" else (7, 12)))
    if match := _MONTH.search(folded):
        return _months(int(match["year"]), int(match["month"]), int(match["month"]))
    return None


def find_dates(text: str) -> tuple[StatedDate, ...]:
    """The dates that a text states, each with the role that its words give it, in page order.

    「于 2020 年 6月 24 日正式生效实施」 is effective, 「2022年11月14日至11月20日统一完成迁移」 a migration. A date has
    one role: words that name a narrower one go first. A date whose words give it none is left out, and so is that of
    a law: 「根据2021年9月1日起施行的《数据安全法》」.
    """
    folded = fold_characters(text)
    found: dict[int, tuple[int, StatedDate]] = {}
    taken: list[tuple[int, int]] = []
    for role, pattern in _ROLES:
        for match in pattern.finditer(folded):
            start, end = match.start("day"), max(match.end("day"), match.end("later"))
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            stated = _read_span(role, text, match)
            if stated is not None:
                taken.append((start, end))
                before = folded[max(0, match.start() - _REACH) : match.start()]
                if not (_GIVEN_UP.search(before) or _OF_A_RULE.search(before) or _THE_RULE.match(folded, match.end())):
                    found[start] = (start, stated)
    for match in _AT_ONCE.finditer(folded):
        stated = StatedDate(role="effective", start=None, end=None, text=text[match.start() : match.end()])
        found[match.start()] = (match.start(), stated)
    return tuple(stated for _, stated in sorted(found.values(), key=lambda pair: pair[0]))


def find_days(text: str) -> tuple[dt.date, ...]:
    """Every whole day that the text names."""
    days = (_read_day(match[0], None) for match in re.finditer(_DAY, fold_characters(text)))
    return tuple(day for day in days if day is not None)


def find_own_dates(text: str) -> tuple[StatedDate, ...]:
    """The dates since when or until when the category of a block holds, in sentences that say nothing else.

    「該類目于2025年5月1日起生效」, 「自2025年5月1日起执行。」 are its own. A law's date is none, nor the day since when
    a paper is asked for.
    """
    if _CENTURY.search(text) is None:
        return ()
    found: list[StatedDate] = []
    folded = fold_characters(text)
    for words, line in zip(text.split("\n"), folded.split("\n"), strict=True):
        found += find_dates(words) if is_dated_field(line) else ()
    for match in _OWN_SENTENCE.finditer(folded):
        if folded[max(0, match.start() - _REACH) : match.start()].rstrip(" ,:(").endswith("》"):
            continue  # 「依据《数据安全法》,自2021年9月1日起施行」
        words = text[match.start() : match.end()]
        found += (stated for stated in find_dates(words) if stated.role in ("effective", "closes"))
    return tuple(dict.fromkeys(found))


def is_dated_field(folded: str) -> bool:
    """Whether a line is no more than a name and a day: 「生效时间:2025年12月1日」."""
    return _DATED_FIELD.fullmatch(folded.strip()) is not None


def find_published(text: str) -> dt.date | None:
    """The day of publication that a line beside the title states: 「發布時間:2025-04-03」."""
    match = _PUBLISHED.search(fold_characters(text))
    return _read_day(match["day"] or match["day2"], None) if match else None


def _read_span(role: DateRole, text: str, match: re.Match[str]) -> StatedDate | None:
    start, later = _read_day(match["day"], None), match["later"]
    end = _read_day(later, start) if later else None
    if start is None or (later and end is None):
        return None
    if later is None and role == "deadline":
        start, end = None, start
    return StatedDate(role=role, start=start, end=end, text=text[match.start() : match.end()].strip())


def _read_day(words: str, before: dt.date | None) -> dt.date | None:
    """The day; what it leaves out is that of the day before it: 「2022年11月14日至20日」."""
    numbers = list(map(int, _NUMBER.findall(words)))
    if before is not None:
        numbers = [before.year, before.month, before.day][: 3 - len(numbers)] + numbers
    try:
        year, month, day = numbers
        return dt.date(year, month, day)
    except ValueError:
        return None


def _months(year: int, first: int, last: int, later_year: str | None = None) -> Period | None:
    """The months from the first to the last; `later_year` is the year of the last where the title names it."""
    try:
        start, end = dt.date(year, first, 1), last_day_of_month(int(later_year or year), last)
    except ValueError:
        return None
    return Period(start, end) if start <= end else None


def resolve_dates(dates: tuple[StatedDate, ...], published: dt.date | None) -> Iterator[StatedDate]:
    """The dates, 「即日起」 as the day of publication where that is known, 「发布之日起30日后」 as the 30th after it.

    Which days are working days nobody here knows.
    """
    for stated in dates:
        match = _AT_ONCE.search(fold_characters(stated.text)) if stated.start is None and stated.end is None else None
        if match is None or published is None or match["working"]:
            yield stated
        else:
            start = published + dt.timedelta(days=int(match["days"] or 0))
            yield StatedDate(stated.role, start, None, stated.text)
