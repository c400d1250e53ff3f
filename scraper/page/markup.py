"""HTML to well-formed markup of blocks alone, and its runs of text. The only door to lxml.

lxml mends the page, drops what is not shown and writes it out again; inline tags are then cut by one pattern. What is
left are blocks and the text between them, so a run of text is what stands between two tags: no element of the page
costs more than a step of a loop.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import count
from typing import Protocol, cast

from lxml import etree
from lxml.html import HTMLParser
from msgspec import Struct

from scraper.page.grid import Grid
from scraper.page.lines import BLANK, Cell

_BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure"
    "|footer|form|h[1-6]|header|hgroup|hr|html|legend|li|main|menu|nav|ol|p|pre|search|section|summary|table|tbody|td"
    "|tfoot|th|thead|tr|ul|Hidden|Struck"
)
# How text that is not in force is marked while it is read; no page has a tag with a capital letter left.
_UNSEEN = {"Hidden": "hidden", "Struck": "struck out"}
_UNSEEN_TAGS = frozenset({*_UNSEEN, *(f"{name}/" for name in _UNSEEN)})
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# Shown by no browser, or no text of the page.
_SKIPPED = (
    "button", "datalist", "head", "iframe", "noembed", "noframes", "noscript", "script", "select", "style",
    "svg", "template", "textarea", "title",
)  # fmt: skip
# Swallow the rest of the page when their end is missing: real mirrors have an unclosed <noframes> before the content.
_SWALLOWING = (
    "button", "datalist", "iframe", "noembed", "noframes", "noscript", "select", "svg", "template", "textarea", "title",
)  # fmt: skip
_SWALLOWING_TAG = re.compile(rf"<(?P<end>/?)(?P<name>{'|'.join(_SWALLOWING)})\b[^<>]*>?", re.IGNORECASE)
# Text up to their end, whatever it looks like; without an end they take the rest of the page.
_RAW = {
    name.encode(): (re.compile(rf"</{name}\b", re.IGNORECASE), re.compile(rf"<{name}\b[^<>]*>?", re.IGNORECASE))
    for name in ("script", "style", "xmp", "plaintext")
}
_TAG_NAME_ENDS = (b">", b" ", b"\n", b"\t", b"/")
_INLINE = re.compile(rf"<(?!/?(?:{_BLOCKS})[\s/>])[^>]*>")
_TAG = re.compile(r"<([^>]*)>")
_NAME_END = re.compile(r"[\s/]")
_HIDING = re.compile(rb"hidden(?=[\s>=/\"'])|display|line-through")
_FIND_HIDING = etree.XPath(
    '//@hidden[. != "until-found"] | //@aria-hidden[. = "true"]'
    ' | //@style[contains(translate(., "NOE", "noe"), "none") or contains(., "line-through")]'
)
_STRUCK = ("del", "s", "strike")
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v]+")
_WIDE = re.compile(r"[\u2460-\u24ff\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—]")
_PRINTABLE_BLANK = "".join(filter(str.isprintable, BLANK))
_CONTROL = "&#xFFFD;"  # how lxml writes a control character; U+FFFD itself it writes as it is
_DEEPEST = 32  # of a trail: pages that nest deeper are told apart no further


class Run(Struct, frozen=True, gc=False):
    """The text between two tags, on one line, and what holds it."""

    text: str
    heading: int
    cell: Cell | None
    trail: tuple[int, ...]


_Held = tuple[tuple[int, ...], int, Cell | None, Grid | None]
"""What holds the text at a place: the trail of its block, the heading's level, the cell and the table."""


class _Attribute(Protocol):
    """An attribute's value as XPath gives it, a str; the stubs of lxml do not know it."""

    attrname: str

    def __contains__(self, part: str) -> bool: ...

    def getparent(self) -> etree._Element: ...


class TooDeepError(Exception):
    """The page nests deeper than the parser follows; what stands behind that place is lost."""


def read_runs(text: str) -> tuple[list[Run], list[tuple[str, str]]]:
    """The runs of text of the page, in reading order, and texts that an attribute hides or a tag strikes out, with why.

    A run ends at the border of a block and at `<br>`: 「<section><span>類目</span><span>新增</span></section>」 is one.
    Raises TooDeepError.
    """
    runs: list[Run] = []
    held: _Held = ((), 0, None, None)
    outer: list[_Held] = []
    tables = count()
    parts, unseen = _set_aside(_TAG.split(_clean_markup(text)))
    for place, (tag, words) in enumerate(zip(parts[1::2], parts[2::2], strict=True)):
        if tag[0] == "/":
            held = outer.pop()
        elif tag != "br/":
            outer.append(held)
            trail, heading, cell, grid = held
            if len(trail) < _DEEPEST:
                trail = (*trail, place)
            if tag[0] in "ht":
                heading, cell, grid = _enter_block(tag, heading, cell, grid, tables)
            held = outer.pop() if tag[-1] == "/" else (trail, heading, cell, grid)
        if words and not words.isspace() and (shown := _read_words(words)):
            trail, heading, cell, _ = held
            runs.append(Run(shown, heading, cell, trail))
    return runs, [(words, why) for raw, why in unseen if (words := _read_words(raw))]


def _set_aside(parts: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The texts and tags without what is hidden or struck out, whose neighbours are one text; and that, with why."""
    if _UNSEEN_TAGS.isdisjoint(parts):
        return parts, []
    kept: list[str] = []
    around = [parts[0]]
    unseen: list[tuple[str, str]] = []
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


def _enter_block(
    tag: str, heading: int, cell: Cell | None, grid: Grid | None, tables: Iterator[int]
) -> tuple[int, Cell | None, Grid | None]:
    """The heading's level, the cell and the table that hold the text behind the opening tag."""
    name = tag if tag.isalnum() else _NAME_END.split(tag, maxsplit=1)[0]
    if name in ("td", "th") and grid is not None:
        return heading, grid.place_cell(tag), grid
    if name == "tr" and grid is not None:
        grid.open_row()
    elif name == "table":
        return heading, cell, Grid(next(tables))
    return _HEADINGS.get(name, heading), cell, grid


def _clean_markup(text: str) -> str:
    """The page as well-formed markup that holds blocks, `<br/>` and shown text alone."""
    content = text.encode("utf-8", errors="replace")
    lowered = content.lower()
    for name in _RAW:
        if _may_stay_open(name, lowered):
            text = _drop_open_raw(text, name)
            content = text.encode("utf-8", errors="replace")
            lowered = content.lower()
    roots = _parse(content)
    marked = _find_marked(roots)
    names = {element.tag.encode() for element in marked if element.tag in _SWALLOWING}
    if any(lowered.count(b"<" + name) != lowered.count(b"</" + name) for name in names):
        roots = _parse(_drop_unclosed(text).encode("utf-8", errors="replace"))
        marked = _find_marked(roots)
    for element in marked:
        if element.tag not in _STRUCK:
            element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older than lxml
            element.tag = "span"
    struck = [(element, "Struck") for element in marked if element.tag in _STRUCK]
    hidden = [found for root in roots for found in _find_hidden(root)] if _HIDING.search(lowered) else []
    for element, mark in (*struck, *hidden):
        element.attrib.clear()
        element.tag = mark
    markup = "".join(etree.tostring(root, encoding="unicode", method="xml") for root in roots)
    if markup.count("<") != markup.count(">"):
        # `<p a<b="1">`: signs in text and in values are escaped, but not those in the names of attributes.
        markup = _TAG.sub(lambda tag: f"<{tag[1].replace('<', '')}>", markup)
    return _INLINE.sub("", markup)


def _find_marked(roots: list[etree._Element]) -> list[etree._Element]:
    """The elements that no browser shows, and those that are struck out."""
    return [element for root in roots for element in root.iter(*_SKIPPED, *_STRUCK)]


def _may_stay_open(name: bytes, lowered: bytes) -> bool:
    """Whether an opening tag of raw text may stand behind the last end of that name: hardly any page has one."""
    end = lowered.rfind(b"</" + name)
    is_end = end >= 0 and lowered.startswith(_TAG_NAME_ENDS, end + 2 + len(name))
    return lowered.find(b"<" + name, end if is_end else 0) >= 0


def _drop_open_raw(text: str, name: bytes) -> str:
    """The page without opening tags of raw text that no end follows: what stands behind them is the page's text."""
    closing, opening = _RAW[name]
    end = max((match.end() for match in closing.finditer(text)), default=0)
    return text[:end] + opening.sub("", text[end:])


def _parse(content: bytes) -> list[etree._Element]:
    """The roots of the page: what follows </html> is a root of its own."""
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(content, parser)
    error = parser.error_log.last_error
    if error is not None and error.type_name == "ERR_RESOURCE_LIMIT":
        raise TooDeepError
    return [root, *root.itersiblings()] if root is not None else []


def _drop_unclosed(text: str) -> str:
    """The page without the opening tags that no end follows before the next one of their name."""
    opened: dict[str, list[tuple[int, int]]] = {}
    for tag in _SWALLOWING_TAG.finditer(text):
        waiting = opened.setdefault(tag["name"].lower(), [])
        if tag["end"]:
            if waiting:
                waiting.pop()
        else:
            waiting.append(tag.span())
    kept, end = [], 0
    for start, stop in sorted(span for spans in opened.values() for span in spans):
        kept.append(text[end:start])
        end = stop
    return "".join((*kept, text[end:]))


def _find_hidden(root: etree._Element) -> list[tuple[etree._Element, str]]:
    """The elements that an attribute hides or strikes out, each with the tag that says so."""
    hiding = cast("list[_Attribute]", _FIND_HIDING(root))
    return [
        (one.getparent(), "Struck" if one.attrname == "style" and _NOT_SHOWN.search(str(one)) is None else "Hidden")
        for one in hiding
        if one.attrname != "style" or _NOT_SHOWN.search(str(one)) or "line-through" in one
    ]
