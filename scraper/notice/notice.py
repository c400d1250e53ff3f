"""A notice to a document: 類目新增 / 非個人主體 / #【金融業-個人征信】 / 現資質要求 / 類目適用范圍, tables, sentences.

    place_tables → mark_lines → settle_marks → find_borders → a NoticeReader for each notice → Document

Inside a notice a line is a section, an entity type, an entry's heading, a block's heading, a cell of a table, a line
of the open block or a sentence; what is none of these is a problem.
"""

from __future__ import annotations

import datetime as dt

from scraper.doubles import report_doubles
from scraper.ledger import Ledger
from scraper.notice.entries import build_entry
from scraper.notice.extent import find_borders
from scraper.notice.frame import join_names, mark_line, mark_lines
from scraper.notice.lookalikes import settle_marks
from scraper.notice.notice_reader import NoticeReader
from scraper.notice.periods import find_period
from scraper.notice.swapped import report_swapped
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.tables.text_tables import place_tables
from snapshots.errors import PageRefusedError
from snapshots.notice import Document
from snapshots.period import InForce


def parse_notice(
    page: str,
    lines: tuple[Line, ...],
    profile: Profile,
    ledger: Ledger,
    captured: dt.date | None,
    *,
    is_whole: bool = False,
) -> tuple[Document, ...]:
    """The notices of the page, nearly always one; where the page breaks off, a problem `cut` says so.

    `is_whole`: the markup of the page is closed, so it ends where it should.

    Raises PageRefusedError where no entry is found, or none before the break.
    """
    cells = place_tables(lines, profile, lambda line: _ends_table(line, profile))
    placed, joined = join_names(cells, profile)
    for line in joined:
        ledger.claim(line, "entry heading")
    marks = settle_marks(placed, mark_lines(placed, profile), profile)
    borders = find_borders(placed, marks, profile)
    readers = [NoticeReader(placed[start:end], marks[start:end], profile, ledger) for start, end in borders]
    for reader in readers:
        reader.read(is_whole=is_whole)
    if not any(reader.drafts for reader in readers):
        for line, mark in zip(placed, marks, strict=True):
            if mark.kind in ("section", "entity", "entry", "block"):  # for an explanation of what was seen
                ledger.claim(line, f"{mark.kind}: {mark.action or mark.entity_type or mark.block}")
        kinds = {mark.kind for mark in marks}
        are_nameless = "block" in kinds and "entry" not in kinds
        raise _refuse(page, [reader.cut for reader in readers if reader.cut is not None], are_nameless=are_nameless)
    for line in (*placed[: borders[0][0]], *placed[borders[-1][1] :]):
        ledger.leave_outside(line)
    kept = {line.number for line in (*placed, *joined)}
    for line in lines:
        if line.number not in kept:
            ledger.claim(line, "rule of a table")  # `||||`: no words, only the borders of cells
    documents = tuple(_build_document(reader, profile, ledger, captured) for reader in readers)
    report_doubles(placed, ledger)
    for document in documents:
        report_swapped(document.entries, placed, ledger)
    return documents


def _refuse(page: str, cuts: list[str], *, are_nameless: bool) -> PageRefusedError:
    if are_nameless and not cuts:
        return PageRefusedError(
            page, "the names of its categories are lost (they may be pictures); save another copy", cause="names lost"
        )
    if cuts:
        return PageRefusedError(page, f"it breaks off {cuts[-1]}; save the page again", cause="breaks off")
    return PageRefusedError(
        page, "no category is announced on it; it is not a notice, or its content is gone", cause="no category"
    )


def _ends_table(line: Line, profile: Profile) -> bool:
    is_frame = mark_line(line, profile).kind in ("title", "section", "entity", "entry")
    return is_frame or profile.tail_pattern.match(line.folded) is not None


def _build_document(reader: NoticeReader, profile: Profile, ledger: Ledger, captured: dt.date | None) -> Document:
    said = reader.announcement
    period = find_period(said.title) if said.title else None
    effective = next((stated.start for stated in said.dates if stated.role == "effective" and stated.start), None)
    return Document(
        kind="notice",
        title=said.title,
        platform=profile.platform,
        publisher=said.publisher,
        period=period,
        published=said.published,
        effective=effective,
        in_force=_choose_in_force(effective, period.end if period else None, said.published, captured),
        dates=said.dates,
        preamble=tuple(said.preamble),
        entries=tuple(build_entry(draft, profile, ledger) for draft in reader.drafts),
    )


def _choose_in_force(
    effective: dt.date | None, period_end: dt.date | None, published: dt.date | None, captured: dt.date | None
) -> InForce | None:
    """The date since when the document holds, by the first basis that is known."""
    if effective is not None:
        return InForce(effective, "effective")
    if period_end is not None:
        return InForce(period_end, "period_end")
    if published is not None:
        return InForce(published, "published")
    return InForce(captured, "captured") if captured is not None else None
