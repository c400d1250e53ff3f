"""The nights of a site that misbehaves, in their short form; `python -m benchmarks.nights` runs a year of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.nights import run_nights

SEED, NIGHTS = 7, 60


def test_every_real_change_stands_in_exactly_one_digest_and_nothing_else_in_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    outcome = run_nights(tmp_path, seed=SEED, nights=NIGHTS)
    assert outcome.told == outcome.made
    assert outcome.faults == ()
    assert outcome.made.total() > 5
    assert outcome.broken_nights > 5
    assert outcome.alarms == outcome.ends == outcome.episodes


def test_a_watch_that_believes_every_page_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr("noticediff.look.judge_page", lambda *_, **__: ())
    monkeypatch.setattr("benchmarks.site.CATALOGUE_FAILURES", ("half gone",))
    outcome = run_nights(tmp_path, seed=1, nights=30)  # the catalogue is broken on some of these
    assert outcome.false > 0
    assert outcome.faults != ()
