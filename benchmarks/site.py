"""A site that misbehaves from a seed: notices and a catalogue that change, and all the ways in which sites break."""

from __future__ import annotations

import gzip
import random
import time
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler

LOGIN = "<!DOCTYPE html><html><head><title>登录</title></head><body><form><p>请先登录</p><input></form></body></html>"
VERIFY = "<!DOCTYPE html><html><body><p>环境异常,完成验证后即可继续访问。</p><a href='#'>去验证</a></body></html>"
FAILURES = (
    "login wall", "verification page", "empty body", "404", "410", "429", "500", "503", "drip", "cut short",
    "cut gzip", "bomb", "hang up", "redirect loop",
)  # fmt: skip
NOTICE_FAILURES = (*FAILURES, "cut page")
CATALOGUE_FAILURES = (*NOTICE_FAILURES, "empty table", "half gone", "unknown layout", "another page")
OUTAGE = "hang up"
LEAST, MOST = 1, 5  # nights that a breakdown lasts
QUIET = 40  # nights in which a category changes once at most: an old notice is looked at once in 30
YOUNG = 20  # nights in which a new notice is looked at for certain
CATEGORIES = 40
LIST_PAGE = 4  # notices on a page of the list, the newest first
ENCODINGS = ("utf-8", "gb18030", "utf-16")
LABELS = ("", "; charset=utf-8", "; charset=gb2312", "; charset=iso-8859-1")  # what the server says, true or not


class Site:
    """The site: what is true on it, how it looks tonight, and what is broken.

    `made` counts the real changes: the paper that a category asks for from then on, or the category that is gone.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a simulation
        self.papers = 0
        self.night = 0
        self.views = 0
        self.layout = 0
        self.encoding, self.label = ENCODINGS[0], LABELS[1]
        self.requests = 0
        self.made: Counter[str] = Counter()
        self.episodes = self.began = self.ended = 0
        self.broken: dict[str, str] = {}
        self._until: dict[str, int] = {}
        self._touched: dict[str, int] = {}
        self.catalogue = {f"类目{number}": self._name_paper() for number in range(CATEGORIES)}
        self.notices: list[dict[str, str]] = []
        self.months: list[int] = []
        self.published: list[int] = []
        self._publish()

    @property
    def is_broken(self) -> bool:
        """Whether anything is broken tonight."""
        return bool(self.broken)

    def begin_night(self, *, is_last: bool) -> None:
        """Let a day pass: changes, breakdowns and their ends. On the last nights all is mended, and nothing changes."""
        self.night += 1
        self.views += self.random.randrange(1000)
        if self.random.random() < 0.02:  # noqa: PLR2004 - a redesign every fifty nights
            self.layout = self.random.randrange(3)
        if self.random.random() < 0.03:  # noqa: PLR2004 - another encoding, or another word for it, every thirty
            self.encoding, self.label = self.random.choice(ENCODINGS), self.random.choice(LABELS)
        over = [path for path, until in self._until.items() if until <= self.night or is_last]
        for path in over:
            del self._until[path], self.broken[path]
        self.began, self.ended = 0, len(over)
        if is_last or self.night == 1:  # what is first seen is no change
            return
        self._change()
        self._break({"/list", "/catalogue"}, (OUTAGE,), over, often=0.01)
        self._break({"/list"}, FAILURES, over)
        self._break({"/catalogue"}, CATALOGUE_FAILURES, over)
        newest = len(self.notices) - 1
        if newest > 0 and self.night - self.published[newest] < YOUNG:
            self._break({f"/notice{newest}"}, NOTICE_FAILURES, over)

    def _break(self, paths: set[str], kinds: tuple[str, ...], over: list[str], often: float = 0.06) -> None:
        """Begin a breakdown of the paths, if the seed says so; each is told apart from every other one.

        While the list is broken nobody comes to the notices, and what breaks there would be told afterwards.
        """
        notices = {path for path in (*self.broken, *over) if path.startswith("/notice")}
        is_hidden = "/list" in self.broken and not paths <= {"/list", "/catalogue"}
        if self.random.random() > often or is_hidden or paths & {*self.broken, *over} or ("/list" in paths and notices):
            return
        kind, until = self.random.choice(kinds), self.night + self.random.randint(LEAST, MOST)
        self.broken.update(dict.fromkeys(paths, kind))
        self._until.update(dict.fromkeys(paths, until))
        self.began += len(paths)
        self.episodes += len(paths)

    def _change(self) -> None:
        draw = self.random.random()
        if draw < 0.10:  # noqa: PLR2004
            self._publish()
        elif draw < 0.14:  # noqa: PLR2004
            self._edit()
        elif draw < 0.26:  # noqa: PLR2004
            self._change_catalogue()

    def _publish(self) -> None:
        """A notice of the month before, at most one a month: every other one is of categories of the catalogue.

        The catalogue follows on the same day. Which of the two is seen first depends on what is broken.
        """
        month = self.night // 31
        if month in self.months:
            return
        number = len(self.notices)
        entries = {f"服务{number}之{place}": self._name_paper() for place in range(self.random.randint(1, 4))}
        self.notices.append(entries)
        self.months.append(month)
        self.published.append(self.night)
        self.made.update(entries.values())
        self._touched.update(dict.fromkeys(entries, self.night))
        if _is_listed(number):
            self.catalogue.update(entries)

    def _edit(self) -> None:
        """A notice asks for another paper than it did when it was published."""
        number = self.random.randrange(len(self.notices))
        notice = self.notices[number]
        there = {name: paper for name, paper in notice.items() if not _is_listed(number) or name in self.catalogue}
        if quiet := self._list_quiet(there):
            name, paper = quiet[0], self._name_paper()
            notice[name] = paper
            self.made[paper] += 1
            if _is_listed(number):
                self.catalogue[name] = paper

    def _change_catalogue(self) -> None:
        kind = self.random.choice(("add", "remove", "adjust", "adjust"))
        quiet = self._list_quiet(self.catalogue)
        if kind == "add":
            name = f"新类目{self.night}"
            self.catalogue[name] = self._name_paper()
            self._touched[name] = self.night
            self.made[self.catalogue[name]] += 1
        elif quiet and kind == "remove" and len(self.catalogue) > CATEGORIES // 2:
            del self.catalogue[quiet[0]]
            self.made[f"removed {quiet[0]}"] += 1
        elif quiet:
            self.catalogue[quiet[0]] = self._name_paper()
            self.made[self.catalogue[quiet[0]]] += 1

    def _list_quiet(self, entries: dict[str, str]) -> list[str]:
        """Categories that have not changed of late, in an order of the seed; the first one is touched now."""
        quiet = [name for name in entries if self.night - self._touched.get(name, -QUIET) >= QUIET]
        self.random.shuffle(quiet)
        for name in quiet[:1]:
            self._touched[name] = self.night
        return quiet

    def _name_paper(self) -> str:
        self.papers += 1
        return f"文件{self.papers}"

    def render(self, path: str) -> str | None:
        """The page at the path as it looks tonight, None where there is none."""
        if path.startswith("/list"):
            return self._render_list(int(path.removeprefix("/list") or 1))
        if path == "/catalogue":
            return self._frame("小程序开放的服务类目", render_catalogue(self.catalogue))
        if path.startswith("/notice") and int(path.removeprefix("/notice")) < len(self.notices):
            number = int(path.removeprefix("/notice"))
            return self._frame(
                self._title(number), self._render_notice(self.notices[number], listed=_is_listed(number))
            )
        return None

    def _render_list(self, page: int) -> str:
        """A page of the list, which grows from month to month."""
        newest_first = range(len(self.notices) - 1, -1, -1)
        here = newest_first[(page - 1) * LIST_PAGE : page * LIST_PAGE]
        links = "".join(f'<li><a href="/notice{number}">{self._title(number)}</a></li>' for number in here)
        more = f'<a class="next" href="/list{page + 1}">下一页</a>' if page * LIST_PAGE < len(newest_first) else ""
        return self._frame("公告列表", f"<ul>{links}</ul>{more}")

    def _title(self, number: int) -> str:
        """A notice speaks for the month before it is published: 2025年2月."""
        month = self.months[number] - 1
        return f"{2025 + month // 12}年{month % 12 + 1}月小程序类目调整汇总公告"

    def _render_notice(self, entries: dict[str, str], *, listed: bool) -> str:
        who = "非个人主体" if listed else "个人主体"
        lines = ["来源 | 微信公众平台运营中心", "现对以下类目进行调整,请知悉。", "类目新增", who]
        for name, paper in entries.items():
            lines += [
                f"#【生活服务-{name}】",
                "现资质要求",
                f"《{paper}》",
                "类目适用范围",
                f"适用于提供{name}的服务。",
            ]
        tag = ("p", "div", "section")[self.layout]
        return "".join(f"<{tag}>{line}</{tag}>" for line in lines)

    def _frame(self, title: str, body: str) -> str:
        """The page around the content: another one after each redesign, with a counter that grows every night."""
        head = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head>"
        chrome = ("<nav>首页</nav>", "<header><a href='/'>首页</a></header>", "<div class='top'>公告中心</div>")
        tag = ("article", "main", "div")[self.layout]
        foot = f"<footer>阅读 {self.views}</footer>"
        return f"{head}<body>{chrome[self.layout]}<{tag}><h1>{title}</h1>{body}</{tag}>{foot}</body></html>"

    def render_broken(self, kind: str, path: str) -> str:
        """A page with status 200 that is not what it should be."""
        match kind:
            case "login wall":
                return LOGIN
            case "verification page":
                return VERIFY
            case "empty table":
                return self._frame("小程序开放的服务类目", render_catalogue({}))
            case "half gone":
                left = dict(list(self.catalogue.items())[: len(self.catalogue) // 2 - 4])
                return self._frame("小程序开放的服务类目", render_catalogue(left))
            case "unknown layout":
                cards = "".join(f"<div>{name}</div>" for name in self.catalogue)
                return self._frame("服务类目", f"<div id='app'>{cards}</div>")
            case "another page":
                return self._frame(
                    "关于优化服务商补贴名单及类目公示", self._render_notice({"补贴": "申请表"}, listed=False)
                )
            case "empty body":
                return ""
            case "cut page":
                whole = self.render(path) or ""
                return whole[: len(whole) // 2]
            case _:
                return self.render(path) or ""


def render_catalogue(entries: dict[str, str]) -> str:
    """The catalogue's table."""
    heads = "".join(f"<th>{name}</th>" for name in ("二级分类", "三级分类", "资质要求", "类目适用范围", "备注"))
    rows = "".join(
        f"<tr><td>{name}</td><td>/</td><td>《{paper}》</td><td>适用于提供{name}的服务。</td><td>/</td></tr>"
        for name, paper in entries.items()
    )
    return f"<h2>非个人主体小程序开放的服务类目</h2><h3>生活服务</h3><table><tr>{heads}</tr>{rows}</table>"


def _is_listed(number: int) -> bool:
    """Whether the notice is of categories that the catalogue lists, too."""
    return number % 2 == 1


def build_handler(site: Site) -> type[BaseHTTPRequestHandler]:
    """What answers for the site."""
    return type("Handler", (_Handler,), {"site": site})


class _Handler(BaseHTTPRequestHandler):
    """Answers for a site."""

    site: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.site.requests += 1
        kind = self.site.broken.get(self.path)
        with suppress(OSError):
            if kind is None:
                self._answer(self.site.render(self.path))
            else:
                self._fail(kind)
        self.close_connection = True

    def _answer(self, page: str | None) -> None:
        """The page, with what asks whether it is still the same."""
        content = (page or "没有这个页面").encode(self.site.encoding)
        mark = f'"{sha256(content).hexdigest()[:16]}"'
        if page is not None and self.headers.get("If-None-Match") == mark:
            self._send(304, b"", ETag=mark)
        else:
            self._send(404 if page is None else 200, content, ETag=mark)

    def _send(self, status: int, content: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": f"text/html{self.site.label}", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:  # noqa: PLR2004
            self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def _fail(self, kind: str) -> None:
        content = self.site.render_broken(kind, self.path).encode(self.site.encoding)
        match kind:
            case "404" | "410" | "500":
                self._send(int(kind), b"error")
            case "429" | "503":
                self._send(int(kind), b"busy", Retry_After="3600")
            case "drip":
                self.send_response(200)
                self.end_headers()
                for _ in range(80):
                    self.wfile.write(b"<")
                    time.sleep(0.05)
            case "cut short":
                self._send(200, content[: len(content) // 2], len(content))
            case "cut gzip":
                packed = gzip.compress(content)
                self._send(200, packed[: len(packed) // 2], Content_Encoding="gzip")
            case "bomb":
                self._send(200, gzip.compress(b"\0" * 1_000_000), Content_Encoding="gzip")
            case "hang up":
                pass
            case "redirect loop":
                self._send(302, b"", Location=self.path)
            case _:
                self._send(200, content)

    def log_message(self, *arguments: object) -> None:
        del arguments
