"""Laws of rebuilding, for whatever documents there are."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from snapshot_making import NOON, make_document, make_entry, store_document

from snapshots.notice import Action, DocumentKind, Extent, NoticeEntry, Scope
from snapshots.order import entry_in_force
from snapshots.rebuild import list_change_dates, rebuild_series, rebuild_snapshot
from snapshots.snapshot import Snapshot, StoredDocument

# Few names, days and papers, so that documents speak of the same things.
NAMES = ("工具", "工具-天氣", "工具-天气", "工具-天氣-今日", "工具-天氣-明日", "金融業-保理", "金融業-證券", "")
DAYS = ("2025-01-01", "2025-03-31", "2025-06-30", "2025-09-30")
SCOPES = (
    Scope(entity_type="non_personal"),
    Scope(entity_type="non_personal", under=("工具",)),
    Scope(entity_type=None),
)


@st.composite
def entries(draw: st.DrawFn, *, actions: tuple[Action, ...]) -> NoticeEntry:
    return make_entry(
        draw(st.sampled_from(actions)),
        draw(st.sampled_from(NAMES)),
        to=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2))),
        requirement=draw(st.sampled_from((None, "甲", "乙"))),
        scope=draw(st.sampled_from((None, "一", "二"))),
        entity_type=draw(st.sampled_from(("non_personal", "non_personal", None))),
        effective=draw(st.sampled_from((None, None, None, *DAYS))),
        extent=draw(st.sampled_from((*get_args(Extent), None))),
    )


@st.composite
def stored_documents(draw: st.DrawFn, *, titles: tuple[str, ...] = ()) -> StoredDocument:
    """A document of a title of its own, or of one of these: notices of one title and date are one notice."""
    kind: DocumentKind = draw(st.sampled_from(get_args(DocumentKind)))
    stated = tuple(action for action in get_args(Action) if action != "listed")
    actions: tuple[Action, ...] = stated if kind == "notice" else ("listed",)
    scopes = draw(st.lists(st.sampled_from(SCOPES), max_size=2, unique=True)) if kind == "catalogue" else []
    document = make_document(
        *draw(st.lists(entries(actions=actions), max_size=5)),
        kind=kind,
        complete_for=tuple(scopes),
        published=draw(st.sampled_from((None, dt.date(2025, 1, 2)))),
        title=draw(st.sampled_from(titles) if titles else st.uuids().map(str)),
    )
    captured = NOON + dt.timedelta(days=draw(st.integers(0, 2)))
    number = draw(st.integers(1, 11))
    page = f"{number} {document!r} {captured}"
    return store_document(document, draw(st.sampled_from(DAYS)), number=number, captured=captured, page=page)


pages = st.lists(stored_documents(), max_size=6, unique_by=lambda stored: stored.id)
revised_pages = st.lists(stored_documents(titles=("甲", "乙")), max_size=6, unique_by=lambda stored: stored.id)
law = settings(max_examples=100, deadline=None)


@law
@given(
    pages | revised_pages, st.randoms(use_true_random=False), st.sampled_from((None, *map(dt.date.fromisoformat, DAYS)))
)
def test_the_order_of_the_input_never_matters(
    documents: list[StoredDocument], random: Random, at: dt.date | None
) -> None:
    shuffled = list(documents)
    random.shuffle(shuffled)
    first, second = rebuild_snapshot(documents, at=at), rebuild_snapshot(shuffled, at=at)
    assert first == second
    assert list(first.categories) == list(second.categories)
    assert list_change_dates(documents) == list_change_dates(shuffled)


@law
@given(pages)
def test_rebuilding_by_steps_equals_rebuilding_at_once(documents: list[StoredDocument]) -> None:
    days = [dt.date.fromisoformat(day) for day in DAYS]
    assert list(rebuild_series(documents, dates=days)) == [rebuild_snapshot(documents, at=day) for day in days]


@law
@given(pages, st.sampled_from(DAYS))
def test_what_comes_in_force_later_does_not_matter(documents: list[StoredDocument], day: str) -> None:
    at = dt.date.fromisoformat(day)
    begun = [
        stored
        for stored in documents
        if stored.in_force.date <= at
        or any(entry_in_force(entry, stored).date <= at for entry in stored.document.entries)
    ]
    assert rebuild_snapshot(begun, at=at) == rebuild_snapshot(documents, at=at)


@law
@given(pages)
def test_the_state_only_changes_at_its_change_dates(documents: list[StoredDocument]) -> None:
    changes = list_change_dates(documents)
    before = rebuild_snapshot((), at=dt.date.min)
    for day in map(dt.date.fromisoformat, DAYS):
        now = rebuild_snapshot(documents, at=day)
        same = (
            _folded(before) == _folded(now)
            and before.removed.keys() == now.removed.keys()
            and len(before.complete) == len(now.complete)
        )
        assert same == (day not in changes)
        before = now


@law
@given(pages)
def test_a_snapshot_agrees_with_itself(documents: list[StoredDocument]) -> None:
    snapshot = rebuild_snapshot(documents, at=None)
    assert not snapshot.categories.keys() & snapshot.removed.keys()
    assert not snapshot.categories.keys() & snapshot.branches.keys()
    assert all(key == category.key for key, category in snapshot.categories.items())
    assert snapshot.categories.keys() | snapshot.removed.keys() <= snapshot.claims.keys()
    named = {(category.platform, category.entity_type) for category in snapshot.categories.values()}
    assert named <= snapshot.spoken_for
    assert all(not succession.to_key.endswith("|") for succession in snapshot.successions)


@law
@given(pages)
def test_every_named_entry_leaves_a_claim_under_its_key(documents: list[StoredDocument]) -> None:
    snapshot = rebuild_snapshot(documents, at=None)
    for stored in documents:
        for entry in stored.document.entries:
            said = [claim.document for claim in snapshot.claims.get(entry.key, ()) if claim.action == entry.action]
            assert (stored.id in said) == (entry.path != ())


def _folded(snapshot: Snapshot) -> dict[str, object]:
    """The blocks of each category; the names and papers of these tests have one spelling."""
    return {key: (category.requirement, category.scope) for key, category in snapshot.categories.items()}
