"""Whether a page is believed: a page that lost its content must not pass for a change of the rules. Pure.

What the parser refuses (a login wall, a verification page, no notice at all) does not come here; this is about pages
that read well and say something that no platform says overnight.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from difflib import SequenceMatcher

from noticediff.config import SourceConfig
from noticediff.corrections import Corrections
from noticediff.pipeline import ReadPage, list_documents
from snapshots.folding import fold
from snapshots.notice import Document, Page, Scope
from snapshots.rebuild import rebuild_snapshot
from snapshots.record import Reason
from snapshots.snapshot import Snapshot, StoredDocument

_LEAST_LISTED = 0.5
"""A catalogue that lists less than this share of what is known of its scope has lost its content."""
_LEAST_UNDERSTOOD = 0.5
"""A page of which less than this share was understood has a layout that nobody knows."""
_LEAST_ALIKE = 0.5
"""Titles of one source that are less alike than this are those of two pages."""
_ANY_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def judge_page(
    read: ReadPage,
    source: SourceConfig,
    known: Sequence[StoredDocument],
    *,
    corrections: Corrections | None = None,
    earlier: Sequence[Page] = (),
    link: str | None = None,
) -> tuple[Reason, ...]:
    """Why the page is not believed, nothing where it is.

    `earlier` are pages of the source that were believed and look like this one, `link` is the title under which a list
    led to it.
    """
    reading, documents = read.reading, read.reading.documents
    reasons: list[Reason] = []
    if not any(document.entries for document in documents):
        reasons.append(Reason("empty", "it lists no category"))
    lines, problems = reading.accounting.content_lines, {problem.line for problem in reading.problems}
    if lines and len(problems) > lines * (1 - _LEAST_UNDERSTOOD):
        reasons.append(Reason("layout", f"{len(problems)} of its {lines} lines were not understood"))
    if earlier and all(map(_is_closed, earlier)) and not _is_closed(read.page):
        reasons.append(Reason("cut", "it ends without </html>, and the source's earlier pages do not: it may be cut"))
    if source.kind == "catalogue" and all(document.kind == "notice" for document in documents):
        reasons.append(Reason("kind", "it reads as a notice, and the source is a catalogue"))
    if any(document.kind == "catalogue" for document in documents):
        reasons += _judge_catalogues(read, known, corrections or Corrections())
    titled = [stored.document for stored in known if stored.source == source.name]
    reasons += _judge_titles(documents, titled, source, link)
    return tuple(reasons)


def _is_closed(page: Page) -> bool:
    """Whether the page says that it is whole; in UTF-16 every other byte is none."""
    return b"</html" in page.content.replace(b"\0", b"").lower()


def _judge_catalogues(read: ReadPage, known: Sequence[StoredDocument], corrections: Corrections) -> list[Reason]:
    """A reason for each scope of which the catalogues list less than half of what is known completely.

    What a notice has said to be gone is not counted, and what a reviewed rename leads to is there. A notice is never
    judged so: it names what it changes and no more.
    """
    snapshot = rebuild_snapshot(corrections.apply(known), at=None)
    here = corrections.apply(list_documents(read, source=None, captured=_ANY_DAY, sequence=0))
    renamed = {entry.key for stored in here for entry in stored.document.entries if entry.action == "renamed"}
    announced = _find_announced(snapshot)
    reasons = []
    for document in read.reading.documents:
        listed = renamed | {entry.key for entry in document.entries}
        for scope in document.complete_for:
            keys = [key for key in _select_known(snapshot, document.platform, scope) if key not in announced]
            there = sum(key in listed or snapshot.branch_of.get(key) in listed for key in keys)
            if there < len(keys) * _LEAST_LISTED:
                where = "/".join(part for part in (document.platform, scope.entity_type) if part)
                told = f"it lists {there} of the {len(keys)} categories that are known of {where}"
                reasons.append(Reason("categories", told))
    return reasons


def _find_announced(snapshot: Snapshot) -> set[str]:
    """The keys of which the last thing learned is that a notice ends them, or renames them or the branch above them.

    A notice for April to June that is published in July speaks of a day before the catalogue that was seen on the
    first of July, and does not change the state; it announces all the same what the next one will lack.
    """
    last = {key: max(claims, key=lambda claim: claim.sequence) for key, claims in snapshot.claims.items() if claims}
    ended = {key for key, claim in last.items() if claim.action == "removed" and not claim.observed}
    for succession in snapshot.successions:
        platform, entity_type, _ = succession.from_key.split("|", 2)
        path = tuple(map(fold, succession.from_path))
        ended |= {
            key
            for key, category in snapshot.categories.items()
            if key.startswith(f"{platform}|{entity_type}" + ("|" if entity_type else ""))
            and tuple(map(fold, category.path[: len(path)])) == path
            and key in last
            and last[key].sequence <= succession.claim.sequence
        }
    return ended


def _select_known(snapshot: Snapshot, platform: str, scope: Scope) -> list[str]:
    """The keys of the scope, where a catalogue has listed it completely before."""
    whole = [
        found
        for found in snapshot.complete
        if (found.platform, found.entity_type) == (platform, scope.entity_type)
        and found.under in {scope.under[:depth] for depth in range(len(scope.under) + 1)} | {scope.under}
    ]
    prefix = f"{platform}|{scope.entity_type or ''}|"
    under = tuple(map(fold, scope.under))
    return [
        key
        for key, category in snapshot.categories.items()
        if whole and key.startswith(prefix) and tuple(map(fold, category.path[: len(under)])) == under
    ]


def _judge_titles(
    documents: Sequence[Document], earlier: Sequence[Document], source: SourceConfig, link: str | None
) -> list[Reason]:
    """A reason where no title resembles an earlier one of the source, nor what the list's link promised.

    Dates make no other title: 「2025年1-3月小程序類目調整匯總公告」 is followed by 2025年4-6月.
    """
    before = {_bare_title(document.title) for document in earlier if document.title}
    if not before:
        return []
    promised = {_bare_title(title) for title in (link, source.match) if title}
    for title in (document.title for document in documents):
        bare = _bare_title(title or "")
        if not any(word and word in bare for word in promised) and not any(_are_alike(bare, old) for old in before):
            told = "it has no title" if title is None else f"its title is '{title}'"
            return [Reason("title", f"{told}, unlike those of the source's earlier pages")]
    return []


def _bare_title(title: str) -> str:
    return "".join(letter for letter in fold(title) if letter.isalpha())


def _are_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _LEAST_ALIKE
