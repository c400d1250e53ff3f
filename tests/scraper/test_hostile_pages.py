"""No page takes more than its share: time grows as the page does, and memory stays a stated multiple of it."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from page_making import make_page

from scraper.decode import decode_page
from scraper.lines import Line, extract_lines
from snapshots.errors import PageRefusedError

FACTOR = 8
MOST_GROWTH = 24  # linear is 8, quadratic 64; the machine may be busy
MOST_MEMORY = 220  # bytes for a byte of the worst page, nothing but paragraphs of one letter; real pages take 10
BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

HOSTILE: dict[str, Callable[[int], str]] = {
    "empty tags": lambda n: "<p></p><b></b>" * n,
    "one-letter paragraphs": lambda n: "<p>x" * n,
    "unclosed <noframes>": lambda n: "<noframes>x" * n,
    "unclosed <form>": lambda n: "<form><p>x" * n,
    "unclosed <title>": lambda n: "<title>x" * n,
    "broken <title>": lambda n: "<title " * n,
    "broken <p>": lambda n: "<p " * n,
    "unclosed <textarea>": lambda n: "<textarea>x</p>" * n,
    "unclosed comments": lambda n: "<!-- x" * n,
    "hidden elements": lambda n: "<i hidden>x</i>y" * n,
    "wide spaces": lambda n: "<p>x\n" + "\u3000\xa0" * n + "x",
    "line breaks": lambda n: "<p>x" + " \n" * n + "x",
    "one long line": lambda n: "<p>" + "类目" * n,
    "entities": lambda n: "<p>" + "&amp;&lt;" * n,
    "an entity bomb": lambda n: f"<!DOCTYPE html [{BOMB}]><p>x" + "&l9;" * n,
    "cells that cover rows": lambda n: "<table>" + "<tr><td rowspan=999>x<td>y" * n,
    "cells that cover columns": lambda n: "<table><tr>" + "<td rowspan=9 colspan=1000>x" * n,
    "nested tables": lambda n: ("<table><tr><td>x" * 300 + "</table>" * 300) * (n // 600),
    "attributes": lambda n: "<p " + "a='b' " * n + ">x",
    "stray signs": lambda n: "<p a<b>" + "<x<y>z</x<y>" * n,
}


def read(markup: str) -> tuple[Line, ...]:
    return extract_lines(decode_page(make_page(f"<!DOCTYPE html><html><body>{markup}", "page.html")))


def time_reading(markup: str) -> float:
    def once() -> float:
        start = time.process_time()
        read(markup)
        return time.process_time() - start

    return min(once() for _ in range(3))


@pytest.mark.parametrize("kind", HOSTILE)
def test_time_grows_as_the_page_does(kind: str) -> None:
    make = HOSTILE[kind]
    assert time_reading(make(16_000)) < MOST_GROWTH * max(time_reading(make(16_000 // FACTOR)), 0.002)


@pytest.mark.parametrize("kind", HOSTILE)
def test_memory_stays_a_multiple_of_the_page(kind: str) -> None:
    markup = HOSTILE[kind](40_000)
    tracemalloc.start()
    try:
        read(markup)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY * len(markup.encode()) + 1_000_000


def test_a_bomb_of_entities_is_not_unfolded() -> None:
    assert sum(len(line.text) for line in read(HOSTILE["an entity bomb"](10))) < 2_000


def test_a_page_of_ten_megabytes_is_read_to_its_end() -> None:
    lines = read("<p>类目新增 <b>x</b></p>\n" * 330_000 + "<p>完")
    assert (len(lines), lines[-1].text) == (330_001, "完")


@pytest.mark.parametrize("opening", ["<div>", "<b>", "<table><tr><td>"])
def test_a_page_that_nests_ten_thousand_deep_is_refused_and_not_read_in_part(opening: str) -> None:
    with pytest.raises(PageRefusedError, match="nests too deep"):
        read("<p>前</p>" + opening * 10_000 + "类目")


def test_a_page_that_nests_a_thousand_deep_is_read() -> None:
    assert [line.text for line in read("<div>" * 1000 + "类目" + "</div>" * 1000 + "后")] == ["类目", "后"]
