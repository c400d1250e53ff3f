"""`findings` and `review`: what does not add up, and what somebody decided on it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from program_running import make_notice, run_program, write_page

from noticediff.advice import find_advice

ROOT = Path(__file__).parents[2]
FIRST = make_notice("2025年1-3月", 個人征信="營業執照")
AGAIN = make_notice("2025年4-6月", 個人征信="金融許可證")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in which a category is added twice."""
    path = tmp_path / "notices.db"
    pages = [write_page(tmp_path, f"{number}.txt", text) for number, text in enumerate((FIRST, AGAIN))]
    assert run_program("--store", path, "add", *pages).exit_code == 0
    return path


def load_findings(store: Path, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run_program("--store", store, "findings", "--format", "json", *options).stdout)
    return found


def decide(store: Path, finding: str, *options: str) -> int:
    return run_program("--store", store, "review", finding, *options, "--because", "the page was mended").exit_code


def test_what_does_not_add_up_is_listed_with_its_pages(store: Path) -> None:
    shown = run_program("--store", store, "findings").stdout

    assert "claim-added-but-known" in shown
    assert "金融業 › 個人征信: said to be added, but it was known before" in shown
    assert "1.txt, lines " in shown
    assert shown.endswith("findings: 1 new, 0 open, 0 resolved; 0 dismissed\n")


def test_what_was_known_on_the_day_asked_about_is_open_and_what_came_since_is_new(store: Path) -> None:
    assert load_findings(store)["counts"] == {"new": 1, "open": 0, "resolved": 0}
    assert load_findings(store, "--since", "2099-01-01")["counts"] == {"new": 0, "open": 1, "resolved": 0}


def test_a_finding_that_the_pages_no_longer_give_is_resolved(store: Path, tmp_path: Path) -> None:
    write_page(tmp_path, "1.txt", AGAIN.replace("類目新增", "類目調整"))
    (before,) = load_findings(store)["findings"]
    told = tmp_path / "told.toml"
    told.write_text(f'store = "{store}"\n[[source]]\nname = "n"\nfile = "{tmp_path / "1.txt"}"\n', encoding="utf-8")
    assert run_program("--config", told, "track").exit_code == 0  # tells the finding of the first revision
    write_page(tmp_path, "1.txt", AGAIN)
    assert run_program("--config", told, "track").exit_code == 0

    write_page(tmp_path, "1.txt", AGAIN.replace("類目新增", "類目調整").replace("金融許可證", "承諾函"))
    assert run_program("--store", store, "add", tmp_path / "1.txt").exit_code == 0

    found = load_findings(store, "--all")
    assert [(finding["id"], finding["state"]) for finding in found["findings"]] == [(before["id"], "resolved")]
    assert load_findings(store)["findings"] == []
    explained = run_program("--store", store, "explain", before["id"])
    assert "resolved: the pages that are known now do not show it any more" in explained.stdout
    decided = run_program("--store", store, "review", before["id"], "--accept", "--because", "so")
    assert (decided.exit_code, f"review: {before['id']} is resolved" in decided.stderr) == (2, True)


def test_a_dismissed_finding_is_counted_and_listed_only_with_all(store: Path) -> None:
    (finding,) = load_findings(store)["findings"]

    assert decide(store, finding["id"], "--dismiss") == 0

    found = load_findings(store)
    assert (found["findings"], found["dismissed"], found["counts"]["new"]) == ([], 1, 0)
    (shown,) = load_findings(store, "--all")["findings"]
    assert shown["review"]["decision"] == "dismissed"
    assert shown["review"]["reason"] == "the page was mended"
    assert shown["review"]["who"]
    explained = run_program("--store", store, "explain", finding["id"]).stdout
    assert f"dismissed by {shown['review']['who']}, {shown['review']['at']}: the page was mended\n" in explained


def test_an_accepted_finding_stays_listed_and_fails_no_more_runs(store: Path) -> None:
    (finding,) = load_findings(store)["findings"]
    assert run_program("--store", store, "findings", "--fail-on", "warning").exit_code == 1
    assert run_program("--store", store, "findings", "--fail-on", "error").exit_code == 0

    assert decide(store, finding["id"], "--accept") == 0

    assert [shown["id"] for shown in load_findings(store)["findings"]] == [finding["id"]]
    assert run_program("--store", store, "findings", "--fail-on", "warning").exit_code == 0
    assert "accepted by " in run_program("--store", store, "findings").stdout


def test_the_last_decision_counts(store: Path) -> None:
    (finding,) = load_findings(store)["findings"]

    assert decide(store, finding["id"], "--dismiss") == decide(store, finding["id"], "--accept") == 0

    assert load_findings(store)["dismissed"] == 0


def test_a_decision_holds_when_all_is_derived_again(store: Path, tmp_path: Path) -> None:
    (finding,) = load_findings(store)["findings"]
    decide(store, finding["id"], "--dismiss")
    mirror = write_page(tmp_path, "mirror.txt", AGAIN.replace("\n\n", "\n\n\n"))  # other lines, other bytes

    assert run_program("--store", store, "add", mirror).exit_code == 0

    assert load_findings(store)["dismissed"] == 1
    assert load_findings(store)["findings"] == []


def test_digests_and_diffs_leave_out_what_was_dismissed_and_count_it(store: Path) -> None:
    (finding,) = load_findings(store)["findings"]
    commands = (("digest", "--format", "json"), ("diff", "2025-03-31", "2025-06-30", "--format", "json"))
    before = [json.loads(run_program("--store", store, *command).stdout) for command in commands]

    decide(store, finding["id"], "--dismiss")

    after = [json.loads(run_program("--store", store, *command).stdout) for command in commands]
    assert [(len(told["findings"]), told["dismissed"]) for told in before] == [(1, 0), (1, 0)]
    assert [(len(told["findings"]), told["dismissed"]) for told in after] == [(0, 1), (0, 1)]
    abroad = [
        json.loads(run_program("--store", store, *command, "--entity-type", "overseas").stdout) for command in commands
    ]
    assert [told["dismissed"] for told in abroad] == [0, 0]


def test_an_unknown_id_is_a_usage_error_that_names_near_ones(store: Path) -> None:
    (finding,) = load_findings(store)["findings"]

    run = run_program("--store", store, "review", finding["id"][:-1] + "x", "--accept", "--because", "so")

    assert run.exit_code == 2
    assert finding["id"] in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize("options", [["--accept", "--because", " "], ["--because", "so"]])
def test_a_decision_needs_a_direction_and_a_reason(store: Path, options: list[str]) -> None:
    (finding,) = load_findings(store)["findings"]

    assert run_program("--store", store, "review", finding["id"], *options).exit_code == 2
    assert load_findings(store)["findings"][0]["review"] is None


def test_findings_are_narrowed_to_a_platform_and_an_entity_type(store: Path) -> None:
    assert load_findings(store, "--entity-type", "personal")["findings"] == []
    assert load_findings(store, "--platform", "baidu")["findings"] == []
    assert len(load_findings(store, "--entity-type", "non_personal")["findings"]) == 1


def list_prose(tmp_path: Path, sentence: str, text: str = AGAIN) -> list[dict[str, Any]]:
    """What the sentence, put above the entries of the notice, is found to contradict."""
    page = write_page(tmp_path, "page.txt", text.replace("現對以下類目進行調整", sentence))
    path = tmp_path / "prose.db"
    assert run_program("--store", path, "add", page).exit_code == 0
    return [finding for finding in load_findings(path)["findings"] if finding["code"] == "prose-against-table"]


def test_a_sentence_that_closes_what_the_notice_adds_is_a_finding_with_both_places(tmp_path: Path) -> None:
    (finding,) = list_prose(tmp_path, "本次下线【金融業-個人征信】類目")

    assert finding["key"] == "wechat-miniprogram|non_personal|金融业›个人征信"
    assert finding["message"] == "金融業 › 個人征信: the notice says removed and added, of one day"
    assert len(finding["evidence"]) == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "自2025年9月1日起下线【金融業-個人征信】類目",  # added now, and closed later
        "本次下线【金融業-典當】類目",  # another one
        "本次新增1個類目",
        "本次新增2個類目的資質要求",  # no number of new categories
    ],
)
def test_sentences_that_go_with_the_entries_contradict_nothing(tmp_path: Path, sentence: str) -> None:
    assert list_prose(tmp_path, sentence) == []


def test_a_number_in_a_sentence_is_held_against_the_entries(tmp_path: Path) -> None:
    (finding,) = list_prose(tmp_path, "本次新增3個類目")

    assert finding["key"] is None
    assert finding["message"].endswith("a sentence says “新增3个类目”, and 1 are named as added")


@pytest.mark.parametrize(("before", "is_found"), [("甲證》\n\n《乙證", True), ("甲證", False)])
def test_a_paper_that_is_marked_as_new_and_was_asked_for_before_is_a_finding(
    tmp_path: Path, before: str, is_found: bool
) -> None:
    texts = (
        make_notice("2025年1-3月", 個人征信=before),
        make_notice("2025年4-6月", 個人征信="!甲證》\n\n《乙證》(此項為新增項)\n\n《丙證"),
    )
    pages = [write_page(tmp_path, f"{number}.txt", text) for number, text in enumerate(texts)]
    path = tmp_path / "marks.db"
    assert run_program("--store", path, "add", *pages).exit_code == 0

    found = [finding["code"] for finding in load_findings(path)["findings"]]

    assert ("marked-new-but-known" in found) is is_found


def test_every_code_of_the_documents_has_its_own_advice() -> None:
    table = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8").partition("| --- |")[2]
    rows = [line for line in table.splitlines() if line.startswith("| `") and "not understood" not in line]
    codes = [code for row in rows for code in re.findall(r"`([a-z-]+)`", row.split("|")[1])]
    assert len(codes) >= 20
    assert [code for code in codes if find_advice(code) == find_advice("unnamed-block")] == []
