"""A Markdown copy of a page as lines: headings, and tables with one row on one line of the file.

Copies of the platforms' tables are half broken: a header row glued to the first row of data (`备注 || 收件/派件 |`),
rows that are short because a cell above covered them, links that begin in mid-sentence, line breaks turned to spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.lines import Cell, Line, make_line
from snapshots.folding import fold_characters

_HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?P<words>.+)$")
_ANCHOR = re.compile(r"\[#\]\(#[^)]*\)\s*")
_LINK_END = re.compile(r"\]\(\s*(?:[^()\s]|\([^()]*\))*\)")
_SEPARATOR = re.compile(r"^[\s|:-]*-{2,}[\s|:-]*$")
_GLUED = re.compile(r"\|\s*\|")
_BREAK = re.compile(r"\s{2,}|<br\s*/?>|\s+(?=注[::])|\s(?=[①-⑳]|\d{1,2}[、)])")
_FEWEST_CELLS = 2


def looks_like_markdown(text: str) -> bool:
    """Whether a text file is Markdown with tables: headings, and rows whose cells are parted by `|`."""
    lines = text.split("\n")
    return any(_HEADING.match(line) for line in lines) and sum(line.count("|") >= _FEWEST_CELLS for line in lines) > 1


def markdown_lines(text: str) -> Iterator[Line]:
    """The lines of the file; a table's row gives a line for each line of each of its cells, all of one number."""
    table, row, width = -1, 0, 0
    for number, raw in enumerate(text.split("\n"), start=1):
        words = raw.strip()
        heading = _HEADING.match(words)
        if heading:
            width = 0
            yield _make(number, _ANCHOR.sub("", heading["words"]).strip(), heading=len(heading["level"]))
        elif not words.strip("| "):
            continue  # an empty line or an empty row ends no table
        elif words.count("|") < _FEWEST_CELLS:
            width = 0
            yield make_line(number, words)
        elif not _SEPARATOR.match(words):
            for cells in _split_rows(words, is_first=width == 0):
                if width == 0:
                    table, row, width = table + 1, 0, len(cells)
                yield from _row_lines(number, cells, table=table, row=row, width=width)
                row += 1


def _split_rows(words: str, *, is_first: bool) -> list[list[str]]:
    """The cells of the row; a header that is glued to the first row of data makes two rows."""
    if is_first and not words.startswith("|"):
        glued = _GLUED.search(words)
        if glued:
            return [_split_cells(words[: glued.start()]), _split_cells(words[glued.end() :])]
    return [_split_cells(words)]


def _split_cells(words: str) -> list[str]:
    inner = words.strip().removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in inner.split("|")]


def _row_lines(number: int, cells: list[str], *, table: int, row: int, width: int) -> Iterator[Line]:
    """The lines of a row; in a row that is short nothing tells which columns its cells belong to: it spans them all."""
    columns = 1 if len(cells) >= width else width
    for column, cell in enumerate(cells):
        place = Cell(table, row, column if columns == 1 else 0, 1, columns, header=row == 0)
        for words in _BREAK.split(_drop_links(cell)):
            if words.strip():
                yield _make(number, words.strip(), cell=place)


def _drop_links(text: str) -> str:
    """The text without the signs of links, whose brackets may stand anywhere in the sentence."""
    if "](" not in text:
        return text
    parts = _LINK_END.split(text)
    return "".join(_drop_opening(part) for part in parts[:-1]) + parts[-1]


def _drop_opening(part: str) -> str:
    place = part.rfind("[")
    return part if place < 0 else part[:place] + part[place + 1 :]


def _make(number: int, words: str, *, heading: int = 0, cell: Cell | None = None) -> Line:
    return Line(number=number, text=words, folded=fold_characters(words), heading=heading, cell=cell)
