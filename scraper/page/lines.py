"""A page as numbered lines in reading order.

In a text file a line is the file's line. In HTML it is the n-th run of text: what stands between two block
borders or `<br>`, so that 「<section><span>類目</span><span>新增</span></section>」 is one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from scraper.page.decode import DecodedPage
from snapshots.errors import PageRefusedError
from snapshots.folding import INVISIBLE, fold_characters

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
    return split_lines(page).lines


class PageLines(NamedTuple):
    """The lines of a page; behind them in number those that its markup hides or strikes out, with why.

    `is_sound`: none of the lines can be in need of repair; False where that is not known.
    """

    lines: tuple[Line, ...]
    unseen: tuple[tuple[Line, str], ...] = ()
    is_sound: bool = False


def split_lines(page: DecodedPage) -> PageLines:
    """The lines of the page, what it does not show among them; raises PageRefusedError as above."""
    if not page.is_html:
        return PageLines(tuple(_text_lines(page.text)))
    lines, unseen, is_sound = _read_lines(page)
    hidden = [make_line(number, text) for number, (text, _) in enumerate(unseen, len(lines) + 1)]
    return PageLines(lines, tuple((line, why) for line, (_, why) in zip(hidden, unseen, strict=True)), is_sound)


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


def _read_lines(page: DecodedPage) -> tuple[tuple[Line, ...], list[tuple[str, str]], bool]:
    from scraper.page.markup import TooDeepError, mend_markup  # noqa: PLC0415 - lxml, only for pages in HTML
    from scraper.page.pieces import cut_pieces, read_pieces  # noqa: PLC0415 - it needs Line

    try:
        return read_pieces(cut_pieces(mend_markup(page.text)))
    except TooDeepError as error:
        raise PageRefusedError(
            page.name, "its markup nests too deep to be followed; save it again", cause="nesting"
        ) from error
