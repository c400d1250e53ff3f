from __future__ import annotations

from collections.abc import Sequence

from digest_making import paper
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text
from templates.alignment import compare_trees
from templates.rows import Row, nest_rows
from templates.trees import build_lines, build_requirement_tree, list_rows

TITLES = ("營業執照", "登記證書", "合作協議", "經營許可證")


def draw(rows: Sequence[Row]) -> list[str]:
    """Each row as a line: mark, depth by indentation, and its text or what it heads."""
    signs = {"same": " ", "added": "+", "removed": "-", "changed": "~"}
    return [
        f"{signs[row.mark]} {'  ' * row.depth}"
        + "".join({"keep": "", "delete": "-", "insert": "+"}[span.change] + span.text for span in row.spans)
        + {"all_of": "*all", "choose": f"*{row.n}"}.get(row.kind, "")
        for row in rows
    ]


def compare(old: Requirement, new: Requirement) -> list[str]:
    return draw(compare_trees([build_requirement_tree(old)], [build_requirement_tree(new)]).unified)


def requirements() -> st.SearchStrategy[Requirement]:
    leaves: st.SearchStrategy[Requirement] = st.one_of(
        st.sampled_from(TITLES).map(paper),
        st.text("甲乙丙丁", min_size=1, max_size=6).map(lambda text: Text(text=text)),
    )

    def branch(inner: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
        items = st.lists(inner, min_size=1, max_size=4).map(tuple)
        notes = st.lists(st.sampled_from(["注一", "注二"]), max_size=1).map(tuple)
        return st.one_of(
            st.builds(AllOf, items=items, notes=notes),
            st.builds(Choose, n=st.integers(1, 2), items=items, notes=notes, label=st.sampled_from([None, "平臺型"])),
        )

    return st.recursive(leaves, branch, max_leaves=12)


def test_a_requirement_is_a_list_of_rows_with_their_depth_and_what_their_heads_ask() -> None:
    tree = Choose(
        n=1,
        marker="(2選1)",
        items=(
            paper("登記證書"),
            AllOf(label="平臺提供", items=(paper("合作協議"), Text(text="承諾書")), notes=("注一",)),
        ),
    )
    rows = list_rows([build_requirement_tree(tree)])
    assert draw(rows) == [
        "  *1",
        "    《登記證書》",
        "    平臺提供*all",
        "      《合作協議》",
        "      承諾書",
        "      注一",
    ]
    assert (rows[0].marker, rows[0].n, rows[0].total) == ("(2選1)", 1, 2)
    assert [row.kind for row in rows] == ["choose", "paper", "all_of", "paper", "text", "note"]


def test_rows_know_which_lists_open_and_close_around_them() -> None:
    rows = nest_rows([Row(depth=depth, kind="text", spans=()) for depth in (0, 1, 2, 2, 1, 0)])
    assert [(row.opens, row.closes) for row in rows] == [
        (True, 0), (True, 0), (False, 0), (False, 1), (False, 1), (False, 0),
    ]  # fmt: skip
    assert [row.rails for row in rows] == [
        (True,), (True, True), (True, True, True), (True, True, False), (True, False), (False,),
    ]  # fmt: skip


def test_an_option_that_joins_is_added_and_one_that_goes_is_removed_at_its_place() -> None:
    old = Choose(n=1, items=(paper("營業執照"), paper("登記證書"), paper("合作協議")))
    new = Choose(n=1, items=(paper("營業執照"), paper("經營許可證"), paper("合作協議")))
    assert compare(old, new) == [
        "  *1",
        "    《營業執照》",
        "-   《登記證書》",
        "+   《經營許可證》",
        "    《合作協議》",
    ]


def test_a_paper_whose_qualifier_changes_is_one_changed_row() -> None:
    old = Paper(text="《營業執照》(經營范圍含“咨詢”)", title="營業執照")
    new = Paper(text="《營業执照》(經營范圍含“法律咨詢”)", title="營業执照")
    assert compare(old, new) == ["~ 《營業执照》(經營范圍含“+法律咨詢”)"]
    comparison = compare_trees([build_requirement_tree(old)], [build_requirement_tree(new)])
    assert "".join(span.text for span in comparison.old[0].spans) == old.text, "the old column keeps its own spelling"
    assert "".join(span.text for span in comparison.new[0].spans) == new.text


def test_a_paper_that_becomes_one_of_a_list_stays_the_same_below_a_new_head() -> None:
    assert compare(paper("營業執照"), AllOf(items=(paper("營業執照"), paper("登記證書")))) == [
        "+ *all", "    《營業執照》", "+   《登記證書》",
    ]  # fmt: skip
    assert compare(AllOf(items=(paper("營業執照"), paper("登記證書"))), paper("營業執照")) == [
        "- *all", "    《營業執照》", "-   《登記證書》",
    ]  # fmt: skip


def test_one_of_that_becomes_two_of_is_another_head_over_the_same_options() -> None:
    items = (paper("營業執照"), paper("登記證書"), paper("合作協議"))
    assert compare(Choose(n=1, items=items), Choose(n=2, items=items))[:3] == ["- *1", "+ *2", "    《營業執照》"]


def is_torn(old: Requirement, new: Requirement) -> bool:
    return compare_trees([build_requirement_tree(old)], [build_requirement_tree(new)]).is_torn


def test_lists_with_another_kind_of_head_cannot_be_shown_as_one() -> None:
    items = (paper("營業執照"), paper("登記證書"))
    assert is_torn(AllOf(items=items), Choose(n=1, items=items))
    assert is_torn(paper("營業執照"), AllOf(items=items))
    assert is_torn(Choose(n=1, items=(AllOf(items=items), paper("合作協議"))), Choose(n=1, items=(*items,)))


def test_an_option_that_comes_or_goes_whole_does_not_tear_its_list() -> None:
    options = (paper("營業執照"), AllOf(label="平臺", items=(paper("登記證書"), Text(text="承諾書"))))
    other = Text(text="批文")
    assert not is_torn(Choose(n=1, items=(options[0], other)), Choose(n=1, items=(*options, other)))
    assert not is_torn(Choose(n=1, items=(*options, other)), Choose(n=1, items=(options[0], other)))


def test_the_words_of_a_label_that_lead_over_to_its_marker_are_form() -> None:
    def travel(label: str, leaf: str) -> Requirement:
        return Choose(n=1, items=(AllOf(label=label, items=(Text(text=leaf), paper("甲證"))), Text(text="批文；")))

    assert compare(travel("自營型提供", "1、協議"), travel("自营型", "協議")) == [
        "  *1", "    自营型*all", "      協議", "      《甲證》", "    批文；",
    ]  # fmt: skip
    assert compare(travel("自營型提供", "協議"), travel("自营型", "協議書"))[1:3] == ["    自营型*all", "~     協議+書"]


def test_a_row_in_another_script_keeps_what_the_earlier_state_has() -> None:
    def row_of(old: str, new: str) -> Row:
        [row] = compare_trees(build_lines([old]), build_lines([new])).unified
        return row

    respelled = row_of("若涉及機票銷售,需補充類目", "若涉及机票销售，需选择类目")
    assert respelled.is_respelled
    assert respelled.before is not None
    assert text_of(respelled.before) == "若涉及機票銷售,需補充類目"
    assert not row_of("若涉及机票销售,需补充类目", "若涉及机票销售，需选择类目").is_respelled


def test_none_required_is_never_paired_with_papers() -> None:
    assert compare(NoneRequired(), paper("營業執照")) == ["- ", "+ 《營業執照》"]


def test_many_unlike_items_are_gone_and_new_without_being_weighed_one_by_one() -> None:
    old = build_lines([f"舊條目甲乙丙{number:04}" for number in range(300)])
    new = build_lines([f"新規定丁戊己{number:04}" for number in range(300, 600)])
    marks = [row.mark for row in compare_trees(old, new).unified]
    assert (marks.count("added"), marks.count("removed")) == (300, 300)


@settings(max_examples=80, deadline=None)
@given(requirements())
def test_a_requirement_does_not_differ_from_itself_in_another_script_or_order(requirement: Requirement) -> None:
    turned = turn(requirement)
    comparison = compare_trees([build_requirement_tree(requirement)], [build_requirement_tree(turned)])
    assert not comparison.differs


def turn(requirement: Requirement) -> Requirement:
    """The same requirement, its options in reverse and its papers in Simplified."""
    match requirement:
        case AllOf(label=label, items=items, notes=notes):
            return AllOf(label=label, items=tuple(turn(part) for part in reversed(items)), notes=notes)
        case Choose(n=n, label=label, items=items, notes=notes):
            return Choose(n=n, label=label, items=tuple(turn(part) for part in reversed(items)), notes=notes)
        case Paper(title="營業執照"):
            return paper("营业执照")
        case _:
            return requirement


@settings(max_examples=80, deadline=None)
@given(requirements(), requirements())
def test_each_column_shows_its_own_state_whole_and_in_order(old: Requirement, new: Requirement) -> None:
    trees = [build_requirement_tree(old)], [build_requirement_tree(new)]
    comparison = compare_trees(*trees)
    for column, tree, foreign in ((comparison.old, trees[0], "added"), (comparison.new, trees[1], "removed")):
        alone = list_rows(tree)
        assert [(row.depth, row.kind, text_of(row)) for row in column] == [
            (row.depth, row.kind, text_of(row)) for row in alone
        ]
        assert foreign not in {row.mark for row in column}


@settings(max_examples=80, deadline=None)
@given(requirements(), requirements())
def test_the_unified_list_holds_every_row_of_both_states_once(old: Requirement, new: Requirement) -> None:
    comparison = compare_trees([build_requirement_tree(old)], [build_requirement_tree(new)])
    unified = [row.mark for row in comparison.unified]
    assert unified.count("removed") == [row.mark for row in comparison.old].count("removed")
    assert unified.count("added") == [row.mark for row in comparison.new].count("added")
    assert unified.count("changed") == [row.mark for row in comparison.new].count("changed")
    assert all(
        later.depth <= row.depth + 1 for row, later in zip(comparison.unified, comparison.unified[1:], strict=False)
    )


def text_of(row: Row) -> str:
    return "".join(span.text for span in row.spans)
