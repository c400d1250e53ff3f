"""Runs: what differs in a line, each side in its own spelling, and nothing marked that is only form.

A full stop or 「；」 that comes or goes, or an enumerator at the beginning, says nothing: snapshots/form.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from differ.changes import Run
from differ.text import diff_text
from snapshots.folding import fold_characters
from snapshots.form import fold_words
from templates.rows import Span, split_spans

_STOPS = re.compile(r"[\s。;]*")
_TAIL = re.compile(r"[\s。;,.、:]*")


class LineDifference(Struct, frozen=True):
    """A line before and after, and both in one, its kept runs spelled as the later side spells them."""

    old: tuple[Span, ...]
    new: tuple[Span, ...]
    unified: tuple[Span, ...]


def compare_lines(old: str, new: str) -> LineDifference:
    """The spans of both lines."""
    forward, backward = calm_runs(diff_text(old, new)), calm_runs(diff_text(new, old))
    return LineDifference(
        old=split_spans([("delete" if change == "insert" else change, text) for change, text in _drop(backward)]),
        new=split_spans(_drop(forward)),
        unified=split_spans(forward),
    )


def calm_runs(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs without marks for what is only form: it is kept where it came, and left out where it went."""
    calm: list[Run] = []
    before = ""
    for place, (change, text) in enumerate(runs):
        is_last = all(_TAIL.fullmatch(fold_characters(later)) for _, later in runs[place + 1 :])
        if change == "keep" or not _is_form(before, text, is_last=is_last):
            calm.append((change, text))
        elif change == "insert":
            calm.append(("keep", text))
        before += text if change == "keep" else ""
    return tuple(calm)


def _is_form(before: str, text: str, *, is_last: bool) -> bool:
    """Whether the run says nothing: a stop, a sign at the end, or part of the enumerator that the line begins with."""
    signs = _TAIL if is_last else _STOPS
    return signs.fullmatch(fold_characters(text)) is not None or not fold_words(before + text)


def _drop(runs: Sequence[Run]) -> list[Run]:
    """What the later side shows."""
    return [run for run in runs if run[0] != "delete"]
