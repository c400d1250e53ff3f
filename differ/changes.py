"""Changes and change sets: the difference of two snapshots, as the JSON of `diff` states it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, Literal

from msgspec import Struct

from snapshots.category import Category, CategoryPath, EntityType
from snapshots.notice import Action
from snapshots.period import InForce
from snapshots.snapshot import CoverageLevel

Kind = Literal[
    "new", "adjusted", "removed", "renamed", "moved", "merged", "split", "retracted", "restated", "first_seen"
]
KINDS: tuple[Kind, ...] = (
    "new", "adjusted", "removed", "renamed", "moved", "merged", "split", "retracted", "restated", "first_seen",
)  # fmt: skip
"""Every kind, in the order of counts and digests."""

FOLDED_KINDS: frozenset[Kind] = frozenset({"restated", "first_seen"})
"""Kinds that are counted, and listed only when asked for."""

Knowledge = Literal["known", "unknown", "none"]
Verdict = Literal["tightened", "relaxed", "equivalent", "mixed", "unknown"]
Severity = Literal["info", "warning", "error"]
RunKind = Literal["keep", "delete", "insert"]
Run = tuple[RunKind, str]


class Evidence(Struct, frozen=True, kw_only=True):
    """The place that says so: a stored document and its first and last line (None: the whole document)."""

    document: str
    lines: tuple[int, int] | None


class Witness(Struct, frozen=True, kw_only=True):
    """A set of papers that was enough before and is not now, or the reverse."""

    papers: tuple[str, ...]
    was_enough: bool
    is_enough: bool


class FieldDifference(Struct, frozen=True, kw_only=True):
    """A field that differs after folding; `old` and `new` are the field's values as in the JSON of an entry.

    `runs` is the difference of the two as text; its "keep" and "insert" runs join to the new text.
    """

    field: str
    old: Any
    new: Any
    runs: tuple[Run, ...]


class Change(Struct, frozen=True, kw_only=True):
    """One category between two snapshots. `old` and `new` carry the whole states for renderers, not for the JSON.

    `evidence` names the place that decides first, then what else was said in between, then what the new state rests on;
    `evidence_before` what the old one rests on. `as_of` is set where what decides the kind is older than the state: a
    notice adds a category, and a later page states it otherwise. `witness_gained` shows the other half of `mixed`: a
    set of papers that is enough now and was not before. `cases`: the papers are the same, and these labels of options
    tell apart who applies, on one side only.
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
    evidence_before: tuple[Evidence, ...] = ()
    as_of: InForce | None = None
    witness_gained: Witness | None = None
    cases: tuple[str, ...] = ()
    old: Category | None
    new: Category | None


class Finding(Struct, frozen=True, kw_only=True):
    """Something that does not add up, with its evidence."""

    id: str
    code: str
    severity: Severity
    key: str | None
    message: str
    evidence: tuple[Evidence, ...]


class DecidedFinding(Struct, frozen=True, kw_only=True):
    """A finding with the last decision on it, who took it and why; all None where nobody has decided."""

    finding: Finding
    decision: Literal["accepted", "dismissed"] | None = None
    who: str | None = None
    reason: str | None = None


class FindingLog(Struct, frozen=True, kw_only=True):
    """What became of the other findings: told before and still so, so no more, or decided by somebody to be none."""

    open: tuple[DecidedFinding, ...] = ()
    resolved: tuple[Finding, ...] = ()
    dismissed: tuple[DecidedFinding, ...] = ()


class Side(Struct, frozen=True, kw_only=True):
    """One end of a comparison: its date (None: before everything) and how much was known of each scope."""

    date: dt.date | None
    coverage: dict[str, CoverageLevel]


class ChangeSet(Struct, frozen=True, kw_only=True):
    """The difference of two snapshots; `changes` holds every kind, in order of kind, platform, entity type and key.

    `dismissed` are new findings that people have decided to be none. A digest tells more: in `passing` the changes in
    between that the two ends do not show, such as what came and is gone again, and in `log` the findings that are not
    new.
    """

    old: Side
    new: Side
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    dismissed: tuple[Finding, ...] = ()
    passing: tuple[Change, ...] = ()
    log: FindingLog = FindingLog()

    def counts(self) -> dict[Kind, int]:
        """How many changes there are of each kind, every kind named."""
        return {kind: sum(change.kind == kind for change in self.changes) for kind in KINDS}


def is_editorial(change: Change) -> bool:
    """Whether only other words ask for the same, of the same applicants: a record, and no news."""
    only_requirement = all(difference.field == "requirement" for difference in change.fields)
    return change.verdict == "equivalent" and only_requirement and not change.cases


def is_news(change: Change) -> bool:
    """Whether a reader is told of the change, and not only how many there are of its kind."""
    return change.kind not in FOLDED_KINDS and not is_editorial(change)


def build_id(platform: str, entity_type: EntityType | None, key: str, code: str, date: dt.date) -> str:
    """The id of a change (`code` is its kind) or a finding: 12 hexadecimal digits, the same as long as these are."""
    named = "\n".join((platform, entity_type or "", key, code, date.isoformat()))
    return hashlib.sha256(named.encode()).hexdigest()[:12]
