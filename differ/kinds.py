"""Kinds: the table that makes a change of what two snapshots hold and what was said in between.

    before                now                                      coverage before   it is
    not known             a notice says added                      any               new
    not known             a notice says adjusted                   any               adjusted, before unknown
    not known             a notice says removed                    any               removed, before unknown
    not known             listed                                   partial           first_seen: a baseline, no news
    not known             listed                                   complete          new
    known                 a block differs                          any               adjusted
    known                 only states more than before             any               nothing: learned
    known                 same, a notice says adjusted or added    any               restated
    known                 a notice says removed, or a later
                          catalogue of its scope lacks it          any               removed
    removed               there again                              any               new, returned
    any                   a revised notice names it no more        any               retracted, where that shows
    known or not          renamed, moved, merged, split            any               that kind

The earliest news decides where several spoke. A → B → A is no change at the ends.
"""

from __future__ import annotations

from msgspec import Struct

from differ.cases import Case, is_said
from differ.changes import FieldDifference, Kind, Knowledge
from differ.fields import is_learned
from snapshots.category import Category
from snapshots.notice import Action
from snapshots.snapshot import Claim, Retraction

_PASSAGES: dict[Action, Kind] = {"moved": "moved", "merged": "merged", "split": "split"}
_SUCCESSIONS: dict[Action, Kind] = {"renamed": "renamed", **_PASSAGES}
_ARRIVALS: frozenset[Action] = frozenset({"added", "adjusted", "listed"})


class Judgement(Struct, frozen=True, kw_only=True):
    """What a case is. `claim` decides its date and its claimed kind; it is None where nothing in between decides."""

    kind: Kind
    before: Knowledge
    claim: Claim | None
    returned: bool = False
    fields: tuple[FieldDifference, ...] = ()


def judge_case(case: Case, fields: tuple[FieldDifference, ...]) -> Judgement | None:
    """What the case is, or None where it is no change. `fields` are those in which its two states differ."""
    if case.retraction is not None and (judgement := _judge_retracted(case, case.retraction, fields)) is not None:
        return judgement
    if case.new is not None:
        return _judge_known(case, case.new, fields) if case.is_known else _judge_appeared(case)
    return _judge_gone(case) if case.is_known else _judge_passing(case)


def _judge_retracted(case: Case, retraction: Retraction, fields: tuple[FieldDifference, ...]) -> Judgement | None:
    """A category that a revised notice names no more, where the state shows it; what another page said stands."""
    if not fields and case.is_known == (case.new is not None):
        return None
    before: Knowledge = "known" if case.is_known else "none"
    return Judgement(kind="retracted", before=before, claim=retraction.claim, fields=fields)


def _judge_known(case: Case, new: Category, fields: tuple[FieldDifference, ...]) -> Judgement | None:
    """A category that both ends have.

    A notice that says adjusted and states only what nothing had stated before is `adjusted`, before unknown, without
    fields: it says that something changed, and nobody can say from what. A list that states more than was known is no
    news at all.
    """
    old = case.old
    if case.origin is not None and (step := case.origin.succession) is not None:
        return Judgement(kind=_SUCCESSIONS[step.claim.action], before="known", claim=step.claim, fields=fields)
    said = [claim for claim in case.news if is_said(claim) and claim.action != "removed"]
    first = said[0] if said else None
    if fields and (first is None or first.action not in _PASSAGES):
        return Judgement(kind="adjusted", before="known", claim=first or _find_silent_claim(case), fields=fields)
    passage = next((claim for claim in said if claim.action in _PASSAGES), None)
    if passage is not None:
        return Judgement(kind=_PASSAGES[passage.action], before="known", claim=passage, fields=fields)
    if first is None:
        return None
    if first.action == "adjusted" and old is not None and is_learned(old, new):
        return Judgement(kind="adjusted", before="unknown", claim=first)
    return Judgement(kind="restated", before="known", claim=first)


def _find_silent_claim(case: Case) -> Claim | None:
    """Of lists alone, the last: it is sure to show what is in force now. Else what was learned late."""
    spoken = case.news or case.history or case.revised
    return next((claim for claim in reversed(spoken) if claim.action != "removed"), None)


def _judge_appeared(case: Case) -> Judgement | None:
    """A category that only the new end has."""
    said = _find_said(case)
    step = None if case.origin is None else case.origin.succession
    if step is not None and (said is None or said.action != "added"):
        return Judgement(kind=_SUCCESSIONS[step.claim.action], before="unknown", claim=step.claim)
    if case.was_removed:
        arrival = next((claim for claim in case.news if claim.action in _ARRIVALS), None)
        return Judgement(kind="new", before="none", claim=arrival, returned=True)
    if said is not None and (said.action == "added" or not _is_listed_new(case, before=said)):
        return _judge_said(case, said)
    if case.is_new_listing or (not case.news and case.covered_before):
        return Judgement(kind="new", before="none", claim=_find_listing(case))
    return Judgement(kind="first_seen", before="unknown", claim=_find_listing(case))


def _judge_said(case: Case, said: Claim) -> Judgement:
    match said.action:
        case "added":
            return Judgement(kind="new", before="none", claim=said)
        case "removed":
            after = case.news[case.news.index(said) + 1 :]
            arrival = next((claim for claim in after if claim.action in _ARRIVALS), said)
            return Judgement(kind="new", before="none", claim=arrival, returned=True)
        case action:
            return Judgement(kind=_PASSAGES.get(action, "adjusted"), before="unknown", claim=said)


def _judge_gone(case: Case) -> Judgement | None:
    """A category that only the old end has.

    What nothing ended in between is only unknown at the new end, unless that end knows all of its scope.
    """
    if case.still_stands or (case.removal is None and not case.covered_now):
        return None
    claim = None if case.removal is None else case.removal.claim
    is_news = claim in case.news or claim in case.history
    return Judgement(kind="removed", before="known", claim=claim if is_news else None)


def _judge_passing(case: Case) -> Judgement | None:
    """A category that neither end has: removed, if it was there at the old end as far as anyone can tell.

    What was added in between came and went. A list that lacks it ends only what a notice had shown to be there.
    """
    said = _find_said(case)
    if case.removal is None or case.was_removed or case.still_stands or said is None:
        return None
    if said.action == "added" or _is_listed_new(case, before=said):
        return None
    if case.removal.claim.observed and case.covered_before:
        return None
    return Judgement(kind="removed", before="unknown", claim=case.removal.claim)


def _find_said(case: Case) -> Claim | None:
    return next((claim for claim in case.news if is_said(claim)), None)


def _find_listing(case: Case) -> Claim | None:
    return next((claim for claim in case.news if claim.action == "listed"), None)


def _is_listed_new(case: Case, *, before: Claim) -> bool:
    """Whether a list named the category as a new one before that claim did."""
    listing = _find_listing(case)
    return case.is_new_listing and listing is not None and case.news.index(listing) < case.news.index(before)
