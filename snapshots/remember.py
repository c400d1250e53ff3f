"""What was found in words, remembered: several readers ask the same of a line, and pages repeat their lines."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

_T = TypeVar("_T")
_More = ParamSpec("_More")
_REMEMBERED = 4096
_LONGEST = 400
"""Longer words are not kept: a broken page may have one line of a megabyte, and ask for each of its ends."""


def remember_words(find: Callable[Concatenate[str, _More], _T]) -> Callable[Concatenate[str, _More], _T]:
    """The function, which remembers what it found in the last short texts; what it finds must be frozen."""
    # What is asked beside the words must have a hash; the types of lru_cache cannot say so.
    remembered = cast("Callable[Concatenate[str, _More], _T]", lru_cache(_REMEMBERED)(find))

    @wraps(find)
    def find_again(words: str, /, *more: _More.args, **named: _More.kwargs) -> _T:
        known = remembered if len(words) <= _LONGEST else find
        return known(words, *more, **named)

    return find_again
