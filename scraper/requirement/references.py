"""References 【…】 in notes and scopes: which categories they point at, in which role, under which condition."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from scraper.requirement.brackets import find_brackets, is_inside
from scraper.requirement.markers import trim_label
from snapshots.category import CategoryPath, Reference, ReferenceRole, Where
from snapshots.folding import fold_characters

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
_SEPARATOR = re.compile(r" {0,4}(?:-{1,2}|[–—―]{1,2}|[﹣>›→])\s*")
_AFTER_REFERENCE = re.compile(r" {0,4}(?:[、/]|和|或|及|与)? {0,4}(?:[【“「\"]|(?:等|相关|的)?[^,。;【]{0,16}?类目)")
_ALTERNATIVES = re.compile(r"[“”\"」] {0,4}(?:或|、|/|和|及) {0,4}[“”\"「]")
_CLAUSE_BORDER = re.compile(r"[;。;]")


@lru_cache(4096)
def find_references(text: str, where: Where) -> tuple[Reference, ...]:
    """The references to categories in a note or a scope.

    「若僅提供捐贈、慈善信息展示服務,需補充【公益-慈善信息服務】類目;」 is one, also needed, with the condition
    若僅提供捐贈、慈善信息展示服務. A 【…】 that follows no such verb is a service's name, a field or a subject.
    """
    folded = fold_characters(text)
    if "补充" not in folded and "选" not in folded:  # what each verb has that leads to a reference
        return ()
    if _BRACKET.search(folded) is None or _ROLE.search(folded) is None:  # as of nearly every text
        return ()
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


def split_path(name: str) -> CategoryPath:
    """The levels of a name, split at its first separator: 金融業-個人征信 is ("金融業", "個人征信")."""
    folded = fold_characters(name)
    brackets = find_brackets(folded)
    for match in _SEPARATOR.finditer(folded):
        if not is_inside(brackets, match.start()) and match.start() > 0 and match.end() < len(folded):
            return name[: match.start()].strip(), name[match.end() :].strip()
    return (name.strip(),)


def deepen_path(path: CategoryPath, levels: int) -> CategoryPath:
    """The path with its last name split on, where a platform writes up to so many levels: 箱包 › 女包-手拿包."""
    while 1 < len(path) < levels and len(rest := split_path(path[-1])) > 1:
        path = (*path[:-1], *rest)
    return path


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
