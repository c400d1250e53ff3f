"""Bad input and bad places: one line on standard error, the exit code of the contract, and nothing changed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from program_running import make_notice, run_process, run_program, write_page

from noticediff.cli import main
from scraper.parse import parse_page
from snapshots import errors
from snapshots.notice import Page, Reading

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def assert_one_line(stderr: str, *words: str) -> None:
    assert stderr.startswith("noticediff: ")
    assert stderr.count("\n") == 1
    for word in words:
        assert word in stderr


BAD_PAGES = {
    "empty": b"",
    "blank": b" \n\n ",
    "binary": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "no notice": b"<html><p>Hello</p></html>",
    "a title alone": "2025年1-3月小程序類目調整匯總公告\n\n來源 | 微信公眾平臺運營中心\n".encode(),
}


@pytest.mark.parametrize("content", BAD_PAGES.values(), ids=BAD_PAGES)
def test_a_bad_page_is_refused_and_the_store_unchanged(content: bytes, tmp_path: Path, notice_file: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(content)
    store = tmp_path / "notices.db"
    run_program("--store", store, "add", notice_file)
    before = store.read_bytes()
    runs: list[list[str | Path]] = [["parse", page], ["--store", store, "add", page], ["diff", page, notice_file]]
    for arguments in runs:
        run = run_program(*arguments)
        assert (run.exit_code, run.stdout) == (4, "")
        assert_one_line(run.stderr, str(page))
    assert store.read_bytes() == before


def test_a_bad_page_makes_no_store(tmp_path: Path) -> None:
    page = write_page(tmp_path, "page.txt", "Hello.\n")
    assert run_program("--store", tmp_path / "notices.db", "add", page, tmp_path / "none.txt").exit_code == 4
    assert list(tmp_path.iterdir()) == [page]


def test_guidance_that_names_categories_is_refused(tmp_path: Path) -> None:
    page = CORPUS / "not-a-notice-guidance.txt"
    if not page.exists():
        pytest.skip("the corpus of real pages is not here")
    run = run_program("--store", tmp_path / "notices.db", "add", page)
    assert (run.exit_code, run.stdout) == (4, "")
    assert_one_line(run.stderr, "not-a-notice-guidance.txt")


@pytest.mark.parametrize("command", ["parse", "add"])
def test_a_missing_file_is_exit_2(command: str) -> None:
    run = run_program(command, "nowhere.html")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr == "noticediff: nowhere.html: no such file\n"


@pytest.mark.parametrize("date", ["2025-02-30", "2025-13", "2025Q5", "31.03.2025", "tomorrow", ""])
@pytest.mark.parametrize(
    "arguments",
    [["show", "--at"], ["show", "--known-on"], ["digest", "--since"], ["digest", "--until"],
     ["parse", "x", "--captured"], ["add", "x", "--effective"], ["diff", "latest", "previous", "--known-on"]],
    ids=" ".join,
)  # fmt: skip
def test_a_malformed_date_is_one_line_that_names_its_option(arguments: list[str], date: str) -> None:
    run = run_program(*arguments, date)
    assert (run.exit_code, run.stdout) == (2, "")
    assert_one_line(run.stderr, f"{arguments[-1]}: '{date}' is not a date")


@pytest.mark.parametrize("date", ["2025-02-30", "2025-13", "2025Q5"])
def test_a_malformed_date_of_a_diff_is_one_line(date: str, tmp_path: Path, notice_file: Path) -> None:
    run_program("--store", tmp_path / "notices.db", "add", notice_file)
    run = run_program("--store", tmp_path / "notices.db", "diff", date, "latest")
    assert (run.exit_code, run.stdout) == (2, "")
    assert_one_line(run.stderr, f"'{date}' is not a date")


def other_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE albums (title TEXT)")


@pytest.mark.parametrize(
    "make", [other_database, lambda path: path.write_bytes(b"some text\n" * 99)], ids=["sqlite", "text"]
)
def test_a_store_that_is_not_ours_is_left_untouched(make: object, tmp_path: Path, notice_file: Path) -> None:
    store = tmp_path / "albums.db"
    make(store)  # type: ignore[operator]
    before = store.read_bytes()
    for arguments in (["add", notice_file], ["snapshots"], ["show"], ["digest"], ["diff", "previous", "latest"]):
        run = run_program("--store", store, *arguments)
        assert (run.exit_code, run.stdout) == (6, "")
        assert_one_line(run.stderr, "albums.db")
    assert store.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [store, notice_file]


def test_a_store_that_another_run_holds_is_exit_5(tmp_path: Path, notice_file: Path) -> None:
    store = tmp_path / "notices.db"
    run_program("--store", store, "add", notice_file)
    second = write_page(tmp_path, "second.txt", make_notice("2025年4-6月", 典當="典當經營許可證"))
    with sqlite3.connect(store, isolation_level=None) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        run = run_program("--store", store, "add", second)
        connection.execute("ROLLBACK")
    connection.close()
    assert (run.exit_code, run.stdout) == (5, "")
    assert_one_line(run.stderr, "another run holds the store")


@pytest.mark.parametrize("command", [["diff", "previous", "latest"], ["digest"]])
def test_an_output_that_cannot_be_written_is_exit_2_and_leaves_nothing(
    command: list[str], tmp_path: Path, notice_file: Path
) -> None:
    store = tmp_path / "notices.db"
    run_program("--store", store, "add", notice_file)
    folder = tmp_path / "folder"
    folder.mkdir()
    for place, reason in (
        (tmp_path / "nowhere" / "digest.html", "No such file or directory"),
        (folder, "is a directory"),
        (notice_file / "digest.html", "Not a directory"),
    ):
        run = run_program("--quiet", "--store", store, *command, "--output", place)
        assert (run.exit_code, run.stdout) == (2, "")
        assert_one_line(run.stderr, f"{place}: cannot be written: {reason}")
    assert sorted(tmp_path.iterdir()) == sorted([folder, store, tmp_path / "notices.db.lock", notice_file])
    assert list(folder.iterdir()) == []


def test_a_wrong_option_prints_the_usage_and_is_exit_2() -> None:
    for arguments in (
        ["diff", "a"],
        ["parse", "--frmt", "json", "x"],
        ["shw"],
        ["schema", "nothing"],
        ["show", "--format", "xml"],
    ):
        run = run_program(*arguments)
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr.startswith("Usage: ")
        assert len(run.stderr.splitlines()) <= 4


def test_a_fault_of_the_program_is_one_line_that_says_so(monkeypatch: pytest.MonkeyPatch, notice_file: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("lines\nand lines")

    monkeypatch.setattr("noticediff.pipeline.parse_page", fail)
    run = run_program("parse", notice_file)
    assert (run.exit_code, run.stdout) == (70, "")
    assert_one_line(run.stderr, "a fault of the program: KeyError", "noticediff -vv")
    traced = run_program("-vv", "parse", notice_file)
    assert traced.exit_code == 70
    assert "Traceback (most recent call last)" in traced.stderr


def test_a_page_that_breaks_the_program_keeps_no_other_from_being_stored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, notice_file: Path
) -> None:

    def fail_once(page: Page, **options: Any) -> Reading:
        if page.name.endswith("broken.txt"):
            raise RecursionError("too deep")
        return parse_page(page, **options)

    monkeypatch.setattr("noticediff.pipeline.parse_page", fail_once)
    broken = tmp_path / "broken.txt"
    broken.write_bytes(notice_file.read_bytes())
    run = run_program("--store", tmp_path / "notices.db", "add", broken, notice_file)
    assert run.exit_code == 70
    assert "broken.txt: a fault of the program: RecursionError: too deep" in run.stderr
    assert run.stdout.startswith("added: notice")


@pytest.mark.parametrize("closed", [">&-", "<&-"])
def test_closed_streams_are_an_error_of_one_line(tmp_path: Path, notice_file: Path, closed: str) -> None:
    arguments = ["parse", "-"] if closed == "<&-" else ["parse", str(notice_file)]
    command = " ".join([sys.executable, "-m", "noticediff", *arguments, closed])
    run = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S602
    assert run.returncode == 2
    assert_one_line(run.stderr)


def test_two_v_show_where_an_error_came_from(notice_file: Path) -> None:
    assert "Traceback" not in run_program("-v", "parse", notice_file, "--profile", "x").stderr
    assert "Traceback" in run_program("-vv", "parse", notice_file, "--profile", "x").stderr


def test_an_interruption_is_exit_130(monkeypatch: pytest.MonkeyPatch, notice_file: Path) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("noticediff.pipeline.parse_page", interrupt)
    run = run_program("parse", notice_file)
    assert (run.exit_code, run.stderr.strip()) == (130, "noticediff: interrupted")


def test_every_error_of_the_program_has_its_code_of_the_contract() -> None:
    assert {
        error.exit_code
        for error in (
            errors.UsageError,
            errors.FetchError,
            errors.PageRefusedError,
            errors.StoreBusyError,
            errors.StoreDamagedError,
        )
    } == {2, 3, 4, 5, 6}


def test_verbose_and_quiet_exclude_each_other() -> None:
    run = run_program("-v", "--quiet", "schema", "parse")
    assert (run.exit_code, run.stderr) == (2, "noticediff: --verbose and --quiet exclude each other\n")


def list_options(group: click.Group, prefix: str) -> list[tuple[str, click.Option]]:
    found = [(prefix, option) for option in group.params if isinstance(option, click.Option)]
    for name, command in group.commands.items():
        inner = f"{prefix}_{name.upper()}"
        if isinstance(command, click.Group):
            found += list_options(command, inner)
        else:
            found += [(inner, option) for option in command.params if isinstance(option, click.Option)]
    return found


def test_every_option_has_the_environment_variable_of_its_name() -> None:
    for prefix, option in list_options(main, "NOTICEDIFF"):
        long = next(name for name in option.opts if name.startswith("--"))
        assert f"{prefix}_{option.name}".upper() == f"{prefix}_{long[2:]}".upper().replace("-", "_")


def test_an_error_of_a_process_is_its_exit_code(tmp_path: Path) -> None:
    run = run_process("parse", "-", cwd=tmp_path, stdin=b"")
    assert run.returncode == 4
    assert run.stderr.decode().startswith("noticediff: standard input: ")


def test_a_number_that_no_database_takes_is_a_usage_error(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", make_notice("2025年1-3月", 個人征信="營業執照"))
    assert run_program("--store", tmp_path / "notices.db", "add", page).exit_code == 0
    run = run_program("--store", tmp_path / "notices.db", "quarantine", "show", "9" * 30)
    assert run.exit_code == 2
    assert "is not in the range" in run.stderr
