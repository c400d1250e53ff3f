"""HTML to well-formed markup of what is shown: lxml mends the page and writes it out again. The only door to lxml."""

from __future__ import annotations

import re
from typing import Protocol, cast

from lxml import etree

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
_RARE = ("xmp", "plaintext")  # whether a page has one is asked of its tree
_TAG_NAME_ENDS = (b">", b" ", b"\n", b"\t", b"/")
_TAG = re.compile(r"<([^>]*)>")
_HIDDEN = re.compile(rb"hidden(?=[\s>=/\"'])")
_FIND_HIDING = etree.XPath(
    '//@hidden[. != "until-found"] | //@aria-hidden[. = "true"]'
    ' | //@style[contains(translate(., "NOE", "noe"), "none") or contains(., "line-through")]'
)
_STRUCK = ("del", "s", "strike")
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class _Attribute(Protocol):
    """An attribute's value as XPath gives it, a str; the stubs of lxml do not know it."""

    attrname: str

    def __contains__(self, part: str) -> bool: ...

    def getparent(self) -> etree._Element: ...


class TooDeepError(Exception):
    """The page nests deeper than the parser follows; what stands behind that place is lost."""


def mend_markup(text: str) -> str:
    """The page as well-formed markup without what is never shown; `Hidden` and `Struck` hold what is not in force.

    Raises TooDeepError.
    """
    content = text.encode("utf-8", errors="replace")
    lowered = content.lower()
    raw = [name for name in _RAW if name.decode() not in _RARE and _may_stay_open(name, lowered)]
    roots = [] if raw else _parse(content)
    found = _find_marked(roots)
    if raw or any(element.tag in _RARE for element in found):
        for name in _RAW:
            if _may_stay_open(name, lowered):
                text = _drop_open_raw(text, name)
                content = text.encode("utf-8", errors="replace")
                lowered = content.lower()
        roots = _parse(content)
        found = _find_marked(roots)
    names = {element.tag.encode() for element in found if element.tag in _SWALLOWING}
    if any(lowered.count(b"<" + name) != lowered.count(b"</" + name) for name in names):
        roots = _parse(_drop_unclosed(text).encode("utf-8", errors="replace"))
        found = _find_marked(roots)
    marked = [element for element in found if element.tag not in _RARE]
    for element in marked:
        if element.tag not in _STRUCK:
            element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older than lxml
            element.tag = "span"
    struck = [(element, "Struck") for element in marked if element.tag in _STRUCK]
    hidden = [found for root in roots for found in _find_hidden(root)] if _may_hide(lowered) else []
    for element, mark in (*struck, *hidden):
        element.attrib.clear()
        element.tag = mark
    markup = "".join(etree.tostring(root, encoding="unicode", method="xml") for root in roots)
    if markup.count("<") != markup.count(">"):
        # `<p a<b="1">`: signs in text and in values are escaped, but not those in the names of attributes.
        markup = _TAG.sub(lambda tag: f"<{tag[1].replace('<', '')}>", markup)
    return markup


def _find_marked(roots: list[etree._Element]) -> list[etree._Element]:
    """The elements that no browser shows, and those that are struck out."""
    return [element for root in roots for element in root.iter(*_SKIPPED, *_STRUCK, *_RARE)]


def _may_hide(lowered: bytes) -> bool:
    """Whether an attribute may hide something or strike it out: three plain searches say no of nearly every page."""
    return (
        b"line-through" in lowered
        or (b"display" in lowered and b"none" in lowered)
        or (b"hidden" in lowered and _HIDDEN.search(lowered) is not None)
    )


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
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
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
