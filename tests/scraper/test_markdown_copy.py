"""Markdown copies of a catalogue, as broken as people have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from msgspec import structs
from page_making import CORPUS, make_page

from scraper.parse import parse_page
from snapshots.notice import NoticeEntry, Reading

ROW = (
    "二级分类 | 三级分类 | 资质要求 | 类目适用范围 | 备注 || 宠物寄养 | 店内寄养 | "
    "[（2选1）：  1、《动物防疫条件合格证》  2、《营业执照》](./a.html) | 适用于寄养服务。 | / |"
)
COPY = f"""# [#](#list) 小程序开放的服务类目

## [#](#np) 非个人主体小程序开放的服务类目

### [#](#pet) 宠物服务

{ROW}
| 上门喂养 | / |
|
| 宠物殡葬 | / | / | 适用于殡葬服务。  注：  1、如提供诊疗服务，需补充【宠物服务-宠物医院】类目。 | 内测 |
"""


def test_a_glued_header_an_empty_row_and_links_lose_nothing(read_text: Callable[..., Reading]) -> None:
    reading = read_text(COPY, "copy.md")
    entries = reading.documents[0].entries
    assert [entry.path for entry in entries] == [("宠物服务", "宠物寄养", "店内寄养"), ("宠物服务", "宠物殡葬")]
    assert [paper.title for paper in entries[0].papers] == ["动物防疫条件合格证", "营业执照"]
    assert [note.text for note in entries[1].notes] == [
        "如提供诊疗服务，需补充【宠物服务-宠物医院】类目。",
        "内测",
    ]
    assert reading.accounting.unclaimed == 0


def test_a_row_that_lost_cells_is_a_problem_and_no_guess(read_text: Callable[..., Reading]) -> None:
    reading = read_text(COPY, "copy.md")
    assert [(problem.code, problem.text) for problem in reading.problems] == [("short-row", "上门喂养 | /")]


def test_the_july_copy_gives_the_categories_of_the_page() -> None:
    page, copy = CORPUS / "wechat-catalogue-2026-07-29.html", CORPUS / "wechat-catalogue-2026-07-29.md"
    if not copy.exists():
        pytest.skip("the corpus of real pages is not here")

    def read(content: bytes, name: str) -> tuple[dict[str, NoticeEntry], Counter[str]]:
        reading = parse_page(make_page(content, name))
        problems = Counter(problem.code for problem in reading.problems)
        entries = [structs.replace(entry, lines=(0, 0)) for entry in reading.documents[0].entries]
        return {entry.key: entry for entry in entries}, problems

    whole, _ = read(page.read_bytes(), page.name)
    copied, problems = read(copy.read_bytes(), copy.name)
    assert copied.keys() <= whole.keys()
    assert copied == {key: entry for key, entry in whole.items() if key in copied}
    # Nothing tells whether the `/` of 「挂号 | /」 is the requirement or the remark; three other rows are like it.
    assert len(whole) - len(copied) == problems["short-row"] == 4


HEAD = """## 非个人主体小程序开放的服务类目

### 生活服务

二级分类 | 三级分类 | 资质要求 | 类目适用范围 | 备注 ||"""


def paths_and_problems(reading: Reading) -> tuple[list[tuple[str, ...]], list[str]]:
    entries = reading.documents[0].entries
    return [entry.path[1:] for entry in entries], [problem.text for problem in reading.problems]


def test_a_name_alone_is_the_third_level_beside_the_one_above(read_text: Callable[..., Reading]) -> None:
    copy = f"{HEAD} 网约车 | 快车 | 《甲》 | 适用于约车。 | / |\n| 专车 |\n| 租车 | / | / | 适用于租车。 | / |\n"
    reading = read_text(copy, "copy.md")
    assert paths_and_problems(reading) == ([("网约车", "快车"), ("网约车", "专车"), ("租车",)], [])
    first, second, third = reading.documents[0].entries
    assert (second.requirement, second.scope) == (first.requirement, first.scope)
    assert third.scope == "适用于租车。"


def test_the_scope_tells_the_columns_around_it(read_text: Callable[..., Reading]) -> None:
    copy = (
        f"{HEAD} 预付卡 | 发行方 | 《甲》 | 适用于发卡。 | / |\n| 代售 | 适用于代售。 | 内测。 |\n"
        "| 直播 | / | 《乙》 | 适用于直播。 | 限时开放。 |\n"
        "| 问答 | / | （2选1）：  1、《丙》  2、《丁》 | 适用于问答。 |\n"
    )
    reading = read_text(copy, "copy.md")
    assert paths_and_problems(reading) == ([("预付卡", "发行方"), ("预付卡", "代售"), ("直播",), ("问答",)], [])
    first, second, third, fourth = reading.documents[0].entries
    assert second.requirement == first.requirement
    assert [note.text for note in second.notes] == ["内测。"]
    assert [paper.title for paper in fourth.papers] == ["丙", "丁"]
    assert fourth.notes == third.notes


def test_a_slash_that_may_stand_in_two_columns_is_read_where_both_say_the_same(
    read_text: Callable[..., Reading],
) -> None:
    rest = "适用于丽人服务。 | / |\n| 美容 | / |\n"
    same = read_text(f"{HEAD} 丽人服务 | 美甲 | / | {rest}", "copy.md")
    assert paths_and_problems(same) == ([("丽人服务", "美甲"), ("丽人服务", "美容")], [])
    other = read_text(f"{HEAD} 丽人服务 | 美甲 | 《甲》 | {rest}", "copy.md")
    assert paths_and_problems(other) == ([("丽人服务", "美甲")], ["美容 | /"])


@pytest.mark.parametrize(
    "short",
    [
        "| 仓储 |",  # 快递柜 has no third level: a second level, whose cells may be anything
        "| 仓储 | / |",
        "| 仓储 | / | 适用于仓储。 | / |",  # the requirement is shared, or lost
        "| 仓储 | / | 《乙》 | / |",  # no scope is shared by two second levels
        "| 仓储 | / | 《乙》 | 适用于仓储。 | / | 适用于别的。 |",
    ],
)
def test_what_leaves_a_choice_is_a_problem_and_so_is_what_rests_on_it(
    read_text: Callable[..., Reading], short: str
) -> None:
    copy = (
        f"{HEAD} 快递柜 | / | 《甲》 | 适用于快递柜。 | / |\n{short}\n| 分拣 |\n| 寄存 | / | / | 适用于寄存。 | / |\n"
    )
    reading = read_text(copy, "copy.md")
    paths, problems = paths_and_problems(reading)
    assert paths == [("快递柜",), ("寄存",)]
    assert problems == [" | ".join(cell.strip() for cell in short.strip("| ").split("|")), "分拣"]
    assert reading.documents[0].complete_for == ()


def test_a_sign_that_is_escaped_parts_no_cells(read_text: Callable[..., Reading]) -> None:
    copy = f"{HEAD} 天气 | / | / | 适用于天气\\|气象。 | / |\n| 日历 | / | / | 适用于日历。 | / |\n"
    reading = read_text(copy, "copy.md")
    assert reading.documents[0].entries[0].scope == "适用于天气|气象。"
