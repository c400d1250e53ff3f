"""What the store derives from the reading of a page: its documents' names, dates and problems."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

from snapshots.notice import Document, Problem, Reading
from snapshots.period import InForce

_ID_DIGITS = 12


def document_id(page_sha256: str, number: int, *, time: int = 1) -> str:
    """The name of the page's document with that number, counted from 1: `3f9a01c2b4de-1`.

    Where the page came back after another one had stood at its address, the second `time` is `3f9a01c2b4de-1.2`.
    """
    return f"{page_sha256[:_ID_DIGITS]}-{number}" + (f".{time}" if time > 1 else "")


def date_document(document: Document, *, effective: dt.date | None, captured: dt.date) -> InForce:
    """Since when the document is in force: the user's word first, then what it states, then the day of its capture."""
    if effective is not None:
        return InForce(effective, "effective")
    return document.in_force or InForce(captured, "captured")


def share_problems(reading: Reading) -> tuple[tuple[Document, tuple[Problem, ...]], ...]:
    """The documents of the page, each with its problems: from its first entry on, up to the first of the next one."""
    starts = [min((entry.lines[0] for entry in document.entries), default=0) for document in reading.documents]
    shares: list[list[Problem]] = [[] for _ in starts]
    for problem in reading.problems if shares else ():
        shares[max(0, bisect_right(starts, problem.line) - 1)].append(problem)
    return tuple(zip(reading.documents, map(tuple, shares), strict=True))
