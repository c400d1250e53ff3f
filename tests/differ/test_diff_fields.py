from __future__ import annotations

import msgspec
import pytest
from worlds import make_category, paper

from differ.fields import diff_fields
from differ.lines import requirement_lines
from snapshots.category import Attribute, Category, Note, PaperMention, Reference, RequirementBlock, ScopeBlock
from snapshots.requirement import AllOf, Choose, NoneRequired, Text

REFERENCE = Reference(
    text="【公益-募捐服務】", role="also_needed", targets=(("公益", "募捐服務"),), condition="若提供募捐", where="scope"
)
BLOCK = RequirementBlock(
    requirement=paper(), application=("發送至郵箱",), notes=(Note("見示例", "requirement"),), emails=("a@tencent.com",)
)
SCOPE = ScopeBlock(
    scope="適用於銀行", notes=(Note("若提供募捐", "scope"),), references=(REFERENCE,), unsupported=("代孕",),
    regions=("中國香港",),
)  # fmt: skip
OLD = make_category(requirement=BLOCK, scope=SCOPE)


def change_requirement(**changes: object) -> Category:
    return make_category(requirement=msgspec.structs.replace(BLOCK, **changes), scope=SCOPE)


def change_scope(**changes: object) -> Category:
    return make_category(requirement=BLOCK, scope=msgspec.structs.replace(SCOPE, **changes))


@pytest.mark.parametrize(
    ("field", "new", "old_text", "new_text"),
    [
        ("requirement", change_requirement(requirement=paper("許可證")), "《營業執照》", "《許可證》"),
        ("requirement", change_requirement(requirement=None), "《營業執照》", ""),
        ("requirement", change_requirement(requirement=NoneRequired()), "《營業執照》", "/"),
        ("application", change_requirement(application=("在線申請",)), "發送至郵箱", "在線申請"),
        ("scope", change_scope(scope="適用於保險"), "適用於銀行", "適用於保險"),
        ("scope", change_scope(scope=None), "適用於銀行", ""),
        (
            "notes",
            change_requirement(notes=(Note("需蓋章", "requirement"),)),
            "見示例\n若提供募捐",
            "需蓋章\n若提供募捐",
        ),
        ("notes", change_scope(notes=()), "見示例\n若提供募捐", "見示例"),
        (
            "references",
            change_scope(references=(msgspec.structs.replace(REFERENCE, role="choose"),)),
            "若提供募捐 【公益-募捐服務】 also_needed",
            "若提供募捐 【公益-募捐服務】 choose",
        ),
        ("unsupported", change_scope(unsupported=("代孕", "按摩")), "代孕", "代孕\n按摩"),
        ("closed_beta", change_requirement(closed_beta=True), "no", "yes"),
        ("emails", change_requirement(emails=("b@tencent.com",)), "a@tencent.com", "b@tencent.com"),
        ("regions", change_scope(regions=("中國香港", "日本")), "中國香港", "中國香港\n日本"),
    ],
)
def test_a_field_that_differs_is_told_with_both_values_and_their_text(
    field: str, new: Category, old_text: str, new_text: str
) -> None:
    (found,) = diff_fields(OLD, new)

    assert found.field == field
    assert "".join(text for change, text in found.runs if change != "insert") == old_text
    assert "".join(text for change, text in found.runs if change != "delete") == new_text


def test_values_are_those_of_an_entry() -> None:
    (found,) = diff_fields(OLD, change_requirement(requirement=Text(text="批文")))

    assert found.old["type"] == "paper"
    assert found.new == {"type": "text", "text": "批文", "label": None, "marked_new": False, "notes": ()}


def test_fields_stand_in_the_order_of_an_entry() -> None:
    column = (Attribute("保证金", "1000元"),)
    old = msgspec.structs.replace(OLD, attributes=column)
    new = msgspec.structs.replace(
        make_category(requirement=RequirementBlock(requirement=None, closed_beta=True), scope="別的"), attributes=()
    )

    assert [found.field for found in diff_fields(old, new)] == [
        "requirement", "application", "scope", "notes", "references", "unsupported", "attributes", "closed_beta",
        "emails", "regions",
    ]  # fmt: skip


def test_papers_differ_only_with_the_requirement_that_names_them() -> None:
    assert diff_fields(OLD, change_requirement(papers=(PaperMention("營業執照", "《營業執照》"),))) == ()


def test_what_one_side_does_not_state_is_not_compared() -> None:
    requirement_only = make_category(requirement=BLOCK)

    assert diff_fields(requirement_only, OLD) == ()
    assert diff_fields(OLD, requirement_only) == ()
    (found,) = diff_fields(requirement_only, change_requirement(notes=()))
    assert (found.field, found.new) == ("notes", ())


def test_a_requirement_is_written_in_the_words_of_the_page() -> None:
    requirement = Choose(
        n=1,
        marker="(2選1)",
        items=(
            AllOf(
                label="自營型主體",
                marker="同時提供",
                items=(
                    Choose(
                        n=1,
                        marker="或",
                        items=(paper("甲證"), AllOf(marker="及", items=(paper("乙證"), paper("丙證")))),
                    ),
                    Text(text="官網截圖", notes=("點擊查看示例",)),
                ),
                notes=("需蓋章",),
            ),
            AllOf(items=(Text(text="批文"), Text(text="協議"))),
        ),
    )

    assert requirement_lines(requirement) == (
        "(2選1)",
        "  自營型主體 同時提供",
        "    《甲證》或《乙證》及《丙證》",
        "    官網截圖",
        "      注: 點擊查看示例",
        "    注: 需蓋章",
        "  批文",
        "  協議",
    )
