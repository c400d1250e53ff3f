"""Mended markup to the lines that it shows, piece by piece: a row, a paragraph, a heading, and what stands around them.

Pages repeat their pieces: those of last month stand on the page of today, and templates repeat theirs. What a piece
says follows from its markup alone but for where it stands: the cell and the blocks around it, and the numbers of its
lines. A piece that closes what it opens is remembered without these, and they are put in wherever it comes again; any
other is read tag by tag.

Inline tags are cut by one pattern. What is left are blocks and the text between them, so a run of text is what stands
between two tags.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, repeat
from typing import Protocol

from msgspec import Struct

from scraper.page.grid import Grid, Span, read_span
from scraper.page.lines import BLANK, Cell, Line
from scraper.page.repairs import looks_sound
from snapshots.folding import fold_lines
from snapshots.memory import Memory

_BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure"
    "|footer|form|h[1-6]|header|hgroup|hr|html|legend|li|main|menu|nav|ol|p|pre|search|section|summary|table|tbody|td"
    "|tfoot|th|thead|tr|ul|Hidden|Struck"
)
# How text that is not in force is marked while it is read; no page has a tag with a capital letter left.
_UNSEEN = {"Hidden": "hidden", "Struck": "struck out"}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_INLINE = re.compile(rf"<(?!/?(?:{_BLOCKS})[\s/>])[^>]*>")
_TAG = re.compile(r"<([^>]*)>")
_NAME_END = re.compile(r"[\s/]")
_ENDS = re.compile(r"[。】](?:</[^>]*>\s*)*</(?:p|section|div|li|h[1-6]|dd|dt|blockquote|article)>\s*")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_WIDE = re.compile(r"[\u2460-\u24ff\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—]")
_PRINTABLE_BLANK = "".join(filter(str.isprintable, BLANK))
_CONTROL = "&#xFFFD;"  # how lxml writes a control character; U+FFFD itself it writes as it is
_DEEPEST = 32  # of a trail: pages that nest deeper are told apart no further
_ROOM = 1 << 23  # letters of markup: some catalogues, 50 MB at most with what they say
_PIECE, _LINE = 400, 100  # what a piece takes beside its markup, and each of its lines, in letters

Unseen = list[tuple[str, str]]
"""Texts that an attribute hides or a tag strikes out, with why."""


class Piece(Struct, frozen=True, gc=False):
    """What a piece says, wherever it stands; of each run of text its words, the same folded, and what holds it.

    `headings` are 0 and `cells` are 0 where the place of the piece decides; else a cell is the n-th that the piece
    opens. `ways` lead from the block around the piece to those in it, `way` says which of them leads to a run.
    """

    texts: list[str]
    folded: list[str]
    headings: list[int]
    cells: list[int]
    way: list[int]
    ways: list[tuple[int, ...]]
    opened: list[Span | None]  # its rows, each None, and their cells
    tags: int
    unseen: Unseen
    is_sound: bool  # nothing in its texts can be in need of repair


_NOTHING: Unseen = []
_PIECES: Memory[str, Piece] = Memory(_ROOM)


class _Table(Protocol):
    """The table around a text: it is told of each row and cell, and gives each cell a number."""

    def number_cells(self, spans: Sequence[Span | None]) -> int:
        """The number of the last of the cells; None begins a row."""


class _PlacedTable:
    """A table of the page, whose cells get their places."""

    def __init__(self, number: int, cells: list[Cell | None]) -> None:
        self._cells = cells
        self._grid = Grid(number)

    def number_cells(self, spans: Sequence[Span | None]) -> int:
        self._cells += self._grid.place_cells(spans)
        return len(self._cells) - 1


class _OuterTable:
    """The table around a piece, whatever it is: what the piece opens in it."""

    def __init__(self) -> None:
        self.opened: list[Span | None] = []
        self._cells = 0

    def number_cells(self, spans: Sequence[Span | None]) -> int:
        self.opened += spans
        self._cells += len(spans) - spans.count(None)
        return self._cells


_Held = tuple[tuple[int, ...], int, int, _Table | None]
"""What holds the text at a place: the trail of its block, the heading's level, the cell's number and the table."""


def read_pieces(pieces: Iterable[str]) -> tuple[tuple[Line, ...], Unseen, bool]:
    """The lines of the page, in reading order, the texts that it does not show, and whether no line needs repair.

    A line ends at the border of a block and at `<br>`; `<section><span>類目</span><span>新增</span></section>` is one.
    """
    page = _PageLines()
    for piece in pieces:
        page.take(piece)
    return page.number(), page.unseen, page.is_sound


def cut_pieces(markup: str) -> Iterator[str]:
    """The markup in pieces, with nothing but tags at their borders: rows that hold no other, and what stands around.

    Where something begins that is not in force, the piece goes on to where that ends.
    """
    if "<Hidden" not in markup and "<Struck" not in markup:
        yield from _cut_blocks(markup)
        return
    waiting: list[str] = []
    depth = 0
    for piece in _cut_blocks(markup):
        if "Hidden" in piece or "Struck" in piece:
            depth += sum(piece.count(f"<{name}>") - piece.count(f"</{name}>") for name in _UNSEEN)
        waiting.append(piece)
        if not depth:
            yield "".join(waiting)
            waiting = []
    yield "".join(waiting)


def _cut_blocks(markup: str) -> Iterator[str]:
    around, *rows = _cut_leaves(markup, "tr")
    yield from _cut_paragraphs(around)
    for row, around in zip(rows[::2], rows[1::2], strict=True):
        yield row
        if around:
            yield from _cut_paragraphs(around)


def _cut_paragraphs(markup: str) -> Iterator[str]:
    words, *lists = _cut_leaves(markup, "ul")
    yield from _cut_sentences(words)
    for points, words in zip(lists[::2], lists[1::2], strict=True):
        yield points
        yield from _cut_sentences(words)


def _cut_leaves(markup: str, name: str) -> Iterator[str]:
    """The markup parted at the elements of that name that hold no other: every second part is one, blanks before it."""
    *parts, rest = markup.split(f"</{name}>")
    for part in parts:
        start = max(part.rfind(f"<{name}"), 0)
        around = part[:start]
        if around.isspace():
            yield ""
            yield f"{part}</{name}>"
        else:
            yield around
            yield f"{part[start:]}</{name}>"
    yield rest


def _cut_sentences(markup: str) -> Iterator[str]:
    """The markup cut where a block ends with the end of a sentence or of a name: 「…服务。」, 「#【…】」."""
    start = 0
    for end in _ENDS.finditer(markup):
        yield markup[start : end.end()]
        start = end.end()
    if start < len(markup):
        yield markup[start:]


class _Walk:
    """Goes through tags and the texts between them: the words of each run of text, and what holds it."""

    def __init__(self, held: _Held, tables: Iterator[_Table]) -> None:
        self.held = held
        self.outer: list[_Held] = []
        self.texts: list[str] = []
        self.headings: list[int] = []
        self.cells: list[int] = []
        self.trails: list[tuple[int, ...]] = []
        self._tables = tables

    def follow(self, parts: list[str], first: int) -> None:
        """Take what the pattern of tags has parted; the number of the first part is `first`.

        Raises IndexError for a tag that closes more than was opened.
        """
        outer, texts = self.outer, self.texts
        trail, heading, cell, table = self.held
        for place, (words, tag) in enumerate(zip(parts[::2], (*parts[1::2], "br/"), strict=True), first):
            if words and not words.isspace() and (shown := _read_words(words)):
                texts.append(shown)
                self.headings.append(heading)
                self.cells.append(cell)
                self.trails.append(trail)
            if tag[0] == "/":
                trail, heading, cell, table = outer.pop()
            elif tag[-1] != "/":
                outer.append((trail, heading, cell, table))
                if len(trail) < _DEEPEST:
                    trail = (*trail, place)
                if tag[0] in "ht":
                    heading, cell, table = self._enter_block(tag, heading, cell, table)
            elif tag[0] in "ht":
                self._enter_block(tag, heading, cell, table)  # `<td/>` takes its place, and holds nothing
        self.held = trail, heading, cell, table

    def _enter_block(self, tag: str, heading: int, cell: int, table: _Table | None) -> tuple[int, int, _Table | None]:
        """The heading's level, the cell and the table that hold the text behind the opening tag."""
        name = tag if tag.isalnum() else _NAME_END.split(tag, maxsplit=1)[0]
        if name in ("td", "th") and table is not None:
            return heading, table.number_cells((read_span(tag),)), table
        if name == "tr" and table is not None:
            table.number_cells((None,))
        elif name == "table":
            return heading, cell, next(self._tables)
        return _HEADINGS.get(name, heading), cell, table


class _PageLines:
    """Gathers the lines of the pieces in their order."""

    def __init__(self) -> None:
        self.unseen: Unseen = []
        self.is_sound = True
        self._placed: list[Cell | None] = [None]
        self._walk = _Walk(((), 0, 0, None), (_PlacedTable(number, self._placed) for number in count()))
        self._folded: list[str] = []
        self._tags = 0

    def take(self, markup: str) -> None:
        """Take the next piece."""
        piece = _PIECES.recall(markup)
        if piece is None:
            blocks = _INLINE.sub("", markup)
            parts, unseen = _TAG.split(blocks), _NOTHING
            if "<Hidden" in blocks or "<Struck" in blocks:
                parts, unseen = _set_aside(parts)
            piece = _read_piece(parts, unseen) if _may_be_whole(blocks) else None
            if piece is None:
                self._read_open(parts, unseen)
                return
            _PIECES.keep(markup, piece, len(markup) + _PIECE + _LINE * len(piece.texts))
        if piece.texts or piece.opened:
            self._put(piece)
        self._tags += piece.tags
        self.is_sound = self.is_sound and piece.is_sound
        self.unseen += piece.unseen

    def number(self) -> tuple[Line, ...]:
        """The lines."""
        walk = self._walk
        cells = map(self._placed.__getitem__, walk.cells)
        return tuple(map(Line, count(1), walk.texts, self._folded, walk.headings, cells, walk.trails))

    def _read_open(self, parts: list[str], unseen: Unseen) -> None:
        """Take a piece that closes more or less than it opens."""
        before = len(self._walk.texts)
        self._walk.follow(parts, self._tags)
        texts = self._walk.texts[before:]
        self._folded += fold_lines(texts)
        self.is_sound = self.is_sound and looks_sound(" ".join(texts))
        self._tags += len(parts)
        self.unseen += _show_unseen(unseen)

    def _put(self, piece: Piece) -> None:
        walk = self._walk
        trail, heading, cell, table = walk.held
        walk.texts += piece.texts
        self._folded += piece.folded
        walk.headings += [own or heading for own in piece.headings] if heading else piece.headings
        if table is None:
            walk.cells += repeat(cell, len(piece.texts))
        else:
            before = len(self._placed) - 1
            table.number_cells(piece.opened)
            walk.cells += [before + own if own else cell for own in piece.cells]
        ways = [(*trail, way[0] + self._tags, *way[1:])[:_DEEPEST] if way else trail for way in piece.ways]
        walk.trails += [ways[way] for way in piece.way] if len(ways) > 1 else repeat(ways[0], len(piece.way))


def _may_be_whole(blocks: str) -> bool:
    """Whether a piece may close what it opens; one with a table of its own stands in no table around it alone."""
    closing = blocks.count("</")
    return blocks.count("<") - blocks.count("/>") == 2 * closing and "<table" not in blocks


def _read_piece(parts: list[str], unseen: Unseen) -> Piece | None:
    """What the piece says, or None where it closes more or less than it opens: its place is then a part of it."""
    table = _OuterTable()
    walk = _Walk(((), 0, 0, table), iter(()))
    try:
        walk.follow(parts, 0)
    except IndexError:
        return None
    if walk.outer:
        return None
    ways: dict[tuple[int, ...], int] = {}
    return Piece(
        texts=walk.texts,
        folded=fold_lines(walk.texts),
        headings=walk.headings,
        cells=walk.cells,
        way=[ways.setdefault(trail, len(ways)) for trail in walk.trails],
        ways=list(ways) or [()],
        opened=table.opened,
        tags=len(parts),
        unseen=_show_unseen(unseen),
        is_sound=looks_sound(" ".join(walk.texts)),
    )


def _show_unseen(unseen: Unseen) -> Unseen:
    return [(words, why) for raw, why in unseen if (words := _read_words(raw))]


def _set_aside(parts: list[str]) -> tuple[list[str], Unseen]:
    """The texts and tags without what is hidden or struck out, whose neighbours are one text; and that, with why."""
    kept: list[str] = []
    around = [parts[0]]
    unseen: Unseen = []
    reasons: list[str] = []
    for tag, words in zip(parts[1::2], parts[2::2], strict=True):
        if (name := tag.strip("/")) in _UNSEEN:
            if tag[0] == "/":
                reasons.pop()
            elif tag[-1] != "/":
                reasons.append(_UNSEEN[name])
        elif not reasons:
            kept += ["".join(around), tag]
            around = []
        if reasons:
            unseen.append((words, reasons[0]))
        else:
            around.append(words)
    return [*kept, "".join(around)], unseen


def _read_words(words: str) -> str:
    """The words of a text between two tags."""
    if words.isprintable() and "&" not in words and "  " not in words:
        return words.strip(_PRINTABLE_BLANK)  # as nearly all are
    return _join_words(html.unescape(words.replace(_CONTROL, " ")) if "&" in words else words)


def _join_words(text: str) -> str:
    """The run on one line: a line break between two wide characters is nothing, any other a space."""
    words = text.strip().strip(BLANK).strip()
    if words.isprintable() and "  " not in words:
        return words
    parts: list[str] = []
    for part in _SPACES.sub(" ", words).split("\n"):
        part_words = part.strip()
        if not part_words:
            continue
        if parts and not (_WIDE.match(parts[-1][-1]) and _WIDE.match(part_words)):
            parts.append(" ")
        parts.append(part_words)
    return "".join(parts)
