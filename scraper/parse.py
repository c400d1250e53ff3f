"""A page to what it says: the way from bytes to documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.catalogue.catalogue import breaks_off, ends_open, is_catalogue, parse_catalogue
from scraper.explain import ExplainedLine
from scraper.ledger import Ledger
from scraper.notice.cut import PageCutError
from scraper.notice.notice import parse_notice
from scraper.page.decode import DecodedPage, decode_page
from scraper.page.lines import Line, PageLines, split_lines
from scraper.page.markdown import looks_like_markdown, markdown_lines
from scraper.page.repairs import Repairs, drop_noise, find_doubts, mend_marks
from scraper.profile.profile import Profile, choose_profile, gather_profiles
from scraper.tables.delimited import place_delimited_cells
from scraper.tables.paste import place_pasted_cells
from scraper.tables.placement import place_cells
from snapshots.errors import PageRefusedError
from snapshots.notice import Document, Page, PageLabel, Problem, Reading

_LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What each line of a page became, with the profile that read it, and what the page says or why it was refused."""

    profile: str
    lines: tuple[ExplainedLine, ...]
    outcome: Reading | PageRefusedError


@dataclass(frozen=True, slots=True)
class _OpenPage:
    """A page as lines, the profile to read them with, and what was mended in them."""

    decoded: DecodedPage
    lines: tuple[Line, ...]
    split: PageLines
    profile: Profile
    repairs: Repairs

    def open_ledger(self, *, explains: bool = False) -> Ledger:
        """A ledger of all lines, in which those that the page does not show have their place."""
        ledger = Ledger((*self.lines, *(line for line, _ in self.split.unseen)), explains=explains)
        for line, why in self.split.unseen:
            ledger.leave_unseen(line, why)
        return ledger


def parse_page(
    page: Page,
    *,
    profile: Profile | None = None,
    profiles: Sequence[Profile] | None = None,
    captured: dt.date | None = None,
) -> Reading:
    """What the page says, and what of it was not understood.

    `profile` None: the one of `profiles` (None: those that ship) whose marks are on the page. Raises
    PageRefusedError for a page that is empty, binary, no notice, or broken off: PageCutError, with what was read,
    where whole entries stand before the break.
    """
    opened = _open_page(page, profile, profiles)
    return _read_lines(page, opened, opened.open_ledger(), captured)


def explain_page(
    page: Page,
    *,
    profile: Profile | None = None,
    profiles: Sequence[Profile] | None = None,
    captured: dt.date | None = None,
) -> Explanation:
    """What the page says and what each of its lines became, also where the page is refused in the end.

    Raises PageRefusedError where no line can be read at all: no text, or no profile that fits.
    """
    opened = _open_page(page, profile, profiles)
    ledger = opened.open_ledger(explains=True)
    try:
        outcome: Reading | PageRefusedError = _read_lines(page, opened, ledger, captured)
    except PageRefusedError as error:
        outcome = error
    explained = tuple(opened.repairs.restore_explained(line) for line in ledger.explain())
    return Explanation(profile=opened.profile.name, lines=explained, outcome=outcome)


def _open_page(page: Page, profile: Profile | None, profiles: Sequence[Profile] | None) -> _OpenPage:
    decoded = decode_page(page)
    markdown = not decoded.is_html and looks_like_markdown(decoded.text)
    split = PageLines(tuple(markdown_lines(decoded.text))) if markdown else split_lines(decoded)
    originals = split.lines
    if not originals:
        raise PageRefusedError(page.name, "the page has no text; save it again", cause="no text")
    lines = originals if split.is_sound else drop_noise(originals)
    if profile is None:
        known = gather_profiles() if profiles is None else profiles
        profile = choose_profile(page.name, "\n".join(line.folded for line in lines), known)
    lines = lines if split.is_sound else mend_marks(lines, profile)
    repairs = Repairs(originals, lines)
    if markdown:
        lines = place_cells(lines, profile)
    elif not decoded.is_html:
        lines = place_delimited_cells(decoded.text, place_pasted_cells(lines, profile), profile)
    return _OpenPage(decoded, lines, split, profile, repairs)


def _read_lines(page: Page, opened: _OpenPage, ledger: Ledger, captured: dt.date | None) -> Reading:
    decoded, lines, profile = opened.decoded, opened.lines, opened.profile
    captured = captured or (page.captured.date() if page.captured else None)
    documents: tuple[Document, ...]
    tags = decoded.text.encode("utf-8", errors="replace").lower() if decoded.is_html else None
    is_broken = breaks_off(decoded.text, tags)
    if is_catalogue(lines, profile):
        if is_broken:
            raise PageRefusedError(
                page.name, "the page breaks off and what follows is lost; save it again", cause="breaks off"
            )
        documents = (parse_catalogue(page.name, lines, profile, ledger, captured),)
    else:
        is_whole = tags is not None and not is_broken and tags.rfind(b"</html") >= 0
        documents = parse_notice(page.name, lines, profile, ledger, captured, is_whole=is_whole)
    if tags is not None and ends_open(tags):
        message = "the page ends without the tags that close it; what followed this line may be lost"
        last = lines[-1]
        ledger.add(Problem(line=last.number, text=last.text, code="unclosed-page", message=message))
    damaged = () if opened.split.is_sound else lines
    for problem in _find_losses(damaged, decoded.warnings, lines):
        ledger.add(problem)
    for line, doubt in find_doubts(damaged):
        ledger.add_inside(line, doubt)
    problems, accounting = ledger.settle()
    label = PageLabel(name=page.name, sha256=page.sha256, encoding=decoded.encoding, captured=captured)
    reading = Reading(
        page=label,
        documents=tuple(map(opened.repairs.restore_document, documents)),
        problems=tuple(map(opened.repairs.restore_problem, problems)),
        accounting=accounting,
        profile=profile.name,
    )
    for problem in problems:
        if problem.code == "cut":
            raise PageCutError(page.name, problem.message.replace("the page breaks", "it breaks"), reading)
    return reading


def _find_losses(suspect: tuple[Line, ...], warnings: tuple[str, ...], lines: tuple[Line, ...]) -> Iterator[Problem]:
    """A problem for each line that lost a character, here or before the page came; what no line shows, at the first."""
    damaged = [line for line in suspect if _LOST in line.text]
    message = warnings[0] if warnings else "a character was lost before the page was saved"
    for line in damaged or lines[: len(warnings)]:
        yield Problem(line=line.number, text=line.text, code="decoding", message=message)
