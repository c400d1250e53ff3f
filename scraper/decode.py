"""Bytes to text: which encoding a page really has. The only door to w3lib and charset-normalizer."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from snapshots.errors import PageRefusedError
from snapshots.notice import Page

_HTML_START = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<(?:p|div|section|article|table|tr|td|br|h[1-6]|li)\b[^>]*>", re.IGNORECASE)
_TEXT_NAME = re.compile(r"\.(?:txt|md|markdown|text)$", re.IGNORECASE)
_DETECTABLE = ["utf_8", "gb18030", "big5hkscs", "utf_16"]
_HEAD = 4096


class DecodedPage(Struct, frozen=True, kw_only=True):
    """A page's text, the encoding it was read with, whether it is HTML, and what was lost in decoding."""

    text: str
    encoding: str
    is_html: bool
    warnings: tuple[str, ...] = ()


def decode_page(page: Page) -> DecodedPage:
    """The text of the page.

    Order: byte order mark; strict UTF-8; the declared encoding if it decodes cleanly; a detector; else UTF-8 with
    replacement characters and a warning. Raises PageRefusedError for an empty or a binary page.
    """
    content = page.content
    if not content.strip():
        raise PageRefusedError(page.name, "the page is empty; save it again")
    text, encoding, warnings = _decode(page)
    if "\x00" in text:
        raise PageRefusedError(page.name, "the file is binary, not a page; give a saved HTML, Markdown or text page")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return DecodedPage(text=text, encoding=encoding, is_html=_is_html(page, text), warnings=warnings)


def _decode(page: Page) -> tuple[str, str, tuple[str, ...]]:
    content = page.content
    bom_encoding, bom = read_bom(content)
    if bom_encoding and bom:
        return _decode_with(content[len(bom) :], codecs.lookup(bom_encoding).name)
    try:
        return content.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    declared = (
        page.declared_encoding
        or http_content_type_encoding(page.media_type)
        or html_body_declared_encoding(content)
        or ""
    )
    resolved = resolve_encoding(declared) if declared else None
    if resolved and not resolved.startswith(("cp125", "iso8859", "latin", "ascii", "utf-8")):
        try:
            return content.decode(resolved), resolved, ()
        except UnicodeDecodeError:
            pass
    return _detect(page.name, content)


def _detect(name: str, content: bytes) -> tuple[str, str, tuple[str, ...]]:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only for pages that lie about their encoding

    best = from_bytes(content, cp_isolation=_DETECTABLE).best()
    if best is not None and best.encoding != "ascii":
        return str(best), best.encoding.replace("_", "-"), ()
    text = content.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    if lost * 20 > len(text):
        raise PageRefusedError(name, "the file is binary, not a page; give a saved HTML, Markdown or text page")
    return text, "utf-8", (f"{lost} places could not be decoded",)


def _decode_with(content: bytes, encoding: str) -> tuple[str, str, tuple[str, ...]]:
    text = content.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    return text, encoding, (f"{lost} places could not be decoded",) if lost else ()


def _is_html(page: Page, text: str) -> bool:
    head = text[:_HEAD]
    if _HTML_START.search(head):
        return True
    if _TEXT_NAME.search(page.name):
        return False
    return len(_BLOCK_TAG.findall(text)) >= 3  # noqa: PLR2004 - a text page may quote a tag or two
