"""The blocks of an entry that are read again say what they said, at the lines where they now stand."""

from __future__ import annotations

import pytest

from scraper.notice.blocks import Blocks, BlocksReading, read_blocks
from scraper.page.lines import Line, make_line
from snapshots.notice import Problem

REQUIREMENT = ["(3选1):", "1、《甲证》", "3、《乙证"]
SCOPE = ["适用于提供宠物服务。", "注:", "1、如提供诊疗,需补充【宠物服务-宠物医院】类目;", "3、【其他。", "阅读 1024"]
PLACES = ("日本", "中国香港")


def at(numbers: list[int], texts: list[str]) -> list[Line]:
    return [make_line(number, text) for number, text in zip(numbers, texts, strict=True)]


def read_anew(blocks: Blocks) -> BlocksReading:
    return read_blocks(blocks, PLACES, roles=[])


@pytest.mark.parametrize("first", [1, 40, 7])
def test_problems_and_strangers_stand_at_the_lines_of_the_page(first: int) -> None:
    requirement = at([first, first + 1, first + 3], REQUIREMENT)
    scope = at([first + 5, first + 6, first + 7, first + 9, first + 12], SCOPE)
    reading = read_blocks(Blocks(requirement, scope, []), PLACES)
    assert reading == read_anew(Blocks(requirement, scope, []))
    assert reading.strangers == (scope[-1],)
    assert {problem.line: problem.code for problem in reading.torn} == dict.fromkeys(
        (first + 3, first + 9), "unpaired-bracket"
    )
    assert {problem.line for problem in reading.problems} <= {line.number for line in (*requirement, *scope)}
    assert reading.problems


def test_the_words_of_one_block_in_another_are_read_as_that_other() -> None:
    lines = at([1], ["适用于提供宠物服务。"])
    standing = Blocks(lines, [], []), Blocks([], lines, []), Blocks([], [], lines)
    readings = [read_blocks(blocks, PLACES) for blocks in standing]
    assert [reading.scope for reading in readings] == [None, "适用于提供宠物服务。", None]
    assert [bool(reading.requirement) for reading in readings] == [True, False, False]


def test_the_places_of_a_profile_decide_what_is_a_region() -> None:
    scope = at([1], ["适用于日本医疗机构主体提供服务。"])
    assert read_blocks(Blocks([], scope, []), PLACES).regions == ("日本",)
    assert read_blocks(Blocks([], scope, []), ("韩国",)).regions == ()


def test_the_torn_bracket_of_a_scope_makes_no_requirement_doubtful_that_shares_its_line() -> None:
    requirement, scope = at([9], ["《甲证》"]), at([9], ["适用于【宠物服务。"])
    reading = read_blocks(Blocks(requirement, scope, []), PLACES)
    assert reading.doubts == ()
    assert reading.torn == (
        Problem(
            line=9,
            text="适用于【宠物服务。",
            code="unpaired-bracket",
            message="【 has no counterpart; a name or a paper may be torn",
            start=3,
            end=4,
        ),
    )
