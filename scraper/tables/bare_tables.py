"""Tables that a copy has turned to one line for a line of a cell, without any sign between the cells.

「政务民生 / -信用 / (2选1): / 1、… / 适用于… / 注:…」 is a row of 类目 | 现资质要求 | 类目适用范围. Empty lines tell
nothing: copies drop and add them. Only the words tell where a cell ends, and a row in which they do not is one that has
lost its cells' borders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import structs

from scraper.page.lines import Cell, Line
from scraper.profile.profile import Profile
from scraper.requirement.enumerators import read_enumerator
from scraper.requirement.markers import find_marker
from scraper.requirement.note_runs import read_note
from scraper.tables.columns import LONGEST, NAMES, TEXTS, Heading, is_known, read_heading
from scraper.tables.fitting import is_name
from scraper.tables.placing import Piece, Placer, RawRow

_SCOPE = re.compile(r"(?:仅|不|也)?适用")
_MORE_SCOPE = re.compile(r"(?:不)?(?:包括|包含|含)|如[::]|暂不支持")
_TWO_LEVELS = re.compile(r"[^-–—:(]*[\u4e00-\u9fff][^-–—:(]*\s*[-–—]{1,2}\s*(?=[^-–—]*[\u4e00-\u9fff])[^-–—]+")
_DASH_FIRST = re.compile(r"[-–—]{1,2}\s*(?=\S)")
_DASH_LAST = re.compile(r"\S\s*[-–—]{1,2}$")
_ENDED = re.compile(r"[。!]$")
_SHORT = 12


def read_bare_table(
    lines: Sequence[Line], place: int, profile: Profile, is_frame: Callable[[Line], bool]
) -> tuple[list[Line], int]:
    """The lines of the table whose header begins at the place, with their cells, and where the page goes on."""
    if len(lines[place].folded) > LONGEST:
        return [], place
    headings: list[Heading] = []
    after = place
    while after < len(lines) and lines[after].cell is None and "|" not in lines[after].text:
        heading = read_heading(lines[after].text, lines[after].folded, profile)
        if heading.column is None:
            break
        headings.append(heading)
        after += 1
    if not is_known(headings):
        return [], place
    header = [structs.replace(lines[place + at], cell=Cell(0, 0, at, 1, 1, header=True)) for at in range(len(headings))]
    segmenter = _Segmenter(headings)
    while after < len(lines) and not is_frame(lines[after]) and lines[after].cell is None:
        if not segmenter.read(lines, after):
            break
        after += 1
    rows = segmenter.finish()
    return [*header, *Placer(headings, profile).place(rows, first_row=1)], after


class _Segmenter:
    """Parts the lines below the header into rows and cells: names, then the requirement, then the scope."""

    def __init__(self, headings: Sequence[Heading]) -> None:
        columns = [heading.column for heading in headings]
        names = [column for column in columns if column in NAMES]
        texts = [column for column in columns if column in TEXTS]
        self._names = len(names)
        self._is_path = names == ["path"]
        self._has_requirement = "requirement" in texts
        self._has_scope = "scope" in texts
        # Two requirements in a row, or a cell that is neither a name nor a text, have no border that words could show.
        self._is_readable = columns == [*names, *texts] and len(texts) == len(set(texts)) and bool(texts)
        self._rows: list[RawRow] = []
        self._open: list[list[Line]] = []  # the cells of the row that is being read
        self._state = "lost"  # name, requirement, scope, or lost: nothing tells which cell the line is of

    def read(self, lines: Sequence[Line], place: int) -> bool:
        """Take the next line; False where it cannot be part of the table."""
        line = lines[place]
        length = self._name_length(lines, place) if self._state != "name" else 0
        if not self._is_readable:
            if not self._open and _ENDED.search(line.folded):
                return False
            self._open.append([line])
        elif self._state == "name" and self._goes_on_with_name(line):
            self._add_name(line)
        elif length:
            self._close()
            self._state = "name"
            self._add_name(line)
        else:
            if self._state == "requirement" and self._begins_anew(lines, place):
                self._state = "lost"  # a second list is that of a row whose name was lost
            return self._read_text(line)
        return True

    def _begins_anew(self, lines: Sequence[Line], place: int) -> bool:
        """Whether a list begins with a bare marker and counts in the style of the one in the open cell."""
        first, *items = self._open[-1]
        opening, again = find_marker(first.folded), find_marker(lines[place].folded)
        if opening is None or again is None or again.start or not items or place + 1 == len(lines):
            return False  # 「自营,同时提供:」 is a list in the list
        old, new = read_enumerator(items[0].folded), read_enumerator(lines[place + 1].folded)
        return old is not None and new is not None and (old.style, old.number) == (new.style, new.number)

    def finish(self) -> list[RawRow]:
        """The rows of the table."""
        self._close()
        return self._rows

    def _name_length(self, lines: Sequence[Line], place: int) -> int:
        """How many lines the name takes that begins here; 0 where none does."""
        folded = lines[place].folded
        if not is_name(folded) or _SCOPE.match(folded) or read_note(folded) is not None:
            return 0
        if self._is_path:
            if _TWO_LEVELS.fullmatch(folded):
                return 1
            following = lines[place + 1].folded if place + 1 < len(lines) else ""
            is_split = _DASH_LAST.search(folded) or _DASH_FIRST.match(following)
            return 2 if is_split and is_name(following) and not _DASH_FIRST.match(folded) else 0
        is_free = not self._open or self._state == "scope" or (self._state == "requirement" and not self._has_scope)
        return 1 if is_free and find_marker(folded) is None and not _ENDED.search(folded) else 0

    def _goes_on_with_name(self, line: Line) -> bool:
        folded = line.folded
        if self._is_path:
            name = self._open[0][-1].folded
            return not _TWO_LEVELS.fullmatch(name) and bool(_DASH_LAST.search(name) or _DASH_FIRST.match(folded))
        return (
            len(self._open) < self._names
            and is_name(folded)
            and not _SCOPE.match(folded)
            and find_marker(folded) is None
        )

    def _add_name(self, line: Line) -> None:
        if self._is_path and self._open:
            self._open[0].append(line)
        else:
            self._open.append([line])

    def _read_text(self, line: Line) -> bool:
        folded = line.folded
        if self._state == "scope":
            is_scope = bool(_SCOPE.match(folded) or _MORE_SCOPE.match(folded) or read_enumerator(folded))
            is_scope = is_scope or read_note(folded) is not None or folded == "/"
            if not is_scope and (find_marker(folded) or "《" in folded or (is_name(folded) and len(folded) <= _SHORT)):
                self._close()  # a row whose name is lost
                self._open, self._state = [[line]], "lost"
                return True
            if not is_scope and _ENDED.search(self._open[-1][-1].folded):
                return False
            self._open[-1].append(line)
        elif self._state == "lost":
            if not self._open and _ENDED.search(folded):
                return False
            self._open.append([line])
        elif self._has_scope and _SCOPE.match(folded):
            self._state = "scope"
            self._open.append([line])
        elif self._state == "requirement" and _SCOPE.match(folded):
            self._state = "lost"  # the header may have lost the column that this line is of
            self._open.append([line])
        elif self._state == "requirement":
            self._open[-1].append(line)
        else:
            # A text that is no scope, where there is no other column: the header may have lost one.
            self._state = "requirement" if self._has_requirement else "lost"
            self._open.append([line])
        return True

    def _close(self) -> None:
        if self._open:
            is_lost = self._state in ("lost", "name") or (self._has_scope and self._state != "scope")
            self._rows.append(RawRow(tuple(Piece(tuple(cell)) for cell in self._open), is_lost=is_lost))
        self._open = []
