"""The table of kinds, row by row, with snapshots written by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from worlds import DECEMBER, JUNE, MARCH, PATH, SEPTEMBER, key_of, make_category, make_claim, make_snapshot, paper

from differ.changes import Change, ChangeSet
from differ.compare import diff_snapshots
from snapshots.category import Category
from snapshots.period import InForce
from snapshots.snapshot import Claim, Snapshot

KEY = key_of()
LICENCE = make_category(requirement=paper("個人征信業務經營許可證"), scope="適用於征信機構。")
CHARTER = make_category(requirement=paper("營業執照"), scope="適用於征信機構。")
LISTED = make_claim("listed", MARCH)
ADDED, ADJUSTED, REMOVED = make_claim("added"), make_claim("adjusted"), make_claim("removed")
UNLISTED = make_claim("removed", observed=True)


def unknown(*, complete: bool = False) -> Snapshot:
    """Nothing was said of the category; other categories are known."""
    other = make_category("教育", "培訓")
    return make_snapshot([other], claims=[(other.key, LISTED)], complete=complete)


def known(category: Category = LICENCE, *, complete: bool = False, said: Claim = LISTED) -> Snapshot:
    return make_snapshot([category], claims=[(KEY, said)], complete=complete)


def then(old: Snapshot, category: Category | None, *claims: Claim, complete: bool = False) -> Snapshot:
    """The later snapshot after more claims; no category: the last claim ended it."""
    kept = [other for other in old.categories.values() if other.key != KEY]
    said = [(key, claim) for key, earlier in old.claims.items() for claim in earlier] + [(KEY, c) for c in claims]
    return make_snapshot(
        [*kept, category] if category else kept,
        claims=said,
        removed=[] if category else [(KEY, old.categories.get(KEY))],
        complete=complete or bool(old.complete),
        date=DECEMBER,
    )


def diff_one(old: Snapshot, new: Snapshot) -> Change | None:
    changes = diff_snapshots(old, new).changes
    assert len(changes) <= 1
    return changes[0] if changes else None


def describe(change: Change | None) -> tuple[str, str, str | None] | None:
    return None if change is None else (change.kind, change.before, change.claimed)


@pytest.mark.parametrize(
    ("complete", "claims", "expected"),
    [
        pytest.param(False, [ADDED], ("new", "none", "added"), id="a notice says added"),
        pytest.param(True, [ADDED], ("new", "none", "added"), id="a notice says added under complete coverage"),
        pytest.param(False, [ADJUSTED], ("adjusted", "unknown", "adjusted"), id="a notice says adjusted"),
        pytest.param(True, [ADJUSTED], ("adjusted", "unknown", "adjusted"), id="adjusted though it was not listed"),
        pytest.param(
            False, [make_claim("listed", kind="catalogue")], ("first_seen", "unknown", None), id="a first catalogue"
        ),
        pytest.param(False, [make_claim("listed", kind="listing")], ("first_seen", "unknown", None), id="a listing"),
        pytest.param(True, [make_claim("listed", kind="catalogue")], ("new", "none", None), id="a later catalogue"),
        pytest.param(
            False,
            [make_claim("listed"), make_claim("adjusted", SEPTEMBER)],
            ("adjusted", "unknown", "adjusted"),
            id="a baseline is no news, the notice after it is",
        ),
        pytest.param(
            True,
            [make_claim("listed"), make_claim("adjusted", SEPTEMBER)],
            ("new", "none", None),
            id="under complete coverage the list that names it first is the news",
        ),
        pytest.param(
            True,
            [make_claim("listed"), make_claim("added", SEPTEMBER)],
            ("new", "none", "added"),
            id="a notice announces what a list had named before it",
        ),
        pytest.param(
            False,
            [ADJUSTED, make_claim("added", SEPTEMBER)],
            ("adjusted", "unknown", "adjusted"),
            id="of two notices the earlier decides",
        ),
        pytest.param(
            False,
            [ADJUSTED, make_claim("listed", SEPTEMBER)],
            ("adjusted", "unknown", "adjusted"),
            id="the list after the notice is no news",
        ),
    ],
)
def test_a_category_that_was_not_known_before(
    complete: bool, claims: list[Claim], expected: tuple[str, str, str | None]
) -> None:
    old = unknown(complete=complete)

    change = diff_one(old, then(old, LICENCE, *claims))

    assert describe(change) == expected
    assert change is not None
    assert (change.old, change.new, change.returned) == (None, LICENCE, False)
    stated = [] if change.kind == "first_seen" else ["requirement", "scope"]
    assert [(field.field, field.old) for field in change.fields] == [(name, None) for name in stated]


@pytest.mark.parametrize(
    ("complete", "claims", "expected"),
    [
        pytest.param(False, [REMOVED], ("removed", "unknown", "removed"), id="a notice says removed"),
        pytest.param(True, [REMOVED], ("removed", "unknown", "removed"), id="removed though it was not listed"),
        pytest.param(
            False, [ADJUSTED, make_claim("removed", DECEMBER)], ("removed", "unknown", "removed"), id="adjusted before"
        ),
        pytest.param(
            False,
            [ADJUSTED, make_claim("removed", DECEMBER, observed=True)],
            ("removed", "unknown", None),
            id="a notice showed that it was there, a list that it is not",
        ),
        pytest.param(False, [ADDED, make_claim("removed", DECEMBER)], None, id="came and went in between"),
        pytest.param(True, [make_claim("listed"), make_claim("removed", DECEMBER)], None, id="listed new and gone"),
        pytest.param(
            False,
            [make_claim("listed", kind="listing"), UNLISTED],
            None,
            id="an old listing that no catalogue confirms is history",
        ),
        pytest.param(
            True,
            [ADJUSTED, make_claim("removed", DECEMBER, observed=True)],
            None,
            id="the complete list did not have it before and has it not now",
        ),
    ],
)
def test_a_category_that_neither_end_knows(
    complete: bool, claims: list[Claim], expected: tuple[str, str, str | None] | None
) -> None:
    old = unknown(complete=complete)

    assert describe(diff_one(old, then(old, None, *claims))) == expected


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize(
    ("claims", "expected", "date"),
    [
        pytest.param([ADJUSTED], ("adjusted", "known", "adjusted"), JUNE, id="a notice says adjusted"),
        pytest.param([ADDED], ("adjusted", "known", "added"), JUNE, id="a notice says added"),
        pytest.param([make_claim("listed")], ("adjusted", "known", None), JUNE, id="only the list shows it"),
        pytest.param(
            [make_claim("listed"), make_claim("adjusted", SEPTEMBER), make_claim("adjusted", DECEMBER)],
            ("adjusted", "known", "adjusted"),
            SEPTEMBER,
            id="the earliest notice decides",
        ),
        pytest.param(
            [make_claim("listed"), make_claim("listed", SEPTEMBER)],
            ("adjusted", "known", None),
            SEPTEMBER,
            id="of lists alone the last is sure to show it",
        ),
        pytest.param(
            [REMOVED, make_claim("added", SEPTEMBER)],
            ("adjusted", "known", "added"),
            SEPTEMBER,
            id="removed and added again with another requirement",
        ),
    ],
)
def test_a_known_category_of_which_a_block_differs(
    complete: bool, claims: list[Claim], expected: tuple[str, str, str | None], date: dt.date
) -> None:
    old = known(complete=complete)

    change = diff_one(old, then(old, CHARTER, *claims))

    assert describe(change) == expected
    assert change is not None
    assert change.in_force == InForce(date, "period_end")
    assert [difference.field for difference in change.fields] == ["requirement"]
    assert (change.old, change.new) == (LICENCE, CHARTER)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param([], None, id="not named in a later notice"),
        pytest.param([make_claim("listed")], None, id="listed again"),
        pytest.param([ADJUSTED], ("restated", "known", "adjusted"), id="a notice says adjusted"),
        pytest.param([ADDED], ("restated", "known", "added"), id="a notice says added"),
        pytest.param(
            [ADJUSTED, make_claim("adjusted", SEPTEMBER)],
            ("restated", "known", "adjusted"),
            id="changed and changed back: the ends are the same, the notices spoke",
        ),
        pytest.param(
            [make_claim("listed"), make_claim("listed", SEPTEMBER)], None, id="changed and changed back in lists"
        ),
        pytest.param([REMOVED, make_claim("listed", SEPTEMBER)], None, id="gone for a while and listed again"),
        pytest.param([make_claim("moved")], ("moved", "known", "moved"), id="some of its goods moved elsewhere"),
        pytest.param([make_claim("split")], ("split", "known", "split"), id="a part of it goes on under its name"),
        pytest.param([make_claim("renamed")], ("restated", "known", "renamed"), id="the page lost the new name"),
    ],
)
def test_a_known_category_that_is_the_same(claims: list[Claim], expected: tuple[str, str, str | None] | None) -> None:
    old = known()

    assert describe(diff_one(old, then(old, LICENCE, *claims))) == expected


def test_a_difference_in_form_is_no_change_and_a_notice_that_names_it_restates() -> None:
    old = known()
    other_script = make_category(
        "金融业", "个人征信", requirement=paper("个人征信业务经营许可证"), scope="适用于征信机构"
    )

    assert describe(diff_one(old, then(old, other_script, make_claim("listed")))) is None
    assert describe(diff_one(old, then(old, other_script, ADJUSTED))) == ("restated", "known", "adjusted")


def test_a_block_that_was_not_stated_before_is_learned_and_no_change() -> None:
    scope_only = make_category(scope="適用於征信機構。")
    old = known(scope_only, said=make_claim("adjusted", MARCH))

    assert diff_one(old, then(old, LICENCE, make_claim("listed"))) is None


def test_a_notice_that_adjusts_a_block_not_known_before_is_adjusted_with_before_unknown() -> None:
    scope_only = make_category(scope="適用於征信機構。")
    old = known(scope_only, said=make_claim("adjusted", MARCH))

    change = diff_one(old, then(old, LICENCE, ADJUSTED))

    assert describe(change) == ("adjusted", "unknown", "adjusted")
    assert change is not None
    assert change.fields == ()


def test_a_block_that_a_list_does_not_state_any_more_is_no_change() -> None:
    old = known()
    requirement_only = make_category(requirement=paper("個人征信業務經營許可證"))

    assert diff_one(old, then(old, requirement_only, make_claim("listed"))) is None


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize(
    ("claims", "claimed", "date"),
    [
        pytest.param([REMOVED], "removed", JUNE, id="a notice says removed"),
        pytest.param([UNLISTED], None, JUNE, id="absent from a later catalogue"),
        pytest.param([ADJUSTED, make_claim("removed", DECEMBER)], "removed", DECEMBER, id="adjusted before"),
    ],
)
def test_a_known_category_that_is_gone(complete: bool, claims: list[Claim], claimed: str | None, date: dt.date) -> None:
    old = known(complete=complete)

    change = diff_one(old, then(old, None, *claims))

    assert describe(change) == ("removed", "known", claimed)
    assert change is not None
    assert (change.in_force.date, change.path, change.old, change.new) == (date, PATH, LICENCE, None)


@pytest.mark.parametrize("back", [ADDED, make_claim("listed"), ADJUSTED])
@pytest.mark.parametrize("complete", [False, True])
def test_a_category_that_was_removed_and_is_there_again_has_returned(complete: bool, back: Claim) -> None:
    gone = make_claim("removed", MARCH)
    old = make_snapshot(claims=[(KEY, LISTED), (KEY, gone)], removed=[(KEY, LICENCE)], complete=complete)

    change = diff_one(old, then(old, LICENCE, back))

    assert describe(change) == ("new", "none", None if back.action == "listed" else back.action)
    assert change is not None
    assert change.returned


def test_a_category_that_was_not_known_and_came_back_after_a_removal_has_returned() -> None:
    old = unknown()

    change = diff_one(old, then(old, LICENCE, REMOVED, make_claim("added", SEPTEMBER)))

    assert describe(change) == ("new", "none", "added")
    assert change is not None
    assert (change.returned, change.in_force.date) == (True, SEPTEMBER)


def test_a_removal_that_is_said_again_is_no_change() -> None:
    old = make_snapshot(claims=[(KEY, UNLISTED)], removed=[(KEY, LICENCE)])
    new = make_snapshot(claims=[(KEY, UNLISTED), (KEY, make_claim("removed", SEPTEMBER))], removed=[(KEY, LICENCE)])

    assert diff_one(old, new) is None


def test_coverage_of_a_branch_makes_new_only_what_is_below_it() -> None:
    inside, beside = make_category("金融業", "銀行"), make_category("金融業務", "銀行")
    old = make_snapshot(complete=("金融业",))
    new = make_snapshot(
        [inside, beside], claims=[(inside.key, make_claim("listed")), (beside.key, make_claim("listed"))]
    )

    kinds = {change.path: change.kind for change in diff_snapshots(old, new).changes}

    assert kinds == {("金融業", "銀行"): "new", ("金融業務", "銀行"): "first_seen"}


def test_the_second_catalogue_since_nothing_was_known_names_what_is_new_and_the_first_does_not() -> None:
    bank, credit = make_category("金融業", "銀行"), LICENCE
    first, second = make_claim("listed", JUNE), make_claim("listed", SEPTEMBER)
    new = make_snapshot(
        [bank, credit],
        claims=[(bank.key, first), (bank.key, second), (credit.key, second)],
        complete=True,
    )

    kinds = {change.path: change.kind for change in diff_snapshots(make_snapshot(date=None), new).changes}

    assert kinds == {bank.path: "first_seen", credit.path: "new"}


def test_a_row_with_an_early_date_of_its_own_does_not_make_a_later_catalogue_the_first() -> None:
    bank, fund, credit = make_category("金融業", "銀行"), make_category("金融業", "基金"), LICENCE
    first, second = make_claim("listed", JUNE), make_claim("listed", SEPTEMBER)
    early = make_claim("listed", MARCH, document=second.document, basis="effective")
    new = make_snapshot(
        [bank, fund, credit],
        claims=[(bank.key, first), (bank.key, second), (fund.key, first), (fund.key, second), (credit.key, early)],
        complete=True,
    )

    kinds = {change.path: change.kind for change in diff_snapshots(make_snapshot(date=None), new).changes}

    assert kinds == {bank.path: "first_seen", fund.path: "first_seen", credit.path: "new"}


def test_an_old_page_that_is_added_late_and_changes_nothing_present_is_history() -> None:
    old = known(complete=True, said=make_claim("listed", SEPTEMBER))
    late = make_claim("adjusted", MARCH, sequence=9)
    new = make_snapshot([LICENCE], claims=[(KEY, late), *[(KEY, claim) for claim in old.claims[KEY]]], complete=True)

    assert diff_one(old, new) is None


def test_an_old_page_that_is_added_late_and_changes_what_is_in_force_is_news() -> None:
    old = known(said=make_claim("adjusted", SEPTEMBER))
    late = make_claim("adjusted", MARCH, sequence=9)
    new = make_snapshot([CHARTER], claims=[(KEY, late), *[(KEY, claim) for claim in old.claims[KEY]]])

    change = diff_one(old, new)

    assert describe(change) == ("adjusted", "known", "adjusted")
    assert change is not None
    assert change.in_force.date == MARCH


def test_the_evidence_names_what_decided_first_and_each_place_once() -> None:
    old = known()
    first, second = make_claim("adjusted", JUNE), make_claim("adjusted", SEPTEMBER)

    change = diff_one(old, then(old, CHARTER, make_claim("listed"), first, first, second))

    assert change is not None
    assert [(place.document, place.lines) for place in change.evidence] == [
        (first.document, (10, 20)),
        (second.document, (10, 20)),
    ]


def test_a_diff_against_time_reads_what_was_there_without_inventing_news() -> None:
    """The notice of June adjusts one category, names another for the first time and ends a third."""
    bank, fund = make_category("金融業", "銀行"), make_category("金融業", "基金")
    march = make_snapshot([LICENCE, fund], claims=[(KEY, LISTED), (fund.key, LISTED)])
    june = make_snapshot(
        [CHARTER, bank],
        claims=[(KEY, LISTED), (KEY, ADJUSTED), (bank.key, ADJUSTED), (fund.key, LISTED), (fund.key, REMOVED)],
        removed=[(fund.key, fund)],
    )

    found = {change.path: describe(change) for change in diff_snapshots(june, march).changes}

    assert found == {PATH: ("adjusted", "known", None), fund.path: ("new", "none", None)}
    assert diff_snapshots(june, march).findings == ()


def test_changes_stand_in_order_of_kind_entity_type_and_key() -> None:
    personal, overseas = (make_category(entity_type=kind, requirement=paper()) for kind in ("personal", "overseas"))
    bank = make_category("保險", "銀行")
    claims = [(category.key, ADDED) for category in (overseas, personal, LICENCE)] + [(bank.key, REMOVED)]
    new = make_snapshot([overseas, personal, LICENCE], claims=claims, removed=[(bank.key, None)])

    changes = diff_snapshots(make_snapshot(), new).changes

    assert [(change.kind, change.entity_type) for change in changes] == [
        ("new", "non_personal"),
        ("new", "personal"),
        ("new", "overseas"),
        ("removed", "non_personal"),
    ]


def test_a_change_keeps_its_id_while_kind_and_date_stay_and_gets_another_with_either() -> None:
    old = known()

    def id_of(changes: ChangeSet) -> str:
        return changes.changes[0].id

    adjusted = id_of(diff_snapshots(old, then(old, CHARTER, ADJUSTED)))
    worded_otherwise = make_category(requirement=paper("別的"), scope="適用於征信機構。")

    assert len(adjusted) == 12
    assert adjusted == id_of(diff_snapshots(old, then(old, worded_otherwise, ADJUSTED)))
    assert adjusted != id_of(diff_snapshots(old, then(old, CHARTER, make_claim("adjusted", SEPTEMBER))))
    assert adjusted != id_of(diff_snapshots(old, then(old, None, REMOVED)))
