"""Pages that break off: what stands before the break is shown, and never kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from notice_pages import BAIDU, BEFORE_AFTER, NAMED, WECHAT, as_cell_lines, as_html, as_piped, page, text

from scraper.notice.cut import PageCutError
from snapshots.errors import PageRefusedError
from snapshots.notice import Reading

Read = Callable[..., Reading]


def cut(read_text: Read, content: str) -> Reading:
    with pytest.raises(PageCutError, match="it breaks off") as caught:
        read_text(content)
    return caught.value.reading


def test_a_table_whose_last_row_stops_in_a_cell(read_text: Read) -> None:
    content = text(WECHAT, "新增类目", "非个人主体", as_cell_lines(NAMED))
    reading = cut(read_text, content.rpartition("\n")[0])
    assert [entry.path for entry in reading.documents[0].entries] == [("政务民生", "社保")]
    assert [(problem.line, problem.code) for problem in reading.problems] == [(14, "unfinished-entry"), (15, "cut")]


def test_a_piped_row_that_no_border_ends(read_text: Read) -> None:
    content = text(BAIDU, as_piped(BEFORE_AFTER[:3]))
    reading = cut(read_text, content[:-12])
    assert [entry.path for entry in reading.documents[0].entries] == [("汽车", "经销商")]
    assert {problem.code for problem in reading.problems} == {"unfinished-entry", "cut"}


def test_a_bracket_that_is_never_closed_at_the_end(read_text: Read) -> None:
    whole = page(WECHAT, "新增类目", "非个人主体", as_html(NAMED))
    reading = cut(read_text, whole.replace("适用于代理服务", "适用于代理服务,如《代"))
    assert [entry.path for entry in reading.documents[0].entries] == [("政务民生", "社保")]
    assert "代理" not in str(reading.documents)


def test_a_page_that_breaks_off_in_its_first_entry_shows_nothing(read_text: Read) -> None:
    lines = as_cell_lines(NAMED[:2]).split("\n")[:-2]
    with pytest.raises(PageRefusedError, match="breaks off") as caught:
        read_text(text(WECHAT, "新增类目", "非个人主体", "【工具-日历】", "类目适用范围"))
    assert not isinstance(caught.value, PageCutError)
    with pytest.raises(PageRefusedError):
        read_text(text(WECHAT, "新增类目", "非个人主体", *lines))


def test_a_page_that_goes_on_behind_its_last_row_is_whole(read_text: Read) -> None:
    lines = [line for line in as_cell_lines(NAMED).split("\n") if line != "适用于代理服务"]
    reading = read_text(text(WECHAT, "新增类目", "非个人主体", *lines, "相关推荐", "其他"))
    assert {problem.code for problem in reading.problems} == {"short-row"}
    assert len(reading.documents[0].entries) == 1


def test_a_last_category_without_a_scope_breaks_off_no_page_whose_markup_is_closed(read_text: Read) -> None:
    first = ("【工具-日历】", "现资质要求", "《日历证》", "类目适用范围", "适用于日历。")
    whole = page(WECHAT, "类目新增", "非个人主体", *first, "【工具-天气】", "现资质要求", "《天气证》")
    reading = read_text(whole)
    assert [entry.path[1] for entry in reading.documents[0].entries] == ["日历", "天气"]
    assert [(problem.code, problem.text) for problem in reading.problems] == [("unfinished-entry", "【工具-天气】")]
    cut(read_text, whole.replace("</html>", ""))
    cut(read_text, whole.replace("《天气证》", "《天气"))
