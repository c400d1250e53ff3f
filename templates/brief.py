"""The brief: a digest in a title and some lines, for a chat, a mail's plain text, and the title in a feed."""

from __future__ import annotations

from msgspec import Struct

from templates.cards import Card
from templates.digest import Digest, PassingRow
from templates.filters import flatten_lines, join_path
from templates.words import Language, Words


class Brief(Struct, frozen=True):
    """What a reader must know first; each line stands for itself, the gravest come first."""

    title: str
    lines: tuple[str, ...]


def build_brief(digest: Digest, *, language: Language = "en") -> Brief:
    """The digest in short: the counts, the summary, the reader's programs, a line for each change, what came and went.

    What a chat has room for must be what hurts: what is gone or asks for more comes before what is new or eased.
    """
    words = Words(language)
    counts = words.counts(digest.counts)
    lines = [counts if digest.total else words.nothing(digest), *map(words.summary, digest.summary)]
    for row in digest.programs or ():
        told = f"{row.program}: {join_path(row.path)}: {words.state(row)}"
        lines.append(f"{told}; {words.asked(row)}" if words.asked(row) else told)
    cards = [card for group in digest.groups for section in group.sections for card in section.cards]
    lines += [_write_card(card, words) for card in sorted(cards, key=_rank)]
    lines += [f"{words.passing(digest)}: {_write_passing(row, words)}" for row in digest.passing]
    lines += [f"{words.severity(row.severity)}: {row.message}" for row in digest.findings]
    title = f"{words.title(digest)}: {counts}" if digest.total else words.title(digest)
    return Brief(flatten_lines(title), tuple(map(flatten_lines, lines)))


def _rank(card: Card) -> int:
    if card.kind == "removed" or card.verdict == "tightened":
        return 0
    return 1 if card.verdict in {"mixed", "unknown"} else 2


def _write_card(card: Card, words: Words) -> str:
    """「adjusted, tightened: 宠物服务 › 宠物寄养 (in force since 2025-06-30)」."""
    return f"{_write_kind(card, words)}: {join_path(card.path)} ({words.status(card.status)})"


def _write_passing(row: PassingRow, words: Words) -> str:
    """「removed: 金融業 › 個人征信 (2025-06-30, the end of the notice's period)」."""
    return f"{_write_kind(row, words)}: {join_path(row.path)} ({row.date}, {words.basis(row.basis)})"


def _write_kind(change: Card | PassingRow, words: Words) -> str:
    kind = words.kind(change.kind).lower()
    return kind if change.verdict is None else f"{kind}, {words.verdict(change.verdict)}"
