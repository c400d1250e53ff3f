"""The JSON documents that commands print, each with its format and version; `schema` prints their JSON Schema."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from differ.changes import Kind
from snapshots.category import Attribute, CategoryPath, EntityType, RequirementBlock, ScopeBlock
from snapshots.notice import Accounting, Action, Document, DocumentKind, PageLabel, Problem
from snapshots.period import InForce
from snapshots.snapshot import CoverageLevel

Version = Literal["1.0"]


class ParseOutput(Struct, frozen=True, kw_only=True):
    """What one page says."""

    format: Literal["noticediff.parse"] = "noticediff.parse"
    format_version: Version = "1.0"
    page: PageLabel
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    accounting: Accounting


class DocumentLabel(Struct, frozen=True, kw_only=True):
    """A stored document by name: its id, its title, and where it came from when."""

    document: str
    kind: DocumentKind
    title: str | None
    page: str
    url: str | None
    captured: dt.datetime


class DatedState(Struct, frozen=True, kw_only=True):
    """A date at which the state changed: how many categories were in force, what changed, and what said so."""

    date: dt.date
    categories: int
    counts: dict[Kind, int]
    coverage: dict[str, CoverageLevel]
    documents: tuple[DocumentLabel, ...]


class SnapshotsOutput(Struct, frozen=True, kw_only=True):
    """The dates at which the state changed, oldest first."""

    format: Literal["noticediff.snapshots"] = "noticediff.snapshots"
    format_version: Version = "1.0"
    snapshots: tuple[DatedState, ...]


class ClaimOutput(Struct, frozen=True, kw_only=True):
    """What one document said of a category: the version that it stated, and where.

    A block that it did not state is null. `observed`: a complete list did not name the category. `corrected` says which
    fields are as an override of the configuration states them, and why.
    """

    action: Action
    observed: bool
    path: CategoryPath
    in_force: InForce
    source: DocumentLabel
    lines: tuple[int, int] | None
    requirement: RequirementBlock | None
    scope: ScopeBlock | None
    corrected: tuple[str, ...] = ()


class CategoryOutput(Struct, frozen=True, kw_only=True):
    """A category on a date.

    `removed` says since when it is gone, and the blocks are then the last ones known; `goes_on_as` names what a notice
    renamed, moved, merged or split it to.
    """

    platform: str
    entity_type: EntityType | None
    path: CategoryPath
    key: str
    removed: InForce | None
    goes_on_as: tuple[CategoryPath, ...]
    requirement: RequirementBlock | None
    scope: ScopeBlock | None
    attributes: tuple[Attribute, ...] | None
    claims: tuple[ClaimOutput, ...]


class ShowOutput(Struct, frozen=True, kw_only=True):
    """The state on a date, or one category of it."""

    format: Literal["noticediff.show"] = "noticediff.show"
    format_version: Version = "1.0"
    date: dt.date
    coverage: dict[str, CoverageLevel]
    categories: tuple[CategoryOutput, ...]
