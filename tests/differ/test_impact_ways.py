"""Whether what a program holds is enough for one requirement, and what would be."""

from __future__ import annotations

import datetime as dt
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from differ.impact.holdings import Answer, Holdings
from differ.impact.portfolio import HeldPaper, Program
from differ.impact.ways import Enough, Sufficiency, judge_sufficiency
from differ.verdict.demands import Demand
from differ.verdict.formula import build_formula, is_enough
from differ.verdict.papers import load_names
from scraper.page.lines import make_line
from scraper.requirement.requirements import parse_requirement
from snapshots.requirement import AllOf, Choose, Paper, Requirement

NAMES = load_names()
DAY = dt.date(2026, 3, 31)
LICENCE = HeldPaper(title="營業執照", qualifier="经营范围含“零售”")


def read(*lines: str) -> Requirement:
    """The tree of a requirement as a page states it."""
    requirement = parse_requirement([make_line(number, line) for number, line in enumerate(lines, 1)]).requirement
    assert requirement is not None
    return requirement


def judge(requirement: Requirement, *papers: HeldPaper | str, cases: tuple[str, ...] = ()) -> Sufficiency:
    held = tuple(HeldPaper(title=paper) if isinstance(paper, str) else paper for paper in papers)
    program = Program(name="程序", categories=("甲-乙",), papers=held, cases=cases)
    return judge_sufficiency(requirement, Holdings(program, DAY, NAMES), NAMES)


def show(ways: tuple[tuple[Answer, ...], ...]) -> list[list[str]]:
    return [[answer.text for answer in way] for way in ways]


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ("《营业执照》", "營業執照", "satisfied"),
        ("《营业执照》", "《营业执照》", "satisfied"),
        ("《营业执照》", "食品经营许可证", "unsatisfied"),
        ("承诺书", "小程序开发者承诺函", "satisfied"),
        # what the page asks of a paper beyond its name, and the portfolio does not state
        ("《营业执照》(经营范围需含“零售”)", "营业执照", "check"),
        ("《营业执照》(经营范围需含“零售”或“批发”)", LICENCE, "satisfied"),
        ("《营业执照》(经营范围需含“批发”)", LICENCE, "check"),
        ("《营业执照》", LICENCE, "satisfied"),
        # how many there are
        ("《合作协议》(2份或以上)", "合作协议", "check"),
        ("《合作协议》(2份或以上)", HeldPaper(title="合作协议", count=1), "unsatisfied"),
        ("《合作协议》(2份或以上)", HeldPaper(title="合作协议", count=2), "satisfied"),
        # whose it is
        ("技术主体的《算法备案》", "算法备案", "check"),
        ("技术主体的《算法备案》", HeldPaper(title="算法备案", holder="技术主体"), "satisfied"),
        ("技术主体的《算法备案》", HeldPaper(title="算法备案", holder="小程序主体"), "unsatisfied"),
        ("技术主体的《算法备案》", HeldPaper(title="算法备案", holder="技术公司"), "check"),
        ("《算法备案》", HeldPaper(title="算法备案", holder="技术主体"), "unsatisfied"),
        ("小程序主体的《算法备案》", "算法备案", "satisfied"),
        ("与养老机构签订的《合作协议》", HeldPaper(title="合作协议", holder="与養老機構簽訂的"), "satisfied"),
        # words that name no paper, unless the portfolio has them
        ("当地卫生部门的批文", "营业执照", "undecided"),
        ("当地卫生部门的批文", "當地衛生部門的批文", "satisfied"),
        # one of the words that 或 joins: the others may say more of it
        ("审核员证或参培证明", "参培证明", "check"),
        ("审核员证或参培证明", "审核员证", "check"),
        ("审核员证或参培证明", "审核员证或参培证明", "satisfied"),
        # the page's own words, with all that they ask
        ("小程序主体与银行的《合作协议》(需含有效期)", "小程序主体与银行的《合作协议》(需含有效期)", "satisfied"),
        # its last day
        ("《营业执照》", HeldPaper(title="营业执照", expires=DAY), "satisfied"),
        ("《营业执照》", HeldPaper(title="营业执照", expires=DAY - dt.timedelta(days=1)), "unsatisfied"),
    ],
)
def test_a_held_paper_is_enough_or_to_be_checked_or_not(asked: str, held: HeldPaper | str, expected: Enough) -> None:
    assert judge(read(asked), held).state == expected


def test_nothing_is_asked_for_where_nothing_is_required() -> None:
    assert judge(read("/")) == Sufficiency(state="satisfied")


def test_it_says_by_which_papers_it_is_satisfied() -> None:
    tree = read("(2选1):", "1、同时提供:", "①《甲证》", "②《乙证》", "2、《丙证》")
    assert show((judge(tree, "甲证", "乙证").by,)) == [["《乙证》", "《甲证》"]]
    assert show((judge(tree, "甲证", "乙证", "丙证").by,)) == [["《丙证》"]]


def test_the_smallest_missing_sets_come_first_and_hold_nothing_that_is_there() -> None:
    tree = read(
        "(3选1):", "1、同时提供:", "①《甲证》", "②《乙证》", "③《丙证》", "2、《丁证》和《戊证》", "3、《己证》"
    )
    found = judge(tree, "甲证")
    assert found.state == "unsatisfied"
    assert show(found.ways) == [["《己证》"], ["《丁证》", "《戊证》"], ["《丙证》", "《乙证》"]]
    assert found.more == 0


def test_more_sets_than_three_are_counted() -> None:
    found = judge(read("(5选1):", "1、《甲证》", "2、《乙证》", "3、《丙证》", "4、《丁证》", "5、《戊证》"))
    assert len(found.ways) == 3
    assert found.more == 2


def test_sets_beyond_counting_leave_one_way_and_say_so() -> None:
    options = tuple(Paper(text=f"《{number}证》", title=f"{number}证") for number in range(30))
    found = judge(Choose(n=15, items=options), "1证")
    assert found.state == "unsatisfied"
    assert found.more is None
    assert len(found.ways[0]) == 14


def test_a_case_that_is_not_stated_leaves_it_open() -> None:
    tree = read("(2选1):", "1、公立医院提供:《事业单位法人证书》", "2、私立医院提供:《营业执照》")
    found = judge(tree, "营业执照")
    assert found.state == "undecided"
    assert [[(answer.kind, answer.reason) for answer in way] for way in found.ways] == [[("case", "case")]]


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        (("私立醫院",), "satisfied"),
        (("公立医院",), "unsatisfied"),
        (("公立医院", "私立医院"), "satisfied"),
        (("诊所",), "undecided"),
    ],
)
def test_a_stated_case_is_the_branch_that_counts(cases: tuple[str, ...], expected: Enough) -> None:
    tree = read("(2选1):", "1、公立医院提供:《事业单位法人证书》", "2、私立医院提供:《营业执照》")
    assert judge(tree, "营业执照", cases=cases).state == expected


def test_a_label_of_two_kinds_is_either_and_its_bracket_is_no_part_of_it() -> None:
    tree = read("(2选1):", "1、政府/事业单位(如卫健委)提供:《组织机构代码证》", "2、其他主体提供:《营业执照》")
    assert judge(tree, "组织机构代码证", cases=("事业单位",)).state == "satisfied"


def test_a_label_that_begins_with_a_negation_is_none_of_the_kinds_in_it() -> None:
    tree = read("(2选1):", "1、政府/有政府职能的事业单位:《组织机构代码证》", "2、非政府/事业单位:《资质授权文件》")
    assert judge(tree, "资质授权文件", cases=("事业单位",)).state == "undecided"
    assert judge(tree, "资质授权文件", cases=("非政府/事业单位",)).state == "satisfied"
    assert judge(tree, "资质授权文件", cases=("政府",)).state == "unsatisfied"


def test_neither_branch_holds_so_no_case_would_help() -> None:
    tree = read("(2选1):", "1、公立医院提供:《事业单位法人证书》", "2、私立医院提供:《营业执照》")
    assert judge(tree).state == "unsatisfied"


@pytest.mark.parametrize(("cases", "expected"), [((), "undecided"), (("若涉及跨境服务",), "unsatisfied")])
def test_what_is_asked_for_in_a_case_is_open_until_the_case_is_stated(cases: tuple[str, ...], expected: Enough) -> None:
    papers = (Paper(text="《甲证》", title="甲证"), Paper(text="《乙证》", title="乙证", label="若涉及跨境服务"))
    assert judge(AllOf(items=papers), "甲证", cases=cases).state == expected
    assert judge(AllOf(items=papers), "甲证", "乙证").state == "satisfied"


def test_a_missing_paper_weighs_more_than_an_open_one() -> None:
    tree = read("同时提供:", "1、《甲证》", "2、当地卫生部门的批文")
    assert judge(tree).state == "unsatisfied"
    assert judge(tree, "甲证").state == "undecided"


def test_a_list_that_offers_less_than_it_wants_decides_nothing() -> None:
    found = judge(Choose(n=3, items=(Paper(text="《甲证》", title="甲证"),)), "甲证")
    assert (found.state, found.ways) == ("undecided", ())


TITLES = ("甲证", "乙证", "丙证", "丁证", "戊证")
LEAVES = st.sampled_from([Paper(text=f"《{title}》", title=title) for title in TITLES])


def lists(children: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    return several.map(lambda items: AllOf(items=items)) | several.flatmap(
        lambda items: st.integers(1, len(items)).map(lambda n: Choose(n=n, items=items))
    )


TREES: st.SearchStrategy[Requirement] = st.recursive(LEAVES, lists, max_leaves=8)


@given(TREES, st.sets(st.sampled_from(TITLES)))
def test_missing_sets_agree_with_trying_every_set_of_papers(tree: Requirement, held: set[str]) -> None:
    formula = build_formula(tree, NAMES)
    rest = [title for title in TITLES if title not in held]

    def is_met(titles: set[str]) -> bool:
        demands = [Demand(title, "", 1, frozenset(), None, f"《{title}》") for title in titles]
        return is_enough(formula, demands)

    every = chain.from_iterable(combinations(rest, size) for size in range(len(rest) + 1))
    enough = [set(more) for more in every if is_met(held | set(more))]
    smallest = [more for more in enough if not any(other < more for other in enough)]
    found = judge(tree, *held)
    assert (found.state == "satisfied") == is_met(held)
    shown = [{answer.text.strip("《》") for answer in way} for way in found.ways]
    if found.state == "satisfied":
        assert smallest == [set()]
        assert is_met({answer.text.strip("《》") for answer in found.by})
    else:
        assert all(way in smallest for way in shown)
        assert len(shown) + (found.more or 0) == len(smallest)
        assert [len(way) for way in shown] == sorted(map(len, smallest))[: len(shown)]


def test_where_words_decide_what_is_missing_without_them_is_told_too() -> None:
    asked = read(
        "(3选1):", "1、卫健委批文", "2、同时提供:", "①《甲证》", "②《乙证》", "3、同时提供:", "①《丙证》", "②《丁证》"
    )
    found = judge(asked, "甲证")
    assert (found.state, show(found.ways)) == ("undecided", [["卫健委批文"]])
    assert show(found.otherwise) == [["《乙证》"]], "the set of which least is missing"
    assert judge(asked, "甲证", "卫健委批文").state == "satisfied"


def test_a_label_that_only_leads_over_to_its_list_is_no_case_to_be_stated() -> None:
    asked = read("该类目暂只对以下区域开放:", "1、新加坡:《甲证》", "2、日本:《乙证》")
    assert judge(asked, "乙证", cases=("日本",)).state == "satisfied"
