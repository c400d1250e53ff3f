"""Change sets narrowed to what is asked for, and whether a level is reached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from differ.changes import FOLDED_KINDS, Change, ChangeSet, DecidedFinding, Finding, FindingLog, Side

Level = Literal["relaxed", "mixed", "tightened", "removed", "any"]

_ORDER: tuple[Level, ...] = ("relaxed", "mixed", "tightened", "removed")


def narrow_changes(changes: ChangeSet, *, platform: str | None, entity_type: str | None) -> ChangeSet:
    """The changes, findings and coverage of the platform and the entity type; None is every one."""

    def is_wanted(of_platform: str, of_type: str | None) -> bool:
        return platform in {None, of_platform} and entity_type in {None, of_type}

    def narrow_side(side: Side) -> Side:
        scopes = {name: name.partition("/") for name in side.coverage}
        wanted = {name for name, (of_platform, _, of_type) in scopes.items() if is_wanted(of_platform, of_type or None)}
        return Side(date=side.date, coverage={name: level for name, level in side.coverage.items() if name in wanted})

    def narrow(found: Iterable[Finding]) -> tuple[Finding, ...]:
        return narrow_findings(found, platform=platform, entity_type=entity_type)

    def narrow_decided(found: Iterable[DecidedFinding]) -> tuple[DecidedFinding, ...]:
        return tuple(decided for decided in found if narrow([decided.finding]))

    return ChangeSet(
        old=narrow_side(changes.old),
        new=narrow_side(changes.new),
        changes=tuple(change for change in changes.changes if is_wanted(change.platform, change.entity_type)),
        findings=narrow(changes.findings),
        dismissed=narrow(changes.dismissed),
        passing=tuple(change for change in changes.passing if is_wanted(change.platform, change.entity_type)),
        log=FindingLog(
            open=narrow_decided(changes.log.open),
            resolved=narrow(changes.log.resolved),
            dismissed=narrow_decided(changes.log.dismissed),
        ),
    )


def narrow_findings(
    findings: Iterable[Finding], *, platform: str | None, entity_type: str | None
) -> tuple[Finding, ...]:
    """The findings of the platform and the entity type, and those that are of no category."""
    return tuple(
        finding
        for finding in findings
        if finding.key is None
        or (platform in {None, finding.key.split("|")[0]} and entity_type in {None, finding.key.split("|")[1]})
    )


def list_differences(changes: ChangeSet, *, all_kinds: bool) -> tuple[Change, ...]:
    """The changes that count as differences: a first sight or a repetition only where all kinds are asked for."""
    return tuple(change for change in changes.changes if all_kinds or change.kind not in FOLDED_KINDS)


def is_level_reached(differences: tuple[Change, ...], level: Level) -> bool:
    """Whether any of the differences is as grave as the level, or graver: relaxed, mixed, tightened, removed.

    `any` is reached by every difference; one without a verdict reaches no other level unless it is a removal. What
    could not be decided may be stricter, and counts as that.
    """
    if level == "any":
        return bool(differences)
    return any(_grade(change) >= _ORDER.index(level) for change in differences)


def _grade(change: Change) -> int:
    if change.kind == "removed":
        return _ORDER.index("removed")
    match change.verdict:
        case "relaxed" | "mixed" | "tightened":
            return _ORDER.index(change.verdict)
        case "unknown":
            return _ORDER.index("tightened")
        case _:
            return -1
