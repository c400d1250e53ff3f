"""Layout: a requirement as it is drawn, with what pages write in two ways written in one.

A note in brackets 「（注：…）」 at the end of a leaf is drawn like one on a line of its own, and a label that a list's
head and its first leaf repeat is said once. Nothing else of the page's words is touched.
"""

from __future__ import annotations

import re

from msgspec import structs

from snapshots.folding import fold_characters
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

_NOTE = re.compile(r"\s*[（(][注註][：:](?P<words>(?:[^（）()]|[（(][^（）()]*[）)])*)[）)]")
_LABEL_END = re.compile(r"\s*[:,]\s*")


def lay_out(requirement: Requirement) -> Requirement:
    """The requirement as it is drawn."""
    match requirement:
        case AllOf(items=items) | Choose(items=items):
            first = _drop_label(items[0], requirement.label) if items else ()
            rest = items[1:] if items else ()
            return structs.replace(requirement, items=tuple(map(lay_out, (*first, *rest))))
        case Paper() | Text():
            return _part_notes(requirement)
        case NoneRequired():
            return requirement


def drop_notes(text: str) -> str:
    """The words of a leaf without the notes in brackets among them."""
    return _NOTE.sub("", text).strip()


def _drop_label(item: Requirement, label: str | None) -> tuple[Requirement]:
    """The first item without the label of its head: 「公立醫療主體提供」 over 「公立醫療主體提供:《…》」."""
    if not label or not isinstance(item, Paper | Text):
        return (item,)
    folded, start = fold_characters(item.text), fold_characters(label)
    end = _LABEL_END.match(folded, len(start)) if folded.startswith(start) else None
    text = "" if end is None else item.text[end.end() :]
    return (structs.replace(item, text=text),) if text else (item,)


def _part_notes(leaf: Paper | Text) -> Paper | Text:
    """The leaf with the notes in its words among its notes; a leaf that is nothing but a note stays whole."""
    notes = [match["words"].strip() for match in _NOTE.finditer(leaf.text)]
    text = drop_notes(leaf.text)
    return structs.replace(leaf, text=text, notes=(*notes, *leaf.notes)) if notes and text else leaf
