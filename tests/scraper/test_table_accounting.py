"""No line and no letter of a notice with tables or sentences is lost, whole or damaged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notice_pages import (
    BAIDU,
    BEFORE_AFTER,
    BRANCH,
    FROM_TO,
    JD,
    NAMED,
    STORE,
    TYPED,
    WECHAT,
    as_cell_lines,
    as_html,
    as_piped,
    page,
    text,
)  # fmt: skip
from page_making import make_page

from scraper.notice.cut import PageCutError
from scraper.page.decode import decode_page
from scraper.page.lines import extract_lines
from scraper.parse import parse_page
from snapshots.errors import PageRefusedError
from snapshots.notice import Reading

SENTENCES = (
    "本次调整于2022年10月29日公示,将于2022年11月5日正式生效。",
    "自2025年4月1日起,【生活服务-跑腿】更名为【生活服务-代办】。",
    "「工具-甲」与「工具-乙」合并为「工具-丙」,【工具-丁】不下线。",
)
PAGES = {
    "names, html": page(WECHAT, *SENTENCES, "新增类目", "非个人主体", as_html(NAMED), "请登录后查看"),
    "names, piped": text(WECHAT, "新增类目", "非个人主体", as_piped(NAMED)),
    "names, lines": text(
        WECHAT, "新增类目", "非个人主体", as_cell_lines(NAMED), "类目下线", "【工具-甲】、【工具-乙】"
    ),
    "before, html": page(BAIDU, *SENTENCES, as_html(BEFORE_AFTER)),
    "before, piped": text(BAIDU, *SENTENCES, as_piped(BEFORE_AFTER)),
    "typed, html": page(STORE, *SENTENCES, as_html(TYPED)),
    "typed, piped": text(STORE, BRANCH, as_piped(TYPED)),
    "from and to, html": page(JD, as_html(FROM_TO)),
    "from and to, piped": text(JD, *SENTENCES, as_piped(FROM_TO), "如有其他疑问,请联系客服。"),
    "from and to, cells piped": text(JD, as_piped(FROM_TO).replace(" | ", " |\n")),
    "from and to, lines": text(JD, *SENTENCES, as_cell_lines(FROM_TO)),
}
_FRAME = re.compile(r"新增四级类目|关闭类目|注:|^\d、|\(\d\)|类目$|[一二三]级类目|或|及|和|与|、")


def read(content: str) -> Reading | None:
    try:
        return parse_page(make_page(content))
    except PageCutError as cut:
        return cut.reading
    except PageRefusedError:
        return None


def check_account(content: str, reading: Reading) -> None:
    accounting = reading.accounting
    assert accounting.unclaimed == 0
    assert accounting.claimed == accounting.content_lines
    assert accounting.content_lines + accounting.outside_content == len(extract_lines(decode_page(make_page(content))))
    assert "unclaimed" not in {problem.code for problem in reading.problems}


def letters(words: str) -> Counter[str]:
    return Counter(character for character in words if character.isalnum())


@pytest.mark.parametrize("content", PAGES.values(), ids=PAGES)
def test_every_line_has_its_place_and_every_letter_a_field_or_a_problem(content: str) -> None:
    reading = read(content)
    assert reading is not None
    check_account(content, reading)
    told = {problem.line for problem in reading.problems}
    said = msgspec.json.encode(reading.documents).decode() + " ".join(problem.text for problem in reading.problems)
    kept = letters(said)
    for line in extract_lines(decode_page(make_page(content))):
        if line.number not in told and line.number > 1:
            words = _FRAME.sub("", line.text)
            if not re.search(r"类目|范围|方式|分类|要求|保证金|主体|登录|疑问", line.text) or line.text in SENTENCES:
                assert not letters(words) - kept, line.text


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_every_line_of_a_damaged_page_is_claimed_or_outside(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(sorted(PAGES.values())))
    # Of HTML its tags are damaged too: a cell, a row, a span that is gone.
    parts = re.split(r"(?<=>)(?=<)|\n", content)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(parts) - 1))
        match data.draw(st.sampled_from(["drop", "double", "swap", "junk", "cut", "merge"])):
            case "drop" if len(parts) > 1:
                del parts[place]
            case "double":
                parts.insert(place, parts[place])
            case "swap":
                other = data.draw(st.integers(0, len(parts) - 1))
                parts[place], parts[other] = parts[other], parts[place]
            case "cut":
                parts[place] = parts[place][: data.draw(st.integers(0, len(parts[place])))]
            case "merge" if place + 1 < len(parts):
                parts[place : place + 2] = [parts[place] + parts[place + 1]]
            case _:
                parts.insert(
                    place, data.draw(st.text(st.characters(codec="utf-8", exclude_characters="<\n\r"), max_size=12))
                )
    damaged = ("" if content.startswith("<") else "\n").join(parts)
    reading = read(damaged)
    if reading is not None and reading.page.encoding == "utf-8":
        check_account(damaged, reading)


@pytest.mark.parametrize("content", [PAGES["typed, piped"], PAGES["before, piped"], PAGES["names, piped"]])
def test_a_row_that_lost_a_cell_says_the_same_or_is_told(content: str) -> None:
    whole = read(content)
    assert whole is not None
    lines = content.split("\n")
    for place, line in enumerate(lines):
        cells = line.split(" | ")
        for lost in range(len(cells) if "|" in line and place > 3 else 0):
            damaged = [*lines[:place], " | ".join(cells[:lost] + cells[lost + 1 :]), *lines[place + 1 :]]
            reading = read("\n".join(damaged))
            if reading is None:
                continue  # refused: told too
            is_told = len(reading.problems) > len(whole.problems)
            paths = {entry.path for entry in reading.documents[0].entries}
            assert is_told or paths <= {entry.path for entry in whole.documents[0].entries}, damaged[place]


@pytest.fixture
def linear_time() -> Callable[[int], str]:
    rows = as_piped(TYPED).split("\n")
    return lambda count: text(STORE, BRANCH, rows[0], *(rows[1:] * count))


def test_a_long_table_of_short_rows_is_read_in_linear_time(linear_time: Callable[[int], str]) -> None:
    import time  # noqa: PLC0415 - this test alone measures

    spent = []
    for count in (100, 400):
        content = linear_time(count)
        start = time.process_time()
        assert read(content) is not None
        spent.append(time.process_time() - start)
    assert spent[1] < 8 * spent[0]
