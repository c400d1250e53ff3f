from __future__ import annotations

import json

from worlds import DECEMBER, JUNE, MARCH, key_of, make_category, make_claim, make_snapshot, paper

from differ.changes import KINDS, ChangeSet
from differ.compare import diff_snapshots
from differ.encode import encode_changes

KEY = key_of()


def diff_some() -> ChangeSet:
    """One adjusted category, one listed for the first time, one named again, and one that only a notice ends."""
    credit, same, seen = (
        make_category(requirement=paper("許可證")),
        make_category("業", "同"),
        make_category("業", "見"),
    )
    listed, adjusted = make_claim("listed", MARCH), make_claim("adjusted", JUNE, document="3f9a01c2b4de-1")
    gone = make_category("業", "去")
    old = make_snapshot([credit, same], claims=[(credit.key, listed), (same.key, listed)])
    new = make_snapshot(
        [make_category(requirement=paper("備案憑證")), same, seen],
        claims=[
            (credit.key, listed),
            (credit.key, adjusted),
            (same.key, listed),
            (same.key, adjusted),
            (seen.key, make_claim("listed", JUNE)),
            (gone.key, make_claim("removed", JUNE, document="3f9a01c2b4de-1")),
        ],
        removed=[(gone.key, None)],
        date=DECEMBER,
    )
    return diff_snapshots(old, new)


def test_the_json_has_the_keys_and_values_of_the_contract_in_their_order() -> None:
    found = json.loads(encode_changes(diff_some(), all_kinds=False))

    assert list(found) == [
        "format", "format_version", "old", "new", "counts", "changes", "findings", "dismissed",
        "came_and_went", "open_findings", "resolved_findings", "dismissed_findings", "programs",
    ]  # fmt: skip
    assert (found["format"], found["format_version"]) == ("noticediff.diff", "1.0")
    assert found["old"] == {"date": "2025-03-31", "coverage": {"wechat-miniprogram/non_personal": "partial"}}
    assert list(found["counts"]) == list(KINDS)
    assert found["changes"][0] == {
        "id": found["changes"][0]["id"],
        "kind": "adjusted",
        "platform": "wechat-miniprogram",
        "entity_type": "non_personal",
        "path": ["金融業", "個人征信"],
        "paths_before": [],
        "key": KEY,
        "returned": False,
        "in_force": {"date": "2025-06-30", "basis": "period_end"},
        "claimed": "adjusted",
        "before": "known",
        "verdict": "mixed",
        "witness": {"papers": ["《許可證》"], "was_enough": True, "is_enough": False},
        "fields": [
            {
                "field": "requirement",
                "old": _paper("許可證"),
                "new": _paper("備案憑證"),
                "runs": [["delete", "《許可證》"], ["insert", "《備案憑證》"]],
            }
        ],
        "evidence": [{"document": "3f9a01c2b4de-1", "lines": [10, 20]}],
        "evidence_before": [],
        "as_of": None,
        "witness_gained": {"papers": ["《備案憑證》"], "was_enough": False, "is_enough": True},
        "cases": [],
    }
    assert list(found["changes"][0]) == [
        "id", "kind", "platform", "entity_type", "path", "paths_before", "key", "returned", "in_force", "claimed",
        "before", "verdict", "witness", "fields", "evidence", "evidence_before", "as_of", "witness_gained", "cases",
    ]  # fmt: skip
    assert list(found["changes"][0]["fields"][0]) == ["field", "old", "new", "runs"]


def test_a_finding_has_the_keys_of_the_contract_in_their_order() -> None:
    listed, added = make_claim("listed", MARCH), make_claim("added", JUNE, document="3f9a01c2b4de-1")
    credit = make_category(requirement=paper("許可證"))
    old = make_snapshot([credit], claims=[(KEY, listed)])
    new = make_snapshot([credit], claims=[(KEY, listed), (KEY, added)], date=DECEMBER)

    (finding,) = json.loads(encode_changes(diff_snapshots(old, new), all_kinds=False))["findings"]

    assert list(finding) == ["id", "code", "severity", "key", "message", "evidence"]
    assert finding["evidence"][0] == {"document": "3f9a01c2b4de-1", "lines": [10, 20]}


def test_baselines_and_repetitions_are_counted_and_listed_only_when_asked_for() -> None:
    changes = diff_some()
    some, every = (json.loads(encode_changes(changes, all_kinds=all_kinds)) for all_kinds in (False, True))

    assert [change["kind"] for change in some["changes"]] == ["adjusted", "removed"]
    assert [change["kind"] for change in every["changes"]] == ["adjusted", "removed", "restated", "first_seen"]
    assert some["counts"] == every["counts"]
    assert {kind: count for kind, count in some["counts"].items() if count} == {
        "adjusted": 1,
        "removed": 1,
        "restated": 1,
        "first_seen": 1,
    }


def test_the_same_change_set_gives_the_same_bytes_in_utf_8() -> None:
    content = encode_changes(diff_some(), all_kinds=True)

    assert content == encode_changes(diff_some(), all_kinds=True)
    assert "《備案憑證》".encode() in content
    assert content.endswith(b"}\n")


def test_a_diff_of_nothing_says_so() -> None:
    empty = make_snapshot(date=None)

    assert json.loads(encode_changes(diff_snapshots(empty, empty), all_kinds=True)) == {
        "format": "noticediff.diff",
        "format_version": "1.0",
        "old": {"date": None, "coverage": {}},
        "new": {"date": None, "coverage": {}},
        "counts": dict.fromkeys(KINDS, 0),
        "changes": [],
        "findings": [],
        "dismissed": 0,
        "came_and_went": [],
        "open_findings": [],
        "resolved_findings": [],
        "dismissed_findings": [],
        "programs": None,
    }


def _paper(title: str) -> dict[str, object]:
    return {
        "type": "paper",
        "text": f"《{title}》",
        "title": title,
        "holder": None,
        "qualifier": None,
        "count": None,
        "label": None,
        "marked_new": False,
        "notes": [],
    }
