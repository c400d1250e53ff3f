"""The first real notice, 2025年1-3月, against results written by hand from the page."""

from __future__ import annotations

from textwrap import dedent

import pytest
from outline import outline

from snapshots.notice import NoticeEntry, Reading

EXPECTED = {
    "國際客運": """
        choose 1 | (二選一)
          choose 1 | 自營型提供 | (4選1)
            paper 道路運輸經營許可證 | label=班車客運 | qualifier=范圍含“國際客運”相關內容
            paper 國際班輪運輸經營資格登記證 | label=國際班輪客運 | qualifier=范圍含“旅客運輸服務”等相關內容
            paper 國際船舶運輸經營許可證 | label=國際船舶客運 | qualifier=范圍含“旅客運輸服務”等相關內容
            text 省級交通運輸主管部門許可證明(國際客船、口岸間國際旅客運輸等)
            note 若同時涉及客運/客船服務,需同時提供對應資質。
          all of | 票務代理 | 同時提供
            text 與有資質主體公司的合作協議
            choose 1 | 該資質主體公司的經營國際客運許可證件 | (④選①)
              paper 道路運輸經營許可證 | label=班車客運 | qualifier=范圍含“國際客運”相關內容
              paper 國際班輪運輸經營資格登記證 | label=國際班輪客運 | qualifier=范圍含“旅客運輸服務”等相關內容
              paper 國際船舶運輸經營許可證 | label=國際船舶客運 | qualifier=范圍含“旅客運輸服務”等相關內容
              text 省級交通運輸主管部門許可證明(國際客船、口岸間國際旅客運輸等)
              note 若同時涉及客運/客船服務,需同時提供對應資質。
        """,
    "就醫服務": """
        choose 1 | (3選1)
          text 衛健委(衛生健康委員會)批文或醫管局批文
          all of | 、
            text 簽訂協議的合作醫院列表
            text 與其中一家醫院簽訂的協議樣本
            paper 醫療機構執業許可證 | holder=該協議醫院
            text 小程序申請者的承諾書
          all of | 平臺類型服務 | 及
            paper 小程序開發者承諾函
            text 其他平臺良好經營情況的證明材料(如app store 評分超過50萬人及app內提供該類目的服務內容截圖)
        """,
    "上門醫療": """
        choose 1 | (2選1)
          text 衛健委(衛生健康委員會)批文或醫管局批文
          all of | 同時提供
            paper 合作協議 | holder=小程序主體與醫療機構 | qualifier=內容含“上門醫療護理”相關 | count=兩家或以上
            paper 醫療機構執業許可證 | holder=該合作醫療機構 | count=兩家或以上
            text 小程序申請者的承諾書
        """,
    "AI問答": """
        choose 1
          all of | 使用自研技術,提供
            paper 互聯網信息服務算法備案 | holder=小程序主體 | qualifier=算法類型為“生成合成類”
            note 點擊可查看資質示例
          choose 1 | 使用第三方技術 | (2選1)
            all of | 同時提供
              paper 互聯網信息服務算法備案 | holder=技術主體 | qualifier=算法類型為“生成合成類(深度合成)”
              text 小程序主體與技術主體的合作協議(協議須含【算法名稱】或【算法應用場景】或【備案編號】相關內容)
              note 點擊可查看資質示例
            paper 在用證明 | qualifier=證明須含【小程序主體】 、【小程序appid】 、【訂單有效期】、【算法備案號】等內容
        """,
    "募捐服務": """
        choose 1 | (2選1)
          all of | 慈善組織 | 同時提供
            paper 慈善組織公開募捐資質證書
            choose 1 | 或
              paper 基金會法人登記證書
              paper 社團法人登記證書 | qualifier=性質需為慈善組織
          all of | 募捐服務平臺提供
            paper 慈善組織互聯網募捐信息平臺公告 | qualifier=截圖
        """,
    "慈善信息服務": """
        choose 1 | (3選1)
          paper 基金會法人登記證書 | label=基金會
          paper 社團法人登記證書 | label=慈善組織 | qualifier=性質需為慈善組織
          all of | 企業主體 | 及
            paper 社團法人登記證書 | holder=合作慈善組織 | qualifier=性質需為慈善組織
            paper 捐贈協議 | holder=與該慈善組織
        """,
    "網約車": """
        choose 1 | (2選1)
          all of | 自營型主體 | 同時提供
            text 當地網約車資質(原件及中/英文翻譯件)
            text 該網約車資質在當地政府官網的公示截圖
          all of | 平臺型主體 | 需同時提供
            paper 合作協議 | holder=小程序主體與當地合作的網約車主體
            text 該資質主體公司的網約車資質(原件及中/英文翻譯件)
            text 該網約車資質在當地政府官網的公示截圖
        """,
    "跑腿": "not stated",
    "票務": "not stated",
    "醫療資訊": """
        all of | (同時提供)
          text 當地相關的醫療資質(原件及中/英文翻譯件)
          text 當地政府核實資質官網公示截圖
        """,
    "航空代理": """
        all of | 同時提供
          paper 合作協議 | holder=與航空公司/機場主體
          choose 1 | /
            paper 公共航空運輸企業經營許可證 | holder=該航空公司/機場主體
            paper 機場使用許可證
        """,
    "商用設備機械銷售": """
        paper 營業執照 | qualifier=經營范圍需含“機械設備銷售”等相關內容
        note 若《營業執照》無經營許可信息,需同時補充提供官網查詢許可經營范圍截圖(可與營業執照拼圖后上傳)
        """,
}


def entry_named(reading: Reading, name: str) -> NoticeEntry:
    return next(entry for entry in reading.documents[0].entries if entry.path[-1] == name)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_difficult_requirement_is_the_tree_that_a_person_reads(real_notice: Reading, name: str) -> None:
    assert outline(entry_named(real_notice, name).requirement) == dedent(EXPECTED[name]).strip().split("\n")


def test_the_head_of_the_notice_is_read(real_notice: Reading) -> None:
    document = real_notice.documents[0]
    assert (document.kind, document.title, document.publisher) == (
        "notice",
        "2025年1-3月小程序類目調整匯總公告",
        "微信公眾平臺運營中心",
    )
    assert str(document.period.start if document.period else None) == "2025-01-01"
    assert document.in_force is not None
    assert (str(document.in_force.date), document.in_force.basis) == ("2025-03-31", "period_end")


def test_all_33_entries_are_there_in_page_order(real_notice: Reading) -> None:
    entries = real_notice.documents[0].entries
    sections = [(entry.action, entry.entity_type) for entry in entries]
    assert sections == (
        [("added", "non_personal")] * 8
        + [("added", "overseas")] * 5
        + [("adjusted", "non_personal")] * 18
        + [("adjusted", "overseas")] * 2
    )
    assert [entry.lines for entry in entries] == sorted(entry.lines for entry in entries)


def test_every_line_of_the_content_has_its_place(real_notice: Reading) -> None:
    accounting = real_notice.accounting
    assert (accounting.content_lines, accounting.claimed, accounting.unclaimed) == (317, 317, 0)
    assert accounting.outside_content == 74
    assert real_notice.problems == ()


def test_nothing_of_the_forum_reaches_an_entry(real_notice: Reading) -> None:
    said = str(real_notice.documents)
    for noise in ("{{", "回復", "CRMEB", "登錄", "400-8888", "亚洲", "管理 管理"):
        assert noise not in said


def test_only_references_to_categories_are_references(real_notice: Reading) -> None:
    named = {reference.text for entry in real_notice.documents[0].entries for reference in entry.references}
    for bracket in ("【企業征信業務】", "【算法名稱】", "【小程序主體】", "【內測-本地服務-證券】", "【小程序appid】"):
        assert bracket not in named


def test_references_have_role_targets_and_condition(real_notice: Reading) -> None:
    references = entry_named(real_notice, "就醫服務").references
    assert [(ref.role, ref.targets, ref.condition) for ref in references] == [
        ("also_needed", (("醫療服務", "上門醫療"),), "如提供上門基礎醫療護理(如上門打針、上門換藥)服務"),
        ("also_needed", (("醫療機構",),), "如提供上門基礎醫療護理(如上門打針、上門換藥)服務"),
        (
            "choose_instead",
            (("醫療服務", "公立醫療機構"), ("醫療服務", "私立醫療機構"), ("醫療服務", "互聯網醫院")),
            "醫療機構主體",
        ),
        ("also_needed", (("醫療服務", "互聯網醫院"),), "如提供在線看診、疾病咨詢等線上醫療服務"),
    ]


def test_closed_beta_regions_addresses_and_unsupported_services_are_read(real_notice: Reading) -> None:
    entry = entry_named(real_notice, "網約車")
    assert entry.closed_beta
    assert entry.emails == ("miniprogram@tencent.com",)
    assert entry.regions == ("中國香港", "新加坡", "泰國", "越南", "馬來西亞", "柬埔寨", "印尼", "韓國", "日本")
    assert entry.unsupported == ("順風車相關服務",)
    assert len(entry.application) == 1
    assert [other.path[-1] for other in real_notice.documents[0].entries if other.closed_beta] == [
        "證券",
        "醫療資訊",
        "網約車",
    ]


def test_notes_are_items_with_their_place(real_notice: Reading) -> None:
    notes = entry_named(real_notice, "AI問答").notes
    assert [(note.where, note.text) for note in notes] == [
        ("requirement", "點擊可查看資質示例"),
        ("requirement", "點擊可查看資質示例"),
        ("scope", "小程序深度合成服務在用證明獲取指引。"),
    ]
