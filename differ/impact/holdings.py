"""Holdings: what the papers of a program are worth against one demand of a page.

    held      a paper that the program holds asks for no less than the page does
    check     a paper of that name is held, and what the page asks of it is not stated: 经营范围需含…, whose, how many
    open      nobody can say: a case that the portfolio does not state, or words that name no paper
    missing   no such paper, or one that is expired, of somebody else, or too few

Nothing is guessed: a 《营业执照》 whose scope of business the portfolio does not state is never taken for enough.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Literal

import msgspec
from msgspec import Struct

from differ.impact.portfolio import HeldPaper, Program
from differ.verdict.conditions import are_implied
from differ.verdict.demands import Demand, build_demand, is_case
from differ.verdict.papers import PaperNames
from snapshots.folding import fold_characters
from snapshots.form import fold_label, fold_words
from snapshots.requirement import Paper, Text

Standing = Literal["held", "check", "open", "missing"]
STANDINGS: tuple[Standing, ...] = ("held", "check", "open", "missing")
"""From best to worst."""

Reason = Literal["qualifier", "holder", "count", "case", "condition", "text", "not_held", "expired", "wording"]

_CASE = "case "
_SIGNED = re.compile(r"(?:签订)?的?$")  # 「与养老机构签订的《合作协议》」: whose it is ends before
_BRACKET = re.compile(r"\([^()]*\)")
_NEGATION = ("非", "不", "无", "除")
_ALTERNATIVES = re.compile(r"或者|或|/")


class Answer(Struct, frozen=True, kw_only=True):
    """What the program has for one demand.

    `text` is the page's words; `condition` the case in which it is asked for at all; `paper` the title of the held
    paper that the answer speaks of.
    """

    kind: Literal["paper", "text", "case"]
    text: str
    condition: str | None
    standing: Standing
    reason: Reason | None = None
    paper: str | None = None


class Holdings:
    """The papers and cases of a program on one day."""

    def __init__(self, program: Program, day: dt.date, names: PaperNames) -> None:
        self._names = names
        self._day = day
        self._cases = frozenset(fold_label(case) for case in program.cases)
        self._papers = tuple((paper, _name_paper(paper, names)) for paper in program.papers)

    def answer(self, demand: Demand, text_leaves: Collection[str]) -> Answer:
        """What is there for the demand; `text_leaves` are the leaves of the page that name no paper 《…》."""
        if is_case(demand):
            return self._answer_case(demand)
        is_text = demand.shown in text_leaves
        found = [self._hold(paper, known, demand) for paper, known in self._papers if _is_named(paper, known, demand)]
        best = min(found, key=lambda answer: STANDINGS.index(answer[0]), default=None)
        standing, reason, title = best or (("open", "text", None) if is_text else ("missing", "not_held", None))
        if standing == "missing" and demand.only_if is not None and not self._states(demand.only_if):
            standing, reason = "open", "condition"
        return Answer(
            kind="text" if is_text else "paper",
            text=demand.shown,
            condition=demand.only_if,
            standing=standing,
            reason=reason,
            paper=title,
        )

    def is_in_case(self, demand: Demand) -> bool:
        """Whether the program states that it is in the case.

        「政府/有政府职能的事业单位」 is either of the two, 「公共事业公司(如电力公司…)」 is 公共事业公司; but
        「非政府/事业单位」 is no 事业单位.
        """
        return self._states(demand.name.removeprefix(_CASE))

    def _answer_case(self, demand: Demand) -> Answer:
        stated = self.is_in_case(demand)
        return Answer(
            kind="case",
            text=demand.shown,
            condition=demand.only_if,
            standing="held" if stated else "open",
            reason=None if stated else "case",
        )

    def _states(self, words: str) -> bool:
        bare = _BRACKET.sub("", words)
        parts = () if bare.startswith(_NEGATION) else _ALTERNATIVES.split(bare)
        return bool(self._cases & {words, bare, *parts})

    def _hold(
        self, paper: HeldPaper, known: dict[str, Demand], demand: Demand
    ) -> tuple[Standing, Reason | None, str | None]:
        """What a paper of the name that is asked for is worth."""
        if paper.expires is not None and paper.expires < self._day:
            return "missing", "expired", paper.title
        if _is_copied(paper, demand):
            return "held", None, paper.title
        mine = known.get(demand.name)
        if mine is None or demand.others:
            return "check", "wording", paper.title  # one of the words that 或 joins; the others may say more of it
        whose = _find_owners(demand)
        if mine.holder not in whose:
            # Another's paper is not the applicant's; whose paper two names mean, words alone do not tell.
            is_known = paper.holder is not None and (not mine.holder or not demand.holder)
            return ("missing" if is_known else "check"), "holder", paper.title
        if demand.count > mine.count:
            return ("check" if paper.count is None else "missing"), "count", paper.title
        if not are_implied(demand.conditions, mine.conditions):
            return "check", "qualifier", paper.title
        held = msgspec.structs.replace(mine, holder=demand.holder)
        return ("held" if held.covers(demand) else "missing"), None, paper.title


def _is_named(paper: HeldPaper, known: dict[str, Demand], demand: Demand) -> bool:
    return not demand.accepted.isdisjoint(known) or _is_copied(paper, demand)


def _is_copied(paper: HeldPaper, demand: Demand) -> bool:
    """Whether the portfolio has the page's own words for what is asked for, with all that they ask of it."""
    return fold_words(paper.title) == fold_words(demand.shown)


def _find_owners(demand: Demand) -> frozenset[str]:
    """The names under which a portfolio may state whose paper it is: the leaf's own, or that of the list around it."""
    side, _, owner = demand.holder.rpartition(":")
    return frozenset({demand.holder, owner or side})


def _name_paper(paper: HeldPaper, names: PaperNames) -> dict[str, Demand]:
    """The demand that the paper meets, by the name of the paper and by that of a leaf without 《…》."""
    count = None if paper.count is None else str(paper.count)
    holder = None if paper.holder is None else _SIGNED.sub("", fold_characters(paper.holder).strip())
    titled = Paper(text=paper.title, title=paper.title, holder=holder, qualifier=paper.qualifier, count=count)
    as_paper = build_demand(titled, names, None, "", "")
    as_text = build_demand(Text(text=paper.title), names, None, "", "")
    return {as_text.name: msgspec.structs.replace(as_paper, name=as_text.name), as_paper.name: as_paper}
