"""Which category a user means: by its path, as a page spells it or as the user does."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from differ.impact.identity import fold_path
from snapshots.category import CategoryPath
from snapshots.errors import UsageError
from snapshots.snapshot import Snapshot

_SHOWN = 12


def select_paths(snapshot: Snapshot, *, platform: str | None, entity_type: str | None) -> dict[str, CategoryPath]:
    """The path of each category that is or was known or spoken of, narrowed to the platform and the entity type.

    A branch is none: the catalogue lists the categories below it, and what was said of it stands among their claims.
    """
    paths = {key: claims[-1].path for key, claims in snapshot.claims.items() if key not in snapshot.branches}
    paths |= {key: removal.path for key, removal in snapshot.removed.items()}
    paths |= {key: category.path for key, category in snapshot.categories.items()}
    return {
        key: path
        for key, path in sorted(paths.items())
        if platform in {None, key.split("|")[0]} and entity_type in {None, key.split("|")[1]}
    }


def find_category(paths: Mapping[str, CategoryPath], wanted: str) -> tuple[str, ...]:
    """The keys of the one path that is wanted, one for each platform and entity type that has it.

    「金融业 > 个人征信」, 金融業-個人征信 and 個人征信 all lead to 金融業 › 個人征信: first the key or the whole path,
    then some of its levels, then any part of it. Raises UsageError where nothing fits, with what is near, and where
    several paths do, with their names.
    """
    if wanted in paths:
        return (wanted,)
    text = fold_path(wanted)
    folded = {key: fold_path("›".join(path)) for key, path in paths.items()}
    for fits in (
        lambda path: path == text,
        lambda path: f"-{text}-" in f"-{path}-",
        lambda path: text in path,
    ):
        found = tuple(key for key, path in folded.items() if fits(path))
        names = {folded[key]: paths[key] for key in found}
        if len(names) == 1:
            return found
        if names:
            raise UsageError(f"'{wanted}' is several categories: {_list_names(list(names.values()))}; name one of them")
    names = {folded[key]: path for key, path in paths.items()}
    near = [names[path] for path in difflib.get_close_matches(text, list(names), n=3, cutoff=0.5)]
    raise UsageError(f"no category '{wanted}' is known{f'; near it: {_list_names(near)}' if near else ''}")


def _list_names(paths: list[CategoryPath]) -> str:
    names = ", ".join(" › ".join(path) for path in paths[:_SHOWN])
    return names if len(paths) <= _SHOWN else f"{names} and {len(paths) - _SHOWN} more"
