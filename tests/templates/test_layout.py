from __future__ import annotations

import pytest
from digest_making import paper

from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text
from templates.layout import drop_notes, lay_out


@pytest.mark.parametrize(
    ("text", "words", "notes"),
    [
        (
            "《小程序开发者承诺函》（注：在申请类目详情页处含示例模板下载）",
            "《小程序开发者承诺函》",
            ("在申请类目详情页处含示例模板下载",),
        ),
        ("合作协议(註:需加盖公章(双方)),原件", "合作协议,原件", ("需加盖公章(双方)",)),
        ("合作协议（注意事项见附件）", "合作协议（注意事项见附件）", ()),
        ("（注：仅限企业）", "（注：仅限企业）", ()),
        ("《证》（注：没有结尾", "《证》（注：没有结尾", ()),
    ],
)
def test_a_note_in_brackets_is_a_note_like_one_on_a_line_of_its_own(
    text: str, words: str, notes: tuple[str, ...]
) -> None:
    assert lay_out(Text(text=text, notes=("末",))) == Text(text=words, notes=(*notes, "末"))


def test_a_label_that_the_head_and_its_first_leaf_repeat_is_said_once() -> None:
    rest = Text(text="公立医疗主体提供：批准文件")
    repeated = paper("事业单位法人证书", "公立醫療主體提供:《事业单位法人证书》")
    laid = lay_out(AllOf(label="公立医疗主体提供", items=(repeated, rest)))
    assert laid == AllOf(label="公立医疗主体提供", items=(paper("事业单位法人证书"), rest))


@pytest.mark.parametrize("text", ["银行主体", "银行主体：", "银行主体的《金融许可证》"])
def test_what_is_more_or_less_than_the_label_stays(text: str) -> None:
    requirement = Choose(n=1, label="银行主体", items=(Text(text=text), Text(text="其他")))
    assert lay_out(requirement) == requirement


@pytest.mark.parametrize("requirement", [NoneRequired(), AllOf(label="空", items=()), paper("营业执照")])
def test_nothing_else_is_touched(requirement: Requirement) -> None:
    assert lay_out(requirement) == requirement


def test_the_words_of_a_leaf_are_told_without_its_notes() -> None:
    leaf = Paper(text="《承诺函》（注：模板见详情页）", title="承诺函")
    assert drop_notes(leaf.text) == "《承诺函》"
