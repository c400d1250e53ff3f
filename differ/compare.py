"""Two snapshots to a change set: which categories are new, adjusted, removed or renamed.

The two ends are compared; kind and claim come from what spoke in between, and the earliest news decides. What was not
known before is never reported as if it had been: a notice that adjusts an unknown category says `adjusted`, before
unknown, and a catalogue that lists one under partial coverage is a baseline, `first_seen`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from msgspec import structs

from differ.changes import KINDS, Change, ChangeSet, Evidence, Kind, Knowledge, Side
from differ.fields import diff_fields, is_learned
from differ.findings import find_contradictions
from differ.news import NewsIndex
from snapshots.category import Category, EntityType
from snapshots.notice import Action
from snapshots.snapshot import Claim, Snapshot, Succession

_ENTITY_ORDER: dict[EntityType | None, int] = {"non_personal": 0, "personal": 1, "overseas": 2, None: 3}

_SUCCESSION_KINDS: dict[Action, Kind] = {"renamed": "renamed", "moved": "moved", "merged": "merged", "split": "split"}


def diff_snapshots(old: Snapshot, new: Snapshot) -> ChangeSet:
    """The changes from the old snapshot to the new one, and what does not add up between them."""
    index = NewsIndex(old, new)
    changes = sorted(_compare_all(old, new, index), key=_order)
    return ChangeSet(
        old=Side(date=old.date, coverage=old.coverage()),
        new=Side(date=new.date, coverage=new.coverage()),
        changes=tuple(changes),
        findings=find_contradictions(tuple(changes), old, new, index),
    )


def _compare_all(old: Snapshot, new: Snapshot, index: NewsIndex) -> Iterator[Change]:
    keys = dict.fromkeys((*old.categories, *new.categories, *index.keys))
    for key in keys:
        news = index.news_of(key)
        before, now = old.categories.get(key), new.categories.get(key)
        if not news and before is not None and before == now:
            continue
        change = _compare_key(key, news, old, new, index)
        if change is not None:
            yield change


def _compare_key(key: str, news: tuple[Claim, ...], old: Snapshot, new: Snapshot, index: NewsIndex) -> Change | None:
    now = new.categories.get(key)
    if now is None:
        return _compare_gone(key, news, old, new, index)
    if successions := index.successions_to(key):
        return _compare_succeeded(now, successions, news, old)
    before = old.categories.get(key)
    branch = new.branch_of.get(key) if before is None else None
    if branch is not None and branch in old.categories:
        before = old.categories[branch]
    if before is not None:
        return _compare_known(before, now, news)
    return _compare_unknown(now, news, old, index)


def _compare_gone(key: str, news: tuple[Claim, ...], old: Snapshot, new: Snapshot, index: NewsIndex) -> Change | None:
    """A key that is not in force now: removed, gone on under another key, or a branch that its leaves stand for.

    What was known and is not, though nothing ended it, was taken back: the page that stated it is read otherwise now.
    """
    before = old.categories.get(key)
    removal = new.removed.get(key)
    if key in index.succeeded or key in new.branches:
        return None
    if before is not None:
        if removal is None:
            return _make("retracted", before, before, None, index.last_of(key), None, "known", news)
        claim = removal.claim
        return _make("removed", before, before, None, (claim,), None if claim.observed else claim.action, "known", news)
    if removal is None or key in old.removed:
        return None
    first = next((claim for claim in news if claim.action != "listed"), None)
    if first is None or first.action != "removed" or first.observed:
        return None
    gone = Category(platform=key.split("|", 1)[0], entity_type=removal.entity_type, path=removal.path, key=key)
    return _make("removed", gone, None, None, (first,), "removed", "unknown", news)


def _compare_succeeded(
    now: Category, successions: tuple[Succession, ...], news: tuple[Claim, ...], old: Snapshot
) -> Change:
    first = successions[0]
    before = old.categories.get(first.from_key)
    action = first.claim.action
    kind = _SUCCESSION_KINDS[action]
    fields = diff_fields(before, now) if before is not None and kind in ("renamed", "moved") else ()
    change = _make(kind, now, before, now, (first.claim,), action, "known" if first.known else "unknown", news)
    paths = tuple(dict.fromkeys(succession.from_path for succession in successions))
    return structs.replace(change, paths_before=paths, fields=fields)


def _compare_known(before: Category, now: Category, news: tuple[Claim, ...]) -> Change | None:
    fields = diff_fields(before, now)
    claims = tuple(claim for claim in news if claim.action != "listed")
    deciding = claims or news
    paths_before = (before.path,) if before.key != now.key else ()
    if fields:
        claimed = claims[0].action if claims else None
        change = _make(
            "adjusted", now, before, now, deciding[-1:] if not claims else claims[:1], claimed, "known", news
        )
        return structs.replace(change, paths_before=paths_before, fields=fields)
    moved = next((claim for claim in claims if claim.action == "moved"), None)
    if moved is not None:
        return _make("moved", now, before, now, (moved,), "moved", "known", news)
    stated = next((claim for claim in claims if claim.action in ("added", "adjusted")), None)
    if stated is None:
        return None
    if stated.action == "adjusted" and is_learned(before, now):
        # The notice states a block that nothing had stated: it says that something changed, not from what.
        return _make("adjusted", now, before, now, (stated,), "adjusted", "unknown", news)
    return _make("restated", now, before, now, (stated,), stated.action, "known", news)


def _compare_unknown(now: Category, news: tuple[Claim, ...], old: Snapshot, index: NewsIndex) -> Change | None:
    if not news:
        return None
    first = news[0]
    returned = now.key in old.removed or (first.action == "removed" and len(news) > 1)
    if first.action == "removed" and len(news) > 1:
        first = next((claim for claim in news if claim.action != "removed"), first)
    claimed = None if first.action == "listed" else first.action
    match first.action:
        case "adjusted" if not returned:
            return _make("adjusted", now, None, now, (first,), claimed, "unknown", news)
        case "moved":
            return _make("moved", now, None, now, (first,), claimed, "unknown", news)
        case "listed" if not returned and not index.was_complete(now.key, first):
            return _make("first_seen", now, None, now, (first,), None, "none", news)
        case _:
            change = _make("new", now, None, now, (first,), claimed, "none", news)
            return structs.replace(change, returned=returned)


def _make(
    kind: Kind,
    named: Category,
    old: Category | None,
    new: Category | None,
    deciding: tuple[Claim, ...],
    claimed: Action | None,
    before: Knowledge,
    news: tuple[Claim, ...],
) -> Change:
    claims = deciding or news[:1]
    in_force = claims[0].in_force
    evidence = tuple(dict.fromkeys(Evidence(document=claim.document, lines=claim.lines) for claim in (*claims, *news)))
    return Change(
        id=make_id(named.platform, named.entity_type, named.key, kind, str(in_force.date)),
        kind=kind,
        platform=named.platform,
        entity_type=named.entity_type,
        path=named.path,
        paths_before=(),
        key=named.key,
        returned=False,
        in_force=in_force,
        claimed=claimed,
        before=before,
        verdict=None,
        witness=None,
        fields=(),
        evidence=evidence,
        old=old,
        new=new,
    )


def make_id(*parts: str | None) -> str:
    """Twelve hexadecimal digits that stay the same as long as the parts do."""
    return hashlib.sha256("\n".join(part or "" for part in parts).encode()).hexdigest()[:12]


def _order(change: Change) -> tuple[int, str, int, str]:
    return KINDS.index(change.kind), change.platform, _ENTITY_ORDER[change.entity_type], change.key
