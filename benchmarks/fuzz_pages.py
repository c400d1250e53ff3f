"""Pages that nobody would publish: the examples in every layout, changed piece by piece, and made smaller again."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.layouts import LAYOUTS
from benchmarks.made_categories import made_from
from scraper.fetching.read import read_page
from scraper.parse import parse_page
from snapshots.errors import NoticediffError
from snapshots.notice import Page

EXAMPLES = Path(__file__).parents[1] / "examples" / "pages"
SHRINKING = 15
"""Seconds for each fault."""
_TOKEN_LINES = (
    "《 》 【 】 ( ) （ ） “ ” 、 ， 。 ； ： / | \t \n \u2028 \u3000 \xa0 \ufeff \x00",
    "或 及 和 注: 1、 2、 ① ② 一、 (1) 2.1 a. 资质1: (2选1): 二选一 任选其一 同时提供: 内测阶段 a@b.cc (diào)",
    "类目新增 类目调整 类目下线 非个人主体 境外主体 #【甲-乙】 【甲-乙】更名为【甲-丙】 现资质要求",
    "类目适用范围 适用于甲。",
    "需补充【甲-乙】类目 非个人主体小程序开放的服务类目 二级分类 于2025年1月1日生效 申请邮件必须附上以下资料:",
    "2025年1-3月小程序类目调整汇总公告 <p> </p> <br> <table> </table> <tr> <td> <h2> </h2> <h3> <td/rowspan=9>",
    "<td/colspan=99> <div> </div> <noframes> <title> <!-- <script> &amp; &#0; <ul><li> ## --- <form>",
)
TOKENS = [token for line in _TOKEN_LINES for token in line.split(" ")]


def make_page(content: bytes) -> Page:
    """The bytes as a page; what it is must be told from them."""
    return Page(name="page", content=content, sha256=hashlib.sha256(content).hexdigest())


def find_seeds() -> Iterator[bytes]:
    """The examples, and what they say in every other layout."""
    for path in sorted(EXAMPLES.glob("*.html")):
        page = read_page(str(path), None)
        yield page.content
        try:
            document = parse_page(page).documents[0]
        except NoticediffError:
            continue
        made = [made_from(entry) for entry in document.entries if entry.action in ("listed", "added", "adjusted")][:6]
        for layout in LAYOUTS:
            if (layout.form == "catalogue") == (document.kind == "catalogue"):
                yield layout.render(layout.choose(made)).encode()


def change_page(content: bytes, chance: random.Random) -> bytes:
    """The page with some pieces dropped, doubled, moved, torn or put in."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 8, 16))):
        start = chance.randrange(len(changed) + 1)
        end = min(start + chance.choice((1, 1, 3, 12, 60, 400)), len(changed))
        match chance.randrange(6):
            case 0:
                del changed[start:end]
            case 1:
                changed[start:start] = changed[start:end] * chance.choice((1, 1, 2, 30))
            case 2 if changed:
                place = min(start, len(changed) - 1)
                changed[place] = chance.randrange(256)
            case 3:
                piece = changed[start:end]
                del changed[start:end]
                place = chance.randrange(len(changed) + 1)
                changed[place:place] = piece
            case 4:
                del changed[len(changed) - (end - start) :]
            case _:
                changed[start:start] = chance.choice(TOKENS).encode() * chance.choice((1, 1, 1, 3, 40))
    return bytes(changed)


def shrink_page(content: bytes, still_fails: Callable[[bytes], bool]) -> bytes:
    """The page without the pieces that the fault does not need, as far as some seconds reach."""
    end = time.monotonic() + SHRINKING
    size = len(content) // 2
    while size:
        start = 0
        while start < len(content) and time.monotonic() < end:
            smaller = content[:start] + content[start + size :]
            if still_fails(smaller):
                content = smaller
            else:
                start += size
        size //= 2
    return content
