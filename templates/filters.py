"""Filters: page text made inert for each format. What is `Markup` is safe already, in the format at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Literal

from markupsafe import Markup

from snapshots.category import CategoryPath
from templates.pages import Citation
from templates.rows import Change, Mark, Row, Span

Style = Literal["title", "heading", "faint", "added", "removed", "paper"]

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_BREAKS = re.compile("\\s*[\t\n\r\x0b\x0c\x85\u2028\u2029]+\\s*")
_MARKDOWN_SPECIAL = re.compile(r"[\\`*\[\]<>|~$&]|(?<![^\W_])_|_(?![^\W_])")
_MARKDOWN_START = re.compile(r"^(\d*)(?<=\d)(?=[.)])|^(?=[#+=-])")
_BARE_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_STYLES: dict[Style, str] = {
    "title": "1", "heading": "1;36", "faint": "2", "added": "32", "removed": "31", "paper": "1",
}  # fmt: skip
_WHOLE: dict[Mark, Change] = {"added": "insert", "removed": "delete"}
_RAILS = {(True, False): "│  ", (False, False): "   ", (True, True): "├─ ", (False, True): "└─ "}


def strip_controls(text: str) -> str:
    """The text without control characters and marks that turn the direction of writing; line feeds and tabs stay."""
    return _CONTROLS.sub("", text)


def flatten_lines(text: str) -> str:
    """The text in one line, without control characters."""
    return strip_controls(_LINE_BREAKS.sub(" ", text)).strip()


def join_path(path: CategoryPath) -> str:
    """The levels of a category as people write them: 金融業 › 個人征信."""
    return " › ".join(flatten_lines(level) for level in path)


def keep_safe(value: Any) -> Any:
    """What a text template prints: Markup as it is, other text in one line and without control characters."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else flatten_lines(value)


def keep_safe_markdown(value: Any) -> Any:
    """What a Markdown template prints: Markup as it is, other text escaped."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else escape_markdown(value)


def escape_markdown(text: str) -> Markup:
    """The text in one line, and nothing of it a mark of Markdown: no link, no table, no heading, no mention."""
    return _escape_start(_escape_inside(flatten_lines(text)))


def mark_row(row: Row) -> Markup:
    """The text of a row in Markdown, **inserted** and **~~deleted~~**; of an added or removed row, all of it."""
    pieces = [
        (change, _LINE_BREAKS.sub(" ", strip_controls("".join(span.text for span in run))))
        for change, run in groupby(row.spans, key=lambda span: _WHOLE.get(row.mark, span.change))
    ]
    text = ""
    for place, (change, words) in enumerate(pieces):
        piece = _escape_inside(words.strip())
        if change == "keep" or not piece:
            text += _escape_inside(words)
            continue
        marked = f"**~~{piece}~~**" if change == "delete" else f"**{piece}**"
        following = pieces[place + 1][1] if place + 1 < len(pieces) else ""
        # A mark counts only between a space or punctuation and what it marks: `的**《…》**的` is not bold.
        apart_before = words[0].isspace() or text.endswith("**") or (text[-1:].isalnum() and not marked[2].isalnum())
        apart_after = words[-1].isspace() or (following[:1].isalnum() and not marked[-3].isalnum())
        text += f"{' ' if apart_before else ''}{marked}{' ' if apart_after else ''}"
    return _escape_start(text.strip())


def link_citation(citation: Citation) -> Markup:
    """The citation's title in Markdown, a link where its page is on the web."""
    title = escape_markdown(citation.title)
    # What could end a link stands percent-encoded in `href`.
    return title if citation.href is None else Markup(f"[{title}]({citation.href})")  # noqa: S704


def make_painter(color: bool) -> Callable[[str, Style], Markup]:
    """A filter that colours a text for a terminal, or leaves it plain."""

    def paint(text: str, style: Style) -> Markup:
        words = text if isinstance(text, Markup) else flatten_lines(text)
        return Markup(f"\x1b[{_STYLES[style]}m{words}\x1b[0m" if color else words)  # noqa: S704 - controls are out

    return paint


    def paint_spans(spans: Sequence[Span]) -> Markup:
        return Markup("").join(paint(span.text, style) if (style := _find_style(span)) else keep(span) for span in spans)
def _escape_inside(text: str) -> str:
    text = _MARKDOWN_SPECIAL.sub(lambda match: f"\\{match[0]}", text)
    text = _BARE_ADDRESS.sub(lambda match: f"\\{match[0]}", text)
    # U+2060 joins words and shows nothing, but the name behind it is nobody's.
    return _MENTION.sub("@\u2060", text)


def _escape_start(text: str) -> Markup:
    """The text with what would open a heading or a list at the start of a line made plain."""
    return Markup(_MARKDOWN_START.sub(r"\1\\", text))  # noqa: S704 - called with escaped text
