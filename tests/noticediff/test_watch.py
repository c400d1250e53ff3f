"""Nights of `track` against a server that behaves, and one that does not: what is stored, held back, and told."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path

import msgspec
import pytest
import time_machine
from click.testing import Result
from program_running import make_html, make_notice, run_program, write_page
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from noticediff.quarantine_json import HeldOutput, QuarantineOutput
from snapshots.record import Reason
from snapshots.store import open_store

FIRST = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="!金融許可證")
SECOND = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證")
LOGIN = "<html><body><form><p>请先登录</p><input name=user></form></body></html>"
VERIFY = "<html><body><p>环境异常，完成验证后即可继续访问。</p><a>去验证</a></body></html>"
START = dt.datetime(2025, 7, 2, 3, 0, tzinfo=dt.UTC)


class Site:
    """A site of one source, watched from night to night."""

    def __init__(self, server: HTTPServer, folder: Path, *lines: str) -> None:
        self.server = server
        self.url = server.url_for("/notice")
        self.folder = folder
        self.night = 0
        source = "\n".join(["[[source]]", 'name = "site"', f'url = "{self.url}"', "allow_private = true", *lines])
        self.config = write_page(folder, "noticediff.toml", f'store = "notices.db"\n{source}\n')

    def show(self, body: str, status: int = 200, path: str = "/notice", **headers: str) -> None:
        """Serve this at the path from now on, and nothing else."""
        self.server.clear()
        self.server.expect_request(path).respond_with_data(body, status, content_type="text/html", headers=headers)

    def track(self, *more: str, nights: int = 1) -> Result:
        """One run, the given number of nights after the last."""
        self.night += nights
        with time_machine.travel(START + dt.timedelta(days=self.night), tick=True):
            return run_program("--quiet", "--config", self.config, "track", *more)

    def run(self, *arguments: str) -> Result:
        return run_program("--config", self.config, *arguments)

    def digests(self) -> int:
        return len(list((self.folder / "digests").glob("*.json")))


def make_catalogue(names: list[str], title: str = "小程序开放的服务类目", views: int = 1) -> str:
    rows = "".join(
        f"<tr><td>{name}</td><td>/</td><td>《营业执照》</td><td>适用于提供{name}的服务。</td><td>/</td></tr>"
        for name in names
    )
    heads = "<tr><th>二级分类</th><th>三级分类</th><th>资质要求</th><th>类目适用范围</th><th>备注</th></tr>"
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><nav>浏览 {views}</nav><main><h1>{title}</h1>"
        f"<h2>非个人主体小程序开放的服务类目</h2><h3>金融业</h3><table>{heads}{rows}</table></main></body></html>"
    )


NAMES = ["个人征信", "企业征信", "银行", "保险", "基金", "期货", "信托", "典当", "小贷", "支付"]


@pytest.mark.parametrize(
    ("page", "reason"),
    [(LOGIN, "no notice"), (VERIFY, "no notice"), ("", "the page is empty"), (make_html("维护中"), "")],
)
def test_a_block_page_with_status_200_is_held_and_told_once(
    page: str, reason: str, httpserver: HTTPServer, tmp_path: Path
) -> None:
    site = Site(httpserver, tmp_path)
    site.show(make_html(FIRST))
    assert site.track().exit_code == 0
    before = site.run("show").stdout
    site.show(page)
    first = site.track()
    assert (first.exit_code, first.stdout) == (4, "")
    assert len(first.stderr.splitlines()) == 1
    assert "held: `noticediff quarantine show 1`" in first.stderr
    assert reason in first.stderr or reason == "no notice"
    again = site.track()
    assert (again.exit_code, again.output) == (4, "")
    assert site.run("show").stdout == before
    assert site.run("quarantine", "show", "1").stdout == page
    site.show(make_html(FIRST))
    over = site.track()
    assert over.exit_code == 0
    assert over.stderr.startswith("noticediff: source 'site': over; wrong since 2025-07-04: ")
    assert (site.track().output, site.digests()) == ("", 1)
    assert site.run("quarantine", "list").stdout == ""
    late = site.run("quarantine", "accept", "1")
    assert late.exit_code == 2
    assert late.stderr == (
        f"noticediff: page 1 is over: {site.url} fails no more, and what it shows now is known; "
        "`quarantine show 1` still prints what it showed\n"
    )
    assert site.run("quarantine", "show", "1").stdout == page


def test_a_failure_is_told_again_when_its_cause_changes(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(make_html(FIRST))
    site.track()
    told = []
    for body, status in (("", 404), ("", 404), ("", 500), ("", 500), (LOGIN, 200), (LOGIN + "1", 200), ("", 404)):
        site.show(body, status)
        run = site.track()
        assert run.exit_code == (4 if status == 200 else 3)
        told.append(len(run.stderr.splitlines()))
    assert told == [1, 0, 1, 0, 1, 0, 1]
    site.show(make_html(FIRST))
    assert "over; wrong since 2025-07-04" in site.track().stderr


def test_a_source_that_is_watched_no_more_is_told_once_and_starts_anew_when_it_comes_back(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    site = Site(httpserver, tmp_path)
    site.show(LOGIN)
    assert site.track().exit_code == 4
    watched = site.config.read_text()
    write_page(tmp_path, "notice.txt", FIRST)
    site.config.write_text('store = "notices.db"\n[[source]]\nname = "other"\nfile = "notice.txt"\n')
    gone = site.track()
    assert gone.exit_code == 0
    assert gone.stderr.startswith(
        "noticediff: source 'site': is watched no more, and what was wrong since 2025-07-03 is closed: "
    )
    assert site.run("quarantine", "list").stdout == ""
    assert (site.track().exit_code, site.track().output) == (0, "")
    site.config.write_text(watched)
    back = site.track()
    assert back.exit_code == 4
    assert "held: `noticediff quarantine show 2`" in back.stderr


def test_a_dry_run_closes_nothing_of_a_source_that_is_watched_no_more(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(LOGIN)
    site.track()
    write_page(tmp_path, "notice.txt", FIRST)
    site.config.write_text('store = "notices.db"\n[[source]]\nname = "other"\nfile = "notice.txt"\n')
    assert site.track("--dry-run").stderr == ""
    assert len(site.run("quarantine", "list").stdout.splitlines()) == 1


def test_an_alarm_that_another_one_of_the_source_outlives_is_over_by_itself(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    lines = ('kind = "list"', 'match = "类目调整"', 'expect_every = "10 days"', "links = 1")
    site = Site(httpserver, tmp_path, *lines)
    httpserver.expect_request("/a").respond_with_data(make_html(FIRST), content_type="text/html")
    both = '<a href="/a">类目调整 1</a><a href="/b">类目调整 2</a>'
    httpserver.expect_request("/notice").respond_with_data(both, content_type="text/html")
    assert "never looked at" in site.track().stderr
    httpserver.clear()
    httpserver.expect_request("/notice").respond_with_data("", 404)
    assert "over" not in site.track().stderr  # nobody has seen the list
    httpserver.clear()
    httpserver.expect_request("/a").respond_with_data(make_html(FIRST), content_type="text/html")
    httpserver.expect_request("/notice").respond_with_data(both, content_type="text/html")
    back = site.track()
    assert (back.exit_code, back.stderr.count("over; wrong since"), back.stderr.count("\n")) == (4, 1, 1)
    silent = site.track(nights=11)
    assert (silent.exit_code, silent.stderr.count("nothing new since"), silent.stderr.count("\n")) == (4, 1, 1)
    site.config.write_text(site.config.read_text().replace("10 days", "90 days"))
    heard = site.track()
    assert (heard.exit_code, heard.stderr.count("over; wrong since"), heard.stderr.count("\n")) == (4, 1, 1)


def test_a_catalogue_that_lost_half_of_its_categories_is_held(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path, 'kind = "catalogue"')
    site.show(make_catalogue(NAMES))
    assert site.track().exit_code == 0
    site.show(make_catalogue(NAMES[:4]))
    run = site.track()
    assert run.exit_code == 4
    assert "it lists 4 of the 10 categories that are known of wechat-miniprogram/non_personal" in run.stderr
    assert site.digests() == 1
    site.show(make_catalogue(NAMES[:5]))
    assert site.track().exit_code == 0
    assert site.digests() == 2


def make_names(*names: str) -> str:
    return "".join(f"#【金融业-{name}】\n\n" for name in names)


@pytest.mark.parametrize("order", ["notice first", "catalogue first"])
def test_a_catalogue_that_shrinks_as_a_notice_of_that_night_says_is_believed(
    order: str, httpserver: HTTPServer, tmp_path: Path
) -> None:
    site = Site(httpserver, tmp_path, 'kind = "catalogue"')
    notices = '[[source]]\nname = "notices"\nfile = "notice.txt"\n'
    watched = site.config.read_text()
    store, _, source = watched.partition("\n")
    both = [notices, source] if order == "notice first" else [source, notices]
    site.config.write_text("\n".join([store, *both]))
    write_page(tmp_path, "notice.txt", FIRST)
    site.show(make_catalogue(NAMES))
    assert site.track().exit_code == 0
    closing = (
        "2025年4-6月小程序类目调整汇总公告\n\n来源 | 微信公众平台运营中心\n\n现对以下类目进行调整,请知悉。\n\n"
        f"类目下线\n\n非个人主体\n\n{make_names(*NAMES[:7])}"
    )
    write_page(tmp_path, "notice.txt", closing)
    site.show(make_catalogue(NAMES[7:]))
    run = site.track()
    assert run.exit_code == 0, run.output
    assert site.digests() == 2
    site.show(make_catalogue(NAMES[8:9]))
    assert "it lists 1 of the 3 categories that are known" in site.track().stderr


def test_a_catalogue_whose_branch_a_notice_has_renamed_is_believed(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path, 'kind = "catalogue"')
    site.show(make_catalogue(NAMES))
    site.track()
    renaming = (
        "2025年4-6月小程序类目调整汇总公告\n\n来源 | 微信公众平台运营中心\n\n现对以下类目进行调整,请知悉。\n\n"
        "非个人主体\n\n【金融业】更名为【金融服务】\n"
    )
    assert site.run("add", str(write_page(tmp_path, "renaming.txt", renaming))).exit_code == 0
    site.show(make_catalogue(NAMES).replace("金融业", "金融服务"))
    assert site.track().exit_code == 0
    site.show(make_catalogue(NAMES))  # an old copy of the page is not what the notice said
    assert "it lists 0 of the 10 categories that are known" in site.track().stderr


def test_a_catalogue_whose_categories_were_renamed_by_review_is_believed(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    site = Site(httpserver, tmp_path, 'kind = "catalogue"')
    site.show(make_catalogue(NAMES))
    site.track()
    renamed = make_catalogue(NAMES).replace("金融业", "金融服务")
    site.show(renamed)
    assert "it lists 0 of the 10 categories that are known" in site.track().stderr
    moves = "".join(
        f'[[moved]]\nfrom = "金融业 > {name}"\nto = "金融服务 > {name}"\nbecause = "the branch has a new name"\n'
        for name in NAMES
    )
    site.config.write_text(site.config.read_text() + moves)
    run = site.track()
    assert run.exit_code == 0, run.output
    assert "over; wrong since" in run.stderr
    digest = max((tmp_path / "digests").glob("*.json"))
    assert {change["kind"] for change in json.loads(digest.read_text())["changes"]} == {"renamed"}


def test_a_page_that_is_cut_off_where_an_entry_ends_is_held(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    whole = make_html(make_notice(個人征信="營業執照", 企業征信="金融許可證"))
    site.show(whole)
    assert site.track().exit_code == 0
    site.show(whole[: whole.index("<p>#【金融業-企業征信】")])
    run = site.track()
    assert run.exit_code == 4
    assert "it ends without </html>" in run.stderr
    site.show(whole.replace("企業征信", "保險"))
    assert site.track().exit_code == 0


def test_pages_of_a_site_that_never_write_the_end_tag_are_not_cut_off(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    for months in ("2025年1-3月", "2025年4-6月"):
        site.show(make_html(make_notice(months, 個人征信="營業執照")).replace("</body></html>", ""))
        assert site.track().exit_code == 0


def test_a_page_of_which_most_was_not_understood_is_held(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(make_html(FIRST))
    site.track()
    garbled = FIRST.replace("現資質要求", "資格說明事項").replace("類目適用范圍", "服務介紹") + "〔表單〕\n\n" * 12
    site.show(make_html(garbled))
    run = site.track()
    assert run.exit_code == 4
    assert "lines were not understood" in run.stderr


def test_an_empty_table_is_no_catalogue(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path, 'kind = "catalogue"')
    site.show(make_catalogue(NAMES))
    site.track()
    site.show(make_catalogue([]))
    assert site.track().exit_code == 4
    assert site.digests() == 1


def test_a_notice_is_not_judged_by_how_much_it_names(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(make_html(FIRST))
    site.track()
    site.show(make_html(make_notice("2025年7-9月", 銀行="營業執照")))
    assert site.track().exit_code == 0
    assert site.digests() == 2


def test_a_page_of_another_title_is_held_until_it_is_accepted(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path, 'profile = "wechat-miniprogram"')
    site.show(make_html(FIRST))
    site.track()
    other = SECOND.replace("2025年4-6月小程序類目調整匯總公告", "關於優化服務商補貼名單及類目公示", 1)
    site.show(make_html(other))
    run = site.track()
    assert run.exit_code == 4
    assert "its title is '關於優化服務商補貼名單及類目公示', unlike those of the source's earlier pages" in run.stderr
    listed = site.run("quarantine", "list")
    assert listed.stdout.startswith(f"1 site since 2025-07-04 {site.url}: its title is")
    assert site.run("quarantine", "accept", "1").exit_code == 0
    assert site.run("quarantine", "accept", "1").exit_code == 2
    accepted = site.track()
    assert accepted.exit_code == 0
    assert len(accepted.stdout.splitlines()) == 3
    assert site.run("quarantine", "list").stdout == ""


def test_the_quarantine_is_json_for_programs(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(LOGIN)
    site.track()
    listed = site.run("quarantine", "list", "--format", "json").stdout_bytes
    (page,) = msgspec.json.decode(listed, type=QuarantineOutput, strict=True).pages
    assert (page.id, page.source, page.address, page.decision) == (1, "site", site.url, None)
    assert page.since == page.captured
    assert page.reasons[0].code == "refused"
    assert list(json.loads(listed)["pages"][0]) == list(HeldOutput.__struct_fields__)
    site.run("quarantine", "drop", "1")
    empty = site.run("quarantine", "list", "--format", "json").stdout
    assert json.loads(empty) == {"format": "noticediff.quarantine", "format_version": "1.0", "pages": []}
    shown = json.loads(site.run("quarantine", "show", "1", "--format", "json").stdout)
    assert shown["pages"][0]["decision"] == "dropped"


def test_a_dropped_page_is_listed_no_more_and_still_fails(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(LOGIN)
    assert site.track().exit_code == 4
    assert site.run("quarantine", "drop", "1").exit_code == 0
    again = site.track()
    assert (again.exit_code, again.output) == (4, "")
    assert site.run("quarantine", "list").stdout == ""
    assert site.run("quarantine", "show", "1").stdout == LOGIN


def test_what_cannot_be_read_cannot_be_accepted(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(LOGIN)
    site.track()
    run = site.run("quarantine", "accept", "1")
    assert run.exit_code == 4
    assert "it cannot be accepted before a profile reads it" in run.stderr
    assert site.run("quarantine", "show", "7").exit_code == 2


def test_a_failure_that_changes_its_bytes_every_night_fills_one_place(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    for night in range(3):
        site.show(LOGIN + f"<!-- {night} -->")
        site.track()
    assert len(site.run("quarantine", "list").stdout.splitlines()) == 1
    assert "<!-- 2 -->" in site.run("quarantine", "show", "1").stdout


def test_the_same_page_refused_in_the_words_of_another_release_fills_one_place(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    site = Site(httpserver, tmp_path)
    site.show(LOGIN)
    site.track()
    with open_store(str(tmp_path / "notices.db")) as store:
        held = store.quarantine.load_held(1)
        told = (Reason("refused", "what an earlier release said"),)
        assert store.quarantine.hold(held.source, held.page, told, now=held.since) == 1
    site.track()
    (place,) = site.run("quarantine", "list").stdout.splitlines()
    assert place.startswith("1 site ")
    assert "earlier release" not in place


def test_pages_that_are_wrong_in_two_ways_fill_two_places(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    for page in (LOGIN, "", LOGIN + "<!-- 2 -->"):
        site.show(page)
        site.track()
    assert len(site.run("quarantine", "list").stdout.splitlines()) == 2
    assert site.run("quarantine", "show", "1").stdout == LOGIN + "<!-- 2 -->"
    assert site.run("quarantine", "show", "2").stdout == ""


def test_a_source_that_is_silent_for_too_long_is_told_once(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path, 'expect_every = "120 days"')
    site.show(make_html(FIRST))
    site.track()
    assert site.track(nights=119).exit_code == 0
    run = site.track(nights=3)
    assert run.exit_code == 4
    assert "nothing new since 2025-07-03, and expect_every says '120 days'" in run.stderr
    assert (site.track().exit_code, site.track().output) == (4, "")
    site.show(make_html(SECOND))
    over = site.track()
    assert over.exit_code == 0
    assert "over; wrong since 2025-11-02" in over.stderr
    assert site.digests() == 2


def test_a_page_that_the_server_knows_to_be_unchanged_does_not_come_again(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    site = Site(httpserver, tmp_path)
    answers: list[int] = []

    def answer(request: Request) -> Response:
        is_same = request.headers.get("If-None-Match") == '"1"'
        answers.append(304 if is_same else 200)
        return Response("" if is_same else make_html(FIRST), answers[-1], {"ETag": '"1"', "Content-Type": "text/html"})

    httpserver.expect_request("/notice").respond_with_handler(answer)
    assert [site.track().exit_code for _ in range(9)] == [0] * 9
    # After a week the server's word is checked: one that says 304 for ever must not blind the watch.
    assert answers == [200, *[304] * 6, 200, 304]
    assert site.digests() == 1


def test_validators_of_a_page_that_was_not_believed_are_not_used(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(LOGIN, ETag='"wall"')
    site.track()
    site.track()
    asked = [request for request, _ in httpserver.log if request.path == "/notice"]
    assert asked
    assert "If-None-Match" not in asked[-1].headers


def test_another_encoding_and_another_layout_are_no_news(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(make_html(FIRST))
    assert len(site.track().stdout.splitlines()) == 3
    redesigned = make_html(FIRST).replace("<p>", "<section><span>").replace("</p>", "</span></section>")
    for body, charset in (
        (make_html(FIRST).encode("gb18030"), "gb18030"),
        (make_html(FIRST).encode("gb18030"), "utf-8"),
        (redesigned.encode(), "utf-8"),
        (make_html(FIRST).encode("utf-16"), "utf-16"),
    ):
        httpserver.clear()
        httpserver.expect_request("/notice").respond_with_data(body, content_type=f"text/html; charset={charset}")
        assert (site.track().exit_code, site.track().output) == (0, "")
    assert site.digests() == 1


def test_a_list_that_stops_matching_is_an_alarm(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path, 'kind = "list"', 'match = "类目调整"')
    httpserver.expect_request("/a").respond_with_data(make_html(FIRST), content_type="text/html")
    httpserver.expect_request("/notice").respond_with_data('<a href="/a">类目调整</a>', content_type="text/html")
    assert site.track().exit_code == 0
    site.show('<a href="/a">其他公告</a>')
    run = site.track()
    assert run.exit_code == 4
    assert "no link's title on this list contains '类目调整'; look at the page, and mend match; held: `" in run.stderr
    assert (site.track().exit_code, site.track().output) == (4, "")
    accepted = site.run("quarantine", "accept", "1")
    assert accepted.exit_code == 2
    assert "page 1 is a list, which is never stored" in accepted.stderr


def test_a_list_is_paged_up_to_its_limit(httpserver: HTTPServer, tmp_path: Path) -> None:
    lines = ('kind = "list"', 'match = "类目调整"', 'next = "a.next"', "pages = 2")
    site = Site(httpserver, tmp_path, *lines)

    def list_page(number: int) -> str:
        title = f"2025年{number}月小程序类目调整汇总公告"
        return f'<html><a href="/n{number}">{title}</a> <a class="next" href="/list{number + 1}">下一页</a></html>'

    httpserver.expect_request("/notice").respond_with_data(list_page(1), content_type="text/html")
    for number in (2, 3):
        httpserver.expect_request(f"/list{number}").respond_with_data(list_page(number), content_type="text/html")
        httpserver.expect_request(f"/n{number}").respond_with_data(
            make_html(make_notice(f"2025年{number}月", 銀行="營業執照")), content_type="text/html"
        )
    httpserver.expect_request("/n1").respond_with_data(make_html(FIRST), content_type="text/html")
    assert site.track().exit_code == 0
    asked = {request.path for request, _ in httpserver.log}
    assert {"/notice", "/list2", "/n1", "/n2"} <= asked
    assert not {"/list3", "/n3"} & asked
    said = site.run("track")
    assert (said.exit_code, "the list goes on after 2 pages; raise pages" in said.stderr) == (0, True)
    # More than two pages of new notices in one night: some may stand where nobody looks.
    httpserver.clear()
    for path, number in (("/notice", 5), ("/list6", 4), ("/list5", 3)):
        httpserver.expect_request(path).respond_with_data(list_page(number), content_type="text/html")
        notice = make_html(make_notice(f"2025年{number}月", 銀行="營業執照"))
        httpserver.expect_request(f"/n{number}").respond_with_data(notice, content_type="text/html")
    flood = site.track()
    assert flood.exit_code == 4
    assert "the list goes on after 2 pages, and the last one still leads to new notices; raise pages" in flood.stderr
    assert "over; wrong since" in site.track().stderr


def test_a_known_notice_is_asked_for_less_often_as_it_grows_old_and_its_edit_is_still_seen(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    site = Site(httpserver, tmp_path, 'kind = "list"', 'match = "类目调整"', "robots = false")
    pages = {"/a": make_html(FIRST), "/notice": '<a href="/a">类目调整 1</a>'}
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.path)
        return Response(pages[request.path], content_type="text/html")

    httpserver.expect_request("/a").respond_with_handler(answer)
    httpserver.expect_request("/notice").respond_with_handler(answer)
    site.track()
    asked.clear()
    for nights in (30, 1, 1, 1, 1, 1, 1, 1):  # the last seven hold one day of the week
        assert site.track(nights=nights).exit_code == 0
    assert (asked.count("/notice"), asked.count("/a")) == (8, 2)
    asked.clear()
    site.track(nights=60)  # nights on which the machine was off hide no day on which the page was due
    site.track(nights=1)
    assert asked.count("/a") >= 1
    pages["/a"] = make_html(FIRST.replace("金融許可證", "金融業務許可證"))
    pages["/notice"] += '<a href="/b">类目调整 2</a>'
    pages["/b"] = make_html(SECOND)
    httpserver.expect_request("/b").respond_with_handler(answer)
    asked.clear()
    assert site.track().exit_code == 0
    assert "/b" in asked  # what is new at once
    site.track(nights=7)
    assert "《金融業務許可證》" in site.run("show", "企業征信").stdout
    asked.clear()
    site.track()
    assert asked == ["/notice", "/a", "/b"]  # a notice that was edited is young again


def test_the_first_run_stores_the_history_and_writes_one_digest(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path, 'kind = "list"', 'match = "类目调整"')
    links = "".join(f'<a href="/n{month}">2025年{month}月类目调整</a>' for month in range(1, 7))
    httpserver.expect_request("/notice").respond_with_data(links, content_type="text/html")
    for month in range(1, 7):
        notice = make_html(make_notice(f"2025年{month}月", **{f"類目{month}": "營業執照"}))
        httpserver.expect_request(f"/n{month}").respond_with_data(notice, content_type="text/html")
    run = site.track()
    assert (run.exit_code, len(run.stdout.splitlines()), site.digests()) == (0, 3, 1)
    assert (site.track().output, site.digests()) == ("", 1)


def test_a_page_that_the_list_does_not_lead_to_any_more_fails_no_more(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path, 'kind = "list"', 'match = "类目调整"')
    both = '<html><a href="/a">类目调整 1</a><a href="/b">类目调整 2</a></html>'
    httpserver.expect_request("/a").respond_with_data(make_html(FIRST), content_type="text/html")
    httpserver.expect_request("/notice").respond_with_data(both, content_type="text/html")
    assert site.track().exit_code == 3
    site.show("", 503)
    outage = site.track()
    assert outage.exit_code == 3
    assert "over" not in outage.stderr
    httpserver.clear()
    httpserver.expect_request("/a").respond_with_data(make_html(FIRST), content_type="text/html")
    one = '<html><a href="/a">类目调整 1</a></html>'
    httpserver.expect_request("/notice").respond_with_data(one, content_type="text/html")
    mended = site.track()
    assert mended.exit_code == 0
    assert mended.stderr.count("over; wrong since") == 2


def test_a_secret_comes_from_the_environment_and_is_never_told(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(httpserver, tmp_path, 'headers = {"Cookie" = "env:NOTICES_COOKIE"}')
    site.show(make_html(FIRST))
    run = site.track()
    assert run.exit_code == 2
    assert "the variable NOTICES_COOKIE, for the header Cookie of 'site', is not set in the environment" in run.stderr
    monkeypatch.setenv("NOTICES_COOKIE", "session=s3cret")
    site.show("", 403)
    assert "s3cret" not in site.track().output
    site.show(make_html(FIRST))
    assert "s3cret" not in site.track().output
    (request,) = [request for request, _ in httpserver.log if request.path == "/notice"]
    assert request.headers["Cookie"] == "session=s3cret"
    assert b"s3cret" not in (tmp_path / "notices.db").read_bytes()


def test_robots_txt_is_honoured_unless_the_source_says_otherwise(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /\n")
    httpserver.expect_request("/notice").respond_with_data(make_html(FIRST), content_type="text/html")
    run = site.track()
    assert run.exit_code == 3
    assert "robots.txt forbids it; ask the site, or say robots = false for the source" in run.stderr
    assert "/notice" not in {request.path for request, _ in httpserver.log}
    site.config.write_text(site.config.read_text().replace("allow_private", "robots = false\nallow_private"))
    open_run = site.run("track")
    assert open_run.exit_code == 0
    assert "source 'site': robots.txt is not asked (robots = false)" in open_run.stderr


def test_a_dry_run_leaves_no_trace_of_what_it_would_hold(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(make_html(FIRST))
    site.track()
    store = (tmp_path / "notices.db").read_bytes()
    site.show(LOGIN)
    assert site.track("--dry-run").exit_code == 4
    assert (tmp_path / "notices.db").read_bytes() == store


def test_a_source_is_tried_twice_and_what_moves_is_told(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    views = iter(range(100))

    def answer(_: Request) -> Response:
        return Response(make_html(FIRST, f"浏览 {next(views)}"), content_type="text/html")

    httpserver.expect_request("/notice").respond_with_handler(answer)
    run = site.run("source", "test", "site")
    assert run.exit_code == 0, run.output
    lines = run.stdout.splitlines()
    assert lines[0] == site.url
    assert "notice '2025年1-3月小程序類目調整匯總公告' of wechat-miniprogram with 2 entries" in lines[1]
    assert lines[2] == "  the second time other bytes said the same (a counter, or comments): no news"
    assert lines[3] == "  to ask again with: none: the whole page comes every night"
    assert not (tmp_path / "notices.db").exists()
    site.show(make_html(FIRST), ETag='"1"')
    again = site.run("source", "test", "site").stdout
    assert "the second time the same bytes came" in again
    assert "to ask again with: ETag" in again


def test_the_quarantine_survives_in_the_store_as_bytes(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, tmp_path)
    site.show(LOGIN)
    site.track()
    with sqlite3.connect(tmp_path / "notices.db") as database:
        ((reasons, pages),) = database.execute("select reasons, (select count(*) from pages) from quarantine")
    database.close()
    assert '"code": "refused"' in reasons
    assert pages == 0
