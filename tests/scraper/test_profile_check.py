"""The faults of a profile: each with its line and key, all at once."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from scraper.profile.profile import Profile, list_profiles, load_profile
from scraper.profile.profile_check import check_profile_text
from scraper.profile.toml_places import locate_keys

GOOD = """\
name = "forum"
platform = "forum"
marks = ["论坛版块公告"]
title = "版块.{0,4}公告$"
entry_heading = "^◇(?P<name>.+)$"

[sections]
added = ["新增版块"]

[blocks]
requirement = ["要求"]
"""


def describe(text: str) -> list[str]:
    return [fault.describe("mine.toml") for fault in check_profile_text(text, Profile)]


@pytest.mark.parametrize("name", list_profiles())
def test_a_profile_that_ships_has_no_fault(name: str) -> None:
    text = (resources.files("scraper") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    assert describe(text) == []


def test_a_good_profile_has_no_fault() -> None:
    assert describe(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        pytest.param(
            "[blocks]",
            "[block]",
            "mine.toml:10: block: no such key; did you mean 'blocks'?",
            id="an unknown table with the likely one",
        ),
        pytest.param(
            "added =",
            "new =",
            "mine.toml:8: sections.new: no such key; there are: added, adjusted, listed, merged, moved, removed, "
            "renamed, split",
            id="an unknown key with those that there are",
        ),
        pytest.param(
            '["新增版块"]',
            '"新增版块"',
            'mine.toml:8: sections.added: is a list, each item of it a text, not "新增版块"',
            id="a text where a list should be",
        ),
        pytest.param(
            '["论坛版块公告"]',
            '["论坛版块公告", 3]',
            "mine.toml:3: marks[2]: is a text, not 3",
            id="a number in a list",
        ),
        pytest.param(
            "版块.{0,4}公告$",
            "版块(.{0,4}公告$",
            "mine.toml:4: title: the pattern does not compile: missing ), unterminated subpattern at character 3, "
            "before '(.{0,4}公告$'",
            id="a pattern that does not compile, with the place",
        ),
        pytest.param(
            "^◇(?P<name>.+)$",
            "^◇(?P<title>.+)$",
            "mine.toml:5: entry_heading: the pattern needs a group of this name: (?P<name>…)",
            id="a pattern without its group",
        ),
        pytest.param(
            '"新增版块"',
            '\n  "新增版块",\n  "新增版塊",\n',
            "mine.toml:10: sections.added[2]: '塊' is never found: pages are matched in Simplified script and half "
            "width; write '新增版块'",
            id="a spelling in Traditional script, in the line of the item",
        ),
        pytest.param(
            '"要求"',
            '"要求："',
            "mine.toml:11: blocks.requirement[1]: '：' is never found: pages are matched in Simplified script and half "
            "width; write '要求:'",
            id="a spelling in full width",
        ),
        pytest.param(
            '"论坛版块公告"', '".*"', "mine.toml:3: marks[1]: the pattern fits every page", id="a mark for every page"
        ),
        pytest.param(
            '"论坛版块公告"', '"."', "mine.toml:3: marks[1]: the pattern fits every page", id="a mark of a dot"
        ),
        pytest.param(
            '"版块.{0,4}公告$"',
            '"(公告)?"',
            "mine.toml:4: title: the pattern fits every line",
            id="a title for every line",
        ),
        pytest.param(
            '"版块.{0,4}公告$"',
            '"(?i)公告"',
            "mine.toml:4: title: the pattern does not compile: global flags not at the start of the expression at "
            "character 1, before '(?i)公告'",
            id="flags that stand in no group",
        ),
        pytest.param('"要求"', '" "', "mine.toml:11: blocks.requirement[1]: is empty", id="an empty spelling"),
        pytest.param('name = "forum"\n', "", "mine.toml: name: is missing", id="a missing key"),
        pytest.param(
            "[blocks]",
            '[catalogue]\ncomplete = "版块大全"\nempty_requirement = "null"\n\n[blocks]',
            'mine.toml:12: catalogue.empty_requirement: is one of none, not_stated, not "null"',
            id="a value that is none of the possible ones",
        ),
        pytest.param(
            "[sections]",
            'chrome = ["(?P<n>赞)", "(?P<n>踩)"]\n\n[sections]',
            "mine.toml:7: chrome: several patterns of the list name the group 'n'",
            id="two patterns of one list with one group",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_key(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    told = describe(GOOD.replace(good, bad))
    # A table under another name is missing under its own.
    assert [words for words in told if not words.endswith("blocks: is missing")] == [fault]


def test_all_faults_are_told_in_the_order_of_their_lines() -> None:
    bad = GOOD.replace("论坛版块公告", ".*").replace("(?P<name>", "(").replace("新增版块", "新增版塊")
    assert [words.split(": ")[0] for words in describe(bad)] == ["mine.toml:3", "mine.toml:5", "mine.toml:8"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = 'forum'\nmarks = = 3\n", "mine.toml:2: is not TOML: Invalid value in column 9"),
        ("name = 'forum'\nmarks = [\n", "mine.toml:2: is not TOML: Invalid value (at end of document)"),
    ],
)
def test_what_is_no_toml_is_told_with_its_place(text: str, told: str) -> None:
    assert describe(text) == [told]


def test_the_places_of_keys_are_found_in_every_form_of_toml() -> None:
    text = """\
# name = "no"
a = 1979-05-27 07:32:00  # ] }
b.c = '''
[not.a.table]
d = 3
'''
"e.f" = { g = [1, 2], h = "}" }

[i."j k"]
l = [
  [1, 2],  # [
  ["x, ]", 3.14],
]
[[m]]
n = true
[[m]]
n = false
"""
    assert locate_keys(text) == {
        ("a",): 2, ("b",): 3, ("b", "c"): 3, ("e.f",): 7, ("e.f", "g"): 7, ("e.f", "g", 0): 7, ("e.f", "g", 1): 7,
        ("e.f", "h"): 7, ("i",): 9, ("i", "j k"): 9, ("i", "j k", "l"): 10, ("i", "j k", "l", 0): 11,
        ("i", "j k", "l", 0, 0): 11, ("i", "j k", "l", 0, 1): 11, ("i", "j k", "l", 1): 12, ("i", "j k", "l", 1, 0): 12,
        ("i", "j k", "l", 1, 1): 12, ("m",): 14, ("m", 0): 14, ("m", 0, "n"): 15, ("m", 1): 16, ("m", 1, "n"): 17,
    }  # fmt: skip


MARKS = [mark for name in list_profiles() for mark in load_profile(name).marks]
ODD_MARKS = [
    r"甲乙|丙丁",
    r"[类目]开放{2}的(?:公告)?",
    r"类目?公告",
    r"[]类目]公告",
    r"\\(类目\\)(?:甲(乙|丙)丁)?公告",
    r"(?i)类目+公告",
]


@pytest.mark.parametrize("mark", [*MARKS, *ODD_MARKS])
@given(data=st.data())
def test_a_mark_is_found_wherever_its_pattern_is(mark: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(mark))
    profile = structs.replace(load_profile("jd"), marks=(mark,))
    assert re.search(mark, text)
    assert profile.has_mark(text)
