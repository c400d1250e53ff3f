"""The state while it is rebuilt: what one step after another reads and writes, each at a cost of its own size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from snapshots.category import Category, EntityType, category_key
from snapshots.form import is_same_state
from snapshots.keys import ancestors_of
from snapshots.notice import Scope
from snapshots.revisions import Current
from snapshots.snapshot import Branch, Claim, CompleteScope, Removal, Snapshot, Succession


class State:
    """The categories known so far, what was said of them, and the tree of all keys that ever were one's.

    `touched` holds, for each key written to since it was last cleared, the category that stood there before and
    whether the key counted as removed.
    """

    def __init__(self) -> None:
        self.categories: dict[str, Category] = {}
        self.removed: dict[str, Removal] = {}
        self.branches: dict[str, Branch] = {}
        self.branch_of: dict[str, str] = {}
        self.complete: dict[str, CompleteScope] = {}
        self.spoken_for: set[tuple[str, EntityType | None]] = set()
        self.touched: dict[str, tuple[Category | None, bool]] = {}
        self._held: dict[str, Category] = {}
        self._listed: set[str] = set()
        self._claims: dict[str, list[Claim]] = {}
        self._said: dict[str, list[Claim]] = {}
        self._successions: list[Succession] = []
        self._succeeded: set[tuple[str, str]] = set()
        self._children: dict[str, dict[str, None]] = {}
        self._stated: dict[str, tuple[Claim, ...]] = {}

    def put_category(self, category: Category, *, by: Claim, is_listed: bool = False) -> None:
        """Make this the state of its key, which is then neither removed nor a branch; a catalogue lists it or not.

        `by` is the word that says so. A block that is the same as before but for its form keeps what it rests on.
        """
        key = category.key
        self._touch(key)
        self._stated[key] = self._find_words(category, by)
        self.categories[key] = category
        self.removed.pop(key, None)
        self.branches.pop(key, None)
        if is_listed:
            self._listed.add(key)
        self._grow(key)

    def take_category(self, key: str) -> Category | None:
        """Take the category out of the state and give back what it was; None where it was not known."""
        if key in self._held:
            return self._held.pop(key)
        self._touch(key)
        self._listed.discard(key)
        return self.categories.pop(key, None)

    def hold_category(self, key: str) -> None:
        """Set the category apart until it is taken, so that another can be put in its place."""
        category = self.take_category(key)
        if category is not None:
            self._held[key] = category

    def is_listed(self, key: str) -> bool:
        """Whether a catalogue has listed the category that stands under the key."""
        return key in self._listed

    def record_removal(self, key: str, removal: Removal) -> None:
        """Record that the category is gone. What is gone already stays gone by what ended it first."""
        self._touch(key)
        self.removed.setdefault(key, removal)

    def take_removal(self, key: str) -> Removal | None:
        """Take back that the category is gone: it went on under another name."""
        self._touch(key)
        return self.removed.pop(key, None)

    def record_succession(self, succession: Succession, *, is_first: bool) -> None:
        """Record that one key went on under another; a mirror that says so again adds nothing."""
        pair = (succession.from_key, succession.to_key)
        if is_first or pair not in self._succeeded:
            self._successions.append(succession)
            self._succeeded.add(pair)

    def add_claims(self, key: str, claims: Sequence[Claim]) -> None:
        """Keep what was said of the key."""
        self._claims.setdefault(key, []).extend(claims)
        if said := [claim for claim in claims if claim.action != "listed"]:
            self._said.setdefault(key, []).extend(said)

    def spread_claims(self, name: str, claims: Sequence[Claim]) -> list[str]:
        """Keep what was said of a name, and give back the keys of the categories that it means.

        A name means its own category, or that to be; and those below it, unless a catalogue lists the name itself.
        """
        is_category = name in self.categories or name in self._held
        leaves = [] if self.is_listed(name) else self.keys_below(name)
        for key in (name, *leaves):
            self.add_claims(key, claims)
        if leaves and not is_category:
            self.branches.setdefault(name, Branch(last=None, claim=claims[0]))
            return leaves
        return [name, *leaves]

    def add_complete_scope(self, platform: str, scope: Scope) -> None:
        """Keep that the scope is known completely from now on."""
        key = category_key(platform, scope.entity_type, scope.under)
        found = CompleteScope(platform=platform, entity_type=scope.entity_type, under=scope.under)
        self.complete.setdefault(key, found)
        self.spoken_for.add((platform, scope.entity_type))

    def keys_below(self, key: str) -> list[str]:
        """The keys of the categories below the key, itself left out."""
        found = []
        waiting = list(reversed(self._children.get(key, {})))
        while waiting:
            child = waiting.pop()
            if child in self.categories:
                found.append(child)
            waiting.extend(reversed(self._children.get(child, {})))
        return found

    def freeze(self, date: dt.date | None, current: Current) -> Snapshot:
        """The snapshot of the state as it is now, with what is no longer said and what mirrors disagree on by then."""

        def is_due(claim: Claim) -> bool:
            return date is None or claim.in_force.date <= date

        return Snapshot(
            date=date,
            categories=dict(self.categories),
            claims={key: tuple(claims) for key, claims in self._claims.items()},
            said={key: tuple(claims) for key, claims in self._said.items()},
            removed=dict(self.removed),
            successions=tuple(self._successions),
            spoken_for=frozenset(self.spoken_for),
            complete=tuple(self.complete.values()),
            branches=dict(self.branches),
            branch_of=dict(self.branch_of),
            stated={key: self._stated[key] for key in self.categories},
            retractions=tuple(found for found in current.retractions if is_due(found.claim)),
            disagreements=tuple(found for found in current.disagreements if any(map(is_due, found.claims))),
        )

    def _find_words(self, category: Category, by: Claim) -> tuple[Claim, ...]:
        """What each block of the category rests on, given what the state has of it."""
        known = self.categories.get(category.key)
        before = self._stated.get(category.key)
        if known is None or before is None:
            return (by, by)
        same = (
            is_same_state(known, msgspec.structs.replace(known, requirement=category.requirement)),
            is_same_state(known, msgspec.structs.replace(known, scope=category.scope)),
        )
        return tuple(claim if is_same else by for claim, is_same in zip(before, same, strict=True))

    def _touch(self, key: str) -> None:
        if key not in self.touched:
            self.touched[key] = (self.categories.get(key), key in self.removed)

    def _grow(self, key: str) -> None:
        for ancestor in ancestors_of(key):
            children = self._children.setdefault(ancestor, {})
            if key in children:
                return
            children[key] = None
            key = ancestor
