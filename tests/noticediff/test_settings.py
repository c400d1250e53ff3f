"""`schema` and `profile`: what the program prints about itself."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from program_running import make_notice, run_program, write_page

from differ.encode import DiffOutput
from noticediff.doctor import DoctorOutput
from noticediff.formats import ParseOutput, ShowOutput, SnapshotsOutput
from noticediff.impact import ImpactOutput
from noticediff.ours import OursOutput
from noticediff.quarantine_json import QuarantineOutput
from noticediff.reviews import FindingsOutput
from scraper.profile.profile import list_profiles, load_profile

OUTPUTS: dict[str, tuple[Any, list[str]]] = {
    "parse": (ParseOutput, ["parse", "notice.txt"]),
    "diff": (DiffOutput, ["diff", "2024-12-31", "latest"]),
    "snapshots": (SnapshotsOutput, ["snapshots"]),
    "show": (ShowOutput, ["show"]),
    "quarantine": (QuarantineOutput, ["quarantine", "list"]),
    "findings": (FindingsOutput, ["findings"]),
    "reparse": (OursOutput, ["reparse", "--dry-run"]),
    "doctor": (DoctorOutput, ["doctor"]),
    "impact": (ImpactOutput, ["impact", "--portfolio", "portfolio.toml"]),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_output_is_what_its_schema_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_page(tmp_path, "notice.txt", make_notice(個人征信="營業執照", 企業征信="!金融許可證"))
    write_page(tmp_path, "portfolio.toml", '[[program]]\nname = "甲"\ncategories = ["金融业-个人征信"]\n')
    run_program("--store", "n.db", "add", "notice.txt")
    output, command = OUTPUTS[name]
    printed = run_program("--store", "n.db", *command, "--format", "json").stdout_bytes
    assert msgspec.json.encode(msgspec.json.decode(printed, type=output)) == msgspec.json.encode(json.loads(printed))
    schema = json.loads(run_program("schema", name).stdout)
    assert schema == json.loads(msgspec.json.encode(msgspec.json.schema(output)))
    keys = schema["$defs"][output.__name__]["properties"]
    assert list(json.loads(printed)) == list(keys)
    assert keys["format"]["enum"] == [f"noticediff.{name}"]


def test_the_profiles_that_ship_are_listed() -> None:
    lines = run_program("profile", "list").stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == list(list_profiles())


def test_a_profile_is_shown_as_the_file_that_a_user_copies(tmp_path: Path) -> None:
    for name in list_profiles():
        shown = run_program("profile", "show", name).stdout
        assert tomllib.loads(shown)["platform"] == load_profile(name).platform
        copy = write_page(tmp_path, "mine.toml", shown)
        assert run_program("profile", "show", copy).stdout == shown
        assert load_profile(str(copy)) == load_profile(name)


def test_a_profile_that_is_not_there_is_named() -> None:
    run = run_program("profile", "show", "nothing")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "no profile is named 'nothing'" in run.stderr
