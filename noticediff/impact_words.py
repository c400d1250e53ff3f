"""The words in which an impact is told: what is missing, what nobody can say, and since when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from differ.changes import Verdict
from differ.impact.assess import Assessment, Lack, State, Why
from differ.impact.causes import Cause
from differ.impact.holdings import Answer, Reason, Standing
from differ.impact.impact import Expiry
from noticediff.formats import DocumentLabel
from snapshots.category import CategoryPath

STATES: dict[State, str] = {
    "removed": "gone",
    "unsatisfied": "not satisfied",
    "undecided": "cannot be decided",
    "check": "to be checked",
    "satisfied": "satisfied",
}


_CASE_TAIL = re.compile(r"[，,]?[需须須请請]?提供$")  # 「自营型，提供」: the words lead over to the papers
_VERDICTS: dict[Verdict, str] = {"unknown": "stricter or looser is not known"}
_ANSWERS: dict[tuple[Standing, Reason], str] = {
    ("open", "text"): "{text} (names no 《…》: a person must say whether it is held)",
    ("open", "condition"): "{text}; the portfolio does not state the case",
    ("check", "qualifier"): "《{paper}》 is held, but the page asks: {text}",
    ("check", "holder"): "《{paper}》 is held, but the page says whose: {text}",
    ("check", "count"): "《{paper}》 is held, but the page asks for more than one: {text}",
    ("check", "wording"): "《{paper}》 is held; a person must say whether it is what the page asks: {text}",
    ("missing", "expired"): "{text} (held, but expired)",
    ("missing", "holder"): "{text} (the one that is held is another's)",
    ("missing", "count"): "{text} (fewer are held)",
}
_WHY: dict[Why, str] = {
    "open": "it depends on what the portfolio does not state",
    "text": "it depends on words that a person must read; write what is held among the papers, in the page's words",
    "not_stated": "no page states its requirement",
    "doubtful": "a line of its requirement was not understood ({names})",
    "arity": "the page wants more of a list than the list has",
    "branch": "it is listed as several that do not ask for the same; name the one: {names}",
    "parted": "it goes on as several; name the one",
    "unknown_category": "no page names it; near it: {names}",
    "unknown_platform": "no page of its platform is stored; known: {names}",
    "several_platforms": "the portfolio does not name its platform; known: {names}",
    "unlisted": "a list does not name it any more; it was in closed beta, and may only be unlisted",
    "several_types": "the portfolio does not name its entity_type; known: {names}",
}


def tell_answer(answer: Answer) -> str:
    """One thing that is asked for, and what the program has for it."""
    text = one_line(answer.text).rstrip("；;。，, ")
    if answer.kind == "case":
        return f"in the case 「{_CASE_TAIL.sub('', text)}」"
    asked = text if answer.condition is None else f"{text}, asked for in the case 「{answer.condition}」"
    words = "{text}" if answer.reason is None else _ANSWERS.get((answer.standing, answer.reason), "{text}")
    return words.format(text=asked, paper=answer.paper)


def tell_way(way: Iterable[Answer]) -> str:
    """One set that would do."""
    answers = tuple(way)
    cases = [tell_answer(answer) for answer in answers if answer.kind == "case"]
    papers = [tell_answer(answer) for answer in answers if answer.kind != "case"]
    case = " and ".join(cases)
    return f"{case}: {' + '.join(papers)}" if cases and papers else case or " + ".join(papers)


def tell_otherwise(assessment: Assessment) -> str:
    """What is missing where what decides is not held: the sets of which least is missing."""
    return "; ".join(map(tell_way, assessment.otherwise))


def tell_by(assessment: Assessment) -> str:
    """What makes it enough."""
    return tell_way(answer for answer in assessment.by if answer.standing == "held")


def tell_why(assessment: Assessment) -> str | None:
    """Why it cannot be decided, or None where it is."""
    if assessment.why is None:
        return None
    words, names = _WHY[assessment.why], ", ".join(name or "every applicant" for name in assessment.names)
    return (words if names else words.partition("; near")[0].partition("; known")[0]).format(names=names)


def tell_cause(cause: Cause, documents: Mapping[str, DocumentLabel]) -> str:
    """Since when, and what made it so."""
    basis = "" if cause.basis is None else f" ({cause.basis.replace('_', ' ')})"
    date = f"{cause.date}{basis}"
    if cause.kind == "expired":
        return f"{date}: {', '.join(f'《{paper}》' for paper in cause.papers)} expired"
    if cause.kind == "learned":
        return f"{date} at the latest, when a page first stated it"
    place = f"; {_tell_place(cause, documents)}"
    if cause.kind == "first_seen":
        return f"{date} at the latest, when it was first seen{place}"
    verdict = "" if cause.verdict is None else f", {_VERDICTS.get(cause.verdict, cause.verdict)}"
    earlier = ", earlier state not known" if cause.before == "unknown" else ""
    said = "" if cause.claimed else ", seen in a list"
    return f"{date}: {cause.kind}{said}{verdict}{earlier}{place}; change {cause.change}"


def tell_lack(lack: Lack) -> str:
    """A category that is also needed."""
    targets = " or ".join(f"【{join_path(target)}】" for target in lack.targets)
    return targets if lack.condition is None else f"{targets} if: {one_line(lack.condition)}"


def tell_expiry(expiry: Expiry) -> str:
    """A paper that is expired or soon will be."""
    return f"《{expiry.paper}》 {'expired' if expiry.is_past else 'expires'} {expiry.date}"


def join_path(path: CategoryPath) -> str:
    """The path for reading."""
    return " › ".join(path)


def one_line(text: str) -> str:
    """The text of a page without its line breaks."""
    return " ".join(text.split())


def _tell_place(cause: Cause, documents: Mapping[str, DocumentLabel]) -> str:
    """The page that decides, and its lines."""
    if not cause.evidence:
        return "no page says so"
    place = cause.evidence[0]
    label = documents.get(place.document)
    title = place.document if label is None else label.title or label.page
    if place.lines is None:
        return title
    first, last = place.lines
    return f"{title}, line {first}" if first == last else f"{title}, lines {first}-{last}"
