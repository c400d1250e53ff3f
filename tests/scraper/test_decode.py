"""A page is read in the encoding that it really has."""

from __future__ import annotations

import pytest
from page_making import make_page
from test_layouts import NOTICE, as_headings

from scraper.parse import parse_page

PAGE = as_headings(NOTICE.split("\n"), "\n")


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb2312"),
        ("gbk", "gbk"),
        ("gb18030", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-8", "gb2312"),
    ],
)
def test_the_entries_are_the_same_in_every_encoding(encoding: str, label: str) -> None:
    labelled = PAGE.replace("<html>", f'<html><head><meta charset="{label}"></head>')
    reading = parse_page(make_page(labelled.encode(encoding), "page.html"))
    assert reading.documents[0].entries == parse_page(make_page(PAGE, "page.html")).documents[0].entries
    assert reading.problems == ()


def test_what_decoding_lost_is_told() -> None:
    damaged = b"\xff" + NOTICE.encode()
    reading = parse_page(make_page(damaged))
    assert (reading.page.encoding, "decoding" in {problem.code for problem in reading.problems}) == ("utf-8", True)
