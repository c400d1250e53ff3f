"""Papers by name: aliases of one paper, pairs that are never one, and the words for the applicant. Data, not code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from snapshots.errors import UsageError
from snapshots.folding import fold


class PaperNames(Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """What is known of the names of papers: 「承诺书」 is 《小程序开发者承诺函》."""

    aliases: tuple[tuple[str, ...], ...] = ()
    never: tuple[tuple[str, str], ...] = ()
    applicant: tuple[str, ...] = ()


@cache
def load_names() -> PaperNames:
    """The names that ship with the program."""
    text = (resources.files("differ") / "verdict" / "papers.toml").read_text(encoding="utf-8")
    return build_names(msgspec.convert(tomllib.loads(text), PaperNames))


def build_names(names: PaperNames) -> PaperNames:
    """The names, checked; raises UsageError where two that are never one paper are one by their aliases."""
    for first, second in names.never:
        if find_name(first, names) == find_name(second, names):
            raise UsageError(f"the aliases make one paper of 《{first}》 and 《{second}》, which are never one")
    return names


def find_name(name: str, names: PaperNames) -> str:
    """The folded name under which a paper is known: that of the first alias, or its own."""
    return _canonical_names(names).get(fold(name), fold(name))


def is_applicant(holder: str, names: PaperNames) -> bool:
    """Whether the holder is who applies: 「小程序主体的《营业执照》」 is their own 《营业执照》."""
    return fold(holder) in _applicant_words(names)


@cache
def _applicant_words(names: PaperNames) -> frozenset[str]:
    return frozenset(map(fold, names.applicant))


@cache
def _canonical_names(names: PaperNames) -> dict[str, str]:
    """Each alias with the first name of its group; groups that share a name are one."""
    found: dict[str, str] = {}
    for group in names.aliases:
        folded = [fold(name) for name in group]
        first = next((found[name] for name in folded if name in found), folded[0])
        joined = {found.get(name, name) for name in folded}
        found |= {name: first for name, old in found.items() if old in joined}
        found |= dict.fromkeys(folded, first)
    return found
