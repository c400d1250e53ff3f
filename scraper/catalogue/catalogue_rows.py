"""The rows of a catalogue's tables to entries, and which of its branches were read to the last row."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from msgspec import structs

from scraper.catalogue.known_rows import Place, find_place, keep_entries, recall_entries
from scraper.ledger import Ledger
from scraper.notice.entries import EntryDraft, build_entry
from scraper.page.lines import Line
from scraper.profile.profile import CatalogueWords, Column, Profile
from scraper.tables.cell_kinds import contradicts
from scraper.tables.tables import Row, Table, lower_levels
from snapshots.category import Attribute, CategoryPath, EntityType
from snapshots.notice import NoticeEntry, Problem, Scope
from snapshots.requirement import NoneRequired

_LEVELS: tuple[Column, ...] = ("level1", "level2", "level3")
_READ: frozenset[Column] = frozenset({*_LEVELS, "entity_type", "requirement", "scope", "remark"})
"""The columns whose cells have a place in an entry, whatever they say."""
_SENTENCE = re.compile(r"[。,;:!?]")
_LONGEST_NAME = 30

Branch = tuple[EntityType | None, str | None]
"""An entity type and a level 1."""


class RowReader:
    """Makes an entry of each row, under the entity type and the level 1 that are open."""

    def __init__(self, profile: Profile, words: CatalogueWords, ledger: Ledger) -> None:
        self._profile = profile
        self._words = words
        self._ledger = ledger
        self._entity_type: EntityType | None = None
        self._level1: str | None = None
        self.has_read_type = False  # whether there was a row since the entity type was opened
        self._is_astray = False  # nothing says under which headings the rows stand
        self._branches: dict[Branch, bool] = {}  # whether each was read to the last row
        self.entries: list[NoticeEntry] = []
        self.has_untyped = False  # whether a row stands where neither a heading nor a column says who may apply

    def open_entity_type(self, entity_type: EntityType | None) -> None:
        """Let the rows from here on be of this entity type."""
        self._entity_type, self._level1 = entity_type, None
        self.has_read_type = self._is_astray = False

    def open_level1(self, name: str | None) -> None:
        """Let the rows from here on stand below this level 1.

        Where it has come before, the heading of the next entity type is lost, and nothing says whose the rows are.
        """
        self._level1 = name
        self._is_astray = self._is_astray or (name is not None and self.branch in self._branches)

    @property
    def branch(self) -> Branch:
        """The branch that is open."""
        return self._entity_type, self._level1

    def lose_branch(self, branch: Branch) -> None:
        """Note that rows of the branch could not be read."""
        self._branches[branch] = False

    def list_scopes(self) -> tuple[Scope, ...]:
        """What the page lists completely: an entity type, or those branches of one of which every row was read.

        What a row that was not understood names is not gone, so a catalogue with such a row is complete only for its
        other branches. On a platform that knows entity types, rows that state none make nothing complete.
        """
        known = dict.fromkeys(entity_type for entity_type, _ in self._branches)
        scopes: list[Scope] = []
        for entity_type in known:
            if entity_type is None and self._profile.entity_types:
                continue
            branches = {name: whole for (owner, name), whole in self._branches.items() if owner == entity_type}
            if all(branches.values()):
                scopes.append(Scope(entity_type=entity_type))
            elif branches.get(None, True):
                scopes += [
                    Scope(entity_type=entity_type, under=(name,)) for name, whole in branches.items() if whole and name
                ]
        return tuple(scopes)

    def read_table(self, table: Table, torn: Collection[int]) -> None:
        """Read the rows of a table; `torn` are those inside which stand lines that are no longer theirs."""
        self.has_read_type = self.has_read_type or bool(table.rows)
        if self._level1 is not None:
            table = lower_levels(table, self._profile)
        outer, was_astray = self._level1, self._is_astray
        # A `/` for level 2 may say that the category is level 1 itself, but not beside others that have one.
        has_names = outer is not None and any(row.name_in("level2") for row in table.rows)
        names = set(table.columns.values())
        # Where a table says `/` for none, an empty cell has lost its words.
        says_none = any(line.text == "/" for row in table.rows for line in row.own)
        place = self._find_place(table, torn, says_none=says_none, has_names=has_names)
        for row in table.rows:
            entries = None if place is None or self._is_astray else recall_entries(place, row.words, row.lines)
            if entries is not None:
                self._take_known(row, entries, names)
                continue
            told, before = self._ledger.told, len(self.entries)
            if not row.own:
                self._add(row, "unnamed-row", "the row has lost all its cells but those that cover it from above")
                self.lose_branch(self.branch)
            elif row.is_section:
                self._read_section(row, has_level1="level1" in names or outer is not None)
                place = self._find_place(table, torn, says_none=says_none, has_names=has_names)
            elif row.own[0].cell is not None and row.own[0].cell.row in torn:
                self._report(row, "torn-row", "another table stands inside the row; what it belongs to is not known")
            elif self._is_astray:
                self._report(
                    row, "stray-row", "a heading above is lost or not understood; where the row belongs is not known"
                )
            elif row.is_short or _has_moved(row) or (has_names and _lacks_name(row)):
                self._report(row, "short-row", "the row has lost cells; which ones, the page does not tell")
            else:
                self._read_row(row, names, says_none=says_none)
                is_sound = self._ledger.told == told and not row.before and _READ.issuperset(row.cells)
                if place is not None and is_sound:
                    keep_entries(place, row.words, tuple(self.entries[before:]))
        self._level1, self._is_astray = outer, was_astray

    def _find_place(self, table: Table, torn: Collection[int], *, says_none: bool, has_names: bool) -> Place | None:
        """Where the next rows stand; None where each must be read: to explain its lines, or because some are torn."""
        if torn or self._ledger.roles is not None:
            return None
        return find_place(
            self._profile, table, self._entity_type, self._level1, says_none=says_none, has_names=has_names
        )

    def _take_known(self, row: Row, entries: Sequence[NoticeEntry], names: set[Column]) -> None:
        """Take the entries of a row that was read before."""
        self._ledger.claim_all(row.lines, "row")
        self.has_untyped = self.has_untyped or ("entity_type" not in names and self._entity_type is None)
        self._branches.setdefault((self._entity_type, entries[0].path[0]), True)
        for entry in entries:
            self._branches.setdefault((entry.entity_type, entry.path[0]), True)
        self.entries += entries

    def _read_section(self, row: Row, *, has_level1: bool) -> None:
        """A cell over all columns: the name of level 1 for the rows below it, where no other place names it."""
        line = row.own[0]
        place = self._words.find_level1(line.folded)
        if not has_level1 and len(row.lines) == 1 and place is not None and is_name(line):
            self._ledger.claim(line, "heading")
            self._level1 = line.text[place[0] : place[1]].strip()
            return
        self._report(
            row, "unknown-row", "one cell covers all columns; what it is for is not known", is_lost=is_name(line)
        )
        self._is_astray = self._is_astray or is_name(line)

    def _report(self, row: Row, code: str, message: str, *, is_lost: bool = True) -> None:
        """Make the row one problem; `is_lost`: it may have been a category."""
        for line in row.own:
            self._ledger.claim(line, "problem")
        text = " | ".join(line.text for line in row.own)
        self._ledger.add(Problem(line=row.own[0].number, text=text, code=code, message=message))
        if is_lost:
            self.lose_branch(self.branch)

    def _read_row(self, row: Row, names: set[Column], *, says_none: bool) -> None:
        outer = None if "level1" in names else self._level1
        levels = (outer, *(row.name_in(level) for level in _LEVELS))
        path = tuple(name for name in levels if name)
        needed = [level for level in (_LEVELS if says_none else _LEVELS[:2]) if level in names]
        is_whole = all(row.cells.get(level) or _covers(row, level) for level in needed) and (outer or "level1" in names)
        if not path or not is_whole:
            self._report(row, "unnamed-row", "the row has lost its category's name")
            return
        for level in (*_LEVELS, "entity_type"):
            for line in row.cells.get(level, ()):
                self._ledger.claim(line, "path")
        self._branches.setdefault((self._entity_type, path[0]), True)
        blocks: tuple[Column, ...] = ("scope", "remark")
        for block in blocks:
            if says_none and block in names and not row.cells.get(block):
                self._add(row, "empty-cell", "a cell of the row is empty, where others say `/`; what it said is lost")
        for entity_type in self._read_entity_types(row, names):
            self._branches.setdefault((entity_type, path[0]), True)
            self.entries.append(self._build_entry(entity_type, path, row))

    def _read_entity_types(self, row: Row, names: set[Column]) -> Sequence[EntityType | None]:
        if "entity_type" not in names:
            self.has_untyped = self.has_untyped or self._entity_type is None
            return [self._entity_type]
        cell = row.cells.get("entity_type", [])
        found = find_entity_types("".join(line.folded for line in cell), self._profile)
        if not found:
            line = (cell or row.lines)[0]
            self._ledger.report(line, "no-entity-type", "the row does not say who may apply")
        return found or [None]

    def _build_entry(self, entity_type: EntityType | None, path: CategoryPath, row: Row) -> NoticeEntry:
        named = row.cells
        numbers = [line.number for line in row.lines]
        draft = EntryDraft(
            opening=tuple(row.lines),
            action="listed",
            entity_type=entity_type,
            path=path,
            first=min(numbers),
            last=max(numbers),
            requirement=named.get("requirement"),
            scope=[line for line in named.get("scope", ()) if line.text != "/"],
            remarks=[line for line in named.get("remark", ()) if line.text != "/"],
        )
        blocks: tuple[Column, ...] = ("scope", "remark")
        for block in blocks:
            for line in named.get(block, ()):
                self._ledger.claim(line, block)
        entry = build_entry(draft, self._profile, self._ledger)
        if not named.get("requirement"):
            if self._words.empty_requirement == "none":
                entry = structs.replace(entry, requirement=NoneRequired())
            else:
                self._add(row, "empty-requirement", "the cell of the requirement is empty; what is asked for is lost")
        return structs.replace(entry, attributes=self._read_attributes(row))

    def _read_attributes(self, row: Row) -> tuple[Attribute, ...]:
        attributes = []
        for name, cell in row.others.items():
            if name:
                attributes.append(Attribute(name=name, value="\n".join(line.text for line in cell)))
                for line in cell:
                    self._ledger.claim(line, "attribute")
            else:
                for line in cell:
                    self._ledger.report(line, "unknown-column", "the cell stands below no header")
        return tuple(attributes)

    def _add(self, row: Row, code: str, message: str) -> None:
        line = (row.own or row.lines)[0]
        self._ledger.add(Problem(line=line.number, text=line.text, code=code, message=message))


def _has_moved(row: Row) -> bool:
    """Whether a cell stands in a column that it cannot be of."""
    return any(contradicts("\n".join(line.folded for line in cell), name) for name, cell in row.cells.items() if cell)


def _lacks_name(row: Row) -> bool:
    """Whether the row says `/` for its level 2."""
    return bool(row.cells.get("level2")) and row.name_in("level2") is None


def _covers(row: Row, level: Column) -> bool:
    """Whether the name of the level above stands over the column of this one too."""
    above = row.cells.get(_LEVELS[_LEVELS.index(level) - 1], ()) if level != _LEVELS[0] else ()
    return any(line.cell is not None and line.cell.columns > 1 for line in above)


def find_entity_types(folded: str, profile: Profile) -> list[EntityType]:
    """The entity types that the words name; 「非个人主体」 holds 个人主体, so the longest spelling is read first."""
    spellings = [(spelling, name) for name, all_ in profile.entity_types.items() for spelling in all_]
    found: dict[EntityType, None] = {}
    for spelling, name in sorted(spellings, key=lambda pair: -len(pair[0])):
        if spelling in folded:
            found[name] = None
            folded = folded.replace(spelling, " ")
    return list(found)


def is_name(line: Line) -> bool:
    """Whether the line could name a category: short, and no sentence."""
    return len(line.folded) <= _LONGEST_NAME and not _SENTENCE.search(line.folded)
