"""What stands around a notice, or was put into it, names categories too: none of it reaches an entry."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from test_layouts import NOTICE

from snapshots.notice import NoticeEntry, Reading

Read = Callable[..., Reading]
LINES = NOTICE.split("\n")
SPAM = "澳门娱乐城注册送彩金 www.spam.example"
RELATED = [
    ["相关推荐", "2024年10-12月小程序类目调整汇总公告", "2024年7-9月小程序类目调整汇总公告"],
    ["猜你喜欢", "小程序【金融业-信托】类目调整公告", "更多"],
    ["你可能感兴趣的", "【金融业-信托】类目新增,需提供《金融许可证》", "【金融业-信托】类目下线"],
    ["上一篇: 关于新增【金融业-信托】类目的公告", "下一篇: 关于下线【金融业-信托】类目的公告"],
    ["{{item.title}}", "{{#each notices}}【金融业-信托】{{/each}}"],
]


def as_html(lines: list[str], *, before: str = "", after: str = "") -> str:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return f"<!DOCTYPE html><html><body>{before}<main>{paragraphs}</main>{after}</body></html>"


def entries_of(reading: Reading) -> list[NoticeEntry]:
    """The entries without the numbers of their lines."""
    return [
        NoticeEntry(**{name: getattr(entry, name) for name in entry.__struct_fields__} | {"lines": (0, 0)})
        for document in reading.documents
        for entry in document.entries
    ]


@pytest.fixture
def expected(read_text: Read) -> list[NoticeEntry]:
    return entries_of(read_text(NOTICE))


@pytest.mark.parametrize("related", RELATED, ids=[lines[0] for lines in RELATED])
@pytest.mark.parametrize("form", ["text", "paragraphs", "an aside"])
def test_links_to_other_notices_reach_no_entry(
    read_text: Read, expected: list[NoticeEntry], related: list[str], form: str
) -> None:
    items = "".join(f"<li><a href='#'>{line}</a></li>" for line in related)
    page = {
        "text": "\n".join([*LINES, *related]),
        "paragraphs": as_html([*LINES, *related]),
        "an aside": as_html(LINES, after=f"<aside><ul>{items}</ul></aside>"),
    }[form]
    reading = read_text(page)
    assert entries_of(reading) == expected
    assert "信托" not in str(reading.documents)


@pytest.mark.parametrize(
    "place", [place for place in range(5, len(LINES)) if LINES[place].startswith(("#", "类目新增", "类目调整", "境外"))]
)
def test_an_injected_line_between_entries_is_a_problem(
    read_text: Read, expected: list[NoticeEntry], place: int
) -> None:
    reading = read_text("\n".join([*LINES[:place], SPAM, *LINES[place:]]))
    assert entries_of(reading) == expected
    assert [problem.text for problem in reading.problems] == [SPAM]


@pytest.mark.parametrize("place", range(2, len(LINES) + 1))
def test_markup_that_a_copy_shows_as_text_reaches_no_entry(
    read_text: Read, expected: list[NoticeEntry], place: int
) -> None:
    shown = '<noframes id="bhrfl"><address id="bhrfl"><th id="bhrfl"></th></address>'
    reading = read_text("\n".join([*LINES[:place], shown, *LINES[place:]]))
    assert entries_of(reading) == expected


@pytest.mark.parametrize("name", ["form", "th", "address", "em", "center", "font", "progress"])
@pytest.mark.parametrize("place", [0, 7, 16])
def test_an_element_that_is_never_closed_changes_nothing(
    read_text: Read, expected: list[NoticeEntry], name: str, place: int
) -> None:
    whole = as_html(LINES)
    before = f"<p>{LINES[place]}</p>"
    assert before in whole
    reading = read_text(whole.replace(before, f'<{name} id="bhrfl"><{name} id="bhrfl">{before}'))
    assert entries_of(reading) == expected
    assert reading.problems == ()
