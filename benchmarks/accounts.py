"""The accounting law of a page: each line has one place, each letter of a line stands where its reader finds it.

The law knows nothing of how a page is read. It takes the lines of the page, what `explain_page` says became of them,
and the documents, and looks for the letters of each line in the fields of the entries that it belongs to. What says the
same twice (papers, references, regions) is left out, so that a letter that only stands there is lost.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import msgspec

from scraper.explain import ExplainedLine
from scraper.page.decode import decode_page
from scraper.page.lines import BLANK, Line, extract_lines, make_line
from scraper.page.markdown import looks_like_markdown, markdown_lines
from scraper.parse import Explanation, explain_page
from scraper.profile.profile import Profile, gather_profiles
from snapshots.errors import PageRefusedError
from snapshots.folding import fold_characters
from snapshots.notice import Document, NoticeEntry, Page, Reading
from snapshots.requirement import AllOf, Choose, Paper, Requirement, Text

_HAN = "一二三四五六七八九十"
_NUMBER = rf"(?:\d{{1,2}}(?:\.\d{{1,2}})*|[{_HAN}]{{1,3}}|[a-hA-H])"
_SIGNS = re.compile(
    rf"[①-⒛❶-❿㈠-㈩Ⅰ-ⅻ]|\({_NUMBER}\)|^\s*{_NUMBER}\s*(?=《)|^\s*\d{{1,2}}(?:\.\d{{1,2}})+"
    rf"|(?<![{_HAN}A-Za-z]){_NUMBER}\s*(?:[、):]|\.(?!\d))|^\s*(?:第|资质|材料|类型|条件|方案|情形|情况|选项|方式){_NUMBER}(?:种|项)?(?=\s*[、,.:(《])"
)
_JOINTS = frozenset("或及和與与以注")
_JOINT_MARKERS = frozenset(("或", "或者", "/", "和/或", "及", "以及", "和", "与", "與", "+", "、", None))
_BETWEEN_CELLS = re.compile("[\u2028\t]")
_NAMING = re.compile("】.*(?:为【|类目.?$)")
_VERBS = re.compile(
    r"(?:名称)?(?:更名|改名|重命名|调整|变更|修改)(?:名称)?为|下线|关闭|删除|移除|(?:服务)?类目|[将现拟已]"
)
_OF_THE_FRAME = frozenset({"preamble", "action", "entity_type", "ordinal"})
_FRAME = ("entity_type", "ordinal", "section", "entity type", "heading", "published", "action")


def find_losses(page: Page, *, profile: Profile | None = None) -> list[str]:
    """What of the page has no place, a sentence for each; none where the law holds or the page is refused.

    Raises PageRefusedError where no line of the page can be read.
    """
    explanation = explain_page(page, profile=profile)
    if isinstance(explanation.outcome, PageRefusedError):
        return []
    used = profile or next(known for known in gather_profiles() if known.name == explanation.profile)
    return list(_check(list_lines(page), explanation, explanation.outcome, used))


def list_lines(page: Page) -> list[Line]:
    """The lines of the page as it has them."""
    decoded = decode_page(page)
    if not decoded.is_html and looks_like_markdown(decoded.text):
        return list(markdown_lines(decoded.text))
    return list(extract_lines(decoded))


def _split_cells(line: Line) -> Iterator[Line]:
    """The line as the cells that a paste has put on it: parted by tabs or by the breaks inside a cell."""
    for words in _BETWEEN_CELLS.split(line.text):
        if words.strip(f'{BLANK}"'):
            yield make_line(line.number, words.strip(f'{BLANK}"'))


def read_letters(text: str) -> Counter[str]:
    """How often each letter comes, without the words that join papers."""
    return Counter(letter for letter in text if letter.isalnum() and letter not in _JOINTS)


def ask_letters(text: str) -> Counter[str]:
    """The letters of a line that must stand somewhere: those of its enumerators need not."""
    return read_letters(_blank(text, _SIGNS))


def list_words(entry: NoticeEntry) -> Iterator[str]:
    """What the entry says, each word once."""
    yield from entry.path
    for target in entry.targets:
        yield from target
    yield entry.condition or ""
    yield from _list_requirement(entry.requirement)
    yield from (*entry.application, entry.scope or "", *(note.text for note in entry.notes))
    yield from chain.from_iterable((column.name, column.value) for column in entry.attributes)
    yield from (date.text for date in entry.dates)
    if (before := entry.before) is not None:
        yield from _list_requirement(before.requirement)
        yield from (*before.application, before.scope or "", *(note.text for note in before.notes))


def _list_requirement(requirement: Requirement | None) -> Iterator[str]:
    match requirement:
        case AllOf(label=label, marker=marker, items=items) | Choose(label=label, marker=marker, items=items):
            words = [word for item in items for word in _list_requirement(item)]
            if label and not (marker in _JOINT_MARKERS and words and _is_kept(label, words[0], marker)):
                yield label
            yield marker or ""
            yield from words
        case Paper(text=text) | Text(text=text):
            yield text
        case _:
            return


def _is_kept(label: str, part: str, marker: str | None) -> bool:
    """Whether the label is words of a line that its first part keeps: that of 「自营提供《甲证》《乙证》」.

    A line with a list below it is none, though its first item says the same: 「2、《甲证》」 above 「一、《甲证》」.
    """
    return part.startswith(label) and "《" not in label and (marker is not None or "《" in part)


def _check(lines: Sequence[Line], explanation: Explanation, reading: Reading, profile: Profile) -> Iterator[str]:
    yield from _check_account(explanation, reading)
    # What a page hides is explained behind its lines.
    shown = [line for line in explanation.lines if not any(part.what == "outside: hidden" for part in line.parts)]
    explanation = replace(explanation, lines=tuple(shown))
    if len(lines) < len(explanation.lines):
        lines = [cell for line in lines for cell in _split_cells(line)]
    # A row of a sheet that lost its header is one line with breaks in it; by chance there may be as many lines.
    has_rows = any("\n" in part.text for line in explanation.lines for part in line.parts)
    if has_rows or len(lines) != len(explanation.lines):
        yield from _check_together(lines, explanation, reading, profile)
        return
    entries = [entry for document in reading.documents for entry in document.entries]
    owned: dict[int, list[Line]] = defaultdict(list)
    loose: list[tuple[int, Line]] = []
    for place, (line, explained) in enumerate(zip(lines, explanation.lines, strict=True)):
        whats = {part.what for part in explained.parts}
        if "problem" in whats:
            yield from _check_problem(line, reading)
        elif explained.entries and not whats & _OF_THE_FRAME and not ("|" in line.text and line.cell is None):
            yield from _check_sharing(line, explained, entries, is_html=bool(line.trail))
            for entry in explained.entries:
                owned[entry].append(line)
        elif not any(what.startswith("outside") for what in whats):
            loose.append((place, line))
    yield from _check_loose(loose, explanation, reading, profile)
    blocks = _compile_blocks(profile)
    told = {problem.line for problem in reading.problems}  # with their words
    # A marker without a list stands in the message; of a cell of several lines the problem shows the first.
    messages = [problem.message for problem in reading.problems if problem.code == "empty-list"]
    for number, own in owned.items():
        said = read_letters("".join((*list_words(entries[number - 1]), *messages)))
        asked = sum(
            (ask_letters(_strip_frame(line, blocks)) for line in own if line.number not in told), Counter[str]()
        )
        if asked - said:
            yield f"entry {number} {'›'.join(entries[number - 1].path)} lost {_show(asked - said)}"


def _check_account(explanation: Explanation, reading: Reading) -> Iterator[str]:
    """No line is without a place, and none that an entry has is counted as outside."""
    for problem in reading.problems:
        if problem.code == "unclaimed":
            yield f"line {problem.line} has no place: {problem.text}"
    inside = {
        line.number
        for line in explanation.lines
        if line.entries or any(not part.what.startswith("outside") for part in line.parts)
    }
    outside = {line.number for line in explanation.lines} - inside
    if len(outside) != reading.accounting.outside_content:
        yield f"{len(outside)} lines became nothing, and {reading.accounting.outside_content} are said to be outside"


def _check_problem(line: Line, reading: Reading) -> Iterator[str]:
    """The problem of a row stands at its first line and has the words of all."""
    shown = (_fold(problem.text) for problem in reading.problems if problem.line <= line.number)
    words = _fold(line.text)
    if not any(words in text or text in words for text in shown):
        yield f"line {line.number} is said to be a problem, and none shows it: {line.text}"


def _check_loose(
    loose: Iterable[tuple[int, Line]], explanation: Explanation, reading: Reading, profile: Profile
) -> Iterator[str]:
    """Lines of no entry: headings have the profile's words or names, any others stand in a document or a row of it."""
    frame = read_letters(fold_characters("".join(_list_frame(profile))))
    stated = read_letters(fold_characters("".join(_list_stated(reading.documents))))
    words = [word for document in reading.documents for entry in document.entries for word in list_words(entry)]
    cells = read_letters(fold_characters("".join(words)))
    empty = {problem.line for problem in reading.problems if problem.code == "empty-table"}
    for place, line in loose:
        whats = {part.what for part in explanation.lines[place].parts}
        if whats & {"column heading", "unchanged"}:
            continue  # a profile's pattern knows it, not its words; or the row says that nothing happens
        known = cells + stated + (frame if any(what.startswith(_FRAME) for what in whats) else Counter())
        lost = ask_letters(line.folded) - known
        if lost and not (whats == {"heading"} and _stands_over_problem(explanation.lines[place:], empty)):
            yield f"line {line.number} ({', '.join(sorted(whats))}) lost {_show(lost)}: {line.text}"


def _check_together(
    lines: Sequence[Line], explanation: Explanation, reading: Reading, profile: Profile
) -> Iterator[str]:
    """The law for all letters at once, where the lines are not the reader's: a spreadsheet with torn quotes."""
    words = [word for document in reading.documents for entry in document.entries for word in list_words(entry)]
    words += [*_list_stated(reading.documents), *_list_frame(profile), *(problem.text for problem in reading.problems)]
    words += [part.text for line in explanation.lines for part in line.parts if part.what in ("outside", "heading")]
    known = read_letters(fold_characters("".join(words)))
    lost = {letter for line in lines for letter in ask_letters(line.folded)} - known.keys()
    if lost:
        yield f"the page lost {''.join(sorted(lost))}"


def _stands_over_problem(lines: Sequence[ExplainedLine], empty: Collection[int]) -> bool:
    """Whether what stands below the heading that is the first line was not understood: no entry has its name.

    `empty` are the lines of the headers below which nothing stands.
    """
    for number, part in ((line.number, part) for line in lines for part in line.parts):
        if part.what == "column heading" and number in empty:
            return True
        if "heading" not in part.what and not part.what.startswith("outside"):
            return part.what == "problem"
    return True


def _check_sharing(
    line: Line, explained: ExplainedLine, entries: Sequence[NoticeEntry], *, is_html: bool
) -> Iterator[str]:
    """A line is of several entries only where these stand one below the other: a cell of several rows, a list."""
    first, last = explained.entries[0], explained.entries[-1]
    if list(explained.entries) != list(range(first, last + 1)):
        yield f"line {line.number} belongs to entries that do not stand together: {line.text}"
    paths = {entry.path for entry in entries[first - 1 : last]}
    if is_html and line.cell is not None and line.cell.rows == 1 and len(paths) > 1:
        yield f"line {line.number} belongs to several rows, and its cell to one: {line.text}"


def _list_frame(profile: Profile) -> Iterator[str]:
    """Every word of the profile, and those of dates and titles."""
    found = [msgspec.to_builtins(profile)]
    while found:
        match found.pop():
            case str(words):
                yield words
            case dict(parts):
                found += parts.values()
            case list(parts) | tuple(parts):
                found += parts
    yield "小程序开放的服务类目年月日发布时间0123456789如下"


def _list_stated(documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        yield from (document.title or "", document.publisher or "", "来源发布者发布方作者公众号", *document.preamble)
        yield from dict.fromkeys(level for entry in document.entries for level in entry.path)


def _compile_blocks(profile: Profile) -> re.Pattern[str]:
    names = sorted(chain.from_iterable(profile.blocks.values()), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, name)) for name in names)
    return re.compile(rf"^[\s【\[]*(?:{spaced})[】\]]?\s*(?:[::]|$)|\(?(?:此项为)?新增(?:项|类目)?\)?$|类目$")


def _strip_frame(line: Line, blocks: re.Pattern[str]) -> str:
    """The words of the line without a block's heading or an entry's mark; of one that names its category, the verbs."""
    return _blank(line.text, _VERBS if _NAMING.search(line.folded) else blocks)


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    """The text with a space for each letter of what the pattern finds in the folded text."""
    places = {place for match in pattern.finditer(fold_characters(text)) for place in range(*match.span())}
    return "".join(" " if place in places else letter for place, letter in enumerate(text))


def _show(letters: Counter[str]) -> str:
    return "".join(sorted(letters.elements()))


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", text)
