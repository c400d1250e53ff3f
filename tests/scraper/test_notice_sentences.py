"""What sentences and lists of names in a notice say of categories."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from notice_pages import BAIDU, BEFORE_AFTER, JD, NAMED, STORE, WECHAT, as_html, page, text

from scraper.notice.prose import read_prose
from snapshots.errors import PageRefusedError
from snapshots.notice import NoticeEntry, Reading

Read = Callable[..., Reading]
SOCIAL = ("社交", "直播")
ENTRY = ("类目新增", "非个人主体", "【工具-日历】", "类目适用范围", "适用于日历服务。")


def entries_of(reading: Reading) -> tuple[NoticeEntry, ...]:
    (document,) = reading.documents
    return document.entries


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("【社交-直播】更名为【社交-秀场】。", ("renamed", SOCIAL, (("社交", "秀场"),))),
        ("「社交-直播」类目名称调整为「秀场」。", ("renamed", SOCIAL, (("秀场",),))),
        ("自2025年6月1日起,“社交-直播”将正式更名为“文娱-直播”。", ("renamed", SOCIAL, (("文娱", "直播"),))),
        ("【社交-直播】類目更名為【社交-秀場】。", ("renamed", SOCIAL, (("社交", "秀場"),))),
        ("「社交-直播」拆分为「社交-秀场」和「社交-电台」。", ("split", SOCIAL, (("社交", "秀场"), ("社交", "电台")))),
        ("「社交-直播」类目整体迁移至「文娱-直播」类目。", ("moved", SOCIAL, (("文娱", "直播"),))),
        ("将「社交-直播」下线", ("removed", SOCIAL, ())),
        ("因业务调整,【社交-直播】类目因运营策略调整将于2025年6月1日下线。", ("removed", SOCIAL, ())),
        ("自2025年6月1日起关闭类目【社交-直播】。", ("removed", SOCIAL, ())),
        ("新增【社交-直播】类目。", ("added", SOCIAL, ())),
        ("【社交】-【直播】类目于2025年6月1日上线。", ("added", SOCIAL, ())),
        ("平台已下线【社交-直播】类目。", ("removed", SOCIAL, ())),
        ("为满足需求新增【社交-直播】类目。", ("added", SOCIAL, ())),
        ("正式启用社交-直播下新建的三级类目【电台】", ("added", (*SOCIAL, "电台"), ())),
        ("删除社交--直播类目对《甲证》的类目资质要求;", ("adjusted", SOCIAL, ())),
        ("社交--直播类目,增加资质类型:《甲证》。", ("adjusted", SOCIAL, ())),
        ("对【社交-直播】类目的资质要求进行调整。", ("adjusted", SOCIAL, ())),
    ],
)
def test_a_sentence_says_what_happens_to_a_category(sentence: str, said: tuple[object, ...]) -> None:
    (statement,) = read_prose(sentence).statements
    assert (statement.action, statement.path, statement.targets) == said


def test_a_sentence_may_name_several_categories() -> None:
    merged = read_prose("「工具-农历」与「工具-公历」合并为「工具-日历」。").statements
    assert [(each.path, each.targets) for each in merged] == [
        (("工具", "农历"), (("工具", "日历"),)),
        (("工具", "公历"), (("工具", "日历"),)),
    ]
    mixed = read_prose("下线【社交-直播】、【社交-电台】类目,新增【文娱-直播】类目。").statements
    assert [(each.action, each.path) for each in mixed] == [
        ("removed", SOCIAL),
        ("removed", ("社交", "电台")),
        ("added", ("文娱", "直播")),
    ]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "【工具-农历】、【工具-公历】更名为【工具-日历】",
            [("merged", "农历", ["日历"]), ("merged", "公历", ["日历"])],
        ),
        ("【社交-直播】调整为【社交-秀场】、【社交-电台】", [("split", "直播", ["秀场", "电台"])]),
        (
            "【工具-甲】、【工具-乙】分别更名为【工具-丙】、【工具-丁】。",
            [("renamed", "甲", ["丙"]), ("renamed", "乙", ["丁"])],
        ),
        ("【工具-甲】更名为【工具-丙】,同时下线【工具-壬】", [("renamed", "甲", ["丙"]), ("removed", "壬", [])]),
        ("下线【工具-甲】,【工具-乙】更名为【工具-丙】", [("removed", "甲", []), ("renamed", "乙", ["丙"])]),
        ("【工具-乙】更名为【工具-丙】,【工具-甲】类目下线", [("removed", "甲", []), ("renamed", "乙", ["丙"])]),
        ("下线【工具-甲】类目,【工具-乙】类目", [("removed", "甲", []), ("removed", "乙", [])]),
        ("下线【工具-甲】,【工具-乙】类目上线", [("removed", "甲", []), ("added", "乙", [])]),
        ("下线【工具-甲】类目,已选择该类目的小程序请更换为【工具-乙】类目。", [("removed", "甲", [])]),
    ],
)
def test_each_name_of_a_sentence_has_its_own_verb(sentence: str, said: list[tuple[str, str, list[str]]]) -> None:
    prose = read_prose(sentence)
    found = [(each.action, each.path[1], [target[1] for target in each.targets]) for each in prose.statements]
    assert sorted(found) == sorted(said)
    assert not prose.unread


@pytest.mark.parametrize(
    "sentence",
    ["【工具-甲】、【工具-乙】更名为【工具-丙】、【工具-丁】。", "【工具-甲】,【工具-乙】更名为【工具-丙】。"],
)
def test_a_name_that_no_verb_surely_takes_leaves_the_sentence_unread(sentence: str) -> None:
    assert read_prose(sentence).unread


def test_goods_that_move_are_a_part_with_their_words() -> None:
    (statement,) = read_prose("【家居-茶具】存量非陶瓷类商品将逐步迁移至【家居-水具】类目。").statements
    assert (statement.extent, statement.condition) == ("part", "存量非陶瓷类商品")


@pytest.mark.parametrize(
    "sentence",
    [
        "【社交-直播】不下线。",
        "【社交-直播】类目暂不关闭。",
        "【社交-直播】类目不会更名为【社交-秀场】。",
        "拟将【社交-直播】下线,现公开征求意见。",
        "若【社交-直播】下线,请及时更换类目。",
        "如需新增【社交-直播】类目,请在后台申请。",
        "未将【社交-直播】类目迁移至【文娱-直播】类目。",
        "已上线的【社交-直播】小程序请于2025年12月31日前更换类目。",
        "请在后台新增【社交-直播】类目。",
        "请将【社交-直播】类目调整为【文娱-直播】类目。",
        "开发者可自行关闭【社交-直播】类目。",
    ],
)
def test_what_is_denied_proposed_or_conditional_is_no_entry_and_kept_in_words(read_text: Read, sentence: str) -> None:
    assert read_prose(sentence).statements == ()
    reading = read_text(text(WECHAT, sentence, *ENTRY))
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历")]
    assert sentence in reading.documents[0].preamble
    assert reading.problems == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "《小程序运营规则》更名为《小程序服务规则》。",
        "“《小程序运营规则》”更名为“《小程序服务规则》”。",
        "需补充【社交-直播】类目。",
        "现对【厨具】下部分类目进行优化,包括:类目新增、类目关闭。",
        "【社交-直播】类目关闭后,商品可重新上架。",
    ],
)
def test_other_sentences_say_nothing_of_a_category(sentence: str) -> None:
    assert read_prose(sentence).statements == ()


def test_a_sentence_that_is_not_understood_is_a_problem_and_kept(read_text: Read) -> None:
    sentence = "【家居】-【陶瓷】类目关闭后,商品可在【餐具】下的【盘】类目新增。"
    reading = read_text(text(WECHAT, sentence, *ENTRY))
    assert [(problem.code, problem.text) for problem in reading.problems] == [("unread-sentence", sentence)]
    assert reading.documents[0].preamble == (sentence,)


def test_a_sentence_that_names_what_a_table_has_is_no_second_entry(read_text: Read) -> None:
    intro = "删除汽车--经销商和汽车--汽车销售类目对《准入许可》的类目资质要求;"
    other = "商业服务--会计、审计、财务服务类目,增加资质类型:《代理记账许可证书》。"
    reading = read_text(page(BAIDU, intro, other, as_html(BEFORE_AFTER)))
    said = [(entry.action, entry.path) for entry in entries_of(reading)]
    assert said[0] == ("adjusted", ("商业服务", "会计、审计、财务服务"))
    assert [path[:2] for _, path in said[1:]] == [("汽车", "经销商"), *[("汽车", "汽车销售")] * 3]
    assert reading.documents[0].preamble == (intro, other)


def test_the_short_name_of_a_category_in_a_table_is_no_second_entry(read_text: Read) -> None:
    intro = "近日,官方新增了「社保」类目,新增了「天气」类目,小编做了汇总,供大家参考。"
    reading = read_text(page(WECHAT, intro, "新增类目", "非个人主体", as_html(NAMED)))
    assert len(entries_of(reading)) == 2
    assert [problem.code for problem in reading.problems] == ["unread-sentence"]


def test_names_below_the_heading_of_a_section_are_entries_with_its_date(read_text: Read) -> None:
    reading = read_text(
        text(
            WECHAT,
            *("关闭类目", "非个人主体", "以下类目将于2025年11月1日起下线:", "【社交-直播】、【社交-电台】类目。"),
            *("个人主体", "工具-日历"),
        )
    )
    said = [(entry.action, entry.entity_type, entry.path) for entry in entries_of(reading)]
    assert said == [
        ("removed", "non_personal", SOCIAL),
        ("removed", "non_personal", ("社交", "电台")),
        ("removed", "personal", ("工具", "日历")),
    ]
    closes = [[(date.role, str(date.start)) for date in entry.dates] for entry in entries_of(reading)]
    assert closes[:2] == [[("closes", "2025-11-01")]] * 2


def test_a_notice_may_be_sentences_alone(read_text: Read) -> None:
    reading = read_text(
        text(
            "关于关闭微信小店部分类目的公告",
            *("微信小店商家:", "平台将于2025年6月1日起关闭类目【厨具】-【刀具】-【菜刀】。", "感谢您的支持"),
        )
    )
    (entry,) = entries_of(reading)
    assert (entry.action, entry.path) == ("removed", ("厨具", "刀具", "菜刀"))
    assert [(date.role, str(date.start)) for date in entry.dates] == [("closes", "2025-06-01")]


def test_a_page_that_only_talks_of_categories_is_no_notice(read_text: Read) -> None:
    with pytest.raises(PageRefusedError, match="no category is announced"):
        read_text(text("京东将于近期调整箱包类目", "【箱包-女包】类目不调整。", "如需更名请联系客服。"))


def test_a_sentence_behind_a_finished_entry_is_the_notices_own(read_text: Read) -> None:
    renamed = "自2025年10月1日起,【工具-计算】更名为【工具-算数】。"
    closing = "本次调整自2025年10月1日起生效,请各位开发者知悉。"
    reading = read_text(text(WECHAT, *ENTRY, renamed, closing, "阅读 100"))
    first, second = entries_of(reading)
    assert first.scope == "适用于日历服务。"
    assert (second.action, second.targets) == ("renamed", (("工具", "算数"),))
    assert reading.documents[0].preamble == (renamed, closing)
    assert (str(reading.documents[0].effective), reading.problems) == ("2025-10-01", ())


def test_an_entry_that_is_marked_as_new_is_new_in_whatever_section(read_text: Read) -> None:
    for mark in ("(此项为新增项)", "(新增项)", "此项为新增项"):
        entry = f"【工具-天气】{mark}"
        reading = read_text(text(WECHAT, "类目调整", "个人主体", entry, "类目适用范围", "适用于天气。"))
        assert [entry.action for entry in entries_of(reading)] == ["added"]


def test_a_part_that_is_opened_again_by_its_own_heading_keeps_its_entries(read_text: Read) -> None:
    again = ("类目调整", "非个人主体", "【工具-{}】", "类目适用范围", "适用于甲。")
    lines = [line.format(name) for name in ("甲", "乙") for line in again]
    reading = read_text(text(WECHAT, *lines[:5], *ENTRY, *lines[5:]))
    assert [(entry.action, entry.path[1]) for entry in entries_of(reading)] == [
        ("adjusted", "甲"),
        ("added", "日历"),
        ("adjusted", "乙"),
    ]
    assert reading.problems == ()


def test_a_part_that_is_opened_again_without_one_is_a_problem(read_text: Read) -> None:
    lost = ("非个人主体", "【工具-乙】", "类目适用范围", "适用于乙。")
    reading = read_text(text(WECHAT, *ENTRY, *lost))
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历")]
    assert [problem.code for problem in reading.problems][:2] == ["repeated-heading", "no-section"]


def test_a_draft_for_comment_is_told(read_text: Read) -> None:
    reading = read_text(text("2025年10月小程序类目调整公告(征求意见稿)", *ENTRY))
    assert [problem.code for problem in reading.problems] == ["draft"]


def test_the_time_for_comments_is_the_notices_where_a_sentence_only_proposes(read_text: Read) -> None:
    proposed = "平台拟于2025年4月1日起下线【工具-乙】类目,公示时间为2025年3月5日至2025年3月12日。"
    reading = read_text(text(WECHAT, proposed, *ENTRY))
    (document,) = reading.documents
    said = [(date.role, str(date.start), str(date.end)) for date in document.dates]
    assert said == [("comment", "2025-03-05", "2025-03-12")]
    assert [entry.path for entry in entries_of(reading)] == [("工具", "日历")]


def test_what_closes_on_a_stated_day_closes_on_it(read_text: Read) -> None:
    stated = "自2025年12月12日起,原调整前的类目将会下线。"
    rows = as_html([[("类目", 1, 1), ("备注", 1, 1)], [("厨具-刀具", 1, 1), ("/", 1, 1)]])
    reading = read_text(page(STORE, stated, "关闭类目", rows))
    (entry,) = entries_of(reading)
    assert [(date.role, str(date.start)) for date in entry.dates] == [("closes", "2025-12-12")]
    assert reading.documents[0].effective is None


def test_related_links_are_no_second_notice(read_text: Read) -> None:
    links = ("2025年9月小程序类目调整公告", "2025年8月小程序类目新增公告:【工具-甲】类目上线", "京东更名公告")
    reading = read_text(text(WECHAT, *ENTRY, "相关推荐", *links))
    assert len(reading.documents) == 1
    assert len(entries_of(reading)) == 1
    assert JD not in str(reading.documents)


def test_what_stands_behind_the_entries_is_the_whole_notices(read_text: Read) -> None:
    closing = (
        "二、其他说明",
        "请各位开发者于2025年12月31日前完成资质补充。",
        "特此公告。",
        "微信团队",
        "2025年10月9日",
    )
    reading = read_text(page(WECHAT, "新增类目", "非个人主体", as_html(NAMED), *closing))
    (document,) = reading.documents
    assert [(date.role, str(date.end)) for date in document.dates] == [("deadline", "2025-12-31")]
    assert (document.publisher, str(document.published)) == ("微信团队", "2025-10-09")
    assert document.preamble == closing[:3]
    assert reading.problems == ()


def test_a_title_that_tells_one_action_speaks_for_a_list(read_text: Read) -> None:
    told = "因业务调整,以下类目将于2025年9月1日起下线:"
    reading = read_text(text("关于下线部分小程序类目的公告", told, "非个人主体", "1、工具-日历", "2、工具-天气"))
    said = [(entry.action, entry.path, str(entry.dates[0].start)) for entry in entries_of(reading)]
    assert said == [("removed", ("工具", name), "2025-09-01") for name in ("日历", "天气")]


def test_a_heading_that_a_copy_has_broken_is_joined(read_text: Read) -> None:
    for broken in (("#【政务民生", "-信用】"), ("#【政务民生-", "信用】")):
        reading = read_text(text(WECHAT, "类目新增", "非个人主体", *broken, "类目适用范围", "适用于信用服务。"))
        assert [entry.path for entry in entries_of(reading)] == [("政务民生", "信用")]
        assert (reading.problems, reading.accounting.unclaimed) == ((), 0)


def test_the_date_of_a_sentence_that_is_not_understood_is_no_others(read_text: Read) -> None:
    partly = "【工具-月历】类目将于2025年12月1日起停止新增申请,并于2026年3月1日正式下线。"
    reading = read_text(text(WECHAT, "类目下线", "非个人主体", "下线【工具-日历】类目。", partly))
    (entry,) = entries_of(reading)
    assert (entry.path, entry.dates, reading.documents[0].dates) == (("工具", "日历"), (), ())
    assert [(problem.code, problem.text) for problem in reading.problems] == [("unread-sentence", partly)]


@pytest.mark.parametrize(
    "sentence", ["下线【工具-日历】(仅限个体工商户)类目。", "【工具-日历】类目(除境外主体外)下线。"]
)
def test_a_category_that_closes_for_some_is_not_removed(sentence: str) -> None:
    prose = read_prose(sentence)
    assert (prose.statements, prose.unread) == ((), True)


def test_a_day_that_was_given_up_is_no_date() -> None:
    (statement,) = read_prose("原定于2025年9月1日下线的【工具-日历】类目,延期至2025年12月1日下线。").statements
    assert [str(date.start) for date in statement.dates] == ["2025-12-01"]


def test_a_listed_name_may_have_its_day_in_brackets(read_text: Read) -> None:
    listed = ("1. 【工具-天气】(2025年12月1日下线)", "2. 【工具-钟表】类目,于2025年12月5日下线")
    reading = read_text(text(WECHAT, "类目下线", "个人主体", *listed))
    closes = [[str(date.start) for date in entry.dates] for entry in entries_of(reading)]
    assert (closes, reading.problems) == ([["2025-12-01"], ["2025-12-05"]], ())


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "下线" * n + "【工具-甲】",
        lambda n: "、".join(["【工具-甲】"] * n) + "更名为【工具-乙】",
        lambda n: "下线" + ",".join(["【工具-甲】"] * n) + "类目",
        lambda n: "适用范围" + " " * n + "下线【工具-甲】",
        lambda n: "自2025年10月1日起," * n + "【工具-甲】类目下线",
    ],
    ids=["verbs", "a list", "a list with commas", "spaces", "dates"],
)
def test_the_time_for_a_sentence_grows_as_the_sentence_does(make: Callable[[int], str]) -> None:
    def time_reading(text: str) -> float:
        start = time.process_time()
        read_prose(text)
        return time.process_time() - start

    few, many = (min(time_reading(make(n)) for _ in range(3)) for n in (400, 3200))
    assert many < 24 * few + 0.02  # linear is 8 times as much, quadratic 64; the machine may be busy
