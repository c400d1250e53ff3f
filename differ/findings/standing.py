"""The words that a state rests on: which entries of which pages still count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import cast

from msgspec import Struct

from snapshots.category import EntityType, category_key
from snapshots.notice import Action, NoticeEntry, requirement_block, scope_block
from snapshots.snapshot import Claim, Snapshot, StoredDocument

Documents = Mapping[str, StoredDocument]


class Word(Struct, frozen=True):
    """One entry of a stored document, by its place among the document's entries."""

    document: str
    place: int


class Words:
    """Finds the entries behind the claims of a snapshot."""

    def __init__(self, snapshot: Snapshot, documents: Documents) -> None:
        self._snapshot = snapshot
        self._documents = documents
        self._places: dict[str, dict[tuple[str, Action], list[int]]] = {}

    def entry_of(self, word: Word) -> NoticeEntry:
        """The entry itself."""
        return self._documents[word.document].document.entries[word.place]

    def list_words(self, key: str, claim: Claim) -> tuple[Word, ...]:
        """The entries of the claim's document that say what it says: rows of one path are one category.

        There are none for what is only observed, and where the document is not at hand.
        """
        stored = self._documents.get(claim.document)
        if stored is None or claim.lines is None:
            return ()
        if claim.document not in self._places:
            places: dict[tuple[str, Action], list[int]] = defaultdict(list)
            for place, entry in enumerate(stored.document.entries):
                places[entry.key, entry.action].append(place)
            self._places[claim.document] = places
        platform, entity_type, _ = key.split("|", 2)
        named = category_key(platform, cast("EntityType | None", entity_type or None), claim.path)
        return tuple(
            Word(claim.document, place) for place in self._places[claim.document].get((named, claim.action), ())
        )

    @cached_property
    def standing(self) -> dict[Word, str]:
        """The words that the blocks of each category in force were last stated by, with the category's key.

        A list carries nothing over: what stood before it counts no more.
        """
        found: dict[Word, str] = {}
        for key in self._snapshot.categories:
            claims = self._snapshot.claims.get(key, ())
            for states in (requirement_block, scope_block):
                for claim in reversed(claims):
                    words = [word for word in self.list_words(key, claim) if states(self.entry_of(word)) is not None]
                    for word in words:
                        found.setdefault(word, key)
                    if words or claim.action == "listed":
                        break
        return found

    @cached_property
    def heard(self) -> frozenset[str]:
        """The notices that have come in force, and the lists that are the last word on some category."""
        every = self._snapshot.claims
        notices = {claim.document for claims in every.values() for claim in claims if claim.document_kind == "notice"}
        lists = {claims[-1].document for key, claims in every.items() if key in self._snapshot.categories}
        return frozenset((notices | lists) & self._documents.keys())
