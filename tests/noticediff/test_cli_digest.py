"""`digest`: what was learned, on the clock of the store."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from program_running import make_notice, run_program, write_page

from snapshots.store import open_store

APRIL = dt.datetime(2025, 4, 2, 6, 0, tzinfo=dt.UTC)
JULY = dt.datetime(2025, 7, 2, 6, 0, tzinfo=dt.UTC)
AUGUST = dt.datetime(2025, 8, 1, 6, 0, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store that learned one notice in April and one in July."""
    first = write_page(tmp_path, "first.txt", make_notice("2025年1-3月", 個人征信="營業執照"))
    second = write_page(tmp_path, "second.txt", make_notice("2025年4-6月", 典當="典當經營許可證"))
    path = tmp_path / "notices.db"
    for moment, page in ((APRIL, first), (JULY, second)):
        with time_machine.travel(moment, tick=False):
            assert run_program("--store", path, "add", page).exit_code == 0
    return path


def list_news(store: Path, *options: str, at: dt.datetime = AUGUST) -> list[str]:
    with time_machine.travel(at, tick=False):
        run = run_program("--store", store, "digest", "--format", "json", *options)
    assert run.exit_code == 0, run.output
    return [change["path"][-1] for change in json.loads(run.stdout)["changes"]]


def test_the_first_digest_tells_everything(store: Path) -> None:
    assert list_news(store) == ["個人征信", "典當"]


def test_a_digest_since_a_day_tells_what_was_learned_after_its_end(store: Path) -> None:
    assert list_news(store, "--since", "2025-04-01") == ["個人征信", "典當"]
    assert list_news(store, "--since", "2025-04-02") == ["典當"]
    assert list_news(store, "--since", "2025-07-01") == ["典當"]
    assert list_news(store, "--since", "2025-07-02") == []


def test_what_comes_in_force_before_the_day_is_news_if_it_was_learned_later(store: Path) -> None:
    # in force since 2025-03-31, and learned on 2025-04-02
    assert list_news(store, "--since", "2025-03-31", "--until", "2025-06-30") == ["個人征信"]


def test_a_digest_until_a_day_tells_what_was_learned_by_its_end(store: Path) -> None:
    assert list_news(store, "--until", "2025-07-01") == ["個人征信"]
    assert list_news(store, "--until", "2025-07-02") == ["個人征信", "典當"]


def test_a_digest_tells_what_was_not_told_before(store: Path) -> None:
    with open_store(str(store)) as opened:
        opened.save_told(at=APRIL, sequence=1)
    assert list_news(store) == list_news(store, "--since", "last-digest") == ["典當"]


def test_a_digest_on_the_command_line_counts_nothing_as_told(store: Path) -> None:
    before = store.read_bytes()
    assert list_news(store) == list_news(store) != []
    assert store.read_bytes() == before


def test_an_old_page_that_changes_nothing_present_is_no_news(store: Path, tmp_path: Path) -> None:
    old = write_page(tmp_path, "old.txt", make_notice("2024年1-3月", 個人征信="舊許可證"))
    with time_machine.travel(AUGUST, tick=False):
        assert run_program("--store", store, "add", old).exit_code == 0
        run = run_program("--store", store, "digest", "--since", "2025-07-31", "--format", "json")
    assert json.loads(run.stdout)["changes"] == []
    assert "there is nothing new" in run.stderr


def test_what_is_to_come_is_news(store: Path, tmp_path: Path) -> None:
    page = write_page(tmp_path, "future.txt", make_notice("2031年1-3月", 保險="保險許可證"))
    with time_machine.travel(AUGUST, tick=False):
        assert run_program("--store", store, "add", page).exit_code == 0
    assert list_news(store, "--since", "2025-07-31") == ["保險"]


def test_html_is_the_form_that_is_printed_unless_another_is_asked_for(store: Path) -> None:
    assert run_program("--store", store, "digest").stdout.lower().startswith("<!doctype html>")
    assert run_program("--store", store, "digest", "--format", "md").stdout.startswith("# ")


def test_the_same_store_and_day_give_the_same_bytes(store: Path, tmp_path: Path) -> None:
    for form in ("html", "md", "json"):
        with time_machine.travel(AUGUST, tick=False):
            printed = run_program("--store", store, "digest", "--format", form).stdout_bytes
            run_program("--store", store, "digest", "--format", form, "--output", tmp_path / "digest")
        assert (tmp_path / "digest").read_bytes() == printed


def test_a_digest_narrows_to_platform_and_entity_type(store: Path) -> None:
    assert list_news(store, "--entity-type", "overseas") == []
    assert list_news(store, "--entity-type", "non_personal") == ["個人征信", "典當"]


def add_pages(path: Path, tmp_path: Path, moment: dt.datetime, *texts: str) -> None:
    pages = [write_page(tmp_path, f"{moment.date()}-{place}.txt", text) for place, text in enumerate(texts)]
    with time_machine.travel(moment, tick=False):
        assert run_program("--store", path, "add", *pages).exit_code == 0


def load_digest(store: Path, *options: str) -> dict[str, Any]:
    with time_machine.travel(AUGUST, tick=False):
        found: dict[str, Any] = json.loads(run_program("--store", store, "digest", "--format", "json", *options).stdout)
    return found


CLOSED = "{months}小程序類目調整匯總公告\n\n來源 | 微信公眾平臺運營中心\n\n類目下線\n非個人主體\n\n#【金融業-{name}】\n"


def test_what_was_removed_and_is_back_between_two_digests_is_told(store: Path, tmp_path: Path) -> None:
    back = make_notice("2025年7月", 個人征信="營業執照")
    add_pages(store, tmp_path, AUGUST, CLOSED.format(months="2025年4-6月", name="個人征信"), back)

    told = load_digest(store, "--since", "2025-07-02")

    assert told["changes"] == []
    assert [(change["kind"], change["path"][-1]) for change in told["came_and_went"]] == [
        ("removed", "個人征信"),
        ("new", "個人征信"),
    ]
    with time_machine.travel(AUGUST, tick=False):
        asked = run_program("--store", store, "digest", "--since", "2025-07-02", "--format", "md")
    assert "nothing new" not in asked.stderr
    shown = asked.stdout
    assert "Came and went since 2025-07-02 (2)" in shown
    for change in told["came_and_went"]:
        assert shown.count(change["id"]) == 1
        assert run_program("--store", store, "explain", change["id"]).exit_code == 0


def test_what_came_and_is_gone_between_two_digests_is_told(store: Path, tmp_path: Path) -> None:
    closed = CLOSED.format(months="2025年7月", name="保理")
    add_pages(store, tmp_path, AUGUST, make_notice("2025年4-6月", 保理="營業執照"), closed)

    told = load_digest(store, "--since", "2025-07-02")

    assert [change["kind"] for change in told["came_and_went"]] == ["new", "removed"]


def test_what_an_old_page_tells_of_a_time_before_is_history_and_did_not_come_and_go(
    store: Path, tmp_path: Path
) -> None:
    old = make_notice("2024年1-3月", 個人征信="舊執照"), CLOSED.format(months="2024年4-6月", name="個人征信")
    add_pages(store, tmp_path, AUGUST, *old)

    assert load_digest(store, "--since", "2025-07-02")["came_and_went"] == []


def test_the_steps_of_one_change_are_told_by_it_alone(store: Path, tmp_path: Path) -> None:
    steps = [make_notice("2025年4-6月", 個人征信="!甲證"), make_notice("2025年7月", 個人征信="!乙證")]
    add_pages(store, tmp_path, AUGUST, *steps)

    told = load_digest(store, "--since", "2025-07-02")

    assert [change["kind"] for change in told["changes"]] == ["adjusted"]
    assert told["came_and_went"] == []


def test_a_digest_tells_which_findings_stand_which_are_resolved_and_who_dismissed_which(
    store: Path, tmp_path: Path
) -> None:
    again = make_notice("2025年4-6月", 個人征信="甲證", 典當="乙證").replace("公告", "公告一", 1)
    add_pages(store, tmp_path, JULY, again)
    findings = json.loads(run_program("--store", store, "findings", "--format", "json").stdout)["findings"]
    known = {finding["key"].rpartition("›")[2]: finding["id"] for finding in findings}
    for verb, name in (("--accept", "个人征信"), ("--dismiss", "典当")):
        command = ("review", known[name], verb, "--because", "the page says so")
        assert run_program("--store", store, *command).exit_code == 0
    add_pages(store, tmp_path, AUGUST, make_notice("2025年7月", 保理="營業執照"))

    told = load_digest(store, "--since", "2025-07-02")

    assert told["findings"] == []
    [accepted], [dismissed] = told["open_findings"], told["dismissed_findings"]
    assert (accepted["finding"]["id"], accepted["decision"]) == (known["个人征信"], "accepted")
    assert (dismissed["finding"]["id"], dismissed["decision"]) == (known["典当"], "dismissed")
    for form in ("md", "html"):
        with time_machine.travel(AUGUST, tick=False):
            shown = run_program("--store", store, "digest", "--since", "2025-07-02", "--format", form).stdout
        assert shown.count("the page says so") == 2
        assert all(shown.count(finding) == 1 for finding in known.values())


@pytest.mark.parametrize("name", ["second.txt", "mirror.txt"])
def test_a_revision_or_a_mirror_that_says_the_same_did_not_come_and_go(store: Path, tmp_path: Path, name: str) -> None:
    again = write_page(tmp_path, name, make_notice("2025年4-6月", 典當="典當經營許可證") + "\n請知悉。\n")
    with time_machine.travel(AUGUST, tick=False):
        assert run_program("--store", store, "add", again).exit_code == 0

    assert load_digest(store, "--since", "2025-07-02")["came_and_went"] == []
