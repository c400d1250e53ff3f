"""Plain text for reading in a terminal: what deriving again changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from noticediff.inert import make_inert
from noticediff.ours import FindingOurs, OursOutput
from noticediff.ours_documents import DocumentOurs, EntryLabel
from noticediff.ours_states import StateDifference
from noticediff.plain import count_nouns
from snapshots.codec import encode_json

_STEP = "  "
_VALUE = 100
"""Characters of a value; the JSON has it whole."""
_PROBLEMS = 3
"""How many problems that came or went are named of each document; the JSON has all."""
_FINDINGS = 10
"""The same for findings that nobody has decided on."""


def describe_ours(output: OursOutput, emphasize: Callable[[str], str]) -> str:
    """The documents that are read otherwise, the states that differ for that, what is lost, and the figures."""
    lines: list[str] = []
    for document in output.documents:
        lines += [*_describe_document(document, emphasize), ""]
    sections = (
        ("states that read otherwise", [_describe_state(state) for state in output.states]),
        ("findings that are none any more", list(_describe_findings(output.findings_gone))),
        ("findings that were none before", list(_describe_findings(output.findings_appeared))),
        ("corrections of the configuration that are lost", list(output.corrections_lost)),
        (
            "pages that cannot be read any more; what was read of them stays",
            [f"{unread.sha256[:12]} {unread.reason}" for unread in output.unread],
        ),
    )
    for heading, told in sections:
        if told:
            lines += [emphasize(heading), *(f"{_STEP}{line}" for line in told), ""]
    lines.append(_describe_counts(output))
    return make_inert("".join(f"{' '.join(line.split(chr(10)))}\n" for line in lines))


def _describe_document(document: DocumentOurs, emphasize: Callable[[str], str]) -> Iterator[str]:
    yield emphasize(document.title or "(no title)")
    yield f"{_STEP}{document.url or document.page}, {document.document}"
    if (standing := _describe_standing(document)) is not None:
        yield f"{_STEP}{standing}"
    for field in document.fields:
        yield f"{_STEP}{field.field.replace('_', ' ')}: {_show(field.old)} before, {_show(field.new)} now"
    for entry in document.appeared:
        yield f"{_STEP}+ {_describe_entry(entry)}"
    for entry in document.gone:
        yield f"{_STEP}- {_describe_entry(entry)}"
    for changed in document.changed:
        names = ", ".join(field.field.replace("_", " ") for field in changed.fields)
        yield f"{_STEP}~ {_describe_entry(changed.entry)}: {names}"
    if document.problems_before or document.problems_after:
        yield f"{_STEP}problems: {document.problems_before} before, {document.problems_after} now"
    for sign, problems in (("+", document.problems_appeared), ("-", document.problems_gone)):
        told = [f"line {problem.line}: {problem.code}: {problem.message}" for problem in problems]
        for line in _cut(told, _PROBLEMS):
            yield f"{_STEP * 2}{sign} {line}"


def _describe_standing(document: DocumentOurs) -> str | None:
    if not document.was:
        return "was not read before"
    if not document.is_now:
        return "is not read any more"
    old, new = document.profiles
    return None if old == new else f"profile: {old} before, {new} now"


def _describe_entry(entry: EntryLabel) -> str:
    first, last = entry.lines
    who = "" if entry.entity_type is None else f"{entry.entity_type} · "
    place = f"line {first}" if first == last else f"lines {first}-{last}"
    return f"{entry.action} · {who}{_join_path(entry.path)} ({place})"


def _describe_state(state: StateDifference) -> str:
    when = f"since {state.since}" if state.until is None else f"{state.since} to {state.until}"
    names = ", ".join(field.field.replace("_", " ") for field in state.fields)
    who = state.key.split("|")[1]
    name = f"{who} · {_join_path(state.path)}" if who else _join_path(state.path)
    return f"{when}: {name} {state.state}{f' ({names})' if names else ''}"


def _describe_findings(findings: Sequence[FindingOurs]) -> Iterator[str]:
    """Those that people have decided on, each with its decision, which is lost with it; then some of the others."""
    yield from (_describe_finding(found) for found in findings if found.decision is not None)
    yield from _cut([_describe_finding(found) for found in findings if found.decision is None], _FINDINGS)


def _describe_finding(finding: FindingOurs) -> str:
    decided = "" if finding.decision is None else f"; was {finding.decision}: {finding.reason}"
    return f"{finding.id} {finding.code} {finding.message}{decided}"


def _describe_counts(output: OursOutput) -> str:
    counts = output.counts
    before = ", ".join(output.from_versions) or "none"
    changed = count_nouns(counts.documents_changed, "document reads", "documents read")
    return (
        f"{count_nouns(counts.pages, 'page', 'pages')} derived again, parser {before} before and {output.to_version} "
        f"now: {changed} otherwise; {count_nouns(counts.entries_appeared, 'entry appears', 'entries appear')}, "
        f"{counts.entries_gone} gone, {counts.entries_changed} changed; problems: {counts.problems_before} before, "
        f"{counts.problems_after} now; {count_nouns(counts.unread, 'page', 'pages')} not read any more"
    )


def _cut(lines: Sequence[str], limit: int) -> Sequence[str]:
    if len(lines) <= limit + 1:
        return lines
    return [*lines[:limit], f"and {len(lines) - limit} more"]


def _join_path(path: tuple[str, ...]) -> str:
    return " › ".join(path) or "(the page has lost the name)"


def _show(value: object) -> str:
    match value:
        case None | [] | ():
            return "not stated"
        case {"date": date, "basis": basis}:
            return f"{date} ({str(basis).replace('_', ' ')})"
        case str():
            shown = value
        case _:
            shown = encode_json(value, indent=False).decode()
    return shown if len(shown) <= _VALUE else f"{shown[:_VALUE]}…"
