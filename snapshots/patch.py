"""Patches: notices and listings change what they name, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from snapshots.blocks import name_category, patch_category
from snapshots.claims import build_claim
from snapshots.rows import Row
from snapshots.snapshot import Removal, StoredDocument
from snapshots.state import State
from snapshots.succession import hold_swapped, is_succession, succeed_category


def apply_rows(state: State, rows: Sequence[Row], stored: StoredDocument) -> None:
    """Let each row have its effect, in page order.

    A row that names a branch speaks for every category below it: 【醫療服務-就醫服務】 is four rows of the catalogue.
    """
    platform = stored.document.platform
    hold_swapped(state, rows, platform=platform)
    for row in rows:
        claims = [build_claim(entry, stored) for entry in row.entries]
        for key in state.spread_claims(row.entry.key, claims):
            known = state.categories.get(key) or name_category(row.entry, platform, path=row.entry.path, key=key)
            if is_succession(row.entry):
                succeed_category(state, row, known, claim=claims[0])
            elif row.entry.action == "removed":
                last = state.take_category(key)
                ended = Removal(last=last, path=known.path, entity_type=known.entity_type, claim=claims[0])
                state.record_removal(key, ended)
            else:
                state.put_category(patch_category(known, row), by=claims[0])
