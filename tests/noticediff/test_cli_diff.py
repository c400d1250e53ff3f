"""`diff`: two dates, two pages, or a page against a date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from program_running import make_notice, run_program, write_page

FIRST = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="!金融許可證")
SECOND = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證", 典當="典當經營許可證")


@pytest.fixture
def pages(tmp_path: Path) -> tuple[Path, Path]:
    return write_page(tmp_path, "first.txt", FIRST), write_page(tmp_path, "second.txt", SECOND)


@pytest.fixture
def store(tmp_path: Path, pages: tuple[Path, Path]) -> Path:
    path = tmp_path / "notices.db"
    assert run_program("--store", path, "add", *pages).exit_code == 0
    return path


def diff_json(*arguments: str | Path, store: Path | None = None) -> dict[str, Any]:
    options = () if store is None else ("--store", store)
    run = run_program(*options, "diff", *arguments, "--format", "json")
    assert run.exit_code == 0, run.output
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def count(output: dict[str, Any]) -> dict[str, int]:
    return {kind: number for kind, number in output["counts"].items() if number}


def test_two_dates_differ_by_what_came_in_force_between(store: Path) -> None:
    output = diff_json("2025-03-31", "2025-06-30", store=store)
    assert output["format"] == "noticediff.diff"
    assert (output["old"]["date"], output["new"]["date"]) == ("2025-03-31", "2025-06-30")
    assert count(output) == {"new": 1, "adjusted": 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("previous", "latest"),
        ("latest~1", "latest"),
        ("2025Q1", "2025Q2"),
        ("2025-03", "2025-06"),
        ("2025-04-01", "2026-01-01"),
    ],
)
def test_sides_may_be_named_in_several_ways(store: Path, old: str, new: str) -> None:
    assert count(diff_json(old, new, store=store)) == {"new": 1, "adjusted": 1}


def test_a_date_before_everything_is_empty_with_a_remark(store: Path) -> None:
    run = run_program("--store", store, "diff", "2024-12-31", "2025-03-31", "--format", "json")
    assert run.exit_code == 0
    assert count(json.loads(run.stdout)) == {"new": 1, "adjusted": 1}
    assert json.loads(run.stdout)["old"]["coverage"] == {}
    assert run.stderr == "noticediff: nothing is known before 2025-03-31: the state on 2024-12-31 is empty\n"


def test_a_step_before_the_first_change_is_the_empty_state(store: Path) -> None:
    assert diff_json("latest~2", "latest", store=store)["old"] == {"date": "2025-03-30", "coverage": {}}


def test_more_steps_back_than_changes_is_an_error(store: Path) -> None:
    run = run_program("--store", store, "diff", "latest~3", "latest")
    assert run.exit_code == 2
    assert "only 2 changes are known" in run.stderr


def test_what_is_to_come_is_not_the_latest(store: Path, tmp_path: Path) -> None:
    page = write_page(tmp_path, "future.txt", make_notice("2031年1-3月", 保險="保險許可證"))
    assert run_program("--store", store, "add", page).exit_code == 0
    assert diff_json("previous", "latest", store=store)["new"]["date"] == "2025-06-30"


def test_two_pages_need_no_store(pages: tuple[Path, Path], tmp_path: Path) -> None:
    output = diff_json(*pages, store=tmp_path / "none.db")
    assert count(output) == {"new": 1, "adjusted": 1}
    assert not (tmp_path / "none.db").exists()


def test_a_page_against_itself_shows_no_difference(pages: tuple[Path, Path]) -> None:
    assert count(diff_json(pages[0], pages[0])) == {}


def test_two_revisions_of_a_notice_are_compared_entry_by_entry(tmp_path: Path, pages: tuple[Path, Path]) -> None:
    revision = write_page(tmp_path, "revision.txt", FIRST.replace("營業執照", "個人征信業務經營許可證"))
    (change,) = diff_json(pages[0], revision)["changes"]
    assert (change["kind"], change["path"], change["before"]) == ("adjusted", ["金融業", "個人征信"], "known")


def test_a_page_against_a_date_shows_what_it_would_change(store: Path, tmp_path: Path) -> None:
    page = write_page(tmp_path, "third.txt", make_notice("2025年7-9月", 典當="!營業執照"))
    (change,) = diff_json("latest", page, store=store)["changes"]
    assert (change["kind"], change["path"]) == ("adjusted", ["金融業", "典當"])
    assert run_program("--store", store, "show", "典當").stdout.count("《營業執照》") == 0


BROKEN = (
    make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證", 企業征信="!備案憑證").partition("《備案憑證》")[0]
    + "《備案"
)


def test_of_a_notice_that_breaks_off_what_stands_before_the_break_is_held_against_a_date(
    store: Path, tmp_path: Path
) -> None:
    run = run_program(
        "--store", store, "diff", "2025-03-31", write_page(tmp_path, "cut.txt", BROKEN), "--format", "json"
    )
    assert (run.exit_code, "it breaks off" in run.stderr) == (4, True)
    told = json.loads(run.stdout)
    assert [(change["kind"], change["path"]) for change in told["changes"]] == [("adjusted", ["金融業", "個人征信"])]
    assert {"cut", "unfinished-entry"} <= {finding["code"] for finding in told["findings"]}


def test_a_page_that_breaks_off_is_no_old_side_and_no_revision_of_a_known_notice(
    store: Path, pages: tuple[Path, Path], tmp_path: Path
) -> None:
    cut = write_page(tmp_path, "cut.txt", BROKEN)
    for sides in ((cut, pages[1]), ("2025-06-30", cut)):
        run = run_program("--store", store, "diff", *sides)
        assert (run.exit_code, run.stdout) == (4, "")
    stored = run_program("--store", store, "add", cut)
    assert (stored.exit_code, stored.stdout) == (4, "")


def test_a_side_may_come_from_standard_input(pages: tuple[Path, Path]) -> None:
    run = run_program("diff", pages[0], "-", "--format", "json", stdin=SECOND)
    assert count(json.loads(run.stdout)) == {"new": 1, "adjusted": 1}
    both = run_program("diff", "-", "-", stdin=SECOND)
    assert (both.exit_code, both.stderr) == (2, "noticediff: standard input can be OLD or NEW, not both\n")


def test_the_exit_code_tells_differences_only_when_asked(store: Path) -> None:
    different = ("--store", store, "diff", "2025-03-31", "2025-06-30")
    equal = ("--store", store, "diff", "2025-06-30", "2025-06-30")
    assert run_program(*different).exit_code == 0
    assert run_program(*different, "--exit-code").exit_code == 1
    assert run_program(*equal, "--exit-code").exit_code == 0


@pytest.mark.parametrize(
    ("level", "code"), [("any", 1), ("removed", 0), ("tightened", 0), ("mixed", 1), ("relaxed", 1)]
)
def test_a_level_is_reached_by_what_is_as_grave_or_graver(store: Path, level: str, code: int) -> None:
    changes = json.loads(run_program("--store", store, "diff", "previous", "latest", "--format", "json").stdout)[
        "changes"
    ]
    assert {change["verdict"] for change in changes} == {None, "mixed"}
    assert run_program("--store", store, "diff", "previous", "latest", "--fail-on", level).exit_code == code


@pytest.mark.parametrize(("form", "start"), [("html", "<!DOCTYPE html>"), ("md", "# "), ("text", "Category rules")])
def test_each_form_names_every_change(store: Path, form: str, start: str) -> None:
    run = run_program("--store", store, "diff", "previous", "latest", "--format", form)
    assert run.exit_code == 0
    assert run.stdout.lower().startswith(start.lower())
    assert "個人征信" in run.stdout
    assert "典當" in run.stdout


def test_text_is_coloured_only_on_a_terminal_or_when_asked(store: Path, tmp_path: Path) -> None:
    plain = run_program("--store", store, "diff", "previous", "latest")
    assert "\x1b[" not in plain.stdout
    colored = run_program("--store", store, "--color", "always", "diff", "previous", "latest")
    assert "\x1b[" in colored.stdout
    to_file = tmp_path / "diff.txt"
    run_program("--store", store, "--color", "always", "diff", "previous", "latest", "--output", to_file)
    assert to_file.read_text() == plain.stdout


def test_the_output_may_be_a_file(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "diff.json"
    run = run_program("--store", store, "diff", "previous", "latest", "--format", "json", "--output", path)
    assert (run.exit_code, run.stdout) == (0, "")
    assert path.read_text() == run_program("--store", store, "diff", "previous", "latest", "--format", "json").stdout


def test_a_diff_narrows_to_platform_and_entity_type(store: Path) -> None:
    wide = diff_json("previous", "latest", store=store)
    same = diff_json(
        "previous", "latest", "--platform", "wechat-miniprogram", "--entity-type", "non_personal", store=store
    )
    assert same == wide
    other = diff_json("previous", "latest", "--entity-type", "overseas", store=store)
    assert (other["changes"], count(other), other["new"]["coverage"]) == ([], {}, {})


def test_a_name_that_is_neither_date_nor_file_is_said_to_be(store: Path) -> None:
    for name in ("2025-3-31", "yesterday", "first.html"):
        run = run_program("--store", store, "diff", name, "latest")
        assert (run.exit_code, run.stdout) == (2, "")
        assert f"'{name}' is neither a date" in run.stderr


def test_what_is_repeated_is_listed_only_with_all(store: Path, tmp_path: Path) -> None:
    page = write_page(tmp_path, "third.txt", make_notice("2025年7-9月", 典當="!典當經營許可證"))
    assert run_program("--store", store, "add", page).exit_code == 0
    brief = diff_json("2025-06-30", "2025-09-30", store=store)
    assert (count(brief), brief["changes"]) == ({"restated": 1}, [])
    (change,) = diff_json("2025-06-30", "2025-09-30", "--all", store=store)["changes"]
    assert change["kind"] == "restated"
    sides = ("--store", store, "diff", "2025-06-30", "2025-09-30", "--exit-code")
    assert run_program(*sides).exit_code == 0
    assert run_program(*sides, "--all").exit_code == 1


def test_two_pages_are_named_where_dates_would_say_nothing(pages: tuple[Path, Path]) -> None:
    run = run_program("diff", *pages, "--format", "md")
    assert run.stdout.startswith(f"# Category rules: changes from {pages[0].name} to {pages[1].name}\n")
