"""A block that is read again has the reading that it had, at the lines where it now stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from page_making import CORPUS, make_page
from test_layouts import NOTICE

from scraper.page.decode import decode_page
from scraper.page.lines import Cell, Line, extract_lines, make_line
from scraper.requirement.readings import read_requirement, read_scope
from scraper.requirement.requirements import parse_requirement
from scraper.requirement.scopes import parse_scope
from snapshots.notice import Reading

GAP = ["(3选1):", "1、《甲证》", "3、《乙证》"]
SCOPE = ["适用于提供宠物服务。", "注:", "1、如提供诊疗,需补充【宠物服务-宠物医院】类目;", "3、其他。", "阅读 1024"]


def at(first: int, texts: list[str], cell: Cell | None = None) -> list[Line]:
    lines = [make_line(number, text) for number, text in enumerate(texts, start=first)]
    return [Line(line.number, line.text, line.folded, cell=cell) for line in lines]


@pytest.mark.parametrize("first", [1, 40, 7])
def test_the_problems_of_a_repeated_block_stand_at_its_own_lines(first: int) -> None:
    lines = at(first, GAP)
    reading = read_requirement(lines)
    assert reading == parse_requirement(lines)
    assert {problem.line for problem in reading.problems} <= {line.number for line in lines}
    assert reading.problems


@pytest.mark.parametrize("first", [1, 40, 7])
def test_the_strangers_of_a_repeated_scope_are_its_own_lines(first: int) -> None:
    lines = at(first, SCOPE)
    reading = read_scope(lines)
    assert reading == parse_scope(lines)
    assert [stranger.number for stranger in reading.strangers] == [first + 4]
    assert {problem.line for problem in reading.problems} == {first + 3}


def test_the_same_words_in_a_cell_and_outside_of_one_are_two_blocks() -> None:
    cell = Cell(table=3, row=2, column=1, rows=1, columns=1, header=False)
    outside, inside = at(1, SCOPE), at(1, SCOPE, cell)
    assert read_scope(outside) == parse_scope(outside)
    assert read_scope(inside) == parse_scope(inside)
    assert read_scope(inside).notes != read_scope(outside).notes


def test_lines_that_share_a_number_keep_it() -> None:
    lines = [Line(9, text, text) for text in GAP]
    assert {problem.line for problem in read_requirement(lines).problems} == {9}


@pytest.mark.parametrize("name", ["wechat-catalogue-2026-02-21.html", "wechat-catalogue-2026-07-29.html"])
def test_every_cell_of_a_real_catalogue_is_read_as_without_memory(name: str) -> None:
    path = CORPUS / name
    if not path.exists():
        pytest.skip("the corpus of real pages is not here")
    page = make_page(path.read_bytes(), "page.html")
    cells: dict[tuple[int, int, int], list[Line]] = {}
    for line in extract_lines(decode_page(page)):
        if line.cell is not None:
            cells.setdefault((line.cell.table, line.cell.row, line.cell.column), []).append(line)
    assert len(cells) > 2000
    for lines in cells.values():
        assert read_requirement(lines) == parse_requirement(lines)
        assert read_scope(lines) == parse_scope(lines)


def test_a_page_that_is_read_twice_is_read_the_same(read_text: Callable[..., Reading]) -> None:
    first, again, moved = (read_text(text).documents[0].entries for text in (NOTICE, NOTICE, f"页首\n\n{NOTICE}"))
    assert first == again
    assert [entry.lines for entry in moved] == [(entry.lines[0] + 2, entry.lines[1] + 2) for entry in first]
