"""What is said to be kept outlasts a power cut: bytes are synced before their name is, and both before they count.

`benchmarks/power_cuts.py` makes the disks that power cuts leave; here is the order of the calls.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from delivery_making import configure
from program_running import run_program

from noticediff.output import save_file
from snapshots.durable import make_folder
from snapshots.errors import UsageError
from snapshots.outbox import Outbox


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The syncs, the renames and the new folders below the test's folder, in order; random ends of names left out."""
    made: list[str] = []

    def name(path: Path) -> str:
        found = str(path.relative_to(tmp_path))
        return found.rpartition(".")[0] if path.name.startswith(".") else found

    def find(handle: int) -> list[Path]:
        number = os.fstat(handle).st_ino
        return [path for path in (tmp_path, *tmp_path.rglob("*")) if path.stat().st_ino == number]

    sync, replace, mkdir = os.fsync, os.replace, os.mkdir

    def note_sync(handle: int) -> None:
        sync(handle)
        made.extend(f"sync {name(path)}" for path in find(handle))

    def note_replace(source: Path, target: Path) -> None:
        replace(source, target)
        if Path(target).is_relative_to(tmp_path):
            made.append(f"rename {name(Path(source))} {name(Path(target))}")

    def note_folder(path: Path, *more: Any) -> None:
        mkdir(path, *more)
        if Path(path).is_relative_to(tmp_path):
            made.append(f"make {name(Path(path))}")

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    monkeypatch.setattr(os, "mkdir", note_folder)
    return made


def fail_for_folders(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    sync = os.fsync

    def fail(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fail)


def test_a_file_is_synced_before_it_takes_its_place_and_its_folder_after_that(tmp_path: Path, calls: list[str]) -> None:
    save_file(tmp_path / "digest.md", b"new")
    assert calls == ["sync .digest.md", "rename .digest.md digest.md", "sync ."]


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_name_that_may_be_lost_is_a_file_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fail_for_folders(monkeypatch, number)
    with pytest.raises(UsageError, match=f"cannot be written: {os.strerror(number)}"):
        save_file(tmp_path / "digest.md", b"new")


def test_a_file_system_that_syncs_no_folders_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_for_folders(monkeypatch, errno.EINVAL)
    save_file(tmp_path / "digest.md", b"new")
    assert (tmp_path / "digest.md").read_bytes() == b"new"


def test_a_backup_is_synced_before_it_takes_its_place_and_its_folder_after_that(
    tmp_path: Path, notice_file: Path, calls: list[str]
) -> None:
    store = tmp_path / "notices.db"
    run_program("--store", store, "add", notice_file)
    calls.clear()
    run = run_program("--store", store, "backup", tmp_path / "copy.db")
    assert run.exit_code == 0, run.output
    assert calls == ["sync .copy.db", "rename .copy.db copy.db", "sync ."]


def test_a_folder_is_synced_in_the_one_above_it_and_so_is_one_that_a_killed_run_has_made(
    tmp_path: Path, calls: list[str]
) -> None:
    make_folder(tmp_path / "one" / "two")
    assert {"make one", "make one/two"} < set(calls)
    assert calls[-2:] == ["sync .", "sync one"]
    calls.clear()
    make_folder(tmp_path / "one" / "two")
    assert [call for call in calls if call.startswith("sync")] == ["sync one"]


def test_a_store_s_new_folder_is_synced_in_the_one_above_it(
    tmp_path: Path, notice_file: Path, calls: list[str]
) -> None:
    run_program("--store", tmp_path / "data" / "notices.db", "add", notice_file)
    assert calls[:2] == ["make data", "sync ."]


def test_a_digest_is_on_the_disk_before_the_store_says_so_and_a_delivery_begun_before_it_leaves(
    tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def note(method: str) -> None:
        original = getattr(Outbox, method)

        def noted(self: Outbox, *arguments: Any, **more: Any) -> None:
            original(self, *arguments, **more)
            state = getattr(arguments[0], "state", "")
            calls.append(f"{method} {state}".strip())

        monkeypatch.setattr(Outbox, method, noted)

    note("save_filed")
    note("save_delivery")
    monkeypatch.setattr("noticediff.delivery.command.run_command", lambda *_: calls.append("the command"))
    config = configure(tmp_path, 'on_news = ["true"]')
    run = run_program("--config", config, "track")
    assert run.exit_code == 0, run.output
    first = calls.index("make digests")
    (day,) = {Path(call.split()[-1]).stem for call in calls if call.startswith("rename digests/.digest")}
    files = [*(f"{day}.{form}" for form in ("html", "md", "json")), "feed.atom"]
    written = [
        call
        for file in files
        for call in (f"sync digests/.{file}", f"rename digests/.{file} digests/{file}", "sync digests")
    ]
    told = ["save_filed", "save_delivery sending", "the command", "save_delivery sent"]
    assert calls[first:] == ["make digests", "sync .", *written, *told]
