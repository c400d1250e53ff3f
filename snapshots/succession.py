"""Successions: categories that go on under another key, renamed 更名, moved whole 迁移, merged 合并 or split 拆分."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from snapshots.blocks import fill_category, name_category, patch_category
from snapshots.category import Category, CategoryPath, category_key
from snapshots.keys import is_named
from snapshots.notice import NoticeEntry
from snapshots.rows import Row
from snapshots.snapshot import Claim, Removal, Succession
from snapshots.state import State

Target = tuple[str, CategoryPath]


def is_succession(entry: NoticeEntry) -> bool:
    """Whether the entry says that its category is no more under this key.

    A move of some goods 「包体材质全部为粗帆布…」, or of nobody knows how many, closes nothing. A rename to a name that
    the page lost is no more than a mention.
    """
    match entry.action:
        case "renamed":
            return bool(_list_targets(entry, "", entry.path))
        case "moved":
            return entry.extent == "whole"
        case "merged" | "split":
            return True
        case _:
            return False


def hold_swapped(state: State, rows: Sequence[Row], *, platform: str) -> None:
    """Hold apart what stands under a key that one row leaves and another takes: what one notice states happens at once.

    A→B and B→C make the old B the new C, in whatever order the page names them.
    """
    leaving = [row.entry for row in rows if is_succession(row.entry)]
    taken = {
        key for entry in leaving for key, _ in _list_targets(entry, platform, entry.path) if key != entry.key
    }  # fmt: skip
    for entry in leaving:
        if entry.key in taken:
            state.hold_category(entry.key)


def succeed_category(state: State, row: Row, known: Category, *, claim: Claim) -> None:
    """Let the category go on as the row says: the row's own category, or one below the branch that it names.

    A rename, and a whole move to one category, carry the state along. What stands under the new key already was
    stated under that name, and stays; the row's blocks are the new name's. Of what a category is merged into or split
    into, the row says only that it is there.
    """
    action = row.entry.action
    targets = _list_targets(row.entry, known.platform, known.path)
    before = state.take_category(known.key)
    removal = state.take_removal(known.key)
    last = before or (removal.last if removal else None)
    carried = last if action == "renamed" or (action == "moved" and len(targets) == 1) else None
    states_target = action == "renamed" or len(targets) == 1
    for key, path in targets:
        if key == known.key:
            kept = msgspec.structs.replace(last or known, path=path)
            state.put_category(patch_category(kept, row) if states_target else kept, by=claim)
            continue
        for taken in state.spread_claims(key, [claim]):
            there = state.categories.get(taken) or name_category(row.entry, known.platform, path=path, key=taken)
            filled = fill_category(there, carried) if taken == key else there
            state.put_category(patch_category(filled, row) if states_target else filled, by=claim)
        state.record_succession(
            Succession(
                from_key=known.key,
                from_path=(last or known).path,
                to_key=key,
                to_path=path,
                known=last is not None,
                claim=claim,
            ),
            is_first=before is not None,
        )
    if action != "renamed" and known.key not in state.categories:
        ended = Removal(last=last, path=known.path, entity_type=known.entity_type, claim=claim)
        state.record_removal(known.key, removal or ended)


def _list_targets(entry: NoticeEntry, platform: str, path: CategoryPath) -> list[Target]:
    """The keys and paths that the category goes on under.

    Where the entry renames or moves a branch, what stands below it keeps its own last levels.
    """
    below = path[len(entry.path) :] if entry.action in {"renamed", "moved"} else ()
    paths = [(*target, *below) for target in entry.targets]
    targets = [(category_key(platform, entry.entity_type, target), target) for target in paths]
    return [(key, target) for key, target in targets if is_named(key)]
