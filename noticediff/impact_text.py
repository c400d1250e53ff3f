"""The impact as plain text: by program, the worst first, and a line of counts at the head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from differ.impact.assess import Assessment, State
from differ.impact.holdings import Answer
from differ.impact.impact import CategoryImpact, ProgramImpact
from noticediff.formats import DocumentLabel
from noticediff.impact import ImpactOutput
from noticediff.impact_words import (
    STATES,
    join_path,
    one_line,
    tell_answer,
    tell_by,
    tell_cause,
    tell_expiry,
    tell_lack,
    tell_why,
)
from noticediff.inert import make_inert
from noticediff.plain import Emphasis, count_nouns

_STEP = "  "
_LEADS: dict[State, str] = {"unsatisfied": "missing", "check": "to check", "undecided": "enough, if held"}


def describe_impact(output: ImpactOutput, emphasize: Emphasis) -> str:
    """The programs, each with its categories; what became so since a day says so in the head."""
    documents = {label.document: label for label in output.documents}
    counts = ", ".join(f"{count} {STATES[state]}" for state, count in output.counts.items() if count)
    programs = count_nouns(len(output.programs), "program", "programs")
    since = "" if output.since is None else f"; only what became so after {output.since}, or is coming"
    lines = [f"on {output.date}: {programs}: {counts or 'nothing to tell'}{since}"]
    for program in output.programs:
        lines += ["", *_describe_program(program, documents, emphasize)]
    return make_inert("".join(f"{line}\n" for line in lines))


def _describe_program(
    program: ProgramImpact, documents: Mapping[str, DocumentLabel], emphasize: Emphasis
) -> Iterator[str]:
    about = " · ".join(word for word in (program.platform, program.entity_type) if word)
    yield f"{emphasize(program.program)}{f'  {about}' if about else ''}"
    for expiry in program.expiring:
        yield f"{_STEP}{tell_expiry(expiry)}"
    for impact in program.categories:
        yield from (f"{_STEP}{line}" for line in _describe_category(impact, documents, emphasize))


def _describe_category(
    impact: CategoryImpact, documents: Mapping[str, DocumentLabel], emphasize: Emphasis
) -> Iterator[str]:
    now = impact.now
    name = impact.category if now.path is None else join_path(now.path)
    state = STATES[now.state]
    yield f"{name}: {emphasize(state) if now.state != 'satisfied' else state}"
    yield from (f"{_STEP}{line}" for line in _describe_assessment(now))
    if impact.since is not None:
        before = "" if impact.before is None else f"; before: {STATES[impact.before]}"
        yield f"{_STEP}since {tell_cause(impact.since, documents)}{before}"
    if now.optional:
        yield f"{_STEP}optional: {'; '.join(map(one_line, now.optional))}"
    needed = [("also needed", lack) for lack in now.lacks]
    for what, lack in (*needed, *(("to be chosen", lack) for lack in now.elsewhere)):
        yield f"{_STEP}{what}: {tell_lack(lack)}"
        if lack.since is not None and lack.since.is_news:
            yield f"{_STEP * 2}since {tell_cause(lack.since, documents)}"
    for coming in impact.coming:
        yield f"{_STEP}coming {tell_cause(coming.cause, documents)}"
        yield f"{_STEP * 2}then {STATES[coming.becomes.state]}"
        yield from (f"{_STEP * 2}{line}" for line in _describe_assessment(coming.becomes))


def _describe_assessment(found: Assessment) -> Iterator[str]:
    """What makes it so, in a line or a few."""
    if (why := tell_why(found)) is not None:
        yield why
    if found.goes_on_as:
        what = "it goes on as" if found.state == "removed" or found.why == "parted" else "it is now called"
        yield f"{what} {', '.join(map(join_path, found.goes_on_as))}"
    if found.state == "satisfied":
        by = tell_by(found)
        is_case = any(answer.kind == "case" for answer in found.by)
        yield (by if is_case else f"by {by}") if by else "no paper is asked for"
    for number, way in enumerate(found.ways):
        yield from _describe_way(way, _find_lead(found.state, way) if number == 0 else "or")
    if found.more is None:
        yield "there are too many sets of papers to look at each; this one is small, and maybe not the smallest"
    elif found.more:
        yield f"or one of {count_nouns(found.more, 'other set', 'other sets')}"
    for number, way in enumerate(found.otherwise):
        yield from _describe_way(way, "otherwise missing" if number == 0 else "or")


def _find_lead(state: State, way: Sequence[Answer]) -> str:
    """The words before a set; a case is stated, and not held."""
    is_case = state == "undecided" and all(answer.kind == "case" for answer in way)
    return "enough" if is_case else _LEADS.get(state, "")


def _describe_way(way: Sequence[Answer], lead: str) -> Iterator[str]:
    """A line for each thing that is asked for; the cases stand before them."""
    cases = [tell_answer(answer) for answer in way if answer.kind == "case"]
    papers = [tell_answer(answer) for answer in way if answer.kind != "case"]
    head = ", ".join((lead, *cases)) if papers else f"{lead} {' and '.join(cases)}"
    if len(papers) == 1 and not cases:
        yield f"{head}: {papers[0]}"
        return
    yield f"{head}:" if papers else head
    yield from (f"{_STEP}{paper}" for paper in papers)
