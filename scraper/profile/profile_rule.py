"""Rules that the types of a profile carry for the texts in it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Rule(Struct, frozen=True, kw_only=True):
    """What a text of a profile must be.

    `free`: any text that is not empty, never compared with a page. `pattern`: a regular expression, with the named
    `groups` that its readers take out of it; a `mark` tells pages apart and must not fit them all.
    """

    form: Literal["free", "pattern", "mark"]
    groups: tuple[str, ...] = ()
