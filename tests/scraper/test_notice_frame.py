"""What belongs to the frame of a notice, and what only looks so: titles, tails, headings, items and notes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from notice_pages import WECHAT, text

from snapshots.errors import PageRefusedError
from snapshots.notice import Document, NoticeEntry, Reading

Read = Callable[..., Reading]
ENTRY = ("类目新增", "非个人主体", "#【工具-日历】", "现资质要求", "《营业执照》", "类目适用范围", "适用于日历服务。")


def document_of(reading: Reading) -> Document:
    (document,) = reading.documents
    return document


def entries_of(reading: Reading) -> tuple[NoticeEntry, ...]:
    return document_of(reading).entries


def as_page(title: str, *lines: str, closing: tuple[str, ...] = ()) -> str:
    body, end = ("".join(f"<p>{line}</p>" for line in each) for each in (lines, closing))
    return f"<html><body><main><h1>{title}</h1><div>{body}</div></main><div>{end}</div></body></html>"


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


NEXT = ("#【工具-天气】", "现资质要求", "《天气证》", "类目适用范围", "适用于天气服务。")


@pytest.mark.parametrize(
    ("first", "second"),
    [("1、个体工商户:", "2、个人主体:"), ("1、企业主体:", "2、个人主体:"), ("一、非个人主体:", "二、个人主体:")],
)
def test_an_item_that_names_who_applies_ends_no_requirement(read_text: Read, first: str, second: str) -> None:
    asked = ("(2选1):", first, "《营业执照》", second, "《居民身份证》")
    for rest in (ENTRY[5:], ()):
        reading = read_text(text(WECHAT, *ENTRY[:4], *asked, *rest, *NEXT))
        assert [entry.entity_type for entry in entries_of(reading)] == ["non_personal", "non_personal"]
        assert [paper.title for paper in entries_of(reading)[0].papers] == ["营业执照", "居民身份证"]
        assert reading.problems == ()


def test_an_entity_type_below_a_requirement_still_opens_its_part(read_text: Read) -> None:
    reading = read_text(text(WECHAT, *ENTRY[:5], "二、个人主体", *NEXT))
    assert [entry.entity_type for entry in entries_of(reading)] == ["non_personal", "personal"]
    doubtful = read_text(text(WECHAT, *ENTRY[:4], "1、《营业执照》", "2、个人主体", *NEXT))
    assert [entry.entity_type for entry in entries_of(doubtful)] == ["non_personal", None]
    assert "no-entity-type" in {problem.code for problem in doubtful.problems}


def test_a_category_that_a_note_names_on_a_line_is_no_entry(read_text: Read) -> None:
    note = ("注:如为平台,需补充以下类目:", "【电商平台-综合平台】", "【电商平台-服务平台】")
    reading = read_text(text(WECHAT, *ENTRY, *note, *NEXT))
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历"), ("工具", "天气")]
    assert "电商平台-综合平台" in str(entries_of(reading)[0].notes)
    assert [(problem.code, problem.text) for problem in reading.problems] == [("unexpected-line", note[2])]
    reading = read_text(text(WECHAT, *ENTRY, *note[:2], *[line.replace("#", "") for line in NEXT]))
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历"), ("工具", "天气")]


def test_a_heading_may_say_more_behind_the_name(read_text: Read) -> None:
    reading = read_text(text(WECHAT, *ENTRY, NEXT[0] + "(试点)", *NEXT[1:]))
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历"), ("工具", "天气")]
    assert [note.text for note in entries_of(reading)[1].notes] == ["(试点)"]
    assert reading.problems == ()
    renamed = read_text(text(WECHAT, *ENTRY, NEXT[0] + "(原工具-气象)", *NEXT[1:]))
    assert [problem.code for problem in renamed.problems] == ["unread-sentence"]


@pytest.mark.parametrize("heading", ["#【工具-天气】公测中", "# 工具-天气", "【工具-天气】[试点]"])
@pytest.mark.parametrize("before", [ENTRY, ENTRY[:5]], ids=["behind a scope", "behind a requirement"])
def test_blocks_below_a_heading_of_no_known_form_reach_no_entry(
    read_text: Read, heading: str, before: tuple[str, ...]
) -> None:
    reading = read_text(text(WECHAT, *before, heading, *NEXT[1:]))
    assert "天气证" not in str(reading.documents)
    assert [problem.code for problem in reading.problems] == ["unknown-heading"] + ["unnamed-block"] * 4


@pytest.mark.parametrize("heading", ["类目暂停开放", "二、类目资质放宽", "暂停类目", "三、暂停开放"])
def test_no_action_is_guessed_below_a_section_of_unknown_words(read_text: Read, heading: str) -> None:
    reading = read_text(text(WECHAT, *ENTRY, heading, "境外主体", *NEXT))
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历")]
    assert entries_of(reading)[0].scope == "适用于日历服务。"
    assert [problem.code for problem in reading.problems][:2] == ["unknown-heading", "no-section"]


def test_a_section_that_shuts_down_categories_is_known(read_text: Read) -> None:
    reading = read_text(text(WECHAT, *ENTRY, "類目關停", "個人主體", "【工具-天氣】"))
    assert [(entry.action, entry.entity_type) for entry in entries_of(reading)] == [
        ("added", "non_personal"),
        ("removed", "personal"),
    ]


@pytest.mark.parametrize("renamed", ["“劳务派遣许可证”已更名为“人力资源服务许可证”。", "“小帮手”更名为“小助手”。"])
def test_a_paper_or_a_word_that_changes_its_name_in_a_block_is_no_category(read_text: Read, renamed: str) -> None:
    for before in (ENTRY, ENTRY[:5], (*ENTRY, "注:")):
        reading = read_text(text(WECHAT, *before, renamed, *NEXT))
        assert [entry.path for entry in entries_of(reading)] == [("工具", "日历"), ("工具", "天气")]
        assert renamed in str(reading)


@pytest.mark.parametrize("after", [NEXT, ()], ids=["between entries", "at the end"])
@pytest.mark.parametrize("before", [ENTRY, ENTRY[:5]], ids=["behind a scope", "behind a requirement"])
def test_a_sentence_below_a_category_gives_it_a_date_of_its_own(
    read_text: Read, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    reading = read_text(text(WECHAT, *before, "该类目于2025年12月1日起生效。", *after))
    first, *others = entries_of(reading)
    assert [(date.role, str(date.start)) for date in first.dates] == [("effective", "2025-12-01")]
    assert [note.text for note in first.notes] == ["该类目于2025年12月1日起生效。"]
    assert [paper.title for paper in first.papers] == ["营业执照"]
    assert (document_of(reading).effective, [entry.dates for entry in others]) == (None, [()] * len(others))
    assert reading.problems == ()


def test_a_date_in_a_scope_is_the_categorys_and_a_laws_is_not(read_text: Read) -> None:
    scopes = ("适用于日历服务。该类目于2025年12月1日起生效。", "适用于2021年9月1日起施行的《数据安全法》规定的活动。")
    dates = [
        [str(date.start) for entry in entries_of(read_text(text(WECHAT, *ENTRY[:6], scope))) for date in entry.dates]
        for scope in scopes
    ]
    assert dates == [["2025-12-01"], []]


def test_sentences_beside_the_element_of_the_entries_are_not_lost(read_text: Read) -> None:
    effective = "本次调整自2025年12月1日起生效。"
    apart = ("注:如提供天气服务,需补充【工具-天气】类目;", "【工具-月历】类目将于2025年12月1日下线。")
    closing = (*apart, effective, "小程序类目调整公告一览", "【工具-钟】下线")
    reading = read_text(as_page(WECHAT, *ENTRY, closing=closing))
    assert str(document_of(reading).effective) == "2025-12-01"
    assert [(problem.code, problem.text) for problem in reading.problems] == [
        ("unexpected-line", line) for line in apart
    ]
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历")]
    assert reading.accounting.outside_content == 2


def test_a_notice_whose_title_is_not_found_is_told(read_text: Read) -> None:
    reading = read_text(text("小程序类目有一些调整,请查收。", *ENTRY))
    assert len(entries_of(reading)) == 1
    assert [problem.code for problem in reading.problems] == ["no-title"]


def test_a_notice_of_which_no_entry_was_read_is_refused(read_text: Read) -> None:
    with pytest.raises(PageRefusedError, match="no category is announced"):
        read_text(text(WECHAT, "类目之变", *ENTRY[1:]))


def test_a_field_with_a_day_is_its_categorys(read_text: Read) -> None:
    fields = [f"生效时间:2025年12月{day}日" for day in (1, 2, 3)]
    first = (*ENTRY[:3], fields[0], *ENTRY[3:])
    second = (*NEXT[:3], fields[1], *NEXT[3:])
    third = ("#【工具-钟表】", *ENTRY[3:], fields[2])
    reading = read_text(text(WECHAT, *first, *second, *third))
    assert [[str(date.start) for date in entry.dates] for entry in entries_of(reading)] == [
        ["2025-12-01"],
        ["2025-12-02"],
        ["2025-12-03"],
    ]
    assert [paper.title for entry in entries_of(reading) for paper in entry.papers] == [
        "营业执照",
        "天气证",
        "营业执照",
    ]
    assert (document_of(reading).effective, reading.problems) == (None, ())


def test_a_headings_count_and_date_are_no_part_of_its_words(read_text: Read) -> None:
    added = ("一、新增以下类目(自2025年8月1日起生效):", "非个人主体(1个)", *ENTRY[2:])
    reading = read_text(text(WECHAT, *added, "二、下线类目(共1个)", "非个人主体", "【工具-天气】"))
    assert [(entry.action, entry.entity_type) for entry in entries_of(reading)] == [
        ("added", "non_personal"),
        ("removed", "non_personal"),
    ]
    assert [[str(date.start) for date in entry.dates] for entry in entries_of(reading)] == [["2025-08-01"], []]


def test_headings_may_be_numbered(read_text: Read) -> None:
    numbered = ("1、【工具-日历】类目", *ENTRY[3:], "2、【工具-天气】类目", *NEXT[1:])
    reading = read_text(text(WECHAT, *ENTRY[:2], *numbered))
    assert [(entry.path[1], len(entry.papers)) for entry in entries_of(reading)] == [("日历", 1), ("天气", 1)]
    assert reading.problems == ()


@pytest.mark.parametrize("heading", ["个人主体、非个人主体", "个人主体/非个人主体", "所有主体"])
def test_below_several_that_may_apply_none_is_assumed(read_text: Read, heading: str) -> None:
    reading = read_text(text(WECHAT, *ENTRY, heading, *NEXT))
    assert [entry.entity_type for entry in entries_of(reading)] == ["non_personal", None]
    assert [problem.code for problem in reading.problems] == ["no-entity-type"]


def test_a_renamed_category_without_its_new_name_is_told(read_text: Read) -> None:
    reading = read_text(text(WECHAT, "类目更名", "非个人主体", "#【工具-日历】", "#【工具-天气】"))
    assert [problem.code for problem in reading.problems] == ["no-target", "no-target"]


def test_a_further_part_is_read_and_its_sentences_stand_in_no_section(read_text: Read) -> None:
    part = ("二、其他说明", "1、已通过审核的小程序不受影响。", "2、【工具-天气】类目将于2025年12月1日下线。")
    reading = read_text(text(WECHAT, *ENTRY, *part))
    assert [(entry.action, entry.entity_type) for entry in entries_of(reading)] == [
        ("added", "non_personal"),
        ("removed", None),
    ]
    assert [problem.text for problem in reading.problems] == [part[1], part[2]]


def test_a_block_in_which_nothing_changes_is_not_stated(read_text: Read) -> None:
    reading = read_text(text(WECHAT, "类目调整", *ENTRY[1:4], "无变化", *ENTRY[5:]))
    (entry,) = entries_of(reading)
    assert (entry.requirement, entry.scope, reading.problems) == (None, "适用于日历服务。", ())


def test_what_others_become_is_no_merged_category_itself(read_text: Read) -> None:
    said = "【工具-农历】、【工具-公历】合并至【工具-日历】,合并后资质要求如下:"
    reading = read_text(text(WECHAT, "类目合并", "非个人主体", said, *ENTRY[2:]))
    assert [(entry.action, entry.path[1]) for entry in entries_of(reading)] == [
        ("merged", "农历"),
        ("merged", "公历"),
        ("adjusted", "日历"),
    ]
    assert reading.problems == ()


def test_a_category_that_is_merged_into_nothing_known_is_not_ended(read_text: Read) -> None:
    reading = read_text(text(WECHAT, *ENTRY, "类目合并", "非个人主体", *NEXT))
    assert [entry.path[1] for entry in entries_of(reading)] == ["日历"]
    assert {problem.code for problem in reading.problems} == {"no-target"}
