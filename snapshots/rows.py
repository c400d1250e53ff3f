"""Rows: what one document says of one category in one way, however many lines of a table it takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

from snapshots.category import Attribute, RequirementBlock, ScopeBlock
from snapshots.keys import is_named
from snapshots.notice import NoticeEntry, requirement_block, scope_block
from snapshots.requirement import Choose

_MERGED_ACTIONS = frozenset({"added", "adjusted", "listed"})
_T = TypeVar("_T")


class Row(Struct, frozen=True):
    """The entries of one category with one action, and the blocks that they state together."""

    entries: tuple[NoticeEntry, ...]
    requirement: RequirementBlock | None
    scope: ScopeBlock | None
    attributes: tuple[Attribute, ...] | None

    @property
    def entry(self) -> NoticeEntry:
        """The first entry: the name and the action are those of all."""
        return self.entries[0]


def merge_rows(entries: Iterable[NoticeEntry]) -> list[Row]:
    """The rows of the entries, each where its first entry stands; entries whose name was lost are left out.

    Rows of one path in one document are one category: equal rows once, different ones (by kind of applicant, by
    condition) a choice of one of them. An entry that ends or renames a category is a row of its own.
    """
    groups: dict[tuple[str, ...], list[NoticeEntry]] = {}
    for place, entry in enumerate(entries):
        if not is_named(entry.key):
            continue
        merged = entry.action in _MERGED_ACTIONS
        group = (entry.key, entry.action) if merged else (entry.key, entry.action, str(place))
        groups.setdefault(group, []).append(entry)
    return [_merge_entries(tuple(group)) for group in groups.values()]


def _merge_entries(entries: tuple[NoticeEntry, ...]) -> Row:
    if len(entries) == 1:
        entry = entries[0]
        attributes = entry.attributes or None
        return Row(entries, requirement_block(entry), scope_block(entry), attributes)
    requirements = [block for block in map(requirement_block, entries) if block is not None]
    scopes = [block for block in map(scope_block, entries) if block is not None]
    attributes = _unite(entry.attributes for entry in entries) or None
    return Row(entries, _choose_requirement(requirements), _join_scopes(scopes), attributes)


def _choose_requirement(blocks: list[RequirementBlock]) -> RequirementBlock | None:
    if len(blocks) < 2:  # noqa: PLR2004 - one block, or none, stands as it is
        return blocks[0] if blocks else None
    requirements = _unite((block.requirement,) for block in blocks if block.requirement is not None)
    return RequirementBlock(
        requirement=Choose(n=1, items=requirements) if len(requirements) > 1 else next(iter(requirements), None),
        application=_unite(block.application for block in blocks),
        notes=_unite(block.notes for block in blocks),
        references=_unite(block.references for block in blocks),
        papers=_unite(block.papers for block in blocks),
        closed_beta=any(block.closed_beta for block in blocks),
        emails=_unite(block.emails for block in blocks),
        doubts=_unite(block.doubts for block in blocks),
    )


def _join_scopes(blocks: list[ScopeBlock]) -> ScopeBlock | None:
    if len(blocks) < 2:  # noqa: PLR2004 - one block, or none, stands as it is
        return blocks[0] if blocks else None
    scopes = _unite((block.scope,) for block in blocks if block.scope is not None)
    return ScopeBlock(
        scope="\n".join(scopes) if scopes else None,
        notes=_unite(block.notes for block in blocks),
        references=_unite(block.references for block in blocks),
        unsupported=_unite(block.unsupported for block in blocks),
        regions=_unite(block.regions for block in blocks),
    )


def _unite(groups: Iterable[tuple[_T, ...]]) -> tuple[_T, ...]:
    """Each value once, in order of first appearance."""
    return tuple(dict.fromkeys(value for group in groups for value in group))
