"""What a page was read as, in lines that are compared with what a person has read from it."""

from __future__ import annotations

from collections.abc import Iterator

from outline import outline

from snapshots.errors import PageRefusedError
from snapshots.notice import Document, NoticeEntry, Reading


def outline_page(outcome: Reading | PageRefusedError) -> str:
    """The documents with their entries, and the problems; of a refused page, why it is."""
    if isinstance(outcome, PageRefusedError):
        return f"refused: {outcome.reason}\n"
    lines = [line for document in outcome.documents for line in _outline_document(document)]
    lines += [f"problem {problem.line} {problem.code}" for problem in outcome.problems]
    return "\n".join((f"profile {outcome.profile}", *lines)) + "\n"


def _outline_document(document: Document) -> Iterator[str]:
    yield f"{document.kind} {document.title or 'without a title'}"
    held = document.in_force
    yield f"  in force {held.date} ({held.basis})" if held else "  in force: not known"
    for scope in document.complete_for:
        yield f"  complete for {' '.join((scope.entity_type or 'all', *scope.under))}"
    for entry in document.entries:
        yield from _outline_entry(entry)


def _outline_entry(entry: NoticeEntry) -> Iterator[str]:
    targets = "".join(f" -> {' > '.join(target)}" for target in entry.targets)
    extent = f" ({entry.extent}: {entry.condition})" if entry.extent else ""
    who = f" {entry.entity_type}" if entry.entity_type else ""
    yield f"{entry.action}{who}: {' > '.join(entry.path) or 'no name'}{targets}{extent}"
    if entry.requirement is not None:
        yield from (f"  {line}" for line in outline(entry.requirement))
    if entry.scope is not None:
        yield f"  scope {entry.scope}"
    for note in entry.notes:
        yield f"  {note.where} note {note.text}"
    for reference in entry.references:
        yield f"  {reference.role} {' / '.join(' > '.join(target) for target in reference.targets)}"
    for attribute in entry.attributes:
        yield f"  {attribute.name}: {attribute.value}"
    for stated in entry.dates:
        yield f"  {stated.role} {stated.start or ''}..{stated.end or ''}"
    if entry.before is not None:
        yield "  before"
        yield from (f"    {line}" for line in outline(entry.before.requirement))
