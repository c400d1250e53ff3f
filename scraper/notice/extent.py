"""Where each notice of a page begins and ends: around it stand breadcrumbs, counters, comments and related links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.notice.frame import Kind, Mark
from scraper.notice.names import read_listed
from scraper.notice.periods import find_dates, find_own_dates, find_period, find_published, is_dated_field
from scraper.notice.prose import read_prose
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.requirement.enumerators import read_enumerator
from scraper.requirement.note_runs import read_note
from scraper.requirement.scopes import find_stranger
from snapshots.folding import fold

_STRUCTURE: frozenset[Kind] = frozenset({"section", "entity", "entry", "block", "table"})
_CONTENT: frozenset[Kind] = frozenset({"entry", "table"})
_SENTENCE = re.compile(r"[。;]|[::]$")
_CLOSING = re.compile(r"特此(?:公告|通知|公示)|请(?:各位)?(?:开发者|商家)?知悉|感谢您")
_OF_ALL = re.compile(
    r"(?:本次|此次|以上|上述)(?:服务)?(?:类目)?(?:资质)?(?:调整|变更|更新|变动)|本公告|特此(?:公告|通知|公示)"
)
"""How a sentence begins that speaks of the whole notice: it stands in no block."""
SIGNATURE = re.compile(r"[^\s。,;:|]{2,20}(?:团队|中心|运营部|有限公司)")
_OWN_SUBJECT = re.compile(r"(?:该|本|此)(?:项|条)?(?:类目|(?:资质)?要求)")
_COMMENT = re.compile(r"^<!--")
_FIELD = re.compile(r"[^\s。,;::]{0,8}(?:时间|日期|期)\s*[::]")
_RELATED = re.compile(r"(?:相关|推荐|热门|更多)\S{0,6}$|[上下]一[篇条][::]?$")
"""What stands over the titles of other notices: what stands below them is theirs."""


def find_borders(lines: Sequence[Line], marks: Sequence[Mark], profile: Profile) -> list[tuple[int, int]]:
    """Where each notice begins and ends, as places in `lines`; notices that are only related follow none of them."""
    first = next((place for place, mark in enumerate(marks) if mark.kind in _CONTENT), None)
    if first is None:
        first = next(_find_news(lines, marks, profile), None)
    if first is None:
        return []
    starts = [_find_begin(lines, marks, profile, first)]
    end = len(lines)
    for place in range(first + 1, len(lines)):
        if marks[place].kind != "title" or fold(lines[place].text) == fold(lines[starts[-1]].text):
            continue
        following = next((mark.kind for mark in marks[place + 1 :] if mark.kind not in ("text", "block")), None)
        if following in _STRUCTURE and (find_period(lines[place].text) or following != "entry"):
            if _RELATED.match(lines[place - 1].folded):
                end = place - 1
                break
            starts.append(place)
    return list(zip(starts, [*starts[1:], end], strict=True))


def _find_news(lines: Sequence[Line], marks: Sequence[Mark], profile: Profile) -> Iterator[int]:
    """The lines that say what happens to a category, or list names below a heading that says it, up to the tail."""
    is_told = False
    for place, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        is_told = is_told or mark.action is not None
        if mark.kind == "text" and place and profile.tail_pattern.match(line.folded):
            return
        if _is_news(line, mark, profile) or (is_told and mark.kind == "text" and read_listed(line.text)):
            yield place


def _is_news(line: Line, mark: Mark, profile: Profile) -> bool:
    """Whether a line that stands in no part of a notice says what happens to a category."""
    is_prose = mark.kind == "text" and not profile.chrome_sign.is_in(line.folded) and not _COMMENT.match(line.folded)
    return is_prose and any(not statement.is_partial for statement in read_prose(line.text).statements)


def _find_begin(lines: Sequence[Line], marks: Sequence[Mark], profile: Profile, first: int) -> int:
    """The title: the last one above the first entry that names a period, or the last one; else the first sentence."""
    own = [place for place in range(first) if not profile.chrome_sign.is_in(lines[place].folded)]
    titles = [place for place in own if marks[place].kind == "title"]
    dated = [place for place in titles if find_period(lines[place].text) is not None]
    if dated or titles:
        return (dated or titles)[-1]
    for place in own:
        line = lines[place]
        is_sentence = _SENTENCE.search(line.folded) is not None and not _COMMENT.match(line.folded)
        if marks[place].kind in _STRUCTURE or is_sentence:
            return place
    return first


@dataclass(frozen=True, slots=True)
class End:
    """Where the closing sentences begin and where the site's tail does; `is_abrupt` where no mark shows the tail.

    `beyond` is where the element ends that holds the entries; sentences of the notice may still follow.
    """

    closing: int
    tail: int
    is_abrupt: bool = False
    beyond: int | None = None


def find_end(lines: Sequence[Line], marks: Sequence[Mark], profile: Profile) -> End:
    """The end of the notice that begins with the lines.

    「本次调整自2025年4月1日起生效。」 behind the last entry is the notice's; a line that neither an entry nor a closing
    sentence can have is the first of the tail.
    """
    last = max((place for place, mark in enumerate(marks) if mark.kind in _STRUCTURE), default=None)
    if last is None:  # sentences alone
        last = max(_find_news(lines, marks, profile), default=0)
    inside = _common_trail(lines, marks, last)
    is_scope = marks[last].kind == "block" and marks[last].block == "scope"
    is_list = marks[last].kind in ("section", "entity")  # names that stand alone below the heading of a section
    opened = next((place for place, mark in enumerate(marks) if mark.kind == "entry"), last)
    has_fields = any(is_dated_field(line.folded) for line in lines[opened:last])  # then the last entry has one too
    own = [
        place
        for place in range(last + 1, len(lines))
        if not (tells_own_date(lines[place]) or (has_fields and is_dated_field(lines[place].folded)))
    ]
    stranger = find_stranger([lines[place] for place in own]) if is_scope else None
    foreign = None if stranger is None else own[stranger]
    closing = None if marks[last].kind in ("entry", "block") else last + 1
    beyond: int | None = None
    in_part = False  # below 「二、其他说明」
    for place in range(last + 1, len(lines)):
        line = lines[place]
        if profile.tail_pattern.match(line.folded):
            return End(place if closing is None else closing, place, beyond=beyond)
        if line.trail[: len(inside)] != inside:
            closing = place if closing is None else closing
            if not _speaks_of_categories(line):
                return End(closing, place, beyond=beyond)
            beyond = place if beyond is None else beyond
            continue
        if marks[place].kind == "unknown table":
            closing = place if closing is None else closing
            continue
        if closing is None and (_OF_ALL.match(line.folded) or place == foreign):
            closing = place
        is_chrome = profile.chrome_sign.is_in(line.folded)
        in_part = in_part or (closing is not None and is_part_heading(line))
        is_own = is_chrome or is_closing(line) or (is_list and read_listed(line.text)) or (in_part and _is_item(line))
        if closing is not None and not is_own:
            return End(closing, place, is_abrupt=True)
    return End(len(lines) if closing is None else closing, len(lines), beyond=beyond)


def _speaks_of_categories(line: Line) -> bool:
    """Whether a line beside the element of the entries is still the notice's: a note, or a sentence with its date.

    Links and their titles stand beside it too, and name categories; a sentence ends, and a link does not.
    """
    if read_note(line.folded) is not None:
        return "类目" in line.folded or "资质" in line.folded
    if line.folded.endswith("。") and read_prose(line.text).statements:
        return True
    is_own = _OF_ALL.match(line.folded) is not None or tells_own_date(line)
    return is_own and bool(find_dates(line.text))


def is_closing(line: Line) -> bool:
    """Whether a line behind the last entry is still the notice's.

    It states a date or what happens to a category, it closes the notice (特此公告, a signature with its day), or it is
    the heading of a further part (二、其他说明).
    """
    folded = line.folded
    prose = read_prose(line.text)
    if prose.statements or prose.denied or _CLOSING.match(folded) or SIGNATURE.fullmatch(folded):
        return True
    if _SENTENCE.search(folded):
        return "类目" in folded or bool(find_dates(line.text))
    is_field = _FIELD.match(folded) is not None and bool(find_dates(line.text))  # 「迁移时间:2023年9月5日」
    return is_field or find_published(line.text) is not None or is_part_heading(line)


def _is_item(line: Line) -> bool:
    """Whether a line is a sentence of a numbered list: 「1、已通过审核的小程序不受影响。」."""
    return read_enumerator(line.folded) is not None and re.search(r"[。;]$", line.folded) is not None


def is_part_heading(line: Line) -> bool:
    """Whether a line is the heading of a further part: 「二、其他说明」."""
    enumerator = read_enumerator(line.folded)
    return enumerator is not None and enumerator.style == "一" and _SENTENCE.search(line.folded) is None


def tells_own_date(line: Line) -> bool:
    """Whether a line says since when the category above it holds: 「该类目于2025年5月1日起生效。」."""
    return _OWN_SUBJECT.match(line.folded) is not None and bool(find_own_dates(line.text))


def _common_trail(lines: Sequence[Line], marks: Sequence[Mark], last: int) -> tuple[int, ...]:
    """The way to the element that holds every entry: what stands outside it is not content."""
    trails = [
        line.trail
        for line, mark in zip(lines, marks, strict=True)
        if mark.kind in ("entry", "block", "section", "table")
    ]
    trails.append(lines[last].trail)
    if marks[last].kind == "table":
        trails.append(lines[0].trail)  # closing sentences stand beside a table, not in it
    if last + 1 < len(lines) and marks[last].kind == "block":
        trails.append(lines[last + 1].trail)
    first, final = min(trails), max(trails)
    length = 0
    while length < min(len(first), len(final)) and first[length] == final[length]:
        length += 1
    return first[:length]
