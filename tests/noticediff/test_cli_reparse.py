"""`reparse`: what another parser or profile reads is a change of ours, and no digest tells it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from profile_making import SHIPPED, WEAK, write_config, write_profile
from program_running import make_html, make_notice, run_program, write_page
from pytest_httpserver import HTTPServer

from snapshots.snapshot import StoredDocument
from snapshots.store import open_store

FIRST = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="!金融許可證")
SECOND = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證")
UNDATED = make_notice("", 個人征信="營業執照")
WITHOUT_ADJUSTED = WEAK.replace('adjusted = ["类目调整", ', "adjusted = [")
SAVED = '\n[[source]]\nname = "saved"\nfile = "first.txt"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a first notice that was tracked and told, read by a profile that misses the requirements."""
    write_page(tmp_path, "first.txt", FIRST)
    write_profile(tmp_path, WEAK)
    write_config(tmp_path, SAVED)
    assert run(tmp_path, "track").exit_code == 0
    return tmp_path


def run(folder: Path, *arguments: str | Path) -> Result:
    return run_program("--config", folder / "noticediff.toml", *arguments)


def reparse(folder: Path, *options: str) -> dict[str, Any]:
    done = run(folder, "reparse", "--format", "json", *options)
    assert done.exit_code in {0, 4}, done.output
    ours: dict[str, Any] = json.loads(done.stdout)
    return ours


def load(folder: Path) -> tuple[StoredDocument, ...]:
    with open_store(str(folder / "notices.db"), create=False) as store:
        return store.load_documents()


def list_digests(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "digests").iterdir())


def test_a_dry_run_says_what_reads_otherwise_and_changes_nothing(folder: Path) -> None:
    write_profile(folder, SHIPPED)
    before = (folder / "notices.db").read_bytes()
    shown = run(folder, "reparse", "--dry-run")
    assert shown.exit_code == 0
    assert "  ~ adjusted · non_personal · 金融業 › 企業征信 (lines " in shown.stdout
    assert "): requirement\n" in shown.stdout
    assert "since 2025-03-31: non_personal · 金融業 › 個人征信 differs (requirement)\n" in shown.stdout
    assert shown.stdout.splitlines()[-1].startswith("1 page derived again, parser ")
    assert shown.stderr.endswith("nothing was changed: a dry run\n")
    assert (folder / "notices.db").read_bytes() == before


def test_the_documents_are_then_those_of_the_present_reading(folder: Path) -> None:
    write_profile(folder, SHIPPED)
    ours = reparse(folder)
    assert (ours["format"], ours["dry_run"]) == ("noticediff.reparse", False)
    (document,) = ours["documents"]
    assert [entry["fields"][0]["field"] for entry in document["changed"]] == ["requirement", "requirement"]
    assert document["changed"][0]["fields"][0]["old"] is None
    assert document["changed"][0]["fields"][0]["new"]["title"] == "營業執照"
    assert (document["problems_before"], document["problems_after"]) == (4, 0)
    assert [state["since"] for state in ours["states"]] == ["2025-03-31", "2025-03-31"]
    assert "《營業執照》" in run(folder, "show", "個人征信").stdout
    again = reparse(folder)
    assert (again["documents"], again["states"], again["findings_gone"]) == ([], [], [])


def test_entries_that_come_and_go_are_named_with_the_states_that_come_and_go(folder: Path) -> None:
    write_profile(
        folder, WEAK.replace('adjusted = ["类目新增", ', "adjusted = [").replace('"类目调整", "调整类目"', '"调"')
    )
    ours = reparse(folder)
    (document,) = ours["documents"]
    assert [entry["path"][-1] for entry in document["gone"]] == ["企業征信"]
    assert [(state["path"][-1], state["state"]) for state in ours["states"]] == [("企業征信", "gone")]
    write_profile(folder, WEAK)
    ours = reparse(folder)
    assert [entry["path"][-1] for entry in ours["documents"][0]["appeared"]] == ["企業征信"]
    assert [(state["path"][-1], state["state"]) for state in ours["states"]] == [("企業征信", "appears")]


def test_a_state_that_reads_otherwise_for_a_while_is_told_with_its_last_day(folder: Path) -> None:
    run(folder, "add", write_page(folder, "second.txt", SECOND))
    write_profile(folder, SHIPPED)
    states = [(state["path"][-1], state["since"], state["until"]) for state in reparse(folder)["states"]]
    assert states == [
        ("個人征信", "2025-03-31", "2025-06-29"),
        ("企業征信", "2025-03-31", None),
        ("個人征信", "2025-06-30", None),
    ]


def test_no_digest_tells_what_only_reads_otherwise(folder: Path) -> None:
    told = list_digests(folder)
    write_profile(folder, SHIPPED)
    reparse(folder)
    assert run(folder, "track").stderr == "1 source, 1 page, 0 new pages, 0 failures; no news\n"
    assert json.loads(run(folder, "digest", "--format", "json").stdout)["changes"] == []
    assert list_digests(folder) == told


def test_what_was_not_told_before_is_told_after_in_the_new_reading(folder: Path) -> None:
    run(folder, "add", write_page(folder, "second.txt", SECOND))
    write_profile(folder, SHIPPED)
    reparse(folder)
    (change,) = json.loads(run(folder, "digest", "--format", "json").stdout)["changes"]
    assert (change["path"][-1], change["kind"]) == ("個人征信", "adjusted")
    (field,) = [field for field in change["fields"] if field["field"] == "requirement"]
    assert (field["old"]["title"], field["new"]["title"]) == ("營業執照", "個人征信業務經營許可證")
    assert len(run(folder, "track").stdout.splitlines()) == 3
    assert run(folder, "track").stdout == ""


def test_track_says_once_a_run_that_it_is_due_until_it_is_done(folder: Path) -> None:
    assert "reparse" not in run(folder, "track").stderr
    write_profile(folder, SHIPPED)
    due = "noticediff: 1 stored page was read by an earlier parser or profile; "
    assert run(folder, "track").stderr.count(due) == 1
    assert run(folder, "track", "--dry-run").stderr.count(due) == 1
    reparse(folder)
    assert "reparse" not in run(folder, "track").stderr


def test_before_it_is_done_no_digest_tells_a_change_of_ours_either(httpserver: HTTPServer, tmp_path: Path) -> None:
    def serve(views: str, text: str = FIRST) -> None:
        httpserver.clear()
        httpserver.expect_request("/notice").respond_with_data(make_html(text, views), content_type="text/html")

    write_profile(tmp_path, WEAK)
    address = httpserver.url_for("/notice")
    write_config(tmp_path, f'\n[[source]]\nname = "site"\nurl = "{address}"\nallow_private = true\n')
    serve("浏览 5")
    run(tmp_path, "track")
    write_profile(tmp_path, SHIPPED)
    serve("浏览 6")
    assert "1 page, 0 new pages, 0 failures; no news\n" in run(tmp_path, "track").stderr
    serve("浏览 7", FIRST.replace("《營業執照》", "《銀行許可證》"))
    assert len(run(tmp_path, "track").stdout.splitlines()) == 3
    (digest,) = (tmp_path / "digests").glob("*-2.json")
    told = json.loads(digest.read_text())["changes"]
    assert [(one["path"][-1], [field["field"] for field in one["fields"]]) for one in told] == [
        ("個人征信", ["requirement"])
    ]


@pytest.mark.parametrize("command", ["diff", "findings", "impact", "show", "snapshots", "explain", "review"])
def test_before_it_is_done_every_answer_is_that_of_the_present_reading(folder: Path, command: str) -> None:
    portfolio = '[[program]]\nname = "信用查"\ncategories = ["金融业-个人征信"]\npapers = ["营业执照"]\n'
    run(folder, "add", write_page(folder, "second.txt", SECOND.replace("類目調整\n", "類目新增\n")))
    write_profile(folder, SHIPPED)
    run(folder, "add", write_page(folder, "third.txt", make_notice("2025年7-9月", 個人征信="!營業執照")))
    (change,) = json.loads(run(folder, "diff", "previous", "latest", "--format", "json").stdout)["changes"]
    finding = json.loads(run(folder, "findings", "--format", "json").stdout)["findings"][0]["id"]
    questions: dict[str, tuple[str | Path, ...]] = {
        "diff": ("diff", "2025-03-31", "latest", "--format", "json"),
        "findings": ("findings", "--all", "--format", "json"),
        "impact": ("impact", "--portfolio", write_page(folder, "portfolio.toml", portfolio), "--at", "2025-04-01"),
        "show": ("show", "個人征信", "--history"),
        "snapshots": ("snapshots", "--format", "json"),
        "explain": ("explain", change["id"]),
        "review": ("review", finding, "--accept", "--because", "it is known"),
    }
    asked = run(folder, *questions[command])
    assert "2 stored pages were read by an earlier parser or profile" in asked.stderr
    reparse(folder)
    known = run(folder, *questions[command])
    assert asked.exit_code == known.exit_code == 0
    assert asked.stdout == known.stdout
    assert "earlier parser" not in known.stderr


def test_what_the_document_states_itself_is_compared_too(folder: Path) -> None:
    write_profile(folder, WEAK.replace('publisher = "^(?:来源|', 'publisher = "^(?:'))
    shown = run(folder, "reparse", "--dry-run").stdout
    assert "  publisher: 微信公眾平臺運營中心 before, not stated now\n" in shown


def test_clocks_and_ids_stay_as_they_are(tmp_path: Path) -> None:
    write_profile(tmp_path, WEAK)
    write_config(tmp_path)
    first, second = write_page(tmp_path, "a.txt", UNDATED), write_page(tmp_path, "b.txt", FIRST)
    run(tmp_path, "add", first, "--captured", "2024-05-06")
    run(tmp_path, "add", second, "--effective", "2024-07-08")
    first.write_text(SECOND, encoding="utf-8")
    run(tmp_path, "add", first, "--captured", "2024-08-01")
    first.write_text(UNDATED, encoding="utf-8")  # what stood there before comes back: news
    run(tmp_path, "add", first, "--captured", "2024-09-10")
    before = load(tmp_path)
    assert [stored.id[-2:] for stored in before] == ["-1", "-1", "-1", ".2"]
    write_profile(tmp_path, SHIPPED)
    reparse(tmp_path)
    after = load(tmp_path)
    clocks = ("id", "sequence", "known", "captured", "in_force", "page_name", "source")
    assert [[getattr(one, name) for name in clocks] for one in after] == [
        [getattr(one, name) for name in clocks] for one in before
    ]
    assert [stored.in_force.date.isoformat() for stored in after] == [
        "2024-05-06", "2024-07-08", "2025-06-30", "2024-09-10",
    ]  # fmt: skip
    assert [stored.document for stored in after] != [stored.document for stored in before]


def test_what_was_believed_on_a_day_is_still_asked_by_that_day(folder: Path) -> None:
    write_profile(folder, SHIPPED)
    reparse(folder)
    shown = run(folder, "show", "--known-on", "2020-01-01", "--format", "json")
    assert json.loads(shown.stdout)["categories"] == []


def test_a_page_that_cannot_be_read_any_more_keeps_what_was_read_of_it(folder: Path) -> None:
    before = load(folder)
    write_profile(folder, SHIPPED.replace('marks = ["', 'marks = ["never", "').replace("类目.{0,6}", "none"))
    done = run(folder, "reparse")
    assert done.exit_code == 4
    assert f"noticediff: {folder / 'first.txt'}: " in done.stderr
    assert "what was read of it before stays" in done.stderr
    assert "pages that cannot be read any more; what was read of them stays\n" in done.stdout
    assert load(folder) == before
    assert "reparse" not in run(folder, "track").stderr  # it was tried, and nothing better is there
    assert "could not be derived again" in run(folder, "doctor").stdout
    write_profile(folder, SHIPPED)
    assert "reparse" in run(folder, "track").stderr
    assert run(folder, "reparse").exit_code == 0
    assert "could not be derived again" not in run(folder, "doctor").stdout


def test_a_page_whose_profile_is_gone_is_told_in_one_line(folder: Path) -> None:
    named = write_page(folder, "named.toml", SHIPPED.replace('name = "wechat-miniprogram"', 'name = "mine"'))
    run(folder, "add", write_page(folder, "second.txt", SECOND), "--profile", named)
    before = load(folder)
    done = run(folder, "reparse")
    assert done.exit_code == 4
    (line,) = [line for line in done.stderr.splitlines() if "'mine'" in line]
    assert "the profile 'mine' that read it is not there any more; name its file in the configuration" in line
    assert load(folder)[1] == before[1]


def test_a_page_is_read_with_the_profile_that_was_named_for_it(folder: Path) -> None:
    other = SHIPPED.replace('name = "wechat-miniprogram"', 'name = "mine"').replace('marks = ["', 'marks = ["never ')
    platform = other.replace('platform = "wechat-miniprogram"', 'platform = "other"')
    named = write_page(folder, "named.toml", platform)
    run(folder, "add", write_page(folder, "second.txt", SECOND), "--profile", named)
    write_page(folder, "noticediff.toml", f'store = "notices.db"\nprofiles = ["mine.toml", "{named}"]\n')
    assert reparse(folder)["unread"] == []
    assert [stored.document.platform for stored in load(folder)] == ["wechat-miniprogram", "other"]


def test_the_profile_that_its_source_names_now_reads_it(folder: Path) -> None:
    write_page(folder, "named.toml", SHIPPED.replace('name = "wechat-miniprogram"', 'name = "mine"'))
    write_config(folder, SAVED + 'profile = "named.toml"\n')
    (document,) = reparse(folder)["documents"]
    assert document["profiles"] == ["wechat-miniprogram", "mine"]
    assert [stored.profile for stored in load(folder)] == ["mine"]


def test_decisions_stay_and_one_on_a_finding_that_is_none_any_more_is_named(folder: Path) -> None:
    run(folder, "add", write_page(folder, "second.txt", SECOND.replace("類目調整\n", "類目新增\n")))
    found = json.loads(run(folder, "findings", "--format", "json").stdout)["findings"]
    lost = next(finding for finding in found if "現資質要求" in finding["message"])
    kept = next(finding for finding in found if finding["code"] == "claim-added-but-known")
    for finding in (lost, kept):
        assert run(folder, "review", finding["id"], "--dismiss", "--because", "it is known").exit_code == 0
    write_profile(folder, SHIPPED)
    ours = reparse(folder)
    decided = [(finding["id"], finding["decision"]) for finding in ours["findings_gone"] if finding["decision"]]
    assert decided == [(lost["id"], "dismissed")]
    left = json.loads(run(folder, "findings", "--all", "--format", "json").stdout)["findings"]
    assert [finding["id"] for finding in left if finding["review"]] == [kept["id"]]


def test_an_override_that_no_longer_finds_its_place_is_told(folder: Path) -> None:
    line = next(entry.lines[0] for entry in load(folder)[0].document.entries if entry.path[-1] == "企業征信")
    override = (
        f'\n[[override]]\npage = "{folder / "first.txt"}"\nline = {line}\nfield = "scope"\nvalue = "x"\nbecause = "b"\n'
    )
    write_config(folder, SAVED, override)
    assert reparse(folder)["corrections_lost"] == []
    write_profile(folder, WITHOUT_ADJUSTED)
    done = run(folder, "reparse")
    assert done.exit_code == 0
    assert f"the override of {folder / 'first.txt'}, line {line} finds nothing to correct any more" in done.stderr


def test_each_time_is_logged_and_a_dry_run_is_not(folder: Path) -> None:
    write_profile(folder, SHIPPED)
    reparse(folder, "--dry-run")
    with open_store(str(folder / "notices.db"), create=False) as store:
        assert store.derivations.load_reparses() == ()
    ours = reparse(folder)
    with open_store(str(folder / "notices.db"), create=False) as store:
        (logged,) = store.derivations.load_reparses()
    assert (logged.pages, logged.documents_changed, logged.entries_changed, logged.refused) == (1, 1, 2, 0)
    assert (logged.from_versions, logged.to_version) == (ours["from_versions"][0], ours["to_version"])


OLD_STORE = Path(__file__).parents[1] / "snapshots" / "old_stores" / "release-0.1.0.sqlite.sql"


def test_a_store_of_the_first_release_is_derived_again(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "notices.db")) as connection:
        connection.executescript(OLD_STORE.read_text(encoding="utf-8"))
    write_profile(tmp_path, SHIPPED)
    write_config(tmp_path)
    before = load(tmp_path)
    assert "read by an earlier parser or profile; never derived again" in run(tmp_path, "doctor").stdout
    reparse(tmp_path)
    assert [(stored.id, stored.sequence, stored.known) for stored in load(tmp_path)] == [
        (stored.id, stored.sequence, stored.known) for stored in before
    ]
    assert "all pages were read by the present one" in run(tmp_path, "doctor").stdout


KILL = """
import os, sys
from snapshots import store
from noticediff.cli import main
calls, insert = [0], store.insert_documents
def die(*arguments, **names):
    insert(*arguments, **names)
    calls[0] += 1
    if calls[0] == int(os.environ["KILL_AT"]):
        os._exit(9)
store.insert_documents = die
main(sys.argv[1:])
"""


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_run_that_is_killed_leaves_the_old_state_or_the_new_one(folder: Path, at: int) -> None:
    run(folder, "add", write_page(folder, "second.txt", SECOND))
    write_profile(folder, SHIPPED)
    before = load(folder)
    done = subprocess.run(
        [sys.executable, "-c", KILL, "--config", folder / "noticediff.toml", "reparse"],
        env={**os.environ, "KILL_AT": str(at)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == (9 if at < 3 else 0), done.stderr
    assert (load(folder) == before) == (at < 3)
    assert run(folder, "doctor").exit_code == 0


def test_a_damaged_page_stops_it_before_anything_is_changed(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "notices.db")) as connection, connection:
        connection.execute("UPDATE pages SET content = substr(content, 1, 40)")
    before = load(folder)
    write_profile(folder, SHIPPED)
    done = run(folder, "reparse")
    assert (done.exit_code, done.stdout) == (6, "")
    assert done.stderr.count("\n") == 1
    assert load(folder) == before


def test_a_hostile_file_name_is_one_inert_line_wherever_it_is_told(folder: Path) -> None:
    run(folder, "add", write_page(folder, "a\x1b[31m\nwarning: b.txt", SECOND))
    write_profile(folder, SHIPPED.replace('marks = ["', 'marks = ["never", "').replace("类目.{0,6}", "none"))
    told = [run(folder, "reparse"), run(folder, "doctor")]
    assert [done.exit_code for done in told] == [4, 0]
    for done in told:
        assert "a\ufffd[31m" in done.stdout
        assert "\x1b" not in done.output
        assert not [line for line in done.output.splitlines() if line.startswith("warning: b")]
