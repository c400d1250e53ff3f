"""The difference of two texts, as runs. The only door to rapidfuzz.

A paper 《…》 and a category 【…】 are one token each, so are letters and digits in a row; every other character stands
alone, since Chinese puts no spaces between words. Tokens are compared folded and shown verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from differ.changes import Run
from snapshots.folding import fold

# Blanks belong to the token that they lead to; a line break stands alone, so that whole lines come and go.
_TOKEN = re.compile(r"\n|[^\S\n]*(?:《[^《》]*》|【[^【】]*】|[A-Za-z0-9]+|\S)|[^\S\n]+")
_LONG = 5_000  # characters of both texts: above, lines are compared first
_TOO_LONG = 40_000  # characters of two unlike stretches: above, one is deleted whole and the other inserted


def diff_text(old: str, new: str) -> tuple[Run, ...]:
    """The runs that lead from the old text to the new; "keep" and "insert" join to the new text.

    "keep" and "delete" join to the old text as it is compared: a kept run shows the new side's spelling. Blanks alone
    are no difference. Above some thousand characters whole lines are compared first.
    """
    is_long = len(old) + len(new) > _LONG
    return _merge_runs(_diff_lines(old, new) if is_long else _diff_tokens(old, new))


def measure_likeness(old: str, new: str) -> float:
    """How alike two texts are once folded, 0 to 1."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - only when something is gone and something new

    return fuzz.ratio(fold(old), fold(new)) / 100


def _diff_lines(old: str, new: str) -> Iterator[Run]:
    for removed, added, is_kept in _align(old, new, _split_lines):
        if not is_kept and removed and added and len(removed) + len(added) <= _TOO_LONG:
            yield from _diff_tokens(removed, added)
        else:
            yield from _build_runs(removed, added, is_kept=is_kept)


def _diff_tokens(old: str, new: str) -> Iterator[Run]:
    for removed, added, is_kept in _align(old, new, split_tokens):
        yield from _build_runs(removed, added, is_kept=is_kept)


def split_tokens(text: str) -> list[str]:
    """The tokens of the text, which join to it but for what is no token."""
    return _TOKEN.findall(text)


def _split_lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _align(old: str, new: str, split: Callable[[str], list[str]]) -> Iterator[tuple[str, str, bool]]:
    """Stretches of both texts side by side, with whether they are the same once folded."""
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only when texts differ

    numbers: dict[str, int] = {}
    old_parts, new_parts = split(old), split(new)
    old_numbers = [numbers.setdefault(fold(part), len(numbers)) for part in old_parts]
    new_numbers = [numbers.setdefault(fold(part), len(numbers)) for part in new_parts]
    removed = added = ""
    for step in Indel.opcodes(old_numbers, new_numbers):
        old_stretch = "".join(old_parts[step.src_start : step.src_end])
        new_stretch = "".join(new_parts[step.dest_start : step.dest_end])
        if step.tag == "equal":
            yield removed, added, False
            removed = added = ""
            yield old_stretch, new_stretch, True
        else:
            removed += old_stretch
            added += new_stretch
    yield removed, added, False


def _build_runs(removed: str, added: str, *, is_kept: bool) -> Iterator[Run]:
    if is_kept or not added.strip():
        kept, inserted = added, ""
    else:
        kept, inserted = "", added
    if not is_kept and removed.strip():
        yield "delete", removed
    yield "keep", kept
    yield "insert", inserted


def _merge_runs(runs: Iterator[Run]) -> tuple[Run, ...]:
    """The runs without empty ones, neighbours of one kind joined."""
    merged: list[Run] = []
    for kind, text in runs:
        if not text:
            continue
        if merged and merged[-1][0] == kind:
            merged[-1] = (kind, merged[-1][1] + text)
        else:
            merged.append((kind, text))
    return tuple(merged)
