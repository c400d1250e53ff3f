"""A page says the same whether its pieces are known or new, and however it is cut into them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.page.lines import Cell, Line
from scraper.page.markup import mend_markup
from scraper.page.pieces import cut_pieces, read_pieces
from snapshots.memory import Memory

_WORDS = st.sampled_from(("甲。", "乙", "【丙】", "1、《丁》", " ", "\n", "a b", "&amp;"))
_TAGS = st.sampled_from((
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", '<td rowspan="2">', "<td colspan=2>", "<th>", "</th>",
    "<p>", "</p>", "<div>", "</div>", "<section>", "</section>", "<ul>", "</ul>", "<li>", "</li>", "<h2>", "</h2>",
    "<br>", "<hr>", "<b>", "</b>", "<span>", "</span>", "<del>", "</del>", "<p hidden>", "<span hidden>", "<tbody>",
    "<div style='display:none'>",
))  # fmt: skip
_MARKUPS = st.lists(st.one_of(_WORDS, _TAGS), max_size=60).map("".join)


def _compare(lines: tuple[Line, ...]) -> list[tuple[str, str, int, Cell | None, int]]:
    """The lines, their trails by their order: only which lines share a block, and which block comes first, counts."""
    order = sorted({line.trail[:length] for line in lines for length in range(len(line.trail) + 1)})
    return [(line.text, line.folded, line.heading, line.cell, order.index(line.trail)) for line in lines]


def _share_blocks(lines: tuple[Line, ...]) -> list[int]:
    """How many blocks each line shares with the line before it."""
    shared = []
    for before, line in pairwise(lines):
        pairs = zip(before.trail, line.trail, strict=False)
        shared.append(next((length for length, (one, other) in enumerate(pairs) if one != other), -1))
    return shared


@settings(max_examples=400, deadline=None)
@given(st.lists(_MARKUPS, min_size=1, max_size=3))
def test_a_page_is_read_as_if_it_were_one_piece(markups: list[str]) -> None:
    for markup in markups:  # the later ones know pieces of those before
        mended = mend_markup(f"<!DOCTYPE html><html><body>{markup}")
        assert "".join(cut_pieces(mended)) == mended
        whole, unseen_whole, _ = read_pieces([mended])
        for _ in range(2):
            lines, unseen, _ = read_pieces(cut_pieces(mended))
            assert _compare(lines) == _compare(whole)
            assert _share_blocks(lines) == _share_blocks(whole)
            assert unseen == unseen_whole


def test_a_known_row_stands_where_the_new_page_has_it() -> None:
    row = "<tr><td rowspan=2>甲</td><td>乙<br>丙</td></tr>"
    page = f"<table>{row}<tr><td>丁</td></tr></table><table><tr><td>戊</td></tr>{row}</table>{row}"
    lines, _, _ = read_pieces(cut_pieces(mend_markup(page)))
    places = [(line.cell.table, line.cell.row, line.cell.column) if line.cell else None for line in lines]
    assert [line.text for line in lines] == ["甲", "乙", "丙", "丁", "戊", "甲", "乙", "丙", "甲", "乙", "丙"]
    assert places[:8] == [(0, 0, 0), (0, 0, 1), (0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 1, 1)]
    assert places[8:] == [None, None, None]


def test_what_is_remembered_has_bounds() -> None:
    memory: Memory[str, int] = Memory(100)
    for number in range(30):
        memory.keep(str(number), number, 10)
        assert memory.recall(str(number)) == number
    assert sum(memory.recall(str(number)) is not None for number in range(30)) == 10
    memory.keep("long", 1, 11)
    assert memory.recall("long") is None
