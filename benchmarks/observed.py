"""What stands in a folder after runs: the store by source, the digests, the leftovers; and how two such states differ.

Times are left out: a run that is repeated is later than the one that was killed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from benchmarks.arrivals import list_lines, read_arrivals
from benchmarks.real_runs import TEMPORARY
from noticediff.config import load_config
from snapshots.codec import encode_json
from snapshots.store import Store, open_store

DIGESTS = "digests"
_TRIALS = (b"", b"blat")
"""What Python writes into the folder for temporary files, to see whether it can; a kill may leave it there."""
_FORMS = (".html", ".md", ".json")
_ENDINGS = {".html": "</html>", ".md": "\n", ".atom": "</feed>"}
_FEED = "feed.atom"


class SourceState(Struct, frozen=True, kw_only=True):
    """What the store holds of a source: its documents in order, what is wrong, whether the last look at it failed."""

    documents: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]
    is_failed: bool | None
    validators: tuple[str, ...]


class State(Struct, frozen=True, kw_only=True):
    """The whole: each source, what was decided, up to where digests have told, and the digests with what they tell.

    What is added by hand has no source, and stands under "". `delivered` are the changes and alarms that the hooks got,
    and mail and webhook where there are, those of one delivery once.
    """

    sources: dict[str, SourceState]
    reviews: tuple[tuple[str, str], ...]
    told: tuple[int, ...]
    digests: dict[str, Any]
    delivered: Counter[str]


def observe(folder: Path) -> State:
    """The state of the folder; opening the store may mend what a killed run has left behind."""
    config = load_config(folder / "noticediff.toml")
    with open_store(str(folder / "notices.db"), create=False) as store:
        names = (*(source.name for source in config.sources), None)
        sources = {name or "": _observe_source(store, name) for name in names}
        reviews = tuple((review.finding, review.decision) for review in store.load_reviews())
        told = tuple(told.sequence for told in store.load_digests())
    return State(
        sources=sources,
        reviews=reviews,
        told=told,
        digests=dict(_read_digests(folder)),
        delivered=_count_delivered(folder),
    )


def list_torn(folder: Path) -> Iterator[str]:
    """The files with a digest's name that are not whole: a reader never sees half of one."""
    for path in _list_files(folder / DIGESTS):
        if not path.name.startswith(".") and not _is_whole(path):
            yield f"torn: {path.name}"


def list_leftovers(folder: Path) -> Iterator[str]:
    """The files that only a run that goes on has a use for."""
    for path in _list_files(folder / DIGESTS):
        if path.name.startswith("."):
            yield f"left over: {path.relative_to(folder)}"
    for path in _list_files(folder / TEMPORARY):
        if path.read_bytes() not in _TRIALS:
            yield f"left over: {path.relative_to(folder)}"


def compare_states(state: State, wanted: State) -> Iterator[str]:
    """In which ways the state is not the wanted one."""
    for name, source in wanted.sources.items():
        if state.sources[name] != source:
            yield f"source {name} is not as undisturbed: {_name_difference(state.sources[name], source)}"
    if state.reviews != wanted.reviews:
        yield f"decisions: {state.reviews}, not {wanted.reviews}"
    if state.told[-1:] != wanted.told[-1:]:
        yield f"told up to {state.told}, not {wanted.told}"
    yield from _compare_digests(state.digests, wanted.digests)
    for what in wanted.delivered - state.delivered:
        yield f"not delivered: {what[:120]}"
    for what in state.delivered - wanted.delivered:
        yield f"delivered too often: {what[:120]}"


def find_mixed(state: State, old: State, new: State) -> Iterator[str]:
    """The sources that are neither as they were before a run nor as they are after it."""
    for name, source in state.sources.items():
        if source not in {old.sources[name], new.sources[name]}:
            yield f"source {name} is neither old nor new: {_name_difference(source, new.sources[name])}"


def _observe_source(store: Store, name: str | None) -> SourceState:
    documents = [stored for stored in store.load_documents() if stored.source == name]
    addresses = sorted({stored.url or stored.page_name for stored in documents})
    seen = [store.watch.load_seen(address) for address in addresses]
    statuses = {status.name: status for status in store.load_sources()}
    for stored in documents:
        store.load_page(stored.page_sha256)
    return SourceState(
        documents=tuple(
            f"{stored.page_name} {stored.page_sha256} {stored.id} {stored.in_force} "
            f"{encode_json(stored.document, indent=False).decode()}"
            for stored in documents
        ),
        failures=tuple((failure.address, failure.cause) for failure in store.watch.load_failures(name or "")),
        is_failed=statuses[name].last_outcome == "failed" if name is not None and name in statuses else None,
        validators=tuple(f"{one.url} {one.page_sha256} {one.etag}" for one in seen if one is not None),
    )


def _read_digests(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in _list_files(folder / DIGESTS):
        if path.name == _FEED:
            yield path.name, re.findall(r"<entry>.*?<id>(.*?)</id>", path.read_text(encoding="utf-8"), re.DOTALL)
        elif not path.name.startswith(".") and _is_whole(path):
            yield path.name, json.loads(path.read_bytes()) if path.suffix == ".json" else None


def _compare_digests(digests: dict[str, Any], wanted: dict[str, Any]) -> Iterator[str]:
    told, should = _count_changes(digests), _count_changes(wanted)
    for change in should - told:
        yield f"lost: {change[:120]}"
    for change in told - should:
        yield f"doubled: {change[:120]}"
    stems = {name.rpartition(".")[0] for name in digests if name != _FEED}
    for name in {f"{stem}{form}" for stem in stems for form in _FORMS} - digests.keys():
        yield f"not written: {name}"
    entries = digests.get(_FEED, [])
    if len(set(entries)) != len(entries) or len(entries) < min(len(stems), len(wanted.get(_FEED, []))):
        yield f"the feed has {len(entries)} entries, {len(set(entries))} of them different, for {len(stems)} digests"


def _count_changes(digests: dict[str, Any]) -> Counter[str]:
    """What the digests tell, change by change, whichever of them tells it; a baseline as a whole."""
    told: Counter[str] = Counter()
    for digest in (digest for name, digest in digests.items() if digest is not None and name != _FEED):
        told.update(json.dumps(change, ensure_ascii=False) for change in digest["changes"])
        told["first seen"] += digest["counts"]["first_seen"]
    return told


def _count_delivered(folder: Path) -> Counter[str]:
    """The changes and alarms that have arrived, those of one delivery once."""
    found: Counter[str] = Counter()
    for told in {told["delivery"]: told for told in read_arrivals(folder)}.values():
        if "channel" in told:
            found.update(list_lines(told))
        else:
            found.update(_count_changes({"": told["facts"]}) if told["kind"] == "news" else [told["title"]])
    return found


def _is_whole(path: Path) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix != ".json":
        return text.endswith((_ENDINGS[path.suffix], f"{_ENDINGS[path.suffix]}\n"))
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _name_difference(source: SourceState, wanted: SourceState) -> str:
    parts = [name for name in source.__struct_fields__ if getattr(source, name) != getattr(wanted, name)]
    return f"{', '.join(parts)} ({len(source.documents)} documents, {len(wanted.documents)} wanted)"


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
