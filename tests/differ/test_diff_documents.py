"""The table of kinds over what the store holds: documents are rebuilt to two dates and compared."""

from __future__ import annotations

import datetime as dt

import pytest
from worlds import DECEMBER, JUNE, MARCH, SEPTEMBER, make_document, make_entry

from differ.compare import diff_snapshots
from snapshots.category import CategoryPath
from snapshots.notice import NoticeEntry
from snapshots.rebuild import rebuild_snapshot
from snapshots.snapshot import StoredDocument

A, B = ("業", "甲"), ("業", "乙")
START, LAST_YEAR = dt.date(2024, 12, 31), dt.date(2024, 6, 30)
ONE, OTHER = "許可證", "備案憑證"


def notice(date: dt.date, *entries: NoticeEntry) -> StoredDocument:
    return make_document(date, *entries)


def catalogue(date: dt.date, *paths: CategoryPath, paper: str = ONE) -> StoredDocument:
    return make_document(date, *(make_entry("listed", *path, paper=paper) for path in paths), kind="catalogue")


ADDED = make_entry("added", *A, paper=ONE)
ADJUSTED, ADJUSTED_BACK = make_entry("adjusted", *A, paper=OTHER), make_entry("adjusted", *A, paper=ONE)
REMOVED = make_entry("removed", *A)


@pytest.mark.parametrize(
    ("documents", "expected", "codes"),
    [
        pytest.param([notice(MARCH, ADDED)], ["new none added 3 甲"], [], id="added"),
        pytest.param(
            [notice(MARCH, ADJUSTED)], ["adjusted unknown adjusted 3 甲"], [], id="adjusted, not known before"
        ),
        pytest.param([notice(MARCH, REMOVED)], ["removed unknown removed 3 甲"], [], id="removed, not known before"),
        pytest.param(
            [catalogue(LAST_YEAR, B), notice(MARCH, ADJUSTED)],
            ["adjusted unknown adjusted 3 甲"],
            ["adjusted-not-listed"],
            id="adjusted, though the complete list did not name it",
        ),
        pytest.param(
            [catalogue(LAST_YEAR, B), notice(MARCH, REMOVED)],
            ["removed unknown removed 3 甲"],
            ["removed-not-listed"],
            id="removed, though the complete list did not name it",
        ),
        pytest.param([catalogue(MARCH, A)], ["first_seen unknown None 3 甲"], [], id="the first catalogue"),
        pytest.param(
            [catalogue(LAST_YEAR, B), catalogue(MARCH, A, B)],
            ["new none None 3 甲"],
            ["silent-change"],
            id="a later catalogue names what no notice announced",
        ),
        pytest.param(
            [catalogue(MARCH, B), catalogue(JUNE, A, B)],
            ["new none None 6 甲", "first_seen unknown None 3 乙"],
            [],
            id="the first catalogue and the next, both in between",
        ),
        pytest.param(
            [catalogue(LAST_YEAR, A), notice(MARCH, ADJUSTED)],
            ["adjusted known adjusted 3 甲"],
            [],
            id="adjusted, known before",
        ),
        pytest.param(
            [catalogue(LAST_YEAR, A), notice(MARCH, ADJUSTED), notice(JUNE, make_entry("adjusted", *A, paper="批文"))],
            ["adjusted known adjusted 3 甲"],
            [],
            id="adjusted twice is one record, dated by the first",
        ),
        pytest.param(
            [catalogue(LAST_YEAR, A), notice(MARCH, ADJUSTED), notice(JUNE, ADJUSTED_BACK)],
            ["restated known adjusted 3 甲"],
            [],
            id="adjusted and adjusted back",
        ),
        pytest.param(
            [catalogue(LAST_YEAR, A), catalogue(MARCH, A, paper=OTHER), catalogue(JUNE, A)],
            [],
            [],
            id="listed otherwise and as before again",
        ),
        pytest.param(
            [notice(LAST_YEAR, make_entry("adjusted", *A, scope="適用於銀行")), catalogue(MARCH, A)],
            [],
            [],
            id="a block that the list is the first to state is learned",
        ),
        pytest.param(
            [catalogue(LAST_YEAR, A), notice(MARCH, make_entry("adjusted", *A))],
            ["restated known adjusted 3 甲"],
            [],
            id="named as adjusted without a block",
        ),
        pytest.param(
            [catalogue(LAST_YEAR, A), notice(MARCH, ADDED)],
            ["restated known added 3 甲"],
            ["claim-added-but-known"],
            id="added, though it was known",
        ),
        pytest.param([notice(MARCH, ADDED), notice(JUNE, REMOVED)], [], [], id="added and removed again"),
        pytest.param(
            [catalogue(LAST_YEAR, A, B), catalogue(MARCH, B)],
            ["removed known None 3 甲"],
            ["silent-change"],
            id="a later catalogue does not name it any more",
        ),
        pytest.param(
            [catalogue(LAST_YEAR, A), notice(MARCH, REMOVED)], ["removed known removed 3 甲"], [], id="removed"
        ),
        pytest.param(
            [catalogue(LAST_YEAR, A), notice(START, REMOVED), notice(MARCH, ADDED)],
            ["new none added 3 甲 returned"],
            [],
            id="removed before, added again",
        ),
        pytest.param(
            [notice(LAST_YEAR, ADDED), notice(MARCH, make_entry("added", *B, paper=ONE))],
            ["new none added 3 乙"],
            [],
            id="what a later notice does not name is unchanged",
        ),
        pytest.param([notice(LAST_YEAR, ADDED), catalogue(SEPTEMBER, A)], [], [], id="listed as it was announced"),
    ],
)
def test_documents_that_come_in_force_between_two_dates(
    documents: list[StoredDocument], expected: list[str], codes: list[str]
) -> None:
    """Each change as kind, before, claim, month and name."""
    old, new = (rebuild_snapshot(documents, at=date) for date in (START, DECEMBER))

    found = diff_snapshots(old, new)

    assert [
        f"{change.kind} {change.before} {change.claimed} {change.in_force.date.month} {change.path[-1]}"
        + (" returned" if change.returned else "")
        for change in found.changes
    ] == expected
    assert [finding.code for finding in found.findings] == codes
