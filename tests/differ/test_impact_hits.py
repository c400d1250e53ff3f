"""Which programs of a portfolio a change set hits."""

from __future__ import annotations

import datetime as dt

from worlds import JUNE, MARCH, make_document, make_entry

from differ.compare import diff_snapshots
from differ.impact.hits import Hit, find_hits
from differ.impact.portfolio import HeldPaper, Portfolio, Program
from differ.verdict.papers import load_names
from snapshots.rebuild import list_change_dates, rebuild_series, rebuild_snapshot
from snapshots.snapshot import StoredDocument

MAY = dt.date(2025, 5, 1)
BEFORE = make_document(MARCH, make_entry("added", "宠物服务", "寄养", paper="甲证"))


def program(name: str, category: str, *papers: str) -> Program:
    return Program(name=name, categories=(category,), papers=tuple(HeldPaper(title=paper) for paper in papers))


def hit(now: StoredDocument, *programs: Program) -> tuple[Hit, ...]:
    documents = (BEFORE, now)
    changes = diff_snapshots(rebuild_snapshot((BEFORE,), at=None), rebuild_snapshot(documents, at=None))
    series = tuple(rebuild_series(documents, dates=list_change_dates(documents)))
    return find_hits(changes, Portfolio(programs), series, today=MAY, names=load_names())


def test_a_change_that_is_to_come_hits_those_in_its_category_as_they_will_stand() -> None:
    found = hit(
        make_document(JUNE, make_entry("adjusted", "宠物服务", "寄养", paper="乙证")),
        program("好", "宠物服务-寄养", "乙证"),
        program("缺", "寵物服務-寄養", "甲证"),
        program("别", "宠物服务-医院", "甲证"),
    )
    assert [(one.program, one.change.kind, one.impact.now.state) for one in found] == [
        ("缺", "adjusted", "undecided"),
        ("好", "adjusted", "satisfied"),
    ]


def test_a_rename_hits_those_that_have_the_old_name_and_those_that_have_the_new_one() -> None:
    found = hit(
        make_document(JUNE, make_entry("renamed", "宠物服务", "寄养", to=(("宠物服务", "托管"),))),
        program("旧", "宠物服务-寄养", "甲证"),
        program("新", "宠物服务-托管", "甲证"),
    )
    assert sorted(one.program for one in found) == ["新", "旧"]
    assert {one.change.kind for one in found} == {"renamed"}


def test_what_is_only_said_again_hits_nobody() -> None:
    again = make_document(JUNE, make_entry("adjusted", "宠物服务", "寄养", paper="甲证"))
    assert hit(again, program("旧", "宠物服务-寄养")) == ()
