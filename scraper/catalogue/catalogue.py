"""A list of categories to a document: headings for entity type and level 1, tables for the rest.

「非個人主體小程序開放的服務類目」 / 「物流服務」 / 二級分類 | 三級分類 | 資質要求 | 類目適用范圍 | 備注

A page whose title claims to list all is a catalogue, complete for what it lists; any other is a listing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import groupby

from scraper.catalogue.catalogue_reader import CatalogueReader, bare_heading
from scraper.doubles import report_doubles
from scraper.ledger import Ledger
from scraper.notice.swapped import report_swapped
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.tables.tables import find_column
from snapshots.errors import PageRefusedError
from snapshots.notice import Document, NoticeEntry, Problem
from snapshots.period import InForce

_ENDED = re.compile(r"[。;)】》”!；）]\s*$|类目$|類目$")
_MANY, _MOST = 5, 0.9
"""How many rows show by how large a share how a scope ends on a page."""


def is_catalogue(lines: tuple[Line, ...], profile: Profile) -> bool:
    """Whether the page has the title of a list of categories, and a table that could be the list.

    A plain line with the words of such a title may be a link on a notice's page: 「小程序类目调整公告」 outweighs it.
    """
    words = profile.catalogue
    if words is None or not any(line.cell is not None and find_column(line, profile) for line in lines):
        return False
    if any(line.heading and words.opens_list(bare_heading(line.folded)) for line in lines):
        return True
    has_title = any(words.opens_list(bare_heading(line.folded)) for line in lines)
    return has_title and not any(profile.title_pattern.search(line.folded) for line in lines)


def breaks_off(text: str, tags: bytes | None) -> bool:
    """Whether the end of the page is missing: what it no longer lists is not gone.

    Of an HTML page, whose bytes in small letters are `tags`, a closing tag is; of a Markdown copy the `|` that ends all
    rows but the last.
    """
    if tags is not None:
        return tags.rfind(b"<table") > tags.rfind(b"</table") or (b"<html" in tags and tags.rfind(b"</html") < 0)
    rows = [row for line in text.rstrip().split("\n") if (row := line.strip()).startswith("|")]
    ends = [row.endswith("|") for row in rows]
    return len(ends) > 1 and not ends[-1] and all(ends[:-1]) and text.rstrip().endswith(rows[-1])


def ends_open(tags: bytes) -> bool:
    """Whether an HTML page ends inside a tag, or without the end of its body and of itself, which it has opened."""
    if tags.rfind(b"<") > tags.rfind(b">"):
        return True
    opened = [name for name in (b"html", b"body") if b"<" + name in tags]
    return bool(opened) and not any(tags.rfind(b"</" + name) >= 0 for name in opened)


def parse_catalogue(
    page: str, lines: tuple[Line, ...], profile: Profile, ledger: Ledger, captured: dt.date | None
) -> Document:
    """The list of categories on the page; raises PageRefusedError where its tables hold no category."""
    words = profile.catalogue
    if words is None:
        raise PageRefusedError(page, f"profile {profile.name} knows no catalogues", cause="no catalogue words")
    layout = _find_layout(lines, profile)
    reader = CatalogueReader(lines, profile, words, ledger)
    for is_table, group in groupby(lines, key=lambda line: line.cell is not None and line.cell.table not in layout):
        if is_table:
            reader.read_tables(list(group))
        else:
            for line in group:
                reader.read_line(line)
    reader.finish()
    rows = reader.rows
    if not rows.entries:
        raise PageRefusedError(
            page, "its tables hold no category; the content is gone or the layout is not known", cause="no category"
        )
    report_doubles(lines, ledger)
    report_swapped(rows.entries, lines, ledger)
    _check_end(rows.entries, lines, ledger)
    return Document(
        kind="catalogue" if reader.claims_all else "listing",
        title=reader.title,
        platform=profile.platform,
        in_force=InForce(captured, "captured") if captured else None,
        complete_for=rows.list_scopes() if reader.claims_all else (),
        preamble=tuple(reader.preamble),
        entries=tuple(rows.entries),
    )


def _check_end(entries: Sequence[NoticeEntry], lines: Sequence[Line], ledger: Ledger) -> None:
    """Tell of a last row that ends in mid-sentence, where nearly all others end with a full stop."""
    texts = [text for entry in entries if (text := _read_end(entry))]
    ended = sum(_ENDED.search(text) is not None for text in texts)
    last = _read_end(entries[-1])
    if last is None or _ENDED.search(last) or len(texts) < _MANY or ended < (len(texts) - 1) * _MOST:
        return
    line = next(line for line in reversed(lines) if line.number <= entries[-1].lines[1])
    message = "the last row ends without the full stop that the others end with; the page may break off here"
    ledger.add(Problem(line=line.number, text=line.text, code="unfinished-entry", message=message))


def _read_end(entry: NoticeEntry) -> str | None:
    """The last words of the scope of an entry, or of its notes."""
    notes = [note.text for note in entry.notes if note.where == "scope"]
    return notes[-1] if notes else entry.scope


def _find_layout(lines: Sequence[Line], profile: Profile) -> set[int]:
    """The tables that only lay out the page: old sites put headings, and other tables, into cells."""
    tables: set[int] = set()
    lists: set[int] = set()
    for line in lines:
        cell = line.cell
        if cell is not None and cell.table not in lists:
            (lists if find_column(line, profile) else tables).add(cell.table)
    if tables <= lists:
        return set()
    opens_list = profile.catalogue.opens_list if profile.catalogue else bool
    return {
        line.cell.table
        for line in lines
        if line.cell is not None
        and line.cell.table in tables - lists
        and (line.heading or opens_list(bare_heading(line.folded)))
    }
