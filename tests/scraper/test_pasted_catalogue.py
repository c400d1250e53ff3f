"""Catalogues that were pasted as text: one cell below the other, or a row of a spreadsheet on a line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from page_making import CORPUS, make_page
from test_baidu_catalogue import without_lines

from scraper.parse import parse_page
from snapshots.errors import PageRefusedError
from snapshots.notice import NoticeEntry, Reading, Scope

Read = Callable[..., Reading]

PASTE = """非个人主体小程序开放的服务类目
宠物服务
二级分类
三级分类
资质要求
类目适用范围
备注
宠物寄养
店内寄养
（2选1）：
1、《动物防疫条件合格证》
2、自营主体，同时提供：
①《营业执照》
② 场地的租赁合同

适用于寄养服务。
注：如提供诊疗服务，需补充【宠物服务-宠物医院】类目。
/

上门喂养



宠物殡葬
/

《殡葬服务许可证》

适用于殡葬服务。
预计审核时长7天左右。
宠物用品
/
同时提供：\u20281、《营业执照》\u20282、《承诺函》
适用于用品销售。\u2028注：不含活体。
/
工具
二级分类
三级分类
资质要求
类目适用范围
备注
记账
/
/
适用于记账。
/
"""


def entries_of(reading: Reading) -> dict[tuple[str, ...], NoticeEntry]:
    return {entry.path: entry for entry in reading.documents[0].entries}


def test_lines_are_cut_into_cells_and_rows(read_text: Read) -> None:
    reading = read_text(PASTE)
    document = reading.documents[0]
    entries = entries_of(reading)
    assert list(entries) == [
        ("宠物服务", "宠物寄养", "店内寄养"),
        ("宠物服务", "宠物寄养", "上门喂养"),
        ("宠物服务", "宠物殡葬"),
        ("宠物服务", "宠物用品"),
        ("工具", "记账"),
    ]
    first, second, third, fourth, _ = entries.values()
    assert [paper.title for paper in first.papers] == ["动物防疫条件合格证", "营业执照"]
    assert (first.scope, [note.text for note in first.notes]) == (
        "适用于寄养服务。",
        ["如提供诊疗服务，需补充【宠物服务-宠物医院】类目。"],
    )
    assert (second.requirement, second.scope, second.notes) == (first.requirement, first.scope, first.notes)
    assert [note.text for note in third.notes] == ["预计审核时长7天左右。"]
    assert [paper.title for paper in fourth.papers] == ["营业执照", "承诺函"]
    assert (fourth.scope, [note.text for note in fourth.notes]) == ("适用于用品销售。", ["不含活体。"])
    assert document.complete_for == (Scope(entity_type="non_personal"),)
    assert not reading.problems
    assert reading.accounting.unclaimed == reading.accounting.outside_content == 0


@pytest.mark.parametrize("lost", ["记账\n", "/\n适用于记账。", "适用于记账。\n"])
def test_a_row_that_lost_a_line_is_a_problem(read_text: Read, lost: str) -> None:
    reading = read_text(PASTE.replace(lost, "", 1))
    assert ("工具", "记账") not in entries_of(reading)
    assert "short-row" in {problem.code for problem in reading.problems}
    assert reading.documents[0].complete_for == (Scope(entity_type="non_personal", under=("宠物服务",)),)
    assert reading.accounting.unclaimed == 0


def test_without_the_lines_of_shared_cells_their_rows_are_problems(read_text: Read) -> None:
    reading = read_text("\n".join(line for line in PASTE.split("\n") if line))
    assert ("宠物服务", "上门喂养") not in entries_of(reading)
    assert {("宠物服务", "宠物用品"), ("工具", "记账")} < entries_of(reading).keys()
    assert {problem.code for problem in reading.problems} == {"short-row"}


def test_an_empty_scope_beside_a_new_name_is_lost_and_not_that_of_the_row_above(read_text: Read) -> None:
    reading = read_text(PASTE.replace("适用于用品销售。\u2028注：不含活体。", ""))
    assert ("宠物服务", "宠物用品") not in entries_of(reading)
    assert {problem.code for problem in reading.problems} == {"short-row"}


def test_a_table_that_lost_its_heading_or_a_line_of_its_header_is_not_read_as_the_one_before(read_text: Read) -> None:
    for lost in ("工具\n", "工具\n二级分类\n", "工具\n二级分类\n三级分类\n"):
        reading = read_text(PASTE.replace(lost, ""))
        assert not any("记账" in path for path in entries_of(reading))
        assert reading.problems


SHEET = """非个人主体小程序开放的服务类目
宠物服务
二级分类\t三级分类\t资质要求\t类目适用范围\t备注
宠物寄养\t店内寄养\t"（2选1）：
1、《动物防疫条件合格证》
2、《营业执照》"\t适用于寄养服务。\t/
\t上门喂养\t\t\t
宠物殡葬\t/\t《殡葬服务许可证》\t适用于殡葬服务。\t/
"""


@pytest.mark.parametrize("sign", ["\t", ","])
def test_a_row_on_a_line_is_read_with_its_merged_cells(read_text: Read, sign: str) -> None:
    reading = read_text(SHEET.replace("\t", sign))
    entries = entries_of(reading)
    assert list(entries) == [
        ("宠物服务", "宠物寄养", "店内寄养"),
        ("宠物服务", "宠物寄养", "上门喂养"),
        ("宠物服务", "宠物殡葬"),
    ]
    first, second, _ = entries.values()
    assert [paper.title for paper in first.papers] == ["动物防疫条件合格证", "营业执照"]
    assert second.requirement == first.requirement
    assert not reading.problems
    assert reading.accounting.unclaimed == 0


def test_a_line_break_without_quotes_makes_the_row_go_on(read_text: Read) -> None:
    assert entries_of(read_text(SHEET.replace('"', ""))).keys() == entries_of(read_text(SHEET)).keys()


def test_a_line_with_too_few_cells_is_a_problem(read_text: Read) -> None:
    reading = read_text(SHEET.replace("\t上门喂养\t\t\t", "上门喂养"))
    assert [(problem.code, problem.text) for problem in reading.problems] == [("short-row", "上门喂养")]
    assert reading.documents[0].complete_for == ()


def test_a_table_of_which_only_the_header_is_left_is_refused(read_text: Read) -> None:
    with pytest.raises(PageRefusedError, match="content is gone"):
        read_text(SHEET[: SHEET.index("宠物寄养")])


def test_the_february_paste_gives_the_categories_of_the_page() -> None:
    page = CORPUS / "wechat-catalogue-2026-02-21.html"
    paste = CORPUS / "wechat-catalogue-2026-02-21-nonpersonal-paste.txt"
    if not paste.exists():
        pytest.skip("the corpus of real pages is not here")
    whole = without_lines(parse_page(make_page(page.read_bytes(), page.name)))
    pasted = parse_page(make_page(paste.read_bytes(), paste.name))
    assert without_lines(pasted) == [entry for entry in whole if entry.entity_type == "non_personal"]
    assert "short-row" not in {problem.code for problem in pasted.problems}
    assert pasted.accounting.unclaimed == 0
    # Without its empty lines the copy has lost where shared cells stand; what is read is still what the page says.
    bare = b"\n".join(line for line in paste.read_bytes().split(b"\n") if line.strip())
    read = without_lines(parse_page(make_page(bare, paste.name)))
    assert len(read) > 300
    assert all(entry in whole for entry in read)


def test_a_name_is_not_read_as_the_requirement_of_a_row_that_lost_its_empty_lines(read_text: Read) -> None:
    header = "非个人主体小程序开放的服务类目\n物流服务\n二级分类\n三级分类\n资质要求\n类目适用范围\n备注\n"
    first = "代驾\n平台\n《甲证》\n适用于平台。\n/\n"
    last = "寄件\n{leaf}\n(2选1):\n1、《乙证》\n2、《丙证》\n适用于寄件。\n/"
    for leaf in ("寄件", "收件"):
        # The second row was an empty line, 「自营」 and three empty lines; only its name is left.
        reading = read_text(header + first + "自营\n" + last.format(leaf=leaf))
        names = {entry.path for document in reading.documents for entry in document.entries}
        assert names <= {("物流服务", "代驾", "平台"), ("物流服务", "寄件", leaf)}
        assert reading.problems != ()
