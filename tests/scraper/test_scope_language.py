"""What the sentences of a scope and its notes say: references to categories, and services that may not be offered."""

from __future__ import annotations

import pytest

from scraper.requirement.limits import find_unsupported
from scraper.requirement.references import find_references


@pytest.mark.parametrize(
    "note",
    [
        "若仅展示信息,无需补充【电商平台-综合平台】类目;",
        "不应选择【生活服务-跑腿】类目;",
        "不需要再补充选择【生活服务-跑腿】类目",
        "请勿选择【生活服务-丙】类目。",
        "未补充【生活服务-丙】或【生活服务-丁】类目",
    ],
)
def test_a_category_that_need_not_be_chosen_is_no_reference(note: str) -> None:
    assert find_references(note, "scope") == ()


def test_a_reference_behind_a_negated_one_is_found() -> None:
    (reference,) = find_references("若为展示,无需补充【甲-乙】类目,若有交易,需补充【丙-丁】类目", "scope")
    assert (reference.role, reference.targets) == ("also_needed", (("丙", "丁"),))


def test_a_category_in_quotes_is_a_reference_where_a_verb_leads_to_it() -> None:
    note = "若涉及跨境销售,需要补充“跨境电商-奶粉”类目"
    (reference,) = find_references(note, "scope")
    assert (reference.text, reference.targets) == ("“跨境电商-奶粉”", (("跨境电商", "奶粉"),))
    note = "非三级医疗机构,建议选“公立医疗机构”或“私立医疗机构”类目。"
    assert [reference.text for reference in find_references(note, "scope")] == ["“公立医疗机构”", "“私立医疗机构”"]
    assert find_references("经营范围含“跨境电商-奶粉”类目", "scope") == ()


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("暂不支持顺风车相关服务,建议去除。", ("顺风车相关服务",)),
        ("不支持提供在线问诊服务，若涉及提供在线问诊服务，需补充【互联网医院】类目", ("在线问诊服务",)),
        ("不可涉及跨境预约挂号、在线问诊相关服务,建议去除", ("跨境预约挂号、在线问诊相关服务",)),
        ("不可涉及虚假宣传", ()),
        ("不支持在线整车销售,建议调整为展示指导价格", ("在线整车销售",)),
        ("不支持“提料克重,金料互换”等服务;不支持甲", ("“提料克重,金料互换”等服务", "甲")),
        ("暂不支持甲服务,乙服务及丙等服务,建议去除", ("甲服务,乙服务及丙等服务",)),
        ("暂不支持线上申请", ()),
    ],
)
def test_unsupported_services_end_with_their_clause(text: str, services: tuple[str, ...]) -> None:
    assert find_unsupported([text]) == services
