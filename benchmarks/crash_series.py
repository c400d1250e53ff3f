"""A series of nights that is the same for one seed: what three sources show, night by night, and a server for it.

A list of notices and a catalogue come from the loopback, another catalogue from a file. Each real change asks for a
paper that no other one names, and no two changes touch one category, so that what was told can be counted.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from msgspec import Struct

from benchmarks.arrivals import CHANNELS, DELIVERED, KEY_HEADER, note_arrival, serve_mail

FILE = "overseas.html"
CONFIG = """\
store = "notices.db"
on_news = ["sh", "-c", "cat >> {delivered}"]
on_alarm = ["sh", "-c", "cat >> {delivered}"]

[[source]]
name = "notices"
url = "{url}/list"
kind = "list"
match = "类目调整"
allow_private = true
pause = 0

[[source]]
name = "catalogue"
url = "{url}/catalogue"
kind = "catalogue"
allow_private = true
pause = 0

[[source]]
name = "overseas"
file = "{file}"
kind = "catalogue"
"""
_CATEGORIES = 12
_MOST_NOTICES = 40
_FIRST_YEAR = 2015
_OK, _NOT_MODIFIED, _NOT_FOUND = 200, 304, 404


class Night(Struct, frozen=True, kw_only=True):
    """What stands at each path on one night, and the paths that answer with 404 instead."""

    pages: dict[str, str]
    broken: frozenset[str]


def build_nights(seed: int, count: int) -> tuple[Night, ...]:
    """So many nights: each brings a change or several, and one in eight a source that fails for that night."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    papers = iter(range(1, 1_000_000))
    catalogues = {
        path: {f"{prefix}{number}": f"文件{next(papers)}" for number in range(_CATEGORIES)}
        for path, prefix in (("/catalogue", "类目"), (FILE, "境外类目"))
    }
    notices: list[dict[str, str]] = []
    nights = []
    for night in range(count):
        if night % 3 == 0 and len(notices) < _MOST_NOTICES:
            notices.append({f"服务{night}之{place}": f"文件{next(papers)}" for place in range(chance.randint(1, 3))})
        if night and night % 3 != 1:
            entries = catalogues["/catalogue"]
            entries[f"新类目{night}"] = f"文件{next(papers)}"
            if len(entries) > _CATEGORIES:
                del entries[next(iter(entries))]
        if night and (night % 3 == 1 or chance.random() < 0.5):  # noqa: PLR2004
            catalogues[FILE][f"境外新类目{night}"] = f"文件{next(papers)}"
        broken = {chance.choice(("/list", "/catalogue"))} if night % 8 == 2 else set()  # noqa: PLR2004
        nights.append(Night(pages=_render_pages(notices, catalogues), broken=frozenset(broken)))
    return tuple(nights)


@contextmanager
def serve_series(folder: Path, *, with_services: bool = False) -> Iterator[Stage]:
    """Where the nights are played, as long as it is needed; the file of the third source lies in the folder.

    With services, news and alarms go by mail and to a webhook too. On a night with a source that fails, the mail server
    takes nothing.
    """
    stage = Stage(folder)
    handler = type("Handler", (_Handler,), {"stage": stage})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stage.port = server.server_port
    try:
        if with_services:
            with serve_mail(folder, lambda: bool(stage.night.broken)) as stage.mail_port:
                yield stage
        else:
            yield stage
    finally:
        server.shutdown()
        server.server_close()


class Stage:
    """What the sources show now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.mail_port: int | None = None
        self.night = Night(pages={}, broken=frozenset())

    def configure(self, name: str) -> str:
        """The configuration that watches the three sources in the place of that name."""
        url = f"http://127.0.0.1:{self.port}"
        config = CONFIG.format(url=url, file=self.folder / FILE, delivered=DELIVERED)
        if self.mail_port is None:
            return config
        return config + CHANNELS.format(mail=self.mail_port, web=self.port, name=name)

    def show(self, night: Night) -> None:
        """Let the sources show that night."""
        self.night = night
        (self.folder / FILE).write_text(night.pages[FILE], encoding="utf-8")


def render_notice(number: int, entries: dict[str, str]) -> str:
    """A notice of the n-th month that says of new categories which paper each asks for."""
    lines = ["来源 | 微信公众平台运营中心", "现对以下类目进行调整,请知悉。", "类目新增", "个人主体"]
    for name, paper in entries.items():
        lines += [f"#【生活服务-{name}】", "现资质要求", f"《{paper}》", "类目适用范围", f"适用于提供{name}的服务。"]
    return _frame(_title(number), "".join(f"<p>{line}</p>" for line in lines))


def _render_pages(notices: list[dict[str, str]], catalogues: dict[str, dict[str, str]]) -> dict[str, str]:
    pages = {f"/notice{number}": render_notice(number, entries) for number, entries in enumerate(notices)}
    links = "".join(f'<li><a href="/notice{number}">{_title(number)}</a></li>' for number in range(len(notices)))
    pages["/list"] = _frame("公告列表", f"<ul>{links}</ul>")
    for path, who in (("/catalogue", "非个人主体"), (FILE, "境外主体")):
        pages[path] = _frame("小程序开放的服务类目", _render_catalogue(who, catalogues[path]))
    return pages


def _title(number: int) -> str:
    return f"{_FIRST_YEAR + number // 12}年{number % 12 + 1}月小程序类目调整汇总公告"


def _render_catalogue(who: str, entries: dict[str, str]) -> str:
    heads = "".join(f"<th>{name}</th>" for name in ("二级分类", "三级分类", "资质要求", "类目适用范围", "备注"))
    rows = "".join(
        f"<tr><td>{name}</td><td>/</td><td>《{paper}》</td><td>适用于提供{name}的服务。</td><td>/</td></tr>"
        for name, paper in entries.items()
    )
    return f"<h2>{who}小程序开放的服务类目</h2><h3>生活服务</h3><table><tr>{heads}</tr>{rows}</table>"


def _frame(title: str, body: str) -> str:
    head = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head>"
    return f"{head}<body><nav>首页</nav><article><h1>{title}</h1>{body}</article></body></html>"


class _Handler(BaseHTTPRequestHandler):
    """Answers for the sources."""

    stage: Stage
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # otherwise every answer waits for 40 ms

    def do_GET(self) -> None:
        night = self.stage.night
        page = None if self.path in night.broken else night.pages.get(self.path)
        content = ("没有这个页面" if page is None else page).encode()
        mark = f'"{sha256(content).hexdigest()[:16]}"'
        if page is not None and self.headers.get("If-None-Match") == mark:
            self._answer(_NOT_MODIFIED, b"", mark)
        else:
            self._answer(_NOT_FOUND if page is None else _OK, content, mark)

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers[KEY_HEADER]
        note_arrival(self.stage.folder, self.path, channel="webhook", key=key, text=told["message"])
        self._answer(_OK, b"", "")

    def _answer(self, status: int, content: bytes, mark: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("ETag", mark)
            self.send_header("Connection", "close")
            if status != _NOT_MODIFIED:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:  # who asked is gone: it was killed
            pass
        self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        del arguments
