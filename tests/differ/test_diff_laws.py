"""Laws of comparison over snapshots that are rebuilt from any documents."""

from __future__ import annotations

import datetime as dt
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import DECEMBER, MARCH, make_category, make_claim, make_document, make_entry, make_snapshot, paper

from differ.changes import ChangeSet
from differ.compare import diff_snapshots
from differ.encode import encode_changes
from differ.fields import diff_fields
from noticediff.findings import Outlook, gather_both, gather_findings
from snapshots.notice import Action, DocumentKind, NoticeEntry
from snapshots.rebuild import rebuild_snapshot
from snapshots.snapshot import Snapshot, StoredDocument

LAW_SETTINGS = settings(max_examples=60, deadline=None)
PATHS = [("業", name) for name in "甲乙丙"] + [("業", "甲", "子")]
KINDS: tuple[DocumentKind, ...] = ("notice", "notice", "catalogue", "listing")
START = dt.date(2025, 1, 31)


@st.composite
def entries(draw: st.DrawFn, actions: tuple[Action, ...], line: int = 1) -> NoticeEntry:
    action = draw(st.sampled_from(actions))
    path, target = draw(st.sampled_from(PATHS)), draw(st.sampled_from(PATHS))
    return make_entry(
        action,
        *path,
        paper=draw(st.sampled_from([None, "許可證", "备案凭证"])),
        scope=draw(st.sampled_from([None, "適用於銀行。", "适用于保险"])),
        to=(target,) if action in {"renamed", "moved", "merged", "split"} and target != path else (),
        whole=draw(st.booleans()) if action == "moved" else None,
        line=line,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[StoredDocument]:
    said: tuple[Action, ...] = ("added", "adjusted", "removed", "renamed", "moved", "merged", "split")
    documents = []
    for month in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(KINDS))
        actions: tuple[Action, ...] = said if kind == "notice" else ("listed",)
        found = draw(st.lists(entries(actions), max_size=4))
        numbered = [msgspec.structs.replace(entry, lines=(line, line)) for line, entry in enumerate(found, start=1)]
        date = START + dt.timedelta(days=31 * month)
        documents.append(make_document(date, *numbered, kind=kind, sequence=month + 1))
    return documents


def rebuild_both(documents: list[StoredDocument], cut: int) -> tuple[Snapshot, Snapshot]:
    """The state of a day in between and of the last day."""
    return rebuild_snapshot(documents, at=START + dt.timedelta(days=31 * cut)), rebuild_snapshot(documents, at=None)


@LAW_SETTINGS
@given(histories())
def test_a_snapshot_does_not_differ_from_itself(documents: list[StoredDocument]) -> None:
    once, again = (rebuild_snapshot(documents, at=None) for _ in range(2))

    found = diff_snapshots(once, again)

    assert (found.changes, found.findings) == ((), ())


@LAW_SETTINGS
@given(histories(), st.integers(-1, 4), st.randoms(use_true_random=False))
def test_the_order_of_what_a_snapshot_holds_never_matters(
    documents: list[StoredDocument], cut: int, random: Random
) -> None:
    old, new = rebuild_both(documents, cut)

    def shuffle(snapshot: Snapshot) -> Snapshot:
        def turn(found: dict[str, object]) -> dict[str, object]:
            keys = list(found)
            random.shuffle(keys)
            return {key: found[key] for key in keys}

        names = ("categories", "claims", "removed", "branches", "branch_of")
        return msgspec.structs.replace(snapshot, **{name: turn(getattr(snapshot, name)) for name in names})

    expected = encode_changes(diff_snapshots(old, new), all_kinds=True)

    assert encode_changes(diff_snapshots(shuffle(old), shuffle(new)), all_kinds=True) == expected


@LAW_SETTINGS
@given(histories(), st.integers(-1, 4))
def test_what_appears_and_what_is_removed_is_told_once_and_nothing_is_told_twice(
    documents: list[StoredDocument], cut: int
) -> None:
    """A leaf that inherits from its branch appears in form only; what goes on under another name is not removed."""
    old, new = rebuild_both(documents, cut)
    appeared = new.categories.keys() - old.categories.keys() - new.branch_of.keys()
    renamed = {step.from_key for step in new.successions}
    ended = (old.categories.keys() & new.removed.keys()) - renamed

    changes = diff_snapshots(old, new).changes

    kinds = {change.key: change.kind for change in changes}
    assert len(kinds) == len(changes)
    assert appeared <= kinds.keys()
    assert all(kinds[key] == "removed" for key in ended)


@settings(LAW_SETTINGS, max_examples=300)
@given(histories(), st.integers(-1, 4))
def test_what_a_diff_tells_makes_the_new_state_of_the_old_one(documents: list[StoredDocument], cut: int) -> None:
    """But for provenance and what was only learned; a leaf that inherits from its branch is there in form only."""
    old, new = rebuild_both(documents, cut)
    made = dict(old.categories)
    for change in diff_snapshots(old, new).changes:
        if change.new is None:
            made.pop(change.key, None)
        else:
            made[change.key] = change.new

    for key, category in new.categories.items():
        if key not in new.branch_of:
            assert diff_fields(made[key], category) == ()
    gone_on = {step.from_key for step in new.successions}
    assert made.keys() - new.categories.keys() <= new.branches.keys() | gone_on


@LAW_SETTINGS
@given(histories(), st.integers(-1, 4))
def test_a_diff_against_time_tells_of_no_notice(documents: list[StoredDocument], cut: int) -> None:
    old, new = rebuild_both(documents, cut)

    found = diff_snapshots(new, old)

    assert [change for change in found.changes if change.claimed is not None] == []
    assert found.findings == ()


@LAW_SETTINGS
@given(st.sets(st.sampled_from(PATHS)), st.sets(st.sampled_from(PATHS)))
def test_new_and_removed_swap_with_the_sides_where_only_presence_differs(
    before: set[tuple[str, ...]], after: set[tuple[str, ...]]
) -> None:
    """Two complete lists, the second with what is missing on it seen to be gone."""

    def make(present: set[tuple[str, ...]], gone: set[tuple[str, ...]], date: dt.date) -> Snapshot:
        categories = {path: make_category(*path, requirement=paper()) for path in present | gone}
        listed, unlisted = make_claim("listed", date), make_claim("removed", date, observed=True)
        return make_snapshot(
            [categories[path] for path in present],
            claims=[(categories[path].key, listed if path in present else unlisted) for path in categories],
            removed=[(categories[path].key, categories[path]) for path in gone],
            complete=True,
            date=date,
        )

    first, second = make(before, set(), MARCH), make(after, before - after, DECEMBER)

    def find(changes: ChangeSet, kind: str) -> set[str]:
        return {change.key for change in changes.changes if change.kind == kind}

    there, back = diff_snapshots(first, second), diff_snapshots(second, first)
    assert find(there, "new") == find(back, "removed")
    assert find(there, "removed") == find(back, "new")
    assert len(there.changes) == len(back.changes) == len(before ^ after)


@settings(max_examples=150, deadline=None)
@given(histories(), st.data())
def test_findings_gathered_of_two_histories_at_once_are_those_of_each(
    documents: list[StoredDocument], data: st.DataObject
) -> None:
    known = [stored for stored in documents if data.draw(st.booleans())]
    if data.draw(st.booleans()):
        known = documents[: len(known)]
    outlook = Outlook(DECEMBER)
    assert gather_both(known, documents, outlook) == (
        gather_findings(known, outlook),
        gather_findings(documents, outlook),
    )
