from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from differ.text import diff_text
from templates.markdown import escape_text, mark_row
from templates.rows import Row, Span, split_spans

READER = MarkdownIt("commonmark").enable(["strikethrough", "table"])


def show(text: str) -> str:
    return str(READER.render(text)).strip()


def make_row(*spans: tuple[str, str]) -> Row:
    return Row(depth=0, kind="line", spans=split_spans([(change, text) for change, text in spans]), mark="changed")  # type: ignore[misc]


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab1 *_~`<>[]()!|#+-=.&;:/\\@{}$《》，類\n\t"), max_size=30))
def test_escaped_text_is_shown_as_it_is_and_as_nothing_else(text: str) -> None:
    shown = " ".join(text.split())
    expected = f"<p>{escape(shown, quote=False)}</p>" if shown else ""
    assert " ".join(show(escape_text(text)).replace("@\u2060", "@").replace("&quot;", '"').split()) == expected


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (
            make_row(("keep", "需"), ("insert", "《營業執照》"), ("keep", "原件")),
            "需 <strong>《營業執照》</strong> 原件",
        ),
        (
            make_row(("delete", "舊"), ("insert", "《新》"), ("keep", "的")),
            "<strong><s>舊</s></strong> <strong>《新》</strong> 的",
        ),
        (make_row(("keep", "1."), ("insert", "*"), ("keep", "#")), "1.<strong>*</strong>#"),
        (make_row(("keep", "上"), ("delete", " "), ("keep", "下")), "上 下"),
    ],
)
def test_marks_hold_next_to_punctuation_and_other_marks(row: Row, shown: str) -> None:
    assert show(mark_row(row)) == f"<p>{shown}</p>"


@settings(max_examples=200, deadline=None)
@given(st.text("甲乙a1《》(),。*_ ", max_size=12), st.text("甲乙a1《》(),。*_ ", max_size=12))
def test_no_mark_is_left_over_whatever_differs(old: str, new: str) -> None:
    row = Row(depth=0, kind="line", spans=split_spans(diff_text(old, new)), mark="changed")
    shown = READER.parseInline(str(mark_row(row)))[0].children or []
    struck = "".join(token.content for token in shown if token.type == "text")
    whole = "".join(span.text for span in row.spans)
    assert "".join(struck.split()) == "".join(whole.split())


def test_an_added_row_is_marked_whole() -> None:
    row = Row(depth=0, kind="paper", spans=(Span("班車:"), Span("《許可證》", paper=True)), mark="added")
    assert mark_row(row) == "**班車:《許可證》**"
