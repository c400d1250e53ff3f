"""Plain text for reading in a terminal: why a change is what it is said to be, in two columns where there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest

from differ.changes import Witness
from noticediff.inert import make_inert
from noticediff.quotes import Quote
from noticediff.reasons import AlignedBlock, AlignedRow, Explanation
from noticediff.widths import pad_text, wrap_text

_STEP = "  "
_SIGNS = {"same": " ", "added": "+", "removed": "-", "changed": "~"}
_BETWEEN = " │ "
_DEEPEST = 8  # steps that a row is indented
WIDE = 100
"""Columns of a terminal from which on old and new stand side by side."""


def describe_explanation(found: Explanation, emphasize: Callable[[str], str], *, width: int) -> str:
    """What it is, old beside new, the rule and its witness, and the words of the pages."""
    lines = [*_describe_subject(found, emphasize)]
    for block in found.blocks:
        lines += ["", emphasize(block.field.replace("_", " "))]
        lines += _draw_columns(block, width) if width >= WIDE else _draw_stacked(block)
    if found.verdict is not None or found.because is not None:
        lines += ["", f"verdict: {found.verdict or 'none'}"]
        lines += [f"{_STEP}because {found.because}"] if found.because else []
    for witness in (found.witness, found.witness_gained):
        lines += [] if witness is None else _describe_witness(witness)
    for heading, quotes in (("the pages before", found.sources_before), ("the pages now", found.sources)):
        for place, quote in enumerate(quotes):
            lines += [*(["", emphasize(heading)] if not place else []), *_describe_quote(quote)]
    return make_inert("".join(f"{line.rstrip()}\n" for line in lines))


def _describe_witness(witness: Witness) -> Iterator[str]:
    was = "was enough" if witness.was_enough else "was not enough"
    now = "is enough" if witness.is_enough else "is not enough"
    yield f"{_STEP}for example, this {was} before and {now} now:"
    for paper in witness.papers or ("no paper at all",):
        yield f"{_STEP * 2}{paper}"


def _describe_subject(found: Explanation, emphasize: Callable[[str], str]) -> Iterator[str]:
    if (finding := found.finding) is not None:
        yield emphasize(f"{found.id} {finding.severity} {finding.code}")
        yield f"{_STEP}{finding.message}"
        if found.is_resolved:
            yield f"{_STEP}resolved: the pages that are known now do not show it any more"
        if (review := found.review) is not None:
            yield f"{_STEP}{review.decision} by {review.who}, {review.at}: {' '.join(review.reason.split())}"
        if found.advice is not None:
            yield f"{_STEP}what to do: {found.advice}"
    if (change := found.change) is not None:
        who = "" if change.entity_type is None else f" · {change.entity_type}"
        yield emphasize(f"{change.id} {change.kind} {' › '.join(change.path)}")
        yield f"{_STEP}{change.platform}{who} · in force {change.in_force.date} ({change.in_force.basis})"
        for path in change.paths_before:
            yield f"{_STEP}before: {' › '.join(path)}"
        said = "no notice says so" if change.claimed is None else f"a notice says {change.claimed}"
        yield f"{_STEP}{said}; the state before is {change.before}"


def _draw_stacked(block: AlignedBlock) -> Iterator[str]:
    """What is the same once; what differs one below the other, old first."""
    for row in block.rows:
        indent = _STEP * row.depth
        if row.mark == "same":
            yield f"    {indent}{row.new}"
            continue
        if row.old is not None:
            yield f"  - {indent}{row.old}"
        if row.new is not None:
            yield f"  + {indent}{row.new}"


def _draw_columns(block: AlignedBlock, width: int) -> Iterator[str]:
    column = (width - len(_STEP) - 2 - len(_BETWEEN)) // 2
    for row in block.rows:
        sides = [_fit(row, text, column) for text in (row.old, row.new)]
        for place, (old, new) in enumerate(zip_longest(*sides, fillvalue="")):
            sign = _SIGNS[row.mark] if not place else " "
            yield f"{_STEP}{sign} {pad_text(old, column)}{_BETWEEN}{new}"


def _fit(row: AlignedRow, text: str | None, column: int) -> list[str]:
    """The text in lines that the column holds, each indented as deep as its row."""
    if text is None:
        return []
    indent = _STEP * min(row.depth, _DEEPEST)
    first, *rest = wrap_text(" ".join(text.split()), column - len(indent) - len(_STEP))
    return [indent + first, *(indent + _STEP + line for line in rest)]


def _describe_quote(quote: Quote) -> Iterator[str]:
    title = f" ({quote.title})" if quote.title else ""
    yield f"{_STEP}{quote.page}{title}, captured {quote.captured.date()}, in force {quote.in_force.date}"
    if quote.lines is None:
        yield f"{_STEP * 2}no line names it"
    for line in quote.quoted:
        yield f"{_STEP * 2}{line.number:>5}  {' '.join(line.text.split())}"
    if quote.left_out:
        yield f"{_STEP * 2}and {quote.left_out} more lines"
