"""The difference of two texts, as runs. The only door to rapidfuzz.

A paper 《…》 and a category 【…】 are one token each, so are letters and digits in a row; every other character stands
alone, since Chinese puts no spaces between words. Tokens are compared folded and shown verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from differ.changes import Run, RunKind
from differ.tokens import Coded, code_tokens
from snapshots.folding import fold

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
    until = len(new) - end
    runs: list[Run] = []
    _add_run(runs, "keep", new[:start])
    _add_unlike(runs, old[start : len(old) - end], new[start:until])
    _add_run(runs, "keep", new[until:])
    return tuple(runs)


def _measure_shared(old: str, new: str) -> tuple[int, int]:
    """How many characters at the start and at the end both texts share, up to where a token ends in both."""
    from rapidfuzz.distance import Postfix, Prefix  # noqa: PLC0415 - only when texts differ

    start = Prefix.similarity(old, new)
    end = Postfix.similarity(old[start:], new[start:])
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


def _add_unlike(runs: list[Run], old: str, new: str) -> None:
    if len(old) + len(new) <= _LONG:
        _add_tokens(runs, old, new)
        return
    for removed, added, kept in _align(old, new, _code_lines(old, new)):
        if removed and added and len(removed) + len(added) <= _TOO_LONG:
            _add_tokens(runs, removed, added)
        else:
            _add_change(runs, removed, added)
        _add_run(runs, "keep", kept)


def _add_tokens(runs: list[Run], old: str, new: str) -> None:
    for removed, added, kept in _align(old, new, code_tokens(old, new)):
        _add_change(runs, removed, added)
        _add_run(runs, "keep", kept)


def _add_change(runs: list[Run], removed: str, added: str) -> None:
    if removed.strip():
        _add_run(runs, "delete", removed)
    _add_run(runs, "insert" if added.strip() else "keep", added)


def _add_run(runs: list[Run], kind: RunKind, text: str) -> None:
    """Add the run, unless it is empty; neighbours of one kind are joined."""
    if not text:
        return
    if runs and runs[-1][0] == kind:
        runs[-1] = (kind, runs[-1][1] + text)
    else:
        runs.append((kind, text))


def _code_lines(old: str, new: str) -> tuple[Coded, Coded]:
    numbers: dict[str, int] = {}

    def code(text: str) -> Coded:
        lines = text.splitlines(keepends=True)
        codes = [numbers.setdefault(fold(line), len(numbers)) for line in lines]
        return codes, (0, *accumulate(map(len, lines)))

    return code(old), code(new)


def _align(old: str, new: str, codes: tuple[Coded, Coded]) -> Iterator[tuple[str, str, str]]:
    """Stretches of both texts that differ, each with what follows it and is the same in both once folded."""
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only when texts differ

    (old_codes, old_places), (new_codes, new_places) = codes
    old_start = new_start = 0
    for block in Indel.editops(old_codes, new_codes).as_matching_blocks():
        old_place, new_place, size = block.a, block.b, block.size
        old_end, new_end = old_places[old_place], new_places[new_place]
        new_next = new_places[new_place + size]
        yield old[old_start:old_end], new[new_start:new_end], new[new_end:new_next]
        old_start, new_start = old_places[old_place + size], new_next
