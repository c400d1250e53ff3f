"""Plain text for reading in a terminal: what does not add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from noticediff.inert import make_inert
from noticediff.plain import count_nouns
from noticediff.reviews import FindingOutput, FindingsOutput, PlaceOutput

_STEP = "  "
_PLACES = 4  # places that are named before the rest is counted


def describe_findings(output: FindingsOutput, emphasize: Callable[[str], str]) -> str:
    """A block for each finding, under its state; then how many there are."""
    lines: list[str] = []
    heading = None
    for finding in output.findings:
        if finding.state != heading:
            heading = finding.state
            lines += [*([""] if lines else []), emphasize(heading)]
        lines += _describe_finding(finding)
    counts = ", ".join(f"{count} {state}" for state, count in output.counts.items())
    lines += [*([""] if lines else []), f"findings: {counts}; {output.dismissed} dismissed"]
    return make_inert("".join(f"{line}\n" for line in lines))


def _describe_finding(finding: FindingOutput) -> Iterator[str]:
    kind = "" if finding.key is None else finding.key.split("|")[1]
    yield f"{_STEP}{' '.join(word for word in (finding.id, finding.severity, finding.code, kind) if word)}"
    yield f"{_STEP * 2}{' '.join(finding.message.split())}"
    for place in finding.evidence[:_PLACES]:
        yield f"{_STEP * 3}{_name_place(place)}"
    if len(finding.evidence) > _PLACES:
        yield f"{_STEP * 3}and {count_nouns(len(finding.evidence) - _PLACES, 'more place', 'more places')}"
    if (review := finding.review) is not None:
        yield f"{_STEP * 2}{review.decision} by {review.who}, {review.at}: {' '.join(review.reason.split())}"


def _name_place(place: PlaceOutput) -> str:
    page = place.page or place.document
    if place.lines is None:
        return f"{page}, the whole page"
    first, last = place.lines
    return f"{page}, {f'line {first}' if first == last else f'lines {first}-{last}'}"
