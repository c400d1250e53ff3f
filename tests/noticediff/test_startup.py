"""What the program costs and how it speaks before it does anything."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from program_running import run_process, run_program

from noticediff.cli import main
from templates.words import LANGUAGES

HEAVY = {
    "lxml", "bs4", "deepdiff", "jinja2", "sqlalchemy", "httpx2", "rich", "opencc", "rapidfuzz", "w3lib", "apprise",
    "css_inline", "feedgenerator",
}  # fmt: skip

PROBE = """
import json, sys
from noticediff.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert end.code == 0, end.code
json.dump(sorted(name.partition(".")[0] for name in sys.modules), sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([name, "--help"] for name in main.commands)], ids=" ".join
)
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    run = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, check=True, text=True)
    assert set(json.loads(run.stderr)) & HEAVY == set()


REFUSED = """
import json, os, sys, datetime as dt
from pathlib import Path
from noticediff.cli import main
from snapshots.file_hold import FileHold
from snapshots.holder import Holder
hold = FileHold(Path("notices.db"), Holder(command="track", pid=os.getpid(), host="h", since=dt.datetime.now(dt.UTC)))
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert end.code == 5, end.code
json.dump(sorted(name.partition(".")[0] for name in sys.modules), sys.stdout)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["track"], ["add", "page.txt"], ["review", "x", "--accept", "--because", "y"], ["quarantine", "accept", "1"],
        ["quarantine", "drop", "1"], ["reparse"], ["doctor", "--repair"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_run_is_told_that_another_holds_the_store_before_it_imports_anything_heavy(
    arguments: list[str], tmp_path: Path
) -> None:
    config = 'store = "notices.db"\n[[source]]\nname = "a"\nfile = "page.txt"\n'
    (tmp_path / "noticediff.toml").write_text(config, encoding="utf-8")
    (tmp_path / "notices.db").write_bytes(b"no store, but something")
    run = subprocess.run([sys.executable, "-c", REFUSED, *arguments], capture_output=True, check=True, cwd=tmp_path)
    assert b"another run holds the store (`track`, process" in run.stderr
    assert set(json.loads(run.stdout)) & HEAVY == set()


def test_the_version_is_that_of_the_package() -> None:
    assert run_program("--version").stdout == f"noticediff {importlib.metadata.version('noticediff')}\n"


def test_the_commands_are_those_that_work() -> None:
    assert list(main.commands) == [
        "parse", "add", "track", "snapshots", "show", "diff", "digest", "findings", "review", "explain", "impact",
        "schema", "profile", "config",
        "source", "quarantine", "export", "reparse", "doctor", "backup", "notify",
    ]  # fmt: skip


def every_command(group: click.Group = main, prefix: str = "") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in group.commands.items():
        found.append((prefix + name, command))
        if isinstance(command, click.Group):
            found += every_command(command, f"{prefix}{name} ")
    return found


@pytest.mark.parametrize(("name", "command"), every_command())
def test_every_command_and_option_is_explained(name: str, command: click.Command) -> None:
    assert command.help, name
    assert len(command.get_short_help_str(limit=200)) <= 60, f"{name} is cut off in the list of commands"
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.name}"


def test_every_language_of_the_words_can_be_chosen() -> None:
    (option,) = (option for option in main.commands["digest"].params if option.name == "language")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == LANGUAGES


def test_output_is_utf8_whatever_the_locale(tmp_path: Path, notice_file: Path) -> None:
    for locale in ({"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}):
        run = run_process("parse", notice_file, cwd=tmp_path, env=locale)
        assert run.returncode == 0
        assert "類目調整匯總公告" in run.stdout.decode("utf-8")


def test_an_error_in_chinese_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    run = run_process("parse", "公告.html", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert run.returncode == 2
    assert run.stderr.decode("utf-8") == "noticediff: 公告.html: no such file\n"


def test_a_reader_that_leaves_is_no_error(tmp_path: Path, notice_file: Path) -> None:
    command = f"{sys.executable} -m noticediff parse --format json {notice_file} | head -n 1; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert run.stdout == b"{\n"
    assert run.stderr == b""
    assert run.returncode in {0, 141}  # the page may fit into the pipe


def test_a_closed_pipe_ends_the_program_silently(tmp_path: Path, notice_file: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "noticediff", "parse", str(notice_file)],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(timeout=30) == 141


def test_a_full_disk_is_one_line_and_exit_2(tmp_path: Path, notice_file: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [sys.executable, "-m", "noticediff", "parse", str(notice_file)],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert (run.returncode, run.stderr) == (2, b"noticediff: standard output: No space left on device\n")
