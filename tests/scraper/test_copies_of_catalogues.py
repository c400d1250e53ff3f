"""A catalogue says the same in each of its copies, or a problem stands where the copy has lost a row's place."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from itertools import chain

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from page_making import make_page
from test_baidu_catalogue import without_lines

from scraper.parse import parse_page
from snapshots.notice import NoticeEntry, Reading

HEADER = ("二级分类", "三级分类", "资质要求", "类目适用范围", "备注")
NAMES = ("银行", "信托", "租车", "美容美发", "寄件/收件", "4s店", "公证（非中国大陆地区）", "直播", "查件", "预付卡")
REQUIREMENTS = (
    "/",
    "《食品经营许可证》",
    "（2选1）：\n1、《甲许可证》\n2、同时提供：\n①《乙备案》\n② 两家或以上的合作协议",
    "同时提供：\n1、《营业执照》\n2、《承诺函》（注:含示例模板）",
)
SCOPES = (
    "适用于提供相关服务。",
    "仅适用于当地主体提供服务。\n注：暂不支持售卖，建议去除。",
    "适用于展示服务。\n注：\n1、如提供交易，需补充【电商平台-电商平台】类目；\n2、不含咨询。",
)
REMARKS = ("/", "首次提交需审核，预计7天左右。", "不得涉及义务教育机构。")


@dataclass
class Group:
    """A second level, its third levels, and which of its blocks all of these share."""

    name: str
    leaves: list[str]
    blocks: list[tuple[str, str, str]]
    shared: frozenset[int] = field(default_factory=frozenset)


def rows_of(group: Group) -> list[list[tuple[str, int]]]:
    """The cells of each row with their heights; a cell that the one above covers has the height 0."""
    height = len(group.leaves)
    rows = []
    for place, leaf in enumerate(group.leaves):
        row = [(group.name, 0 if place else height), (leaf, 1)]
        for block in range(3):
            if block in group.shared:
                row.append((group.blocks[0][block], 0 if place else height))
            else:
                row.append((group.blocks[place][block], 1))
        rows.append(row)
    return rows


@st.composite
def groups(draw: st.DrawFn) -> list[Group]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    made = []
    for name in names:
        leaves = draw(st.just(["/"]) | st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
        block = st.tuples(st.sampled_from(REQUIREMENTS), st.sampled_from(SCOPES), st.sampled_from(REMARKS))
        blocks = draw(st.lists(block, min_size=len(leaves), max_size=len(leaves)))
        shared = draw(st.frozensets(st.integers(0, 2))) if len(leaves) > 1 else frozenset()
        made.append(Group(name, leaves, blocks, shared))
    return made


def as_html(table: list[Group]) -> str:
    def cell(words: str, height: int) -> str:
        return f'<td rowspan="{height}">{"<br>".join(html.escape(words).split(chr(10)))}</td>' if height else ""

    rows = ["".join(f"<th>{name}</th>" for name in HEADER)]
    rows += ["".join(cell(words, height) for words, height in row) for group in table for row in rows_of(group)]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    titles = "<h2>非个人主体小程序开放的服务类目</h2><h3>生活服务</h3>"
    return f"<!DOCTYPE html><html><body>{titles}<table>{body}</table></body></html>"


def as_markdown(table: list[Group]) -> str:
    lines = [
        "| " + "".join(f"{words.replace(chr(10), '  ')} | " for words, height in row if height)
        for group in table
        for row in rows_of(group)
    ]
    header = f"{' | '.join(HEADER)} |{lines[0]}"
    return "\n".join(["## 非个人主体小程序开放的服务类目", "### 生活服务", header, *lines[1:], "| "])


def as_paste(table: list[Group]) -> str:
    cells = chain.from_iterable(row for group in table for row in rows_of(group))
    lines = [words if height else "" for words, height in cells]
    after = ["工具", *HEADER, "记账", "/", "/", "适用于记账。", "/"]
    return "\n".join(["非个人主体小程序开放的服务类目", "生活服务", *HEADER, *lines, *after])


def as_sheet(table: list[Group]) -> str:
    rows = [
        "\t".join(f'"{words}"' if height else "" for words, height in row) for group in table for row in rows_of(group)
    ]
    return "\n".join(["非个人主体小程序开放的服务类目", "生活服务", "\t".join(HEADER), *rows])


def read(content: str, name: str) -> Reading:
    return parse_page(make_page(content, name))


def lost_rows(reading: Reading) -> int:
    return sum(problem.code == "short-row" for problem in reading.problems)


def is_part_of(entries: list[NoticeEntry], whole: list[NoticeEntry]) -> bool:
    """Whether the entries are some of the others, in their order."""
    rest = iter(whole)
    return all(entry in rest for entry in entries)


@settings(max_examples=60, deadline=None)
@given(table=groups())
def test_a_markdown_copy_says_what_the_page_says_but_for_rows_that_are_problems(table: list[Group]) -> None:
    whole = without_lines(read(as_html(table), "page.html"))
    assert len(whole) == sum(len(group.leaves) for group in table)
    reading = read(as_markdown(table), "copy.md")
    copied = without_lines(reading)
    assert is_part_of(copied, whole)
    assert lost_rows(reading) == len(whole) - len(copied)
    assert reading.accounting.unclaimed == 0
    # Where no cell was covered, nothing was lost.
    if all(height == 1 for group in table for row in rows_of(group) for _, height in row):
        assert copied == whole


@settings(max_examples=60, deadline=None)
@given(table=groups())
def test_a_paste_that_kept_its_empty_lines_says_what_the_page_says(table: list[Group]) -> None:
    whole = without_lines(read(as_html(table), "page.html"))
    reading = read(as_paste(table), "paste.txt")
    *pasted, last = without_lines(reading)
    assert last.path == ("工具", "记账")
    assert pasted == whole
    assert not lost_rows(reading)
    assert reading.accounting.unclaimed == 0
    sheet = read(as_sheet(table), "sheet.txt")
    assert without_lines(sheet) == whole
    assert sheet.accounting.unclaimed == 0


@settings(max_examples=60, deadline=None)
@given(table=groups(), data=st.data())
def test_a_paste_that_lost_lines_gives_no_category_that_the_page_has_not(
    table: list[Group], data: st.DataObject
) -> None:
    # A leaf that has its group's name is read as the group's own row where the empty line before it is lost.
    assume(all(group.name not in group.leaves for group in table))
    whole = read(as_html(table), "page.html").documents[0].entries
    lines = as_paste(table).split("\n")
    single = [place for place in range(7, len(lines) - 11) if lines[place] in ("", "/", *NAMES)]
    del lines[data.draw(st.sampled_from(single))]
    reading = read("\n".join(lines), "paste.txt")
    pasted = {entry.path for entry in reading.documents[0].entries}
    assert pasted <= {("工具", "记账"), *(entry.path for entry in whole)}
    assert reading.accounting.unclaimed == 0
