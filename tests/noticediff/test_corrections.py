"""[[override]] and [[moved]]: what a person knows better than the pages, as long as the configuration says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from program_running import make_notice, run_program, write_page

from noticediff.config import parse_config
from noticediff.corrections import split_path
from snapshots.errors import UsageError

FIRST = make_notice("2025年1-3月", 個人征信="營業執照")
SECOND = make_notice("2025年4-6月", 個人征信="!金融許可證", 信用報告="金融許可證")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store of two notices."""
    pages = [write_page(tmp_path, f"{number}.txt", text) for number, text in enumerate((FIRST, SECOND))]
    assert run_program("--store", tmp_path / "notices.db", "add", *pages).exit_code == 0
    return tmp_path


def run(folder: Path, corrections: str, *arguments: str) -> Any:
    config = write_page(folder, "noticediff.toml", f'store = "notices.db"\n{corrections}')
    return run_program("--config", config, *arguments)


def find_line(folder: Path, words: str) -> int:
    reading = json.loads(run_program("parse", folder / "1.txt", "--format", "json").stdout)
    entry = next(entry for entry in reading["documents"][0]["entries"] if entry["path"][-1] == words)
    return int(entry["lines"][0])


def override(folder: Path, field: str = "scope", value: str = '"適用于查詢"', page: str | None = None) -> str:
    page = page or str(folder / "1.txt")
    line = find_line(folder, "個人征信")
    return f"""
[[override]]
page = "{page}"
line = {line}
field = "{field}"
value = {value}
because = "the cell is cut off"
"""


def test_an_override_has_its_effect_wherever_the_entry_does_and_is_shown_as_such(folder: Path) -> None:
    shown = run(folder, override(folder), "show", "個人征信", "--at", "2025-06-30").stdout
    assert "適用于查詢" in shown
    assert "corrected by an override: scope: the cell is cut off" in shown

    told = json.loads(run(folder, override(folder), "diff", "2025-03-31", "2025-06-30", "--format", "json").stdout)
    change = next(change for change in told["changes"] if change["path"][-1] == "個人征信")
    assert [field["new"] for field in change["fields"] if field["field"] == "scope"] == ["適用于查詢"]
    (finding,) = told["findings"]
    assert (finding["code"], finding["severity"]) == ("corrected", "info")
    assert finding["evidence"][0] in change["evidence"]
    assert "because the cell is cut off" in finding["message"]


def test_an_override_is_never_stored(folder: Path) -> None:
    before = run(folder, "", "show", "個人征信").stdout

    assert run(folder, override(folder), "show", "個人征信").stdout != before
    assert run(folder, "", "show", "個人征信").stdout == before


def test_an_override_names_its_page_by_name_or_by_the_first_digits_of_its_hash(folder: Path) -> None:
    found = json.loads(run_program("parse", folder / "1.txt", "--format", "json").stdout)

    by_hash = run(folder, override(folder, page=found["page"]["sha256"][:12]), "show", "個人征信")

    assert "適用于查詢" in by_hash.stdout


def test_an_override_of_a_requirement_is_a_tree_as_parse_prints_it(folder: Path) -> None:
    value = '{type = "paper", text = "《承諾函》", title = "承諾函"}'

    shown = run(folder, override(folder, "requirement", value), "show", "個人征信", "--at", "2025-06-30").stdout

    assert "requirement:\n    - 《承諾函》\n" in shown


def test_an_override_that_finds_nothing_is_told(folder: Path) -> None:
    done = run(folder, override(folder, page="other.html"), "findings")

    assert done.exit_code == 0
    assert "the override of other.html, line" in done.stderr
    assert "finds nothing to correct" in done.stderr


def test_a_value_that_the_field_cannot_have_is_a_usage_error(folder: Path) -> None:
    done = run(folder, override(folder, "closed_beta", '"perhaps"'), "show")

    assert done.exit_code == 2
    assert "'closed_beta' cannot be that" in done.stderr


MOVED = """
[[moved]]
from = "金融業 > 企業信用"
to = "金融業 › 信用報告"
because = "read by hand"
"""


def test_a_reviewed_rename_is_a_rename_and_its_history_goes_along(tmp_path: Path) -> None:
    pages = [
        write_page(tmp_path, "a.txt", make_notice("2025年1-3月", 企業信用="營業執照")),
        write_page(tmp_path, "b.txt", make_notice("2025年4-6月", 信用報告="!金融許可證")),
    ]
    assert run_program("--store", tmp_path / "notices.db", "add", *pages).exit_code == 0

    def list_changes(corrections: str) -> list[tuple[str, str, list[list[str]]]]:
        told = json.loads(run(tmp_path, corrections, "diff", "2025-03-31", "2025-06-30", "--format", "json").stdout)
        return [(change["kind"], change["path"][-1], change["paths_before"]) for change in told["changes"]]

    assert list_changes("") == [("adjusted", "信用報告", [])]
    assert list_changes(MOVED) == [("renamed", "信用報告", [["金融業", "企業信用"]])]
    history = run(tmp_path, MOVED, "show", "信用報告", "--history").stdout
    assert "2025-03-31 added" in history
    assert "renamed, notice reviewed rename: read by hand" in history


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[moved]]\nfrom = "a"\nto = "b"', "[[moved]] needs 'because'"),
        ('[[moved]]\nfrom = "a"\nto = "b"\nbecause = "c"\nsinse = 2025-01-01', "did you mean 'since'?"),
        ('[[moved]]\nfrom = "a"\nto = "b"\nbecause = "c"\nsince = "soon"', "'since' is a day"),
        (
            '[[override]]\npage = "p.html"\nline = 1\nfield = "scop"\nvalue = "x"\nbecause = "c"',
            "did you mean 'scope'?",
        ),
        (
            '[[override]]\npage = "p.html"\nline = 0\nfield = "scope"\nvalue = "x"\nbecause = "c"',
            "'line' is the number",
        ),
        ('[[override]]\npage = "abc"\nline = 1\nfield = "scope"\nvalue = "x"\nbecause = "c"', "at least 8 digits"),
        ('[[override]]\npage = "p.html"\nline = 1\nfield = "scope"\nvalue = "x"\nbecause = " "', "'because' is a text"),
    ],
)
def test_a_correction_that_is_wrong_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_config(f"\n{text}", Path("noticediff.toml"))

    assert message in str(caught.value)
    assert str(caught.value).startswith("noticediff.toml:2: ")


def test_levels_are_parted_by_no_sign_that_a_name_may_hold() -> None:
    assert split_path("餐飲 > 堂食/外賣-平台 › 其他") == ("餐飲", "堂食/外賣-平台", "其他")
