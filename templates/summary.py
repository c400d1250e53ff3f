"""The summary: what a reader must know before reading on, as countable facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from differ.changes import Severity, Verdict
from templates.cards import Card, FactCode, Status, StatusCode
from templates.pages import SourceRow

SummaryCode = Literal[
    "tightened", "mixed", "relaxed", "undecided", "asks_also",
    "coming", "in_force", "since", "closed_beta", "returned", "earlier_unknown", "silent",
    "findings", "failed",
]  # fmt: skip

_STATUSES: tuple[StatusCode, ...] = ("coming", "in_force", "since")
_VERDICTS: tuple[tuple[SummaryCode, Verdict], ...] = (
    ("tightened", "tightened"), ("mixed", "mixed"), ("relaxed", "relaxed"), ("undecided", "unknown"),
)  # fmt: skip
_FACTS: tuple[tuple[SummaryCode, frozenset[FactCode]], ...] = (
    ("closed_beta", frozenset({"closed_beta", "closed_beta_begins"})),
    ("returned", frozenset({"returned"})),
    ("earlier_unknown", frozenset({"earlier_unknown"})),
)


class SummaryPart(Struct, frozen=True):
    """One fact of the summary and how many it counts; `first` and `last` are the dates of the changes counted."""

    code: SummaryCode
    count: int
    first: dt.date | None = None
    last: dt.date | None = None


def build_summary(
    cards: Sequence[Card], findings: Sequence[Severity], sources: Sequence[SourceRow]
) -> tuple[SummaryPart, ...]:
    """The facts that count something, first what is asked otherwise than before, the stricter before the looser.

    Restated and first seen categories are no news.
    """
    parts = [SummaryPart(code, sum(card.verdict == verdict for card in cards)) for code, verdict in _VERDICTS]
    parts.append(SummaryPart("asks_also", _count_facts(cards, frozenset({"asks_also"}))))
    parts += [_count_statuses(code, [card.status for card in cards]) for code in _STATUSES]
    parts += [SummaryPart(code, _count_facts(cards, facts)) for code, facts in _FACTS]
    parts.append(SummaryPart("silent", sum(card.silent is not None for card in cards)))
    parts.append(SummaryPart("findings", sum(severity != "info" for severity in findings)))
    parts.append(SummaryPart("failed", sum(source.outcome == "failed" for source in sources)))
    return tuple(part for part in parts if part.count)


def _count_statuses(code: StatusCode, statuses: Sequence[Status]) -> SummaryPart:
    dates = [status.date for status in statuses if status.code == code]
    return SummaryPart(code, len(dates), min(dates, default=None), max(dates, default=None))


def _count_facts(cards: Sequence[Card], codes: frozenset[FactCode]) -> int:
    return sum(any(fact.code in codes for fact in card.facts) for card in cards)
