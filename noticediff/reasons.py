"""Why a change is what it is said to be, and what a finding rests on: all that a person needs to check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from differ.changes import Change, ChangeSet, Evidence, Finding, Severity, Verdict, Witness
from differ.encode import ChangeOutput, encode_change
from differ.fields import read_field
from differ.lines import value_text
from differ.verdict.papers import load_names
from differ.verdict.verdict import Rule, compare_requirements
from noticediff.advice import find_advice
from noticediff.findings import Outlook, gather_both, judge_changes
from noticediff.ids import match_id
from noticediff.news import build_news, load_known
from noticediff.quotes import Quote, Quoter
from noticediff.reviews import DecisionOutput, index_reviews, show_decision
from snapshots.category import Category
from snapshots.rebuild import list_change_dates, rebuild_series, rebuild_snapshot
from snapshots.snapshot import StoredDocument
from templates.alignment import compare_trees
from templates.rows import Mark, Row
from templates.trees import Tree, build_lines, build_requirement_tree

if TYPE_CHECKING:
    from snapshots.store import Store

_RULES: dict[Rule, str] = {
    "lost": "what is enough now was enough before, and a set of papers that was enough is not any more",
    "gained": "what was enough still is, and a set of papers that was not enough is now",
    "lost_and_gained": "a set of papers that was enough is not any more, and one that was not enough is now",
    "same_sets": "the same sets of papers are enough as before; only the words differ",
    "same_papers": "the same papers are enough as before; only the labels of the options differ, which say who applies",
    "unread_line": "a line of one of the two requirements was not understood, so nothing is decided",
    "expansion_cut": "one of the two requirements admits more sets of papers than are compared, so nothing is decided",
}


class AlignedRow(Struct, frozen=True, kw_only=True):
    """A row of two states side by side; None where that side has no counterpart."""

    depth: int
    mark: Mark
    old: str | None
    new: str | None


class AlignedBlock(Struct, frozen=True, kw_only=True):
    """One field of the category, old and new aligned branch by branch."""

    field: str
    rows: tuple[AlignedRow, ...]


class Explanation(Struct, frozen=True, kw_only=True):
    """What `explain` prints. `sources` are the places that say what is now, `sources_before` what was.

    Of a finding, `review` is the last decision on it and `advice` what to do; `is_resolved`: it was so, and is no more.
    """

    format: Literal["noticediff.explain"] = "noticediff.explain"
    format_version: Literal["1.0"] = "1.0"
    id: str
    change: ChangeOutput | None
    finding: FindingLabel | None
    blocks: tuple[AlignedBlock, ...]
    verdict: Verdict | None
    rule: Rule | None
    because: str | None
    witness: Witness | None
    witness_gained: Witness | None
    sources_before: tuple[Quote, ...]
    sources: tuple[Quote, ...]
    is_resolved: bool = False
    review: DecisionOutput | None = None
    advice: str | None = None


class FindingLabel(Struct, frozen=True, kw_only=True):
    """The finding in its own words."""

    code: str
    severity: Severity
    key: str | None
    message: str


def explain_id(store: Store, wanted: str, outlook: Outlook) -> Explanation:
    """The explanation of the change or the finding with that id, or whose id alone begins so.

    It is looked for in the news of the last digest, in what was learned since, and in the steps between all dates at
    which the state changed. Raises UsageError, with what is near, where it is in none.
    """
    documents = outlook.correct(store.load_documents())
    quoter = Quoter(store, {stored.id: stored for stored in documents})
    earlier, current = (
        {finding.id: finding for finding in gathered}
        for gathered in gather_both(load_known(store, since=None), documents, outlook)
    )
    known: dict[str, ChangeSet] = {}
    for changes in _list_change_sets(store, documents, outlook):
        ids = (*(change.id for change in changes.changes), *(finding.id for finding in changes.findings))
        for found_id in ids:
            known.setdefault(found_id, changes)
        if wanted in known:
            break
    every = {*known, *current, *earlier}
    whole = match_id(wanted, every, what="change or finding", where="`diff`, `digest` and `findings` name them")
    step = known.get(whole)
    for change in () if step is None else step.changes:
        if change.id == whole:
            return _explain_change(change, quoter)
    found = () if step is None else step.findings
    finding = current.get(whole) or earlier.get(whole) or next(finding for finding in found if finding.id == whole)
    review = index_reviews(store.load_reviews()).get(whole)
    return msgspec.structs.replace(
        _explain_finding(finding, step, quoter),
        is_resolved=whole not in current,
        review=None if review is None else show_decision(review),
        advice=find_advice(finding.code) if whole in current else None,
    )


def _list_change_sets(store: Store, documents: Sequence[StoredDocument], outlook: Outlook) -> Iterator[ChangeSet]:
    """Every change set that a user may have an id from, those told last first."""
    told = store.load_digests()[-2:]
    known = [(), *(store.load_documents(until_sequence=digest.sequence) for digest in told), documents]
    for before, after in list(pairwise(known))[-2:] if told else ():
        yield build_news(before, after, outlook, since=None, until=None).changes
    by_id = {stored.id: stored for stored in documents}
    earlier = rebuild_snapshot((), at=None)
    for snapshot in rebuild_series(documents, dates=list_change_dates(documents)):
        yield judge_changes(earlier, snapshot, by_id, outlook)
        earlier = snapshot
    if not told:
        yield build_news((), documents, outlook, since=None, until=None).changes


def _explain_change(change: Change, quoter: Quoter) -> Explanation:
    old = None if change.old is None or change.old.requirement is None else change.old.requirement
    new = None if change.new is None or change.new.requirement is None else change.new.requirement
    rule: Rule | None = None
    if change.verdict is not None and old and new and old.requirement and new.requirement:
        is_doubtful = bool(old.doubts or new.doubts)
        rule = compare_requirements(old.requirement, new.requirement, load_names(), is_doubtful=is_doubtful).rule
    return Explanation(
        id=change.id,
        change=encode_change(change),
        finding=None,
        blocks=tuple(_align_blocks(change)),
        verdict=change.verdict,
        rule=rule,
        because=_give_reason(change, rule),
        witness=change.witness,
        witness_gained=change.witness_gained,
        sources_before=quoter.quote_places(change.evidence_before),
        sources=quoter.quote_places(place for place in change.evidence if place not in change.evidence_before),
    )


def _explain_finding(finding: Finding, changes: ChangeSet | None, quoter: Quoter) -> Explanation:
    """The finding with its places; where it is about a change of the same step, with that change."""
    change = None
    if changes is not None and finding.code == "silent-change":
        change = next((found for found in changes.changes if found.key == finding.key), None)
    about = None if change is None else _explain_change(change, quoter)
    places: list[Evidence] = [place for place in finding.evidence if change is None or place not in change.evidence]
    return Explanation(
        id=finding.id,
        change=about.change if about else None,
        finding=FindingLabel(code=finding.code, severity=finding.severity, key=finding.key, message=finding.message),
        blocks=about.blocks if about else (),
        verdict=about.verdict if about else None,
        rule=about.rule if about else None,
        because=about.because if about else None,
        witness=about.witness if about else None,
        witness_gained=about.witness_gained if about else None,
        sources_before=about.sources_before if about else (),
        sources=(*(about.sources if about else ()), *quoter.quote_entries(places)),
    )


def _give_reason(change: Change, rule: Rule | None) -> str | None:
    """Why the verdict is what it is, or why there is none."""
    if rule is not None:
        return ": ".join([_RULES[rule], *([", ".join(change.cases)] if change.cases else [])])
    if change.before != "known" or change.kind == "removed" or change.new is None or change.old is None:
        return None
    if any(difference.field == "requirement" for difference in change.fields):
        return "one side states no list of papers, so there is nothing to compare"
    return "the requirement is the same on both sides; other fields differ" if change.fields else None


def _align_blocks(change: Change) -> Iterator[AlignedBlock]:
    """Each field that differs; of what came or went, all that is stated."""
    differing = {difference.field for difference in change.fields}
    is_whole = change.old is None or change.new is None
    if "requirement" in differing or is_whole:
        rows = compare_trees(_build_trees(change.old), _build_trees(change.new)).unified
        if rows:
            yield AlignedBlock(field="requirement", rows=tuple(map(_align_row, rows)))
    if change.new is None and change.old is not None and change.old.scope is not None:
        lines = build_lines((change.old.scope.scope or "").splitlines())
        yield AlignedBlock(field="scope", rows=tuple(map(_align_row, compare_trees(lines, ()).unified)))
    for difference in change.fields:
        if difference.field != "requirement":
            old, new = (_split_value(change, side, difference.field) for side in ("old", "new"))
            rows = compare_trees(build_lines(old), build_lines(new)).unified
            yield AlignedBlock(field=difference.field, rows=tuple(map(_align_row, rows)))


def _split_value(change: Change, side: Literal["old", "new"], field: str) -> tuple[str, ...]:
    category = change.old if side == "old" else change.new
    return () if category is None else tuple(value_text(read_field(category, field)).splitlines())


def _build_trees(category: Category | None) -> tuple[Tree, ...]:
    block = None if category is None else category.requirement
    return () if block is None or block.requirement is None else (build_requirement_tree(block.requirement),)


def _align_row(row: Row) -> AlignedRow:
    head, marker = "", f"  {row.marker}" if row.marker else ""
    marker += "  (optional)" if row.is_optional else ""
    if row.kind in {"all_of", "choose"}:
        head = "all of" if row.kind == "all_of" else f"{row.n} of {row.total}"
    old = "".join(span.text for span in row.spans if span.change != "insert")
    new = "".join(span.text for span in row.spans if span.change != "delete")
    sides = []
    for text in (old, new):
        words = ": ".join(part for part in (text, head) if part) + marker
        sides.append(f"note: {words}" if row.kind == "note" else "none required" if row.kind == "none" else words)
    return AlignedRow(
        depth=row.depth,
        mark=row.mark,
        old=None if row.mark == "added" else sides[0],
        new=None if row.mark == "removed" else sides[1],
    )
