"""Two runs at once: the one that comes second is told who holds the store, and who only reads does not notice."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from program_running import make_notice, run_process, run_program, write_page
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from snapshots.file_hold import FileHold, is_held, locate_lock
from snapshots.holder import Holder

NOTICE = make_notice("2025年1-3月", 個人征信="營業執照")
POWERLESS = () if os.geteuid() else ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
"""What takes from the superuser the right to write everywhere."""


class Site:
    """A site that answers when it is let go, and says when it was asked."""

    def __init__(self, server: HTTPServer) -> None:
        self.asked, self.open = threading.Event(), threading.Event()
        self.address = server.url_for("/notice.html")
        server.expect_request("/notice.html").respond_with_handler(self._answer)

    def _answer(self, _: Request) -> Response:
        self.asked.set()
        self.open.wait(timeout=60)
        return Response(NOTICE, content_type="text/plain; charset=utf-8")


@pytest.fixture
def site(httpserver: HTTPServer) -> Iterator[Site]:
    site = Site(httpserver)
    yield site
    site.open.set()


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, tmp_path: Path, site: Site) -> Path:
    """A configuration with one source, the site, and a store that has a page already."""
    store = "notices.db" if request.param == "sqlite" else request.getfixturevalue("postgresql")
    source = f'[[source]]\nname = "n"\nurl = "{site.address}"\nallow_private = true\nrobots = false\n'
    path = write_page(tmp_path, "noticediff.toml", f'store = "{store}"\n{source}')
    page = write_page(tmp_path, "page.txt", make_notice("2024年1-3月", 企業征信="金融許可證"))
    assert run_program("--config", path, "add", page).exit_code == 0
    return path


@contextmanager
def start_track(config: Path, site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """A run of `track` that waits for its page, and has the store."""
    command = [sys.executable, "-m", "noticediff", "--config", str(config), "track"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        try:
            assert site.asked.wait(timeout=60)
            yield run
        finally:
            run.kill()
            site.open.set()


@pytest.mark.parametrize(
    "command",
    [("track",), ("add", "page.txt"), ("quarantine", "drop", "1"), ("review", "x", "--accept", "--because=y")],
)
def test_the_second_run_says_who_holds_the_store_and_exits_with_5(
    config: Path, site: Site, command: tuple[str, ...]
) -> None:
    with start_track(config, site) as first:
        second = run_process("--config", config, *command, cwd=config.parent)
        assert first.poll() is None
    assert second.returncode == 5
    (told,) = second.stderr.decode().splitlines()
    assert f"another run holds the store (`track`, process {first.pid} on host " in told
    assert told.endswith(" UTC); try again when it has ended, or end it")


def test_who_only_reads_does_not_wait(config: Path, site: Site) -> None:
    with start_track(config, site) as first:
        for command in (("show",), ("snapshots",), ("quarantine", "list"), ("findings",)):
            read = run_process("--config", config, *command, cwd=config.parent)
            assert (read.returncode, first.poll()) == (0, None), read.stderr


def test_who_only_looks_whether_the_store_is_held_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "notices.db"
    holder = Holder(command="track", pid=os.getpid(), host="h", since=dt.datetime.now(dt.UTC))
    with locate_lock(store).open("wb") as look:
        fcntl.flock(look, fcntl.LOCK_EX)
        monkeypatch.setattr("time.sleep", lambda _: fcntl.flock(look, fcntl.LOCK_UN))
        FileHold(store, holder).release()
    with locate_lock(store).open("wb") as look:
        fcntl.flock(look, fcntl.LOCK_EX)
        assert not is_held(store)


def test_a_run_that_was_killed_holds_nothing_and_is_named_once(config: Path, site: Site) -> None:
    with start_track(config, site) as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
    second = run_process("--config", config, "track", cwd=config.parent)
    assert second.returncode == 0, second.stderr
    if "notices.db" in config.read_text():
        assert f"ended before its end (`track`, process {first.pid} on host " in second.stderr.decode()
    third = run_process("--config", config, "track", cwd=config.parent)
    assert "ended before its end" not in third.stderr.decode()
    assert third.returncode == 0


class TestPlaces:
    """What can be in the way of a lock beside a file."""

    @pytest.fixture
    def store(self, tmp_path: Path, notice_file: Path) -> Path:
        store = tmp_path / "kept" / "notices.db"
        assert run_program("--store", store, "add", notice_file).exit_code == 0
        return store

    def test_a_link_to_a_store_leads_to_the_same_lock(self, tmp_path: Path, site: Site, store: Path) -> None:
        (tmp_path / "other").mkdir()
        link = tmp_path / "other" / "link.db"
        link.symlink_to(store)
        source = f'[[source]]\nname = "n"\nurl = "{site.address}"\nallow_private = true\nrobots = false\n'
        config = write_page(tmp_path, "noticediff.toml", f'store = "{store}"\n{source}')
        with start_track(config, site):
            second = run_process("--store", link, "quarantine", "drop", "1", cwd=tmp_path)
        assert second.returncode == 5, second.stderr
        assert [path.name for path in link.parent.iterdir()] == ["link.db"]

    def test_a_file_of_the_user_s_own_in_the_lock_s_place_is_left_alone(self, store: Path, notice_file: Path) -> None:
        lock = store.with_name("notices.db.lock")
        lock.write_text("my notes")
        run = run_program("--store", store, "add", notice_file)
        assert run.exit_code == 2
        assert (
            run.stderr
            == f"noticediff: {lock}: not a lock of noticediff, which needs a file of that name; move it away\n"
        )
        assert lock.read_text() == "my notes"

    @pytest.mark.parametrize("left", [b"", b"\0" * 90, b'{"com', b'{"command":"track","pi', b'\0\0\0,"pid":4711}'])
    def test_what_a_power_cut_leaves_in_the_lock_is_no_obstacle(
        self, store: Path, notice_file: Path, left: bytes
    ) -> None:
        store.with_name("notices.db.lock").write_bytes(left)
        run = run_program("--store", store, "add", notice_file)
        assert (run.exit_code, run.stderr) == (0, "")
        assert store.with_name("notices.db.lock").read_bytes() == b""

    def test_a_folder_in_the_lock_s_place_is_named(self, store: Path, notice_file: Path) -> None:
        store.with_name("notices.db.lock").unlink()
        store.with_name("notices.db.lock").mkdir()
        run = run_program("--store", store, "add", notice_file)
        assert (run.exit_code, len(run.stderr.splitlines())) == (2, 1)
        assert "notices.db.lock: not a lock of noticediff" in run.stderr

    @pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EIO])
    def test_a_file_system_without_locks_is_named(
        self, store: Path, notice_file: Path, number: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("fcntl.flock", refuse)
        run = run_program("--store", store, "add", notice_file)
        assert run.exit_code == 2
        assert f"{store}: the store cannot be written ({store}.lock: {os.strerror(number)})" in run.stderr
        assert len(run.stderr.splitlines()) == 1

    @pytest.mark.parametrize("place", ["kept", "kept/notices.db.lock"])
    def test_what_may_not_be_written_is_named(self, tmp_path: Path, store: Path, notice_file: Path, place: str) -> None:
        (tmp_path / place).chmod(0o555)
        if place == "kept":
            store.with_name("notices.db.lock").unlink()
        command = [*POWERLESS, sys.executable, "-m", "noticediff", "--store", store, "add", notice_file]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        (tmp_path / place).chmod(0o755)
        assert (run.returncode, len(run.stderr.splitlines())) == (2, 1)
        assert f"{store}: the store cannot be written ({store}.lock: Permission denied)" in run.stderr
