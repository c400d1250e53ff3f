"""Rows of notices that have a category's name twice, before and after, or only a part of it twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from notice_pages import WECHAT, as_html, as_piped, cell, page, text
from outline import outline

from snapshots.notice import NoticeEntry, Reading

Read = Callable[..., Reading]
LEVELS = ("一级类目", "二级类目")


def draw(*rows: Sequence[str]) -> str:
    return as_html([[cell(words) for words in row] for row in rows])


def entries_of(reading: Reading) -> tuple[NoticeEntry, ...]:
    (document,) = reading.documents
    return document.entries


@pytest.mark.parametrize(
    "names",
    [
        ("三级类目", "调整后三级类目"),
        ("三级类目", "调整后三级类目(更名)"),
        ("原三级类目", "三级类目"),
        ("三级类目(更名前)", "三级类目(更名后)"),
        ("三级类目", "更名后"),
    ],
)
def test_a_level_beside_its_new_name_is_renamed_below_the_levels_of_both(read_text: Read, names: Sequence[str]) -> None:
    rows = [(*LEVELS, *names), ("生活服务", "潜水", "深潜", "浅潜"), ("生活服务", "潜水", "自由潜", "水肺潜")]
    for table in (draw(*rows), as_piped([[cell(words) for words in row] for row in rows])):
        build = page if table.startswith("<") else text
        reading = read_text(build(WECHAT, "类目更名", "非个人主体", table))
        assert [(entry.action, entry.path, entry.targets) for entry in entries_of(reading)] == [
            ("renamed", ("生活服务", "潜水", "深潜"), (("生活服务", "潜水", "浅潜"),)),
            ("renamed", ("生活服务", "潜水", "自由潜"), (("生活服务", "潜水", "水肺潜"),)),
        ]
        assert reading.problems == ()


def test_a_row_that_is_not_renamed_is_of_the_name_that_it_has(read_text: Read) -> None:
    table = draw(
        ("调整方式", *LEVELS, "三级类目", "调整后三级类目"),
        ("更名", "生活服务", "潜水", "深潜", "浅潜"),
        ("新增", "生活服务", "潜水", "", "水肺"),
        ("新增", "生活服务", "潜水", "洞潜", "/"),
        ("关闭", "生活服务", "潜水", "水上", ""),
        ("调整", "生活服务", "潜水", "夜潜", "夜间潜"),
        ("不变", "生活服务", "潜水", "水下", "水下"),
    )
    reading = read_text(page(WECHAT, "非个人主体", table))
    assert [(entry.action, entry.path[-1], [path[-1] for path in entry.targets]) for entry in entries_of(reading)] == [
        ("renamed", "深潜", ["浅潜"]),
        ("added", "水肺", []),
        ("added", "洞潜", []),
        ("removed", "水上", []),
        ("renamed", "夜潜", ["夜间潜"]),
    ]
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("生活服务", "潜水", "深潜", ""), "unnamed-row"),
        (("生活服务", "潜水", "", "浅潜"), "unnamed-row"),
        (("生活服务", "", "深潜", "浅潜"), "unnamed-row"),
        (("生活服务", "潜水", "深潜", "深潜"), "same-name"),
    ],
    ids=["no new name", "no old name", "a level that both share is lost", "one name twice"],
)
def test_a_renamed_row_without_two_names_is_a_problem(read_text: Read, row: Sequence[str], code: str) -> None:
    table = draw((*LEVELS, "三级类目", "调整后三级类目"), ("生活服务", "潜水", "夜潜", "夜间潜"), row)
    reading = read_text(page(WECHAT, "类目更名", "非个人主体", table))
    assert [entry.path[-1] for entry in entries_of(reading)] == ["夜潜"]
    assert {problem.code for problem in reading.problems} == {code}


def test_a_requirement_beside_the_new_one_is_what_was_asked_for_before(read_text: Read) -> None:
    table = draw(("类目", "资质要求", "调整后资质要求"), ("生活服务-潜水", "《甲证》", "《乙证》"))
    (entry,) = entries_of(read_text(page(WECHAT, "类目调整", "非个人主体", table)))
    assert entry.before is not None
    assert (outline(entry.before.requirement), outline(entry.requirement)) == (["paper 甲证"], ["paper 乙证"])
    assert entry.attributes == ()


def test_an_unknown_column_between_known_ones_is_an_attribute_with_a_cell_on_a_line_too(read_text: Read) -> None:
    header = ("类目", "资质要求", "保证金", "类目适用范围")
    row = ("生活服务-潜水", "《营业执照》", "500", "适用于提供潜水服务")
    lines = "\n".join(f"{words} |" for words in (*header, *row))
    (entry,) = entries_of(read_text(text(WECHAT, "类目新增", "非个人主体", lines)))
    assert [(column.name, column.value) for column in entry.attributes] == [("保证金", "500")]
    assert entry.scope == "适用于提供潜水服务"
