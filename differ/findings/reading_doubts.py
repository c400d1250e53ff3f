"""Findings of the reading: lines of the pages in force that were not understood, and rows that say two things of one.

A page that a later one has replaced is past: what was not understood in it is of no use to anyone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from differ.changes import Evidence, Finding
from differ.findings.findings import build_finding, name_path
from differ.findings.standing import Documents, Word, Words
from snapshots.category import Category
from snapshots.folding import fold
from snapshots.form import build_form
from snapshots.keys import is_named
from snapshots.notice import NoticeEntry, Problem, requirement_block, scope_block
from snapshots.snapshot import StoredDocument

_STATING = frozenset({"listed", "added", "adjusted"})
_SHOWN = 60  # characters of a line that a message quotes


def find_reading_doubts(words: Words, documents: Documents) -> Iterator[Finding]:
    """What was not understood in the words that the state rests on: `arity`, `missing-item`, `unnamed-block` ….

    A line that several rows share is one finding, of the first of them. What belongs to no category is the document's:
    a notice says it for ever, a list only for as long as it is the last word on something.
    """
    of_document: dict[str, list[Word]] = defaultdict(list)
    for word in words.standing:
        of_document[word.document].append(word)
    for document in sorted(of_document.keys() | words.heard):
        stored = documents[document]
        standing = [words.entry_of(word) for word in sorted(of_document[document], key=lambda word: word.place)]
        for problem in stored.problems:
            owner = next((entry for entry in standing if _has_line(entry, problem.line)), None)
            if owner is not None or not any(
                _has_line(entry, problem.line) and _states_blocks(entry) for entry in stored.document.entries
            ):
                yield _tell_problem(stored, problem, owner)


def find_corrections(words: Words, documents: Documents) -> Iterator[Finding]:
    """What the configuration states otherwise than the page was read, for as long as the state rests on it."""
    standing = {(word.document, words.entry_of(word).lines): key for word, key in words.standing.items()}
    for document in sorted({document for document, _ in standing} | words.heard):
        for correction in documents[document].corrections:
            key = standing.get((document, correction.lines), correction.key)
            name = name_path(tuple(key.rpartition("|")[2].split("›")))
            yield build_finding(
                key,
                "corrected",
                f"{name}: {correction.field} is as an override states it, because {correction.because}",
                (Evidence(document=document, lines=correction.lines),),
                severity="info",
                detail=f"{correction.field} {correction.because}",
            )


def find_duplicates(words: Words, documents: Documents) -> Iterator[Finding]:
    """Rows of one category in one document that ask for different things: by kind of applicant, or by mistake."""
    rows: dict[tuple[str, str], list[NoticeEntry]] = defaultdict(list)
    for word in sorted(words.standing, key=lambda word: (word.document, word.place)):
        entry = words.entry_of(word)
        rows[word.document, entry.key].append(entry)
    for (document, key), entries in rows.items():
        different = _drop_repeated(entries, documents[document].document.platform) if len(entries) > 1 else entries
        if len(different) > 1:
            message = f"{name_path(entries[0].path)}: {len(different)} rows of this page state it differently"
            places = (Evidence(document=document, lines=entry.lines) for entry in different)
            yield build_finding(key, "duplicate-entry", message, places, severity="info", detail=str(len(different)))


def _states_blocks(entry: NoticeEntry) -> bool:
    """Whether later words on its category can replace it: not a removal, nor an entry whose name is lost."""
    return entry.action in _STATING and is_named(entry.key)


def _has_line(entry: NoticeEntry, line: int) -> bool:
    return entry.lines[0] <= line <= entry.lines[1]


def _tell_problem(stored: StoredDocument, problem: Problem, entry: NoticeEntry | None) -> Finding:
    subject = stored.document.title or stored.page_name if entry is None else name_path(entry.path)
    quoted = problem.text if len(problem.text) <= _SHOWN else f"{problem.text[: _SHOWN - 1]}…"
    return build_finding(
        None if entry is None else entry.key,
        problem.code,
        f"{subject}: {problem.message}: “{quoted}”",
        (Evidence(document=stored.id, lines=(problem.line, problem.line)),),
        detail=fold(problem.text),
    )


def _drop_repeated(entries: Iterable[NoticeEntry], platform: str) -> list[NoticeEntry]:
    """One entry for each form: a row that stands twice says nothing new."""
    forms: dict[bytes, NoticeEntry] = {}
    for entry in entries:
        category = Category(
            platform=platform,
            entity_type=entry.entity_type,
            path=entry.path,
            key=entry.key,
            requirement=requirement_block(entry),
            scope=scope_block(entry),
        )
        forms.setdefault(msgspec.json.encode(build_form(category)), entry)
    return list(forms.values())
