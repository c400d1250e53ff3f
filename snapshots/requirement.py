"""Requirements 資質要求: a tree of what must be handed in."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct


class NoneRequired(Struct, frozen=True, kw_only=True, tag_field="type", tag="none"):
    """Stated: nothing is required (a `/` in a catalogue's cell). Not stated at all is `None`, never this."""


class AllOf(Struct, frozen=True, kw_only=True, tag_field="type", tag="all_of"):
    """All of the items 同時提供. `marker` is null where the page has none and the structure is implied."""

    label: str | None = None
    marker: str | None = None
    items: tuple[Requirement, ...]
    notes: tuple[str, ...] = ()


class Choose(Struct, frozen=True, kw_only=True, tag_field="type", tag="choose"):
    """`n` of the items N選n; `n` is the marker's number even where the count of items disagrees."""

    n: int
    label: str | None = None
    marker: str | None = None
    items: tuple[Requirement, ...]
    notes: tuple[str, ...] = ()


class Paper(Struct, frozen=True, kw_only=True, tag_field="type", tag="paper"):
    """A leaf that names one paper 《…》.

    「金融資產管理公司的《金融許可證》(業務范圍含“不良資產”等內容)」: `title` 金融許可證, `holder` 金融資產管理公司,
    `qualifier` 業務范圍含“不良資產”等內容; `count` as published (兩家或以上); `text` is the whole leaf, verbatim.
    """

    text: str
    title: str
    holder: str | None = None
    qualifier: str | None = None
    count: str | None = None
    label: str | None = None
    marked_new: bool = False
    notes: tuple[str, ...] = ()


class Text(Struct, frozen=True, kw_only=True, tag_field="type", tag="text"):
    """A leaf without 《…》, verbatim."""

    text: str
    label: str | None = None
    marked_new: bool = False
    notes: tuple[str, ...] = ()


Requirement = NoneRequired | AllOf | Choose | Paper | Text


def iterate_leaves(requirement: Requirement | None) -> Iterator[Paper | Text]:
    """The leaves of the tree, in page order."""
    match requirement:
        case Paper() | Text():
            yield requirement
        case AllOf(items=items) | Choose(items=items):
            for item in items:
                yield from iterate_leaves(item)
        case _:
            return
