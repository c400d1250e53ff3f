"""`doctor`: a look at everything that a store rests on, a result for each check, and what was made again.

A check never stops the others: what cannot be looked at because the file is damaged is damaged too.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from noticediff.again import Readers, list_due
from noticediff.derived import check_derived, repair_documents
from noticediff.inert import make_line
from noticediff.plain import count_nouns
from scraper.libraries import name_libraries
from snapshots.errors import StoreDamagedError

if TYPE_CHECKING:
    from noticediff.delivery.files import Shelf
    from snapshots.checks import Fault, Remedy
    from snapshots.store import Store

CheckState = Literal["ok", "warning", "damaged"]

_NAMED = 10
"""How many faults of one check are named; the rest is counted."""
_LEAST_FREE = 100_000_000
"""Bytes that should be free beside the store: a run that finds no room stores nothing."""
_GIGABYTE = 1_000_000_000
_TOLERANCE = dt.timedelta(minutes=5)
"""By how much the clocks of two machines may differ."""
_FROM_COPY = "restore the store from a backup; a raw page is never made up"
_REPAIR = "`noticediff doctor --repair` mends it"


class Check(Struct, frozen=True, kw_only=True):
    """The result of one check: what was found, and what to do about it."""

    name: str
    state: CheckState
    message: str
    advice: str | None = None


class DoctorOutput(Struct, frozen=True, kw_only=True):
    """All checks, in order, after the repairs: `doctor --format json`."""

    format: Literal["noticediff.doctor"] = "noticediff.doctor"
    format_version: Literal["1.0"] = "1.0"
    store: str
    repaired: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def is_damaged(self) -> bool:
        """Whether anything is."""
        return any(check.state == "damaged" for check in self.checks)


class Examination(Struct, frozen=True, kw_only=True):
    """What a look needs: the store by name and open, its digests, readers of pages, the clock, whom to tell progress.

    `quick`: the documents are not derived from their pages for comparison.
    """

    address: str
    store: Store
    shelf: Shelf
    readers: Readers
    now: dt.datetime
    progress: Callable[[str], None]
    quick: bool = False


def examine_store(examination: Examination, *, repair: bool) -> DoctorOutput:
    """The checks; with `repair`, after everything was made again that can be."""
    repaired: tuple[str, ...] = ()
    if repair:
        repaired = tuple(_repair(examination))
    checks = [check for run in _CHECKS for check in _run_guarded(run, examination)]
    return DoctorOutput(store=examination.address, repaired=repaired, checks=tuple(checks))


def describe_closed_store(address: str, error: StoreDamagedError) -> DoctorOutput:
    """The result for a store that cannot even be opened."""
    check = Check(name="store", state="damaged", message=str(error))
    return DoctorOutput(store=address, repaired=(), checks=(check,))


def describe_checks(output: DoctorOutput) -> str:
    """What was repaired, then a line for each result."""
    lines = [f"repaired  {what}" for what in output.repaired]
    for check in output.checks:
        advice = "" if check.advice is None else f"; {check.advice}"
        lines.append(f"{check.state:<8}  {make_line(f'{check.name}: {check.message}{advice}')}")
    return "".join(f"{line}\n" for line in lines)


def _run_guarded(run: Callable[[Examination], Iterable[Check]], examination: Examination) -> Iterator[Check]:
    name = run.__name__.removeprefix("_check_").replace("_", " ")
    try:
        yield from run(examination)
    except StoreDamagedError as error:
        yield Check(name=name, state="damaged", message=error.bare, advice=_FROM_COPY)
    except (ValueError, TypeError) as error:  # a value that no run of ours has written
        yield Check(name=name, state="damaged", message=f"cannot be read: {error}", advice=_FROM_COPY)


def _check_file(examination: Examination) -> Iterator[Check]:
    faults = examination.store.checks.check_integrity()
    is_file = "://" not in examination.address
    yield from _tell_faults("file", faults, "SQLite finds it whole" if is_file else "PostgreSQL checks its own files")


def _check_schema(examination: Examination) -> Iterator[Check]:
    yield Check(name="schema", state="ok", message=f"version {examination.store.checks.load_schema_version()}")


def _check_pages(examination: Examination) -> Iterator[Check]:
    checks = examination.store.checks
    sound = f"{count_nouns(checks.count_pages(), 'raw page', 'raw pages')}, each as its hash names it"
    yield from _tell_faults("pages", checks.check_pages(), sound)


def _check_references(examination: Examination) -> Iterator[Check]:
    yield from _tell_faults("references", examination.store.checks.check_references(), "every page named is there")


def _check_records(examination: Examination) -> Iterator[Check]:
    faults = examination.store.checks.check_prints()
    yield from _tell_faults(
        "records", faults, "captures, quarantine, decisions and what was told are as they were written"
    )


def _check_documents(examination: Examination) -> Iterator[Check]:
    found = check_derived(
        examination.store, examination.readers, examination.progress, is_derived=not examination.quick
    )
    sound = f"{count_nouns(found.read, 'page', 'pages')} with documents that can be read"
    if not examination.quick:
        sound += f", {found.derived} compared with what the raw page gives"
    yield from _tell_faults("documents", found.faults, sound)
    if found.others:
        before = ", then ".join(dict.fromkeys(origin.method.libraries for origin in found.others if origin.method))
        yield Check(
            name="documents",
            state="warning",
            message=f"{count_nouns(len(found.others), 'page reads', 'pages read')} otherwise with {name_libraries()} "
            f"than with {before}: a change of ours",
            advice="`noticediff reparse --dry-run` shows it",
        )


def _check_parser(examination: Examination) -> Iterator[Check]:
    store = examination.store
    due = list_due(store, examination.readers)
    log = store.derivations.load_reparses()
    last = "never derived again" if not log else f"derived again at {log[-1].at:%Y-%m-%d %H:%M} UTC"
    if due:
        told = count_nouns(len(due), "page was", "pages were")
        yield Check(
            name="parser",
            state="warning",
            message=f"{told} read by an earlier parser or profile; {last}",
            advice="`noticediff reparse --dry-run` shows what reads otherwise now",
        )
    else:
        yield Check(name="parser", state="ok", message=f"all pages were read by the present one; {last}")
    for origin in store.derivations.list_origins():
        if origin.refusal is not None:
            told = f"page {origin.page_sha256[:12]} could not be derived again: {origin.refusal}"
            yield Check(name="parser", state="warning", message=told, advice="what was read of it before stays")


def _check_quarantine(examination: Examination) -> Iterator[Check]:
    store = examination.store
    faults = tuple(store.checks.check_quarantine())
    if faults:
        yield from _tell_faults("quarantine", faults, "")
        return
    held = store.quarantine.list_held()
    if held:
        told = f"{count_nouns(len(held), 'page waits', 'pages wait')} for a decision"
        yield Check(name="quarantine", state="warning", message=told, advice="`noticediff quarantine list` names them")
    else:
        yield Check(name="quarantine", state="ok", message="no page waits for a decision")


def _check_digests(examination: Examination) -> Iterator[Check]:
    from noticediff.delivery.files import compare_files  # noqa: PLC0415 - `schema doctor` needs no templates

    outbox = examination.store.outbox
    torn, unread = compare_files(outbox, examination.shelf)
    for path in torn[:_NAMED]:
        yield Check(name="digests", state="damaged", message=f"{path}: is not what was told in it", advice=_REPAIR)
    if len(torn) > _NAMED:
        yield Check(name="digests", state="damaged", message=f"and {len(torn) - _NAMED} more")
    for path, reason in tuple(unread.items())[:_NAMED]:
        told = f"{path}: cannot be read: {reason}"
        yield Check(name="digests", state="warning", message=told, advice="let this user read it, or remove it")
    if len(unread) > _NAMED:
        yield Check(name="digests", state="warning", message=f"and {len(unread) - _NAMED} more")
    if not torn and not unread:
        yield Check(name="digests", state="ok", message="each file that is there is what was told in it")
    if unfiled := len(outbox.list_unfiled()):
        told = f"the files of {count_nouns(unfiled, 'digest', 'digests')} are not written yet"
        yield Check(name="digests", state="warning", message=told, advice="the next `track` writes them")
    if waiting := len(outbox.list_deliveries()):
        told = f"{count_nouns(waiting, 'delivery waits', 'deliveries wait')}"
        yield Check(name="digests", state="warning", message=told, advice="`noticediff notify list` says why")


def _check_lock(examination: Examination) -> Iterator[Check]:
    hindrance = examination.store.checks.find_hindrance(examination.address)
    holder, is_dead = examination.store.checks.find_holder(examination.address)
    if holder is not None and holder.pid != os.getpid():
        told = f"held by {holder.describe()}"
        if is_dead:
            yield Check(
                name="lock",
                state="warning",
                message=f"the last run ended before its end: {holder.describe()}",
                advice="what it had not finished is undone; the next run takes over",
            )
        else:
            yield Check(name="lock", state="warning", message=told, advice="wait until it has ended, or end it")
    elif hindrance is None:
        yield Check(name="lock", state="ok", message="no run holds the store")
    else:
        yield Check(name="lock", state="warning", message=hindrance)


def _check_clock(examination: Examination) -> Iterator[Check]:
    future = {
        name: instant
        for name, instant in examination.store.checks.find_latest().items()
        if instant > examination.now + _TOLERANCE
    }
    for name, instant in future.items():
        told = f"the last {name} is of {instant:%Y-%m-%d %H:%M} UTC, and now it is {examination.now:%Y-%m-%d %H:%M}"
        yield Check(name="clock", state="warning", message=told, advice="set the machine's clock, or wait until then")
    if not future:
        yield Check(name="clock", state="ok", message="nothing in the store is later than now")


def _check_disk(examination: Examination) -> Iterator[Check]:
    if "://" in examination.address:
        return
    path = Path(examination.address).absolute()
    free, size = shutil.disk_usage(path.parent).free, path.stat().st_size
    told = f"{_show_size(free)} free beside the store of {_show_size(size)}"
    if free < max(_LEAST_FREE, 2 * size):
        yield Check(name="disk", state="warning", message=told, advice="make room; a backup needs as much again")
    else:
        yield Check(name="disk", state="ok", message=told)


_CHECKS = (
    _check_file,
    _check_schema,
    _check_pages,
    _check_references,
    _check_records,
    _check_documents,
    _check_parser,
    _check_quarantine,
    _check_digests,
    _check_lock,
    _check_clock,
    _check_disk,
)


def _tell_faults(name: str, faults: Iterable[Fault], sound: str) -> Iterator[Check]:
    every = tuple(faults)
    for fault in every[:_NAMED]:
        advice = _FROM_COPY if fault.remedy is None else _REPAIR
        yield Check(name=name, state="damaged", message=fault.message, advice=advice)
    if len(every) > _NAMED:
        yield Check(name=name, state="damaged", message=f"and {len(every) - _NAMED} more")
    if not every:
        yield Check(name=name, state="ok", message=sound)


def _repair(examination: Examination) -> Iterator[str]:
    """Make again what the raw pages give again, and remove what points at nothing; raw pages are left as they are."""
    from noticediff.delivery.files import restore_torn  # noqa: PLC0415 - `schema doctor` needs no templates

    checks = examination.store.checks
    if "index" in _list_remedies(checks.check_integrity()):
        checks.rebuild_indexes()
        yield "the indexes were made again"
    dangling = [fault for fault in checks.check_references() if fault.remedy is not None]
    if dangling:
        checks.remove_dangling()
        yield from (f"removed: {fault.message}" for fault in dangling)
    if removed := checks.remove_damaged_entries():
        yield f"removed: {count_nouns(removed, 'entry', 'entries')} of documents, not as the hash names it"
    yield from (f"{path}: written again" for path in restore_torn(examination.store.outbox, examination.shelf))
    yield from repair_documents(
        examination.store, examination.readers, examination.progress, is_derived=not examination.quick
    )


def _list_remedies(faults: Iterable[Fault]) -> set[Remedy]:
    return {fault.remedy for fault in faults if fault.remedy is not None}


def _show_size(count: int) -> str:
    return f"{count / _GIGABYTE:.1f} GB" if count >= _GIGABYTE else f"{count / 1_000_000:.1f} MB"
