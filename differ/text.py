"""The difference of two texts, as runs. The only door to rapidfuzz.

A paper 《…》 and a category 【…】 are one token each, so are letters and digits in a row; every other character stands
alone, since Chinese puts no spaces between words. Tokens are compared folded and shown verbatim.
"""

from __future__ import annotations

import re

from differ.changes import Run
from snapshots.folding import fold

_TOKEN = re.compile(r"《[^《》]*》|【[^【】]*】|[A-Za-z0-9]+|\s+|.", re.DOTALL)
_LONG = 5000


def diff_text(old: str, new: str) -> tuple[Run, ...]:
    """The runs that lead from the old text to the new; "keep" and "insert" join to the new text.

    A kept run shows the new side's spelling. Above some thousand characters whole lines are compared first.
    """
    if len(old) + len(new) > _LONG:
        return _merge(_diff_lines(old, new))
    return _merge(_diff_tokens(_TOKEN.findall(old), _TOKEN.findall(new)))


def _diff_lines(old: str, new: str) -> list[Run]:
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    runs: list[Run] = []
    for tag, (a, b), (c, d) in _opcodes(old_lines, new_lines):
        removed, added = "".join(old_lines[a:b]), "".join(new_lines[c:d])
        if tag == "equal":
            runs.append(("keep", added))
        elif removed and added and len(removed) + len(added) <= _LONG:
            runs += _diff_tokens(_TOKEN.findall(removed), _TOKEN.findall(added))
        else:
            runs += [("delete", removed), ("insert", added)]
    return runs


def _diff_tokens(old: list[str], new: list[str]) -> list[Run]:
    runs: list[Run] = []
    for tag, (a, b), (c, d) in _opcodes(old, new):
        if tag == "equal":
            runs.append(("keep", "".join(new[c:d])))
        else:
            runs += [("delete", "".join(old[a:b])), ("insert", "".join(new[c:d]))]
    return runs


def _opcodes(old: list[str], new: list[str]) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    """The steps from one list to the other; a deletion and an insertion at one place come together."""
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only when texts differ

    steps = [
        (code.tag, (code.src_start, code.src_end), (code.dest_start, code.dest_end))
        for code in Indel.opcodes([_fold_token(token) for token in old], [_fold_token(token) for token in new])
    ]
    joined: list[tuple[str, tuple[int, int], tuple[int, int]]] = []
    for tag, source, target in steps:
        if joined and tag != "equal" and joined[-1][0] != "equal":
            _, (a, _), (c, _) = joined[-1]
            joined[-1] = ("replace", (a, source[1]), (c, target[1]))
        else:
            joined.append((tag, source, target))
    return joined


def _fold_token(token: str) -> str:
    return fold(token) or " "


def _merge(runs: list[Run]) -> tuple[Run, ...]:
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
