"""The JSON of `diff`: a change set as others rely on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from differ.changes import (
    FOLDED_KINDS,
    Change,
    ChangeSet,
    DecidedFinding,
    Evidence,
    FieldDifference,
    Finding,
    Kind,
    Knowledge,
    Side,
    Verdict,
    Witness,
)
from differ.fields import export_delta
from differ.impact.hits import Hit
from differ.impact.impact import CategoryImpact
from snapshots.category import CategoryPath, EntityType
from snapshots.notice import Action
from snapshots.period import InForce


class ChangeOutput(Struct, frozen=True, kw_only=True):
    """One change; `fields` names only what differs after folding.

    `cases`: the verdict is `equivalent`, and these labels of options tell apart who applies on one side only.
    """

    id: str
    kind: Kind
    platform: str
    entity_type: EntityType | None
    path: CategoryPath
    paths_before: tuple[CategoryPath, ...]
    key: str
    returned: bool
    in_force: InForce
    claimed: Action | None
    before: Knowledge
    verdict: Verdict | None
    witness: Witness | None
    fields: tuple[FieldDifference, ...]
    evidence: tuple[Evidence, ...]
    evidence_before: tuple[Evidence, ...]
    as_of: InForce | None
    witness_gained: Witness | None
    cases: tuple[str, ...] = ()


class HitOutput(Struct, frozen=True, kw_only=True):
    """A program that a change hits, by the id of the change, and how its category stands after that, as in `impact`."""

    program: str
    change: str
    impact: CategoryImpact


class DiffOutput(Struct, frozen=True, kw_only=True):
    """What changed between two dates or pages; `dismissed` findings are counted and not listed.

    The rest is told by a digest only: `came_and_went` are changes in between that the two ends do not show; `programs`
    those that are hit, the worst first, null without a portfolio; the other findings are those that are not new.
    """

    format: Literal["noticediff.diff"] = "noticediff.diff"
    format_version: Literal["1.0"] = "1.0"
    old: Side
    new: Side
    counts: dict[Kind, int]
    changes: tuple[ChangeOutput, ...]
    findings: tuple[Finding, ...]
    dismissed: int
    came_and_went: tuple[ChangeOutput, ...] = ()
    open_findings: tuple[DecidedFinding, ...] = ()
    resolved_findings: tuple[Finding, ...] = ()
    dismissed_findings: tuple[DecidedFinding, ...] = ()
    programs: tuple[HitOutput, ...] | None = None


class DeltaOutput(Struct, frozen=True, kw_only=True):
    """The same differences as deltas of DeepDiff, by the ids of the changes."""

    format: Literal["noticediff.deepdiff"] = "noticediff.deepdiff"
    format_version: Literal["1.0"] = "1.0"
    old: Side
    new: Side
    deltas: dict[str, dict[str, Any]]


def encode_changes(changes: ChangeSet, *, all_kinds: bool, hits: Sequence[Hit] | None = None) -> bytes:
    """The change set as indented UTF-8 JSON, the same input giving the same bytes.

    `first_seen` and `restated` are counted, and listed only with `all_kinds`.
    """
    listed = [change for change in changes.changes if all_kinds or change.kind not in FOLDED_KINDS]
    output = DiffOutput(
        old=changes.old,
        new=changes.new,
        counts=changes.counts(),
        changes=tuple(encode_change(change) for change in listed),
        findings=changes.findings,
        dismissed=len(changes.dismissed),
        came_and_went=tuple(encode_change(change) for change in changes.passing),
        open_findings=changes.log.open,
        resolved_findings=changes.log.resolved,
        dismissed_findings=changes.log.dismissed,
        programs=None if hits is None else tuple(_encode_hit(hit) for hit in hits),
    )
    return msgspec.json.format(msgspec.json.encode(output), indent=2) + b"\n"


def encode_deltas(changes: ChangeSet) -> bytes:
    """For each changed category that both ends know, DeepDiff's delta of its fields, by the change's id."""
    pairs = (change for change in changes.changes if change.old is not None and change.new is not None)
    output = DeltaOutput(
        old=changes.old,
        new=changes.new,
        deltas={change.id: export_delta(change.fields) for change in pairs if change.fields},
    )
    return msgspec.json.format(msgspec.json.encode(output), indent=2) + b"\n"


def encode_change(change: Change) -> ChangeOutput:
    """The change as the JSON states it."""
    return ChangeOutput(**{name: getattr(change, name) for name in ChangeOutput.__struct_fields__})


def _encode_hit(hit: Hit) -> HitOutput:
    return HitOutput(program=hit.program, change=hit.change.id, impact=hit.impact)
