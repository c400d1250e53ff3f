"""The accounting law over real pages, examples and made pages; and it sees each loss that it is there to see."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from benchmarks.accounts import find_losses
from benchmarks.layouts import LAYOUTS, Layout
from benchmarks.made_categories import categories
from benchmarks.round_trips import make_page
from scraper import parse
from scraper.catalogue import catalogue_rows
from scraper.fetching.read import read_page
from scraper.ledger import Ledger
from scraper.notice import entries, notice
from scraper.notice.blocks import BlocksReading, read_blocks
from scraper.notice.entries import EntryDraft, build_entry
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from snapshots.errors import PageRefusedError
from snapshots.notice import NoticeEntry, Page
from snapshots.requirement import AllOf, Choose, Paper, Requirement, Text

ROOT = Path(__file__).parents[2]
EXAMPLES = [*sorted((ROOT / "examples" / "pages").glob("2*.html")), ROOT / "examples" / "pages" / "catalogue.html"]
JUNK = ("阅读全文", "1、", "注:", "|", "《丙函》", "。", "甲-乙")
REAL = [
    path
    for path in sorted((ROOT.parent / "shared" / "corpus").glob("*-*.*"))
    if not path.name.startswith("not-a-notice")  # no profile reads it
]


@pytest.mark.parametrize("path", EXAMPLES + REAL, ids=lambda path: path.name)
def test_every_line_and_every_letter_of_a_page_has_its_place(path: Path) -> None:
    assert find_losses(read_page(str(path), None)) == []


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_line_and_every_letter_of_a_made_page_has_its_place(layout: Layout, data: st.DataObject) -> None:
    made = layout.choose(data.draw(categories(layout.form)))
    assert not made or find_losses(make_page(layout, made)) == []


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_page_loses_nothing_that_is_left_of_it(layout: Layout, data: st.DataObject) -> None:
    lines = layout.render(layout.choose(data.draw(categories(layout.form)))).replace("<br>", "\n<br>").split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "swap", "junk"])):
            case "drop":
                lines[place] = ""
            case "double":
                lines.insert(place, lines[place])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case _:
                lines.insert(
                    place, data.draw(st.sampled_from(["阅读全文", "1、", "注:", "|", "《丙函》", "。", "甲-乙"]))
                )
    try:
        losses = find_losses(page_of("\n".join(lines), layout.suffix))
    except PageRefusedError:
        return
    assert losses == []


REPEATED = """非个人主体小程序开放的服务类目
生活服务
二级分类\t三级分类\t资质要求\t类目适用范围\t备注
园艺设计\t/\t"同时提供:
1、{item}
2、{item}
一、{item}
二、承诺函"\t适用于园艺设计。\t/
"""
LOST_TABLE = """## 个人主体小程序开放的服务类目
### 生活服务
### 生活服务
阅读全文
二级分类 | 三级分类 | 资质要求 | 类目适用范围 | 备注 || 潜水服务 | / | 《营业执照》 | 适用于潜水。 | / |
|
"""
EMPTY_SHEET = """非个人主体小程序开放的服务类目
体育
二级分类\t三级分类\t资质要求\t类目适用范围\t备注
生活服务
二级分类\t三级分类\t资质要求\t类目适用范围\t备注
潜水服务\t/\t/\t适用于潜水。\t/
"""
HEADERLESS_SHEET = """非个人主体小程序开放的服务类目
生活服务

潜水服务\t/\t"(4选1):
一、《营业执照》
二、《营业执照》
三、承诺函
四、《营业执照》
注:
一、须加盖公章
二、须在有效期内"\t"适用于提供潜水装备租赁、保养等服务。
注:暂不支持活体交易服务,建议去除。"\t/
个人主体小程序开放的服务类目
生活服务
二级分类\t三级分类\t资质要求\t类目适用范围\t备注
潜水服务\t/\t《营业执照》\t适用于提供潜水装备租赁、保养等服务。\t/
"""
UNCHANGED = """<!DOCTYPE html><html><body><main><h1>2031年1-3月小程序类目调整汇总公告</h1><table>
<tr><th>调整类型</th><th>主体类型</th><th>一级类目</th><th>二级类目</th></tr>
<tr><td>新增</td><td>个人主体</td><td>体育</td><td>潜水</td></tr>
<tr><td>不变</td><td>个人主体</td><td>生活服务</td><td>园艺设计</td></tr></table></main></body></html>"""


@pytest.mark.parametrize(
    ("page", "suffix"),
    [
        (REPEATED.format(item="《营业执照》"), ".txt"),
        (REPEATED.format(item="2家商户的协议"), ".txt"),
        (LOST_TABLE, ".md"),
        (EMPTY_SHEET, ".txt"),
        (HEADERLESS_SHEET, ".txt"),
        (UNCHANGED, ".html"),
    ],
    ids=[
        "a paper above the same paper",
        "words above the same words",
        "a heading that was lost twice",
        "a heading over a sheet without rows",
        "rows of a sheet that lost its header",
        "a row that says that nothing changes",
    ],
)
def test_what_the_search_once_found_is_lost_no_more(page: str, suffix: str) -> None:
    assert find_losses(page_of(page, suffix)) == []


def page_of(content: str, suffix: str = ".html") -> Page:
    return Page(name=f"page{suffix}", content=content.encode(), sha256=hashlib.sha256(content.encode()).hexdigest())


Change = Callable[[NoticeEntry], NoticeEntry]
DROPPED_FIELDS: dict[str, Change] = {
    "the requirement": lambda entry: structs.replace(entry, requirement=None),
    "the last item of a list": lambda entry: structs.replace(entry, requirement=drop_last(entry.requirement)),
    "a label": lambda entry: structs.replace(entry, requirement=drop_label(entry.requirement)),
    "a marker": lambda entry: structs.replace(entry, requirement=drop_marker(entry.requirement)),
    "a qualifier's words": lambda entry: structs.replace(entry, requirement=keep_titles(entry.requirement)),
    "the scope": lambda entry: structs.replace(entry, scope=None),
    "the end of the scope": lambda entry: structs.replace(entry, scope=(entry.scope or "")[:-4]),
    "the first note": lambda entry: structs.replace(entry, notes=entry.notes[1:]),
    "the last level of the path": lambda entry: structs.replace(entry, path=entry.path[:-1]),
}


def drop_last(node: Requirement | None) -> Requirement | None:
    match node:
        case AllOf(items=items) | Choose(items=items):
            return structs.replace(node, items=items[:-1])
        case _:
            return node


def drop_label(node: Requirement | None) -> Requirement | None:
    match node:
        case AllOf(items=items) | Choose(items=items):
            changed = tuple(item for item in map(drop_label, items) if item is not None)
            return structs.replace(node, label=None, items=changed)
        case _:
            return node


def drop_marker(node: Requirement | None) -> Requirement | None:
    return structs.replace(node, marker=None) if isinstance(node, AllOf | Choose) else node


def keep_titles(node: Requirement | None) -> Requirement | None:
    match node:
        case AllOf(items=items) | Choose(items=items):
            return structs.replace(node, items=tuple(item for item in map(keep_titles, items) if item is not None))
        case Paper(title=title):
            return structs.replace(node, text=title)
        case Text():
            return node
        case _:
            return node


@pytest.mark.parametrize("path", [EXAMPLES[0], EXAMPLES[-1]], ids=["notice", "catalogue"])
@pytest.mark.parametrize("change", DROPPED_FIELDS.values(), ids=DROPPED_FIELDS.keys())
def test_the_law_sees_a_field_that_the_program_drops(
    monkeypatch: pytest.MonkeyPatch, path: Path, change: Change
) -> None:
    def build_less(draft: EntryDraft, profile: Profile, ledger: Ledger) -> NoticeEntry:
        return change(build_entry(draft, profile, ledger))

    monkeypatch.setattr(notice, "build_entry", build_less)
    monkeypatch.setattr(catalogue_rows, "build_entry", build_less)
    assert any(" lost " in loss for loss in find_losses(read_page(str(path), None)))


def test_the_law_sees_how_to_apply_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_less(*arguments: Any) -> BlocksReading:
        return structs.replace(read_blocks(*arguments), application=())

    monkeypatch.setattr(entries, "read_blocks", read_less)
    losses = find_losses(page_of(APPLIED, ".txt"))
    assert len(losses) == 1
    assert "内测阶段" not in losses[0]  # sorted letters, not words
    assert set("内测阶段") <= set(losses[0])


APPLIED = """2031年1-3月小程序类目调整汇总公告
类目新增
非个人主体
【生活服务-潜水】
现资质要求
该类目处于内测阶段,暂不支持线上申请
申请邮件必须附上以下资料:
《营业执照》
类目适用范围
适用于潜水服务。"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        *((EXAMPLES[0], place) for place in ("requirement", "scope", "title", "section: added", "entry: added")),
        *((EXAMPLES[-1], place) for place in ("requirement", "scope", "remark", "path", "column heading", "heading")),
    ],
    ids=lambda value: value if isinstance(value, str) else value.stem,
)
def test_the_law_sees_a_line_that_is_not_claimed(monkeypatch: pytest.MonkeyPatch, path: Path, place: str) -> None:
    class Forgetful(Ledger):
        def claim(self, line: Line, place_of_line: str) -> None:
            if place_of_line != place:
                super().claim(line, place_of_line)

    monkeypatch.setattr(parse, "Ledger", Forgetful)
    assert any("has no place" in loss for loss in find_losses(read_page(str(path), None)))


def test_the_law_sees_a_line_given_to_two_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    class Generous(Ledger):
        first: tuple[Line, ...] = ()

        def begin_entry(self, lines: Any) -> None:
            own = tuple(lines)
            self.first = self.first or own
            super().begin_entry(dict.fromkeys((*self.first, *own)))

    monkeypatch.setattr(parse, "Ledger", Generous)
    losses = find_losses(read_page(str(EXAMPLES[-1]), None))
    assert any("belongs to several rows, and its cell to one" in loss for loss in losses)


def test_the_law_sees_content_that_is_left_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(Ledger):
        def claim(self, line: Line, place: str) -> None:
            if place == "scope":
                self.leave_outside(line)
            else:
                super().claim(line, place)

    monkeypatch.setattr(parse, "Ledger", Careless)
    assert find_losses(read_page(str(EXAMPLES[0]), None)) != []
