from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshots.form import fold_words
from templates.rows import Span
from templates.runs import compare_lines

WORDS = st.text("甲乙丙丁A1《》（）。；，、 ", max_size=14)


def marked(spans: tuple[Span, ...]) -> list[str]:
    return [span.text for span in spans if span.change != "keep"]


def spell(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


@pytest.mark.parametrize(
    ("old", "new", "gone", "came"),
    [
        ("1、教育部门批文。", "①教育部门的批文；", [], ["的"]),
        ("備案公示材料；", "备案公示材料（原件）", [], ["（原件）"]),
        ("需补充类目；", "需选择类目。", ["补充"], ["选择"]),
        ("范围含A，B", "范围含A、C", ["，B"], ["、C"]),
    ],
)
def test_what_is_marked_in_a_line_is_never_form(old: str, new: str, gone: list[str], came: list[str]) -> None:
    lines = compare_lines(old, new)
    assert (marked(lines.old), marked(lines.new)) == (gone, came)


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS)
def test_each_side_keeps_its_own_spelling_and_lacks_only_form(old: str, new: str) -> None:
    lines = compare_lines(old, new)
    assert "".join(spell(lines.new).split()) == "".join(new.split())
    assert "".join(spell(lines.old).split()) == "".join(old.split())
    assert {span.change for span in lines.old} <= {"keep", "delete"}
    assert {span.change for span in lines.new} <= {"keep", "insert"}


@settings(max_examples=300, deadline=None)
@given(WORDS, st.sampled_from(["。", "；", "", "，"]), st.sampled_from(["。", ";", ""]))
def test_another_sign_at_the_end_marks_nothing(words: str, before: str, after: str) -> None:
    lines = compare_lines(words + before, words + after)
    assert fold_words(words + before) == fold_words(words + after)
    assert marked(lines.unified) == []
