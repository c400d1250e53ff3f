from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from differ.changes import Verdict, Witness
from differ.verdict.demands import Demand, is_case
from differ.verdict.formula import Formula, Several, build_formula
from differ.verdict.papers import PaperNames, build_names, load_names
from differ.verdict.verdict import compare_requirements
from scraper.page.lines import make_line
from scraper.requirement.requirements import parse_requirement
from snapshots.errors import UsageError
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

NAMES = load_names()


def read(*lines: str) -> Requirement:
    """The tree of a requirement as a page states it."""
    requirement = parse_requirement([make_line(number, line) for number, line in enumerate(lines, 1)]).requirement
    assert requirement is not None
    return requirement


def verdict(old: Requirement, new: Requirement) -> Verdict:
    ruling = compare_requirements(old, new, NAMES)
    swapped = compare_requirements(new, old, NAMES)
    opposite: dict[Verdict, Verdict] = {"tightened": "relaxed", "relaxed": "tightened"}
    assert swapped.verdict == opposite.get(ruling.verdict, ruling.verdict), "the sides can be swapped"
    return ruling.verdict


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # one more paper to hand in, and one more to choose from
        (["《甲证》"], ["同时提供:", "1、《甲证》", "2、《乙证》"], "tightened"),
        (["《甲证》"], ["(2选1):", "1、《甲证》", "2、《乙证》"], "relaxed"),
        (["《甲证》"], ["《乙证》"], "mixed"),
        (["/"], ["《甲证》"], "tightened"),
        # the same papers otherwise put together
        (["(2选1):", "1、《甲证》", "2、《乙证》"], ["《乙证》或《甲证》"], "equivalent"),
        (
            ["(2选1):", "1、同时提供:", "①《甲证》", "②《丙证》", "2、同时提供:", "①《乙证》", "②《丙证》"],
            ["同时提供:", "1、《丙证》", "2、《甲证》或《乙证》"],
            "equivalent",
        ),
        (["(2选2):", "1、《甲证》", "2、《乙证》"], ["(2选1):", "1、《甲证》", "2、《乙证》"], "relaxed"),
        # of a paper, more is asked for
        (["《营业执照》"], ["《营业执照》(经营范围需含“零售”)"], "tightened"),
        (["《营业执照》(经营范围需含“零售”)"], ["《营业执照》(经营范围需含“零售”或“批发”)"], "relaxed"),
        (["《营业执照》(经营范围含“零售”和“批发”)"], ["《营业执照》(经营范围需含“零售”)"], "relaxed"),
        (["《营业执照》(经营范围需含“零售”)"], ["《营业执照》(经营范围需含“批发”)"], "mixed"),
        (["《营业执照》(经营范围需含零售、批发)"], ["《营业执照》(经营范围需含零售、批发、代购)"], "mixed"),
        (["《营业执照》(经营范围需含“零售”)"], ["《营业执照》(经营范围含“零售”等相关内容)"], "equivalent"),
        (["《合作协议》(需含有效期)"], ["《合作协议》(需含有效期,双方盖章)"], "tightened"),
        (["《授权书》复印件"], ["《授权书》(原件及复印件)"], "tightened"),
        (["《合作协议》(2份或以上)"], ["《合作协议》(3份或以上)"], "tightened"),
        (["与医疗机构的合作协议"], ["与2家或以上医疗机构的合作协议"], "tightened"),
        (["与2家或以上医疗机构的合作协议"], ["与两家及以上医疗机构的合作协议"], "equivalent"),
        # a licence's field of what it allows goes by many names
        (["《支付许可证》含有“预付卡”"], ["《支付许可证》(业务类型需含“预付卡”或“储值”)"], "relaxed"),
        (["《支付许可证》(业务类型需含“预付卡”)"], ["《支付许可证》(经营范围含“预付卡”)"], "equivalent"),
        # all that a contract is to contain, and any of what a licence is to allow
        (["《合作协议》(内容含“护理”及范围等相关)"], ["《合作协议》(内容含护理、范围、有效期等)"], "tightened"),
        # examples are a list of what is accepted
        (["《登记证》(如房产证明等)"], ["《登记证》(如租赁证明、房产证明等)"], "relaxed"),
        (["《说明》(如省份等)"], ["《说明》(如省份,加盖公章等)"], "mixed"),
        (["《登记证》(如涉及变更,需含变更页)"], ["《登记证》"], "relaxed"),
        # words that 或 joins are alternatives
        (["网络视听审核员证或参培证明材料(盖章)"], ["网络视听审核员证(盖章)"], "tightened"),
        (["审核员证或参培证明"], ["参培证明或审核员证"], "equivalent"),
        (["与培训机构合作协议(2家或以上)"], ["两家或以上的培训机构合作协议"], "equivalent"),
        # what may be left out is not asked for
        (["同时提供:", "1、《甲证》", "2、《乙证》(如有)"], ["《甲证》"], "equivalent"),
        (["同时提供:", "1、《甲证》", "2、《乙证》(选填)"], ["同时提供:", "1、《甲证》", "2、《乙证》"], "tightened"),
        (["《甲证》(选填)"], ["/"], "equivalent"),
        (["(2选1):", "1、《甲证》", "2、《乙证》(如有)"], ["《甲证》"], "tightened"),
        # whose paper it is
        (["技术主体的《算法备案》"], ["小程序主体的《算法备案》"], "mixed"),
        (["《算法备案》"], ["小程序主体的《算法备案》"], "equivalent"),
        # one paper by two names, and two papers by names that look alike
        (["《小程序开发者承诺函》"], ["承诺书"], "equivalent"),
        (["《小程序开发者承诺函》"], ["小程序申请者的承诺书"], "equivalent"),
        (["该合作医院的《许可证》"], ["合作医院的《许可证》"], "equivalent"),
        (["《医疗器械生产许可证》"], ["《医疗器械经营许可证》"], "mixed"),
        # notes in brackets and marks of what is new say nothing of what is enough
        (["《甲证》"], ["《甲证》(注:模板可在帮助中心下载)"], "equivalent"),
        (["《甲证》"], ["《甲证》(新增项)"], "equivalent"),
    ],
)  # fmt: skip
def test_a_verdict_says_what_is_still_enough_and_what_is_now(old: list[str], new: list[str], expected: Verdict) -> None:
    assert verdict(read(*old), read(*new)) == expected


def test_a_branch_is_for_those_whom_its_label_names() -> None:
    both = read("(2选1):", "1、公立医院,提供:《执业许可证》", "2、私立医院,提供:《营业执照》")
    one = read("(2选1):", "1、公立医院,提供:《执业许可证》", "2、《营业执照》")
    assert verdict(both, one) == "relaxed"


def test_labels_alone_ask_for_nothing_more_where_the_papers_stay_the_same() -> None:
    old = read("同时提供:", "1、《资格证》", "2、《药品经营许可证》或《药品生产许可证》")
    new = read(
        "(3选1):",
        "1、药品生产企业,同时提供:", "①《资格证》", "②《药品生产许可证》",
        "2、药品批发企业,同时提供:", "①《资格证》", "②《药品经营许可证》(药品批发企业)",
        "3、药品零售企业,同时提供:", "①《资格证》", "②《药品经营许可证》(药品零售企业)",
    )  # fmt: skip
    ruling = compare_requirements(old, new, NAMES)
    assert (ruling.verdict, ruling.rule, ruling.witness) == ("equivalent", "same_papers", None)
    assert ruling.cases == ("药品生产企业", "药品批发企业", "药品零售企业")
    assert verdict(old, new) == "equivalent"


def test_an_option_that_another_one_would_make_idle_is_told_from_it_by_its_label() -> None:
    new = read("(2选1):", "1、自营型,提供:《甲证》", "2、平台型,同时提供:", "①《甲证》", "②《乙证》")
    assert verdict(make_paper("甲证"), new) == "tightened"


def test_a_label_above_all_options_says_who_may_apply_at_all() -> None:
    assert verdict(make_paper("甲"), make_paper("甲", label="银行主体")) == "tightened"
    assert (
        verdict(read("(2选1):", "1、《甲证》", "2、《乙证》"), read("银行主体(2选1):", "1、《甲证》", "2、《乙证》"))
        == "tightened"
    )


def test_labels_that_both_sides_know_say_who_needs_which_paper() -> None:
    one, other = (
        read("(2选1):", f"1、自营型,提供:《{first}》", f"2、平台型,提供:《{second}》")
        for first, second in (("甲证", "乙证"), ("乙证", "甲证"))
    )
    assert verdict(one, other) == "mixed"


def test_where_a_label_asks_of_some_another_paper_than_before_it_is_not_left_out() -> None:
    new = read("(2选1):", "1、自营型,提供:《甲证》", "2、平台型,提供:《乙证》")
    assert verdict(make_paper("甲证"), new) == "mixed"


def test_a_bracket_says_whom_an_option_is_for_as_a_label_does() -> None:
    bracket = read("(2选1):", "1、《法人证书》(适用公立学校)", "2、《节目许可证》")
    label = read("(2选1):", "1、公立学校,提供:《法人证书》", "2、《节目许可证》")
    assert verdict(bracket, label) == "equivalent"
    assert verdict(bracket, read("(2选1):", "1、私立学校,提供:《法人证书》", "2、《节目许可证》")) == "mixed"


def test_the_examples_of_whom_an_option_is_for_are_a_list_of_who_may_take_it() -> None:
    few, more = (
        read("(2选1):", f"1、公共事业公司(如{names}等)提供:《甲证》", "2、《乙证》")
        for names in ("电力公司、燃气公司", "电力公司、燃气公司、电视台")
    )
    assert verdict(few, more) == "relaxed"


def test_the_examples_of_whose_paper_it_is_are_a_list_of_whose_will_do() -> None:
    few, more = (
        Paper(text="", title="代收协议", holder=f"与公司(如{names}等)") for names in ("电力公司", "电力公司、水务公司")
    )
    assert verdict(few, more) == "relaxed"


def test_an_optional_list_is_not_asked_for_whatever_its_label_says_besides() -> None:
    plain = AllOf(items=(make_paper("甲"), AllOf(label="资质选填,以下", items=(make_paper("乙"),))))
    reworded = AllOf(items=(make_paper("甲"), AllOf(label="以下为资质选填,若涉及免税服务", items=(make_paper("丙"),))))
    required = AllOf(items=(make_paper("甲"), AllOf(items=(make_paper("乙"),))))
    assert verdict(plain, reworded) == "equivalent"
    assert verdict(plain, required) == "tightened"


def test_what_a_list_of_all_calls_its_papers_is_not_whose_they_are() -> None:
    named = AllOf(items=(make_paper("甲"), make_paper("乙", label="授权材料")))
    assert verdict(named, AllOf(items=(make_paper("甲"), make_paper("乙")))) == "equivalent"


def test_a_condition_in_a_list_of_all_asks_of_some_what_without_it_is_asked_of_everyone() -> None:
    sometimes = AllOf(items=(make_paper("甲"), make_paper("乙", label="若涉及处方药")))
    always = AllOf(items=(make_paper("甲"), make_paper("乙")))
    assert verdict(sometimes, always) == "tightened"
    assert verdict(make_paper("甲"), sometimes) == "tightened"


def test_a_label_in_a_list_of_all_says_whose_paper_it_is() -> None:
    platform = AllOf(items=(make_paper("甲", label="平台提供"), make_paper("甲", label="门店提供")))
    assert verdict(platform, AllOf(items=(make_paper("甲", label="平台提供"),))) == "relaxed"


def test_the_witness_is_the_smallest_set_that_shows_it() -> None:
    old = read("(2选1):", "1、《甲证》", "2、《乙证》")
    ruling = compare_requirements(old, read("同时提供:", "1、《甲证》", "2、《丙证》"), NAMES)
    assert (ruling.verdict, ruling.rule) == ("tightened", "lost")
    assert ruling.witness == Witness(papers=("《乙证》",), was_enough=True, is_enough=False)
    relaxed = compare_requirements(make_paper("甲"), NoneRequired(), NAMES)
    assert relaxed.witness == Witness(papers=(), was_enough=False, is_enough=True)


def test_a_mixed_verdict_has_a_witness_for_each_side() -> None:
    ruling = compare_requirements(make_paper("甲证"), make_paper("乙证"), NAMES)
    assert (ruling.verdict, ruling.rule) == ("mixed", "lost_and_gained")
    assert ruling.witness == Witness(papers=("《甲证》",), was_enough=True, is_enough=False)
    assert ruling.gained == Witness(papers=("《乙证》",), was_enough=False, is_enough=True)


def test_a_line_that_was_not_read_leaves_the_verdict_open() -> None:
    ruling = compare_requirements(make_paper("甲"), make_paper("乙"), NAMES, is_doubtful=True)
    assert (ruling.verdict, ruling.rule, ruling.witness) == ("unknown", "unread_line", None)


def test_an_expansion_that_is_cut_short_leaves_the_verdict_open() -> None:
    many = AllOf(items=tuple(Choose(n=1, items=tuple(make_paper(f"{a}{b}") for b in range(5))) for a in range(9)))
    ruling = compare_requirements(many, make_paper("甲"), NAMES)
    assert (ruling.verdict, ruling.rule) == ("unknown", "expansion_cut")


def test_aliases_may_not_make_one_paper_of_two_that_are_never_one() -> None:
    joined = (("食品生产许可证", "食品许可证"), ("食品許可證", "食品经营许可证"))
    with pytest.raises(UsageError, match="食品生产许可证"):
        build_names(replace(NAMES, aliases=(*NAMES.aliases, *joined)))
    assert build_names(PaperNames(aliases=joined)).aliases == joined


def make_paper(
    title: str, *, label: str | None = None, qualifier: str | None = None, count: str | None = None
) -> Paper:
    return Paper(text=f"《{title}》", title=title, label=label, qualifier=qualifier, count=count)


# The law: a verdict agrees with the table of everything that a person could hold.

QUALIFIERS = (
    None, "范围含“a”", "业务类型含“a”或“b”", "范围含“a”和“b”", "范围含“b”", "如a、b等", "如b等", "适用公立学校",
    "内容含a、b",
)  # fmt: skip
LEAVES: st.SearchStrategy[Requirement] = st.builds(
    make_paper,
    st.sampled_from("甲乙丙"),
    label=st.sampled_from([None, None, None, "若为平台", "平台提供", "选填", "公立学校", "私立学校"]),
    qualifier=st.sampled_from(QUALIFIERS),
    count=st.sampled_from([None, "2份"]),
) | st.builds(Text, text=st.sampled_from(["批文", "承诺书", "批文或承诺书", "证明(如有)"]))


def make_list(items: list[Requirement], n: int) -> Requirement:
    return AllOf(items=tuple(items)) if n == 0 else Choose(n=min(n, len(items)), items=tuple(items))


TREES = st.recursive(
    LEAVES, lambda below: st.builds(make_list, st.lists(below, min_size=1, max_size=3), st.integers(0, 2)), max_leaves=5
)


def list_demands(formula: Formula) -> set[Demand]:
    return {formula} if isinstance(formula, Demand) else set(chain(*map(list_demands, formula.parts)))


def admits(formula: Formula, held: frozenset[Demand]) -> bool:
    """Truth by the definition, said otherwise than in the program: count the parts that hold."""
    match formula:
        case Demand():
            return True in {demand.covers(formula) for demand in held}
        case Several(n=n, parts=parts):
            return len([part for part in parts if admits(part, held)]) >= n


@given(TREES, TREES)
def test_verdicts_agree_with_truth_tables(old: Requirement, new: Requirement) -> None:
    before, after = build_formula(old, NAMES), build_formula(new, NAMES)
    universe = sorted(list_demands(before) | list_demands(after), key=repr)
    # Labels that alone the two differ by hold of everybody.
    cases = compare_requirements(old, new, NAMES).cases
    given = frozenset(demand for demand in universe if is_case(demand) and demand.shown in cases)
    table = chain.from_iterable(combinations(universe, size) for size in range(len(universe) + 1))
    rows = {(admits(before, given.union(held)), admits(after, given.union(held))) for held in table}
    lost, gained = (True, False) in rows, (False, True) in rows
    expected = "mixed" if lost and gained else "tightened" if lost else "relaxed" if gained else "equivalent"
    assert verdict(old, new) == expected


@given(st.data())
def test_who_covers_a_demand_covers_what_that_one_covers(data: st.DataObject) -> None:
    demands = list_demands(build_formula(data.draw(TREES), NAMES)) | list_demands(
        build_formula(data.draw(TREES), NAMES)
    )
    for first in demands:
        assert first.covers(first)
        for second in demands:
            for third in demands:
                if first.covers(second) and second.covers(third):
                    assert first.covers(third)
