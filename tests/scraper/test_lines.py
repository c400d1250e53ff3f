"""The lines of a page are its shown text, block by block, with the place of each in headings and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from page_making import CORPUS, make_page

from scraper.page.decode import decode_page
from scraper.page.lines import Cell, Line, extract_lines, split_lines
from snapshots.folding import INVISIBLE, fold_characters

EXAMPLES = Path(__file__).parents[2] / "examples" / "pages"
PAGES = [*sorted(EXAMPLES.glob("*.html")), *sorted(CORPUS.glob("*.html"))]
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main",
    "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
UNSEEN = frozenset({
    "script", "style", "noscript", "template", "head", "svg", "iframe", "select", "button", "textarea",
    "noframes", "noembed", "datalist", "title",
})  # fmt: skip


UNSHOWN = re.compile(f"[{INVISIBLE}]")


def read_lines(markup: str) -> tuple[Line, ...]:
    return extract_lines(decode_page(make_page(f"<!DOCTYPE html>{markup}", "page.html")))


def read_texts(markup: str) -> list[str]:
    return [line.text for line in read_lines(markup)]


def is_unseen(tag: Tag) -> bool:
    return (
        tag.name in UNSEEN
        or tag.has_attr("hidden")
        or tag.get("aria-hidden") == "true"
        or re.search(r"display\s*:\s*none", str(tag.get("style")), re.IGNORECASE) is not None
    )


def walk_soup(tag: Tag) -> Iterator[str | None]:
    """The strings below a tag, with None at each border of a block: read from the tree, element by element."""
    for child in tag.children:
        if type(child) is NavigableString:
            yield str(child)
        elif isinstance(child, Tag) and not is_unseen(child):
            border = child.name in BLOCKS or child.name == "br"
            yield from (None,) if border else ()
            yield from walk_soup(child)
            yield from (None,) if border else ()


def read_with_soup(markup: str) -> list[str]:
    """The lines as Beautiful Soup has them, without any white space."""
    lines = [""]
    for text in walk_soup(BeautifulSoup(markup, "lxml")):
        if text is None:
            lines.append("")
        else:
            lines[-1] += "".join(UNSHOWN.sub("", text).split())
    return [line for line in lines if line]


def without_space(texts: list[str]) -> list[str]:
    return ["".join(UNSHOWN.sub("", text).split()) for text in texts]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_lines_of_a_page_are_those_that_beautiful_soup_has(path: Path) -> None:
    decoded = decode_page(make_page(path.read_bytes(), path.name))
    lines = extract_lines(decoded)
    assert without_space([line.text for line in lines]) == read_with_soup(decoded.text)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


words = st.text("类目新增ab<>&;\"'= \n\t\u3000\xa0\u200b《》\U00020000", max_size=6)
escaped = words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
attributes = st.sampled_from([
    "", ' class="a>b"', " title='<td>'", " hidden", ' hidden=""', ' aria-hidden="true"', ' aria-hidden="false"',
    ' style="DISPLAY : None"', ' style="display:block"', ' rowspan="2"', ' colspan="3"', ' a<b="1"', ' "x"',
])  # fmt: skip
names = st.sampled_from([
    "div", "p", "section", "span", "b", "a", "font", "td", "tr", "table", "th", "tbody", "ul", "li", "h1", "h3", "form",
    "br", "hr", "script", "style", "textarea", "title", "noframes", "svg", "select", "option", "button", "center",
    "x-y", "x<z", "p:", "img",
])  # fmt: skip


def elements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    whole = st.builds(
        lambda name, attribute, content: f"<{name}{attribute}>{content}</{name}>",
        names, attributes, st.lists(inner, max_size=4).map("".join),
    )  # fmt: skip
    return whole | st.builds("<{}{}>".format, st.sampled_from(["p", "li", "td", "tr", "b", "br", "div"]), attributes)


odd_pieces = st.sampled_from(
    ["<!-- <p>x</p> -->", "</p>", "</div>", "</body></html>", "&nbsp;", "&#1;", "&bogus;", "<", "&#x3000;"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.recursive(escaped | odd_pieces, elements, max_leaves=12), max_size=8).map("".join))
def test_any_markup_gives_the_lines_that_beautiful_soup_has(markup: str) -> None:
    page = f"<!DOCTYPE html><html><body>{markup}</body></html>"
    lines = read_lines(f"<html><body>{markup}</body></html>")
    control = "\ufffd" if "&#1;" in markup else ""
    expected = [line.replace("\x01", "").replace(control, "") for line in read_with_soup(page)]
    assert without_space([line.text for line in lines]) == [line for line in expected if line]
    for line in lines:
        assert line.folded == fold_characters(line.text)
        assert line.text == line.text.strip()
        assert "\n" not in line.text


def test_a_cell_below_one_that_covers_rows_stands_in_its_own_column() -> None:
    lines = read_lines(
        "<table><tr><th>一<th>二<th>三</tr><tr><td rowspan=2>甲<td colspan='2' >乙</tr>"
        "<tr><td data-rowspan=9>丙<td>丁</table>"
    )
    assert [line.cell for line in lines] == [
        Cell(0, 0, 0, 1, 1, header=True),
        Cell(0, 0, 1, 1, 1, header=True),
        Cell(0, 0, 2, 1, 1, header=True),
        Cell(0, 1, 0, 2, 1, header=False),
        Cell(0, 1, 1, 1, 2, header=False),
        Cell(0, 2, 1, 1, 1, header=False),
        Cell(0, 2, 2, 1, 1, header=False),
    ]


def test_an_empty_cell_and_an_empty_row_keep_their_place() -> None:
    lines = read_lines(
        "<table><tr></tr><tr><td></td><td>甲</td></tr><tr hidden><td>无</td></tr><tr><td>乙</td></tr></table>"
    )
    places = [(line.text, line.cell.row, line.cell.column) for line in lines if line.cell]
    assert places == [("甲", 1, 1), ("乙", 2, 0)]


def test_a_table_in_a_cell_has_places_of_its_own_and_gives_the_cell_back() -> None:
    lines = read_lines("<table><tr><td>甲<table><tr><td>乙</table>丙<td>丁</table><p>戊")
    places = [(line.text, line.cell and (line.cell.table, line.cell.row, line.cell.column)) for line in lines]
    assert places == [("甲", (0, 0, 0)), ("乙", (1, 0, 0)), ("丙", (0, 0, 0)), ("丁", (0, 0, 1)), ("戊", None)]


def test_cells_without_a_row_make_the_first_row() -> None:
    lines = read_lines("<table><td>甲<td>乙<tr><td>丙</table>")
    assert [(line.cell.row, line.cell.column) for line in lines if line.cell] == [(0, 0), (0, 1), (1, 0)]


def test_a_heading_reaches_to_its_end() -> None:
    lines = read_lines("<h2><a hidden>#</a><span>非个人主体</span><br>类目</h2><h3>物流</h3>后")
    assert [(line.text, line.heading) for line in lines] == [("非个人主体", 2), ("类目", 2), ("物流", 3), ("后", 0)]


def test_lines_of_one_block_share_its_trail_and_the_next_block_has_another() -> None:
    first, second, inner, after, outside = (
        line.trail for line in read_lines("<div><div>一<br>二<p>三</p>四</div></div><div>五</div>")
    )
    assert first == second == after
    assert inner[: len(first)] == first
    assert outside[: len(first)] != first
    assert first < inner < outside


@pytest.mark.parametrize(
    "name", ["noframes", "textarea", "title", "noscript", "iframe", "select", "button", "template", "svg"]
)
@pytest.mark.parametrize("before", ["<{}>", "<{} class='x'>", "<{}/>", "<p><{}>前</p>", "<{}><{}>无</{}>"])
def test_an_unclosed_element_does_not_swallow_the_content(name: str, before: str) -> None:
    page = f"<html><body>{before.replace('{}', name)}<div><h2>类目新增</h2><p>非个人主体</p></div></body></html>"
    assert read_texts(page)[-2:] == ["类目新增", "非个人主体"]
    assert "无" not in read_texts(page)


def test_an_unclosed_form_does_not_swallow_the_content() -> None:
    assert read_texts("<form><p>甲<form><input><table><form><tr><td>乙</table>") == ["甲", "乙"]


def test_what_stands_behind_the_end_of_the_page_is_read() -> None:
    assert read_texts("<html><body><p>甲</p></body></html><p>乙</p><html><body>丙") == ["甲", "乙", "丙"]


def test_a_closed_element_that_is_not_shown_stays_unread() -> None:
    assert read_texts(
        "<noframes><p>无</p></noframes><textarea>无</textarea><div style='display:none'>无<p>无</p></div>有"
    ) == ["有"]


def test_a_line_break_between_two_wide_characters_is_nothing_and_any_other_is_a_space() -> None:
    assert read_texts("<p>类目\n   适用\n\n范围 A\nB\tC  D\u200b</p>") == ["类目适用范围 A B C D"]


def test_what_the_markup_hides_or_strikes_out_is_kept_apart_with_its_reason() -> None:
    markup = (
        "<!DOCTYPE html><p>《甲》<del>《<b>旧</b>》</del>(x)<p><s hidden>一</s>乙</p>"
        "<div aria-hidden=true><p>二<p>三</div>"
        "<strike>四</strike><div style='display: none'>五</div><i style='text-decoration:line-through'>六</i>"
        "<details><summary>丙</summary>丁</details><p hidden=until-found>戊<p hidden>"
    )
    lines, unseen, _ = split_lines(decode_page(make_page(markup, "page.html")))
    assert [line.text for line in lines] == ["《甲》(x)", "乙", "丙", "丁", "戊"]
    assert [(line.number, line.text, why) for line, why in unseen] == [
        (6, "《旧》", "struck out"),
        (7, "一", "hidden"),
        (8, "二", "hidden"),
        (9, "三", "hidden"),
        (10, "四", "struck out"),
        (11, "五", "hidden"),
        (12, "六", "struck out"),
    ]


@pytest.mark.parametrize("name", ["script", "style", "xmp", "plaintext", "option", "STYLE type=x"])
def test_text_up_to_an_end_that_is_missing_is_text_of_the_page(name: str) -> None:
    before = "<script>var a = '<style>'</script><style>p {}</style>"
    assert read_texts(f"<body>{before}<p>前</p><{name}><h2>类目新增</h2><p>非个人主体</p>") == [
        "前", "类目新增", "非个人主体",
    ]  # fmt: skip
