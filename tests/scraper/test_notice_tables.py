"""Notices whose entries are the rows of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
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
    cell,
    page,
    text,
)  # fmt: skip
from outline import outline

from snapshots.category import Attribute
from snapshots.notice import NoticeEntry, Reading

Read = Callable[..., Reading]


def entries_of(reading: Reading) -> tuple[NoticeEntry, ...]:
    (document,) = reading.documents
    return document.entries


def said_by(reading: Reading) -> list[dict[str, Any]]:
    """The entries without their places, and with the line breaks of cells as white space."""
    said = [{**msgspec.to_builtins(entry), "lines": None} for entry in entries_of(reading)]
    decoded: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(said).replace(b"\\n", b" "))
    return decoded


def test_a_row_is_an_entry_with_its_blocks(read_text: Read) -> None:
    reading = read_text(page(WECHAT, "1、新增类目", "非个人主体", as_html(NAMED)))
    first, second = entries_of(reading)
    assert (first.action, first.entity_type, first.path) == ("added", "non_personal", ("政务民生", "-社保"[1:]))
    assert outline(first.requirement) == [
        "choose 1 | (2选1)",
        "  paper 统一社会信用代码证 | label=政府主体",
        "  all of | 事业单位 | 及",
        "    paper 事业单位法人证书",
        "    text 政府批文",
    ]
    assert first.scope == "适用于提供社保查询服务"
    assert [note.text for note in first.notes] == ["若涉及提供【缴费】服务,需补充【生活服务-缴费】类目"]
    assert [reference.targets for reference in first.references] == [(("生活服务", "缴费"),)]
    assert (second.path, second.scope) == (("IT科技", "代理商"), "适用于代理服务")
    assert (reading.problems, reading.accounting.unclaimed) == ((), 0)


def test_each_table_belongs_to_the_section_above_it(read_text: Read) -> None:
    row = [NAMED[0], NAMED[2]]
    reading = read_text(
        page(WECHAT, "1、新增类目", "个人主体", as_html(NAMED[:2]), "2、部分类目调整", "非个人主体", as_html(row))
    )
    said = [(entry.action, entry.entity_type, entry.path[-1]) for entry in entries_of(reading)]
    assert said == [("added", "personal", "社保"), ("adjusted", "non_personal", "代理商")]


def test_a_heading_may_stand_in_the_table_itself(read_text: Read) -> None:
    rows = [NAMED[0], [cell("类目新增(非个人主体)", 1, 3)], NAMED[1], [cell("类目下线(个人主体)", 1, 3)], NAMED[2]]
    reading = read_text(page(WECHAT, as_html(rows)))
    said = [(entry.action, entry.entity_type) for entry in entries_of(reading)]
    assert said == [("added", "non_personal"), ("removed", "personal")]
    assert reading.problems == ()


def test_columns_of_both_states_give_the_state_before(read_text: Read) -> None:
    reading = read_text(page(BAIDU, as_html(BEFORE_AFTER)))
    first, *others = entries_of(reading)
    assert first.path == ("汽车", "经销商")
    assert outline(first.requirement) == ["paper 营业执照"]
    assert first.before is not None
    assert outline(first.before.requirement) == ["all of | 与", "  paper 营业执照", "  paper 准入许可"]
    assert [entry.path for entry in others] == [("汽车", "汽车销售", name) for name in ("新车", "二手车", "车展")]
    assert {entry.action for entry in others} == {"adjusted"}
    for entry in others:
        assert entry.before is not None
        assert outline(entry.before.requirement)[0] == "choose 1 | (2选1)"
    assert reading.problems == ()


def test_a_heading_over_two_columns_may_be_the_block_or_the_state(read_text: Read) -> None:
    by_block = [
        [cell("类目", 2), cell("资质要求", 1, 2), cell("保证金", 1, 2)],
        [cell("变更前"), cell("变更后"), cell("个人"), cell("企业")],
        [cell("汽车-经销商"), cell("《甲证》"), cell("《乙证》"), cell("10"), cell("20")],
    ]
    by_state = [
        [cell("类目", 2), cell("变更前", 1, 2), cell("变更后", 1, 2)],
        [cell("资质要求"), cell("适用范围"), cell("资质要求"), cell("适用范围")],
        [cell("汽车-经销商"), cell("《甲证》"), cell("适用于甲"), cell("《乙证》"), cell("适用于乙")],
    ]
    (first,) = entries_of(read_text(page(BAIDU, as_html(by_block))))
    (second,) = entries_of(read_text(page(BAIDU, as_html(by_state))))
    for entry in (first, second):
        assert entry.before is not None
        assert (outline(entry.before.requirement), outline(entry.requirement)) == (["paper 甲证"], ["paper 乙证"])
    assert first.attributes == (Attribute("保证金 个人", "10"), Attribute("保证金 企业", "20"))
    assert second.before is not None
    assert (second.before.scope, second.scope) == ("适用于甲", "适用于乙")


def test_a_cell_says_what_happens_and_other_columns_are_attributes(read_text: Read) -> None:
    rows = [*TYPED, [cell("不变"), cell("刀具"), cell("刀"), cell("菜刀"), cell("500"), cell("开放")]]
    reading = read_text(page(STORE, BRANCH, as_html(rows)))
    said = [(entry.action, entry.path) for entry in entries_of(reading)]
    assert said == [
        ("added", ("厨具", "水具", "杯", "钛杯")),
        ("added", ("厨具", "水具", "杯", "锡杯")),
        ("removed", ("厨具", "茶具", "壶", "铁壶")),
        ("removed", ("厨具", "茶具", "壶", "铝壶")),
    ]
    assert entries_of(reading)[1].attributes == (Attribute("保证金", "2000"), Attribute("类目状态", "开放"))
    assert (reading.problems, reading.accounting.unclaimed) == ((), 0)


def test_a_word_for_an_action_that_is_not_known_is_a_problem(read_text: Read) -> None:
    rows = [*TYPED, [cell("升级"), cell("刀具"), cell("刀"), cell("菜刀"), cell("500"), cell("开放")]]
    reading = read_text(page(STORE, BRANCH, as_html(rows)))
    assert len(entries_of(reading)) == 4
    assert {problem.code for problem in reading.problems} == {"unknown-action"}
    assert "菜刀" in {problem.text for problem in reading.problems}


@pytest.mark.parametrize("lost", [("", "", "/"), ("茶具", "", "/"), ("茶具", "壶", "")])
def test_a_removal_whose_name_is_lost_is_an_entry_without_one(read_text: Read, lost: tuple[str, str, str]) -> None:
    kept = [cell("关闭类目"), cell("锅具"), cell("锅"), cell("/"), cell("1000"), cell("关闭")]
    row = [cell("关闭类目"), *map(cell, lost), cell("1000"), cell("关闭")]
    reading = read_text(page(STORE, BRANCH, as_html([TYPED[0], kept, row])))
    assert [(entry.action, entry.path) for entry in entries_of(reading)] == [
        ("removed", ("厨具", "锅具", "锅")),
        ("removed", ()),
    ]
    assert [problem.code for problem in reading.problems] == ["unnamed-row"]


def test_another_row_whose_name_is_lost_is_a_problem_and_no_entry(read_text: Read) -> None:
    rows = [*NAMED, [cell(""), cell("《甲证》"), cell("适用于甲")]]
    reading = read_text(page(WECHAT, "新增类目", "非个人主体", as_html(rows)))
    assert len(entries_of(reading)) == 2
    assert [(problem.code, problem.text) for problem in reading.problems] == [
        ("unnamed-row", "《甲证》"),
        ("unnamed-row", "适用于甲"),
    ]


def test_goods_that_move_leave_their_category_open(read_text: Read) -> None:
    dates = "本次调整于2022年10月29日公示,将于2022年11月5日正式生效。"
    opened = "京东将于2022年11月5日正式启用箱包-功能箱包下新建的三级类目【帆布包】,商家可自行申请。"
    moving = "京东将依据下表规则于2022年11月14日至2022年11月20日统一完成迁移。"
    reading = read_text(page(JD, opened, dates, moving, as_html(FROM_TO)))
    (document,) = reading.documents
    added, *moved = document.entries
    assert (added.action, added.path) == ("added", ("箱包", "功能箱包", "帆布包"))
    assert [entry.path for entry in moved] == [
        ("箱包", "女包", "单肩包"),
        ("箱包", "女包", "手提包"),
        ("箱包", "男包", "腰包"),
    ]
    assert {(entry.action, entry.extent, entry.condition, entry.targets) for entry in moved} == {
        ("moved", "part", "包体材质全部为帆布的单肩包、手提包和腰包", (("箱包", "功能箱包", "帆布包"),))
    }
    stated = [(date.role, str(date.start), str(date.end)) for date in document.dates]
    assert stated == [
        ("comment", "2022-10-29", "None"),
        ("effective", "2022-11-05", "None"),
        ("migration", "2022-11-14", "2022-11-20"),
    ]
    assert reading.problems == ()


def test_a_move_without_a_condition_is_of_the_whole_category(read_text: Read) -> None:
    rows = [*FROM_TO[:2], [cell("/"), *map(cell, ("箱包", "女包", "单肩包", "箱包", "男包", "腰包"))]]
    (entry,) = entries_of(read_text(page(JD, as_html(rows))))
    assert (entry.extent, entry.condition, entry.targets) == ("whole", None, (("箱包", "男包", "腰包"),))


def test_two_columns_of_names_are_a_rename_with_its_date(read_text: Read) -> None:
    rows = [
        [cell("序号"), cell("原类目名称"), cell("新类目名称"), cell("生效时间")],
        [cell("1"), cell("生活服务-跑腿"), cell("生活服务-代办"), cell("2025年11月1日")],
        [cell("2"), cell("生活服务-家政"), cell("家政服务"), cell("另行通知")],
    ]
    reading = read_text(page(WECHAT, "类目更名", "非个人主体", as_html(rows)))
    first, second = entries_of(reading)
    assert (first.action, first.path, first.targets) == (
        "renamed",
        ("生活服务", "跑腿"),
        (("生活服务", "代办"),),
    )
    assert [(date.role, str(date.start)) for date in first.dates] == [("effective", "2025-11-01")]
    assert second.targets == (("生活服务", "家政服务"),)
    assert second.attributes == (Attribute("生效时间", "另行通知"),)


@pytest.mark.parametrize(("section", "action"), [("类目合并", "merged"), ("类目拆分", "split")])
def test_sections_of_merged_and_split_categories_have_both_names_in_rows(
    read_text: Read, section: str, action: str
) -> None:
    rows = [
        [cell("原类目"), cell("新类目")],
        [cell("工具-日历", 2), cell("工具-农历")],
        [cell("工具-公历")],
    ]
    merged = [[cell("原类目"), cell("新类目")], [cell("工具-农历"), cell("工具-日历", 2)], [cell("工具-公历")]]
    reading = read_text(page(WECHAT, section, "非个人主体", as_html(rows if action == "split" else merged)))
    said = [(entry.action, entry.path, entry.targets) for entry in entries_of(reading)]
    if action == "split":
        assert said == [("split", ("工具", "日历"), (("工具", "农历"), ("工具", "公历")))]
    else:
        assert said == [("merged", ("工具", name), (("工具", "日历"),)) for name in ("农历", "公历")]


def test_a_column_may_say_who_applies(read_text: Read) -> None:
    rows = [
        [cell("类目"), cell("主体类型"), cell("适用范围")],
        [cell("工具-日历"), cell("个人主体、非个人主体"), cell("适用于日历")],
        [cell("工具-天气"), cell("海外商家"), cell("适用于天气")],
    ]
    reading = read_text(page(WECHAT, "新增类目", as_html(rows)))
    said = [(entry.path[-1], entry.entity_type) for entry in entries_of(reading)]
    assert said == [("日历", "personal"), ("日历", "non_personal"), ("天气", None)]
    assert {problem.code for problem in reading.problems} == {"no-entity-type"}


def test_a_title_that_tells_one_action_speaks_for_its_table(read_text: Read) -> None:
    rows = [[cell("类目"), cell("下线时间")], [cell("工具-日历"), cell("2025年12月1日")]]
    (entry,) = entries_of(read_text(page("关于下线部分小程序类目的公告", "非个人主体", as_html(rows))))
    assert (entry.action, [(date.role, str(date.start)) for date in entry.dates]) == (
        "removed",
        [("closes", "2025-12-01")],
    )


def test_a_table_that_nothing_says_the_action_of_is_a_problem(read_text: Read) -> None:
    reading = read_text(page(WECHAT, "非个人主体", as_html(NAMED), "新增类目", "非个人主体", as_html(NAMED[:2])))
    assert [entry.action for entry in entries_of(reading)] == ["added"]
    assert {problem.code for problem in reading.problems} == {"no-section"}


def test_a_table_without_names_is_a_problem_for_each_line(read_text: Read) -> None:
    other = as_html([[cell("项目"), cell("内容")], [cell("甲"), cell("乙")]])
    reading = read_text(page(WECHAT, "新增类目", "非个人主体", as_html(NAMED), "类目调整", other))
    assert [(problem.code, problem.text) for problem in reading.problems] == [
        ("unknown-table", words) for words in ("项目", "内容", "甲", "乙")
    ]


def test_a_table_that_only_lays_out_the_page_is_no_table(read_text: Read) -> None:
    inner = "".join(
        f"<p>{line}</p>" for line in ("类目新增", "非个人主体", "【工具-日历】", "类目适用范围", "适用于甲。")
    )
    reading = read_text(f"<table><tr><td><h1>{WECHAT}</h1>{inner}</td><td><p>热门</p></td></tr></table>", "page.html")
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历")]
    assert reading.problems == ()


def test_two_notices_on_one_page_are_two_documents(read_text: Read) -> None:
    first = page(WECHAT, "新增类目", "非个人主体", as_html(NAMED))
    closed = as_html([[cell("类目"), cell("备注")], [cell("工具-日历"), cell("/")]])
    second = page("2025年11月小程序类目调整公告", "关闭类目", "非个人主体", closed)
    links = "<div><p>相关推荐</p><p>2025年9月小程序类目调整公告</p></div>"
    body = (first + second + links).replace("<html><body>", "").replace("</body></html>", "")
    reading = read_text(f"<html><body>{body}</body></html>", "page.html")
    assert [document.title for document in reading.documents] == [WECHAT, "2025年11月小程序类目调整公告"]
    assert [len(document.entries) for document in reading.documents] == [2, 1]
    assert (reading.problems, reading.accounting.outside_content) == ((), 2)


@pytest.mark.parametrize(
    ("title", "above", "rows"),
    [
        (WECHAT, ("新增类目", "非个人主体"), NAMED),
        (BAIDU, ("资质调整",), BEFORE_AFTER),
        (STORE, (BRANCH,), TYPED),
        (JD, (), FROM_TO),
    ],
    ids=["names in one cell", "before and after", "typed rows", "from and to"],
)
def test_piped_text_gives_the_entries_of_the_table(
    read_text: Read, title: str, above: tuple[str, ...], rows: list[list[tuple[str, int, int]]]
) -> None:
    expected = read_text(page(title, *above, as_html(rows)))
    reading = read_text(text(title, *above, as_piped(rows)))
    assert len(entries_of(expected)) >= 2
    assert [entry["path"] for entry in said_by(reading)] == [entry["path"] for entry in said_by(expected)]
    if rows is not NAMED:  # its lists stand on one line each, and are the list reader's
        assert said_by(reading) == said_by(expected)
    assert (expected.problems, reading.problems, reading.accounting.unclaimed) == ((), (), 0)


def test_cells_on_lines_of_their_own_give_the_entries_of_the_table(read_text: Read) -> None:
    expected = read_text(page(WECHAT, "新增类目", "非个人主体", as_html(NAMED)))
    reading = read_text(text(WECHAT, "新增类目", "非个人主体", as_cell_lines(NAMED)))
    assert said_by(reading) == said_by(expected)
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("title", "above", "rows"), [(BAIDU, ("资质调整",), BEFORE_AFTER), (STORE, (BRANCH,), TYPED), (JD, (), FROM_TO)]
)
def test_cells_whose_borders_are_lost_are_problems(
    read_text: Read, title: str, above: tuple[str, ...], rows: list[list[tuple[str, int, int]]]
) -> None:
    known = "「工具-农历」与「工具-公历」合并为「工具-日历」。"
    reading = read_text(text(title, known, *above, as_cell_lines(rows)))
    assert {entry.action for entry in entries_of(reading)} == {"merged"}
    lost = {words for row in rows[1:] for words, _, _ in row}
    assert {"二手车", "锡杯", "腰包"} & lost <= {problem.text for problem in reading.problems}
    assert reading.accounting.unclaimed == 0


def test_an_unnamed_row_is_not_read_into_the_row_above(read_text: Read) -> None:
    lines = as_cell_lines(NAMED).split("\n")
    lines.remove("IT科技-代理商")
    reading = read_text(text(WECHAT, "新增类目", "非个人主体", *lines))
    whole = read_text(text(WECHAT, "新增类目", "非个人主体", as_cell_lines(NAMED)))
    assert said_by(reading) == said_by(whole)[:1]
    assert [problem.text for problem in reading.problems if problem.code in ("short-row", "cut")]


def test_a_table_that_begins_at_the_second_level_needs_a_name_for_the_first(read_text: Read) -> None:
    reading = read_text(page(STORE, as_html(TYPED)))
    assert [problem.code for problem in reading.problems] == ["no-first-level"]
    assert entries_of(reading)[0].path == ("水具", "杯", "钛杯")


def test_a_row_that_others_hang_on_is_missed(read_text: Read) -> None:
    content = text(BAIDU, as_piped([row for row in BEFORE_AFTER if row[0][0] != "汽车销售"]))
    reading = read_text(content)
    assert [entry.path for entry in entries_of(reading)] == [("汽车", "经销商")]
    assert {(problem.code, problem.text) for problem in reading.problems} == {
        ("short-row", "二手车"),
        ("short-row", "车展"),
    }


@pytest.mark.parametrize("heading", ["现资质要求", "类目适用范围"])
def test_a_heading_that_cells_hang_on_is_missed(read_text: Read, heading: str) -> None:
    known = "「工具-农历」与「工具-公历」合并为「工具-日历」。"
    lines = [line for line in as_cell_lines(NAMED).split("\n") if line != heading]
    reading = read_text(text(WECHAT, known, "新增类目", "非个人主体", *lines))
    assert reading.problems
    assert "适用于代理服务" not in str(reading.documents)


def test_rows_whose_border_is_lost_are_not_one_row(read_text: Read) -> None:
    lines = as_piped(FROM_TO).replace(" | ", " |\n").replace(" ||||", "\n||||").split("\n")
    last = len(lines) - 1
    between = max(place for place, line in enumerate(lines[:last]) if line == "||||")
    reading = read_text(text(JD, *lines[:between], *lines[between + 1 : last], "如有其他疑问,请联系客服。"))
    assert [entry.path[-1] for entry in entries_of(reading)] == ["单肩包"]
    assert {"手提包", "腰包"} <= {problem.text for problem in reading.problems}
