"""`track`: what cron runs, against files and a real HTTP server on the loopback."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import time_machine
from program_running import make_html, make_notice, run_process, run_program, write_page
from pytest_httpserver import HTTPServer

from snapshots.store import open_store

FIRST = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="!金融許可證")
SECOND = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證")
DAY = dt.datetime(2025, 7, 2, 6, 0, tzinfo=dt.UTC)


def write_config(folder: Path, *sources: str) -> Path:
    return write_page(
        folder, "noticediff.toml", 'store = "notices.db"\n' + "".join(f"\n[[source]]\n{s}\n" for s in sources)
    )


def file_source(name: str, file: Path | str) -> str:
    return f'name = "{name}"\nfile = "{file}"'


def url_source(name: str, url: str, *more: str) -> str:
    return "\n".join([f'name = "{name}"', f'url = "{url}"', "allow_private = true", *more])


def list_digests(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "digests").glob("digest-*")) if (folder / "digests").exists() else []


def outcomes(folder: Path) -> dict[str, str | None]:
    with open_store(str(folder / "notices.db"), create=False) as store:
        return {source.name: source.last_outcome for source in store.load_sources()}


def test_news_are_stored_and_written_as_dated_digests(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    with time_machine.travel(DAY, tick=False):
        run = run_program("--config", config, "track")
    assert run.exit_code == 0, run.output
    assert list_digests(tmp_path) == ["digest-2025-07-02.html", "digest-2025-07-02.json", "digest-2025-07-02.md"]
    assert run.stdout.splitlines() == [
        str(tmp_path / "digests" / f"digest-2025-07-02.{form}") for form in ("html", "md", "json")
    ]
    assert run.stderr == "1 source, 1 page, 1 new page, 0 failures; a digest was written\n"
    told = json.loads((tmp_path / "digests" / "digest-2025-07-02.json").read_text())
    assert (told["counts"]["new"], told["counts"]["adjusted"]) == (1, 1)
    assert "個人征信" in (tmp_path / "digests" / "digest-2025-07-02.md").read_text()


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    assert run_program("--config", config, "track").exit_code == 0
    before = list_digests(tmp_path)
    run = run_program("--config", config, "track")
    assert (run.exit_code, run.stdout) == (0, "")
    assert run.stderr == "1 source, 1 page, 0 new pages, 0 failures; no news\n"
    assert list_digests(tmp_path) == before
    assert outcomes(tmp_path) == {"saved": "unchanged"}


def test_nothing_is_said_under_quiet_where_nothing_is_new(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    run_program("--config", config, "track")
    run = run_program("--quiet", "--config", config, "track")
    assert (run.exit_code, run.output) == (0, "")


def test_a_lost_store_is_noticed_by_the_digests_that_it_told(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    first = run_program("--quiet", "--config", config, "track")
    assert first.stderr == ""
    (tmp_path / "notices.db").unlink()
    run = run_program("--quiet", "--config", config, "track")
    assert run.stderr == (
        f"noticediff: {tmp_path / 'notices.db'}: this store has told nothing yet, but digests lie in "
        f"{tmp_path / 'digests'}; if it was lost, restore its backup: else all that is found is told as if never seen "
        "before\n"
    )
    assert run.exit_code == 0
    assert run_program("--quiet", "--config", config, "track").stderr == ""


def test_later_news_of_the_same_day_are_a_digest_of_their_own(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", page))
    with time_machine.travel(DAY, tick=False):
        run_program("--config", config, "track")
        write_page(tmp_path, "notice.txt", SECOND)
        run = run_program("--config", config, "track")
    assert [Path(line).name for line in run.stdout.splitlines()] == [
        "digest-2025-07-02-2.html", "digest-2025-07-02-2.md", "digest-2025-07-02-2.json",
    ]  # fmt: skip
    (change,) = json.loads((tmp_path / "digests" / "digest-2025-07-02-2.json").read_text())["changes"]
    assert (change["kind"], change["path"], change["before"]) == ("adjusted", ["金融業", "個人征信"], "known")


def test_what_was_added_by_hand_is_told_too(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    run_program("--config", config, "track")
    run_program("--config", config, "add", write_page(tmp_path, "second.txt", SECOND))
    run = run_program("--config", config, "track")
    assert len(run.stdout.splitlines()) == 3


def test_a_page_is_fetched_and_its_counter_is_no_news(httpserver: HTTPServer, tmp_path: Path) -> None:
    config = write_config(tmp_path, url_source("site", httpserver.url_for("/notice")))
    for views, text, pages in (("浏览 5", FIRST, 3), ("浏览 6", FIRST, 0), ("浏览 7", SECOND, 3)):
        httpserver.clear()
        httpserver.expect_request("/notice").respond_with_data(make_html(text, views), content_type="text/html")
        run = run_program("--config", config, "track")
        assert (run.exit_code, len(run.stdout.splitlines())) == (0, pages), run.output
    assert outcomes(tmp_path) == {"site": "new"}


def test_the_links_of_a_list_are_followed(httpserver: HTTPServer, tmp_path: Path) -> None:
    listing = (
        '<html><div><a href="/2">2025年4-6月小程序類目調整匯總公告</a>'
        '<a href="/1">2025年1-3月小程序类目调整汇总公告</a>'
        '<a href="/3">接口公告</a></div></html>'
    )
    httpserver.expect_request("/list").respond_with_data(listing, content_type="text/html")
    httpserver.expect_request("/1").respond_with_data(make_html(FIRST), content_type="text/html")
    httpserver.expect_request("/2").respond_with_data(make_html(SECOND), content_type="text/html")
    source = url_source("list", httpserver.url_for("/list"), 'kind = "list"', 'match = "类目调整"', 'selector = "div"')
    config = write_config(tmp_path, source)
    run = run_program("--config", config, "track")
    assert run.exit_code == 0, run.output
    assert run.stderr == "1 source, 2 pages, 2 new pages, 0 failures; a digest was written\n"
    assert {request.path for request, _ in httpserver.log} == {"/robots.txt", "/list", "/1", "/2"}
    states = json.loads(run_program("--config", config, "snapshots", "--format", "json").stdout)["snapshots"]
    assert [state["date"] for state in states] == ["2025-03-31", "2025-06-30"]
    assert states[0]["documents"][0]["url"] == httpserver.url_for("/1")
    again = run_program("--config", config, "track")
    assert again.stderr == "1 source, 2 pages, 0 new pages, 0 failures; no news\n"


def test_a_list_without_a_matching_link_is_refused(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/list").respond_with_data("<html><a href='/1'>接口公告</a></html>")
    source = url_source("list", httpserver.url_for("/list"), 'kind = "list"', 'match = "类目调整"')
    run = run_program("--config", write_config(tmp_path, source), "track")
    assert run.exit_code == 4
    assert "no link's title on this list contains '类目调整'" in run.stderr
    assert outcomes(tmp_path) == {"list": "failed"}


def test_new_links_behind_the_limit_are_an_alarm_until_the_limit_is_raised(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    listing = '<html><a href="/1">公告 1</a><a href="/2">公告 2</a></html>'
    httpserver.expect_request("/list").respond_with_data(listing)
    httpserver.expect_request("/1").respond_with_data(make_html(FIRST), content_type="text/html")
    httpserver.expect_request("/2").respond_with_data(make_html(SECOND), content_type="text/html")
    source = url_source("list", httpserver.url_for("/list"), 'kind = "list"', 'match = "公告"', "links = 1")
    config = write_config(tmp_path, source)
    run = run_program("--config", config, "track")
    assert run.exit_code == 4
    assert "1 link was never looked at, behind the first 1 of the list; raise links, or narrow match" in run.stderr
    assert len(run.stdout.splitlines()) == 3  # the news of the links within the limit
    assert "/2" not in {request.path for request, _ in httpserver.log}
    again = run_program("--quiet", "--config", config, "track")
    assert (again.exit_code, again.output) == (4, "")
    config.write_text(config.read_text().replace("links = 1", "links = 2"))
    raised = run_program("--config", config, "track")
    assert raised.exit_code == 0
    assert "over; wrong since" in raised.stderr
    assert "1 new page" in raised.stderr
    # What was pushed behind the limit after it had been read is no alarm.
    config.write_text(config.read_text().replace("links = 2", "links = 1"))
    assert run_program("--config", config, "track").exit_code == 0


def test_a_failing_source_is_reported_and_the_others_go_on(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/gone").respond_with_data("", 404)
    httpserver.expect_request("/login").respond_with_data("<html><p>请先登录</p></html>", content_type="text/html")
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(
        tmp_path,
        url_source("gone", httpserver.url_for("/gone")),
        file_source("saved", "notice.txt"),
        url_source("login", httpserver.url_for("/login")),
        file_source("missing", "none.txt"),
    )
    run = run_program("--config", config, "track")
    assert run.exit_code == 4
    assert len(run.stdout.splitlines()) == 3
    lines = run.stderr.splitlines()
    assert lines[0] == f"noticediff: source 'gone': {httpserver.url_for('/gone')}: the server answered 404 NOT FOUND"
    assert lines[1].startswith(f"noticediff: source 'login': {httpserver.url_for('/login')}: ")
    assert lines[2] == f"noticediff: source 'missing': {tmp_path / 'none.txt'}: no such file"
    assert lines[3] == "4 sources, 4 pages, 1 new page, 3 failures; a digest was written"
    assert outcomes(tmp_path) == {"gone": "failed", "login": "failed", "missing": "failed", "saved": "new"}


@pytest.mark.parametrize(("names", "code"), [(["gone"], 3), (["saved"], 0), (["saved", "gone"], 3), (["missing"], 2)])
def test_the_named_sources_are_tracked_and_the_worst_code_wins(
    httpserver: HTTPServer, tmp_path: Path, names: list[str], code: int
) -> None:
    httpserver.expect_request("/gone").respond_with_data("", 500)
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(
        tmp_path,
        url_source("gone", httpserver.url_for("/gone")),
        file_source("saved", "notice.txt"),
        file_source("missing", "none.txt"),
    )
    assert run_program("--config", config, "track", *names).exit_code == code
    assert set(outcomes(tmp_path)) == set(names)


def test_a_private_address_is_refused_unless_the_source_allows_it(httpserver: HTTPServer, tmp_path: Path) -> None:
    config = write_config(tmp_path, f'name = "site"\nurl = "{httpserver.url_for("/")}"')
    run = run_program("--config", config, "track")
    assert run.exit_code == 3
    assert "its source must say allow_private = true" in run.stderr
    assert httpserver.log == []


def test_a_dry_run_says_what_would_be_stored_and_told_and_does_neither(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    before = sorted(tmp_path.iterdir())
    run = run_program("--config", config, "track", "--dry-run")
    assert run.exit_code == 0, run.output
    assert f"would store {tmp_path / 'notice.txt'}: 2025年1-3月小程序類目調整匯總公告\n" in run.stdout
    assert "個人征信" in run.stdout.partition("would tell:")[2]
    assert "a digest would be written" in run.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_a_dry_run_over_a_store_leaves_it_as_it_was(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", page))
    run_program("--config", config, "track")
    store = (tmp_path / "notices.db").read_bytes()
    digests = list_digests(tmp_path)
    assert run_program("--config", config, "track", "--dry-run").stdout == ""
    write_page(tmp_path, "notice.txt", SECOND)
    run = run_program("--config", config, "track", "--dry-run")
    assert run.stdout.startswith("would store ")
    assert "企業征信" not in run.stdout
    assert (tmp_path / "notices.db").read_bytes() == store
    assert list_digests(tmp_path) == digests


def test_digests_that_cannot_be_written_are_told_by_the_next_run(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    blocked = write_page(tmp_path, "blocked", "a file where the folder should be")
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    run = run_program("--config", config, "track", "--output", blocked)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.splitlines()[-2].startswith(f"noticediff: {blocked}: digests cannot be written there")
    again = run_program("--config", config, "track", "--output", tmp_path / "out")
    assert len(again.stdout.splitlines()) == len(list((tmp_path / "out").glob("digest-*"))) == 3


def test_the_output_folder_is_the_option_then_the_configured_one(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    config.write_text('output = "told/here"\n' + config.read_text())
    run_program("--config", config, "track")
    assert len(list((tmp_path / "told" / "here").glob("digest-*"))) == 3


def test_tracking_needs_a_configuration_with_sources(tmp_path: Path) -> None:
    run = run_program("track")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "there is no configuration" in run.stderr
    empty = write_page(tmp_path, "noticediff.toml", "")
    assert "there is no [[source]] to track" in run_program("--config", empty, "track").stderr
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    run = run_program("--config", config, "track", "save")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "did you mean 'saved'?" in run.stderr


def test_an_unchanged_page_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    config = write_config(tmp_path, file_source("saved", "notice.txt"))
    run_program("--config", config, "track")
    monkeypatch.setattr("noticediff.pipeline.parse_page", None)
    assert run_program("--config", config, "track").exit_code == 0


def test_cron_runs_it_as_a_process(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", FIRST)
    write_config(tmp_path, file_source("saved", "notice.txt"))
    first, second = (run_process("track", cwd=tmp_path, env={"LANG": "C"}) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(first.stdout.splitlines()) == 3
    assert second.stdout == b""
