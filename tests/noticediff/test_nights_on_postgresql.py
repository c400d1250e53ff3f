"""Nights of `track` on PostgreSQL: the same is told and kept as in a file."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import Result
from program_running import make_html, make_notice
from pytest_httpserver import HTTPServer
from test_watch import LOGIN, Site
from werkzeug import Request, Response

FIRST = make_html(make_notice("2025年1-3月", 個人征信="營業執照"))
SECOND = make_html(make_notice("2025年4-6月", 個人征信="!金融許可證"))
OTHER = SECOND.replace("2025年4-6月小程序類目調整匯總公告", "關於優化服務商補貼名單及類目公示", 1)


def run_nights(site: Site) -> list[object]:
    """What is said, and what the exit codes are, over nights that touch each table that `track` writes."""
    told: list[object] = []
    asked: list[bool] = []
    pages: dict[str, tuple[str, int]] = {}

    def answer(request: Request) -> Response:
        body, status = pages["/notice"]
        asked.append("If-None-Match" in request.headers)
        is_same = request.headers.get("If-None-Match") == f'"{hash(body)}"'
        if is_same and status == 200:
            return Response("", 304)
        return Response(body, status, {"ETag": f'"{hash(body)}"', "Content-Type": "text/html"})

    def keep(run: Result) -> None:
        told.append((run.exit_code, run.stderr.replace(str(site.folder), ""), len(run.stdout.splitlines())))

    site.server.clear()
    site.server.expect_request("/notice").respond_with_handler(answer)
    nights: list[tuple[str, int]] = [
        (FIRST, 200), (FIRST, 200), (LOGIN, 200), ("", 500), (LOGIN, 200), (FIRST, 200), (OTHER, 200),
    ]  # fmt: skip
    for night in nights:
        pages["/notice"] = night
        keep(site.track())
    for command in (["list"], ["show", "1"], ["accept", "1"], ["accept", "2"], ["drop", "2"], ["list"]):
        run = site.run("quarantine", *command)
        told.append((run.exit_code, run.stderr, run.stdout))
    keep(site.track())
    pages["/notice"] = (LOGIN, 200)
    keep(site.track())
    told.append(site.run("quarantine", "drop", "3").exit_code)
    for number in "123":
        (page,) = json.loads(site.run("quarantine", "show", number, "--format", "json").stdout)["pages"]
        told.append((page["decision"], page["since"][:10]))
    watched = site.config.read_text()
    other = watched.replace('name = "site"', 'name = "other"')
    pages["/notice"] = (OTHER, 200)
    site.config.write_text(other)
    keep(site.track())
    told += [site.run("show").stdout, asked]
    return told


def test_both_databases_keep_the_nights_alike(httpserver: HTTPServer, tmp_path: Path, postgresql: str) -> None:
    told = []
    for number, store in enumerate(["notices.db", postgresql]):
        folder = tmp_path / str(number)
        folder.mkdir()
        site = Site(httpserver, folder, 'profile = "wechat-miniprogram"')
        site.config.write_text(site.config.read_text().replace("notices.db", store))
        told.append(run_nights(site))
    in_file, on_server = told
    assert on_server == in_file
    codes = [night[0] for night in in_file[:7] if isinstance(night, tuple)]
    assert codes == [0, 0, 4, 3, 4, 0, 4]
    assert ("over", "2025-07-05") in in_file
    assert ("accepted", "2025-07-09") in in_file
    assert ("dropped", "2025-07-11") in in_file
