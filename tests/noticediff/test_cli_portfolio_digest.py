"""Digests that begin with the programs that they hit: `digest --portfolio`, and `track` as configured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from program_running import make_notice, run_program, write_page

NOTICE = make_notice(個人征信="個人征信業務經營許可證", 典當="典當經營許可證")
PORTFOLIO = """\
[[program]]
name = "信用查"
categories = ["金融业-个人征信"]
papers = ["营业执照"]

[[program]]
name = "典当行"
categories = ["金融业-典當"]
papers = ["典当经营许可证"]
"""
ELSEWHERE = '[[program]]\nname = "天气簿"\ncategories = ["工具-天气"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a notice, a portfolio, and a configuration that watches the one and names the other."""
    write_page(tmp_path, "notice.txt", NOTICE)
    write_page(tmp_path, "portfolio.toml", PORTFOLIO)
    settings = 'store = "n.db"\noutput = "out"\nportfolio = "portfolio.toml"\n'
    write_page(tmp_path, "noticediff.toml", settings + '\n[[source]]\nname = "x"\nfile = "notice.txt"\n')
    return tmp_path


def test_track_writes_a_digest_that_begins_with_the_programs_it_hits(folder: Path) -> None:
    run = run_program("--config", folder / "noticediff.toml", "track")
    assert run.exit_code == 0, run.output
    (path,) = (folder / "out").glob("*.md")
    text = path.read_text(encoding="utf-8")
    section = text[text.index("## Your programs (2)") : text.index("## Contents")]
    lacks = "**not satisfied** — missing or to be checked: 《個人征信業務經營許可證》"
    assert f"- 信用查: 金融業 › 個人征信 (New): {lacks}" in section
    assert "- 典当行: 金融業 › 典當 (New): **satisfied**" in section
    told = json.loads(path.with_suffix(".json").read_bytes())
    assert [hit["program"] for hit in told["programs"]] == ["信用查", "典当行"]


def test_a_digest_takes_the_portfolio_that_is_named(folder: Path) -> None:
    config = folder / "noticediff.toml"
    run_program("--config", config, "add", folder / "notice.txt")
    other = write_page(folder, "other.toml", ELSEWHERE)
    run = run_program("--config", config, "digest", "--format", "md", "--portfolio", other)
    assert "None of your programs is hit." in run.stdout
    assert "信用查" not in run.stdout


def test_a_digest_without_a_portfolio_says_nothing_of_programs(folder: Path) -> None:
    run_program("--store", folder / "n.db", "add", folder / "notice.txt")
    run = run_program("--store", folder / "n.db", "digest", "--format", "md")
    assert "programs" not in run.stdout


def test_a_wrong_portfolio_stops_track_before_it_fetches(folder: Path) -> None:
    write_page(folder, "portfolio.toml", PORTFOLIO + "paper = 5\n")
    run = run_program("--config", folder / "noticediff.toml", "track")
    assert run.exit_code == 2
    assert f"{folder / 'portfolio.toml'}:10: program '典当行' has no key 'paper'; did you mean 'papers'?" in run.stderr
    assert not (folder / "n.db").exists()


def test_config_check_counts_the_programs(folder: Path) -> None:
    run = run_program("--config", folder / "noticediff.toml", "config", "check")
    assert run.stdout.splitlines()[-1] == f"  {folder / 'portfolio.toml'}: 2 programs"
