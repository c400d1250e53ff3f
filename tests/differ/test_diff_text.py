from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from differ.changes import Run
from differ.text import diff_text
from snapshots.folding import fold


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        pytest.param("", "", [], id="nothing"),
        pytest.param("", "證", [("insert", "證")], id="all new"),
        pytest.param("證", "", [("delete", "證")], id="all gone"),
        pytest.param("許可證（甲）", "许可证(甲)", [("keep", "许可证(甲)")], id="the new side's spelling"),
        pytest.param(
            "提供《營業執照》",
            "提供《營業許可》",
            [("keep", "提供"), ("delete", "《營業執照》"), ("insert", "《營業許可》")],
            id="a paper is one word",
        ),
        pytest.param(
            "需補充【公益-募捐】類目",
            "需選擇【公益-慈善】類目",
            [("keep", "需"), ("delete", "補充【公益-募捐】"), ("insert", "選擇【公益-慈善】"), ("keep", "類目")],
            id="a category is one word",
        ),
        pytest.param(
            "app store評分",
            "App評分",
            [("keep", "App"), ("delete", " store"), ("keep", "評分")],
            id="letters are words",
        ),
        pytest.param("2024年", "2025年", [("delete", "2024"), ("insert", "2025"), ("keep", "年")], id="so are numbers"),
        pytest.param("甲\n乙", "甲 乙", [("keep", "甲 乙")], id="blanks alone are no difference"),
        pytest.param("甲\n乙\n丙", "甲\n丙", [("keep", "甲\n"), ("delete", "乙\n"), ("keep", "丙")], id="a line goes"),
        pytest.param("甲", "甲\n  乙", [("keep", "甲"), ("insert", "\n  乙")], id="a line comes"),
        pytest.param("《甲", "《乙", [("keep", "《"), ("delete", "甲"), ("insert", "乙")], id="a bracket left open"),
    ],
)
def test_runs_lead_from_the_old_text_to_the_new(old: str, new: str, runs: list[Run]) -> None:
    assert list(diff_text(old, new)) == runs


def test_a_long_text_of_many_lines_shows_the_words_that_differ_in_the_line_that_differs() -> None:
    lines = [f"第{number}行適用於銀行提供信息展示服務" for number in range(500)]
    other = [*lines[:250], lines[250].replace("銀行", "保險"), *lines[251:]]

    runs = diff_text("\n".join(lines), "\n".join(other))

    assert [run for run in runs if run[0] != "keep"] == [("delete", "銀行"), ("insert", "保險")]


def test_a_long_line_shows_the_words_that_differ() -> None:
    line = "適用於銀行提供信息展示服務" * 600

    assert ("insert", "《許可證》") in diff_text(line, line + "《許可證》")


def test_two_unlike_texts_that_are_too_long_to_weigh_are_exchanged_whole() -> None:
    old, new = "甲乙" * 15_000, "丙丁" * 15_000

    assert diff_text(old, new) == (("delete", old), ("insert", new))


TEXTS = st.text(alphabet="《》【】許许可證证(（-—– \n甲乙Aa1１。", max_size=30)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from([1, 400]))
def test_keep_and_insert_are_the_new_text_and_keep_and_delete_the_old_one_folded(
    old: str, new: str, length: int
) -> None:
    """`length` makes the texts long enough to go by lines."""
    old, new = old * length, new * length

    runs = diff_text(old, new)

    assert "".join(text for change, text in runs if change != "delete") == new
    assert fold("".join(text for change, text in runs if change != "insert")) == fold(old)
    assert all(text for _, text in runs)
    assert all(one[0] != other[0] for one, other in pairwise(runs))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert diff_text(text, text) == ((("keep", text),) if text else ())


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_run_begins_or_ends_within_a_paper_or_a_category(old: str, new: str, start: str, end: str) -> None:
    old, new = f"{start}{old}{end}", f"{start}{new}{end}"
    place, seams = 0, set()
    for change, text in diff_text(old, new):
        place += len(text) if change != "delete" else 0
        seams.add(place)

    for name in re.finditer(r"《[^《》【】]*》|【[^《》【】]*】", new):
        assert not seams & set(range(name.start() + 1, name.end()))
