"""Ids as people write them: whole, or as many of their first digits as only one of them has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from snapshots.errors import UsageError

_SHOWN = 4  # candidates that a message names


def match_id(wanted: str, ids: Iterable[str], *, what: str, where: str) -> str:
    """The one id that is, or begins with, what was written.

    Raises UsageError where several begin so, with these; and where none does, with what is near. `what` is sought, and
    `where` its ids stand.
    """
    every = sorted(set(ids))
    if wanted in every:
        return wanted
    begun = [known for known in every if wanted and known.startswith(wanted.lower())]
    if len(begun) == 1:
        return begun[0]
    if begun:
        more = f" and {len(begun) - _SHOWN} more" if len(begun) > _SHOWN else ""
        raise UsageError(
            f"'{wanted}' begins {len(begun)} ids: {', '.join(begun[:_SHOWN])}{more}; write more digits of one"
        )
    near = difflib.get_close_matches(wanted, every, n=3, cutoff=0.6)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise UsageError(f"no {what} '{wanted}' is known{hint}; {where}")
