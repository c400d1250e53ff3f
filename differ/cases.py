"""Cases: what is to be judged of one category, its two ends and what was said of it in between."""

from __future__ import annotations

import datetime as dt
import operator
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import compress

from msgspec import Struct

from differ.lineage import Origin, trace_lineage
from snapshots.category import Category, CategoryPath, EntityType, category_key, fold_level
from snapshots.keys import ancestors_of
from snapshots.notice import Action
from snapshots.snapshot import Claim, CompleteScope, Removal, Retraction, Snapshot

Word = tuple[str, Action, dt.date, CategoryPath]


class Case(Struct, frozen=True, kw_only=True):
    """One category between two snapshots.

    `is_known` says whether the old end has it, under whatever name; `old` is its state there, None also where it was
    merged from several. `covered_before` and `covered_now`: a complete list speaks for its place. `news` is what was
    said in between, oldest first; `history` was learned in between too, but is older than all that was known of the
    category. `story` is all that was ever said of it, up to the new end,
    `last_word` the end of it (where the new end is the earlier one, of what the old end had heard). What a mirror or a
    revision of a notice says again is said once; `revised` are such words in a new revision. `retraction` is what the
    old end had heard and the notice says no more. `old_words` and `new_words` are what the blocks of both ends rest on,
    `old_listing` the catalogue that the old end had heard last of the category, where it was the last to speak.
    """

    key: str
    platform: str
    entity_type: EntityType | None
    path: CategoryPath
    old: Category | None
    new: Category | None
    is_known: bool
    origin: Origin | None
    was_removed: bool
    removal: Removal | None
    still_stands: bool
    covered_before: bool
    covered_now: bool
    is_new_listing: bool
    news: tuple[Claim, ...]
    history: tuple[Claim, ...]
    story: tuple[Claim, ...]
    last_word: Claim
    revised: tuple[Claim, ...]
    retraction: Retraction | None
    old_words: tuple[Claim, ...]
    old_listing: tuple[Claim, ...]
    new_words: tuple[Claim, ...]


def is_said(claim: Claim) -> bool:
    """Whether a page says it, and not merely lists the category or leaves it out."""
    return claim.action != "listed" and not claim.observed


class CaseBuilder:
    """Finds the categories that two snapshots may differ in, and what is to be known to judge each."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self._old = old
        self._new = new
        self._covers_before, self._covers_now = _build_cover(old.complete), _build_cover(new.complete)
        self._lineage = trace_lineage(old, new)
        self._retractions = {found.key: found for found in new.retractions if found not in old.retractions}
        self._renamings: dict[str, set[Claim]] = defaultdict(set)
        for step in new.successions:
            if step.claim.action == "renamed":
                self._renamings[step.from_key].add(step.claim)

    def build_cases(self) -> Iterator[Case]:
        """A case for each category that is not equal at both ends, or of which more was said than a list says."""
        old, new = self._old, self._new
        before, now = old.categories, new.categories
        # Nearly all categories are equal, and cost no more than being compared, with no step of a loop in Python.
        unlike = list(compress(now, map(operator.ne, now.values(), map(before.get, now))))
        spoken_of = {key for key in new.said.keys() | old.said.keys() if new.said.get(key) != old.said.get(key)}
        spoken_of |= self._lineage.origins.keys()
        for key in (*unlike, *sorted((spoken_of & now.keys()).difference(unlike))):
            yield self._build_case(key)
        shared = len(now) - sum(key not in before for key in unlike)
        gone = before.keys() - now.keys() if shared < len(before) else set()
        for key in sorted(gone | new.removed.keys()):
            is_branch = key in new.branches and key not in new.removed
            goes_on = key in new.categories or key in self._lineage.departed or is_branch
            is_same = key not in old.categories and new.claims.get(key) == old.claims.get(key)
            if not goes_on and not is_same:
                yield self._build_case(key)

    def _build_case(self, key: str) -> Case:
        old, new = self._old, self._new
        origin = self._lineage.origins.get(key)
        roots = [key] if origin is None else [root for root, _ in origin.roots]
        known = {root: old.categories[root] for root in roots if root in old.categories}
        before = known.get(key) or (next(iter(known.values())) if len(roots) == 1 and known else None)
        now, removal = new.categories.get(key), new.removed.get(key)
        names = (*origin.names, key) if origin else (key,)
        story = self._list_story(key, names)
        told: dict[Word, list[Claim]] = {}
        for claim in (claim for name in names for claim in old.claims.get(name, ())):
            told.setdefault(_say(claim), []).append(claim)
        fresh = tuple(claim for word, claim in story.items() if word not in told)
        start = next((place for place, word in enumerate(story) if word in told), 0) if known else 0
        history = fresh[:start]
        named = now or old.categories.get(key) or new.removed[key]
        return Case(
            key=key,
            platform=key.split("|", 1)[0],
            entity_type=named.entity_type,
            path=named.path,
            old=before,
            new=now,
            is_known=bool(known),
            origin=origin,
            was_removed=key in old.removed,
            removal=removal,
            still_stands=origin is not None and all(root in new.categories for root in roots),
            covered_before=self._covers_before(key),
            covered_now=self._covers_now(key),
            is_new_listing=self._is_new_listing(key, fresh),
            news=fresh[len(history) :],
            history=history,
            story=(*story.values(),),
            last_word=next(reversed(story.values())) if story else old.claims[key][-1],
            revised=tuple(claim for word, claim in story.items() if word in told and claim not in told[word]),
            retraction=self._find_retraction(key),
            old_words=old.stated.get(key if before is None else before.key, ()),
            old_listing=_find_listing(old.claims.get(key if before is None else before.key, ())),
            new_words=new.stated.get(key, ()),
        )

    def _find_retraction(self, key: str) -> Retraction | None:
        """What is no longer said of the category, or of a branch above it."""
        names = (key, *ancestors_of(key)) if self._retractions else ()
        return next((self._retractions[name] for name in names if name in self._retractions), None)

    def _list_story(self, key: str, names: Iterable[str]) -> dict[Word, Claim]:
        """All that was said of the category, earlier names first; that it gave up its present name is left out."""
        given_up = self._renamings.get(key, ())
        said: dict[Word, Claim] = {}
        for claim in (claim for name in names for claim in self._new.claims.get(name, ())):
            if claim not in given_up:
                said.setdefault(_say(claim), claim)
        return said

    def _is_new_listing(self, key: str, fresh: tuple[Claim, ...]) -> bool:
        """Whether the first list in between that names the category does so where one before it was complete.

        The first catalogue of a scope is a baseline; the second one tells what came since.
        """
        listing = next((claim for claim in fresh if claim.action == "listed"), None)
        if listing is None or self._covers_before(key):
            return listing is not None
        baseline = self._baselines.get(key.rsplit("|", 1)[0])
        return listing.document_kind == "catalogue" and baseline is not None and listing.document not in baseline

    @cached_property
    def _baselines(self) -> dict[str, frozenset[str]]:
        """The earliest catalogues in between, for each entity type that is known whole now and was not before.

        A catalogue's date is that of most of its rows: 「自2026年1月1日起」 in one of them does not make it older.
        """
        branched = {_type_prefix(scope) for scope in self._new.complete if scope.under}
        whole = {_type_prefix(scope) for scope in self._new.complete} - branched
        dates: dict[str, dict[str, Counter[dt.date]]] = defaultdict(lambda: defaultdict(Counter))
        for key, claims in self._new.claims.items():
            entity_type = key.rsplit("|", 1)[0]
            if entity_type in whole:
                for claim in claims:
                    if claim.document_kind == "catalogue" and claim.action == "listed":
                        dates[entity_type][claim.document][claim.in_force.date] += 1
        found = {}
        for entity_type, documents in dates.items():
            usual = {document: count.most_common(1)[0][0] for document, count in documents.items()}
            found[entity_type] = frozenset(name for name, date in usual.items() if date == min(usual.values()))
        return found


def _find_listing(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    return claims[-1:] if claims and (claims[-1].document_kind, claims[-1].action) == ("catalogue", "listed") else ()


def _say(claim: Claim) -> Word:
    """What makes two claims one word: a notice says a thing once, on however many pages and in all its revisions."""
    return claim.notice or claim.document, claim.action, claim.in_force.date, _fold_path(claim.path)


@lru_cache(maxsize=1 << 14)
def _fold_path(path: CategoryPath) -> CategoryPath:
    return tuple(map(fold_level, path))


def _build_cover(complete: tuple[CompleteScope, ...]) -> Callable[[str], bool]:
    """Whether a key is that of a scope that is known completely, or stands below it."""
    tops = frozenset(category_key(scope.platform, scope.entity_type, scope.under) for scope in complete)
    starts = tuple(top if top.endswith("|") else f"{top}›" for top in tops)
    return lambda key: key in tops or key.startswith(starts)


def _type_prefix(scope: CompleteScope) -> str:
    return category_key(scope.platform, scope.entity_type, ()).rsplit("|", 1)[0]
