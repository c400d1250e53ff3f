"""Notices and lists held against each other: what was said and not shown, and what was shown before it was said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from differ.changes import Change, ChangeSet, Evidence, Finding, is_editorial
from differ.findings.findings import SILENT, build_finding, cite_claim, name_path
from differ.findings.standing import Documents, Words
from snapshots.blocks import list_category, patch_category
from snapshots.category import Category, fold_level
from snapshots.form import is_same_state
from snapshots.keys import ancestors_of
from snapshots.notice import Action, NoticeEntry
from snapshots.order import entry_in_force
from snapshots.rows import merge_rows
from snapshots.snapshot import Claim, Removal, Snapshot, StoredDocument

NOT_APPLIED = "announced-not-applied"
UNLISTED = "closed-beta-not-listed"
USUAL_DAYS = 120
"""How long a notice may be expected where nothing says how often they come."""

Patience = Mapping[str, int]
"""For a source, the days after which its next page is expected."""

_ANNOUNCES: dict[str, frozenset[Action]] = {
    "new": frozenset({"added", "renamed", "moved", "merged", "split"}),
    "adjusted": frozenset({"added", "adjusted", "renamed", "moved", "merged", "split"}),
    "removed": frozenset({"removed", "renamed", "moved", "merged", "split"}),
}


def find_not_applied(snapshot: Snapshot, words: Words, documents: Documents) -> Iterator[Finding]:
    """What a notice says and the complete list after it does not show; of a closed beta, that it may be unlisted.

    Only the next list after the notice can contradict it: a later one may tell of what came since.
    """
    for key, removal in snapshot.removed.items():
        if removal.claim.observed:
            yield from _check_absent(key, removal, snapshot.claims.get(key, ()))
    for key, category in snapshot.categories.items():
        claims = snapshot.claims.get(key, ())
        after = next((place for place in range(len(claims), 0, -1) if claims[place - 1].action != "listed"), 0)
        if 0 < after < len(claims) and claims[after].document_kind == "catalogue":
            yield from _check_listed(category, claims[:after], claims[after], words, documents)


def settle_silent_changes(changes: ChangeSet, documents: Documents, *, today: dt.date, patience: Patience) -> ChangeSet:
    """The change set with what notices have said of its silent changes.

    A notice whose period covers the list's day closes the finding, and the change cites it. A notice may still come
    until the interval in which they are expected has passed: until then the finding is only for information. Other
    words for the same need no notice.
    """
    findings: list[Finding] = []
    changed = {change.key: change for change in changes.changes}
    for finding in changes.findings:
        change = None if finding.key is None or finding.code != SILENT else changed.get(finding.key)
        if change is None:
            findings.append(finding)
        elif is_editorial(change):
            continue
        elif (told := _find_announcement(change, documents.values())) is not None:
            action, place = told
            changed[change.key] = msgspec.structs.replace(
                change, claimed=action, evidence=tuple(dict.fromkeys((*change.evidence, place)))
            )
        else:
            findings.append(_date_silent_change(finding, change, documents, today, patience))
    return msgspec.structs.replace(
        changes,
        changes=tuple(changed.get(change.key, change) for change in changes.changes),
        findings=tuple(findings),
    )


def drop_explained(findings: Iterable[Finding], explained: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without silent changes of which another one tells more."""
    told = {finding.key for finding in explained if finding.code in {NOT_APPLIED, UNLISTED}}
    return tuple(finding for finding in findings if finding.code != SILENT or finding.key not in told)


def _check_absent(key: str, removal: Removal, claims: tuple[Claim, ...]) -> Iterator[Finding]:
    name = name_path(removal.path)
    before = [claim for claim in claims if claim.document != removal.claim.document]
    said = before[-1] if before else None
    last = removal.last
    if last is not None and last.requirement is not None and last.requirement.closed_beta:
        message = f"{name}: the complete list does not name it any more; it is a closed beta, and may only be unlisted"
        places = (cite_claim(claim) for claim in (removal.claim, said) if claim is not None)
        yield build_finding(key, UNLISTED, message, places, severity="info", detail=str(removal.claim.in_force.date))
    elif (
        said is not None
        and said.action in {"added", "adjusted"}
        and all(claim.action != "listed" for claim in before[-2:])
    ):
        yield _tell(key, name, said, removal.claim, "the complete list after it does not name it")


def _check_listed(
    category: Category, before: tuple[Claim, ...], listing: Claim, words: Words, documents: Documents
) -> Iterator[Finding]:
    said = before[-1]
    name = name_path(category.path)
    if said.action == "removed" and not said.observed:
        if not _has_list_between(said, listing, category, documents):
            yield _tell(category.key, name, said, listing, "the complete list after it names it")
    elif said.action == "adjusted":
        start = said.in_force.date if said.period is None else said.period.start
        lists = (claim for claim in reversed(before) if claim.action == "listed" and claim.in_force.date < start)
        earlier = next(lists, None)
        old = None if earlier is None else _state(category, earlier, words)
        now, row = _state(category, listing, words), _state(category, said, words)
        if old is None or now is None or row is None or not is_same_state(old, now):
            return
        patched = patch_category(old, merge_rows(map(words.entry_of, words.list_words(category.key, said)))[0])
        if not is_same_state(patched, now):
            yield _tell(category.key, name, said, listing, "the complete list after it states it as the one before did")


def _state(category: Category, claim: Claim, words: Words) -> Category | None:
    """The category as the claim's entries alone state it, under its present name."""
    rows = merge_rows(map(words.entry_of, words.list_words(category.key, claim)))
    if not rows:
        return None
    stated = list_category(rows[0], platform=category.platform)
    return msgspec.structs.replace(stated, path=category.path, key=category.key, entity_type=category.entity_type)


def _has_list_between(said: Claim, listing: Claim, category: Category, documents: Documents) -> bool:
    """Whether another complete list came between the notice and the list: that one did not name the category."""
    return any(
        stored.document.kind == "catalogue"
        and stored.document.platform == category.platform
        and stored.id != listing.document
        and any(
            scope.entity_type == category.entity_type and category.path[: len(scope.under)] == scope.under
            for scope in stored.document.complete_for
        )
        and said.in_force.date < stored.in_force.date < listing.in_force.date
        for stored in documents.values()
    )


def _tell(key: str, name: str, said: Claim, shown: Claim, what: str) -> Finding:
    message = f"{name}: said to be {said.action} ({said.in_force.date}), but {what} ({shown.in_force.date})"
    places = (cite_claim(said), cite_claim(shown))
    return build_finding(key, NOT_APPLIED, message, places, detail=f"{said.action} {said.in_force.date}")


def _find_announcement(change: Change, documents: Iterable[StoredDocument]) -> tuple[Action, Evidence] | None:
    """What a notice whose period covers the day of the change, or that is in force since it, says of it, and where."""
    for stored in documents:
        period = stored.document.period
        if stored.document.kind != "notice" or stored.document.platform != change.platform:
            continue
        day = change.in_force.date
        is_covered = period is not None and period.start <= day <= period.end
        for entry in stored.document.entries:
            if entry.action not in _ANNOUNCES.get(change.kind, ()) or not _names(entry, change):
                continue
            if is_covered or entry_in_force(entry, stored).date == day:
                return entry.action, Evidence(document=stored.id, lines=entry.lines)
    return None


def _names(entry: NoticeEntry, change: Change) -> bool:
    """Whether the entry is about the category, or about a branch above it; a new one may be where another goes."""
    if entry.entity_type != change.entity_type:
        return False
    if change.kind == "new" and entry.action != "added":
        path = tuple(map(fold_level, change.path))
        return any(tuple(map(fold_level, target)) == path[: len(target)] for target in entry.targets)
    return entry.key == change.key or entry.key in ancestors_of(change.key)


def _date_silent_change(
    finding: Finding, change: Change, documents: Documents, today: dt.date, patience: Patience
) -> Finding:
    days = _expect_days(change, finding, documents, patience)
    due = change.in_force.date + dt.timedelta(days=days)
    if today <= due:
        message = f"{finding.message} yet; one may come until {due}"
        return msgspec.structs.replace(finding, severity="info", message=message)
    return msgspec.structs.replace(finding, severity="warning")


def _expect_days(change: Change, finding: Finding, documents: Documents, patience: Patience) -> int:
    """How many days the next notice may take: as said of the platform's notices, or of the list itself."""
    notices = {
        stored.source
        for stored in documents.values()
        if stored.document.kind == "notice" and stored.document.platform == change.platform
    }
    lists = {documents[place.document].source for place in finding.evidence if place.document in documents}
    for sources in (notices, lists):
        if days := [patience[source] for source in sources if source is not None and source in patience]:
            return max(days)
    return USUAL_DAYS
