"""Identity: which category of a snapshot a portfolio means, on whatever date and under whatever name.

「医疗服务-上门医疗」 is looked for by its folded path. At a later date it may go on under another name, be gone, or be
listed as several; at an earlier one it may have been known under an older name, or by the branch above it.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from typing import Literal

from msgspec import Struct

from snapshots.category import CategoryPath, EntityType
from snapshots.folding import fold
from snapshots.keys import ancestors_of, is_named
from snapshots.snapshot import Removal, Snapshot

_SHOWN = 3


class Place(Struct, frozen=True, kw_only=True):
    """Where a category stands in a snapshot.

    `keys` are the categories there that it is: one as a rule, those below it for a branch, those that it was split
    into; none where it is gone (`removal`) or not known. `steps` are the paths under which it went on, the last of
    which it has now.
    """

    keys: tuple[str, ...] = ()
    form: Literal["category", "branch", "parted", "gone", "unknown"]
    steps: tuple[CategoryPath, ...] = ()
    removal: Removal | None = None


class Naming(Struct, frozen=True, kw_only=True):
    """Which key a written path means: None where it is none that is known, or one for several kinds of applicant."""

    key: str | None
    entity_types: tuple[EntityType | None, ...] = ()
    near: tuple[str, ...] = ()


class Register:
    """All names that were ever known, as the last snapshot of a series holds them."""

    def __init__(self, last: Snapshot) -> None:
        self._last = last
        self._by_path: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._earlier: dict[str, dict[str, None]] = defaultdict(dict)
        for key in self._list_keys():
            for name in (key, *(above for above in ancestors_of(key) if is_named(above))):
                self._by_path[(name.split("|", 1)[0], _path_text(name))][name] = None
        for step in last.successions:
            self._earlier[step.to_key][step.from_key] = None
        for leaf, branch in last.branch_of.items():
            self._earlier[leaf][branch] = None

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that something is known of."""
        return tuple(sorted({platform for platform, _ in self._last.spoken_for}))

    def find_key(self, platform: str, entity_type: EntityType | None, written: str) -> Naming:
        """The key that the written path means; names near it where there is none."""
        found = self._by_path.get((platform, fold_path(written)), {})
        of_type = {key: _type_of(key) for key in found}
        wanted = [key for key, known in of_type.items() if known in {entity_type, None} or entity_type is None]
        if len(wanted) == 1:
            return Naming(key=wanted[0])
        if wanted:
            return Naming(key=None, entity_types=tuple(of_type[key] for key in wanted))
        texts = {
            text: None
            for (name, text), keys in self._by_path.items()
            if name == platform and any(entity_type in {None, _type_of(key)} for key in keys)
        }
        near = difflib.get_close_matches(fold_path(written), list(texts), n=_SHOWN, cutoff=0.6)
        return Naming(key=None, near=tuple(near))

    def find_place(self, key: str, snapshot: Snapshot) -> Place:
        """Where the category stands in the snapshot."""
        return self._go_on(key, snapshot) or self._go_back(key, snapshot) or Place(form="unknown")

    def list_names(self, key: str) -> tuple[str, ...]:
        """The key and all that it was known under before."""
        names = {key: None}
        waiting = [key]
        while waiting:
            earlier = [name for name in self._earlier.get(waiting.pop(), ()) if name not in names]
            waiting += earlier
            names.update(dict.fromkeys(earlier))
        return tuple(names)

    def list_all_names(self, key: str) -> tuple[str, ...]:
        """The key, all that it was known under before, and what it goes on as."""
        return (*self.list_names(key), *self.find_place(key, self._last).keys)

    def _go_on(self, key: str, snapshot: Snapshot) -> Place | None:
        """Where what has this key went by the date of the snapshot, following what notices state."""
        steps: list[CategoryPath] = []
        seen: set[str] = set()
        while key not in snapshot.categories and key not in seen:
            seen.add(key)
            targets = {step.to_key: step.to_path for step in snapshot.successions if step.from_key == key}
            if len(targets) > 1:
                return Place(keys=tuple(targets), form="parted", steps=tuple(targets.values()))
            if not targets:
                break
            key, path = next(iter(targets.items()))
            steps.append(path)
        if key in snapshot.categories:
            return Place(keys=(key,), form="category", steps=tuple(steps))
        if (removal := snapshot.removed.get(key)) is not None:
            return Place(form="gone", steps=tuple(steps), removal=removal)
        leaves = tuple(name for name in snapshot.categories if name.startswith(f"{key}›"))
        return Place(keys=leaves, form="branch", steps=tuple(steps)) if leaves else None

    def _go_back(self, key: str, snapshot: Snapshot) -> Place | None:
        """The older name under which the category stood at the date of the snapshot."""
        earlier = next((name for name in self.list_names(key)[1:] if name in snapshot.categories), None)
        return None if earlier is None else Place(keys=(earlier,), form="category")

    def _list_keys(self) -> dict[str, None]:
        last = self._last
        names = (step_key for step in last.successions for step_key in (step.from_key, step.to_key))
        known = (*last.categories, *last.removed, *last.branches, *last.claims, *names)
        return dict.fromkeys(key for key in known if is_named(key))


def fold_path(text: str) -> str:
    """The path with one separator: `-` stands for `›`, `>` and `/`, however a user or a notice divides the levels."""
    text = fold(text)
    for separator in ("›", ">", "/"):
        text = text.replace(separator, "-")
    return text.strip("-")


def _path_text(key: str) -> str:
    return fold_path(key.rpartition("|")[2])


def _type_of(key: str) -> EntityType | None:
    found = key.split("|")[1]
    return None if not found else next(known for known in _TYPES if known == found)


_TYPES: tuple[EntityType, ...] = ("non_personal", "personal", "overseas")
