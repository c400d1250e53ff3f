"""Rows: what a card shows of a category, line by line, with its place in the tree and its mark in a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from differ.changes import Run
from snapshots.category import CategoryPath, ReferenceRole

RowKind = Literal["all_of", "choose", "paper", "text", "none", "note", "line"]
Mark = Literal["same", "added", "removed", "changed"]
Change = Literal["keep", "delete", "insert"]

_PAPER = re.compile(r"(《[^《》]*》)")
_NOT_HAN = re.compile("[^\u3400-\u9fff]+")


class Span(Struct, frozen=True):
    """A piece of a row's text: kept, deleted or inserted; `paper` where it is a whole 《…》."""

    text: str
    change: Change = "keep"
    paper: bool = False


class Row(Struct, frozen=True, kw_only=True):
    """A line of a block: a leaf or a head of a requirement tree, a note, a line of prose.

    The text of a head is its label (金融資產管理公司提供), `marker` its words on the page ((②選①)), `n` of `total` what
    they mean. A list of rows is a tree in page order: `opens` says that the next row is a child, `closes` how many
    lists end after this row, and `rails`, a truth for each level down to its own, whether a sibling follows there.
    `is_optional`: the page says that it may be left out.
    A changed row that has the runs of both states keeps in `before` what the earlier one has in its place.
    """

    depth: int
    kind: RowKind
    spans: tuple[Span, ...]
    marker: str | None = None
    n: int = 0
    total: int = 0
    mark: Mark = "same"
    marked_new: bool = False
    is_optional: bool = False
    opens: bool = False
    closes: int = 0
    rails: tuple[bool, ...] = ()
    before: Row | None = None

    @property
    def is_head(self) -> bool:
        """Whether the row heads a list of options."""
        return self.kind in {"all_of", "choose"}

    @property
    def is_respelled(self) -> bool:
        """Whether the earlier state writes what both share otherwise: the runs of both would mix two scripts."""
        return self.before is not None and _join_kept(self.spans) != _join_kept(self.before.spans)


class Target(Struct, frozen=True):
    """A category that a reference points at, and the anchor of its card where it changes in the same digest."""

    path: CategoryPath
    anchor: str | None


class ReferenceRow(Struct, frozen=True, kw_only=True):
    """A reference to other categories: 「若涉及…,需補充【公益-募捐服務】類目」 with its role and condition."""

    role: ReferenceRole | None
    targets: tuple[Target, ...]
    condition: str | None
    mark: Mark = "same"


def split_spans(runs: Iterable[Run]) -> tuple[Span, ...]:
    """The runs of a text with each 《…》 as a span of its own; ("keep", text) alone gives the spans of a plain text."""
    return tuple(
        Span(piece, change, paper=_PAPER.fullmatch(piece) is not None)
        for change, text in runs
        for piece in _PAPER.split(text)
        if piece
    )


def nest_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with what follows each of them filled in: `opens`, `closes` and `rails`."""
    nested: list[Row] = []
    follows: list[bool] = []
    next_depth = 0
    for row in reversed(rows):
        follows = [*follows, *[False] * (row.depth + 1 - len(follows))][: row.depth + 1]
        rails = tuple(follows)
        follows[row.depth] = True
        nested.append(
            msgspec.structs.replace(
                row, opens=next_depth > row.depth, closes=max(0, row.depth - next_depth), rails=rails
            )
        )
        next_depth = row.depth
    return tuple(reversed(nested))


def _join_kept(spans: Iterable[Span]) -> str:
    """The Chinese characters that both states share."""
    return _NOT_HAN.sub("", "".join(span.text for span in spans if span.change == "keep"))
