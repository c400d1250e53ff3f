"""The lines of a scope block 類目適用范圍: the scope, its notes, references, regions and unsupported services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from msgspec import Struct

from scraper.explain import Role
from scraper.page.lines import Line
from scraper.requirement.brackets import Spans, find_brackets, is_inside
from scraper.requirement.enumerators import find_inline_items, read_enumerator
from scraper.requirement.markers import trim_label
from scraper.requirement.note_runs import read_note
from snapshots.category import CategoryPath, Note, Reference, ReferenceRole, Where
from snapshots.folding import fold_characters
from snapshots.notice import Problem

_ROLES: tuple[tuple[ReferenceRole, str], ...] = (
    ("also_needed", r"(?:需|须|应)?(?:要|同时|再)*补充(?:选择|申请|提供)?"),
    ("choose_instead", r"(?:请|建议)(?:您)?选(?:择)?"),
    ("choose", r"(?:需|须|应)(?:要)?选(?:择)?"),
)
_ROLE = re.compile("|".join(f"(?P<{role}>{pattern})" for role, pattern in _ROLES))
_NEAR = re.compile(
    r"[^,。;]{0,12}"
)  # only joining words stand between a verb, or the reference before, and a reference
_REACH = 40  # a verb that stands farther off leads to no reference
_NEGATED = re.compile(r"(?:[无不未勿没毋]|禁止|避免)(?:[需须应要必能可得用该再有请]|同时|额外|另行)*$")
_QUOTED = r"[“「\"][^“”「」\"【】,。;]{2,40}[”」\"]"
_BRACKET = re.compile(rf"【[^【】]*】|{_QUOTED}(?=(?: {{0,4}}[或、和及/] {{0,4}}{_QUOTED}){{0,6}} {{0,4}}类目)")
_SEPARATOR = re.compile(r" {0,4}(?:-{1,2}|[–—―﹣>›→])\s*")
_AFTER_REFERENCE = re.compile(r" {0,4}(?:[、/]|和|或|及|与)? {0,4}(?:[【“「\"]|(?:等|相关|的)?[^,。;【]{0,16}?类目)")
_ALTERNATIVES = re.compile(r"[“”\"」] {0,4}(?:或|、|/|和|及) {0,4}[“”\"「]")
_CLAUSE_BORDER = re.compile(r"[;。;]")
_UNSUPPORTED = re.compile(r"(?P<refused>不支持)(?:进行|提供)?|不(?:可|得|能|允许)(?:涉及|提供|进行|包含)")
_REMOVE = re.compile(r",? {0,4}建议(?:去除|移除|删除)")
_CLAUSE_SIGN = re.compile(r"[,;。]|$")
_MORE_SERVICES = re.compile(r"[^需请若如建属不未可则]{1,40}(?:服务|等|内容|商品|业务|交易)")
_ENDED = re.compile(r"[。;)】》”!]$")
_SCOPE_WORDS = re.compile(r"(?:仅|不|也)?适用|(?:不)?(?:包括|包含|含)|如[::]|\d{1,2}[、.]|[①-⑳]")


class ScopeReading(Struct, frozen=True, kw_only=True):
    """What a scope block says, and the lines of it that have no place there."""

    scope: str | None
    notes: tuple[str, ...] = ()
    strangers: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_remarks(lines: list[Line]) -> ScopeReading:
    """The notes of a cell 備注: an item each of a numbered list 「1、該類目為內測類目…」, else its text as it stands.

    A list below words that lead to it 「不得涉及: 1、…」 stays with them.
    """
    reader = _ScopeReader(None, in_notes=bool(lines) and read_enumerator(lines[0].folded) is not None)
    for line in lines:
        reader.read(line)
    text = "\n".join(reader.scope)
    return ScopeReading(
        scope=None,
        notes=(*((text,) if text not in ("", "/") else ()), *reader.notes),
        strangers=tuple(reader.strangers),
        problems=tuple(reader.problems),
    )


def parse_scope(lines: list[Line], roles: list[Role] | None = None) -> ScopeReading:
    """The scope (its lines joined by a line break), the note items after it, and lines that belong to neither.

    A line behind a finished sentence that begins no note and no list has no place in a scope: it is a stranger
    (a footer, an injected line), never a continuation. Only a table's cell is sure to hold nothing foreign. `roles`
    gathers what became of each line.
    """
    reader = _ScopeReader(roles)
    for line in lines:
        reader.read(line)
    if lines and not reader.scope and lines[0].cell is None:
        reader.report(lines[0], "empty-block", "the scope itself is missing")
    return ScopeReading(
        scope="\n".join(reader.scope) or None,
        notes=tuple(reader.notes),
        strangers=tuple(reader.strangers),
        problems=tuple(reader.problems),
    )


def find_stranger(lines: Sequence[Line]) -> int | None:
    """The place of the first line that cannot belong to a scope block, or None where all can."""
    reader = _ScopeReader(None)
    for place, line in enumerate(lines):
        reader.read(line)
        if reader.strangers:
            return place
    return None


class _ScopeReader:
    """Reads the lines of a scope block: first the scope, then, behind 注, its notes."""

    def __init__(self, roles: list[Role] | None, *, in_notes: bool = False) -> None:
        self._roles = roles
        self.scope: list[str] = []
        self.notes: list[str] = []
        self.strangers: list[Line] = []
        self.problems: list[Problem] = []
        self._in_notes = in_notes
        self._expected: dict[str, int] = {}  # the number that the next note of each style should have

    def read(self, line: Line) -> None:
        """Take the next line."""
        begins = read_note(line.folded)
        if self._roles is not None:
            is_note = self._in_notes or begins is not None
            self._roles.append(Role(line.number, line.text, "scope", "note" if is_note else "scope"))
        if begins is None and not self._in_notes:
            self._read_scope_line(line)
            return
        if begins is not None:
            self._in_notes, self._expected = True, {}
        borders = sorted({begins or 0, *find_inline_items(line.folded), len(line.text)})
        for start, end in pairwise(borders):
            words, folded = line.text[start:end].strip(), line.folded[start:end].strip()
            if words:
                self._read_note(line, words, folded, first=begins is not None)

    def report(self, line: Line, code: str, message: str, *, end: int | None = None) -> None:
        """Keep a problem about a line; `end`: about its first characters."""
        start = None if end is None else 0
        problem = Problem(line=line.number, text=line.text, code=code, message=message, start=start, end=end)
        self.problems.append(problem)

    def _read_note(self, line: Line, words: str, folded: str, *, first: bool) -> None:
        enumerator = read_enumerator(folded)
        if enumerator is not None:
            expected = self._expected.get(enumerator.style, 1)
            if enumerator.number not in (expected, 1, 0):
                message = f"note {enumerator.number} of the list stands where note {expected} should"
                end = enumerator.end if words == line.text else None
                self.report(line, "missing-item", message, end=end)
            self._expected[enumerator.style] = enumerator.number + 1
            self.notes.append(words[enumerator.end :].strip())
            return
        ended = not self.notes or _ENDED.search(fold_characters(self.notes[-1][-1:])) is not None
        if first or not self.notes or (line.cell is not None and ended):
            self.notes.append(words)
        elif not ended:
            self.notes[-1] = f"{self.notes[-1]}\n{words}"
        else:
            self.strangers.append(line)

    def _read_scope_line(self, line: Line) -> None:
        ended = bool(self.scope) and _ENDED.search(fold_characters(self.scope[-1])) is not None
        if ended and line.cell is None and not _SCOPE_WORDS.match(line.folded):
            self.strangers.append(line)
            return
        if line.cell is None and read_enumerator(line.folded) is not None:
            self.report(line, "unmarked-list", "a list without a heading; the word 注 may be lost")
        self.scope.append(line.text)


@lru_cache(4096)
def find_references(text: str, where: Where) -> tuple[Reference, ...]:
    """The references to categories in a note or a scope.

    「若僅提供捐贈、慈善信息展示服務,需補充【公益-慈善信息服務】類目;」 is one, also needed, with the condition
    若僅提供捐贈、慈善信息展示服務. A 【…】 that follows no such verb is a service's name, a field or a subject.
    """
    folded = fold_characters(text)
    references: list[Reference] = []
    for clause_start, clause_end in _clauses(folded):
        clause = folded[clause_start:clause_end]
        role: ReferenceRole | None = None
        before = (0, 0)  # the words in front of the verb: the condition
        reach = 0  # where the last reference of this verb ended
        for match in _BRACKET.finditer(clause):
            verbs = list(_ROLE.finditer(clause, max(reach, match.start() - _REACH), match.start()))
            if verbs and _NEGATED.search(clause, max(verbs[-1].start() - 8, 0), verbs[-1].start()):
                role = None  # 「无需补充【…】」
            elif verbs:
                role, before = _role(verbs[-1]), (reach, verbs[-1].start())
            led = verbs[-1].end() if verbs else reach
            near = role is not None and _NEAR.fullmatch(clause, led, match.start()) is not None
            if role is None or not near or not _AFTER_REFERENCE.match(clause, match.end()):
                continue
            condition = trim_label(text[clause_start + before[0] : clause_start + before[1]]) or None
            start, end = clause_start + match.start(), clause_start + match.end()
            references.append(
                Reference(
                    text=text[start:end],
                    role=role,
                    targets=_read_targets(text[start + 1 : end - 1]),
                    condition=condition,
                    where=where,
                )
            )
            reach = match.end()
    return tuple(references)


def find_unsupported(texts: list[str]) -> tuple[str, ...]:
    """The services that may not be offered, as published: 「暫不支持順風車相關服務,建議去除。」.

    They end where the next clause begins: 「不支持提供在线问诊服务,若涉及…,需补充【…】类目」 names one.
    """
    found: list[str] = []
    for text in texts:
        folded = fold_characters(text)
        brackets = find_brackets(folded) if "不" in folded else ()
        reach = 0
        for match in _UNSUPPORTED.finditer(folded):
            start = match.end()
            if start < reach or folded.startswith("线上申请", start):
                continue
            reach, is_removed = _find_services_end(folded, start, brackets)
            words = text[start:reach].strip(" ,，")
            if words and (match["refused"] or is_removed):
                found.append(words)
    return tuple(dict.fromkeys(found))


def _find_services_end(folded: str, start: int, brackets: Spans) -> tuple[int, bool]:
    """Where the names of services end that begin there, and whether the page advises to remove them."""
    place = start
    while True:
        sign = _CLAUSE_SIGN.search(folded, place)
        end = sign.start() if sign else len(folded)
        while end < len(folded) and is_inside(brackets, end) and not is_inside(brackets, start):
            sign = _CLAUSE_SIGN.search(folded, end + 1)
            end = sign.start() if sign else len(folded)
        removed = _REMOVE.search(folded, place, end + 8)
        if removed is not None and removed.start() <= end:
            return removed.start(), True
        follower = _CLAUSE_SIGN.search(folded, end + 1)
        more = _MORE_SERVICES.fullmatch(folded, end + 1, follower.start() if follower else len(folded))
        if folded[end : end + 1] != "," or more is None:
            return end, False
        place = end + 1


@lru_cache(4096)
def find_regions(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Where the applicant must be, as published: 「僅適用于中國香港、日本醫療機構主體提供…」 is 中國香港 and 日本.

    `names` are the places that the profile knows, folded. A place that only the service is for does not count.
    """
    if not names:
        return ()
    folded = fold_characters(text)
    place, applicant = _place_patterns(names)
    found: list[str] = []
    for match in applicant.finditer(folded):
        start, end = match.span("places")
        found += [text[start + a : start + b] for a, b in (m.span() for m in place.finditer(folded[start:end]))]
    return tuple(dict.fromkeys(found))


@cache
def _place_patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a place, and the places behind 適用于 that an applicant stands behind."""
    place = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    applicant = (
        rf"(?:适用于|仅支持)\s*(?P<places>(?:{place})(?:\s*(?:[、,/]|和|及|与|或)\s*(?:{place}))*)\s*(?:等)?(?:国家|地区)*"
        r"(?=[^,。、;为]{0,14}?(?:主体|公司|企业|机构|商户|律所|注册))"
    )
    return re.compile(place), re.compile(applicant)


def split_path(name: str) -> CategoryPath:
    """The levels of a name, split at its first separator: 金融業-個人征信 is ("金融業", "個人征信")."""
    folded = fold_characters(name)
    brackets = find_brackets(folded)
    for match in _SEPARATOR.finditer(folded):
        if not is_inside(brackets, match.start()) and match.start() > 0 and match.end() < len(folded):
            return name[: match.start()].strip(), name[match.end() :].strip()
    return (name.strip(),)


def _clauses(folded: str) -> list[tuple[int, int]]:
    brackets = find_brackets(folded)
    borders = [match.end() for match in _CLAUSE_BORDER.finditer(folded) if not is_inside(brackets, match.start())]
    places = [0, *borders, len(folded)]
    return [(start, end) for start, end in pairwise(places) if end > start]


def _role(verb: re.Match[str]) -> ReferenceRole:
    return next(role for role, _ in _ROLES if verb[role] is not None)


def _read_targets(inner: str) -> tuple[CategoryPath, ...]:
    """The categories that a bracket names: 醫療服務-“公立醫療機構”或“私立醫療機構” are two of one level above."""
    path = split_path(inner)
    last = path[-1]
    folded = fold_characters(last)
    if not _ALTERNATIVES.search(folded):
        return (path,)
    names = [
        last[match.start() + 1 : match.end() - 1].strip()
        for match in re.finditer(r"[“”\"「][^“”\"「」]+[“”\"」]", folded)
    ]
    return tuple((*path[:-1], name) for name in names)


def make_notes(texts: tuple[str, ...], where: Where) -> tuple[Note, ...]:
    """The notes of one block."""
    return tuple(Note(text=text, where=where) for text in texts)
