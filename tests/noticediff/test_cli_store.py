"""`add`, `snapshots` and `show`: what is stored, and what it says of a day."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from program_running import make_notice, run_program, write_page

OLD_STORE = Path(__file__).parents[1] / "snapshots" / "old_stores" / "release-0.1.0.sqlite.sql"
FIRST = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="!金融許可證")
SECOND = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store that knows two notices, of the first and the second quarter of 2025."""
    first = write_page(tmp_path, "first.txt", FIRST)
    second = write_page(tmp_path, "second.txt", SECOND)
    path = tmp_path / "notices.db"
    run = run_program("--store", path, "add", first, second)
    assert run.exit_code == 0, run.output
    return path


def test_each_page_that_is_added_is_a_line(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", FIRST)
    run = run_program("--store", tmp_path / "notices.db", "add", page)
    assert run.stdout == (
        "added: notice 2025年1-3月小程序類目調整匯總公告: 2 entries, in force 2025-03-31 (period end), 0 problems\n"
    )


def test_a_page_added_twice_changes_nothing(store: Path, tmp_path: Path) -> None:
    before = run_program("--store", store, "snapshots", "--format", "json").stdout
    run = run_program("--store", store, "add", tmp_path / "first.txt")
    assert run.exit_code == 0
    assert run.stdout.startswith("already known: notice 2025年1-3月")
    assert run_program("--store", store, "snapshots", "--format", "json").stdout == before


def test_a_refused_page_is_left_out_and_the_others_are_stored(tmp_path: Path) -> None:
    good = write_page(tmp_path, "good.txt", FIRST)
    bad = write_page(tmp_path, "bad.txt", "Just some words about nothing at all.\n")
    store = tmp_path / "notices.db"
    run = run_program("--store", store, "add", bad, tmp_path / "missing.txt", good)
    assert run.exit_code == 4
    assert len(run.stdout.splitlines()) == 1
    assert [line.split(": ")[1] for line in run.stderr.splitlines()] == [str(bad), str(tmp_path / "missing.txt")]
    assert len(json.loads(run_program("--store", store, "snapshots", "--format", "json").stdout)["snapshots"]) == 1


def test_a_user_may_say_since_when_a_page_is_in_force(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", FIRST)
    run = run_program("--store", tmp_path / "notices.db", "add", page, "--effective", "2025-05")
    assert "in force 2025-05-31 (effective)" in run.stdout
    again = run_program("--store", tmp_path / "notices.db", "add", page, "--effective", "2025-06-01")
    assert again.exit_code == 0
    assert "its in-force date stays as it was" in again.stderr


def test_snapshots_are_the_dates_at_which_the_state_changed(store: Path) -> None:
    output = json.loads(run_program("--store", store, "snapshots", "--format", "json").stdout)
    assert output["format"] == "noticediff.snapshots"
    first, second = output["snapshots"]
    assert (first["date"], second["date"]) == ("2025-03-31", "2025-06-30")
    assert (first["categories"], first["counts"]["new"], first["counts"]["adjusted"]) == (2, 1, 1)
    assert (second["categories"], second["counts"]["new"], second["counts"]["adjusted"]) == (2, 0, 1)
    assert [document["title"] for document in second["documents"]] == ["2025年4-6月小程序類目調整匯總公告"]
    assert second["coverage"] == {"wechat-miniprogram/non_personal": "partial"}


def test_the_dates_read_well_as_text(store: Path) -> None:
    run = run_program("--store", store, "snapshots")
    assert "2025-03-31  2 categories; 1 new, 1 adjusted\n" in run.stdout
    assert "2025-06-30  2 categories; 1 adjusted\n" in run.stdout


def test_show_lists_the_state_of_a_day(store: Path) -> None:
    run = run_program("--store", store, "show", "--at", "2025-03-31")
    assert run.stdout.splitlines()[0] == "in force on 2025-03-31: 2 categories"
    assert "  金融業 › 個人征信" in run.stdout


def test_show_before_everything_is_empty_with_a_remark(store: Path) -> None:
    run = run_program("--store", store, "show", "--at", "2025-03-30")
    assert run.exit_code == 0
    assert run.stdout == "in force on 2025-03-30: 0 categories\n"
    assert run.stderr == ("noticediff: nothing is known before 2025-03-31: the state on 2025-03-30 is empty\n")
    assert run_program("--quiet", "--store", store, "show", "--at", "2025-03-30").stderr == ""


@pytest.mark.parametrize("name", ["金融業 › 個人征信", "金融业-个人征信", "金融业 > 个人征信", "个人征信", "個人征"])
def test_a_category_is_found_however_it_is_spelled(store: Path, name: str) -> None:
    run = run_program("--store", store, "show", name, "--at", "2025-03-31")
    assert run.exit_code == 0, run.output
    assert run.stdout.startswith("金融業 › 個人征信\n")
    assert "- 《營業執照》" in run.stdout


def test_a_category_is_shown_as_it_was_on_the_day(store: Path) -> None:
    assert "《營業執照》" in run_program("--store", store, "show", "个人征信", "--at", "2025-06-29").stdout
    later = run_program("--store", store, "show", "个人征信", "--at", "2025-06-30").stdout
    assert "《個人征信業務經營許可證》" in later
    assert "《營業執照》" not in later


def test_the_history_has_every_version_with_its_source(store: Path, tmp_path: Path) -> None:
    output = json.loads(run_program("--store", store, "show", "个人征信", "--history", "--format", "json").stdout)
    (category,) = output["categories"]
    versions = [
        (
            claim["in_force"]["date"],
            claim["action"],
            claim["requirement"]["requirement"]["title"],
            claim["source"]["page"],
        )
        for claim in category["claims"]
    ]
    assert versions == [
        ("2025-03-31", "added", "營業執照", str(tmp_path / "first.txt")),
        ("2025-06-30", "adjusted", "個人征信業務經營許可證", str(tmp_path / "second.txt")),
    ]
    assert all(claim["lines"] for claim in category["claims"])
    text = run_program("--store", store, "show", "个人征信", "--history").stdout
    assert text.index("《營業執照》") < text.rindex("《個人征信業務經營許可證》")
    assert f"{tmp_path / 'first.txt'}, lines" in text


def test_a_name_of_several_categories_is_answered_with_their_names(store: Path) -> None:
    run = run_program("--store", store, "show", "征信")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr == (
        "noticediff: '征信' is several categories: 金融業 › 個人征信, 金融業 › 企業征信; name one of them\n"
    )


def test_a_name_of_no_category_is_answered_with_what_is_near(store: Path) -> None:
    run = run_program("--store", store, "show", "金融业-个人证信")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "near it: 金融業 › 個人征信" in run.stderr


def test_what_was_believed_earlier_can_be_asked_for(store: Path) -> None:
    run = run_program("--store", store, "show", "--known-on", "2025-01-01", "--format", "json")
    assert json.loads(run.stdout)["categories"] == []


def test_show_narrows_to_platform_and_entity_type(store: Path) -> None:
    def count(*options: str) -> int:
        return len(json.loads(run_program("--store", store, "show", "--format", "json", *options).stdout)["categories"])

    assert count() == count("--platform", "wechat-miniprogram", "--entity-type", "non_personal") == 2
    assert count("--entity-type", "overseas") == 0


def test_a_platform_that_nobody_knows_is_no_empty_answer(store: Path) -> None:
    for command in (["show"], ["digest"], ["diff", "2025-03-31", "2025-06-30"]):
        run = run_program("--store", store, *command, "--platform", "nosuch")
        assert (run.exit_code, run.stdout) == (2, "")
        assert "no platform is named 'nosuch'; there are: " in run.stderr


def test_a_removed_category_is_shown_as_it_last_was(store: Path, tmp_path: Path) -> None:
    text = make_notice("2025年7-9月", 個人征信="x").replace("類目新增", "類目下線")
    page = write_page(tmp_path, "third.txt", text.partition("現資質要求")[0])
    assert run_program("--store", store, "add", page).exit_code == 0
    run = run_program("--store", store, "show", "个人征信", "--at", "2025-12-31")
    assert "removed since 2025-09-30 (period end)" in run.stdout
    assert "《個人征信業務經營許可證》" in run.stdout
    assert "個人征信" not in run_program("--store", store, "show", "--at", "2025-12-31").stdout


def test_reading_a_store_that_is_not_there_is_an_error_and_makes_none(tmp_path: Path) -> None:
    for command in (["snapshots"], ["show"], ["digest"], ["diff", "2024-12-31", "latest"]):
        run = run_program("--store", tmp_path / "none.db", *command)
        assert (run.exit_code, run.stdout) == (2, "")
        assert "none.db: no store is there" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_renamed_category_is_found_under_both_names_with_its_history(store: Path, tmp_path: Path) -> None:
    text = make_notice("2025年7-9月", 個人征信="x").partition("#【")[0].replace("類目新增", "類目更名")
    page = write_page(tmp_path, "third.txt", f"{text}【金融業-個人征信】更名為【金融業-征信服務】\n")
    assert run_program("--store", store, "add", page).exit_code == 0
    renamed = run_program("--store", store, "show", "征信服務", "--history", "--at", "2025-12-31").stdout
    assert renamed.startswith("金融業 › 征信服務\n")
    assert "《營業執照》" in renamed
    assert "2025-03-31 added" in renamed
    earlier = run_program("--store", store, "show", "個人征信", "--at", "2025-12-31").stdout
    assert "goes on as 金融業 › 征信服務" in earlier


def test_a_branch_that_a_catalogue_divides_is_shown_by_its_leaves(tmp_path: Path) -> None:
    rows = "".join(
        f"<tr><td>就医服务</td><td>{leaf}</td><td>《医疗机构执业许可证》</td><td>适用于就医</td><td>/</td></tr>"
        for leaf in ("挂号", "缴费")
    )
    cells = "".join(f"<th>{head}</th>" for head in ("二级分类", "三级分类", "资质要求", "类目适用范围", "备注"))
    catalogue = write_page(
        tmp_path,
        "catalogue.html",
        "<!DOCTYPE html><html><body><h1>小程序开放的服务类目</h1>"
        "<h2>非个人主体小程序开放的服务类目</h2><h3>医疗服务</h3>"
        f"<table><tr>{cells}</tr>{rows}</table></body></html>",
    )
    notice = make_notice(就醫服務="醫療機構執業許可證").replace("金融業-", "醫療服務-")
    first = write_page(tmp_path, "notice.txt", notice)
    path = tmp_path / "notices.db"
    run = run_program("--store", path, "add", first, catalogue)
    assert run.exit_code == 0, run.output
    several = run_program("--store", path, "show", "就医服务")
    assert (several.exit_code, several.stdout) == (2, "")
    assert "挂号" in several.stderr
    assert "缴费" in several.stderr
    leaf = run_program("--store", path, "show", "挂号", "--history").stdout
    assert "2025-03-31 added, notice" in leaf
    assert "listed, catalogue" in leaf


def test_a_history_is_of_one_category(store: Path) -> None:
    run = run_program("--store", store, "show", "--history")
    assert (run.exit_code, run.stderr) == (2, "noticediff: --history is of one category; name it\n")


def test_titles_and_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    page = write_page(tmp_path, "a\x1b[2Jb.txt", FIRST.replace("公告", "公告\x1b]0;x\x07"))
    run = run_program("--store", tmp_path / "notices.db", "--quiet", "add", page, tmp_path / "c\x1b[2J\nd.txt")
    assert "\x1b" not in run.output
    assert len(run.stderr.splitlines()) == 1


def test_the_first_command_brings_an_earlier_store_up_and_says_so_once(tmp_path: Path) -> None:
    store = tmp_path / "notices.db"
    with closing(sqlite3.connect(store)) as connection:
        connection.executescript(OLD_STORE.read_text(encoding="utf-8"))
    first = run_program("--store", store, "snapshots")
    assert first.exit_code == 0
    assert first.stderr.startswith(f"noticediff: {store}: brought up from schema 1 ")
    _, *rest = first.stderr.splitlines()
    second = run_program("--store", store, "snapshots")
    assert (second.stdout, second.stderr.splitlines()) == (first.stdout, rest)
    assert ["read by an earlier parser" in line for line in rest] == [True]
    assert "2025年4-6月小程序类目调整汇总公告" in second.stdout
