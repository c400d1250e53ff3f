"""Where a store can be, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from snapshots.errors import StoreBusyError, StoreDamagedError, StoreUnreachableError, UsageError
from snapshots.file_hold import load_holder
from snapshots.store import open_store

POWERLESS = () if os.geteuid() else ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
"""What takes from the superuser the right to write everywhere."""
NOW = dt.datetime(2025, 4, 2, 8, 0, tzinfo=dt.UTC)


def list_files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize(
    "content", [b"a list of things to buy", b"SQLite format 3\0", b"SQLite format 3\0" + b"x" * 5000, b"\x1f\x8b\0"]
)
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes, create: bool) -> None:
    file = tmp_path / "notices.db"
    file.write_bytes(content)
    with pytest.raises(StoreDamagedError) as caught:
        open_store(str(file), create=create)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list_files(tmp_path) == {"notices.db": content}


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("statement", ["CREATE TABLE pages (sha256 TEXT)", "VACUUM"])
def test_a_database_of_another_program_is_refused_and_left_as_it_is(
    tmp_path: Path, statement: str, create: bool
) -> None:
    file = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
    before = list_files(tmp_path)
    with pytest.raises(StoreDamagedError, match="another program"):
        open_store(str(file), create=create)
    assert list_files(tmp_path) == before


def test_another_program_s_database_in_use_keeps_its_log(tmp_path: Path) -> None:
    file = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE places (name TEXT)")
        before = list_files(tmp_path)
        assert before["places.sqlite-wal"]
        with pytest.raises(StoreDamagedError, match="another program"):
            open_store(str(file))
        assert list_files(tmp_path) == before


def test_another_program_s_database_with_a_journal_to_roll_back_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE places (name TEXT)")
    leave_hot_journal(file, "INSERT INTO places SELECT hex(randomblob(2000)) FROM generate_series")
    before = list_files(tmp_path)
    assert before["places.sqlite-journal"]
    with pytest.raises(StoreDamagedError, match="another program"):
        open_store(str(file))
    assert list_files(tmp_path) == before


def test_a_run_that_was_killed_while_it_made_the_store_leaves_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "notices.db"
    leave_hot_journal(file, "CREATE TABLE noticediff_meta AS SELECT hex(randomblob(2000)) AS name FROM generate_series")
    assert file.stat().st_size > 0
    assert (tmp_path / "notices.db-journal").stat().st_size > 0
    with open_store(str(file)) as store:
        assert store.load_documents() == ()


def leave_hot_journal(file: Path, statement: str) -> None:
    """Write to the file and be killed before the end of the transaction, as the kernel would kill."""
    series = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i FROM n)"
    program = (
        "import os, signal, sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('PRAGMA cache_size = 1')\n"
        "connection.execute('BEGIN')\n"
        "connection.execute(sys.argv[2])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file), statement.replace("generate_series", series)], check=False
    )
    assert done.returncode == -signal.SIGKILL


def test_a_directory_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a directory"):
        open_store(str(tmp_path))


def test_a_pipe_is_no_store_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for create in (True, False):
        with pytest.raises(UsageError, match="is no plain file"):
            open_store(str(tmp_path / "pipe"), create=create)


def test_a_pipe_in_the_lock_s_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "notices.db.lock")
    assert load_holder(tmp_path / "notices.db") is None


def test_a_place_below_a_file_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for create in (True, False):
        with pytest.raises(UsageError):
            open_store(str(tmp_path / "file" / "notices.db"), create=create)


def test_a_folder_in_which_no_store_can_be_made_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    program = "import sys; from snapshots.store import open_store; open_store(sys.argv[1])"
    command = [*POWERLESS, sys.executable, "-c", program, str(tmp_path / "notices.db")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    tmp_path.chmod(0o755)
    assert "StoreUnwritableError" in done.stderr.splitlines()[-1]
    assert "cannot be written" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("address", ["mysql://host/db", "ftp://example.com/notices.db", "sqlite://", "://"])
def test_an_address_that_is_no_store_s_is_a_usage_error(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_store(address)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://bob:s3cret@127.0.0.1:1x/db",
        "postgresql://bob:s3cret@[::/db",
        "postgresql://bob:s3cret@[",
        "postgresql://bob:s3cret@127.0.0.1:1/db",
        "postgresql://127.0.0.1:1/db?user=bob&password=s3cret",
    ],
)
def test_an_address_is_told_without_its_password(address: str) -> None:
    with pytest.raises((UsageError, StoreUnreachableError)) as caught:
        open_store(address)
    assert "postgresql" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_file_can_be_named_as_an_address(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/notices.db") as store:
        store.save_told(at=NOW, sequence=1)
    with open_store(str(tmp_path / "notices.db"), create=False) as store:
        assert store.load_told() is not None


@pytest.mark.parametrize("name", ["類目 通知?.db", "a#b%20c.db", "file:x.db", ":memory:"])
def test_any_name_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    with open_store(str(file)) as store:
        store.save_told(at=NOW, sequence=1)
    with open_store(str(file), create=False) as store:
        assert store.load_told() is not None
    assert file.is_file()


def test_a_store_that_another_run_writes_to_is_read_meanwhile_and_written_after_it(tmp_path: Path) -> None:
    file = tmp_path / "notices.db"
    with open_store(str(file)) as store, closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusyError, match="another run"):
            store.save_told(at=NOW, sequence=1)
        assert store.load_told() is None
        with open_store(str(file)) as second, open_store(str(file), create=False) as third:
            assert second.load_told() is third.load_told() is None
        other.execute("COMMIT")
        store.save_told(at=NOW, sequence=1)
        assert store.load_told() is not None


def test_a_closed_store_is_one_file(tmp_path: Path) -> None:
    file = tmp_path / "notices.db"
    with open_store(str(file)) as store:
        store.save_told(at=NOW, sequence=1)
        assert "notices.db-wal" in list_files(tmp_path)
    assert list(list_files(tmp_path)) == ["notices.db"]


def test_a_store_whose_run_was_killed_has_all_that_was_stored(tmp_path: Path) -> None:
    file = tmp_path / "notices.db"
    program = (
        "import datetime as dt, os, signal, sys\n"
        "from snapshots.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "store.save_told(at=dt.datetime.now(dt.UTC), sequence=7)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(file)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert list_files(tmp_path)["notices.db-wal"]
    with open_store(str(file), create=False) as store:
        told = store.load_told()
    assert told is not None
    assert told.sequence == 7


def test_a_store_on_a_full_disk_is_read(tmp_path: Path) -> None:
    file = tmp_path / "notices.db"
    with open_store(str(file)) as store:
        store.save_told(at=NOW, sequence=5)
    program = (
        "import sys; from snapshots.store import open_store; print(open_store(sys.argv[1], create=False).load_told())"
    )
    command = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", sys.executable, "-c", program, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "sequence=5" in done.stdout


class TestAFolderThatMayNotBeWritten:
    """Another user's store: it is read where it lies."""

    READ = (
        "import sys; from snapshots.store import open_store; print(open_store(sys.argv[1], create=False).load_told())"
    )
    WRITE = "import sys; from snapshots.store import open_store; open_store(sys.argv[1])"

    @pytest.fixture
    def file(self, tmp_path: Path) -> Iterator[Path]:
        file = tmp_path / "notices.db"
        with open_store(str(file)) as store:
            store.save_told(at=NOW, sequence=5)
        file.chmod(0o444)
        tmp_path.chmod(0o555)
        yield file
        tmp_path.chmod(0o755)

    def run(self, program: str, file: Path) -> subprocess.CompletedProcess[str]:
        command = [*POWERLESS, sys.executable, "-c", program, str(file)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    def test_it_is_read(self, file: Path) -> None:
        before = list_files(file.parent)
        assert "sequence=5" in self.run(self.READ, file).stdout
        assert list_files(file.parent) == before

    def test_it_is_read_while_its_owner_writes(self, file: Path) -> None:
        file.chmod(0o644)
        file.parent.chmod(0o755)
        with open_store(str(file)) as store:
            store.save_told(at=NOW, sequence=6)
            file.parent.chmod(0o555)
            assert "sequence=6" in self.run(self.READ, file).stdout
            file.parent.chmod(0o755)

    def test_what_its_owner_writes_meanwhile_is_noticed(self, file: Path) -> None:
        program = (
            "import sys, os\n"
            "from snapshots.store import open_store\n"
            "store = open_store(sys.argv[1], create=False)\n"
            "print(store.load_told())\n"
            "os.utime(sys.argv[1])\n"
            "store.load_told()\n"
        )
        done = self.run(program, file)
        assert "sequence=5" in done.stdout
        assert "StoreBusyError" in done.stderr.splitlines()[-1]

    def test_what_its_owner_did_not_finish_is_not_passed_over(self, file: Path) -> None:
        file.parent.chmod(0o755)
        file.with_name("notices.db-wal").write_bytes(b"x" * 5000)
        file.parent.chmod(0o555)
        told = self.run(self.READ, file).stderr.splitlines()[-1]
        assert f"StoreUnwritableError: {file}: the store cannot be written" in told

    def test_writing_to_it_is_refused(self, file: Path) -> None:
        told = self.run(
            self.WRITE + ".save_told(at=__import__('datetime').datetime.now().astimezone(), sequence=1)", file
        )
        assert f"StoreUnwritableError: {file}: the store cannot be written" in told.stderr.splitlines()[-1]


def test_two_runs_that_make_one_store_at_once_both_find_it_made(tmp_path: Path) -> None:
    program = "import sys; from snapshots.store import open_store; open_store(sys.argv[1]).close()"
    file = tmp_path / "notices.db"
    runs = [subprocess.Popen([sys.executable, "-c", program, str(file)]) for _ in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    with open_store(str(file), create=False) as store:
        assert store.load_documents() == ()
