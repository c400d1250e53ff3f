"""Runs that are killed, fail and find no room, in their short form; docs/reliability.md has the long one."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.arrivals import ARRIVED, list_astray
from benchmarks.crash_series import Stage, build_nights, serve_series
from benchmarks.crash_upgrades import kill_upgrades
from benchmarks.crashes import START, TRACK, disturb_calls, kill_at_random, make_place
from benchmarks.disks import (
    ROOT,
    Change,
    Disk,
    Named,
    Synced,
    Written,
    cut_power,
    keep_all,
    keep_by_chance,
    keep_nothing,
)
from benchmarks.faulty_calls import has_strace
from benchmarks.full_disks import limit_files
from benchmarks.observed import compare_states, find_mixed, list_leftovers, list_torn, observe
from benchmarks.power_cuts import cut_nights
from benchmarks.real_runs import run_program

needs_strace = pytest.mark.skipif(not has_strace(), reason="strace is not here: it tells and stops calls")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with serve_series(tmp_path, with_services=True) as stage:
        yield stage


@pytest.fixture
def plain_stage(tmp_path: Path) -> Iterator[Stage]:
    """One whose news go to commands alone: of what they got a recording knows when."""
    with serve_series(tmp_path) as stage:
        yield stage


@needs_strace
def test_a_run_that_is_killed_at_a_call_that_writes_leaves_old_or_new_and_tells_each_change_once(stage: Stage) -> None:
    outcome = disturb_calls(stage, "writes", seed=1, nights=2, every=53)
    assert outcome.faults == ()
    assert outcome.disturbed > 4


@needs_strace
def test_a_call_that_fails_is_one_line_and_the_next_run_makes_up_for_it(stage: Stage) -> None:
    outcome = disturb_calls(stage, "errors", seed=2, nights=2, every=131)
    assert outcome.faults == ()
    assert outcome.disturbed > 3


@needs_strace
def test_an_upgrade_that_is_killed_leaves_the_old_store_or_the_new_one(tmp_path: Path) -> None:
    outcome = kill_upgrades(tmp_path, every=53)
    assert outcome.faults == ()
    assert outcome.disturbed > 2


@needs_strace
def test_a_power_cut_leaves_old_or_new_and_what_was_told_is_known_and_told_once(plain_stage: Stage) -> None:
    outcome = cut_nights(plain_stage, seed=1, nights=1, every=40)
    assert outcome.faults == ()
    assert outcome.kinds.keys() == {"worst", "by chance"}


@needs_strace
@pytest.mark.parametrize("spoil", ["store", "files"])
def test_a_run_that_does_not_sync_is_found_out(plain_stage: Stage, spoil: str) -> None:
    outcome = cut_nights(plain_stage, seed=1, nights=1, every=1000, chances=0, spoil=spoil)
    assert any("gone when the run had ended" in fault for fault in outcome.faults)


def test_a_disk_keeps_what_was_synced_and_of_the_rest_what_it_likes() -> None:
    changes: list[Change] = [
        Named(ROOT, (("kept", 1),)),
        Written(1, 0, b"synced"),
        Synced(1),
        Synced(ROOT),
        Written(1, 6, b" and more"),
        Named(ROOT, (("new", 2),)),
        Written(2, 0, b"whole"),
        Synced(2),
        Named(ROOT, (("new", None), ("kept", 2))),
    ]
    disks = [dict(cut_power(Disk(), changes, keep_by_chance(f"{seed}", {1, 2})).list_paths()) for seed in range(200)]
    worst, best = (dict(cut_power(Disk(), changes, keep).list_paths()) for keep in (keep_nothing, keep_all))
    assert worst == {"": None, "kept": b"synced"}
    assert best == {"": None, "kept": b"whole"}
    assert worst in disks
    assert best in disks
    assert all(disk["kept"] is not None and disk["kept"].startswith((b"synced", b"whole")) for disk in disks)
    assert any(disk.get("new") == b"whole" for disk in disks)


def test_nights_that_are_killed_at_random_end_as_undisturbed_ones(stage: Stage) -> None:
    outcome = kill_at_random(stage, seed=3, nights=2, each=6)
    assert outcome.faults == ()
    assert outcome.disturbed > 2
    assert {channel for channel, (once, _) in outcome.arrived.items() if once} == {"mail", "on_news", "webhook"}


def test_what_is_sent_and_never_arrives_or_arrives_too_often_is_seen(stage: Stage) -> None:
    folder = make_place(stage, "place")
    stage.show(*build_nights(seed=1, count=1))
    run_program(folder, TRACK, START)
    assert list(list_astray(folder, set())) == []
    mail, webhook = (folder / ARRIVED[channel] for channel in ("mail", "webhook"))
    mail.write_text(mail.read_text() * 2)
    webhook.write_text(webhook.read_text().replace('"delivery": "', '"delivery": "0'))
    told = [fault.rpartition(", ")[0] or fault.partition(":")[0] for fault in list_astray(folder, set())]
    assert sorted(told) == [
        "arrived 2 times, and 1 are right: mail",
        "delivered before the store said that it begins",
        "said to be sent, and never arrived: webhook",
    ]


def test_a_run_that_finds_no_room_says_so_and_goes_on_when_there_is_some(stage: Stage) -> None:
    outcome = limit_files(stage, seed=1, nights=1, step=65_536)
    assert outcome.faults == ()
    assert outcome.disturbed > 0


def test_what_is_lost_doubled_torn_or_left_over_is_seen(stage: Stage) -> None:
    folder = make_place(stage, "place")
    states = [observe(folder)]
    for number, night in enumerate(build_nights(seed=1, count=3)):
        stage.show(night)
        run_program(folder, TRACK, START + dt.timedelta(days=number))
        states.append(observe(folder))
    *_, last = states
    assert list(compare_states(last, last)) == []
    assert list(find_mixed(last, states[0], states[2])) != []
    assert list(compare_states(states[2], last)) != []
    digests = sorted((folder / "digests").glob("digest-*.json"))
    shutil.copy(digests[-1], digests[-1].with_name("digest-again.json"))
    digests[0].unlink()
    told = [fault.partition(":")[0] for fault in compare_states(observe(folder), last)]
    assert {"lost", "doubled", "not written"} <= set(told)
    whole = digests[-1].read_bytes()
    digests[-1].write_bytes(whole[: len(whole) // 2])
    (folder / "digests" / ".digest-2025-01-01.md.4f").write_text("half")
    assert list(list_torn(folder)) == [f"torn: {digests[-1].name}"]
    assert list(list_leftovers(folder)) == ["left over: digests/.digest-2025-01-01.md.4f"]
