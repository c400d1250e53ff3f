"""The outbox on both databases: what was told, which alarms are told, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from snapshots.errors import StoreDamagedError
from snapshots.message import Draft
from snapshots.record import Failure
from snapshots.store import Store, open_store

NOW = dt.datetime(2025, 4, 2, 8, 0, 0, 123456, tzinfo=dt.UTC)
DIGEST = Draft(kind="news", title="1 new", lines=("new: 金融業 › 個人征信", "…"), parts={"html": b"<p>\xe9", "md": b""})


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    address = str(tmp_path / "notices.db") if request.param == "sqlite" else request.getfixturevalue("postgresql")
    with open_store(address) as opened:
        yield opened


def draft_alarms(begun: Sequence[Failure], over: Sequence[Failure]) -> Draft:
    lines = [*(f"begun {failure.cause}" for failure in begun), *(f"over {failure.cause}" for failure in over)]
    return Draft(kind="alarm", title="alarm", lines=tuple(lines), parts={})


def tell(store: Store, *causes: str, address: str = "https://example.org/") -> tuple[str, ...] | None:
    """What is told after a run in which the source fails in these ways; None for nothing."""
    failures = [
        Failure(source="a", address=address, cause=cause, message=cause, exit_code=3, since=NOW) for cause in causes
    ]
    store.watch.save_failures("a", failures, now=NOW)
    message = store.outbox.keep_alarms(draft_alarms, ("ops",), at=NOW)
    return None if message is None else message.lines


def test_a_digest_is_kept_byte_for_byte_with_its_channels(store: Store) -> None:
    kept = store.outbox.keep_digest(DIGEST, ("ops", "chat"), at=NOW)
    assert store.outbox.load_message(kept.id) == kept
    assert store.outbox.list_unfiled() == (kept,)
    assert store.outbox.list_digests(newest=5) == (kept,)
    assert (store.outbox.load_part(kept, "html"), store.outbox.load_part(kept, "md")) == (b"<p>\xe9", b"")
    assert store.outbox.load_part(kept, "json") is None
    waiting = store.outbox.list_deliveries()
    assert [(found.channel, found.state, found.tries) for found in waiting] == [
        ("chat", "waiting", 0), ("ops", "waiting", 0),
    ]  # fmt: skip


def test_what_became_of_it_is_kept(store: Store) -> None:
    kept = store.outbox.keep_digest(DIGEST, ("ops", "chat"), at=NOW)
    chat, ops = store.outbox.list_deliveries()
    store.outbox.save_delivery(replace(ops, state="sent", tries=2))
    store.outbox.save_delivery(replace(chat, state="sending", error="a\0b"))
    (left,) = store.outbox.list_deliveries()
    assert (left.channel, left.state, left.error) == ("chat", "sending", "a\\x00b")
    assert len(store.outbox.list_deliveries(is_open=False)) == 2
    store.outbox.save_stem(kept, "digest-2025-04-02")
    assert store.outbox.list_stems() == {"digest-2025-04-02"}
    store.outbox.save_filed([kept], at=NOW)
    assert store.outbox.list_unfiled() == ()
    assert store.outbox.list_digests(newest=1)[0].is_filed


def test_no_two_messages_have_one_key_and_the_first_stands_for_the_store(store: Store) -> None:
    assert store.outbox.load_first_key() is None
    first = store.outbox.keep_digest(DIGEST, (), at=NOW)
    others = [
        store.outbox.keep_digest(replace(DIGEST, title="2 new"), (), at=NOW),
        store.outbox.keep_digest(replace(DIGEST, parts={"html": b"<p>"}), (), at=NOW),
        store.outbox.keep_digest(DIGEST, (), at=NOW + dt.timedelta(microseconds=1)),
    ]
    assert len({message.key for message in (first, *others)}) == 4
    assert store.outbox.load_first_key() == first.key


def test_an_alarm_is_told_once_and_once_when_it_is_over(store: Store) -> None:
    runs = [tell(store, "status 404"), tell(store, "status 404"), tell(store), tell(store), tell(store, "status 404")]
    assert runs == [("begun status 404",), None, ("over status 404",), None, ("begun status 404",)]


def test_another_cause_of_one_address_is_told_and_ends_nothing(store: Store) -> None:
    runs = [tell(store, "status 404"), tell(store, "refused"), tell(store)]
    assert runs == [("begun status 404",), ("begun refused",), ("over refused",)]


def test_two_things_that_are_wrong_with_a_source_end_apart(store: Store) -> None:
    runs = [tell(store, "silence", "stale", address=""), tell(store, "stale", address=""), tell(store)]
    assert runs == [("begun silence", "begun stale"), ("over silence",), ("over stale",)]


def test_what_was_over_before_anything_was_told_of_it_is_not_told(store: Store) -> None:
    failure = Failure(source="a", address="b", cause="c", message="d", exit_code=3, since=NOW)
    store.watch.save_failures("a", [failure], now=NOW)
    assert tell(store) is None


def test_a_digest_whose_bytes_are_damaged_is_named(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    with open_store(str(tmp_path / "notices.db")) as store:
        kept = store.outbox.keep_digest(DIGEST, (), at=NOW)
    connection = sqlite3.connect(tmp_path / "notices.db")
    connection.execute("UPDATE message_parts SET content = substr(content, 1, 12)")
    connection.commit()
    connection.close()
    with open_store(str(tmp_path / "notices.db")) as store, pytest.raises(StoreDamagedError, match="2025-04-02"):
        store.outbox.load_part(kept, "html")
