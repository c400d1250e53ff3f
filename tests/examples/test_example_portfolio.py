"""The example portfolio over the example pages: each line as the pages have it."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from differ.impact.impact import CategoryImpact
from noticediff.impact import find_impact
from noticediff.pipeline import derive_reading, list_documents
from noticediff.portfolio import load_portfolio
from scraper.fetching.read import read_page
from scraper.profile.profile import gather_profiles
from snapshots.snapshot import StoredDocument

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = dt.date(2026, 1, 31)
CAPTURED = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)

EXPECTED = {
    # program, category as in the portfolio: state, since, what the page asks for in the smallest set
    ("喵屋寄养", "宠物服务-宠物寄养"): ("unsatisfied", "2025-09-30", "《宠物寄养责任保险单》(保险期限不少于一年)"),
    ("汪汪驿站", "寵物服務 – 寵物寄養"): ("satisfied", "2025-03-31", ""),
    ("汪汪驿站", "宠物服务-宠物医院"): ("satisfied", "2026-01-15", ""),
    ("书虫", "文化服务-数字藏书"): ("satisfied", "2025-03-31", ""),
    ("旧书摊", "生活服务-二手图书"): ("check", "2025-03-31", "《出版物经营许可证》(经营范围含“图书零售”)"),
    ("小小研学", "教育培训-研学旅行"): ("undecided", "2025-12-31", "教育主管部门公布的研学基地名单截图"),
    ("私厨到家", "餐饮服务-私厨上门"): ("removed", "2025-09-30", ""),
    ("声音工坊", "工具-语音合成"): (
        "undecided", "2025-09-30", "合作模型 + 《模型调用证明》(证明须含【调用主体】、【有效期】等内容)",
    ),
    ("家电管家", "家政服务 > 家电清洗"): ("satisfied", "2026-01-15", ""),
    ("碧波泳馆", "体育服务-游泳馆"): ("unsatisfied", "2026-01-01", "《公共场所卫生许可证》"),
    ("碧波泳馆", "体育服务-体育培训"): ("satisfied", "2026-01-15", ""),
    ("海岛渡轮", "出行与交通-渡轮船票"): ("unsatisfied", "2025-09-30", "与码头经营方签订的《泊位使用协议》"),
    ("洗衣侠", "生活服务-洗衣"): ("undecided", "2026-01-15", ""),
    ("暖阳照护", "养老服务-居家照护"): ("satisfied", "2025-06-30", ""),
    ("暖阳照护", "养老服务-居家看护"): ("undecided", None, ""),
}  # fmt: skip


@cache
def assess() -> dict[tuple[str, str], CategoryImpact]:
    documents: list[StoredDocument] = []
    for number, name in enumerate(("2025Q1", "2025Q2", "2025Q3", "2025Q4", "catalogue"), 1):
        read = derive_reading(
            read_page(str(EXAMPLES / "pages" / f"{name}.html"), None), profile=None, profiles=gather_profiles(())
        )
        documents += list_documents(read, source=None, captured=CAPTURED, sequence=number)
    found = find_impact(documents, load_portfolio(EXAMPLES / "portfolio.toml"), day=DAY)
    return {(program.program, impact.category): impact for program in found.programs for impact in program.categories}


def test_the_portfolio_has_a_dozen_programs() -> None:
    assert len({program for program, _ in EXPECTED}) == 12
    assert set(assess()) == set(EXPECTED)


@pytest.mark.parametrize("row", EXPECTED, ids=" ".join)
def test_a_program_stands_as_the_pages_have_it(row: tuple[str, str]) -> None:
    impact = assess()[row]
    smallest = impact.now.ways[0] if impact.now.ways else ()
    since = None if impact.since is None else impact.since.date.isoformat()
    assert (impact.now.state, since, " + ".join(answer.text for answer in smallest)) == EXPECTED[row]


def test_conditional_needs_and_new_names_are_told() -> None:
    found = assess()
    lack = found["喵屋寄养", "宠物服务-宠物寄养"].now.lacks[0]
    assert (lack.targets, lack.condition) == ((("宠物服务", "宠物医院"),), "如提供宠物诊疗服务")
    assert found["汪汪驿站", "寵物服務 – 寵物寄養"].now.lacks == ()
    assert found["碧波泳馆", "体育服务-游泳馆"].now.lacks == ()
    assert found["书虫", "文化服务-数字藏书"].now.goes_on_as == (("文化服务", "电子书阅读"),)
