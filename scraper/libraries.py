"""The libraries that take part in reading a page: another release of one of them may read the same page otherwise."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.metadata import version

_READING = ("lxml", "opencc", "w3lib")


@cache
def name_libraries() -> str:
    """Their names and versions in one line; `unicode` is that of Python's own tables, by which texts are folded."""
    found = [f"{name} {version(name)}" for name in _READING]
    return ", ".join([*found, f"unicode {unicodedata.unidata_version}"])
