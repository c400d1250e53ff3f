"""Categories 類目: their path, their identity, and the two blocks of which a page states one, both or none."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from msgspec import Struct

from snapshots.folding import fold
from snapshots.requirement import Requirement

EntityType = Literal["personal", "non_personal", "overseas"]
"""Who applies 主體: 個人主體, 非個人主體, 境外主體; None on platforms that know no such thing."""

CategoryPath = tuple[str, ...]
"""The levels of a category, verbatim: ("金融業", "個人征信")."""

Where = Literal["requirement", "scope"]
ReferenceRole = Literal["also_needed", "choose", "choose_instead"]


class Note(Struct, frozen=True):
    """One numbered item of a note 注, without 注: and its enumerator, and the block that it stands in."""

    text: str
    where: Where


class Reference(Struct, frozen=True):
    """A 【…】 that points at other categories: 「若涉及…,需補充【公益-募捐服務】類目」."""

    text: str
    role: ReferenceRole | None
    targets: tuple[CategoryPath, ...]
    condition: str | None
    where: Where


class PaperMention(Struct, frozen=True):
    """A 《…》 of the requirement and the leaf that it stands in."""

    title: str
    text: str


class Attribute(Struct, frozen=True):
    """A column that has no field of its own (保证金, 类目状态)."""

    name: str
    value: str


class RequirementBlock(Struct, frozen=True, kw_only=True):
    """What must be handed in and how; stated and replaced as a whole.

    `doubts` are the codes of the problems on its lines: the tree may not be what the page means.
    """

    requirement: Requirement | None
    application: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()
    papers: tuple[PaperMention, ...] = ()
    closed_beta: bool = False
    emails: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class ScopeBlock(Struct, frozen=True, kw_only=True):
    """What the category is for 適用范圍, with its notes; stated and replaced as a whole."""

    scope: str | None
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()
    unsupported: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class Category(Struct, frozen=True, kw_only=True):
    """A category as it is in force; a block that nothing has stated is None."""

    platform: str
    entity_type: EntityType | None
    path: CategoryPath
    key: str
    requirement: RequirementBlock | None = None
    scope: ScopeBlock | None = None
    attributes: tuple[Attribute, ...] | None = None


@lru_cache(maxsize=1 << 14)
def category_key(platform: str, entity_type: EntityType | None, path: CategoryPath) -> str:
    """The identity of a category, equal for two spellings of one name.

    ("wechat-miniprogram", "non_personal", ("金融業", "個人征信")) is `wechat-miniprogram|non_personal|金融业›个人征信`.
    """
    return "|".join((platform, entity_type or "", "›".join(fold_level(level) for level in path)))


def fold_level(level: str) -> str:
    """One level of a path as it stands in a key."""
    return fold(level).replace("›", "-").replace("|", "-")
