"""Pages that change after publication, pages that come back, and several pages of one notice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from opencc import OpenCC
from program_running import make_notice, run_program, write_page

FIRST = make_notice(個人征信="營業執照", 典當="典當經營許可證")
CATALOGUE = """<h1>小程序开放的服务类目</h1><h2>非个人主体小程序开放的服务类目</h2><h3>金融业</h3><table>
<tr><th>二级分类</th><th>三级分类</th><th>资质要求</th><th>类目适用范围</th><th>备注</th></tr>{rows}</table><p>版权所有</p>"""


def make_catalogue(**papers: str) -> str:
    cells = [(name, "/", f"《{paper}》", f"适用于{name}。", "/") for name, paper in papers.items()]
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in cells)
    return CATALOGUE.format(rows="".join(f"<tr>{row}</tr>" for row in rows))


def with_section(notice: str, heading: str, sentence: str) -> str:
    """The notice with a section of one sentence before its others."""
    title, rest = notice.split("類目新增", 1)
    return f"{title}{heading}\n\n非個人主體\n\n{sentence}\n\n類目新增{rest}"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "notices.db"


def add(store: Path, page: Path, captured: str = "2025-04-02") -> str:
    run = run_program("--store", store, "add", page, "--captured", captured)
    assert run.exit_code == 0, run.output
    return run.stdout


def diff(*arguments: str | Path, store: Path | None = None) -> dict[str, Any]:
    options = () if store is None else ("--store", store)
    run = run_program(*options, "diff", *arguments, "--format", "json")
    assert run.exit_code == 0, run.output
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def learn(store: Path, tmp_path: Path, *texts: str, name: str = "notice.txt") -> dict[str, Any]:
    """What is learned from the last of several texts that stood in one file, one after the other."""
    for text in texts[:-1]:
        add(store, write_page(tmp_path, name, text))
    settings = f'store = "{store.name}"\n[[source]]\nname = "a"\nfile = "{name}"\n'
    config = write_page(tmp_path, "noticediff.toml", settings)
    assert run_program("--config", config, "track").exit_code == 0
    write_page(tmp_path, name, texts[-1])
    run = run_program("--config", config, "digest", "--format", "json")
    assert run.exit_code == 0
    before = sorted((tmp_path / "digests").glob("*.json"))
    assert run_program("--config", config, "track").exit_code == 0
    after = [path for path in (tmp_path / "digests").glob("*.json") if path not in before]
    assert len(after) <= 1
    found: dict[str, Any] = json.loads(after[0].read_text("utf-8")) if after else {"changes": [], "findings": []}
    return found


def kinds(changes: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change["kind"], change["path"][-1]) for change in changes["changes"]]


def test_an_entry_that_a_revised_notice_lacks_is_retracted_and_no_other_is_news(store: Path, tmp_path: Path) -> None:
    news = learn(store, tmp_path, FIRST, make_notice(個人征信="營業執照"))
    assert kinds(news) == [("retracted", "典當")]
    assert news["findings"] == []
    evidence = news["changes"][0]["evidence"]
    assert [place["lines"] is None for place in evidence] == [False, True]
    shown = run_program("--store", store, "show")
    assert "個人征信" in shown.stdout
    assert "典當" not in shown.stdout


def test_a_removal_that_a_revised_notice_takes_back_is_retracted(store: Path, tmp_path: Path) -> None:
    add(store, write_page(tmp_path, "first.txt", FIRST))
    second = make_notice("2025年4-6月", 保理="營業執照")
    removal = with_section(second, "類目下線", "下線【金融業-典當】類目。")
    news = learn(store, tmp_path, removal, second, name="second.txt")
    assert kinds(news) == [("retracted", "典當")]


def test_an_edit_after_publication_is_an_adjustment_without_a_contradiction(store: Path, tmp_path: Path) -> None:
    news = learn(store, tmp_path, FIRST, make_notice(個人征信="個人征信業務經營許可證", 典當="典當經營許可證"))
    assert kinds(news) == [("adjusted", "個人征信")]
    assert news["findings"] == []


def test_two_saved_versions_of_a_notice_are_compared_as_such(tmp_path: Path) -> None:
    old = write_page(tmp_path, "old.txt", FIRST)
    new = write_page(tmp_path, "new.txt", make_notice(個人征信="營業執照", 保理="營業執照"))
    found = diff(old, new)
    assert kinds(found) == [("new", "保理"), ("retracted", "典當")]
    assert found["findings"] == []


def test_a_mirror_in_another_script_says_nothing_new(store: Path, tmp_path: Path) -> None:
    add(store, write_page(tmp_path, "mirror.txt", FIRST))
    add(store, write_page(tmp_path, "other.txt", OpenCC("t2s").convert(FIRST)), "2025-04-03")
    found = diff("2025-03-30", "2025-03-31", store=store)
    assert kinds(found) == [("new", "個人征信"), ("new", "典當")]
    assert found["findings"] == []
    assert found["counts"]["restated"] == 0


def test_mirrors_that_disagree_are_a_finding(store: Path, tmp_path: Path) -> None:
    add(store, write_page(tmp_path, "mirror.txt", FIRST))
    add(store, write_page(tmp_path, "other.txt", make_notice(個人征信="金融許可證")), "2025-04-03")
    findings = diff("2025-03-30", "2025-03-31", store=store)["findings"]
    assert [(finding["code"], finding["message"]) for finding in findings] == [
        ("mirrors-disagree", "金融業 › 個人征信: two pages of this notice state it differently"),
        ("mirrors-disagree", "金融業 › 典當: a page of this notice lacks it"),
    ]
    assert all(len(finding["evidence"]) == 2 for finding in findings)


def test_a_catalogue_that_goes_back_to_what_it_was_is_news_again(store: Path, tmp_path: Path) -> None:
    page = tmp_path / "catalogue.html"
    states = [make_catalogue(银行="金融许可证"), make_catalogue(银行="营业执照"), make_catalogue(银行="金融许可证")]
    for day, state in enumerate(states, start=1):
        page.write_text(state, encoding="utf-8")
        assert add(store, page, f"2026-01-0{day}").startswith("added")
    assert "already" in run_program("--store", store, "add", page, "--captured", "2026-01-04").stdout
    found = diff("2026-01-02", "2026-01-03", store=store)
    assert [field["new"]["title"] for change in found["changes"] for field in change["fields"]] == ["金融许可证"]
    assert diff("2026-01-01", "2026-01-03", store=store)["changes"] == []


def test_a_notice_that_tells_what_a_list_had_shown_within_its_period_contradicts_nothing(
    store: Path, tmp_path: Path
) -> None:
    catalogue = tmp_path / "catalogue.html"
    for day, last in (("2025-01-05", {"典当": "典当经营许可证"}), ("2025-02-05", {"信托": "营业执照"})):
        catalogue.write_text(make_catalogue(银行="金融许可证", **last), encoding="utf-8")
        add(store, catalogue, day)
    notice = with_section(make_notice(信托="营业执照"), "類目下線", "下線【金融業-典當】類目。")
    add(store, write_page(tmp_path, "notice.txt", notice))
    assert diff("2025-02-06", "2025-03-31", store=store)["findings"] == []


def test_a_page_held_against_a_date_is_held_against_what_was_in_force_then(store: Path, tmp_path: Path) -> None:
    rename = "自2025年9月1日起,【金融業-典當】更名為【金融業-典當行】。"
    later = with_section(make_notice(個人征信="營業執照"), "類目更名", rename)
    add(store, write_page(tmp_path, "first.txt", later))
    second = write_page(tmp_path, "second.txt", make_notice("2025年4-6月", 保理="營業執照"))
    assert kinds(diff("2025-03-31", second, store=store)) == [("new", "保理")]


def test_what_happens_before_an_announced_change_is_not_hidden_by_it(store: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.html"
    catalogue.write_text(make_catalogue(银行="金融许可证"), encoding="utf-8")
    add(store, catalogue, "2026-01-01")
    add(store, write_page(tmp_path, "notice.txt", make_notice("2098年1-3月", 銀行="!營業執照")), "2026-01-02")
    settings = f'store = "{store.name}"\n[[source]]\nname = "a"\nkind = "catalogue"\nfile = "{catalogue.name}"\n'
    config = write_page(tmp_path, "noticediff.toml", settings)
    assert run_program("--config", config, "track").exit_code == 0
    before = set((tmp_path / "digests").glob("*.json"))
    catalogue.write_text(make_catalogue(银行="金融机构许可证"), encoding="utf-8")
    assert run_program("--config", config, "track").exit_code == 0
    [digest] = set((tmp_path / "digests").glob("*.json")) - before
    told = json.loads(digest.read_text("utf-8"))
    assert kinds(told) == [("adjusted", "银行")]
    assert told["changes"][0]["fields"][0]["new"]["title"] == "金融机构许可证"


def test_what_was_told_as_coming_is_no_news_when_it_is_there_before_its_day(store: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.html"
    catalogue.write_text(make_catalogue(银行="金融许可证"), encoding="utf-8")
    add(store, catalogue, "2026-01-01")
    coming = make_notice("2098年1-3月", 信托="营业执照").replace("適用于提供信托的服務", "適用于信托")
    add(store, write_page(tmp_path, "notice.txt", coming), "2026-01-02")
    settings = f'store = "{store.name}"\n[[source]]\nname = "a"\nkind = "catalogue"\nfile = "{catalogue.name}"\n'
    config = write_page(tmp_path, "noticediff.toml", settings)
    assert run_program("--config", config, "track").exit_code == 0
    before = set((tmp_path / "digests").glob("*.json"))
    catalogue.write_text(make_catalogue(银行="金融许可证", 信托="营业执照"), encoding="utf-8")
    assert run_program("--config", config, "track").exit_code == 0
    told = [json.loads(path.read_text("utf-8")) for path in set((tmp_path / "digests").glob("*.json")) - before]
    assert [change for digest in told for change in kinds(digest)] == []


def test_a_state_that_is_younger_than_the_news_of_it_says_so(store: Path, tmp_path: Path) -> None:
    add(store, write_page(tmp_path, "notice.txt", make_notice(銀行="金融許可證")))
    add(store, write_page(tmp_path, "catalogue.html", make_catalogue(银行="营业执照")), "2026-01-05")
    [change] = diff("2025-03-30", "2026-01-05", store=store)["changes"]
    assert (change["kind"], change["in_force"]["date"], change["claimed"]) == ("new", "2025-03-31", "added")
    assert change["as_of"] == {"date": "2026-01-05", "basis": "captured"}
    shown = run_program("--store", store, "diff", "2025-03-30", "2026-01-05").stdout
    assert "shown as it reads since 2026-01-05, after a later change" in shown
    assert diff("2025-03-30", "2025-03-31", store=store)["changes"][0]["as_of"] is None
