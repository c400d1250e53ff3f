"""Filters: what every format does to the text of a page before it is shown. Folding is for keys, never for this."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from snapshots.category import CategoryPath

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_BREAKS = re.compile("\\s*[\t\n\r\x0b\x0c\x85\u2028\u2029]+\\s*")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uff65]+")


def strip_controls(text: str) -> str:
    """The text without control characters and marks that turn the direction of writing; line feeds and tabs stay."""
    return _CONTROLS.sub("", text)


def join_lines(text: str) -> str:
    """The text in one line, without control characters."""
    return strip_controls(_LINE_BREAKS.sub(" ", text))


def flatten_lines(text: str) -> str:
    """The text in one line, white space at its ends trimmed."""
    return join_lines(text).strip()


def mark_dates(text: str) -> Markup:
    """The text in HTML with each ISO date as a `time` of its own: it is not broken at its hyphens."""
    return Markup(_DATE.sub(r'<time datetime="\g<0>">\g<0></time>', str(escape(text))))  # noqa: S704 - just escaped


def mark_chinese(text: str, language: str | None = "zh") -> Markup:
    """The text in HTML with what is Chinese of it declared as such."""
    inert = str(escape(text))
    return Markup(_CHINESE.sub(rf'<span lang="{language}">\g<0></span>', inert) if language else inert)  # noqa: S704


def join_path(path: CategoryPath) -> str:
    """The levels of a category as people write them: 金融業 › 個人征信."""
    return " › ".join(flatten_lines(level) for level in path)
