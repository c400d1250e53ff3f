"""What belongs to the frame of a notice, and what only looks so: titles, tails, headings, items and notes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from notice_pages import WECHAT, text

from snapshots.notice import Document, NoticeEntry, Reading

Read = Callable[..., Reading]
ENTRY = ("类目新增", "非个人主体", "#【工具-日历】", "现资质要求", "《营业执照》", "类目适用范围", "适用于日历服务。")


def document_of(reading: Reading) -> Document:
    (document,) = reading.documents
    return document


def entries_of(reading: Reading) -> tuple[NoticeEntry, ...]:
    return document_of(reading).entries


def as_page(title: str, *lines: str, closing: str = "") -> str:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><body><main><h1>{title}</h1>{body}</main>{closing}</body></html>"


def test_a_link_to_another_notice_above_the_entries_is_no_title(read_text: Read) -> None:
    reading = read_text(as_page("2025年7-9月小程序类目调整公告", "上一篇:2025年4-6月小程序类目调整公告", *ENTRY))
    assert document_of(reading).title == "2025年7-9月小程序类目调整公告"
    assert "4-6月" not in str(reading.documents)
    assert (reading.accounting.outside_content, reading.problems) == (1, ())


def test_a_heading_with_a_comma_is_a_title(read_text: Read) -> None:
    reading = read_text(as_page("关于2025年7-9月小程序类目调整的公告,请查收", *ENTRY))
    assert document_of(reading).title == "关于2025年7-9月小程序类目调整的公告,请查收"
    period = document_of(reading).period
    assert period is not None
    assert str(period.end) == "2025-09-30"


@pytest.mark.parametrize("before", [ENTRY, ENTRY[:5]], ids=["behind a scope", "behind a requirement"])
def test_a_sentence_of_the_whole_notice_ends_the_last_block(read_text: Read, before: tuple[str, ...]) -> None:
    closing = "以上类目调整将于2025年12月1日正式生效,请知悉。"
    document = document_of(read_text(text(WECHAT, *before, closing)))
    assert str(document.effective) == "2025-12-01"
    assert document.preamble == (closing,)
    assert [paper.title for paper in document.entries[0].papers] == ["营业执照"]


@pytest.mark.parametrize(
    "paper", ["版权授权书(授权链完整)", "收藏品经营许可文件", "点赞服务说明材料", "热门景区授权书"]
)
def test_a_paper_that_begins_like_a_sites_tail_is_a_paper(read_text: Read, paper: str) -> None:
    reading = read_text(text(WECHAT, *ENTRY[:5], paper))
    assert paper in str(entries_of(reading)[0].requirement)
    assert reading.accounting.outside_content == 0


@pytest.mark.parametrize("tail", ["版权所有 © 2025 示例", "收藏 3", "热门推荐", "评论(2)", "感谢您的阅读", "上一篇:无"])
def test_a_sites_tail_reaches_no_entry(read_text: Read, tail: str) -> None:
    reading = read_text(text(WECHAT, *ENTRY[:5], tail, "【工具-天气】类目下线。"))
    assert [paper.title for paper in entries_of(reading)[0].papers] == ["营业执照"]
    assert len(entries_of(reading)) == 1


@pytest.mark.parametrize(
    "heading", ["原资质要求", "调整前资质要求:", "变更前的资质要求", "资质要求(调整前)", "旧资质要求"]
)
def test_the_papers_of_the_earlier_state_are_not_asked_for(read_text: Read, heading: str) -> None:
    head, rest = ("类目调整", *ENTRY[1:3]), ("现资质要求", "《新证》")
    for block in ((*rest, heading, "《旧证》"), (heading, "《旧证》", *rest)):
        reading = read_text(text(WECHAT, *head, *block, *ENTRY[5:]))
        (entry,) = entries_of(reading)
        assert [paper.title for paper in entry.papers] == ["新证"]
        assert entry.before is not None
        assert "旧证" in str(entry.before.requirement)
        assert (entry.scope, reading.problems) == ("适用于日历服务。", ())


def test_the_earlier_scope_stands_before(read_text: Read) -> None:
    reading = read_text(text(WECHAT, *ENTRY, "原类目适用范围", "适用于旧日历。"))
    (entry,) = entries_of(reading)
    assert entry.before is not None
    assert (entry.scope, entry.before.scope) == ("适用于日历服务。", "适用于旧日历。")


def test_an_earlier_block_that_stands_twice_is_a_problem(read_text: Read) -> None:
    reading = read_text(text(WECHAT, *ENTRY, "原资质要求", "《旧证》", "原资质要求", "《老证》"))
    assert {problem.code for problem in reading.problems} == {"unnamed-block"}
    assert "老证" not in str(reading.documents)
