"""Markdown copies of a catalogue, as broken as people have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
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
    assert {(problem.code, problem.text) for problem in reading.problems} == {
        ("short-row", "上门喂养"),
        ("short-row", "/"),
    }


def test_the_july_copy_gives_the_categories_of_the_page() -> None:
    page, copy = CORPUS / "wechat-catalogue-2026-07-29.html", CORPUS / "wechat-catalogue-2026-07-29.md"
    if not copy.exists():
        pytest.skip("the corpus of real pages is not here")

    def read(content: bytes, name: str) -> tuple[dict[str, NoticeEntry], Counter[str]]:
        reading = parse_page(make_page(content, name))
        problems = Counter(problem.code for problem in reading.problems)
        return {entry.key: entry for entry in reading.documents[0].entries}, problems

    whole, _ = read(page.read_bytes(), page.name)
    copied, problems = read(copy.read_bytes(), copy.name)
    assert copied.keys() <= whole.keys()
    assert len(copied) == 484
    # Every other row of the page is a short row of the copy.
    assert problems["short-row"] > 0
    titles = {key: [paper.title for paper in entry.papers] for key, entry in copied.items()}
    assert titles == {key: [paper.title for paper in whole[key].papers] for key in copied}
