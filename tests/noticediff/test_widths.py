"""Text on a terminal, in columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticediff.widths import mark_place, measure_width, pad_text, wrap_text


@pytest.mark.parametrize(
    ("text", "width"), [("paper", 5), ("資質", 4), ("（2選1）", 8), ("①", 1), ("e\u0301", 1), ("a\u200bb", 2), ("", 0)]
)
def test_a_chinese_character_takes_two_columns(text: str, width: int) -> None:
    assert measure_width(text) == width
    assert pad_text(text, 10) == text + " " * (10 - width)


def test_a_line_is_parted_at_spaces_and_beside_chinese_characters() -> None:
    assert wrap_text("類目新增 non-personal", 12) == ["類目新增", "non-personal"]
    assert wrap_text("適用于提供服務", 6) == ["適用于", "提供服", "務"]
    assert wrap_text("unbreakable", 5) == ["unbre", "akabl", "e"]


def test_no_line_begins_with_the_mark_that_ends_a_sentence() -> None:
    assert wrap_text("適用于。提供", 6) == ["適用", "于。提", "供"]


@given(st.text("甲乙 ab。", max_size=40), st.integers(4, 12))
def test_wrapping_loses_nothing_but_spaces_and_no_piece_is_too_wide(text: str, width: int) -> None:
    pieces = wrap_text(text, width)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(measure_width(piece) <= width for piece in pieces)


def test_carets_stand_below_the_place_in_columns() -> None:
    assert mark_place("同時(2選1)提供", 2, 7, 40) == ("同時(2選1)提供", "    ^^^^^^")
    assert mark_place("abc", 3, None, 40) == ("abc", "   ^")


def test_a_long_line_is_cut_around_the_place() -> None:
    shown, carets = mark_place("甲" * 30 + "(2選1)" + "乙" * 30, 30, 35, 24)
    assert (shown, carets) == ("…甲甲甲甲(2選1)乙乙乙乙…", " " * 9 + "^^^^^^")
