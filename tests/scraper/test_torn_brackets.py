"""A bracket that has no counterpart is told: what it names may be torn."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from snapshots.notice import Reading

PAGE = """2031年1-3月小程序类目调整汇总公告

类目新增

非个人主体

#【生活服务-宠物寄养】

现资质要求

{requirement}

类目适用范围

适用于提供宠物寄养服务。

{note}

#【生活服务-宠物美容】

现资质要求

《营业执照》

类目适用范围

适用于提供宠物美容服务。
"""
WHOLE, TORN = (f"注:如提供医疗服务,需补充【医疗-宠物医院{end}类目。" for end in ("】", ""))


@pytest.mark.parametrize(
    ("requirement", "note", "torn"),
    [
        ("《营业执照", WHOLE, ["《营业执照"]),
        ("营业执照》", WHOLE, ["营业执照》"]),
        ("《营业执照》", TORN, [TORN]),
        ("与宠物医院签订的《合作\n\n协议》", WHOLE, []),
        ("《营业执照》", WHOLE, []),
    ],
)
def test_a_bracket_without_its_counterpart_is_a_problem(
    read_text: Callable[..., Reading], requirement: str, note: str, torn: list[str]
) -> None:
    reading = read_text(PAGE.format(requirement=requirement, note=note))
    assert [problem.text for problem in reading.problems if problem.code == "unpaired-bracket"] == torn
    doubts = reading.documents[0].entries[0].doubts
    assert ("unpaired-bracket" in doubts) == (requirement in torn)
