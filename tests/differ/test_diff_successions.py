"""Names that change: what documents state, rebuilt and compared."""

from __future__ import annotations

import datetime as dt

from worlds import DECEMBER, JUNE, MARCH, SEPTEMBER, make_document, make_entry

from differ.changes import Change
from differ.compare import diff_snapshots
from snapshots.category import CategoryPath
from snapshots.rebuild import rebuild_snapshot
from snapshots.snapshot import StoredDocument

A, B, C = ("業", "甲"), ("業", "乙"), ("業", "丙")


def diff_dates(documents: list[StoredDocument], old: dt.date, new: dt.date) -> dict[CategoryPath, Change]:
    changes = diff_snapshots(rebuild_snapshot(documents, at=old), rebuild_snapshot(documents, at=new)).changes
    found = {change.path: change for change in changes}
    assert len(found) == len(changes)
    return found


def describe(found: dict[CategoryPath, Change]) -> dict[CategoryPath, tuple[str, str, tuple[CategoryPath, ...]]]:
    return {path: (change.kind, change.before, change.paths_before) for path, change in found.items()}


def known(*paths: CategoryPath) -> StoredDocument:
    return make_document(MARCH, *(make_entry("adjusted", *path, paper=f"許可證{path[-1]}") for path in paths))


def rename(date: dt.date, *pairs: tuple[CategoryPath, CategoryPath], paper: str | None = None) -> StoredDocument:
    entries = (make_entry("renamed", *old, to=(new,), paper=paper, line=line) for line, (old, new) in enumerate(pairs))
    return make_document(date, *entries)


def test_a_rename_is_one_record_under_the_new_name_with_what_else_differs() -> None:
    found = diff_dates([known(A), rename(JUNE, (A, B), paper="新許可證")], MARCH, DECEMBER)

    assert describe(found) == {B: ("renamed", "known", (A,))}
    assert [difference.field for difference in found[B].fields] == ["requirement"]
    assert (found[B].claimed, found[B].in_force.date) == ("renamed", JUNE)
    old = found[B].old
    assert old is not None
    assert old.path == A


def test_a_rename_of_what_was_not_known_says_so() -> None:
    found = diff_dates([rename(JUNE, (A, B))], MARCH, DECEMBER)

    assert describe(found) == {B: ("renamed", "unknown", (A,))}


def test_two_renames_lead_from_the_first_name_to_the_last() -> None:
    documents = [known(A), rename(JUNE, (A, B)), rename(SEPTEMBER, (B, C))]

    assert describe(diff_dates(documents, MARCH, DECEMBER)) == {C: ("renamed", "known", (A,))}
    assert describe(diff_dates(documents, JUNE, DECEMBER)) == {C: ("renamed", "known", (B,))}


def test_renamed_and_renamed_back_is_no_change_of_name() -> None:
    found = diff_dates([known(A), rename(JUNE, (A, B)), rename(SEPTEMBER, (B, A))], MARCH, DECEMBER)

    assert describe(found) == {A: ("restated", "known", ())}


def test_two_names_that_are_swapped_keep_their_histories() -> None:
    found = diff_dates([known(A, B), rename(JUNE, (A, B), (B, A))], MARCH, DECEMBER)

    assert describe(found) == {A: ("renamed", "known", (B,)), B: ("renamed", "known", (A,))}
    assert all(change.fields == () for change in found.values())


def test_what_was_added_and_then_renamed_is_new_under_its_last_name() -> None:
    documents = [make_document(JUNE, make_entry("added", *A, paper="許可證")), rename(SEPTEMBER, (A, B))]

    found = diff_dates(documents, MARCH, DECEMBER)

    assert describe(found) == {B: ("new", "none", ())}
    assert found[B].claimed == "added"


def test_what_was_renamed_and_then_removed_is_removed_under_its_last_name() -> None:
    documents = [known(A), rename(JUNE, (A, B)), make_document(SEPTEMBER, make_entry("removed", *B))]

    found = diff_dates(documents, MARCH, DECEMBER)

    assert describe(found) == {B: ("removed", "known", (A,))}
    assert found[B].in_force.date == SEPTEMBER


def test_a_rename_that_the_next_catalogue_does_not_show_leaves_the_old_name_as_it_was() -> None:
    documents = [
        make_document(MARCH, make_entry("listed", *A, paper="許可證"), kind="catalogue"),
        rename(JUNE, (A, B)),
        make_document(SEPTEMBER, make_entry("listed", *A, paper="許可證"), kind="catalogue"),
    ]

    assert describe(diff_dates(documents, MARCH, DECEMBER)) == {}


def test_a_merger_has_every_name_that_went_into_it() -> None:
    merger = make_document(JUNE, *(make_entry("merged", *path, to=(C,), line=line) for line, path in enumerate((A, B))))

    assert describe(diff_dates([known(A, B), merger], MARCH, DECEMBER)) == {C: ("merged", "known", (A, B))}


def test_a_merger_into_a_known_category_is_held_against_that_one() -> None:
    merger = make_document(JUNE, make_entry("merged", *A, to=(B,)))

    found = diff_dates([known(A, B), merger], MARCH, DECEMBER)

    assert describe(found) == {B: ("merged", "known", (A,))}
    assert found[B].fields == ()


def test_a_split_is_told_of_each_part_and_the_part_that_keeps_the_name() -> None:
    away = make_document(JUNE, make_entry("split", *A, to=(B, C)))
    apart = make_document(JUNE, make_entry("split", *A, to=(A, C)))

    assert describe(diff_dates([known(A), away], MARCH, DECEMBER)) == {
        B: ("split", "known", (A,)),
        C: ("split", "known", (A,)),
    }
    assert describe(diff_dates([known(A), apart], MARCH, DECEMBER)) == {
        A: ("split", "known", ()),
        C: ("split", "known", (A,)),
    }


def test_a_whole_move_ends_the_old_name_and_a_move_of_some_goods_does_not() -> None:
    whole = make_document(JUNE, make_entry("moved", *A, to=(B,), whole=True))
    part = make_document(JUNE, make_entry("moved", *A, to=(B,), whole=False))

    assert describe(diff_dates([known(A), whole], MARCH, DECEMBER)) == {B: ("moved", "known", (A,))}
    assert describe(diff_dates([known(A), part], MARCH, DECEMBER)) == {A: ("moved", "known", ())}


LEAVES = tuple((*A, name) for name in ("掛號", "繳費"))


def list_leaves(date: dt.date, paper: str) -> StoredDocument:
    return make_document(date, *(make_entry("listed", *leaf, paper=paper) for leaf in LEAVES), kind="catalogue")


def test_leaves_that_a_catalogue_lists_below_a_known_branch_are_compared_with_it() -> None:
    same, other = list_leaves(JUNE, "許可證甲"), list_leaves(JUNE, "別的證")

    assert describe(diff_dates([known(A), same], MARCH, DECEMBER)) == {}
    assert describe(diff_dates([known(A), other], MARCH, DECEMBER)) == dict.fromkeys(
        LEAVES, ("adjusted", "known", (A,))
    )


def test_what_a_notice_said_of_a_branch_is_told_of_the_leaves_that_are_listed_after_it() -> None:
    found = diff_dates([known(A), list_leaves(JUNE, "許可證甲")], dt.date(2024, 12, 31), DECEMBER)

    assert describe(found) == dict.fromkeys(LEAVES, ("adjusted", "unknown", (A,)))
    assert {change.in_force.date for change in found.values()} == {MARCH}


def test_an_old_notice_on_a_branch_that_is_added_late_is_history() -> None:
    catalogue = list_leaves(JUNE, "許可證甲")
    late = make_document(MARCH, make_entry("adjusted", *A, paper="舊許可證"), sequence=10**6)

    changes = diff_snapshots(rebuild_snapshot([catalogue], at=None), rebuild_snapshot([late, catalogue], at=None))

    assert changes.changes == ()
    assert changes.findings == ()


def test_leaves_of_a_branch_that_a_notice_ends_are_removed() -> None:
    documents = [
        known(A),
        list_leaves(JUNE, "許可證甲"),
        make_document(SEPTEMBER, make_entry("removed", *A)),
    ]

    assert describe(diff_dates(documents, MARCH, DECEMBER)) == dict.fromkeys(LEAVES, ("removed", "known", (A,)))


def test_a_category_that_was_gone_before_its_name_became_a_branch_is_removed() -> None:
    leaf = (*A, "掛號")
    documents = [
        make_document(MARCH, make_entry("listed", *A, paper="許可證"), kind="catalogue"),
        make_document(JUNE, make_entry("listed", *leaf, paper="許可證"), kind="catalogue"),
        make_document(SEPTEMBER, make_entry("adjusted", *A, scope="適用於銀行")),
    ]
    expected = {leaf: ("new", "none", ()), A: ("removed", "known", ())}

    assert describe(diff_dates(documents, MARCH, JUNE)) == expected
    assert describe(diff_dates(documents, MARCH, DECEMBER)) == expected
