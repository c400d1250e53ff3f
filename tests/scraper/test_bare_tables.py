"""Tables in text with a cell on each line and no sign between: what their words cannot tell is a problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from notice_pages import WECHAT, text

from snapshots.errors import PageRefusedError
from snapshots.notice import NoticeEntry, Reading

Read = Callable[..., Reading]
ENTRY = ("类目新增", "非个人主体", "【工具-日历】", "现资质要求", "《营业执照》")


def entries_of(reading: Reading) -> tuple[NoticeEntry, ...]:
    (document,) = reading.documents
    return document.entries


@pytest.mark.parametrize(
    "table",
    [
        ("一级类目", "二级类目", "生活服务", "潜水", "生活服务", "跳伞"),
        ("序号", "一级类目", "二级类目", "保证金", "1", "生活服务", "潜水", "500", "2", "生活服务", "跳伞", "600"),
        ("序号", "一级类目", "二级类目", "资质要求", "保证金", "1", "生活服务", "潜水", "《甲证》", "500"),
        ("一级类目", "二级类目", "生效时间", "生活服务", "潜水", "2031年3月1日", "生活服务", "跳伞", "2031年3月2日"),
    ],
    ids=["names", "names and numbers", "an unknown column at the end", "names and days"],
)
def test_a_table_whose_rows_nothing_parts_is_refused_or_a_problem(read_text: Read, table: Sequence[str]) -> None:
    with pytest.raises(PageRefusedError):
        read_text(text(WECHAT, "类目新增", "非个人主体", *table))
    reading = read_text(text(WECHAT, *ENTRY, "类目下线", "非个人主体", *table))
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历")]
    assert "short-row" in {problem.code for problem in reading.problems}


def test_a_second_list_below_one_is_of_a_row_whose_name_was_lost(read_text: Read) -> None:
    rows = (
        "体育-潜水",
        "同时提供:",
        "1、《甲证》",
        "2、《乙证》",
        "体育-滑雪",
        "同时提供:",
        "1、《丙证》",
        "2、《丁证》",
    )
    lost = [words for words in rows if words != "体育-滑雪"]
    lines = ("类目新增", "非个人主体", "类目", "现资质要求")
    whole = read_text(text(WECHAT, *lines, *rows, "体育-跳伞", "《戊证》"))
    assert [entry.path[-1] for entry in entries_of(whole)] == ["潜水", "滑雪", "跳伞"]
    reading = read_text(text(WECHAT, *lines, *lost, "体育-跳伞", "《戊证》"))
    assert [entry.path[-1] for entry in entries_of(reading)] == ["跳伞"]
    assert {problem.code for problem in reading.problems} == {"short-row"}
