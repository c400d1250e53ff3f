"""What a notice says was asked for before 变更前, held against what was known then.

Baidu's notice of 2020-06-24 says that 汽车经销商/4s店 had to hand in three papers, and the catalogue before it asks for
none. The change is told against what was known; that the page remembers something else is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from differ.changes import Finding
from differ.findings.findings import build_finding, cite_claim, name_path
from differ.findings.standing import Documents, Words
from snapshots.category import Category
from snapshots.form import fold_requirement
from snapshots.requirement import Requirement
from snapshots.snapshot import Claim, Snapshot

DISAGREES = "before-disagrees"


def find_other_memories(snapshot: Snapshot, words: Words, documents: Documents) -> Iterator[Finding]:
    """The categories of which a notice states another earlier requirement than the page before it did."""
    telling = {
        document
        for document in words.heard
        if any(entry.before is not None and entry.before.requirement for entry in documents[document].document.entries)
    }
    if not telling:
        return
    for key, category in snapshot.categories.items():
        claims = snapshot.claims.get(key, ())
        for place, claim in enumerate(claims):
            if claim.document in telling:
                yield from _check(category, claim, claims[:place], words)


def _check(category: Category, claim: Claim, earlier: Sequence[Claim], words: Words) -> Iterator[Finding]:
    stated = [entry.before for entry in map(words.entry_of, words.list_words(category.key, claim))]
    remembered = next((before.requirement for before in stated if before is not None and before.requirement), None)
    known = _find_known(category, earlier, words)
    if remembered is None or known is None:
        return
    requirement, source = known
    if fold_requirement(requirement) != fold_requirement(remembered):
        message = f"{name_path(category.path)}: the notice states another requirement before it than the page that did"
        places = (cite_claim(claim), cite_claim(source))
        yield build_finding(category.key, DISAGREES, message, places, detail=str(claim.in_force.date))


def _find_known(category: Category, earlier: Sequence[Claim], words: Words) -> tuple[Requirement, Claim] | None:
    """The requirement as the last page before stated it; several rows of one category are left alone."""
    for claim in reversed(earlier):
        entries = [words.entry_of(word) for word in words.list_words(category.key, claim)]
        asked = [entry.requirement for entry in entries if entry.requirement is not None]
        if asked:
            return (asked[0], claim) if len(asked) == 1 else None
    return None
