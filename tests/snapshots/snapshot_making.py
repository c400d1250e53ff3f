"""Small factories: a stored document in one line of a test."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from snapshots.category import CategoryPath, EntityType, category_key
from snapshots.notice import Accounting, Action, Document, DocumentKind, NoticeEntry, Page, PageLabel, Reading, Scope
from snapshots.period import Basis, InForce, StatedDate
from snapshots.requirement import Paper, Requirement
from snapshots.snapshot import StoredDocument

PLATFORM = "wechat-miniprogram"
NOON = dt.datetime(2025, 4, 1, 12, 0, tzinfo=dt.UTC)


def path_of(name: str) -> CategoryPath:
    return tuple(name.split("-"))


def key_of(name: str, entity_type: EntityType | None = "non_personal", platform: str = PLATFORM) -> str:
    return category_key(platform, entity_type, path_of(name))


def paper(title: str) -> Paper:
    return Paper(text=f"《{title}》", title=title)


def make_entry(
    action: Action,
    name: str,
    *,
    to: tuple[str, ...] = (),
    requirement: Requirement | str | None = None,
    entity_type: EntityType | None = "non_personal",
    effective: str | None = None,
    platform: str = PLATFORM,
    **fields: Any,
) -> NoticeEntry:
    """An entry of 「name」, its levels joined by a dash; a requirement that is a text is a paper of that title."""
    path = path_of(name) if name else ()
    dates: tuple[StatedDate, ...] = fields.pop("dates", ())
    if effective:
        dates = (*dates, StatedDate("effective", dt.date.fromisoformat(effective), None, f"自{effective}起"))
    return NoticeEntry(
        action=action,
        entity_type=entity_type,
        path=path,
        key=category_key(platform, entity_type, path),
        targets=tuple(path_of(target) for target in to),
        requirement=paper(requirement) if isinstance(requirement, str) else requirement,
        dates=dates,
        lines=fields.pop("lines", (1, 2)),
        **fields,
    )


def make_document(
    *entries: NoticeEntry,
    kind: DocumentKind = "notice",
    title: str = "類目調整公告",
    complete_for: tuple[Scope, ...] = (),
    platform: str = PLATFORM,
    published: dt.date | None = None,
) -> Document:
    return Document(
        kind=kind, title=title, platform=platform, entries=entries, complete_for=complete_for, published=published
    )


def store_document(
    document: Document,
    on: str,
    *,
    sequence: int = 1,
    number: int = 1,
    basis: Basis = "period_end",
    captured: dt.datetime = NOON,
    page: str | None = None,
) -> StoredDocument:
    """The document as the store gives it back, from a page that is its own unless another is named."""
    sha256 = hashlib.sha256((page or f"{on} {document!r}").encode()).hexdigest()
    return StoredDocument(
        id=f"{sha256[:12]}-{number}",
        sequence=sequence,
        known=NOON,
        captured=captured,
        page_sha256=sha256,
        page_name="page.html",
        url=None,
        source=None,
        profile=PLATFORM,
        in_force=InForce(dt.date.fromisoformat(on), basis),
        document=document,
    )


def notice(on: str, *entries: NoticeEntry, **fields: Any) -> StoredDocument:
    return store_document(make_document(*entries, **fields), on)


def listing(on: str, *entries: NoticeEntry) -> StoredDocument:
    return store_document(make_document(*entries, kind="listing"), on)


def catalogue(on: str, *entries: NoticeEntry, complete_for: tuple[Scope, ...] | None = None) -> StoredDocument:
    """A catalogue, complete for its entity type unless other scopes are named."""
    scopes = (Scope(entity_type="non_personal"),) if complete_for is None else complete_for
    return store_document(make_document(*entries, kind="catalogue", complete_for=scopes), on, basis="captured")


def make_page(content: str | bytes, *, name: str = "notice.html", url: str | None = None) -> Page:
    data = content.encode() if isinstance(content, str) else content
    return Page(name=name, content=data, sha256=hashlib.sha256(data).hexdigest(), url=url, media_type="text/html")


def make_reading(page: Page, *documents: Document, **fields: Any) -> Reading:
    return Reading(
        page=PageLabel(name=page.name, sha256=page.sha256, encoding="utf-8", captured=None),
        documents=documents,
        problems=fields.pop("problems", ()),
        accounting=Accounting(content_lines=1, claimed=1, unclaimed=0, outside_content=0),
    )
