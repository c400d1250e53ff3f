"""Portfolios: the programs of an agency, each with the categories that it is in and the papers that it holds."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from snapshots.category import EntityType


class HeldPaper(Struct, frozen=True, kw_only=True):
    """A paper as the portfolio names it.

    What is None is not stated: a 《营业执照》 without a qualifier may say anything in its 经营范围, and the number of
    《合作协议》 may be any. `expires` is the last day on which it counts.
    """

    title: str
    holder: str | None = None
    qualifier: str | None = None
    count: int | None = None
    expires: dt.date | None = None


class Program(Struct, frozen=True, kw_only=True):
    """One program; `categories` are paths as its owner writes them, `cases` what it states of the kind that it is.

    `line` is where the portfolio names it.
    """

    name: str
    platform: str | None = None
    entity_type: EntityType | None = None
    categories: tuple[str, ...]
    papers: tuple[HeldPaper, ...] = ()
    cases: tuple[str, ...] = ()
    line: int | None = None


class Portfolio(Struct, frozen=True):
    """The programs, in the order of the file."""

    programs: tuple[Program, ...]
