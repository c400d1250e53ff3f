"""Deriving again: every stored page, from its raw bytes, with the present parser and profiles.

    list_origins → Origin → load_page → Page → derive_reading → Derived | Refused → preview_derived, replace_derived

Nothing is written here. All that was derived is put into the store in one transaction (docs/decisions/0026), and what
that changes is a change of ours (ours.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from noticediff.config import SourceConfig
from noticediff.pipeline import ReadPage, derive_reading
from scraper import PARSER_VERSION
from scraper.profile.profile import Profile, load_profile, print_profile
from snapshots.errors import NoticediffError, PageFaultError, PageRefusedError, StoreDamagedError, UsageError
from snapshots.method import Derived, Method, Origin, Refused, name_reader
from snapshots.notice import Page
from snapshots.snapshot import StoredDocument

if TYPE_CHECKING:
    from snapshots.store import Store

_UNKNOWN = Method(parser_version="", profile="")


class Readers(Struct, frozen=True, kw_only=True):
    """What pages are read with now: the profiles that marks choose from, and those that sources name."""

    profiles: tuple[Profile, ...]
    by_source: dict[str, Profile]

    def find_profile(self, origin: Origin) -> Profile | None:
        """The profile that reads the page: its source's, else the one of the name that it was read with.

        None where none has that name any more. A page that its marks chose the profile of is asked for its marks
        again; this is then the profile that they chose.
        """
        if origin.source in self.by_source:
            return self.by_source[origin.source]
        known = (*self.profiles, *self.by_source.values())
        name = None if origin.method is None else origin.method.profile
        return next((profile for profile in known if profile.name == name), None)

    def is_due(self, origin: Origin) -> bool:
        """Whether the page would be read by another parser, or by another content of its profile, than it was."""
        profile = self.find_profile(origin)
        now = "" if profile is None else print_profile(profile)
        if origin.refused_by == name_reader(PARSER_VERSION, now):
            return False
        method = origin.method
        return method is None or (method.parser_version, method.profile_print) != (PARSER_VERSION, now)


class FailedPage(Struct, frozen=True):
    """A page that cannot be read any more, and why."""

    origin: Origin
    error: NoticediffError


class Again(Struct, frozen=True, kw_only=True):
    """What all pages give now, beside the documents that the store has."""

    origins: tuple[Origin, ...]
    derived: tuple[Derived, ...]
    failed: tuple[FailedPage, ...]
    before: tuple[StoredDocument, ...]
    after: tuple[StoredDocument, ...]


def build_readers(profiles: Sequence[Profile], sources: Iterable[SourceConfig]) -> Readers:
    """The profiles of the configuration; raises UsageError for one that is broken or missing."""
    named = {source.name: source.profile for source in sources if source.profile is not None}
    by_source = {source: load_profile(name, profiles) for source, name in named.items()}
    return Readers(profiles=tuple(profiles), by_source=by_source)


def list_due(store: Store, readers: Readers) -> tuple[Origin, ...]:
    """The pages that would be read by another parser or profile than they were."""
    return tuple(origin for origin in store.derivations.list_origins() if readers.is_due(origin))


def derive_again(store: Store, readers: Readers, progress: Callable[[str], None]) -> Again:
    """What every stored page says now, one page at a time; the store is left as it is.

    Raises StoreDamagedError where the bytes of a page are damaged.
    """
    before = store.load_documents()
    origins = store.derivations.list_origins()
    derived, failed = derive_pages(store, origins, readers, progress)
    for page in failed:
        if isinstance(page.error, StoreDamagedError):
            raise page.error
    return Again(origins=origins, derived=derived, failed=failed, before=before, after=store.preview_derived(derived))


def derive_pages(
    store: Store,
    origins: Sequence[Origin],
    readers: Readers,
    progress: Callable[[str], None],
) -> tuple[tuple[Derived, ...], tuple[FailedPage, ...]]:
    """What these pages give now, and those that cannot be read any more, or whose bytes are damaged."""
    derived: list[Derived] = []
    failed: list[FailedPage] = []
    for number, origin in enumerate(origins, start=1):
        progress(f"{number}/{len(origins)} {origin.name}")
        try:
            read = read_again(store.load_page(origin.page_sha256), origin, readers)
        except (PageRefusedError, PageFaultError, UsageError, StoreDamagedError) as error:
            failed.append(FailedPage(origin, error))
            continue
        derived.append(
            Derived(
                page_sha256=origin.page_sha256,
                reading=read.reading,
                method=read.method,
                captured_on=origin.captured_on,
                effective=origin.effective,
            )
        )
    return tuple(derived), tuple(failed)


def read_again(page: Page, origin: Origin, readers: Readers) -> ReadPage:
    """What the page says now, read in the way in which it was read before.

    Raises PageRefusedError or PageFaultError for a page that cannot be read, UsageError where its profile is gone.
    """
    by_marks = None
    method = origin.method
    if origin.source not in readers.by_source:
        if method is None or method.is_named is False:
            return _read(page, origin, None, readers)
        if method.is_named is None:
            by_marks = _try_marks(page, origin, readers)
    profile = readers.find_profile(origin)
    if by_marks is not None and profile is not None and by_marks.method.profile == profile.name:
        return by_marks
    if profile is None:
        name = "" if method is None else method.profile
        raise UsageError(
            f"{page.name}: the profile '{name}' that read it is not there any more; "
            "name its file in the configuration: profiles"
        )
    return _read(page, origin, profile, readers)


def list_refused(failed: Iterable[FailedPage], readers: Readers) -> Iterator[Refused]:
    """The pages that could not be read, as the store keeps them."""
    for page in failed:
        origin = page.origin
        profile = readers.find_profile(origin)
        yield Refused(
            page_sha256=origin.page_sha256,
            method=origin.method or _UNKNOWN,
            effective=origin.effective,
            refused_by=name_reader(PARSER_VERSION, "" if profile is None else print_profile(profile)),
            refusal=str(page.error),
        )


def _read(page: Page, origin: Origin, profile: Profile | None, readers: Readers) -> ReadPage:
    profiles = readers.profiles if profile is None else (profile,)
    name = None if profile is None else profile.name
    return derive_reading(page, profile=name, profiles=profiles, captured=origin.captured_on)


def _try_marks(page: Page, origin: Origin, readers: Readers) -> ReadPage | None:
    """The reading with the profile that the page's marks choose, where an earlier version did not keep who chose."""
    try:
        return _read(page, origin, None, readers)
    except PageRefusedError:
        return None
