"""A digest to text: HTML, Markdown, or lines for a terminal. The only door to Jinja.

The files draw what the digest holds, in its order; every word of a page that reaches them is made inert on its way out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from templates import filters, markdown, terminal
from templates.digest import Digest
from templates.sentences import write_moment
from templates.words import Language, Words

Format = Literal["html", "md", "text"]

_FOLDER = Path(__file__).parent
_FINALIZERS: dict[Format, Callable[[Any], Any]] = {
    "html": lambda value: value,  # escaped by Jinja, cleaned below
    "md": markdown.keep_safe,
    "text": terminal.keep_safe,
}


def render_digest(digest: Digest, format: Format, *, language: Language = "en", color: bool = False) -> str:  # noqa: A002
    """The digest in one format and language; `color` is for the text of a terminal. The same digest, the same bytes."""
    template = _load_environment(format, language, color).get_template(f"digest.{format}.j2")
    text = template.render(digest=digest, language=language, is_fragment=False)
    return filters.strip_controls(text) if format == "html" else text


def render_fragment(digest: Digest, *, language: Language = "en") -> str:
    """The digest as HTML that stands inside another page: an entry of a feed, the body of a mail."""
    template = _load_environment("html", language, color=False).get_template("digest.html.j2")
    return filters.strip_controls(template.render(digest=digest, language=language, is_fragment=True))


def render_mail(title: str, *, fragment: str | None, lines: Sequence[str], where: str | None) -> str:
    """A page for a mail: the fragment, or without one the lines; `where` is where all of it lies.

    Its styles stand in one place still: mail clients keep only those that stand on the elements.
    """
    template = _load_environment("html", "en", color=False).get_template("mail.html.j2")
    body = None if fragment is None else Markup(fragment)  # noqa: S704 - rendered above
    return filters.strip_controls(template.render(title=title, body=body, lines=lines, where=where))


@cache
def _load_environment(format: Format, language: Language, color: bool) -> Environment:  # noqa: A002
    words = Words(language)
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_FINALIZERS[format],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(words.translations, newstyle=False)  # type: ignore[attr-defined]
    environment.globals["words"] = words
    environment.filters.update(
        moment=write_moment,
        path=filters.join_path,
        dated=filters.mark_dates,
        chinese=filters.mark_chinese,
        mark_row=markdown.mark_row,
        link=markdown.link_citation,
        rails=terminal.draw_rails,
        paint=terminal.make_painter(color),
        gutter=terminal.make_gutter_painter(color),
        paint_row=terminal.make_row_painter(color),
    )
    return environment
