"""The JSON of `diff`: a change set as others rely on it."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from differ.changes import (
    FOLDED_KINDS,
    Change,
    ChangeSet,
    Evidence,
    FieldDifference,
    Finding,
    Kind,
    Knowledge,
    Side,
    Verdict,
    Witness,
)
from snapshots.category import CategoryPath, EntityType
from snapshots.notice import Action
from snapshots.period import InForce


class ChangeOutput(Struct, frozen=True, kw_only=True):
    """One change; `fields` names only what differs after folding."""

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


class DiffOutput(Struct, frozen=True, kw_only=True):
    """What changed between two dates or pages."""

    format: Literal["noticediff.diff"] = "noticediff.diff"
    format_version: Literal["1.0"] = "1.0"
    old: Side
    new: Side
    counts: dict[Kind, int]
    changes: tuple[ChangeOutput, ...]
    findings: tuple[Finding, ...]


def encode_changes(changes: ChangeSet, *, all_kinds: bool) -> bytes:
    """The change set as indented UTF-8 JSON, the same input giving the same bytes.

    `first_seen` and `restated` are counted, and listed only with `all_kinds`.
    """
    listed = [change for change in changes.changes if all_kinds or change.kind not in FOLDED_KINDS]
    output = DiffOutput(
        old=changes.old,
        new=changes.new,
        counts=changes.counts(),
        changes=tuple(_build_output(change) for change in listed),
        findings=changes.findings,
    )
    return msgspec.json.format(msgspec.json.encode(output), indent=2) + b"\n"


def _build_output(change: Change) -> ChangeOutput:
    return ChangeOutput(**{name: getattr(change, name) for name in ChangeOutput.__struct_fields__})
