"""A listing: a page that lists categories and does not claim to list all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from page_making import CORPUS, make_page

from scraper.parse import parse_page
from snapshots.notice import Reading
from snapshots.period import InForce

PAGE = """<!DOCTYPE html><html><body><ul><li>服务条款</li><li>特殊行业所需资质材料</li></ul>
<div>特殊行业所需资质材料</div><table>
<thead><tr><th>一级类目</th><th>二级类目</th><th>法务建议资质文件</th></tr></thead>
<tr><td>医疗</td><td>就医服务</td><td>健康咨询：《增值电信业务经营许可证》</td></tr>
<tr><td>医疗</td><td>就医服务</td><td>医疗机构：《医疗机构执业许可证》</td></tr>
<tr><td>美食</td><td>餐饮</td><td>《食品经营许可证》</td></tr></table><div>关于腾讯</div></body></html>"""


def test_a_listing_is_complete_for_nothing_and_each_row_is_an_entry(read_text: Callable[..., Reading]) -> None:
    reading = read_text(PAGE, "page.html")
    document = reading.documents[0]
    assert (document.kind, document.title, document.complete_for) == ("listing", "特殊行业所需资质材料", ())
    assert [(entry.action, entry.path) for entry in document.entries] == [
        ("listed", ("医疗", "就医服务")),
        ("listed", ("医疗", "就医服务")),
        ("listed", ("美食", "餐饮")),
    ]
    assert [[paper.title for paper in entry.papers] for entry in document.entries] == [
        ["增值电信业务经营许可证"],
        ["医疗机构执业许可证"],
        ["食品经营许可证"],
    ]
    assert document.preamble == ()
    assert reading.accounting.outside_content == 3


def test_that_nobody_says_who_may_apply_is_one_problem_of_the_page(read_text: Callable[..., Reading]) -> None:
    reading = read_text(PAGE, "page.html")
    assert {entry.entity_type for entry in reading.documents[0].entries} == {None}
    assert [problem.code for problem in reading.problems] == ["no-entity-type"]


def test_the_real_listing_is_in_force_since_its_capture() -> None:
    path = CORPUS / "wechat-special-2016-09-22.html"
    if not path.exists():
        pytest.skip("the corpus of real pages is not here")
    reading = parse_page(make_page(path.read_bytes(), path.name), captured=dt.date(2016, 9, 22))
    document = reading.documents[0]
    assert (document.kind, document.complete_for) == ("listing", ())
    assert document.in_force == InForce(dt.date(2016, 9, 22), "captured")
    assert Counter(entry.path[0] for entry in document.entries) == {
        "医疗": 5,
        "金融业": 5,
        "出行与交通": 2,
        "美食": 1,
        "富媒体": 2,
        "电商": 2,
    }
    assert [entry.path for entry in document.entries].count(("医疗", "就医服务")) == 3
    assert [problem.code for problem in reading.problems] == ["no-entity-type", "cut-off", "cut-off"]
    assert reading.accounting.unclaimed == 0
