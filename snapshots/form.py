"""The comparable form of a category: what it says, with everything gone that is only form.

Another script, `（2选1）` for `(二選一)`, `1、` for `①`, a re-wrapped line, full stops, a list in another order where
order says nothing: two mirrors of one notice have one form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, assert_never

from snapshots.category import Attribute, Category, Note, Reference
from snapshots.folding import fold, fold_characters
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text, iterate_leaves

# At the beginning of a line or after a sentence; 「一、二線城市」, 「A、B類」 and 「3.5分」 begin with no enumerator.
_ENUMERATOR = re.compile(
    r"(?:^|(?<=[:,]))\s*"
    r"(?:(?:(?:\(\s*)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*\)|\d{1,2}\s*\.(?!\d)|[a-hA-H]\s*[.)](?![0-9A-Za-z])"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*、(?![\d一二三四五六七八九十])"
    r"|[a-hA-H]\s*、(?!\s*[A-Za-z](?![A-Za-z]))"
    r"|[①-⒛][、.]?)\s*)+",
    re.MULTILINE,
)
# Elsewhere ①, ⑴ and ⒈ point at an item 「①②項」; folded they would run into the digits beside them.
_POINTERS = {0x2460 + offset: f"({offset % 20 + 1})" for offset in range(60)}
_SENTENCE_END = re.compile("[。;]")
_TAIL = ",.、:"
_BLANKS = re.compile(r"[^\S\n]+")
_APPLIES = re.compile(r"^适用于")  # the column says so already; 仅适用于 says more
_JOINED = re.compile(r"^以?及")  # of a part that was parted from the one before it
_ASIDE = re.compile(r"\(注:((?:[^()]|\([^()]*\))*)\)")
_NEW_MARK = re.compile(r"\(?(?:此项为)?新增项(?!目)\)?")
_LABEL_TAIL = re.compile(r",?[需须请]?(?:同时)?提供$")  # 「金融資產管理公司提供(②選①)」: the words of the marker
_BRACKETS = str.maketrans("【〔〖{】〕〗}", "[[[[]]]]")


def is_same_state(old: Category | None, new: Category | None) -> bool:
    """Whether both state the same, form left aside; a block that only one of them states is a difference."""
    if old is None or new is None:
        return old is new
    if old == new:
        return True
    are_stated = all((getattr(old, name) is None) == (getattr(new, name) is None) for name in _BLOCKS)
    return are_stated and not find_unlike_forms(old, new)


def build_form(category: Category) -> dict[str, Any]:
    """Each field that the category states, by the name that it has in the JSON, in comparable form.

    Notes and references stand under the block that states them. Notes inside the requirement's tree are compared as
    notes only, and papers not at all: they repeat what the requirement says.
    """
    form: dict[str, Any] = {}
    for name, fields in _BLOCKS.items():
        if (block := getattr(category, name)) is not None:
            form |= {field: fold_value(read(block)) for field, (read, fold_value) in fields.items()}
    return form


def find_unlike_forms(old: Category, new: Category) -> dict[str, tuple[Any, Any]]:
    """Those fields of `build_form` that differ, with both forms; of blocks that both state.

    What the page says in the same words on both sides is in the same form, and is not folded to see that.
    """
    found = {}
    for name, fields in _BLOCKS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before is None or after is None or before == after:
            continue
        for field, (read, fold_value) in fields.items():
            one, other = read(before), read(after)
            if one != other and (forms := (fold_value(one), fold_value(other)))[0] != forms[1]:
                found[field] = forms
    return found


@lru_cache(maxsize=1 << 14)
def fold_words(text: str) -> str:
    """The words of a text of one or more lines: folded, without enumerators, full stops and the signs at its end.

    「1、適用於銀行；」 and 「①适用于银行。」 have the same words.
    """
    words = _fold_once(text)
    while (again := _fold_once(words)) != words:
        words = again  # joined lines may begin with what looks like an enumerator
    return words


def _fold_once(text: str) -> str:
    # Blanks go first: 「1 1、」 must not become an enumerator by being folded.
    sentences = _SENTENCE_END.sub("\n", _BLANKS.sub("", fold_characters(text)))
    words = _ENUMERATOR.sub("", sentences).translate(_POINTERS)
    return fold(words).translate(_BRACKETS).rstrip(_TAIL)


def fold_label(label: str) -> str:
    """The words of a list's label, without those that lead over to its marker: 「金融資產管理公司提供(②選①)」."""
    return _LABEL_TAIL.sub("", fold_words(label))


def fold_requirement(requirement: Requirement | None) -> Any:
    """The tree as plain values: a leaf is its words, a list a dict whose items are in an order of their own."""
    match requirement:
        case Paper() | Text():
            return _fold_leaf(requirement.text)
        case AllOf():
            return _fold_list("all_of", None, requirement.label, requirement.items)
        case Choose():
            return _fold_list("choose", requirement.n, requirement.label, requirement.items)
        case NoneRequired():
            return {"kind": "none"}
        case None:
            return None
        case _:
            assert_never(requirement)


@lru_cache(maxsize=1 << 14)
def _fold_leaf(text: str) -> str:
    return _JOINED.sub("", fold_words(_ASIDE.sub("", _NEW_MARK.sub("", fold_characters(text)))))


def _fold_list(
    kind: Literal["all_of", "choose"], n: int | None, label: str | None, items: Iterable[Requirement]
) -> Any:
    """The list's form; a list within a list of its kind, and a list of one, are form where no label names them."""
    words = fold_label(label) if label else ""
    forms: list[Any] = []
    folded = [fold_requirement(item) for item in items]
    for form in (_drop_label(folded[0], words), *folded[1:]) if folded else ():
        if (
            n in {None, 1}
            and isinstance(form, dict)
            and (form["kind"], form.get("n"), form.get("label")) == (kind, n, "")
        ):
            forms += form["items"]
        else:
            forms.append(form)
    if len(forms) == 1 and n in {None, 1} and not words:
        return forms[0]
    forms.sort(key=repr)
    return {"kind": kind, "n": n, "label": words, "items": forms}


def _drop_label(form: Any, words: str) -> Any:
    """The form of a list's first part without the list's label: 「银行主体:《金融许可证》或…」 has it in both."""
    if not words or not isinstance(form, str):
        return form
    return form.removeprefix(words).removeprefix("提供").removeprefix(":") or form


def _fold_lines(lines: Iterable[str]) -> str:
    return fold_words("\n".join(lines))


def _fold_scope(scope: str | None) -> str | None:
    return None if scope is None else _APPLIES.sub("", fold_words(scope))


def _fold_names(names: Iterable[str]) -> list[str]:
    return sorted(map(fold, names))


def _fold_services(services: Iterable[str]) -> list[str]:
    return sorted(map(fold_words, services))


def _fold_attributes(attributes: Iterable[Attribute]) -> list[list[str]]:
    return sorted([fold(column.name), fold_words(column.value)] for column in attributes)


def _fold_notes(notes: Iterable[Note]) -> list[str]:
    return sorted(fold_words(note.text) for note in notes)


def _fold_all_notes(stated: tuple[Iterable[Note], Requirement | None]) -> list[str]:
    notes, requirement = stated
    return sorted([*_fold_notes(notes), *map(fold_words, list_asides(requirement))])


def list_asides(requirement: Requirement | None) -> list[str]:
    """The notes that stand in brackets inside leaves: 「(注:点击可查看资质示例)」."""
    return [aside for leaf in iterate_leaves(requirement) for aside in _find_asides(leaf.text)]


@lru_cache(maxsize=1 << 14)
def _find_asides(text: str) -> tuple[str, ...]:
    return tuple(_ASIDE.findall(fold_characters(text)))


def _fold_references(references: Iterable[Reference]) -> list[list[str]]:
    """Role and targets; the condition is part of the note that the reference stands in."""
    return sorted(
        [reference.role or "", *sorted("›".join(map(fold, target)) for target in reference.targets)]
        for reference in references
    )


_Field = tuple[Callable[[Any], Any], Callable[[Any], Any]]
_BLOCKS: dict[str, dict[str, _Field]] = {
    "requirement": {
        "requirement": (attrgetter("requirement"), fold_requirement),
        "application": (attrgetter("application"), _fold_lines),
        "closed_beta": (attrgetter("closed_beta"), bool),
        "emails": (attrgetter("emails"), _fold_names),
        "notes (requirement)": (attrgetter("notes", "requirement"), _fold_all_notes),
        "references (requirement)": (attrgetter("references"), _fold_references),
    },
    "scope": {
        "scope": (attrgetter("scope"), _fold_scope),
        "unsupported": (attrgetter("unsupported"), _fold_services),
        "regions": (attrgetter("regions"), _fold_names),
        "notes (scope)": (attrgetter("notes"), _fold_notes),
        "references (scope)": (attrgetter("references"), _fold_references),
    },
    "attributes": {"attributes": (tuple, _fold_attributes)},
}
"""The blocks of a category, and of each its fields: what they are read from, and the form of that."""
