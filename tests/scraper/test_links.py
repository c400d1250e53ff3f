"""The links of a list page."""

from __future__ import annotations

import hashlib

import pytest

from scraper.fetching.links import Link, extract_links
from snapshots.errors import PageRefusedError, UsageError
from snapshots.notice import Page

LIST = """<!DOCTYPE html><html><body>
<nav><a href="/top/类目调整">关于我们</a> <a href="/all">全部类目调整</a></nav>
<div class="list">
  <a href="/doc/2">2025年4-6月小程序類目調整匯總公告</a>
  <a href="doc/1#top"><span>2025年1-3月小程序</span>类目调整<br>汇总公告</a>
  <a href="https://other.example/1" title="2024年10-12月小程序类目调整汇总公告">2024年10-12月小程…</a>
  <a href="/doc/1">2025年1-3月小程序类目调整汇总公告</a>
  <a href="javascript:void(0)">类目调整</a><a href="mailto:a@b.example">类目调整</a><a>类目调整</a>
  <a href="">类目调整</a>
  <a href="http://[broken/">类目调整</a>
  <a href="/doc/3">接口调整公告</a>
</div></body></html>"""


def make_list(html: str = LIST, url: str = "https://platform.example/notices/list") -> Page:
    content = html.encode()
    return Page(name=url, content=content, sha256=hashlib.sha256(content).hexdigest(), url=url)


def test_links_whose_title_contains_the_words_are_found_in_page_order() -> None:
    urls = [link.url for link in extract_links(make_list(), match="类目调整")]
    assert urls == [
        "https://platform.example/all",
        "https://platform.example/doc/2",
        "https://platform.example/notices/doc/1",
        "https://other.example/1",
        "https://platform.example/doc/1",
    ]


def test_a_title_is_verbatim_and_the_words_are_folded() -> None:
    first, *_ = extract_links(make_list(), match="類目調整匯總")
    assert first == Link("2025年4-6月小程序類目調整匯總公告", "https://platform.example/doc/2")


def test_a_selector_narrows_the_list_to_a_part_of_the_page() -> None:
    urls = [link.url for link in extract_links(make_list(), match="类目调整", selector="div.list")]
    assert "https://platform.example/all" not in urls
    assert len(urls) == 4
    assert extract_links(make_list(), match="类目调整", selector=".list > a")[0].url == urls[0]


def test_an_address_stands_once() -> None:
    twice = '<html><a href="/a#x">公告 1</a><a href="/a#y">公告 2</a></html>'
    assert [link.title for link in extract_links(make_list(twice), match="公告")] == ["公告 1"]


def test_a_base_element_moves_relative_addresses() -> None:
    html = '<html><head><base href="/docs/"></head><a href="1">公告</a></html>'
    assert extract_links(make_list(html), match="公告")[0].url == "https://platform.example/docs/1"


def test_nothing_that_matches_is_no_link() -> None:
    assert extract_links(make_list(), match="大会") == ()


def test_a_selector_that_is_none_is_an_error() -> None:
    with pytest.raises(UsageError, match="is no CSS selector"):
        extract_links(make_list(), match="公告", selector="div[")


def test_an_empty_list_page_is_refused() -> None:
    with pytest.raises(PageRefusedError):
        extract_links(make_list(""), match="公告")
