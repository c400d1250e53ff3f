"""Plain text for reading in a terminal: what a page says, the dates of the state, a category and its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from noticediff.formats import CategoryOutput, ClaimOutput, DatedState, ShowOutput
from noticediff.inert import make_inert
from noticediff.widths import mark_place
from snapshots.category import CategoryPath, EntityType, Note, Reference, RequirementBlock, ScopeBlock
from snapshots.notice import Document, NoticeEntry, Problem, Reading, requirement_block, scope_block
from snapshots.period import InForce
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

Emphasis = Callable[[str], str]
"""Makes a headline stand out where the output goes to a terminal."""

_STEP = "  "
_WIDTH = 96


def describe_reading(reading: Reading, emphasize: Emphasis) -> str:
    """What the page says, then what was not understood, then where its lines went."""
    lines: list[str] = []
    for document in reading.documents:
        lines += [*_describe_document(document, emphasize), ""]
    for problem in reading.problems:
        lines += describe_problem(problem)
    if reading.problems:
        lines.append("")
    lines.append(count_lines(reading))
    return _join(lines)


def count_lines(reading: Reading) -> str:
    """Where the lines of the page went."""
    found = reading.accounting
    return (
        f"{found.content_lines} lines of content: {found.claimed} understood or noted, {found.unclaimed} lost; "
        f"{found.outside_content} around it; {count_nouns(len(reading.problems), 'problem', 'problems')}"
    )


def describe_problem(problem: Problem) -> list[str]:
    """The problem, its line as published, and a caret under the place where that is known."""
    told = [f"line {problem.line}: {problem.code}: {problem.message}", f"{_STEP}{problem.text}"]
    if problem.start is not None:
        shown, carets = mark_place(problem.text, problem.start, problem.end, _WIDTH)
        told += ([] if shown == problem.text else [_STEP + shown]) + [_STEP + carets]
    return told


def describe_dates(states: Iterable[DatedState], emphasize: Emphasis) -> str:
    """A block for each date: how many categories, what changed, what said so, how much is known."""
    lines = []
    for state in states:
        counts = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in state.counts.items() if count)
        known = count_nouns(state.categories, "category", "categories")
        lines.append(f"{emphasize(state.date.isoformat())}  {known}; {counts or 'no change'}")
        lines += [f"{_STEP}{source.kind} {source.title or source.page}" for source in state.documents]
        lines += [f"{_STEP}{scope}: {level}" for scope, level in state.coverage.items()]
    return _join(lines)


def describe_state(output: ShowOutput, emphasize: Emphasis) -> str:
    """The categories in force, a line each, under their platform and entity type with its coverage."""
    lines = [f"in force on {output.date}: {count_nouns(len(output.categories), 'category', 'categories')}"]
    heading = None
    for category in output.categories:
        scope = "/".join(part for part in (category.platform, category.entity_type) if part is not None)
        if scope != heading:
            heading = scope
            lines += ["", emphasize(f"{scope} ({output.coverage.get(scope, 'partial')})")]
        lines.append(f"{_STEP}{_join_path(category.path)}")
    return _join(lines)


def describe_category(category: CategoryOutput, emphasize: Emphasis, *, history: bool) -> str:
    """The category's blocks and what says so; with `history`, what each document stated of it, oldest first."""
    lines = [emphasize(_join_path(category.path)), f"{_STEP}{_join_names(category.platform, category.entity_type)}"]
    if category.removed is not None:
        lines.append(f"{_STEP}removed since {_describe_in_force(category.removed)}")
    lines += [f"{_STEP}goes on as {_join_path(path)}" for path in category.goes_on_as]
    lines += _describe_blocks(category.requirement, category.scope)
    lines += [f"{_STEP}{attribute.name}: {attribute.value}" for attribute in category.attributes or ()]
    lines += ["", "history:" if history else "said by:"]
    for claim in category.claims:
        lines += [f"{_STEP}{_describe_claim(claim)}", f"{_STEP * 2}{_describe_place(claim)}"]
        lines += [f"{_STEP * 2}corrected by an override: {correction}" for correction in claim.corrected]
        if history:
            lines += [f"{_STEP}{line}" for line in _describe_blocks(claim.requirement, claim.scope)]
    return _join(lines)


def count_nouns(count: int, one: str, many: str) -> str:
    """The count with its noun: 1 entry, 33 entries."""
    return f"{count} {one if count == 1 else many}"


def _describe_document(document: Document, emphasize: Emphasis) -> Iterator[str]:
    yield emphasize(document.title or "(no title)")
    yield _STEP + _join_names(document.kind, document.platform, document.publisher)
    if document.period is not None:
        yield f"{_STEP}period {document.period.start} to {document.period.end}"
    yield f"{_STEP}in force {'unknown' if document.in_force is None else _describe_in_force(document.in_force)}"
    for date in document.dates:
        yield f"{_STEP}{date.role}: {date.text}"
    for scope in document.complete_for:
        yield f"{_STEP}complete for {_join_names(scope.entity_type or 'all applicants', _join_path(scope.under))}"
    yield _STEP + count_nouns(len(document.entries), "entry", "entries")
    for entry in document.entries:
        yield ""
        yield from _describe_entry(entry, emphasize)


def _describe_entry(entry: NoticeEntry, emphasize: Emphasis) -> Iterator[str]:
    targets = "".join(f" → {_join_path(target)}" for target in entry.targets)
    who = "" if entry.entity_type is None else f" · {entry.entity_type}"
    name = _join_path(entry.path) or "(the page has lost the name)"
    yield f"{entry.action}{who} · {emphasize(name)}{targets} ({_name_lines(entry.lines)})"
    if entry.extent is not None:
        yield f"{_STEP}moved: {_join_names(entry.extent, entry.condition)}"
    yield from _describe_blocks(requirement_block(entry), scope_block(entry))
    for attribute in entry.attributes:
        yield f"{_STEP}{attribute.name}: {attribute.value}"
    for date in entry.dates:
        yield f"{_STEP}{date.role}: {date.text}"
    if entry.before is not None:
        yield f"{_STEP}before, as the page says:"
        for line in _draw_requirement(entry.before.requirement):
            yield _STEP * 2 + line


def _describe_blocks(requirement: RequirementBlock | None, scope: ScopeBlock | None) -> Iterator[str]:
    yield f"{_STEP}requirement:{' not stated' if requirement is None else ''}"
    if requirement is not None:
        for line in _draw_requirement(requirement.requirement):
            yield _STEP * 2 + line
        for line in requirement.application:
            yield f"{_STEP * 2}to apply: {line}"
        yield from _describe_asides(requirement.notes, requirement.references)
        if requirement.closed_beta:
            yield f"{_STEP * 2}closed beta"
    yield f"{_STEP}scope:{' not stated' if scope is None else ''}"
    if scope is not None:
        for line in (scope.scope or "").splitlines():
            yield _STEP * 2 + line
        yield from _describe_asides(scope.notes, scope.references)
        for service in scope.unsupported:
            yield f"{_STEP * 2}not supported: {service}"
        if scope.regions:
            yield f"{_STEP * 2}regions: {', '.join(scope.regions)}"


def _describe_asides(notes: tuple[Note, ...], references: tuple[Reference, ...]) -> Iterator[str]:
    for note in notes:
        yield f"{_STEP * 2}note: {note.text}"
    for reference in references:
        role = "refers to" if reference.role is None else reference.role.replace("_", " ")
        yield f"{_STEP * 2}{role}: {', '.join(_join_path(target) for target in reference.targets)}"


def _draw_requirement(requirement: Requirement | None, step: int = 0) -> Iterator[str]:
    """The tree, a line for each node, each level indented by one step."""
    indent = _STEP * step
    match requirement:
        case None:
            yield f"{indent}not stated"
        case NoneRequired():
            yield f"{indent}none required"
        case Paper() | Text():
            yield f"{indent}- {requirement.text}"
            for note in requirement.notes:
                yield f"{indent}{_STEP}note: {note}"
        case AllOf() | Choose():
            of = "all of" if isinstance(requirement, AllOf) else f"{requirement.n} of {len(requirement.items)}"
            label = "" if requirement.label is None else f"{requirement.label}: "
            marker = "" if requirement.marker is None else f"  {requirement.marker}"
            yield f"{indent}- {label}{of}{marker}"
            for item in requirement.items:
                yield from _draw_requirement(item, step + 1)
            for note in requirement.notes:
                yield f"{indent}{_STEP}note: {note}"
        case _:
            assert_never(requirement)


def _describe_claim(claim: ClaimOutput) -> str:
    action = "no longer listed" if claim.observed else claim.action
    return f"{claim.in_force.date} {action}, {claim.source.kind} {claim.source.title or claim.source.page}"


def _describe_place(claim: ClaimOutput) -> str:
    lines = "" if claim.lines is None else f", {_name_lines(claim.lines)}"
    return f"{claim.source.url or claim.source.page}{lines}, captured {claim.source.captured.date()}"


def _describe_in_force(in_force: InForce) -> str:
    return f"{in_force.date} ({in_force.basis.replace('_', ' ')})"


def _join_path(path: CategoryPath) -> str:
    return " › ".join(path)


def _join_names(*names: str | EntityType | None) -> str:
    return " · ".join(name for name in names if name)


def _name_lines(lines: tuple[int, int]) -> str:
    first, last = lines
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _join(lines: Iterable[str]) -> str:
    return make_inert("".join(f"{line}\n" for line in lines))
