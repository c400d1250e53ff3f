"""Faults that pages of other months, other goods and other copies have shown, each in the fewest lines that show it."""

from __future__ import annotations

import datetime as dt

import pytest
from outline import outline
from page_making import make_page

from scraper.parse import explain_page, parse_page
from snapshots.notice import Document, NoticeEntry, Reading
from snapshots.requirement import AllOf, Choose, Paper

BLOCKS = "现资质要求\n{requirement}\n类目适用范围\n{scope}"


def read(content: str, name: str = "page.txt") -> Reading:
    return parse_page(make_page(content, name))


def read_document(content: str, name: str = "page.txt") -> Document:
    [document] = read(content, name).documents
    return document


def entry_with(requirement: str, scope: str = "适用于剧本体验。") -> Reading:
    head = "2032年7月小程序类目调整公告\n类目新增\n境外主体\n#【文娱-剧本体验】\n"
    return read(head + BLOCKS.format(requirement=requirement, scope=scope))


def only(reading: Reading) -> NoticeEntry:
    [document] = reading.documents
    [entry] = document.entries
    return entry


def tell(document: Document) -> list[tuple[str, str, list[str]]]:
    return [
        (entry.action, "›".join(entry.path), ["›".join(target) for target in entry.targets])
        for entry in document.entries
    ]


def test_a_joint_on_a_line_of_its_own_joins_the_papers_around_it() -> None:
    reading = entry_with("《食品经营许可证》\n或\n《食品生产许可证》")
    assert reading.problems == ()
    requirement = only(reading).requirement
    assert isinstance(requirement, Choose)
    assert [item.title for item in requirement.items if isinstance(item, Paper)] == ["食品经营许可证", "食品生产许可证"]


def test_a_marker_in_brackets_below_the_last_item_is_that_of_the_list() -> None:
    reading = entry_with("1.《营业执照》\n2.《演出备案》\n(同时提供)")
    assert reading.problems == ()
    assert isinstance(only(reading).requirement, AllOf)
    chosen = only(entry_with("1.《营业执照》\n2.《演出备案》\n(任选其一)")).requirement
    assert isinstance(chosen, Choose)
    assert chosen.n == 1


def test_places_in_brackets_are_branches_and_no_categories() -> None:
    reading = entry_with("【日本】：\n同时提供：\n(1)《登记证明》\n(2)《经营许可》\n【新加坡】：\n《注册证书》")
    assert reading.problems == ()
    requirement = only(reading).requirement
    assert isinstance(requirement, Choose)
    assert [item.label for item in requirement.items if isinstance(item, AllOf)] == ["【日本】", "【新加坡】"]


def test_a_note_behind_the_last_sentence_of_a_scope_is_a_note() -> None:
    entry = only(entry_with("《营业执照》", "适用于剧本体验。注：如提供餐饮，需补充【餐饮-点餐】类目。"))
    assert entry.scope == "适用于剧本体验。"
    assert [note.text for note in entry.notes] == ["如提供餐饮，需补充【餐饮-点餐】类目。"]
    bracketed = only(entry_with("《营业执照》", "适用于剧本体验(含密室等。注：不含酒店)。"))
    assert bracketed.notes == ()


def test_two_dashes_part_a_name_as_one_does() -> None:
    entry = only(entry_with("《营业执照》", "适用于剧本体验。\n注：如提供演出，需补充【文娱——演出（线下）】类目。"))
    assert entry.references[0].targets == (("文娱", "演出（线下）"),)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("平台将于2032年3月1日关闭“游戏-虚拟宠物”、“游戏-电子贺卡”小程序类目。", ["游戏›虚拟宠物", "游戏›电子贺卡"]),
        ("“旅游-签证”类目更名为“旅游-出入境服务”。", ["旅游›签证"]),
        ("各位开发者：如小程序内容与类目不符，平台将下线【工具-效率】类目。", []),
        ("平台将下线【工具-效率】类目下的违规小程序。", []),
    ],
)
def test_what_a_sentence_says_of_a_category(line: str, told: list[str]) -> None:
    document = read_document(f"关于小程序类目调整的公告\n{line}\n新增【社交-兴趣小组】类目。")
    assert [path for _, path, _ in tell(document) if path != "社交›兴趣小组"] == told


@pytest.mark.parametrize(
    ("line", "effective"),
    [
        ("平台将于2032年1月10日起对【家纺】下部分类目进行调整。", dt.date(2032, 1, 10)),
        ("本次调整自发布之日起30日后生效。", dt.date(2032, 1, 17)),
        ("本次调整自发布之日起生效。", dt.date(2031, 12, 18)),
        ("本次调整自发布之日起10个工作日后生效。", None),
        ("平台拟于2032年1月10日对【家纺】下部分类目进行调整。", None),
    ],
)
def test_since_when_the_whole_notice_holds(line: str, effective: dt.date | None) -> None:
    page = f"微信小店类目调整公告\n公告日期：2031.12.18\n{line}\n类目新增\n【家纺-床品】"
    assert read_document(page).effective == effective


@pytest.mark.parametrize("line", ["微信公众平台运营中心 2031-12-18", "微信团队  2031年12月18日 10:30"])
def test_who_publishes_may_stand_before_the_day(line: str) -> None:
    page = f"2032年7月小程序类目调整公告\n{line}\n类目下线\n个人主体\n【工具-占卜】"
    assert read_document(page).published == dt.date(2031, 12, 18)


def test_the_time_of_a_migration_is_no_day_of_publication() -> None:
    table = "迁出类目 | 迁入类目 |\n服饰-夹克 | 服饰-防晒衣 |\n"
    document = read_document(f"京东服饰类目迁移公告\n{table}迁移时间：2033年9月5日至9月8日\n")
    assert document.published is None
    assert [stated.role for stated in document.dates] == ["migration"]


def test_names_of_three_levels_are_parted_where_the_platform_has_them() -> None:
    document = read_document(
        "京东箱包类目调整公告\n京东将于2033年5月20日对以下类目进行调整:\n"
        "【箱包-女包-手拿包】类目下材质为草编的商品迁移至【箱包-功能箱包-草编包】。\n"
    )
    assert document.title == "京东箱包类目调整公告"
    assert tell(document) == [("moved", "箱包›女包›手拿包", ["箱包›功能箱包›草编包"])]
    assert document.entries[0].condition == "材质为草编的商品"


def test_a_closed_row_that_lost_its_last_name_is_not_the_branch_above_it() -> None:
    rows = "".join(f"<tr><td>床品</td><td>枕头</td><td>{name}</td></tr>" for name in ("决明子枕", "", "荞麦枕"))
    header = "<tr><td>二级类目</td><td>三级类目</td><td>四级类目</td></tr>"
    above = "<h1>微信小店类目调整公告</h1><p>对【家纺】下部分类目进行调整。</p><p>关闭类目</p>"
    page = f"<html><body>{above}<table>{header}{rows}</table></body></html>"
    reading = read(page, "page.html")
    assert [entry.path[-1] if entry.path else None for entry in reading.documents[0].entries] == [
        "决明子枕",
        None,
        "荞麦枕",
    ]
    assert "unnamed-row" in [problem.code for problem in reading.problems]


def test_bold_words_of_a_markdown_copy_are_the_same_words() -> None:
    page = (
        "# 2032年8月小程序类目调整公告\n\n## **类目新增**\n\n### 非个人主体\n\n#### **【旅游-房车营地】**\n\n"
        "**现资质要求**\n\n- 《营业执照》\n- 《特种行业许可证》\n\n（二选一）\n\n**类目适用范围**\n\n适用于营地预订。\n"
    )
    reading = read(page, "page.md")
    assert reading.problems == ()
    assert only(reading).path == ("旅游", "房车营地")
    assert outline(only(reading).requirement)[0].startswith("choose 1")


def test_a_related_notice_below_the_content_is_no_second_one() -> None:
    page = (
        "<html><body><div><h1>2031年4-6月小程序类目调整汇总公告</h1><p>类目下线</p><p>个人主体</p><p>#【生活-拼车】</p></div>"
        "<div><h3>相关阅读</h3><a>2031年1-3月小程序类目调整汇总公告</a><p>类目下线</p><p>#【生活-拼桌】</p></div></body></html>"
    )
    assert tell(read_document(page, "page.html")) == [("removed", "生活›拼车", [])]


@pytest.mark.parametrize(
    "title",
    [
        "小程序类目关闭公告",
        "小程序类目更名公告",
        "关于调整部分小程序服务类目的通知",
        "关于关闭“虚拟宠物”等小程序类目的通知",
    ],
)
def test_titles_of_every_action_are_known(title: str) -> None:
    assert read(f"{title}\n【工具-扫码】更名为【工具-识物】。").profile == "wechat-miniprogram"


def test_an_explanation_says_of_each_cell_of_a_row_which_entry_has_it() -> None:
    title = "2032年7月小程序类目调整公告\n"
    rows = (
        "调整类型 | 主体 | 类目 | 备注 |",
        "新增 | 个人主体 | 工具-识物 | 首批 |",
        "下线 | 个人主体 | 工具-占卜 | 次批 |",
    )
    piped = explain_page(make_page(title + "\n".join(rows)))
    assert [line.entries for line in piped.lines] == [(), (), (1,), (2,)]
    names = ("类目 |", "现资质要求 |", "类目适用范围 |")
    cells = ("生活-洗护 |", "《营业执照》 |", "适用于洗护预约。 |", "生活-染发 |", "《许可证》 |", "适用于染发预约。 |")
    below = explain_page(make_page(title + "\n".join(("类目新增", "个人主体", *names, *cells))))
    assert [line.entries for line in below.lines] == [*[()] * 6, *[(1,)] * 3, *[(2,)] * 3]
