"""Catalogues 開放的服務類目: a complete one replaces the state of its scopes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from snapshots.blocks import list_category
from snapshots.category import category_key
from snapshots.claims import build_claim, build_observed_claim
from snapshots.keys import ancestors_of, is_named
from snapshots.notice import Scope
from snapshots.order import Event, entry_in_force
from snapshots.patch import apply_rows
from snapshots.rows import Row, merge_rows
from snapshots.snapshot import Branch, Claim, Removal, StoredDocument
from snapshots.state import State

_STANDING = frozenset({"listed", "added", "adjusted"})


def apply_catalogue(state: State, event: Event) -> None:
    """Let the catalogue have its effect: what it lists is as it lists it, and nothing carries over.

    A row with an effective date of its own counts from that date; but it is listed, so until then it is not gone.
    """
    stored = event.stored
    rows = merge_rows(event.entries)
    due = [row for row in rows if row.entry.action in _STANDING]
    for row in due:
        state.add_claims(row.entry.key, [build_claim(entry, stored) for entry in row.entries])
    listed = {row.entry.key for row in due}
    if event.is_state and len(event.entries) < len(stored.document.entries):
        named = [entry for entry in stored.document.entries if entry.action in _STANDING and is_named(entry.key)]
        listed = {entry.key for entry in named}
        due = merge_rows(entry for entry in named if entry_in_force(entry, stored).date <= event.date)
    _supersede_branches(state, due, listed, stored)
    for row in due:
        category = list_category(row, platform=stored.document.platform)
        state.put_category(category, by=build_claim(row.entry, stored), is_listed=True)
    if event.is_state:
        for scope in stored.document.complete_for:
            state.add_complete_scope(stored.document.platform, scope)
            _remove_unlisted(state, scope, listed, stored)
    apply_rows(state, [row for row in rows if row.entry.action not in _STANDING], stored)


def _supersede_branches(state: State, rows: Iterable[Row], listed: Collection[str], stored: StoredDocument) -> None:
    """Let the leaves that are listed stand for the branch that a notice had named.

    A category that a catalogue listed is no loose name for a branch: where a later one lists others below it instead,
    it is gone and they are new.
    """
    superseded: dict[str, Claim] = {}
    for row in rows:
        key = row.entry.key
        is_new = key not in state.categories and key not in state.removed
        for ancestor in ancestors_of(key):
            if ancestor in state.categories and ancestor not in listed and not state.is_listed(ancestor):
                superseded.setdefault(ancestor, build_claim(row.entry, stored))
                if is_new:
                    state.branch_of.setdefault(key, ancestor)
    for key, claim in superseded.items():
        state.branches[key] = Branch(last=state.take_category(key), claim=claim)


def _remove_unlisted(state: State, scope: Scope, listed: Collection[str], stored: StoredDocument) -> None:
    top = category_key(stored.document.platform, scope.entity_type, scope.under)
    for key in [top, *state.keys_below(top)]:
        if key in state.categories and key not in listed:
            category = state.categories[key]
            claim = build_observed_claim(category, stored)
            state.take_category(key)
            ended = Removal(last=category, path=category.path, entity_type=category.entity_type, claim=claim)
            state.record_removal(key, ended)
            state.add_claims(key, [claim])
