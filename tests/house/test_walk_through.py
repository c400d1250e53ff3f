"""docs/new-platform.md is gone through as it stands: files written, keys changed, commands run, outputs compared."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner

from noticediff.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "new-platform.md"
BLOCK = re.compile(
    r"^(?:<!-- (?P<kind>file|edit): (?P<file>\S+) -->\n)?```(?P<language>\w+)\n(?P<content>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
DAY = dt.datetime(2025, 6, 2, 6, 0, tzinfo=dt.UTC)


def read_blocks() -> list[tuple[str, str, str]]:
    text = PAGE.read_text(encoding="utf-8")
    found = list(BLOCK.finditer(text))
    assert 2 * len(found) == len(re.findall("^```", text, re.MULTILINE))
    return [(match["kind"] or match["language"], match["file"] or "", match["content"]) for match in found]


def find_end(lines: list[str], start: int) -> int:
    """Behind the key that begins in that line: as few lines as are TOML."""
    for end in range(start + 1, len(lines) + 1):
        try:
            tomllib.loads("\n".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    raise AssertionError(lines[start])


def change_keys(text: str, changes: str) -> str:
    """The TOML text with the keys and whole tables of `changes` in the place of its own."""
    head, *tables = re.split(r"^(?=\[)", changes, flags=re.MULTILINE)
    lines = text.split("\n")
    changed = head.strip().split("\n") if head.strip() else []
    while changed:
        stop = find_end(changed, 0)
        key = changed[0].split(" = ")[0]
        start = next(number for number, line in enumerate(lines) if line.startswith(f"{key} = "))
        lines[start : find_end(lines, start)] = changed[:stop]
        changed = changed[stop:]
    text = "\n".join(lines)
    for table in tables:
        name = re.escape(table.split("\n", 1)[0])
        old = re.search(rf"^{name}\n.*?(?=^\[|\Z)", text, re.DOTALL | re.MULTILINE)
        assert old, table
        text = f"{text[: old.start()]}{table.rstrip()}\n\n{text[old.end() :]}"
    return text


def run_commands(content: str) -> str:
    """The block with what its commands print, both streams, as a terminal shows it."""
    shown, code = [], 0
    for command in re.findall(r"^\$ (.+)$", content, re.MULTILINE):
        shown.append(f"$ {command}")
        if command == "echo $?":
            shown.append(str(code))
            continue
        words, _, target = command.partition(" > ")
        program, *arguments = shlex.split(words)
        assert program == "noticediff"
        run = CliRunner().invoke(main, arguments, env={"COLUMNS": "100"})
        code = run.exit_code
        if target:
            Path(target).write_bytes(run.stdout_bytes)
        shown += [line.rstrip() for line in (run.stderr if target else run.output).splitlines()]
    return "".join(f"{line}\n" for line in shown)


def make_pattern(shown: str) -> str:
    """`…` stands for lines that are left out, or for words in a line."""
    return re.sub(r"…", r"[^\\n]*", re.sub(r"(?<=\n)…\\\n", r"(?:.*\\n)*", re.escape(shown)))


def test_the_walk_through_shows_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "NOTICEDIFF_STORE", "NOTICEDIFF_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    kinds = []
    with time_machine.travel(DAY, tick=False):
        for kind, file, content in read_blocks():
            kinds.append(kind)
            match kind:
                case "file":
                    Path(file).write_text(content, encoding="utf-8")
                case "edit":
                    changed = change_keys(Path(file).read_text(encoding="utf-8"), content)
                    Path(file).write_text(changed, encoding="utf-8")
                case _:
                    assert kind == "console"
                    printed = run_commands(content)
                    assert re.fullmatch(make_pattern(content), printed), printed
    assert {"file", "edit", "console"} <= set(kinds)
