"""Advice: what a person does about a finding, by its code."""

from __future__ import annotations

_LOOK = "look at the lines; where the page was misread, an [[override]] states the field, else accept the finding"
_ADVICE = {
    "silent-change": (
        "wait for the notice, or look at the page; where the platform did change it and no notice will come, accept it"
    ),
    "announced-not-applied": "look at both pages; ask the platform which of them holds; accept it until then",
    "closed-beta-not-listed": "ask the platform whether the closed beta goes on; accept the finding, or dismiss it",
    "claim-added-but-known": "look at both pages: the notice may repeat itself, or name another category so",
    "claim-added-and-adjusted": "look at both places of the notice; the later one of them holds here",
    "before-disagrees": "look at both pages: a change between them may never have been told",
    "marked-new-but-known": "look at both pages; the mark may be left from the time before",
    "adjusted-not-listed": "look for the category under another name; a rename that you are sure of is a [[moved]]",
    "removed-not-listed": "look for the category under another name; a rename that you are sure of is a [[moved]]",
    "prose-against-table": "look at the sentence and the row; ask the platform which of them holds",
    "mirrors-disagree": "look at both pages; the platform's own one counts",
    "dangling-reference": "look for the category that is meant; where the list does not tell, ask the platform",
    "reference-to-removed": "look for the category that took its place; where the list does not tell, ask the platform",
    "reference-to-renamed": "nothing, but to read the reference with the new name",
    "one-sided-pair": "look at both scopes; ask the platform where such a case belongs",
    "duplicate-entry": "look at the rows; each is taken as enough here, and one may be meant for other applicants",
    "rename-proposal": "look at both; if it is one category, say so as a [[moved]], else dismiss the finding",
    "merge-proposal": "look at both; the leaves' programs must be moved if it is so",
    "split-proposal": "look at both; each program must be moved to its leaf if it is so",
    "corrected": "nothing, for as long as the override is right",
    "cut": "save the page again, whole",
    "unfinished-entry": "save the page again, whole",
}


def find_advice(code: str) -> str:
    """What to do about a finding of that code; all others are lines that were not understood."""
    return _ADVICE.get(code, _LOOK)
