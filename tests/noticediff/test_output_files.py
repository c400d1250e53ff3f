"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from noticediff.output import clear_leftovers, save_file
from snapshots.errors import UsageError


def test_a_new_file_has_the_rights_that_the_user_gives_new_files(tmp_path: Path) -> None:
    path = tmp_path / "digest.html"
    mask = os.umask(0o027)
    try:
        save_file(path, b"new")
    finally:
        os.umask(mask)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_an_existing_file_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "digest.html"
    path.write_bytes(b"old and longer")
    path.chmod(0o600)
    save_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_what_it_points_at_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(target)
    save_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_device_is_written_to_and_stays_one() -> None:
    save_file(Path(os.devnull), b"gone")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "digest.html"
    path.write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        save_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_run_has_left_of_a_file_is_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / ".digest-2025-04-01.md.4ccd23a9"
    others = [
        tmp_path / name for name in (".digest-2025-04-01.md", ".digest-2025-04-01.md.notes", "digest-2025-04-01.md")
    ]
    for file in (left, *others):
        file.write_text("half")
    clear_leftovers(tmp_path / "digest-2025-04-01.md")
    assert sorted(tmp_path.iterdir()) == sorted(others)
