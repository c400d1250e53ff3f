from __future__ import annotations

import pytest
from worlds import DECEMBER, JUNE, MARCH, PATH, SEPTEMBER, key_of, make_category, make_claim, make_snapshot, paper

from differ.compare import diff_snapshots
from snapshots.snapshot import Claim, Snapshot

KEY = key_of()
LICENCE = make_category(requirement=paper("個人征信業務經營許可證"))
CHARTER = make_category(requirement=paper("營業執照"))
LISTED = make_claim("listed", MARCH)
ADDED, ADJUSTED, REMOVED = make_claim("added"), make_claim("adjusted"), make_claim("removed")
SAME_NOTICE = [make_claim("added", document="notice"), make_claim("adjusted", document="notice")]


def make_old(*, is_known: bool, complete: bool) -> Snapshot:
    return make_snapshot([LICENCE] if is_known else [], claims=[(KEY, LISTED)] if is_known else [], complete=complete)


def find_codes(old: Snapshot, claims: list[Claim], *, is_gone: bool = False, differs: bool = False) -> list[str]:
    new = make_snapshot(
        [] if is_gone else [CHARTER if differs else LICENCE],
        claims=[(KEY, claim) for claim in (*old.claims.get(KEY, ()), *claims)],
        removed=[(KEY, LICENCE if KEY in old.categories else None)] if is_gone else [],
        complete=bool(old.complete),
        date=DECEMBER,
    )
    return [finding.code for finding in diff_snapshots(old, new).findings]


@pytest.mark.parametrize("complete", [False, True])
def test_a_category_that_is_said_to_be_added_and_was_known_contradicts_history(complete: bool) -> None:
    old = make_old(is_known=True, complete=complete)

    assert find_codes(old, [ADDED]) == ["claim-added-but-known"]
    assert find_codes(old, [ADDED], differs=True) == ["claim-added-but-known"]
    assert find_codes(old, [REMOVED, make_claim("added", SEPTEMBER)]) == []
    assert find_codes(make_old(is_known=False, complete=complete), [ADDED]) == []


def test_a_second_notice_that_adds_what_the_first_one_added_contradicts_history() -> None:
    old = make_old(is_known=False, complete=False)

    assert find_codes(old, [ADDED, make_claim("added", SEPTEMBER)]) == ["claim-added-but-known"]


def test_what_a_complete_list_should_have_named_is_a_finding_when_a_notice_adjusts_or_removes_it() -> None:
    complete, partial = (make_old(is_known=False, complete=whole) for whole in (True, False))

    assert find_codes(complete, [ADJUSTED]) == ["adjusted-not-listed"]
    assert find_codes(complete, [REMOVED], is_gone=True) == ["removed-not-listed"]
    assert find_codes(complete, [ADDED, make_claim("adjusted", SEPTEMBER)]) == []
    assert find_codes(partial, [ADJUSTED]) == []
    assert find_codes(partial, [REMOVED], is_gone=True) == []


def test_a_list_that_came_after_a_page_that_is_stored_late_did_not_have_to_name_its_categories() -> None:
    old = make_old(is_known=False, complete=True)
    late = make_claim("adjusted", MARCH, sequence=7)

    assert find_codes(old, [late, make_claim("removed", JUNE, sequence=2, observed=True)], is_gone=True) == []


def test_a_category_that_one_document_names_as_added_and_as_adjusted_contradicts_itself() -> None:
    old = make_old(is_known=False, complete=False)

    assert find_codes(old, SAME_NOTICE) == ["claim-added-and-adjusted"]
    assert find_codes(old, SAME_NOTICE[::-1]) == ["claim-added-and-adjusted"]
    assert find_codes(old, [ADJUSTED, make_claim("added", SEPTEMBER)]) == ["claim-added-but-known"]


def test_what_a_complete_list_changes_and_no_notice_said_is_a_silent_change() -> None:
    known, unknown = (make_old(is_known=is_known, complete=True) for is_known in (True, False))
    listed, unlisted = make_claim("listed"), make_claim("removed", observed=True)

    assert find_codes(unknown, [listed]) == ["silent-change"]
    assert find_codes(known, [listed], differs=True) == ["silent-change"]
    assert find_codes(known, [unlisted], is_gone=True) == ["silent-change"]
    assert find_codes(known, [listed]) == []
    assert find_codes(unknown, [ADDED, make_claim("listed", SEPTEMBER)]) == []
    assert find_codes(known, [ADJUSTED, make_claim("listed", SEPTEMBER)], differs=True) == []
    assert find_codes(known, [REMOVED], is_gone=True) == []


def test_a_baseline_changes_nothing_silently() -> None:
    known, unknown = (make_old(is_known=is_known, complete=False) for is_known in (True, False))

    assert find_codes(unknown, [make_claim("listed")]) == []
    assert find_codes(known, [make_claim("listed")], differs=True) == []


def test_claims_of_before_the_old_end_are_not_held_against_history_again() -> None:
    old = make_snapshot([LICENCE], claims=[(KEY, LISTED), (KEY, ADDED)], complete=True, date=JUNE)

    assert find_codes(old, [make_claim("adjusted", SEPTEMBER)]) == []


def test_a_finding_names_the_category_and_the_places_that_contradict_each_other() -> None:
    old = make_old(is_known=True, complete=False)
    new = make_snapshot([LICENCE], claims=[(KEY, LISTED), (KEY, ADDED)], date=DECEMBER)

    (finding,) = diff_snapshots(old, new).findings

    assert finding.message == "金融業 › 個人征信: said to be added, but it was known before"
    assert (finding.key, finding.severity) == (KEY, "warning")
    assert [place.document for place in finding.evidence] == [ADDED.document, LISTED.document]
    assert len(finding.id) == 12


def test_two_documents_that_say_the_same_wrong_thing_are_one_finding_with_both_as_evidence() -> None:
    mirrors = [make_claim("adjusted", document="one"), make_claim("adjusted", document="other")]
    old = make_old(is_known=True, complete=False)
    wrong = [make_claim("added", document=name) for name in ("one", "other")]
    new = make_snapshot([LICENCE], claims=[(KEY, claim) for claim in (LISTED, *mirrors, *wrong)])

    (finding,) = [found for found in diff_snapshots(old, new).findings if found.code == "claim-added-but-known"]

    assert {"one", "other"} <= {place.document for place in finding.evidence}
    assert new.categories[KEY].path == PATH
