"""Cards: one change as the reader meets it, with what it says, since when, and who says so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from differ.changes import Change, Kind, Verdict
from snapshots.category import CategoryPath, EntityType, category_key
from snapshots.folding import fold, fold_characters
from snapshots.notice import Action
from snapshots.period import Basis
from snapshots.requirement import iterate_leaves
from snapshots.snapshot import StoredDocument
from templates.asked import Asked, Proof, compare_asked
from templates.mentions import FindAnchor
from templates.pages import Citation, build_citations
from templates.parts import Part, Parts, compare_parts, list_difference_parts, list_parts
from templates.script import Language, guess_language

_ONLY = re.compile(r"\s*(?:本类目|该类目)?仅(?:适用|支持|限)")

StatusCode = Literal["coming", "in_force", "since"]
FactCode = Literal[
    "asks_also", "asks_everyone", "told_apart", "returned", "closed_beta", "closed_beta_begins", "closed_beta_ends",
    "earlier_unknown", "as_of", "regions_gone", "regions_added", "only_begins", "only_ends",
]  # fmt: skip


class Status(Struct, frozen=True):
    """Where a change stands: `coming`, `in_force` since it was last told, or already `since` an earlier date."""

    code: StatusCode
    date: dt.date
    basis: Basis


class Fact(Struct, frozen=True):
    """A sentence about the change; `papers` are those, or the regions, that it names, in the page's words."""

    code: FactCode
    papers: tuple[str, ...] = ()
    date: dt.date | None = None


class Card(Struct, frozen=True, kw_only=True):
    """One change: what is news of it in `parts`, what is stated for the first time in `learned`, the rest in `folded`.

    `citations_before` are what the earlier state rests on. `proofs` show the verdict; `is_unread`: there is none since
    a line was not understood. `is_last_state`: the parts show what is gone. `silent` is the id of the finding that only
    a complete list shows the change, and no notice told of it.
    """

    anchor: str
    id: str
    kind: Kind
    platform: str
    entity_type: EntityType | None
    path: CategoryPath
    paths_before: tuple[CategoryPath, ...]
    language: Language | None
    status: Status
    claimed: Action | None
    silent: str | None
    verdict: Verdict | None
    is_unread: bool
    proofs: tuple[Proof, ...]
    facts: tuple[Fact, ...]
    is_last_state: bool
    parts: tuple[Part, ...]
    learned: tuple[Part, ...]
    folded: tuple[Part, ...]
    citations: tuple[Citation, ...]
    citations_before: tuple[Citation, ...]


class Occasion(Struct, frozen=True, kw_only=True):
    """What the cards of one digest share: the reader's day, the last time told, the pages, and each change's anchor."""

    today: dt.date
    since: dt.date | None
    documents: Mapping[str, StoredDocument]
    anchors: Mapping[str, str]


def build_card(change: Change, occasion: Occasion, anchor: str, *, silent: str | None = None) -> Card:
    """The change as a card.

    A category whose earlier state is not known shows the new one alone: a notice that says 調整 tells what holds now,
    not what held before.
    """
    find_anchor = _make_anchor_finder(change, occasion.anchors)
    parts = _choose_parts(change, find_anchor)
    asked = compare_asked(change)
    return Card(
        anchor=anchor,
        id=change.id,
        kind=change.kind,
        platform=change.platform,
        entity_type=change.entity_type,
        path=change.path,
        paths_before=change.paths_before,
        language=guess_language(_list_texts(change)),
        status=find_status(change.in_force.date, change.in_force.basis, occasion.today, occasion.since),
        claimed=change.claimed,
        silent=silent,
        verdict=change.verdict,
        is_unread=any(state.requirement.doubts for state in (change.old, change.new) if state and state.requirement),
        proofs=asked.proofs,
        facts=_list_facts(change, asked),
        is_last_state=change.new is None and change.old is not None,
        parts=parts.shown,
        learned=parts.learned,
        folded=parts.folded,
        citations=build_citations(change.evidence, occasion.documents),
        citations_before=build_citations(change.evidence_before, occasion.documents),
    )


def find_status(date: dt.date, basis: Basis, today: dt.date, since: dt.date | None) -> Status:
    """Where a date stands on the reader's day: a notice for January to March published in April holds already."""
    if date > today:
        return Status("coming", date, basis)
    return Status("since" if since is not None and date <= since else "in_force", date, basis)


def _make_anchor_finder(change: Change, anchors: Mapping[str, str]) -> FindAnchor:
    """Finds the card of another category of the same platform and entity type in this digest."""

    def find_anchor(path: CategoryPath) -> str | None:
        key = category_key(change.platform, change.entity_type, path)
        return None if key == change.key else anchors.get(key)

    return find_anchor


def _choose_parts(change: Change, find_anchor: FindAnchor) -> Parts:
    """Two states compared where both are known, else the one that is; a removal of what was not known shows nothing."""
    old, new = change.old, change.new
    if change.before == "known" and old is not None and new is not None:
        return compare_parts(old, new, change.fields, find_anchor)
    state = new if new is not None else old
    if state is None:
        return Parts(list_difference_parts(change.fields))
    return Parts(list_parts(state, find_anchor))


def _list_facts(change: Change, asked: Asked) -> tuple[Fact, ...]:
    return (
        *([Fact("returned")] if change.returned else []),
        *([Fact("earlier_unknown")] if change.before == "unknown" else []),
        *([Fact("as_of", date=change.as_of.date)] if change.as_of else []),
        *([Fact("asks_also", asked.also)] if asked.also else []),
        *([Fact("asks_everyone", asked.everyone)] if asked.everyone else []),
        *([Fact("told_apart", change.cases)] if change.cases else []),
        *_compare_closed_beta(change),
        *_compare_scopes(change),
    )


def _compare_scopes(change: Change) -> list[Fact]:
    """What a changed scope shuts out or lets in: a region that is gone is stricter for those who are there."""
    if change.before != "known" or change.old is None or change.new is None:
        return []
    old, new = change.old.scope, change.new.scope
    if old is None or new is None:
        return []
    was, now = ({fold(region): region for region in scope.regions} for scope in (old, new))
    gone = tuple(region for name, region in was.items() if name not in now)
    added = tuple(region for name, region in now.items() if name not in was)
    was_only, is_only = (_ONLY.match(fold_characters(scope.scope or "")) is not None for scope in (old, new))
    return [
        *([Fact("regions_gone", gone)] if gone and now else []),
        *([Fact("regions_added", added)] if added and was else []),
        *([Fact("only_begins")] if is_only and old.scope and not was_only else []),
        *([Fact("only_ends")] if was_only and new.scope and not is_only else []),
    ]


def _compare_closed_beta(change: Change) -> list[Fact]:
    state = change.new if change.new is not None else change.old
    now = state is not None and state.requirement is not None and state.requirement.closed_beta
    if change.before != "known" or change.old is None or change.old.requirement is None:
        return [Fact("closed_beta")] if now else []
    before = change.old.requirement.closed_beta
    if before == now:
        return [Fact("closed_beta")] if now else []
    return [Fact("closed_beta_begins" if now else "closed_beta_ends")]


def _list_texts(change: Change) -> list[str]:
    """The words of the page on this card, to tell their script."""
    state = change.new if change.new is not None else change.old
    texts = [*change.path]
    if state is not None and state.scope is not None:
        texts.append(state.scope.scope or "")
    if state is not None and state.requirement is not None:
        texts += [leaf.text for leaf in iterate_leaves(state.requirement.requirement)]
    return texts
