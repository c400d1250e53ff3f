"""Change sets narrowed, and the levels of `--fail-on`."""

from __future__ import annotations

import datetime as dt

import pytest

from differ.changes import Change, ChangeSet, Finding, Kind, Side, Verdict
from noticediff.narrow import Level, is_level_reached, list_differences, narrow_changes
from snapshots.category import EntityType
from snapshots.period import InForce


def make_change(
    kind: Kind = "adjusted", verdict: Verdict | None = None, entity_type: EntityType | None = "personal"
) -> Change:
    return Change(
        id="1", kind=kind, platform="wechat", entity_type=entity_type, path=("甲",), paths_before=(), returned=False,
        key=f"wechat|{entity_type or ''}|甲", in_force=InForce(dt.date(2025, 3, 31), "period_end"), claimed=None,
        before="known", verdict=verdict, witness=None, fields=(), evidence=(), old=None, new=None,
    )  # fmt: skip


LEVELS: tuple[Level, ...] = ("relaxed", "mixed", "tightened", "removed", "any")


@pytest.mark.parametrize(
    ("change", "reached"),
    [
        (make_change(), {"any"}),
        (make_change("new"), {"any"}),
        (make_change(verdict="unknown"), {"any", "relaxed", "mixed", "tightened"}),
        (make_change(verdict="equivalent"), {"any"}),
        (make_change(verdict="relaxed"), {"any", "relaxed"}),
        (make_change(verdict="mixed"), {"any", "relaxed", "mixed"}),
        (make_change(verdict="tightened"), {"any", "relaxed", "mixed", "tightened"}),
        (make_change("removed"), set(LEVELS)),
    ],
)
def test_a_change_reaches_its_level_and_the_lighter_ones(change: Change, reached: set[Level]) -> None:
    assert {level for level in LEVELS if is_level_reached((change,), level)} == reached


def test_no_difference_reaches_no_level() -> None:
    assert not any(is_level_reached((), level) for level in LEVELS)


def test_repetitions_and_first_sights_are_differences_only_where_all_are_asked_for() -> None:
    changes = make_set(make_change("new"), make_change("restated"), make_change("first_seen"))
    assert [change.kind for change in list_differences(changes, all_kinds=False)] == ["new"]
    assert len(list_differences(changes, all_kinds=True)) == 3


def test_a_change_set_narrows_with_its_findings_and_coverage() -> None:
    changes = make_set(make_change(), make_change(entity_type="overseas"), make_change(entity_type=None))
    narrow = narrow_changes(changes, platform="wechat", entity_type="overseas")
    assert [change.entity_type for change in narrow.changes] == ["overseas"]
    assert [finding.key for finding in narrow.findings] == ["wechat|overseas|甲", None]
    assert narrow.new.coverage == {"wechat/overseas": "partial"}
    assert narrow_changes(changes, platform=None, entity_type=None) == changes
    assert narrow_changes(changes, platform="jd", entity_type=None).changes == ()


def make_set(*changes: Change) -> ChangeSet:
    findings = [
        Finding(id=str(number), code="x", severity="info", key=key, message="", evidence=())
        for number, key in enumerate([*(change.key for change in changes), None])
    ]
    coverage = {"/".join(filter(None, (change.platform, change.entity_type))): "partial" for change in changes}
    side = Side(date=None, coverage=coverage)  # type: ignore[arg-type]
    return ChangeSet(old=side, new=side, changes=changes, findings=tuple(findings))
