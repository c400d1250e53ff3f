"""`reparse`, `doctor` and `backup`: what keeps a store well for years."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.
# ruff: noqa: A002 - an option's name gives its environment variable: NOTICEDIFF_DOCTOR_FORMAT.

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from noticediff.cli.options import format_option
from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.inert import make_line
from snapshots.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from noticediff.again import Again, Readers
    from noticediff.ours import OursOutput
    from snapshots.store import Store

EXIT_UNREAD = 4


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would read otherwise; change nothing.")
@format_option(["text", "json"], "text")
@pass_session
def reparse(session: Session, *, dry_run: bool, format: str) -> int:
    """Derive all documents again from the stored pages.

    Every page is read with the present parser and profiles, as it was read before: with its source's profile, with
    the one that was named, or with the one whose marks it bears. What that changes is a change of ours: it is printed
    and logged in the store, and no digest tells it. Pages, dates of capture, and what was told stay as they are.

    A page that cannot be read any more keeps what was read of it, and the exit code is 4.
    """
    with session.open_store(hold=not dry_run) as store:
        from noticediff.plain_ours import describe_ours
        from snapshots.codec import encode_json

        readers = load_readers(session)
        again = _derive(session, store, readers)
        ours = _compare(session, store, again, dry_run=dry_run)
        result = encode_json(ours) if format == "json" else describe_ours(ours, session.emphasize)
        if not dry_run:
            _keep(session, store, again, ours, readers)
    write_result(result)
    for unread in ours.unread:
        LOGGER.error("%s; what was read of it before stays", unread.reason)
    for lost in ours.corrections_lost:
        LOGGER.warning("%s: %s", session.config.path, lost)
    if dry_run:
        LOGGER.info("nothing was changed: a dry run")
    return EXIT_UNREAD if ours.unread else 0


@click.command()
@click.option("--repair", is_flag=True, help="Make again, or remove, what the raw pages give again.")
@click.option("--quick", is_flag=True, help="Do not derive the documents from their pages for comparison.")
@format_option(["text", "json"], "text")
@pass_session
def doctor(session: Session, *, repair: bool, quick: bool, format: str) -> int:
    """Check the store, and say what is wrong and what to do.

    The file, the raw pages by their hashes, what points at them, the documents against their raw pages, the parser,
    the quarantine, the digests, the clock and the disk are looked at. The exit code is 6 where something is damaged.
    `--repair` touches no raw page.
    """
    if repair:
        session.refuse_held_store()  # before all that is loaded here
    from noticediff.delivery.files import Shelf
    from noticediff.doctor import Examination, describe_checks, describe_closed_store, examine_store
    from snapshots.codec import encode_json
    from snapshots.errors import StoreDamagedError
    from snapshots.opening import name_store

    readers = load_readers(session)
    try:
        with session.open_store(hold=repair) as store:
            examination = Examination(
                address=store.name,
                store=store,
                shelf=Shelf(session.output_folder, session.config.output_url),
                readers=readers,
                now=session.now,
                progress=_tell_progress(session),
                quick=quick,
            )
            output = examine_store(examination, repair=repair)
    except StoreDamagedError as error:
        output = describe_closed_store(name_store(session.store_address), error)
    finally:
        session.progress.end()
    write_result(encode_json(output) if format == "json" else describe_checks(output))
    return StoreDamagedError.exit_code if output.is_damaged else 0


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@pass_session
def backup(session: Session, *, file: Path, force: bool) -> None:
    """Copy the store into FILE, also while a run is going on.

    The copy is checked before it takes its name. It is a store: to restore it, copy it back.
    """
    from noticediff.plain import count_nouns

    if file.is_dir():
        raise UsageError(f"{file}: is a directory; name a file for the backup")
    if file.exists() and not file.is_file():  # the copy would take the place of /dev/null, with --force
        raise UsageError(f"{file}: is a device or a pipe; name a file for the backup")
    if not file.parent.exists():
        raise UsageError(f"{file}: there is no folder {file.parent}; make it first")
    if file.exists() and not force:
        raise UsageError(f"{file}: exists; name another file, or replace it with --force")
    with session.open_store() as store:
        if file.exists() and "://" not in store.name and file.samefile(store.name):
            raise UsageError(f"{file}: is the store itself; name another file")
        pages = store.back_up(file)
    write_result(make_line(f"{file}: a checked copy of the store, {count_nouns(pages, 'raw page', 'raw pages')}"))


def load_readers(session: Session) -> Readers:
    """What pages are read with now: the profiles that ship, and those of the configuration."""
    from noticediff.again import build_readers

    return build_readers(session.profiles, session.config.sources)


def read_as_now(session: Session, store: Store) -> None:
    """Say, in one line, that stored pages were read by an earlier parser or profile, and read them as now.

    Otherwise a page that is stored today would be held against another one as it was read yesterday, and a change of
    ours would be told as the platform's. The store is left as it is.
    """
    from noticediff.again import derive_pages, list_due
    from noticediff.plain import count_nouns

    readers = load_readers(session)
    due = list_due(store, readers)
    if not due:
        return
    LOGGER.warning(
        "%s read by an earlier parser or profile; `noticediff reparse --dry-run` shows what reads otherwise now, "
        "`noticediff reparse` derives all again",
        count_nouns(len(due), "stored page was", "stored pages were"),
    )
    try:
        derived, _ = derive_pages(store, due, readers, _tell_progress(session))
    finally:
        session.progress.end()
    store.read_as(derived)


def _derive(session: Session, store: Store, readers: Readers) -> Again:
    from noticediff.again import derive_again

    try:
        return derive_again(store, readers, _tell_progress(session))
    finally:
        session.progress.end()


def _tell_progress(session: Session) -> Callable[[str], None]:
    def tell(what: str) -> None:
        if session.verbosity >= 0:
            session.progress.tell(make_line(what))

    return tell


def _compare(session: Session, store: Store, again: Again, *, dry_run: bool) -> OursOutput:
    from noticediff.ours import UnreadPage, compare_readings
    from scraper import PARSER_VERSION

    before = {origin.method.parser_version for origin in again.origins if origin.method is not None}
    return compare_readings(
        again.before,
        again.after,
        session.outlook,
        reviews=store.load_reviews(),
        versions=(tuple(sorted(before)), PARSER_VERSION),
        pages=len(again.origins),
        unread=tuple(
            UnreadPage(page=failed.origin.name, sha256=failed.origin.page_sha256, reason=make_line(str(failed.error)))
            for failed in again.failed
        ),
        dry_run=dry_run,
    )


def _keep(session: Session, store: Store, again: Again, ours: OursOutput, readers: Readers) -> None:
    from noticediff.again import list_refused
    from snapshots.method import Reparse

    counts = ours.counts
    reparse = Reparse(
        at=session.now,
        from_versions=", ".join(ours.from_versions),
        to_version=ours.to_version,
        pages=counts.pages,
        documents_changed=counts.documents_changed,
        entries_changed=counts.entries_appeared + counts.entries_gone + counts.entries_changed,
        refused=counts.unread,
    )
    store.replace_derived(again.derived, list_refused(again.failed, readers), reparse)
