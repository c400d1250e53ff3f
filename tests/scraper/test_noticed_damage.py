"""Damage that shows only in how the lines of a page stand to one another is told, and makes no entry of its own."""

from __future__ import annotations

import pytest
from page_making import make_page

from scraper.parse import parse_page
from snapshots.notice import Reading

NOTICE = """2031年4-6月小程序类目调整汇总公告
类目新增
非个人主体
#【生活服务-陶艺馆】
现资质要求
(2选1):
1、《营业执照》
2、《场地租赁合同》(剩余租期含“一年”)
类目适用范围
适用于陶艺体验预约。
注:暂不支持窑炉租赁。
#【生活服务-木工房】
现资质要求
《营业执照》
类目适用范围
适用于木工体验预约。
"""
HEADER = "<tr><th>二级分类</th><th>三级分类</th><th>资质要求</th><th>类目适用范围</th><th>备注</th></tr>"
ROW = "<tr><td>陶艺馆</td><td>/</td><td>《营业执照》</td><td>适用于陶艺。</td><td>/</td></tr>"
SECOND = "<tr><td>木工房</td><td>/</td><td>/</td><td>适用于木工。</td><td>/</td></tr>"


def read(content: str, name: str = "page.txt") -> Reading:
    return parse_page(make_page(content, name))


def catalogue(*rows: str, end: str = "</body></html>") -> str:
    table = f"<table>{HEADER}{''.join(rows)}</table>"
    return f"<html><body><h1>非个人主体小程序开放的服务类目</h1><h3>生活服务</h3>{table}{end}"


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(problem.code, problem.text) for problem in reading.problems]


def test_the_pages_of_these_tests_are_sound_as_they_stand() -> None:
    assert codes(read(NOTICE)) == []
    assert codes(read(catalogue(ROW, SECOND), "page.html")) == []


@pytest.mark.parametrize("line", ["1、《营业执照》", "适用于陶艺体验预约。", "注:暂不支持窑炉租赁。", "《营业执照》"])
def test_a_line_of_a_block_that_stands_twice_is_told(line: str) -> None:
    doubled = NOTICE.replace(f"\n{line}\n", f"\n{line}\n{line}\n")
    assert ("repeated-line", line) in codes(read(doubled))


def test_an_entrys_heading_that_stands_twice_makes_one_entry_and_a_problem() -> None:
    heading = "#【生活服务-木工房】"
    reading = read(NOTICE.replace(heading, f"{heading}\n{heading}"))
    assert [entry.path[-1] for entry in reading.documents[0].entries] == ["陶艺馆", "木工房"]
    assert codes(reading) == [("repeated-line", heading)]


def test_a_row_that_stands_twice_has_lost_nothing_and_a_line_in_a_cell_may_have() -> None:
    assert codes(read(catalogue(ROW, ROW, SECOND), "page.html")) == []
    doubled = ROW.replace("适用于陶艺。", "适用于陶艺。<br>适用于陶艺。")
    assert ("repeated-line", "适用于陶艺。") in codes(read(catalogue(doubled, SECOND), "page.html"))


def test_equal_levels_in_cells_of_their_own_are_no_doubled_line() -> None:
    row = ROW.replace("<td>陶艺馆</td><td>/</td>", "<td>陶艺馆</td><td>陶艺馆</td>")
    reading = read(catalogue(row, SECOND), "page.html")
    assert codes(reading) == []
    assert reading.documents[0].entries[0].path == ("生活服务", "陶艺馆", "陶艺馆")


def test_a_page_with_a_link_above_its_title_of_the_same_words_is_sound() -> None:
    page = catalogue(ROW, SECOND).replace("<h1>", "<nav>非个人主体小程序开放的服务类目</nav><h1>")
    assert codes(read(page, "page.html")) == []


@pytest.mark.parametrize(
    ("line", "torn"),
    [
        ("2、《场地租赁合同》(剩余租期含“一年”)", "2、《场地租赁合同》(剩余租期含“一年”"),
        ("2、《场地租赁合同》(剩余租期含“一年”)", "2、《场地租赁合同》剩余租期含“一年”)"),
    ],
)
def test_a_round_bracket_without_its_counterpart_is_told_and_tears_no_paper(line: str, torn: str) -> None:
    reading = read(NOTICE.replace(line, torn))
    [problem] = reading.problems
    assert (problem.code, problem.text[problem.start : problem.end]) in {
        ("unpaired-bracket", "("),
        ("unpaired-bracket", ")"),
    }
    assert reading.documents[0].entries[0].doubts == ()


@pytest.mark.parametrize("sign", ["1)", "(1)", "(1.1)", "a)"])
def test_the_bracket_of_an_enumerator_is_no_torn_one(sign: str) -> None:
    second = {"1)": "2)", "(1)": "(2)", "(1.1)": "(1.2)", "a)": "b)"}[sign]
    page = NOTICE.replace("1、", sign, 1).replace("2、", second, 1)
    assert [code for code, _ in codes(read(page))] == []


def test_a_name_that_lost_its_bracket_is_told() -> None:
    row = ROW.replace("陶艺馆", "陶艺馆(含拉坯")
    assert ("unpaired-bracket", "陶艺馆(含拉坯") in codes(read(catalogue(row, SECOND), "page.html"))


@pytest.mark.parametrize("end", ["", "<p", "<p class="])
def test_a_page_that_ends_without_the_tags_that_close_it_is_told(end: str) -> None:
    body = "".join(f"<p>{line}</p>" for line in NOTICE.splitlines())
    assert [code for code, _ in codes(read(f"<html><body>{body}{end}", "page.html"))] == ["unclosed-page"]
    assert codes(read(f"<html><body>{body}</html>", "page.html")) == []


def test_applicants_from_abroad_below_the_heading_of_others_are_told() -> None:
    scope = "仅适用于日本、韩国企业主体提供木工体验预约。"
    reading = read(NOTICE.replace("适用于木工体验预约。", scope))
    assert codes(reading) == [("other-entity-type", scope)]
    assert codes(read(NOTICE.replace("适用于木工体验预约。", "仅适用于中国大陆企业主体提供木工体验预约。"))) == []


def test_a_table_above_all_titles_is_no_site_chrome() -> None:
    page = catalogue(ROW, SECOND).replace("<h1>", f"<h3>工具</h3><table>{HEADER}{SECOND}</table><h1>")
    assert [code for code, _ in codes(read(page, "page.html"))] == ["untitled-table"] * 10


def test_a_markdown_header_that_comes_again_opens_a_table_that_lost_its_name() -> None:
    header = "| 二级类目 | 资质要求 |\n|---|---|\n"
    page = (
        f"# 服务类目\n\n## 一级类目：手工\n\n{header}| 陶艺 | |\n\n## 一级类目：运动\n\n{header}| 攀岩 | 《备案》 |\n"
    )
    assert codes(read(page, "page.md")) == []
    torn = read(page.replace("## 一级类目：运动\n", ""), "page.md")
    assert [entry.path for entry in torn.documents[0].entries] == [("手工", "陶艺")]
    assert [code for code, _ in codes(torn)] == ["unnamed-row"]


def test_a_row_without_its_border_that_fell_into_the_header_is_told() -> None:
    page = catalogue(ROW, SECOND).replace("</tr><tr><td>陶艺馆", "<td>陶艺馆", 1)
    assert "data-in-header" in [code for code, _ in codes(read(page, "page.html"))]


def test_a_slash_for_the_second_level_beside_names_is_a_lost_name() -> None:
    row = ROW.replace("<td>陶艺馆</td>", "<td>/</td>")
    assert [code for code, _ in codes(read(catalogue(row, SECOND), "page.html"))] == ["short-row"]


def test_two_cells_in_one_are_told() -> None:
    row = ROW.replace("适用于陶艺。</td><td>/", "适用于陶艺。 /</td><td>")
    assert "short-row" in [code for code, _ in codes(read(catalogue(row, SECOND), "page.html"))]
