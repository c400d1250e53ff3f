"""Where the rows and cells of a table end whose cells were pasted one below the other.

Nothing in such a text says where a row ends. All ways to cut its lines into rows of the table's columns are weighed at
once: each cell must be what its column holds, and a line that finds no place costs. The borders that all the best ways
share are certain; lines between two of them that the ways cut differently are no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.profile.profile import Column
from scraper.requirement.enumerators import read_enumerator
from scraper.tables.cell_kinds import BLOCKS, LEVELS, find_kinds

_PAPER = re.compile(r"证|书|件|批文|协议|备案|许可|资质|授权|截图|函|执照|合同|报告|材料")
_LONGEST_CELL = 80
_EMPTY_COST, _LINE_COST = 1, 10
_FAR = 10**9


@dataclass(frozen=True, slots=True)
class Cut:
    """Lines that are a row, with the borders of its cells; or lines that are none, with their two borders."""

    borders: tuple[int, ...]
    is_row: bool


def find_cuts(words: Sequence[str], roles: Sequence[Column]) -> Iterator[Cut]:
    """The rows of the table, and between them the lines that are none, in order; `words` are folded."""
    edges = _list_edges(words, roles)
    forward, backward = _weigh(words, edges, len(roles))
    best = forward[len(words)][0]
    certain = _find_certain(edges, forward, backward, best)
    start = 0
    while start < len(words):
        row = _follow_row(start, edges, certain, len(roles))
        if row is not None:
            yield Cut(row, is_row=True)
            start = row[-1]
            continue
        end = start + 1
        while end < len(words) and not (certain.get(end) == 0 and _follow_row(end, edges, certain, len(roles))):
            end += 1
        yield Cut((start, end), is_row=False)
        start = end


_Node = tuple[int, int]
"""A border before the line of that place, at which a cell of that column begins."""


def _list_edges(words: Sequence[str], roles: Sequence[Column]) -> dict[_Node, list[int]]:
    """For each place and column, where a cell that begins there may end."""
    first_level = next((column for column, role in enumerate(roles) if role in LEVELS), -1)
    return {
        (place, column): list(_cell_ends(words, place, role, may_be_slash=column != first_level))
        for place in range(len(words))
        for column, role in enumerate(roles)
    }


def _weigh(words: Sequence[str], edges: dict[_Node, list[int]], width: int) -> tuple[list[list[int]], list[list[int]]]:
    """What it costs at least to come to each border from the first line, and to go on from it to the last."""
    size = len(words)
    costs = [_LINE_COST if line else _EMPTY_COST for line in words]
    forward = [[_FAR] * width for _ in range(size + 1)]
    backward = [[_FAR] * width for _ in range(size + 1)]
    forward[0][0] = backward[size][0] = 0
    for place in range(size):
        for column in range(width):
            cost = forward[place][column]
            following = (column + 1) % width
            for end in edges[place, column] if cost < _FAR else ():
                forward[end][following] = min(forward[end][following], cost)
        forward[place + 1][0] = min(forward[place + 1][0], forward[place][0] + costs[place])
    for place in range(size - 1, -1, -1):
        for column in range(width):
            following = (column + 1) % width
            backward[place][column] = min((backward[end][following] for end in edges[place, column]), default=_FAR)
        backward[place][0] = min(backward[place][0], backward[place + 1][0] + costs[place])
    return forward, backward


def _find_certain(
    edges: dict[_Node, list[int]], forward: list[list[int]], backward: list[list[int]], best: int
) -> dict[int, int]:
    """The borders through which all the best ways go, each with the column that begins there."""
    size, width = len(forward) - 1, len(forward[0])
    on_way: dict[int, list[int]] = {}
    jumped = [0] * (size + 2)
    for place in range(size + 1):
        for column in range(width):
            if forward[place][column] + backward[place][column] != best:
                continue
            on_way.setdefault(place, []).append(column)
            for end in edges.get((place, column), ()):
                if forward[place][column] + backward[end][(column + 1) % width] == best:
                    jumped[place + 1] += 1
                    jumped[end] -= 1
    certain, open_jumps = {}, 0
    for place in range(size + 1):
        open_jumps += jumped[place]
        if open_jumps == 0 and len(on_way.get(place, ())) == 1:
            certain[place] = on_way[place][0]
    return certain


def _follow_row(
    start: int, edges: dict[_Node, list[int]], certain: dict[int, int], width: int
) -> tuple[int, ...] | None:
    """The borders of the row that begins here, where each of them is certain."""
    borders = [start]
    for column in range(width):
        place = borders[-1]
        if certain.get(place) != column:
            return None
        ends = [end for end in edges.get((place, column), ()) if certain.get(end) == (column + 1) % width]
        if len(ends) != 1 or any(between in certain for between in range(place + 1, ends[0])):
            return None
        borders.append(ends[0])
    return tuple(borders)


def _cell_ends(words: Sequence[str], start: int, role: Column, *, may_be_slash: bool) -> Iterator[int]:
    """Where a cell of the column may end that begins at this line; an empty line alone is a cell too."""
    line = words[start]
    if not line or (line == "/" and role != "scope" and may_be_slash):
        yield start + 1
    if role == "requirement":
        yield from _requirement_ends(words, start if line else start + 1)
    elif line and line != "/" and (_may_begin(line, role) if role in BLOCKS else _may_name(line, role)):
        yield from _extend(words, start, role) if role in BLOCKS else (start + 1,)


def _requirement_ends(words: Sequence[str], start: int) -> Iterator[int]:
    """Where a requirement may end; an empty line may stand before it (`start` is behind that) and after it."""
    if start < len(words) and words[start] not in ("", "/") and _may_begin(words[start], "requirement"):
        for end in _extend(words, start, "requirement"):
            yield end
            if end < len(words) and not words[end]:
                yield end + 1


def _extend(words: Sequence[str], start: int, role: Column) -> Iterator[int]:
    """Where a cell of several lines may end; not behind a line that leads to another 「注:」."""
    end = start + 1
    while True:
        if not words[end - 1].endswith(":"):
            yield end
        if end == len(words) or end - start > _LONGEST_CELL or not _goes_on(words[end], role):
            return
        end += 1


def _may_name(line: str, role: Column) -> bool:
    """Whether the line may stand in a column that holds no text: a number is no name, and only a number counts rows."""
    if role in LEVELS:
        return role in find_kinds(line) and not line.isdecimal()
    return role != "ordinal" or line.isdecimal()


def _may_begin(line: str, role: Column) -> bool:
    """Whether a requirement, a scope or a remark may begin with the line; what could be a name is none of them."""
    kinds = find_kinds(line)
    if role not in kinds:
        return False
    if role == "requirement":
        return not kinds & LEVELS or _PAPER.search(line) is not None
    if kinds & LEVELS or line.startswith("注"):
        return False  # lines from 注 on are the scope's
    enumerator = read_enumerator(line)
    return role == "scope" or enumerator is None or enumerator.number == 1


def _goes_on(line: str, role: Column) -> bool:
    """Whether a line may stand below the first of its cell."""
    if not line or line == "/":
        return False
    kinds = find_kinds(line)
    if role == "requirement":
        return role in kinds and (not kinds & LEVELS or line.endswith(":"))
    if kinds == {"scope"}:
        return role == "scope" and read_enumerator(line) is not None
    return not kinds & LEVELS and kinds != {"requirement"}
