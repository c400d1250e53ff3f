"""What spoke between two snapshots: the claims of the new one that the old one does not have."""

from __future__ import annotations

from collections import defaultdict

from snapshots.category import category_key
from snapshots.snapshot import Claim, CompleteScope, Snapshot, Succession


class NewsIndex:
    """Looks up, for each key, what was said of it in between and what it succeeded."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self._old = old
        self._news: dict[str, tuple[Claim, ...]] = {}
        for key, claims in new.claims.items():
            known = old.claims.get(key)
            if known is None:
                self._news[key] = claims
            elif known != claims:
                said = set(known)
                if fresh := tuple(claim for claim in claims if claim not in said):
                    self._news[key] = fresh
        self._successions: dict[str, list[Succession]] = defaultdict(list)
        told = set(old.successions)
        for succession in new.successions:
            if succession not in told:
                self._successions[succession.to_key].append(succession)
        self.succeeded = {succession.from_key for found in self._successions.values() for succession in found}
        self._covered = tuple(_scope_prefix(scope) for scope in old.complete)
        self._baselines = self._find_baselines()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that something was said of in between."""
        return tuple(self._news)

    def news_of(self, key: str) -> tuple[Claim, ...]:
        """What was said of the key in between, oldest first."""
        return self._news.get(key, ())

    def last_of(self, key: str) -> tuple[Claim, ...]:
        """The last thing that the old snapshot heard of the key."""
        return self._old.claims.get(key, ())[-1:]

    def successions_to(self, key: str) -> tuple[Succession, ...]:
        """The keys that went on under this one in between, oldest first."""
        return tuple(self._successions.get(key, ()))

    def is_covered(self, key: str) -> bool:
        """Whether a catalogue had listed the key's scope completely before the old end."""
        return any(key.startswith(prefix) for prefix in self._covered)

    def was_complete(self, key: str, listing: Claim) -> bool:
        """Whether the key's scope was known completely before this listing: then a listed category is new.

        The first catalogue in between is the baseline where the old end had none.
        """
        if self.is_covered(key):
            return True
        baseline = self._baselines.get(key.rsplit("|", 1)[0])
        return listing.document_kind == "catalogue" and baseline is not None and baseline != listing.document

    def _find_baselines(self) -> dict[str, str]:
        """The first catalogue in between for each platform and entity type."""
        first: dict[str, tuple[tuple[str, int], str]] = {}
        for key, claims in self._news.items():
            scope = key.rsplit("|", 1)[0]
            for claim in claims:
                if claim.document_kind != "catalogue":
                    continue
                rank = (claim.in_force.date.isoformat(), claim.sequence)
                if scope not in first or rank < first[scope][0]:
                    first[scope] = (rank, claim.document)
        return {scope: document for scope, (_, document) in first.items()}


def _scope_prefix(scope: CompleteScope) -> str:
    key = category_key(scope.platform, scope.entity_type, scope.under)
    return f"{key}›" if scope.under else key
