"""The setting of a line in a notice: what the headings and sentences above it say of all that follows."""

from __future__ import annotations

from dataclasses import dataclass

from snapshots.category import CategoryPath, EntityType
from snapshots.notice import Action
from snapshots.period import StatedDate


@dataclass(frozen=True, slots=True)
class Setting:
    """The section's action, who applies, the category above those of a table, and the section's own dates.

    `in_section`: a heading has said the action, not only the notice's title.
    """

    action: Action | None = None
    entity_type: EntityType | None = None
    branch: CategoryPath = ()
    dates: tuple[StatedDate, ...] = ()
    in_section: bool = False
