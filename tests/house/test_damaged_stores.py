"""Stores that are damaged on the disk, in the short form of `python -m benchmarks.damaged_stores`."""

from __future__ import annotations

from pathlib import Path

from benchmarks.crash_series import serve_series
from benchmarks.damaged_stores import draw_cuts, draw_flips, make_store, try_damages


def test_a_damaged_store_is_refused_or_told_and_never_a_fault_of_the_program(tmp_path: Path) -> None:
    with serve_series(tmp_path) as stage:
        folder = make_store(stage)
        damages = [*draw_flips(folder / "notices.db", 5, 1), *draw_cuts(folder / "notices.db", 3)]
        found = list(zip(damages, try_damages(folder, damages), strict=True))
    assert [(str(damage), finding.words) for damage, finding in found if finding.kind == "fault"] == []
    assert {finding.kind for damage, finding in found if damage.place == "the file's end"} <= {"refused", "told"}
    assert {finding.kind for damage, finding in found if damage.place == "pages"} <= {"refused", "told", "no effect"}
    assert any(finding.kind == "refused" for _, finding in found)
