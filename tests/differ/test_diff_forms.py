from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import make_category, make_claim, make_snapshot, paper

from differ.compare import diff_snapshots
from differ.fields import diff_fields
from snapshots.category import Attribute, Note, Reference, RequirementBlock, ScopeBlock
from snapshots.form import build_form, fold_requirement, fold_words
from snapshots.requirement import AllOf, Choose, NoneRequired, Requirement, Text

A, B, C = (Text(text=text) for text in ("許可證", "備案憑證", "合作協議"))
LAW_SETTINGS = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("醫療服務-藥品(非處方藥)銷售", "医疗服务-药品（非处方药）销售"),
        ("1、適用於銀行；\n2、適用於保險。", "①适用于银行\n②适用于保险"),
        ("(1)适用于银行；(2)适用于保险。", "1.适用于银行；2.适用于保险"),
        ("一、適用於銀行", "1、適用於銀行"),
        ("a、APP截圖", "①APP截图"),
        ("适用于银行、\n保险等服务。", "适用于银行、保险等\n服务"),
        ("需补充【公益-募捐服务】类目", "需補充〔公益-募捐服務〕類目;"),
    ],
)
def test_two_spellings_of_one_text_have_one_form(one: str, other: str) -> None:
    assert fold_words(one) == fold_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公证(中国大陆地区)", "公证(非中国大陆地区)"),
        ("医疗器械生产许可证", "医疗器械经营许可证"),
        ("一、二級資質", "二、三級資質"),
        ("A、B類牌照", "C、B類牌照"),
        ("需A級,B、C級", "需A級,D、C級"),
        ("3.5分以上", "4.5分以上"),
        ("2、3號線", "1、3號線"),
        ("資訊", "信息"),
        ("提供①②", "提供①③"),
        ("24小時營業", "12小時營業"),
        ("北京、上海", "北京上海"),
    ],
)
def test_other_words_have_another_form(one: str, other: str) -> None:
    assert fold_words(one) != fold_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            Choose(n=1, marker="（2选1）", items=(A, B)), Choose(n=1, marker="(二選一)", items=(A, B)), id="the marker"
        ),
        pytest.param(AllOf(items=(A, B)), AllOf(marker="同時提供", items=(B, A)), id="the order of a list"),
        pytest.param(AllOf(items=(A,)), A, id="a list of one"),
        pytest.param(Choose(n=1, items=(AllOf(items=(A, B)),)), AllOf(items=(A, B)), id="a choice of one list"),
        pytest.param(AllOf(items=(A, AllOf(items=(B, C)))), AllOf(items=(A, B, C)), id="all of, within all of"),
        pytest.param(
            Choose(n=1, items=(Choose(n=1, items=(A, B)), C)), Choose(n=1, items=(A, B, C)), id="a choice in a choice"
        ),
        pytest.param(
            AllOf(items=(Choose(n=1, items=(AllOf(items=(A, B)),)), C)), AllOf(items=(A, B, C)), id="wrapped twice"
        ),
        pytest.param(
            AllOf(label="平臺型主體提供", items=(A, B)), AllOf(label="平台型主体：", items=(A, B)), id="a label's end"
        ),
        pytest.param(
            Text(text="審批文件 (新增項)", marked_new=True), Text(text="审批文件"), id="the mark of what is new"
        ),
        pytest.param(paper("營業執照", holder="律所"), Text(text="《营业执照》"), id="what is read from the words"),
        pytest.param(msgspec.structs.replace(A, notes=("見示例",)), A, id="notes, which are compared as notes"),
    ],
)
def test_differences_in_form_leave_a_requirement_the_same(one: Requirement, other: Requirement) -> None:
    assert fold_requirement(one) == fold_requirement(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(AllOf(items=(A, B)), Choose(n=1, items=(A, B)), id="all of or one of"),
        pytest.param(Choose(n=1, items=(A, B)), Choose(n=2, items=(A, B)), id="how many"),
        pytest.param(Choose(n=2, items=(A,)), A, id="two of one"),
        pytest.param(AllOf(items=(A, A)), AllOf(items=(A,)), id="twice the same"),
        pytest.param(AllOf(label="自營", items=(A, B)), AllOf(label="平臺", items=(A, B)), id="for whom"),
        pytest.param(
            Choose(n=1, items=(AllOf(items=(A, B)), C)), Choose(n=1, items=(A, AllOf(items=(B, C)))), id="the branches"
        ),
        pytest.param(
            Choose(n=2, items=(Choose(n=2, items=(A, B)), C)), Choose(n=2, items=(A, B, C)), id="two of two of them"
        ),
        pytest.param(NoneRequired(), None, id="none required is a statement"),
        pytest.param(Text(text="新增項目證明"), Text(text="目證明"), id="a word that only looks like the mark"),
    ],
)
def test_another_meaning_is_another_requirement(one: Requirement, other: Requirement | None) -> None:
    assert fold_requirement(one) != fold_requirement(other)


def test_two_mirrors_of_one_notice_are_equal_whatever_their_lists_look_like() -> None:
    reference = Reference(
        text="【公益-募捐服務】", role="also_needed", targets=(("公益", "募捐服務"),), condition="若提供", where="scope"
    )
    one = make_category(
        requirement=RequirementBlock(
            requirement=Choose(n=1, marker="(2選1):", items=(A, AllOf(marker="同時提供", items=(B, C)))),
            application=("發送至郵箱", "附上以下資料:"),
            notes=(Note("見示例。", "requirement"), Note("需蓋章", "requirement")),
            emails=("a@tencent.com", "b@tencent.com"),
        ),
        scope=ScopeBlock(
            scope="①適用於銀行；\n②適用於保險。",
            notes=(Note("若提供,需補充【公益-募捐服務】類目", "scope"),),
            references=(reference,),
            unsupported=("代孕", "按摩"),
            regions=("中國香港", "日本"),
        ),
    )
    other_reference = msgspec.structs.replace(reference, text="【公益－募捐服务】", targets=(("公益", "募捐服务"),))
    other = make_category(
        requirement=RequirementBlock(
            requirement=Choose(n=1, items=(AllOf(items=(Text(text="合作协议；"), Text(text="备案凭证"))), A)),
            application=("发送至邮箱附上", "以下资料"),
            notes=(Note("需盖章；", "requirement"), Note("见示例", "requirement")),
            emails=("b@tencent.com", "a@tencent.com"),
        ),
        scope=ScopeBlock(
            scope="1、适用于银行\n2、适用于保险",
            notes=(Note("若提供，需补充【公益-募捐服务】类目。", "scope"),),
            references=(other_reference,),
            unsupported=("按摩", "代孕"),
            regions=("日本", "中国香港"),
        ),
    )

    assert diff_fields(one, other) == ()


@pytest.mark.parametrize(
    ("one", "other", "differing"),
    [
        (("提供宠物寄养服务", "A"), ("适用于提供宠物寄养服务。", "A"), set()),
        (("适用于提供宠物寄养服务", "A"), ("仅适用于提供宠物寄养服务", "A"), {"scope"}),
        (("一", "《A》(注:点击可查看示例)"), ("一", "《A》(注:点击可查看模板)"), {"notes (requirement)"}),
        (("一", "及其他证明材料"), ("一", "其他证明材料"), set()),
    ],
)
def test_what_a_column_or_a_list_says_already_is_form_and_a_note_in_a_bracket_is_a_note(
    one: tuple[str, str], other: tuple[str, str], differing: set[str]
) -> None:
    forms = [build_form(make_category(scope=scope, requirement=Text(text=text))) for scope, text in (one, other)]
    assert {name for name in forms[0] if forms[0][name] != forms[1][name]} == differing


def test_a_column_that_moved_in_the_table_is_no_difference() -> None:
    def with_columns(*columns: tuple[str, str]) -> Any:
        return msgspec.structs.replace(make_category(), attributes=tuple(Attribute(*column) for column in columns))

    old = with_columns(("保证金", "1000元"), ("类目状态", "開放"))

    assert diff_fields(old, with_columns(("类目状态", "开放"), ("保证金", "1000元"))) == ()
    assert [found.field for found in diff_fields(old, with_columns(("保证金", "2000元")))] == ["attributes"]


WORDS = st.text(alphabet="《》【】()（）-—、，,。；;:1２①一二許可证證Aa \n新增項", max_size=12)


@LAW_SETTINGS
@given(WORDS)
def test_form_is_idempotent(text: str) -> None:
    assert fold_words(fold_words(text)) == fold_words(text)


def _spell_otherwise(requirement: Requirement) -> Requirement:
    """The same requirement as another mirror spells it: script, order of lists, markers and wrapping lists differ."""
    match requirement:
        case AllOf(items=items) | Choose(items=items):
            turned = tuple(AllOf(items=(_spell_otherwise(item),)) for item in reversed(items))
            return msgspec.structs.replace(requirement, items=turned, marker="：")
        case Text(text=text):
            return Text(text=text.replace("許可證", "许可证 ") + "；")
        case _:
            return requirement


def requirements() -> st.SearchStrategy[Requirement]:
    leaves = st.sampled_from(["許可證A", "許可證B", "許可證C"]).map(lambda text: Text(text=text))

    def lists(items: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
        some = st.lists(items, min_size=1, max_size=3).map(tuple)
        label = st.sampled_from([None, "自營型"])
        return st.builds(AllOf, items=some, label=label) | st.builds(
            Choose, n=st.integers(1, 2), items=some, label=label
        )

    return st.recursive(leaves, lists, max_leaves=6)


@LAW_SETTINGS
@given(requirements())
def test_a_requirement_and_its_other_spelling_are_no_change(requirement: Requirement) -> None:
    old, new = make_category(requirement=requirement), make_category(requirement=_spell_otherwise(requirement))
    said = make_claim("listed")

    changes = diff_snapshots(
        make_snapshot([old], claims=[(old.key, said)]), make_snapshot([new], claims=[(new.key, said)])
    )

    assert old != new
    assert changes.changes == ()


@LAW_SETTINGS
@given(requirements(), requirements())
def test_a_field_difference_is_told_exactly_where_the_forms_differ(old: Requirement, new: Requirement) -> None:
    fields = diff_fields(make_category(requirement=old), make_category(requirement=new))

    assert [found.field for found in fields] == (
        ["requirement"] if fold_requirement(old) != fold_requirement(new) else []
    )
