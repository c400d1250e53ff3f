"""The difference of two texts, as runs. The only door to rapidfuzz.

A paper 《…》 and a category 【…】 are one token each, so are letters and digits in a row; every other character stands
alone, since Chinese puts no spaces between words. Tokens are compared folded and shown verbatim.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from differ.changes import Run
from snapshots.folding import fold

# Blanks belong to the token that they lead to; a line break stands alone, so that whole lines come and go.
_TOKEN = re.compile(r"\n|[^\S\n]*(?:《[^《》]*》|【[^【】]*】|[A-Za-z0-9]+|\S)|[^\S\n]+")
_PAIRS = ("《》", "【】")
_ENDS = r"[^\sA-Za-z0-9《【]"  # at such a character a token ends, unless a bracket is open before it
_FIRST_END, _LAST_END = re.compile(_ENDS), re.compile(rf"(?s).*{_ENDS}")
_LONG = 5_000  # characters of both texts: above, lines are compared first
_TOO_LONG = 40_000  # characters of two unlike stretches: above, one is deleted whole and the other inserted


def diff_text(old: str, new: str) -> tuple[Run, ...]:
    """The runs that lead from the old text to the new; "keep" and "insert" join to the new text.

    "keep" and "delete" join to the old text as it is compared: a kept run shows the new side's spelling. Blanks alone
    are no difference. Above some thousand characters whole lines are compared first.
    """
    start, end = _measure_shared(old, new)
    until, end_of_old = len(new) - end, len(old) - end
    runs = _diff_unlike(old[start:end_of_old], new[start:until])
    return _merge_runs((("keep", new[:start]), *runs, ("keep", new[until:])))


def _diff_unlike(old: str, new: str) -> Iterator[Run]:
    return _diff_lines(old, new) if len(old) + len(new) > _LONG else _diff_tokens(old, new)


def _measure_shared(old: str, new: str) -> tuple[int, int]:
    """How many characters at the start and at the end both texts share, up to where a token ends in both."""
    shortest = min(len(old), len(new))
    start = bisect_left(range(1, shortest + 1), True, key=lambda size: not new.startswith(old[:size]))
    rest = shortest - start
    end = bisect_left(range(1, rest + 1), True, key=lambda size: not new.endswith(old[len(old) - size :]))
    return _find_last_end(new, start), len(new) - _find_first_end(new, len(new) - end)


def _find_last_end(text: str, limit: int) -> int:
    """The last place up to the limit at which a token ends, whatever comes after the limit."""
    while True:
        last = _LAST_END.match(text, 0, limit)
        place = last.end() if last else 0
        opened = [text.rfind(pair[0], 0, place) for pair in _PAIRS if _is_open(text, pair, 0, place)]
        if not opened:
            return place
        limit = min(opened)


def _find_first_end(text: str, start: int) -> int:
    """The first place from the start on at which a token ends, whatever stands before the start."""
    first = _FIRST_END.search(text, start)
    place = len(text) if first is None else first.end()
    for pair in _PAIRS:
        closed = text.find(pair[1], start)
        if closed >= 0 and text.find(pair[0], start, closed) < 0:
            place = max(place, closed + 1)
    while ends := [text.find(pair[1], place) for pair in _PAIRS if _is_open(text, pair, start, place)]:
        if max(ends) < 0:
            break  # a bracket that nothing closes is a token of its own
        place = max(ends) + 1
    return place


def _is_open(text: str, pair: str, start: int, end: int) -> bool:
    return text.rfind(pair[0], start, end) > text.rfind(pair[1], start, end)


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


def _merge_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
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
