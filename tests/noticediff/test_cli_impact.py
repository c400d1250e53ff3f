"""`impact`: which programs of a portfolio the rules hit, as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from program_running import make_notice, run_program, write_page

PORTFOLIO = """\
[[program]]
name = "信用查"
categories = ["金融业-个人征信", "金融业-企业征信"]
papers = ["营业执照"]

[[program]]
name = "典当行"
categories = ["金融业-典當"]
papers = [{title = "典当经营许可证", expires = 2025-08-15}]
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a notice of the first and one of the second quarter of 2025."""
    first = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="營業執照", 典當="典當經營許可證")
    second = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證")
    path = tmp_path / "notices.db"
    pages = [write_page(tmp_path, f"{number}.txt", text) for number, text in enumerate((first, second))]
    assert run_program("--store", path, "add", *pages).exit_code == 0
    return path


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    return write_page(tmp_path, "portfolio.toml", PORTFOLIO)


def run(store: Path, portfolio: Path, *options: str, code: int = 0) -> str:
    found = run_program("--store", store, "impact", "--portfolio", portfolio, *options)
    assert found.exit_code == code, found.output
    return found.stdout


def test_text_tells_a_person_what_is_missing_since_when_and_what_runs_out(store: Path, portfolio: Path) -> None:
    text = run(store, portfolio, "--at", "2025-07-01")
    change = json.loads(run(store, portfolio, "--at", "2025-07-01", "--format", "json"))["programs"][0]["categories"][0]
    added = "2025-03-31 (period end): new; 2025年1-3月小程序類目調整匯總公告"
    lines = text.splitlines()
    assert lines[0] == "on 2025-07-01: 2 programs: 1 not satisfied, 2 satisfied"
    assert lines[2:8] == [
        "信用查  wechat-miniprogram",
        "  金融業 › 個人征信: not satisfied",
        "    missing: 《個人征信業務經營許可證》",
        (
            "    since 2025-06-30 (period end): adjusted, mixed; 2025年4-6月小程序類目調整匯總公告, lines 11-19; "
            f"change {change['since']['change']}; before: satisfied"
        ),
        "  金融業 › 企業征信: satisfied",
        "    by 《營業執照》",
    ]
    assert lines[8].startswith(f"    since {added}, lines ")
    assert lines[10:14] == [
        "典当行  wechat-miniprogram",
        "  《典当经营许可证》 expires 2025-08-15",
        "  金融業 › 典當: satisfied",
        "    by 《典當經營許可證》",
    ]
    assert lines[15:] == [
        "    coming 2025-08-16: 《典当经营许可证》 expired",
        "      then not satisfied",
        "      missing: 《典當經營許可證》 (held, but expired)",
    ]


def test_json_names_the_pages_that_its_evidence_points_at(store: Path, portfolio: Path) -> None:
    found = json.loads(run(store, portfolio, "--at", "2025-07-01", "--format", "json"))
    assert (found["format"], found["format_version"], found["date"]) == ("noticediff.impact", "1.0", "2025-07-01")
    assert found["counts"] == {"removed": 0, "unsatisfied": 1, "undecided": 0, "check": 0, "satisfied": 2}
    cause = found["programs"][0]["categories"][0]["since"]
    titles = {label["document"]: label["title"] for label in found["documents"]}
    assert titles[cause["evidence"][0]["document"]] == "2025年4-6月小程序類目調整匯總公告"
    assert (cause["kind"], cause["claimed"], cause["before"]) == ("adjusted", "adjusted", "known")


def test_the_same_stored_pages_give_the_same_bytes(store: Path, portfolio: Path) -> None:
    for form in ("text", "json", "csv"):
        options = ("--at", "2025-07-01", "--format", form)
        assert run(store, portfolio, *options) == run(store, portfolio, *options)


def test_csv_has_a_line_for_each_program_and_category(store: Path, portfolio: Path) -> None:
    text = run(store, portfolio, "--at", "2025-07-01", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [(row["program"], row["category"], row["state"], row["needs"], row["since"]) for row in rows] == [
        ("信用查", "金融业-个人征信", "unsatisfied", "《個人征信業務經營許可證》", "2025-06-30"),
        ("信用查", "金融业-企业征信", "satisfied", "", "2025-03-31"),
        ("典当行", "金融业-典當", "satisfied", "", "2025-03-31"),
    ]
    assert rows[2]["expiring"] == "《典当经营许可证》 expires 2025-08-15"
    assert rows[2]["coming"] == "2025-08-16 unsatisfied"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
def test_no_cell_is_a_formula(name: str, store: Path, tmp_path: Path) -> None:
    hostile = write_page(tmp_path, "hostile.toml", PORTFOLIO.replace("典当行", name))
    text = run(store, hostile, "--at", "2025-07-01", "--format", "csv")
    assert [row["program"] for row in csv.DictReader(io.StringIO(text, newline=""))][-1] == f"'{name}"


def test_csv_lines_end_as_rfc_4180_has_it(store: Path, portfolio: Path, tmp_path: Path) -> None:
    output = tmp_path / "impact.csv"
    run(store, portfolio, "--at", "2025-07-01", "--format", "csv", "--output", str(output))
    content = output.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == 4


def test_a_name_cannot_steer_the_terminal(store: Path, tmp_path: Path) -> None:
    hostile = write_page(tmp_path, "hostile.toml", PORTFOLIO.replace("典当行", "\\u001b[2J行"))
    assert "\x1b" not in run(store, hostile, "--at", "2025-07-01")


@pytest.mark.parametrize(("at", "code"), [("2025-03-31", 0), ("2025-06-30", 1)])
def test_fail_on_unsatisfied_ends_with_one_only_where_something_is(
    at: str, code: int, store: Path, portfolio: Path
) -> None:
    run(store, portfolio, "--at", at, "--fail-on", "unsatisfied", code=code)


def test_since_keeps_what_became_so_after_the_day(store: Path, portfolio: Path) -> None:
    def categories(since: str) -> list[str]:
        found = json.loads(run(store, portfolio, "--at", "2025-08-01", "--since", since, "--format", "json"))
        return [impact["category"] for program in found["programs"] for impact in program["categories"]]

    # what is coming is always told: the paper of 典当行 runs out on 2025-08-15
    assert categories("2025-03-30") == ["金融业-个人征信", "金融业-企业征信", "金融业-典當"]
    assert categories("2025-03-31") == ["金融业-个人征信", "金融业-典當"]
    assert categories("2025-06-30") == ["金融业-典當"]


def test_scope_options_narrow_it(store: Path, portfolio: Path, tmp_path: Path) -> None:
    options = ("--at", "2025-07-01", "--format", "json")
    other = PORTFOLIO.replace('name = "典当行"', 'name = "典当行"\nplatform = "x"')
    elsewhere = write_page(tmp_path, "elsewhere.toml", other)
    found = json.loads(run(store, elsewhere, *options, "--platform", "wechat-miniprogram"))
    assert [program["program"] for program in found["programs"]] == ["信用查"]
    assert json.loads(run(store, portfolio, *options, "--entity-type", "overseas"))["programs"] == []
    assert len(json.loads(run(store, portfolio, *options, "--entity-type", "non_personal"))["programs"]) == 2


def test_a_day_before_everything_known_is_remarked(store: Path, portfolio: Path) -> None:
    found = run_program("--store", store, "impact", "--portfolio", portfolio, "--at", "2024-12-31")
    assert found.exit_code == 0
    assert "nothing is known before 2025-03-31" in found.stderr
    assert "3 cannot be decided" in found.stdout


def test_a_platform_that_nobody_knows_is_an_error(store: Path, portfolio: Path) -> None:
    found = run_program("--store", store, "impact", "--portfolio", portfolio, "--platform", "wechat")
    assert found.exit_code == 2
    assert "no platform is named 'wechat'" in found.stderr


def test_the_portfolio_of_the_configuration_is_the_default(store: Path, portfolio: Path, tmp_path: Path) -> None:
    config = write_page(tmp_path, "noticediff.toml", f'store = "notices.db"\nportfolio = "{portfolio.name}"\n')
    found = run_program("--config", config, "impact", "--at", "2025-07-01")
    assert found.stdout == run(store, portfolio, "--at", "2025-07-01")
    without = run_program("--store", store, "impact")
    assert without.exit_code == 2
    assert without.stderr == "noticediff: there is no portfolio; name one with --portfolio, or in the configuration\n"
