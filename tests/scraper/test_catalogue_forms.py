"""Complete lists of categories, in the forms of tables that platforms use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from snapshots.errors import PageRefusedError
from snapshots.notice import NoticeEntry, Reading, Scope
from snapshots.requirement import NoneRequired, Paper

Read = Callable[..., Reading]

HEADER = "<tr><th>二级分类</th><th>三级分类</th><th>资质要求</th><th>类目适用范围</th><th>备注</th></tr>"
BANK = "<tr><td>银行</td><td>/</td><td>《金融许可证》</td><td>适用于银行业务。</td><td>/</td></tr>"
TRUST = "<tr><td>信托</td><td>/</td><td>/</td><td>适用于信托业务。</td><td>/</td></tr>"
TITLE = "<h2>非个人主体小程序开放的服务类目</h2>"


def page(*parts: str) -> str:
    return (
        "<!DOCTYPE html><html><body><nav>小程序开放的服务类目</nav><h1>小程序开放的服务类目</h1><p>本文档仅供参考。</p>"
        f"{''.join(parts)}<footer>版权所有</footer></body></html>"
    )


def table(*rows: str) -> str:
    return f"<table>{''.join(rows)}</table>"


def paths(reading: Reading) -> list[tuple[str, ...]]:
    return [entry.path for entry in reading.documents[0].entries]


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def only(reading: Reading) -> NoticeEntry:
    (entry,) = reading.documents[0].entries
    return entry


def test_entity_types_stand_in_headings_and_each_is_complete(read_text: Read) -> None:
    reading = read_text(
        page(
            TITLE,
            "<h3>金融业</h3>",
            table(HEADER, BANK),
            "<h2>个人主体小程序开放的服务类目</h2><h3>金融业</h3>",
            table(HEADER, TRUST),
            "<h2>境外主体小程序开放的服务类目</h2><h3>金融业</h3>",
            table(HEADER, TRUST),
        ),
        "page.html",
    )
    document = reading.documents[0]
    assert document.kind == "catalogue"
    assert document.title == "小程序开放的服务类目"
    assert document.preamble == ("本文档仅供参考。",)
    assert [(entry.entity_type, entry.path) for entry in document.entries] == [
        ("non_personal", ("金融业", "银行")),
        ("personal", ("金融业", "信托")),
        ("overseas", ("金融业", "信托")),
    ]
    assert [scope.entity_type for scope in document.complete_for] == ["non_personal", "personal", "overseas"]
    assert reading.accounting.unclaimed == 0
    assert reading.accounting.outside_content == 2
    assert not reading.problems


def test_cells_that_several_rows_share_are_read_in_each_and_claimed_once(read_text: Read) -> None:
    row = (
        '<tr><td rowspan="2">网约车</td><td>快车</td>'
        '<td rowspan="2">（2选1）：<br>1、《甲》<br><a href="./b">2、《乙》</a></td>'
        '<td rowspan="2">适用于约车。<br>注：<br>1、不含代驾；<br>2、不含租车。</td><td>/</td></tr>'
        "<tr><td>专车</td><td>需内测</td></tr>"
    )
    reading = read_text(page(TITLE, "<h3>交通服务</h3>", table(HEADER, row)), "page.html")
    first, second = reading.documents[0].entries
    assert (first.path, second.path) == (("交通服务", "网约车", "快车"), ("交通服务", "网约车", "专车"))
    assert [paper.title for paper in second.papers] == ["甲", "乙"]
    assert first.requirement == second.requirement
    assert first.scope == second.scope == "适用于约车。"
    assert [note.text for note in first.notes] == ["不含代驾；", "不含租车。"]
    assert [(note.text, note.where) for note in second.notes][2:] == [("需内测", "scope")]
    accounting = reading.accounting
    assert (accounting.unclaimed, accounting.claimed) == (0, accounting.content_lines)


def test_columns_name_the_entity_type_the_first_level_and_what_has_no_field(read_text: Read) -> None:
    reading = read_text(
        page(
            table(
                "<tr><th>主体类型</th><th>一级类目</th><th>二级类目</th><th>资质要求</th><th>保证金</th></tr>",
                '<tr><td>非个人主体</td><td rowspan="2">工具</td><td>记账</td><td>/</td><td>1000元</td></tr>',
                "<tr><td>个人主体、非个人主体</td><td>投票</td><td>/</td><td></td></tr>",
                "<tr><td>个人主体</td><td>商业服务</td><td>/</td><td>/</td><td></td></tr>",
            )
        ),
        "page.html",
    )
    entries = reading.documents[0].entries
    assert [(entry.entity_type, entry.path) for entry in entries] == [
        ("non_personal", ("工具", "记账")),
        ("non_personal", ("工具", "投票")),
        ("personal", ("工具", "投票")),
        ("personal", ("商业服务",)),
    ]
    assert [(attribute.name, attribute.value) for attribute in entries[0].attributes] == [("保证金", "1000元")]
    assert entries[1].attributes == ()
    assert not reading.problems
    assert reading.documents[0].complete_for == (Scope(entity_type="non_personal"), Scope(entity_type="personal"))


def test_a_row_without_an_entity_type_is_its_own_problem(read_text: Read) -> None:
    header = "<tr><th>主体类型</th><th>一级类目</th><th>二级类目</th><th>资质要求</th></tr>"
    row = "<tr><td></td><td>工具</td><td>记账</td><td>/</td></tr>"
    reading = read_text(page(table(header, row)), "page.html")
    assert only(reading).entity_type is None
    assert codes(reading) == ["no-entity-type"]
    assert reading.documents[0].complete_for == ()


def test_a_page_that_does_not_say_who_may_apply_is_one_problem_and_complete_for_nothing(read_text: Read) -> None:
    reading = read_text(page("<h3>金融业</h3>", table(HEADER, BANK, TRUST)), "page.html")
    assert [entry.entity_type for entry in reading.documents[0].entries] == [None, None]
    assert codes(reading) == ["no-entity-type"]
    assert reading.documents[0].complete_for == ()


def test_a_header_that_is_repeated_in_a_long_table_is_no_row(read_text: Read) -> None:
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, BANK, HEADER, TRUST)), "page.html")
    assert paths(reading) == [("金融业", "银行"), ("金融业", "信托")]
    assert not reading.problems


def test_a_row_over_all_columns_names_the_first_level(read_text: Read) -> None:
    finance, tools = ('<tr><td colspan="5">金融业</td></tr>', '<tr><td colspan="5">工具</td></tr>')
    reading = read_text(page(TITLE, table(finance, HEADER, BANK, tools, TRUST)), "page.html")
    assert paths(reading) == [("金融业", "银行"), ("工具", "信托")]
    assert not reading.problems


def test_a_row_over_all_columns_below_a_named_first_level_is_a_problem_and_so_is_what_follows(read_text: Read) -> None:
    section = '<tr><td colspan="5">工具</td></tr>'
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, BANK, section, TRUST)), "page.html")
    assert paths(reading) == [("金融业", "银行")]
    assert codes(reading) == ["unknown-row", "stray-row"]
    assert reading.documents[0].complete_for == ()


def test_a_sentence_over_all_columns_is_a_problem_and_hides_no_row(read_text: Read) -> None:
    remark = '<tr><td colspan="5">注：以上类目需人工审核。</td></tr>'
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, BANK, remark, TRUST)), "page.html")
    assert paths(reading) == [("金融业", "银行"), ("金融业", "信托")]
    assert codes(reading) == ["unknown-row"]
    assert reading.documents[0].complete_for == (Scope(entity_type="non_personal"),)


def test_a_name_may_cover_the_columns_of_the_levels_below_it(read_text: Read) -> None:
    row = '<tr><td colspan="2">银行</td><td>《金融许可证》</td><td>适用于银行。</td><td>/</td></tr>'
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, row)), "page.html")
    assert only(reading).path == ("金融业", "银行")
    assert isinstance(only(reading).requirement, Paper)


def test_a_cell_over_two_blocks_is_a_problem(read_text: Read) -> None:
    row = '<tr><td>银行</td><td>/</td><td colspan="2">《金融许可证》</td><td>/</td></tr>'
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, row, TRUST)), "page.html")
    assert paths(reading) == [("金融业", "信托")]
    assert codes(reading) == ["short-row"]


def test_what_was_not_read_is_not_said_to_be_gone(read_text: Read) -> None:
    lost = "<tr><td></td><td>/</td><td>/</td><td>适用于基金。</td><td>/</td></tr>"
    reading = read_text(
        page(TITLE, "<h3>金融业</h3>", table(HEADER, BANK, lost), "<h3>工具</h3>", table(HEADER, TRUST)), "page.html"
    )
    assert codes(reading) == ["unnamed-row"]
    assert reading.documents[0].complete_for == (Scope(entity_type="non_personal", under=("工具",)),)


def test_a_row_of_which_only_shared_cells_are_left_is_a_problem(read_text: Read) -> None:
    rows = (
        '<tr><td rowspan="3">网约车</td><td>快车</td><td rowspan="3">/</td><td rowspan="3">适用于约车。</td>'
        '<td rowspan="3">/</td></tr><tr><td></td></tr><tr><td>专车</td></tr>'
    )
    reading = read_text(page(TITLE, "<h3>交通服务</h3>", table(HEADER, rows)), "page.html")
    assert paths(reading) == [("交通服务", "网约车", "快车"), ("交通服务", "网约车", "专车")]
    assert codes(reading) == ["unnamed-row"]
    assert reading.documents[0].complete_for == ()


def test_an_empty_requirement_is_not_stated_and_a_problem(read_text: Read) -> None:
    row = "<tr><td>银行</td><td>/</td><td></td><td>适用于银行。</td><td>/</td></tr>"
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, row)), "page.html")
    assert only(reading).requirement is None
    assert codes(reading) == ["empty-requirement"]


def test_a_slash_says_that_nothing_is_required(read_text: Read) -> None:
    assert only(read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, TRUST)), "p.html")).requirement == NoneRequired()


def test_rows_of_one_path_are_entries_each_and_marks_in_names_stay(read_text: Read) -> None:
    other = BANK.replace("《金融许可证》", "《营业执照》")
    marked = TRUST.replace("信托", "信托（新增）")
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, BANK, other, marked)), "page.html")
    assert paths(reading) == [("金融业", "银行"), ("金融业", "银行"), ("金融业", "信托（新增）")]


def test_plain_lines_over_tables_are_headings_where_none_is_marked(read_text: Read) -> None:
    finance = f"<div>非个人主体小程序开放的服务类目</div><div>金融业</div>{table(HEADER, BANK)}"
    tools = f"<div>工具</div>{table(HEADER, TRUST)}{table(HEADER, BANK)}"
    reading = read_text(f"<!DOCTYPE html><html><body>{finance}{tools}</body></html>", "page.html")
    assert paths(reading) == [("金融业", "银行"), ("工具", "信托")]
    # The last table has no name over it: that of the one before says nothing about it.
    assert codes(reading) == ["unnamed-row"]


def test_a_table_without_a_header_is_a_problem_and_its_branch_not_complete(read_text: Read) -> None:
    parts = ("<h3>金融业</h3>", table(HEADER, BANK), "<h3>工具</h3>", table(TRUST))
    reading = read_text(page(TITLE, *parts), "page.html")
    assert paths(reading) == [("金融业", "银行")]
    assert set(codes(reading)) == {"unknown-table"}
    assert reading.documents[0].complete_for == (Scope(entity_type="non_personal", under=("金融业",)),)


def test_an_empty_table_beside_whole_ones_is_a_problem(read_text: Read) -> None:
    parts = ("<h3>金融业</h3>", table(HEADER), "<h3>工具</h3>", table(HEADER, TRUST))
    reading = read_text(page(TITLE, *parts), "page.html")
    assert codes(reading) == ["empty-table"]
    assert reading.documents[0].complete_for == (Scope(entity_type="non_personal", under=("工具",)),)


def test_a_page_whose_tables_hold_only_headers_has_lost_its_content(read_text: Read) -> None:
    with pytest.raises(PageRefusedError, match="content is gone"):
        read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER)), "page.html")


def test_the_rows_below_a_heading_without_a_table_are_lost(read_text: Read) -> None:
    parts = ("<h3>金融业</h3>", "<h3>工具</h3>", table(HEADER, TRUST), "<h3>文娱</h3>", "<h4>意见反馈</h4>")
    reading = read_text(page(TITLE, *parts), "page.html")
    assert [(problem.code, problem.text) for problem in reading.problems] == [
        ("empty-section", "金融业"),
        ("empty-section", "文娱"),
    ]
    assert reading.documents[0].complete_for == (Scope(entity_type="non_personal", under=("工具",)),)
    assert reading.accounting.outside_content == 3  # the link, the footer and the heading of another depth


def test_an_entity_type_without_a_row_is_a_problem_and_not_complete(read_text: Read) -> None:
    parts = ("<h3>金融业</h3>", table(HEADER, BANK), "<h2>个人主体小程序开放的服务类目</h2>")
    reading = read_text(page(TITLE, *parts), "page.html")
    assert codes(reading) == ["empty-section"]
    assert reading.documents[0].complete_for == (Scope(entity_type="non_personal"),)


def test_a_table_that_lost_its_heading_does_not_belong_to_the_one_before(read_text: Read) -> None:
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, BANK), table(HEADER, TRUST)), "page.html")
    assert paths(reading) == [("金融业", "银行")]
    assert codes(reading) == ["unnamed-row"]
    assert reading.documents[0].complete_for == ()


def test_a_first_level_that_comes_again_tells_that_an_entity_type_lost_its_heading(read_text: Read) -> None:
    parts = ("<h3>金融业</h3>", table(HEADER, BANK), "<h3>金融业</h3>", table(HEADER, TRUST))
    third = ("<h2>境外主体小程序开放的服务类目</h2><h3>金融业</h3>", table(HEADER, TRUST))
    reading = read_text(page(TITLE, *parts, *third), "page.html")
    assert [(entry.entity_type, entry.path) for entry in reading.documents[0].entries] == [
        ("non_personal", ("金融业", "银行")),
        ("overseas", ("金融业", "信托")),
    ]
    assert codes(reading) == ["stray-row"]
    assert reading.documents[0].complete_for == (Scope(entity_type="overseas"),)


def test_a_table_inside_a_cell_makes_its_row_a_problem(read_text: Read) -> None:
    inner = "同时提供：<table><tr><td>1、《金融许可证》</td></tr><tr><td>2、《营业执照》</td></tr></table>"
    row = f"<tr><td>银行</td><td>/</td><td>{inner}</td><td>适用于银行。</td><td>/</td></tr>"
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, row, TRUST)), "page.html")
    assert paths(reading) == [("金融业", "信托")]
    assert set(codes(reading)) == {"torn-row", "unknown-table"}
    assert reading.accounting.unclaimed == 0


def test_a_table_that_lays_out_the_page_hides_nothing(read_text: Read) -> None:
    inner = f"{TITLE}<h3>金融业</h3>{table(HEADER, BANK)}<h3>工具</h3>{table(HEADER, TRUST)}"
    reading = read_text(page(table(f"<tr><td>首页</td><td>{inner}</td></tr>")), "page.html")
    assert paths(reading) == [("金融业", "银行"), ("工具", "信托")]
    assert not reading.problems


def test_a_page_that_breaks_off_is_refused(read_text: Read) -> None:
    whole = page(TITLE, "<h3>金融业</h3>", table(HEADER, BANK), "<h3>工具</h3>", table(HEADER, TRUST))
    for end in (whole.index("适用于信托"), whole.rindex("<table>"), whole.index("</html>")):
        with pytest.raises(PageRefusedError, match="breaks off"):
            read_text(whole[:end], "page.html")


@pytest.mark.parametrize("lost", ["<td>银行</td>", "<td>/</td>", "<td>《金融许可证》</td>"])
def test_a_row_whose_cells_have_moved_is_a_problem(read_text: Read, lost: str) -> None:
    broken = BANK.replace(lost, "", 1)
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, broken, TRUST)), "page.html")
    assert paths(reading) == [("金融业", "信托")]
    assert codes(reading) == ["short-row"]


def test_a_row_with_more_cells_than_the_header_is_a_problem(read_text: Read) -> None:
    group = TRUST.replace("<td>信托</td>", '<td rowspan="2">信托</td>')  # the second row of the group is lost
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, group, BANK)), "page.html")
    assert paths(reading) == [("金融业", "信托")]
    assert codes(reading) == ["short-row"]


def test_an_empty_cell_where_others_say_that_there_is_none_has_lost_its_words(read_text: Read) -> None:
    nameless = BANK.replace("<td>/</td>", "<td></td>", 1)
    scopeless = TRUST.replace("适用于信托业务。", "")
    reading = read_text(page(TITLE, "<h3>金融业</h3>", table(HEADER, nameless, scopeless)), "page.html")
    assert paths(reading) == [("金融业", "信托")]
    assert codes(reading) == ["unnamed-row", "empty-cell"]


def test_a_notice_beside_a_link_to_the_catalogue_is_no_catalogue(read_text: Read) -> None:
    listing = "<tr><td>一级类目</td><td>资质要求</td></tr><tr><td>宠物服务</td><td>《营业执照》</td></tr>"
    entry = "<p>类目新增</p><p>非个人主体</p><p>#【宠物服务-宠物寄养】</p><p>现资质要求</p><p>《营业执照》</p>"
    notice = f"<a>小程序开放的服务类目</a><h1>2025年4-6月小程序类目调整汇总公告</h1>{entry}{table(listing)}"
    reading = read_text(f"<!DOCTYPE html><html><body>{notice}</body></html>", "page.html")
    assert [document.kind for document in reading.documents] == ["notice"]
