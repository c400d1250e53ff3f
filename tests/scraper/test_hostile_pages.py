"""No page takes more than its share: time grows as the page does, and memory stays a stated multiple of it."""

from __future__ import annotations

import contextlib
import time
import tracemalloc
from collections.abc import Callable

import pytest
from page_making import make_page

from scraper.page.decode import decode_page
from scraper.page.lines import Line, extract_lines
from scraper.parse import parse_page
from snapshots.errors import PageRefusedError
from snapshots.requirement import Text

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

    def is_linear() -> bool:
        return time_reading(make(16_000)) < MOST_GROWTH * max(time_reading(make(16_000 // FACTOR)), 0.002)

    # What grows as the square takes 64 times as long, whatever else the machine does; a busy minute passes.
    assert any(is_linear() for _ in range(3))


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


NOTICE = "2025年1-3月小程序类目调整公告\n类目调整\n非个人主体\n#【甲-乙】\n资质要求\n{}\n适用范围\n适用于甲。\n"
COPY = "# 小程序开放的服务类目\n\n## 非个人主体小程序开放的服务类目\n\n### 甲\n\n"
COPY += "|二级分类|资质要求|\n|---|---|\n|乙|/|\n{}\n"
FRAMES = {
    "notice.txt": NOTICE,
    "copy.md": COPY,
    "notice.html": "<!DOCTYPE html><html><body><p>" + NOTICE.replace("\n", "<p>"),
}
HOSTILE_LINES: dict[str, Callable[[int], str]] = {
    "spaces": lambda n: "甲" + " " * n + "乙",
    "no-break spaces": lambda n: "甲" + "\xa0" * n + "乙",
    "wide spaces": lambda n: "甲" + "\u3000" * n + "乙",
    "tabs": lambda n: "甲" + "\t" * n + "乙",
    "spaces behind a name": lambda n: "【甲-丙】" + " " * n + "x",
    "no-break spaces behind a name": lambda n: "【甲-丙】" + "\xa0" * n + "更名",
    "spaces behind 注": lambda n: "注" + " " * n + "x",
    "dashes": lambda n: "-" * n,
    "dashes and signs": lambda n: "-|" * n + "x",
    "dashes and spaces": lambda n: "- " * n + "x",
    "hashes": lambda n: "# " * n + "x",
    "pipes": lambda n: "|" * n,
    "lost marks": lambda n: "?甲" * n,
    "pinyin": lambda n: "調(diào)" * n,
    "links": lambda n: "[甲](b" * n,
    "renamed names": lambda n: "【甲】更名为" * n,
    "dates": lambda n: "2025年" * n,
    "verbs": lambda n: "并提供" * n + "《甲》",
    "not asked": lambda n: "无需" * n + "《甲》",
}


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("kind", HOSTILE_LINES)
def test_a_hostile_line_takes_time_as_it_is_long(kind: str, name: str) -> None:
    def time_parsing(length: int) -> float:
        page = make_page(FRAMES[name].format(HOSTILE_LINES[kind](length)), name)
        start = time.process_time()
        with contextlib.suppress(PageRefusedError):
            parse_page(page)
        return time.process_time() - start

    assert time_parsing(8_000) < MOST_GROWTH * max(min(time_parsing(8_000 // FACTOR) for _ in range(2)), 0.01)


def test_a_line_of_many_spaces_is_shown_as_it_stands() -> None:
    name = "甲" + " " * 50_000 + "乙"
    (entry,) = parse_page(make_page(NOTICE.format(name))).documents[0].entries
    assert (entry.requirement, entry.path) == (Text(text=name), ("甲", "乙"))
