"""Baidu's catalogue: written in Markdown, an empty cell where nothing is required."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt
from msgspec import structs
from page_making import CORPUS, make_page

from scraper.parse import parse_page
from snapshots.notice import NoticeEntry, Reading, Scope
from snapshots.requirement import NoneRequired, Paper

Read = Callable[..., Reading]

FRONT = "---\ntitle: 服务类目\nnav: book\n---\n"
BODY = """
智能小程序服务类目，会随着平台要求变更，本文档仅供参考。

## 一级类目：交通

|\t二级类目|\t资质|
|--|--|
|\t打车(网约车)|\t请上传《网络预约出租汽车经营许可证 》。|
|\t路况|\t|
|\t\t水运|\t|\t
|\t加油/充电桩\t||
|\t车展服务\t|
|公交|\t 公交公司：《道路运输许可证》 <br>平台：《增值电信业务经营许可证》或ICP证  的副本 |

## 一级类目： 旅行\t
|\t二级类目|\t资质|
|--|--|
|\t签证|\t||

## 禁止行业
禁止彩票服务。
"""


def without_lines(reading: Reading) -> list[NoticeEntry]:
    """The entries, without the numbers of their lines, which no two copies share."""
    return [structs.replace(entry, lines=(0, 0)) for entry in reading.documents[0].entries]


def as_page(body: str) -> str:
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(body)
    return f"<!DOCTYPE html><html><body><nav>服务类目</nav><h1>服务类目</h1>{rendered}</body></html>"


def test_an_empty_or_missing_closing_cell_says_that_nothing_is_required(read_text: Read) -> None:
    reading = read_text(FRONT + BODY, "page.md")
    document = reading.documents[0]
    assert (document.kind, document.title, document.platform) == ("catalogue", "服务类目", "baidu-smart-program")
    assert document.complete_for == (Scope(entity_type=None),)
    assert [(entry.path, type(entry.requirement)) for entry in document.entries[:5]] == [
        (("交通", "打车(网约车)"), Paper),
        (("交通", "路况"), NoneRequired),
        (("交通", "水运"), NoneRequired),
        (("交通", "加油/充电桩"), NoneRequired),
        (("交通", "车展服务"), NoneRequired),
    ]
    assert [entry.path for entry in document.entries[5:]] == [("交通", "公交"), ("旅行", "签证")]
    assert [paper.title for paper in document.entries[5].papers] == ["道路运输许可证", "增值电信业务经营许可证"]
    assert {entry.entity_type for entry in document.entries} == {None}


def test_what_is_no_category_is_kept_beside_them(read_text: Read) -> None:
    reading = read_text(FRONT + BODY, "page.md")
    assert reading.documents[0].preamble == (
        "智能小程序服务类目，会随着平台要求变更，本文档仅供参考。",
        "禁止彩票服务。",
    )
    assert reading.accounting.unclaimed == reading.accounting.outside_content == 0


def test_the_page_that_the_copy_is_rendered_to_says_the_same(read_text: Read) -> None:
    assert without_lines(read_text(as_page(BODY), "page.html")) == without_lines(read_text(FRONT + BODY, "page.md"))


def test_the_two_real_catalogues_differ_in_white_space_only() -> None:
    earlier, later = (CORPUS / f"baidu-catalogue-{day}.md" for day in ("2019-11-12", "2020-02-14"))
    if not later.exists():
        pytest.skip("the corpus of real pages is not here")
    first, second = (parse_page(make_page(path.read_bytes(), path.name)) for path in (earlier, later))
    assert without_lines(first) == without_lines(second)
    lines = later.read_text(encoding="utf-8").split("\n")
    rows = [line for line in lines if line.startswith("|") and not line.startswith("|--") and "二级类目" not in line]
    assert len(second.documents[0].entries) == len(rows) == 247
    rendered = as_page(later.read_text(encoding="utf-8").split("---\n", 2)[2])
    assert without_lines(parse_page(make_page(rendered, "page.html"))) == without_lines(second)
