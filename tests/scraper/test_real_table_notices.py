"""The real notices that are laid out as tables and sentences, as people have them: cut, flattened, half lost."""

from __future__ import annotations

from collections import Counter

import pytest
from outline import outline
from page_making import CORPUS, make_page

from scraper.notice.cut import PageCutError
from scraper.parse import parse_page
from snapshots.notice import Reading


def read_real(name: str) -> Reading:
    path = CORPUS / name
    if not path.exists():
        pytest.skip("the corpus of real pages is not here")
    try:
        reading = parse_page(make_page(path.read_bytes(), name))
    except PageCutError as cut:
        reading = cut.reading
    assert reading.accounting.unclaimed == 0
    return reading


def codes(reading: Reading) -> Counter[str]:
    return Counter(problem.code for problem in reading.problems)


def test_the_flattened_table_of_october_2022() -> None:
    reading = read_real("wechat-notice-2022-10-table-excerpt.txt")
    (document,) = reading.documents
    assert document.title == "2022年10月小程序类目调整"
    assert str(document.period and document.period.end) == "2022-10-31"
    assert [(entry.action, entry.path, entry.lines) for entry in document.entries] == [
        ("added", ("政务民生", "信用"), (31, 45)),
        ("adjusted", ("IT科技", "电信业务代理商"), (69, 82)),
        ("adjusted", ("商家自营", "电话卡销售"), (88, 106)),
    ]
    credit, agent, cards = document.entries
    assert outline(credit.requirement)[0] == "choose 1 | (2选1)"
    assert outline(agent.requirement)[0] == outline(cards.requirement)[0] == "all of | 同时提供"
    assert len(outline(cards.requirement)) == 5
    assert credit.scope == "适用于提供社会信用中心相关业务"
    assert [entry.references[0].targets for entry in (credit, agent)] == [
        (("金融服务", "征信业务"),),
        (("商家自营", "电话卡销售"),),
    ]
    assert codes(reading) == {"no-entity-type": 3, "unfinished-entry": 6, "cut": 1}
    assert reading.problems[-1].line == 126


def test_the_before_and_after_of_june_2020() -> None:
    reading = read_real("baidu-notice-2020-06-24-before-after.txt")
    (document,) = reading.documents
    assert str(document.effective) == "2020-06-24"
    assert {entry.action for entry in document.entries} == {"adjusted"}
    assert [entry.path for entry in document.entries] == [
        ("商业服务", "会计、审计、财务服务"),
        ("汽车", "汽车经销商/4s店"),
        *[("汽车", "汽车销售", name) for name in ("新车销售", "二手车销售", "车展服务", "汽车预售")],
    ]
    told, *rows = document.entries
    assert (told.requirement, told.before) == (None, None)  # the sentence says that papers were added, not all of them
    licence = "工信部道路机动车辆生产企业准入许可"
    for entry in rows:
        assert entry.before is not None
        before, after = "\n".join(outline(entry.before.requirement)), "\n".join(outline(entry.requirement))
        assert before.count(licence) == after.count(licence) + 1
    assert codes(reading) == {"unfinished-entry": 3, "cut": 1}


def test_the_moved_goods_of_november_2022() -> None:
    reading = read_real("jd-notice-2022-11-05-migrate.txt")
    (document,) = reading.documents
    added, *moved = document.entries
    canvas = ("箱包皮具", "功能箱包", "帆布包/袋")
    assert (added.action, added.path) == ("added", canvas)
    assert [entry.path[1:] for entry in moved] == [
        ("潮流女包", "单肩包"),
        ("潮流女包", "斜挎包"),
        ("潮流女包", "手提包"),
        ("精品男包", "单肩/斜挎包"),
    ]
    for entry in moved:
        assert (entry.action, entry.extent, entry.targets) == ("moved", "part", (canvas,))
        assert entry.condition is not None
        assert entry.condition.startswith("包体材质全部为粗帆布或细帆布的")
    stated = [(date.role, str(date.start), str(date.end)) for date in document.dates]
    assert stated == [
        ("comment", "2022-10-29", "None"),
        ("effective", "2022-11-05", "None"),
        ("migration", "2022-11-14", "2022-11-20"),
    ]
    assert reading.problems == ()


def test_the_closed_categories_whose_names_the_page_lost() -> None:
    reading = read_real("wechat-store-notice-2025-12-15.txt")
    (document,) = reading.documents
    assert [(entry.action, entry.path) for entry in document.entries] == [
        *[("added", ("厨具", "水具酒具", "水具", name)) for name in ("搪瓷杯", "钛杯", "琉璃器具")],
        *[("removed", ())] * 15,
    ]
    for entry in document.entries[:3]:
        assert [attribute.value for attribute in entry.attributes] == ["1000", "1000", "开放"]
    for entry in document.entries[3:]:
        assert [attribute.value for attribute in entry.attributes] == ["1000", "1000"]
        assert [(date.role, str(date.start)) for date in entry.dates] == [("closes", "2025-12-12")]
    assert [(date.role, str(date.start)) for date in document.dates] == [
        ("effective", "2025-12-15"),
        ("closes", "2025-12-12"),
    ]
    assert codes(reading) == {"unnamed-row": 15, "unread-sentence": 1}
