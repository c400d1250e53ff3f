"""Bytes to text: which encoding a page really has. The only door to w3lib."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from msgspec import Struct
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from snapshots.errors import PageRefusedError
from snapshots.notice import Page

_HTML_START = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<(?:p|div|section|article|table|tr|td|br|h[1-6]|li)\b[^<>]*>", re.IGNORECASE)
_TEXT_NAME = re.compile(r"\.(?:txt|md|markdown|text)$", re.IGNORECASE)
_DECODE_ANYTHING = ("cp125", "iso8859", "latin", "ascii", "raw", "unicode", "punycode", "idna")
_WIDE = ("utf-16-le", "utf-16-be")
# Characters of every announcement, in both scripts; text read with a wrong encoding has next to none of them.
_COMMON = "的一是不在有和人为為中了以个個上大要务務类類目服提供资資质質需小程序可等或，。、：《》【】"
_SOUND = 50  # a reading may lose one wide character in so many
_READABLE = 20  # and the last resort one character in so many
_HEAD = 4096


class DecodedPage(Struct, frozen=True, kw_only=True):
    """A page's text, the encoding it was read with, whether it is HTML, and what was lost in decoding."""

    name: str
    text: str
    encoding: str
    is_html: bool
    warnings: tuple[str, ...] = ()


class _Reading(Struct, frozen=True):
    """The page read with one encoding: how many characters it lost, and whether it looks like Chinese."""

    text: str
    encoding: str
    lost: int
    common: int


def decode_page(page: Page) -> DecodedPage:
    """The text of the page.

    A byte order mark decides, then strict UTF-8. Else every label of the page is tried, and both Chinese encodings:
    labels lie (a Big5 page labelled gb2312 decodes without an error, into nonsense), so of the readings that lose next
    to nothing the one with the most common characters is taken. What is lost is a warning. Raises PageRefusedError for
    an empty or a binary page.
    """
    content = page.content
    if not content or content.isspace():
        raise PageRefusedError(page.name, "the page is empty; save it again", cause="empty")
    bom_encoding, mark = read_bom(content)
    content = content[len(mark or b"") :]
    marked = _read_as(codecs.lookup(bom_encoding).name, content) if bom_encoding else None
    reading = marked if marked and _is_sound(marked) else _read_utf8(content) or _read_labelled(page, content)
    if reading is None or "\x00" in reading.text:
        raise PageRefusedError(
            page.name, "the file is binary, not a page; give a saved HTML, Markdown or text page", cause="binary"
        )
    text = reading.text.replace("\r\n", "\n").replace("\r", "\n")
    warnings = (f"{reading.lost} places could not be decoded as {reading.encoding}",) if reading.lost else ()
    return DecodedPage(
        name=page.name, text=text, encoding=reading.encoding, is_html=_is_html(page, text), warnings=warnings
    )


def _read_utf8(content: bytes) -> _Reading | None:
    try:
        return None if b"\x00" in content else _Reading(content.decode("utf-8"), "utf-8", 0, 0)
    except UnicodeDecodeError:
        return None


def _read_labelled(page: Page, content: bytes) -> _Reading | None:
    """The best reading by a label or by a Chinese encoding, None where none can be read; ties go to the label."""
    wide = b"\x00" in content
    encodings = _WIDE if wide else (*_read_labels(page), "utf-8", "gb18030", "big5hkscs")
    readings = [_read_as(encoding, content) for encoding in dict.fromkeys(encodings)]
    # A binary file may be valid UTF-16; a page has some of the common characters.
    sound = [reading for reading in readings if _is_sound(reading) and (reading.common or not wide)]
    readable = [reading for reading in readings if not wide and reading.lost * _READABLE <= len(reading.text)]
    return max(sound or readable, key=lambda reading: reading.common, default=None)


def _read_labels(page: Page) -> Iterator[str]:
    """The encodings that the header and the page itself name, but for those that decode anything."""
    # A <meta> that could be read byte by byte stands in no UTF-16 page, whatever it says.
    in_page = (html_body_declared_encoding(page.content) or "").replace("utf-16", "utf-8")
    for label in (page.declared_encoding, http_content_type_encoding(page.media_type), in_page):
        encoding = resolve_encoding(label) if label else None
        if encoding is not None and encoding.startswith("utf-16"):
            yield from _WIDE
        elif encoding is not None and not encoding.startswith(_DECODE_ANYTHING) and _decodes_text(encoding):
            yield encoding


def _decodes_text(encoding: str) -> bool:
    """Whether the name is that of a text encoding: Python has codecs for other things too, as rot13 and zip."""
    try:
        b"x".decode(encoding, errors="replace")
    except (LookupError, ValueError):
        return False
    return True


def _read_as(encoding: str, content: bytes) -> _Reading:
    text = content.decode(encoding, errors="replace")
    return _Reading(text, encoding, text.count("\ufffd"), sum(map(text.count, _COMMON)))


def _is_sound(reading: _Reading) -> bool:
    """Whether nearly all that is not ASCII was decoded: ASCII says nothing about an encoding."""
    return reading.lost * _SOUND <= len(reading.text) - len(reading.text.encode("ascii", errors="ignore"))


def _is_html(page: Page, text: str) -> bool:
    head = text[:_HEAD]
    if _HTML_START.search(head):
        return True
    if _TEXT_NAME.search(page.name):
        return False
    return len(_BLOCK_TAG.findall(text)) >= 3  # noqa: PLR2004 - a text page may quote a tag or two
