"""Two runs on one store at a time, in the short form of `python -m benchmarks.races`."""

from __future__ import annotations

from pathlib import Path

from benchmarks.crash_series import serve_series
from benchmarks.races import race


def test_of_two_runs_each_does_its_work_or_is_told_who_holds_the_store(tmp_path: Path) -> None:
    with serve_series(tmp_path) as stage:
        outcome = race(stage, seed=1, rounds=5, nights=1)
    assert outcome.faults == ()
    assert outcome.kinds.total() == 5
    assert any("not let in" in kind for kind in outcome.kinds)
