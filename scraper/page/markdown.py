"""A Markdown copy of a page as lines: headings, and tables with one row on one line of the file.

Copies of the platforms' tables are half broken: a header row glued to the first row of data (`备注 || 收件/派件 |`),
rows that are short because a cell above covered them, links that begin in mid-sentence, line breaks turned to spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.page.lines import Cell, Line, make_line
from snapshots.folding import fold_characters

_HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?P<words>.+)$")
_ANCHOR = re.compile(r"\[#\]\(#[^)]*\)\s*")
_LINK_END = re.compile(r"\]\(\s*(?:[^()\s]|\([^()]*\))*\)")
_SEPARATOR = re.compile(r"[\s|:-]*$")
_GLUED = re.compile(r"\|\s*\|")
_MARKED_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LOST_BREAK = re.compile(r"\s{2,}|\s+(?=注[::])|\s(?=[①-⑳]|\d{1,2}[、)])")
_EMPHASIS = re.compile(r"(?P<sign>\*\*|__|`)(?=\S)(?P<words>[^*`]+?)(?<=\S)(?P=sign)")
_LONE_STAR = re.compile(r"(?<![*\\])\*(?=[^\s*])(?P<words>[^*|]+?)(?<=[^\s*\\])\*(?!\*)")
_BULLET = re.compile(
    r"^[-*+]\s+(?=注[::：]|仅?[适適]用[于於]|[(（]?\d{1,2}[)）.、]|[①-⑳]|[一二三四五六七八九十]{1,2}、"
    r"|\S{0,12}(?:同[时時]提供|[选選]\s*[\d一二两三]|任[选選]其一)[)）]?\s*[:：]?$)"
)
"""The sign of a list item that has another sign, or that opens a list or a block of its own: 「- 1) 《…》」."""
_SPACES = re.compile(r"\s+")
_SIGN = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"-{3,}\s*$")
_FIELD = re.compile(r"\s*[\w-]+\s*:|\s*$|\s+\S|-\s")
_TITLE = re.compile(r"title\s*:\s*[\"']?(?P<words>.*\S)[\"']?\s*$")
_FEWEST_SIGNS = 2
_LONGEST_FRONT = 60


def looks_like_markdown(text: str) -> bool:
    """Whether a text file is Markdown: headings, and rows whose cells are parted by `|`, or words in bold."""
    lines = text.split("\n")
    if not any(_HEADING.match(line) for line in lines):
        return False
    signs = [count for line in lines if (count := line.count("|")) >= _FEWEST_SIGNS]
    bold = [line for line in lines if "**" in line and _EMPHASIS.search(line)]
    return sum(signs) >= 2 * _FEWEST_SIGNS or len(bold) > 1


def markdown_lines(text: str) -> Iterator[Line]:
    """The lines of the file; a table's row gives a line for each line of each of its cells, all of one number."""
    table, row, width = -1, 0, 0
    header: list[str] = []
    # Two spaces, and one before an item, are line breaks in a copy that has lost those; in any other they are spaces.
    line_break = _MARKED_BREAK if _MARKED_BREAK.search(text) else _LOST_BREAK
    raws = text.split("\n")
    front = _find_front_matter(raws)
    for number, raw in enumerate(raws, start=1):
        words = raw.strip()
        heading = _HEADING.match(words)
        title = _TITLE.match(words) if number in front else None
        if heading or title:
            width = 0
            found = heading or title
            level = len(heading["level"]) if heading else 1
            yield _make(number, _drop_emphasis(_ANCHOR.sub("", found["words"] if found else "").strip()), heading=level)
        elif number in front:
            continue  # fields about the file, which no reader of the page sees
        elif not words.strip("| "):
            continue  # an empty line or an empty row ends no table
        elif words.count("|") < _FEWEST_SIGNS and not (width and "|" in words):
            width = 0
            yield make_line(number, _BULLET.sub("", _drop_emphasis(words)))
        elif not ("--" in words and _SEPARATOR.match(words)):
            for cells in _split_rows(words, is_first=width == 0):
                # The header again is that of the next table, whose heading is lost.
                if width == 0 or cells == header:
                    table, row, width, header = table + 1, 0, len(cells), cells
                yield from _row_lines(number, cells, Cell(table, row, 0, 1, width, header=row == 0), line_break)
                row += 1


def _find_front_matter(raws: list[str]) -> range:
    """The numbers of the two lines `---` before all else, and of those between: 「title: 服务类目」."""
    rules = [number for number, raw in enumerate(raws[:_LONGEST_FRONT], start=1) if _RULE.match(raw)]
    if len(rules) < 2:  # noqa: PLR2004 - one before, one after
        return range(0)
    before, inside = raws[: rules[0] - 1], raws[rules[0] : rules[1] - 1]
    is_front = all(not raw.strip() or raw.startswith("<!--") for raw in before) and all(map(_FIELD.match, inside))
    return range(rules[0], rules[1] + 1) if is_front else range(0)


def _split_rows(words: str, *, is_first: bool) -> list[list[str]]:
    """The cells of the row; a header that is glued to the first row of data makes two rows."""
    if is_first and not words.startswith("|"):
        glued = _GLUED.search(words)
        if glued:
            return [_split_cells(words[: glued.start()]), _split_cells(words[glued.end() :])]
    return [_split_cells(words)]


def _split_cells(words: str) -> list[str]:
    inner = words.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.replace("\\|", "|").strip() for cell in _SIGN.split(inner)]


def _row_lines(number: int, cells: list[str], row: Cell, line_break: re.Pattern[str]) -> Iterator[Line]:
    """The lines of a row; in a row that is short, or too long, a cell has its place in the row and no column."""
    while len(cells) > row.columns and not cells[-1]:
        cells = cells[:-1]
    placed = len(cells) == row.columns
    for place, cell in enumerate(cells):
        where = Cell(row.table, row.row, place, 1, 1 if placed else len(cells), row.header, placed)
        for words in line_break.split(_drop_emphasis(_drop_links(cell))):
            if words.strip():
                yield _make(number, _SPACES.sub(" ", words.strip()), cell=where)


def _drop_emphasis(text: str) -> str:
    """The text without the signs of bold, italics and code: 「**体育**」 is the same name as 「体育」."""
    if "**" in text or "__" in text or "`" in text:
        text = _EMPHASIS.sub(r"\g<words>", text)
    return _LONE_STAR.sub(r"\g<words>", text) if "*" in text else text


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
