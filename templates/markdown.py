"""Markdown: page text made inert, and the marks of a difference. What is `Markup` is Markdown already."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any, Literal

from markupsafe import Markup

from templates.filters import flatten_lines, join_lines
from templates.pages import Citation
from templates.rows import Change, Mark, Row

_SPECIAL = re.compile(r"[\\`*\[\]<>|~$&]|(?<![^\W_])_|_(?![^\W_])")
_START = re.compile(r"^(\d*)(?<=\d)(?=[.)])|^(?=[#+=-])")
_BARE_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_WHOLE: dict[Mark, Change] = {"added": "insert", "removed": "delete"}


def keep_safe(value: Any) -> Any:
    """What a Markdown template prints: Markup as it is, other text escaped."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else escape_text(value)


def escape_text(text: str) -> Markup:
    """The text in one line, and nothing of it a mark of Markdown: no link, no table, no heading, no mention."""
    return _escape_start(_escape_inside(flatten_lines(text)))


def mark_row(row: Row, side: Literal["new"] | None = None) -> Markup:
    """The text of a row in Markdown, **inserted** and **~~deleted~~**; of an added or removed row, all of it.

    `side`: what is deleted is left out.
    """
    spans = [span for span in row.spans if side is None or span.change != "delete"]
    pieces = [
        (change, join_lines("".join(span.text for span in run)))
        for change, run in groupby(spans, key=lambda span: _WHOLE.get(row.mark, span.change))
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
    title = escape_text(citation.title)
    # What could end a link stands percent-encoded in `href`.
    return title if citation.href is None else Markup(f"[{title}]({citation.href})")  # noqa: S704


def _escape_inside(text: str) -> str:
    text = _SPECIAL.sub(lambda match: f"\\{match[0]}", text)
    text = _BARE_ADDRESS.sub(lambda match: f"\\{match[0]}", text)
    # U+2060 joins words and shows nothing, but the name behind it is nobody's.
    return _MENTION.sub("@\u2060", text)


def _escape_start(text: str) -> Markup:
    """The text with what would open a heading or a list at the start of a line made plain."""
    return Markup(_START.sub(r"\1\\", text))  # noqa: S704 - called with escaped text
