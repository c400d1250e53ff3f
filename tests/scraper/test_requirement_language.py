"""Requirement lists as pages write them: markers, enumerators, notes, and what cannot be told."""

from __future__ import annotations

from textwrap import dedent

import pytest
from outline import outline

from scraper.page.lines import make_line
from scraper.requirement.enumerators import read_enumerator
from scraper.requirement.markers import find_marker
from scraper.requirement.requirements import RequirementReading, parse_requirement
from snapshots.folding import fold_characters
from snapshots.form import fold_words


def read(block: str) -> RequirementReading:
    lines = dedent(block).strip().split("\n")
    return parse_requirement([make_line(number, words.strip()) for number, words in enumerate(lines, start=1)])


def codes(reading: RequirementReading) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in reading.problems]


@pytest.mark.parametrize(
    ("words", "n", "of", "shown"),
    [
        ("（2选1）：", 1, 2, "（2选1）"),
        ("(二選一)", 1, 2, "(二選一)"),
        ("金融资产管理公司提供(②选①):", 1, 2, "(②选①)"),
        ("3选2即可", 2, 3, "3选2即可"),
        ("(以下资质4选1)", 1, 4, "(以下资质4选1)"),
        ("任選其一:", 1, None, "任選其一"),
        ("任选一项", 1, None, "任选一项"),
        ("任选两项:", 2, None, "任选两项"),
        ("以下任一资质:", 1, None, "以下任一资质"),
        ("满足其一", 1, None, "满足其一"),
        ("需提供以下资质之一:", 1, None, "需提供以下资质之一"),
        ("提供下列证件中的一种:", 1, None, "提供下列证件中的一种"),
        ("具备其中一项即可", 1, None, "具备其中一项即可"),
        ("平台型主体,需同时提供:", None, None, "需同时提供"),
        ("(同时符合):", None, None, "(同时符合)"),
        ("以下材料均需提供:", None, None, "以下材料均需提供"),
        ("以下资质缺一不可", None, None, "以下资质缺一不可"),
        ("(2选1)《A》、《B》", 1, 2, "(2选1)"),
        ("提供以下任意一种资质:", 1, None, "提供以下任意一种资质"),
        ("以下资质任选两项:", 2, None, "以下资质任选两项"),
        ("以下任意两项资质:", 2, None, "以下任意两项资质"),
        ("任意提供一种:", 1, None, "任意提供一种"),
        ("提供其中任何一项:", 1, None, "提供其中任何一项"),
        ("以下资质至少提供两项:", 2, None, "以下资质至少提供两项"),
        ("至少提供以下一项资质:", 1, None, "至少提供以下一项资质"),
        ("提供一项即可:", 1, None, "提供一项即可"),
    ],
)
def test_a_marker_is_found_in_every_script_and_wording(words: str, n: int | None, of: int | None, shown: str) -> None:
    marker = find_marker(fold_characters(words))
    assert marker is not None
    assert (marker.n, marker.of, words[marker.start : marker.stop]) == (n, of, shown)


@pytest.mark.parametrize(
    "words",
    [
        "若同时涉及客运/客船服务,需同时提供对应资质",
        "《经营证券期货业务许可证》(经营范围须含“证券经纪”“证券自营”之一)",
        "三证合一则提供相关证件",
        "《合作协议》(至少3份)",
        "与合作方的协议至少提供2份",
        "一张门店照片",
    ],
)
def test_words_that_lead_to_no_list_are_no_marker(words: str) -> None:
    assert find_marker(fold_characters(words)) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("一、自营", 1),
        ("二：", 2),
        ("（三）平台", 3),
        ("4、证", 4),
        ("5.证", 5),
        ("6）证", 6),
        ("（7）证", 7),
        ("2.8 证", 8),
        ("（1.9）证", 9),
        ("⑩证", 10),
        ("⑵证", 2),
        ("c、证", 3),
        ("D.证", 4),
        ("第五、证", 5),
        ("资质6：证", 6),
        ("资质7，同时提供", 7),
        ("8《证》", 8),
        ("方案九：证", 9),
        ("• 证", 0),
        ("- 证", 0),
    ],
)
def test_an_enumerator_of_every_kind_has_its_number(words: str, number: int) -> None:
    sign = read_enumerator(fold_characters(words))
    assert sign is not None
    assert sign.number == number


@pytest.mark.parametrize(
    "words",
    [
        *("2份合同", "3.5万元", "10:30", "2025年", "两家或以上", "app截图", "十年经验", "B.V.证"),
        *("1.1万元保证金", "1.5 万元保证金", "2.5 吨以上", "A、B类", "A、 B类", "一、二线城市", "一、二、三类"),
    ],
)
def test_a_number_of_something_is_no_enumerator(words: str) -> None:
    assert read_enumerator(fold_characters(words)) is None


@pytest.mark.parametrize("sign", ["1、", "1.", "1)", "(1)", "①", "⑴", "一、", "(一)", "a.", "b、"])
def test_what_is_an_enumerator_here_is_form_when_texts_are_compared(sign: str) -> None:
    assert read_enumerator(f"{sign}证件") is not None
    assert fold_words(f"{sign}证件") == fold_words("证件")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.1万元保证金", "2.1万元保证金"),
        ("1.5 万元保证金", "2.5 万元保证金"),
        ("A、B类", "C、B类"),
        ("一、二线城市", "三、二线城市"),
        ("10:30", "11:30"),
        ("2份合同", "3份合同"),
        ("3.5分", "4.5分"),
    ],
)
def test_what_is_no_enumerator_here_is_no_form_when_texts_are_compared(one: str, other: str) -> None:
    assert read_enumerator(one) is None
    assert fold_words(one) != fold_words(other)


@pytest.mark.parametrize("marker", ["(2选1)", "任選其一:"])
def test_the_outer_list_goes_on_after_notes_that_count_in_its_style(marker: str) -> None:
    reading = read(f"""
        {marker}
        1、《甲证》
        注:
        1、须加盖公章
        2、须在有效期内
        2、《乙证》
        """)
    shown = outline(reading.requirement)
    assert shown[1:] == ["  paper 甲证", "  paper 乙证", "  note 须加盖公章", "  note 须在有效期内"]
    assert reading.problems == ()


def test_the_count_of_the_marker_tells_where_the_notes_end() -> None:
    reading = read("""
        (2选1)
        1、《甲证》
        注:
        1、须加盖公章
        2、《乙证》
        """)
    assert reading.notes == ("须加盖公章",)
    assert outline(reading.requirement) == ["choose 1 | (2选1)", "  paper 甲证", "  paper 乙证", "  note 须加盖公章"]
    assert reading.problems == ()


def test_notes_behind_a_full_list_do_not_go_on_with_it() -> None:
    reading = read("""
        (2选1)
        一、自营,(2选1):
        1、《甲证》
        2、《乙证》
        注:
        1、须加盖公章
        2、须在有效期内
        3、须清晰
        二、平台,同时提供:
        1、《丙证》
        2、《丁证》
        """)
    assert reading.notes == ("须加盖公章", "须在有效期内", "须清晰")
    assert reading.problems == ()


def test_where_nothing_tells_a_note_from_an_item_it_is_a_problem() -> None:
    reading = read("""
        同时提供:
        1、《甲证》
        2、《乙证》
        注:
        1、须加盖公章
        2、须在有效期内
        3、须清晰
        """)
    assert codes(reading) == [(7, "ambiguous-note")]


def test_branches_that_a_page_names_and_numbers_are_read() -> None:
    reading = read("""
        (2选1):
        资质1,同时提供:
        (1)《甲证》
        (2)交易规则
        资质2,同时提供:
        (1)《乙书》
        (2)承诺函
        """)
    assert outline(reading.requirement) == [
        "choose 1 | (2选1)",
        "  all of | 同时提供",
        "    paper 甲证",
        "    text 交易规则",
        "  all of | 同时提供",
        "    paper 乙书",
        "    text 承诺函",
    ]
    assert reading.problems == ()


def test_regions_in_brackets_are_branches_with_lists_of_their_own() -> None:
    reading = read("""
        【日本】:
        同时提供:
        (1)《许可》原件及翻译件(中文或英文)
        (2)《批准》
        【法国(仅限双销模式】:授权书原件及翻译件
        """)
    assert outline(reading.requirement) == [
        "choose 1",
        "  all of | 【日本】 | 同时提供",
        "    paper 许可 | qualifier=原件及翻译件(中文或英文)",
        "    paper 批准",
        "  text 【法国(仅限双销模式】:授权书原件及翻译件",
    ]


def test_an_example_below_an_item_is_no_paper_to_hand_in() -> None:
    reading = read("""
        同时提供:
        1.当地的旅行社牌照
        如:日本地区的《登録证书》、中国香港地区的《牌照》
        2.营业执照
        """)
    assert outline(reading.requirement) == [
        "all of | 同时提供",
        "  text 当地的旅行社牌照 ⏎ 如:日本地区的《登録证书》、中国香港地区的《牌照》",
        "  text 营业执照",
    ]
    assert [paper.title for paper in reading.papers] == ["登録证书", "牌照"]


def test_what_a_paper_must_contain_is_no_list_of_papers() -> None:
    reading = read("""
        同时提供:
        1、《合作协议》
        2、运营合规确认书
        确认书须要包含以下内容:
        1.机构的名称
        2.机构确认,
        (1)持有牌照
        3、承诺函
        """)
    assert len(getattr(reading.requirement, "items", ())) == 3
    assert reading.problems == ()


def test_a_condition_beside_the_options_of_a_choice_is_no_option() -> None:
    reading = read("""
        (2选1):
        1、《甲证》
        若涉及中国服务,需同时上传《丙证》
        2、《乙证》
        """)
    assert outline(reading.requirement) == [
        "choose 1 | (2选1)",
        "  paper 甲证",
        "  note 若涉及中国服务,需同时上传《丙证》",
        "  paper 乙证",
    ]
    assert reading.problems == ()


def test_a_condition_beside_papers_that_are_all_asked_for_is_the_label_of_its_paper() -> None:
    reading = read("""
        同时提供:
        1、《甲证》
        2、《乙证》
        若涉及游戏,需提供《丙证》
        """)
    assert outline(reading.requirement)[-1] == "  paper 丙证 | label=若涉及游戏,需提供"
    assert reading.problems == ()


def test_a_line_without_a_number_in_a_numbered_list_is_a_problem_unless_the_marker_counts_it() -> None:
    page = "{}\n1、《甲证》\n2、《乙证》\n《丙证》"
    assert codes(read(page.format("同时提供:"))) == [(4, "unnumbered-item")]
    assert codes(read(page.format("(3选1):"))) == []


@pytest.mark.parametrize(
    ("line", "tree"),
    [
        ("《甲证》、《乙证》任选其一", ["choose 1 | 任选其一", "  paper 甲证", "  paper 乙证"]),
        (
            "与甲方的合作协议以及甲方的《乙证》",
            ["all of | 以及", "  text 与甲方的合作协议", "  paper 乙证 | holder=甲方"],
        ),
        (
            "《甲证》(范围含“客运”)/主管部门许可证明",
            ["choose 1 | /", "  paper 甲证 | qualifier=范围含“客运”", "  text 主管部门许可证明"],
        ),
        ("《甲证》原件及翻译件(英文)", ["paper 甲证 | qualifier=原件及翻译件(英文)"]),
        ("经营资质,如《甲证》等", ["text 经营资质,如《甲证》等"]),
        ("当地牌照(如:《甲证》等)", ["text 当地牌照(如:《甲证》等)"]),
        ("零售业务,提供《甲证》", ["paper 甲证 | label=零售业务,提供"]),
        (
            "医院提供《甲证》,兽医提供《乙证》",
            ["choose 1", "  paper 甲证 | label=医院提供", "  paper 乙证 | label=兽医提供"],
        ),
        (
            "《甲证》或《乙证》,并提供《丙证》",
            ["all of | 并提供", "  choose 1 | 或", "    paper 甲证", "    paper 乙证", "  paper 丙证"],
        ),
        ("《甲证》和/或《乙证》", ["choose 1 | 和/或", "  paper 甲证", "  paper 乙证"]),
        ("《甲证》(类型为:机关)(适用于政府)", ["paper 甲证 | qualifier=(类型为:机关)(适用于政府)"]),
        (
            "《甲证》及《乙证》或《丙证》及《乙证》",
            [
                "choose 1 | 或",
                "  all of | 及",
                "    paper 甲证",
                "    paper 乙证",
                "  all of | 及",
                "    paper 丙证",
                "    paper 乙证",
            ],
        ),
        (
            "《甲证》或《乙证》、《丙证》",
            ["all of | 、", "  choose 1 | 或", "    paper 甲证", "    paper 乙证", "  paper 丙证"],
        ),
    ],
)
def test_a_line_is_read_as_the_papers_that_it_names(line: str, tree: list[str]) -> None:
    reading = read(line)
    assert outline(reading.requirement) == tree
    assert reading.problems == ()


def test_a_line_that_ends_in_the_middle_is_a_problem() -> None:
    assert codes(read("《甲证》及《乙证》及")) == [(1, "cut-off")]


def test_a_cell_on_one_line_is_parted_at_every_depth() -> None:
    reading = read("(2选1): 1、自营主体,同时提供: ①《甲证》 ②《乙证》 2、平台主体,同时提供: ①《丙证》 ②《丁证》")
    assert outline(reading.requirement) == [
        "choose 1 | (2选1)",
        "  all of | 自营主体 | 同时提供",
        "    paper 甲证",
        "    paper 乙证",
        "  all of | 平台主体 | 同时提供",
        "    paper 丙证",
        "    paper 丁证",
    ]


@pytest.mark.parametrize(
    "marker", ["以下资质任选两项:", "提供以下任意一种资质:", "以下资质满足其一即可:", "至少具备下列一种证件:"]
)
def test_an_unnumbered_list_below_words_of_a_choice_is_a_choice(marker: str) -> None:
    reading = read(f"{marker}\n《甲证》\n《乙证》\n《丙证》")
    assert getattr(reading.requirement, "n", None) == (2 if "两" in marker else 1)
    assert len(getattr(reading.requirement, "items", ())) == 3
    assert reading.problems == ()


@pytest.mark.parametrize("words", ["请提供以下证件,择其一二:", "请从以下证件里挑一种:", "须提供以下证件,凑满一种:"])
def test_words_of_a_choice_that_are_not_known_are_never_read_as_all_without_a_word(words: str) -> None:
    assert "no-marker" in {code for _, code in codes(read(f"{words}\n《甲证》\n《乙证》"))}


@pytest.mark.parametrize("line", ["以上二选一", "上述资质2选1", "以上资质任选其一即可"])
def test_a_marker_behind_its_list_looks_back(line: str) -> None:
    reading = read(f"1.《甲证》\n2.《乙证》\n{line}")
    assert outline(reading.requirement) == [f"choose 1 | {line}", "  paper 甲证", "  paper 乙证"]
    assert reading.problems == ()


@pytest.mark.parametrize("note", ["注1:证件须在有效期内", "注意:须在有效期内", "说明:须有效", "特别提示:须有效"])
def test_words_that_lead_to_a_note_make_one(note: str) -> None:
    reading = read(f"同时提供:\n1、《甲证》\n2、《乙证》\n{note}")
    assert outline(reading.requirement)[:3] == ["all of | 同时提供", "  paper 甲证", "  paper 乙证"]
    assert reading.notes == (note.partition(":")[2],)
    assert reading.problems == ()


def test_words_on_all_that_stands_above_are_a_note_and_no_item() -> None:
    reading = read("同时提供:\n1、《甲证》\n2、《乙证》\n以上材料均须加盖公章")
    assert reading.notes == ("以上材料均须加盖公章",)
    assert reading.problems == ()
    assert codes(read("同时提供:\n1、《甲证》\n2、《乙证》\n以上主体均须提供承诺函")) == [(4, "unnumbered-item")]


@pytest.mark.parametrize(
    ("first", "second"),
    [("若执照不载明经营范围,", "需补充查询截图"), ("证件须有效(含", "电子证件)"), ("须为甲方或", "乙方的证件")],
)
def test_a_note_that_is_torn_in_mid_sentence_goes_on_in_the_next_line(first: str, second: str) -> None:
    reading = read(f"同时提供:\n1、《甲证》\n2、《乙证》\n注:{first}\n{second}")
    assert reading.notes == (f"{first}\n{second}",)
    assert reading.problems == ()


def test_a_line_behind_a_note_that_may_go_on_with_it_is_a_problem() -> None:
    page = "同时提供:\n《甲证》\n承诺函\n{}"
    assert codes(read(page.format("注:若执照不载明经营范围\n则补充查询截图"))) == [(5, "ambiguous-note")]
    assert codes(read(page.format("注:须有效。\n查询截图"))) == []


def test_an_item_that_is_wrapped_before_its_bracket_is_one_item() -> None:
    reading = read("同时提供:\n1、《甲证》\n(经营范围含“家政”)\n2、《乙证》")
    assert outline(reading.requirement)[1:] == ["  paper 甲证 | qualifier=经营范围含“家政”", "  paper 乙证"]
    assert reading.problems == ()


def test_labels_that_name_kinds_of_papers_are_no_kinds_of_applicants() -> None:
    reading = read("1、平台资质:《甲证》\n2、商家资质:《乙证》")
    assert outline(reading.requirement)[0] == "all of"
    assert codes(reading) == [(1, "no-marker")]
    assert codes(read("平台资质:《甲证》;商家资质:《乙证》")) == [(1, "unread-paper")]


def test_a_paper_behind_words_that_are_not_known_is_a_problem() -> None:
    assert codes(read("《甲证》,凭其领取《乙证》")) == [(1, "unread-paper")]
    assert codes(read("《甲证》(须与《乙证》一致)")) == []


@pytest.mark.parametrize("words", ["无需提供《甲证》", "不需要另行提交《甲证》", "免于上传承诺函"])
def test_what_need_not_be_handed_in_is_no_paper_that_is_asked_for(words: str) -> None:
    reading = read(words)
    assert outline(reading.requirement) == [f"text {words}"]
    assert codes(reading) == [(1, "not-asked")]


HOW_TO_APPLY = ["申请材料请发送至邮箱a@example.com", "该类目正在内测阶段,暂不支持线上申请。"]


@pytest.mark.parametrize("line", HOW_TO_APPLY)
@pytest.mark.parametrize("note", ["", "注:"])
def test_what_stands_above_the_way_to_apply_is_asked_for(line: str, note: str) -> None:
    reading = read(f"(2选1): 1、《甲证》 2、《乙证》\n{note}{line}")
    assert outline(reading.requirement)[:3] == ["choose 1 | (2选1)", "  paper 甲证", "  paper 乙证"]
    assert (reading.application, reading.notes) == ((), (line,)) if note else ((line,), ())
    assert reading.closed_beta is ("内测" in line)
    assert reading.problems == ()


def test_an_item_between_two_lines_that_say_how_to_apply_is_asked_for() -> None:
    reading = read("""
        该类目正在内测阶段,暂不支持线上申请。
        《甲证》
        标题格式为【内测申请】
        """)
    assert outline(reading.requirement) == ["paper 甲证"]
    assert len(reading.application) == 2


@pytest.mark.parametrize(
    ("line", "closed"),
    [
        ("该类目已结束内测阶段,现面向所有开发者开放。", False),
        ("该类目内测阶段已结束。", False),
        ("该类目不再处于内测阶段。", False),
        ("该类目尚未结束内测阶段。", True),
        ("非个人主体内测阶段开放。", True),
    ],
)
def test_a_closed_beta_that_has_ended_is_none(line: str, closed: bool) -> None:
    reading = read(f"{line}\n《甲证》")
    assert reading.closed_beta is closed
    assert reading.application == (line,)


def test_lists_that_nest_without_end_are_a_problem_and_no_crash() -> None:
    reading = parse_requirement([make_line(number, "1、平台:") for number in range(1, 3000)])
    assert "too-deep" in {problem.code for problem in reading.problems}
    assert len(outline(reading.requirement)) == 2999
