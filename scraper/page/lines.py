"""A page as numbered lines in reading order.

In a text file a line is the file's line. In HTML it is the n-th run of text: what stands between two block
borders or `<br>`, so that 「<section><span>類目</span><span>新增</span></section>」 is one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from scraper.page.decode import DecodedPage
from snapshots.errors import PageRefusedError
from snapshots.folding import INVISIBLE, fold_characters

if TYPE_CHECKING:
    from scraper.page.markup import Run  # lxml, only for pages in HTML

BLANK = f" \t\r\n\f\v\xa0\u3000{INVISIBLE}"
"""What is no text at the ends of a line."""


class Cell(Struct, frozen=True, gc=False):
    """The place of a line in a table, counted from 0, and how many rows and columns its cell covers.

    `placed` False: a copy has lost the column; `column` is then the cell's place among the `columns` cells of its row.
    """

    table: int
    row: int
    column: int
    rows: int
    columns: int
    header: bool
    placed: bool = True


class Line(Struct, frozen=True, eq=False, gc=False):
    """A run of text: its number, its words, and the same words folded, character for character, for matching.

    `heading` is the level of an HTML or Markdown heading, 0 for none. `trail` is the way from the root of the HTML
    to the block that holds the line: equal beginnings mean a shared ancestor, greater numbers a later place.
    """

    number: int
    text: str
    folded: str
    heading: int = 0
    cell: Cell | None = None
    trail: tuple[int, ...] = ()


def extract_lines(page: DecodedPage) -> tuple[Line, ...]:
    """Every line of the page that has text, in reading order; raises PageRefusedError for a page nested too deep."""
    return split_lines(page)[0]


def split_lines(page: DecodedPage) -> tuple[tuple[Line, ...], tuple[tuple[Line, str], ...]]:
    """The lines of the page, and behind them in number those that its markup hides or strikes out, with why."""
    if not page.is_html:
        return tuple(_text_lines(page.text)), ()
    runs, unseen = _read_runs(page)
    lines = tuple(_number_runs(runs))
    hidden = [make_line(number, text) for number, (text, _) in enumerate(unseen, len(lines) + 1)]
    return lines, tuple((line, why) for line, (_, why) in zip(hidden, unseen, strict=True))


def make_line(number: int, text: str) -> Line:
    """A line outside any markup."""
    return Line(number=number, text=text, folded=fold_characters(text))


def _text_lines(text: str) -> Iterator[Line]:
    # The page is folded in one call: a character for a character, so its lines are the folded page's lines.
    for number, (raw, folded) in enumerate(zip(text.split("\n"), fold_characters(text).split("\n"), strict=True), 1):
        words = raw.strip().strip(BLANK)
        if words:
            start = raw.index(words)
            yield Line(number, words, folded[start : start + len(words)])


def _read_runs(page: DecodedPage) -> tuple[list[Run], list[tuple[str, str]]]:
    from scraper.page.markup import TooDeepError, read_runs  # noqa: PLC0415 - lxml, only for pages in HTML

    try:
        return read_runs(page.text)
    except TooDeepError as error:
        raise PageRefusedError(
            page.name, "its markup nests too deep to be followed; save it again", cause="nesting"
        ) from error


def _number_runs(runs: list[Run]) -> Iterator[Line]:
    folded = fold_characters("\n".join(run.text for run in runs)).split("\n") if runs else []
    for number, (run, matched) in enumerate(zip(runs, folded, strict=True), 1):
        yield Line(number, run.text, matched, run.heading, run.cell, run.trail)
