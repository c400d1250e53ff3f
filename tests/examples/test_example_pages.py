"""The example pages say what was written into them, and the parser has no question about any of them."""

from __future__ import annotations

import tomllib
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from noticediff.config import load_config
from scraper.fetching.links import extract_links
from scraper.parse import parse_page
from snapshots.category import CategoryPath, EntityType
from snapshots.notice import NoticeEntry, Page, Reading
from snapshots.requirement import AllOf, Choose, NoneRequired, Requirement

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

NOTICES = {
    "2025Q1": """
        added non_personal 宠物服务-宠物寄养
        added non_personal 教育培训-研学旅行
        added non_personal 文化服务-数字藏书
        added overseas 本地服务-滑雪培训
        adjusted non_personal 生活服务-二手图书
        adjusted non_personal 餐饮服务-私厨上门
        adjusted non_personal 能源服务-充电桩运营
        adjusted overseas 出行与交通-渡轮船票
    """,
    "2025Q2": """
        added non_personal 出行服务-房车租赁
        added non_personal 养老服务-居家照护
        added overseas 本地服务-温泉酒店
        adjusted non_personal 宠物服务-宠物寄养
        adjusted non_personal 家政服务-家电清洗
        adjusted non_personal 医疗服务-中医推拿
        adjusted non_personal 文化服务-剧本娱乐
        removed non_personal 教育培训-研学旅行
    """,
    "2025Q3": """
        added non_personal 工具-语音合成
        added non_personal 农业服务-农机共享
        added overseas 教育培训-语言培训
        adjusted non_personal 宠物服务-宠物寄养
        adjusted non_personal 生活服务-二手图书
        adjusted overseas 出行与交通-渡轮船票
        renamed non_personal 文化服务-数字藏书
        removed non_personal 餐饮服务-私厨上门
    """,
    "2025Q4": """
        added non_personal 教育培训-研学旅行
        added non_personal 体育服务-游泳馆
        renamed non_personal 文化服务-剧本娱乐
        removed overseas 本地服务-线上看房
        adjusted non_personal 出行服务-房车租赁
        adjusted non_personal 养老服务-居家照护
        adjusted non_personal 能源服务-充电桩运营
        adjusted overseas 本地服务-温泉酒店
    """,
}

CATALOGUE = """
    listed non_personal 宠物服务-宠物寄养
    listed non_personal 宠物服务-宠物医院
    listed non_personal 教育培训-研学旅行
    listed non_personal 教育培训-职业培训-技工教育
    listed non_personal 教育培训-职业培训-驾驶培训
    listed non_personal 文化服务-电子书阅读
    listed non_personal 文化服务-剧本推理
    listed non_personal 文化服务-美术馆
    listed non_personal 生活服务-二手图书
    listed non_personal 生活服务-洗衣-到店洗衣
    listed non_personal 生活服务-洗衣-上门取送
    listed non_personal 能源服务-充电桩运营
    listed non_personal 能源服务-换电服务
    listed non_personal 出行服务-房车租赁
    listed non_personal 出行服务-汽车租赁
    listed non_personal 养老服务-居家照护
    listed non_personal 养老服务-老年大学
    listed non_personal 家政服务-家电清洗
    listed non_personal 家政服务-家电维修
    listed non_personal 医疗服务-中医推拿
    listed non_personal 工具-语音合成
    listed non_personal 工具-计算器
    listed non_personal 农业服务-农机共享
    listed non_personal 体育服务-游泳馆
    listed non_personal 体育服务-体育培训
    listed overseas 本地服务-滑雪培训
    listed overseas 本地服务-温泉酒店
    listed overseas 出行与交通-渡轮船票
    listed overseas 出行与交通-机场接送
    listed overseas 教育培训-语言培训
"""

PAGES = {**NOTICES, "catalogue": CATALOGUE}

# Renamed without a word about the content: what the catalogue lists under the new name is what the old one had.
FORMER_NAMES: dict[CategoryPath, CategoryPath] = {
    ("文化服务", "电子书阅读"): ("文化服务", "数字藏书"),
    ("文化服务", "剧本推理"): ("文化服务", "剧本娱乐"),
}


def load_example(name: str) -> Page:
    content = (EXAMPLES / "pages" / f"{name}.html").read_bytes()
    return Page(name=f"http://localhost/{name}.html", content=content, sha256=sha256(content).hexdigest())


@cache
def read_example(name: str) -> Reading:
    return parse_page(load_example(name))


def entries_of(name: str) -> tuple[NoticeEntry, ...]:
    (document,) = read_example(name).documents
    return document.entries


def find_entry(name: str, *path: str) -> NoticeEntry:
    return next(entry for entry in entries_of(name) if entry.path == path)


def measure_depth(requirement: Requirement | None) -> int:
    if isinstance(requirement, AllOf | Choose):
        return 1 + max(measure_depth(item) for item in requirement.items)
    return 0


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_without_a_problem_and_without_a_lost_line(name: str) -> None:
    reading = read_example(name)
    assert reading.problems == ()
    assert reading.accounting.unclaimed == 0
    assert reading.accounting.claimed == reading.accounting.content_lines > 0


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_entries_that_were_written_into_it(name: str) -> None:
    found = [f"{entry.action} {entry.entity_type} {'-'.join(entry.path)}" for entry in entries_of(name)]
    assert found == [line.strip() for line in PAGES[name].strip().splitlines()]


@pytest.mark.parametrize(
    ("name", "title", "end"),
    [
        ("2025Q1", "2025年1-3月小程序类目调整汇总公告", "2025-03-31"),
        ("2025Q2", "2025年4-6月小程序类目调整汇总公告", "2025-06-30"),
        ("2025Q3", "2025年7-9月小程序类目调整汇总公告", "2025-09-30"),
        ("2025Q4", "2025年10-12月小程序类目调整汇总公告", "2025-12-31"),
    ],
)
def test_a_notice_holds_from_the_end_of_its_quarter(name: str, title: str, end: str) -> None:
    (document,) = read_example(name).documents
    assert document.in_force is not None
    assert (document.title, document.publisher) == (title, "示例平台运营中心")
    assert (str(document.in_force.date), document.in_force.basis) == (end, "period_end")


def test_the_category_that_is_adjusted_twice_asks_for_one_more_paper_each_time() -> None:
    path = ("宠物服务", "宠物寄养")
    papers = [[paper.title for paper in find_entry(name, *path).papers] for name in ("2025Q1", "2025Q2", "2025Q3")]
    assert [title for title in papers[1] if title not in papers[0]] == ["寄养场所消防安全检查合格证"]
    assert [title for title in papers[2] if title not in papers[1]] == ["宠物寄养责任保险单"]


def test_the_restated_category_says_the_same_twice() -> None:
    first, second = (find_entry(name, "生活服务", "二手图书") for name in ("2025Q1", "2025Q3"))
    assert (first.requirement, first.scope, first.notes) == (second.requirement, second.scope, second.notes)


def test_the_year_has_the_forms_that_real_notices_have() -> None:
    beta = find_entry("2025Q1", "本地服务", "滑雪培训")
    assert (beta.closed_beta, beta.emails, beta.regions) == (
        True,
        ("miniprogram@example.com",),
        ("日本", "韩国", "瑞士"),
    )
    assert beta.unsupported == ("雪具租赁服务",)
    assert find_entry("2025Q2", "家政服务", "家电清洗").requirement is None
    assert measure_depth(find_entry("2025Q2", "出行服务", "房车租赁").requirement) == 3
    assert find_entry("2025Q3", "文化服务", "数字藏书").targets == (("文化服务", "电子书阅读"),)
    roles = {reference.role for name in NOTICES for entry in entries_of(name) for reference in entry.references}
    assert roles == {"also_needed", "choose", "choose_instead"}


def test_the_catalogue_lists_what_the_notices_left_open_with_the_same_content() -> None:
    stated: dict[tuple[EntityType | None, CategoryPath], NoticeEntry] = {}
    for name in NOTICES:
        for entry in entries_of(name):
            here = (entry.entity_type, entry.path)
            if entry.action == "removed":
                stated.pop(here, None)
            elif entry.action != "renamed":
                stated[here] = entry
    listed = {(entry.entity_type, FORMER_NAMES.get(entry.path, entry.path)): entry for entry in entries_of("catalogue")}
    assert len(stated) == 17
    for here, entry in stated.items():
        again = listed[here]
        assert (again.application, again.scope, again.notes) == (entry.application, entry.scope, entry.notes), here
        # Where the notice does not state a requirement the catalogue alone says that none is required.
        assert again.requirement == (entry.requirement or NoneRequired()), here


def test_the_list_page_leads_to_the_four_notices_and_nowhere_else() -> None:
    links = extract_links(load_example("index"), match="类目调整", selector="ul.announcements")
    assert [link.url for link in links] == [f"http://localhost/{name}.html" for name in reversed(NOTICES)]


def test_the_example_configuration_is_a_good_one() -> None:
    path = EXAMPLES / "noticediff.toml"
    assert [source["name"] for source in tomllib.loads(path.read_text(encoding="utf-8"))["source"]] == [
        source.name for source in load_config(path).sources
    ]
    assert [source.kind for source in load_config(path).sources] == ["list", "catalogue"]
