"""`explain`, and the deltas of `diff --format deepdiff`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deepdiff import Delta
from deepdiff.serialization import json_loads
from program_running import make_notice, run_program, write_page

from noticediff.widths import measure_width

FIRST = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="金融許可證")
SECOND = make_notice("2025年4-6月", 個人征信="!營業執照副本", 企業征信="金融許可證")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in which one category is adjusted, and one added that was known."""
    path = tmp_path / "notices.db"
    pages = [write_page(tmp_path, f"{number}.txt", text) for number, text in enumerate((FIRST, SECOND))]
    assert run_program("--store", path, "add", *pages).exit_code == 0
    return path


def load_diff(store: Path, form: str = "json") -> dict[str, Any]:
    run = run_program("--store", store, "diff", "2025-03-31", "2025-06-30", "--format", form)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def find_change(store: Path) -> str:
    return next(str(change["id"]) for change in load_diff(store)["changes"] if change["kind"] == "adjusted")


def explain(store: Path, wanted: str, width: int = 120) -> str:
    run = run_program("--store", store, "explain", wanted, env={"COLUMNS": str(width)})
    assert run.exit_code == 0, run.output
    return run.stdout


def test_a_change_is_explained_by_its_sides_its_rule_its_witness_and_its_lines(store: Path) -> None:
    shown = explain(store, find_change(store))

    assert "verdict: mixed" in shown
    assert "because a set of papers that was enough is not any more, and one that was not enough is now" in shown
    assert "this was enough before and is not enough now:\n    《營業執照》\n" in shown
    before, now = shown.split("the pages before")[1].split("the pages now")
    assert "0.txt" in before
    assert "《營業執照》" in before
    assert "1.txt" in now
    assert "《營業執照副本》" in now
    assert "in force 2025-06-30" in now
    assert "《營業執照》" not in now


def test_a_wide_terminal_shows_old_and_new_in_columns_and_a_narrow_one_below_each_other(store: Path) -> None:
    change = find_change(store)

    wide = next(line for line in explain(store, change, 140).splitlines() if " │ " in line)
    narrow = explain(store, change, 60)

    assert [side.strip(" ~") for side in wide.split(" │ ")] == ["《營業執照》", "《營業執照副本》"]
    assert measure_width(wide.split("│")[0]) == 2 + 2 + (140 - 7) // 2 + 1
    assert "  - 《營業執照》\n  + 《營業執照副本》\n" in narrow
    assert " │ " not in narrow


def test_a_finding_is_explained_by_the_entries_that_it_rests_on(store: Path) -> None:
    (finding,) = load_diff(store)["findings"]

    shown = explain(store, finding["id"])

    assert shown.startswith(f"{finding['id']} warning claim-added-but-known\n")
    assert shown.count("金融業-企業征信】") == 2


def test_the_json_states_the_aligned_rows_and_quotes_verbatim(store: Path) -> None:
    change = find_change(store)

    found = json.loads(run_program("--store", store, "explain", change, "--format", "json").stdout)

    assert (found["format"], found["id"], found["rule"]) == ("noticediff.explain", change, "lost_and_gained")
    (block,) = found["blocks"]
    assert [(row["mark"], row["old"], row["new"]) for row in block["rows"]] == [
        ("changed", "《營業執照》", "《營業執照副本》")
    ]
    assert {"number", "text"} == set(found["sources"][0]["quoted"][0])


def test_what_a_digest_told_is_explained_by_the_id_that_it_has_there(store: Path) -> None:
    told = json.loads(run_program("--store", store, "digest", "--format", "json").stdout)

    assert {change["kind"] for change in told["changes"]} == {"new"}
    for change in told["changes"]:
        assert explain(store, change["id"]).startswith(f"{change['id']} new ")


def test_the_first_digits_of_an_id_are_enough(store: Path) -> None:
    change = find_change(store)

    assert explain(store, change[:8]) == explain(store, change)


def test_an_unknown_id_is_a_usage_error_that_names_near_ones(store: Path) -> None:
    change = find_change(store)

    run = run_program("--store", store, "explain", f"{change[:-1]}x")

    assert run.exit_code == 2
    assert change in run.stderr


def test_a_delta_leads_from_the_old_fields_to_the_new_ones_and_back(store: Path) -> None:
    changes = {change["id"]: change for change in load_diff(store)["changes"]}

    deltas = load_diff(store, "deepdiff")["deltas"]

    assert list(deltas) == [find_change(store)]
    for name, exported in deltas.items():
        old, new = ({field["field"]: field[side] for field in changes[name]["fields"]} for side in ("old", "new"))
        delta = Delta(json.dumps(exported), deserializer=json_loads, bidirectional=True)
        assert old + delta == new
        assert new - delta == old
