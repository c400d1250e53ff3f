"""Runs that are killed, fail and find no room, in their short form; docs/reliability.md has the long one."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.crash_series import Stage, build_nights, serve_series
from benchmarks.crash_upgrades import kill_upgrades
from benchmarks.crashes import START, TRACK, disturb_calls, kill_at_random, make_place
from benchmarks.faulty_calls import has_strace
from benchmarks.full_disks import limit_files
from benchmarks.observed import compare_states, find_mixed, list_leftovers, list_torn, observe
from benchmarks.real_runs import run_program

needs_strace = pytest.mark.skipif(not has_strace(), reason="strace is not here: it tells and stops calls")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
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


def test_nights_that_are_killed_at_random_end_as_undisturbed_ones(stage: Stage) -> None:
    outcome = kill_at_random(stage, seed=3, nights=2, each=4)
    assert outcome.faults == ()
    assert outcome.disturbed > 4


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
