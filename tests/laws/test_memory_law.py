"""What was read before leaves no trace: a page reads as it does in a process that has read nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pkgutil import walk_packages

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

import scraper
from benchmarks.bench import find_caches
from benchmarks.damages import KINDS, Source, split_pieces
from benchmarks.layouts import LAYOUTS, Layout
from benchmarks.made_categories import MadeCategory, categories
from benchmarks.round_trips import make_page
from scraper.parse import parse_page
from scraper.profile.profile import Profile, gather_profiles, load_profile
from snapshots.codec import encode_json
from snapshots.errors import PageRefusedError
from snapshots.notice import Action, Page


def read(page: Page, profile: Profile | None = None) -> bytes:
    """What the page says, or why it is refused, as it is printed."""
    try:
        return encode_json(parse_page(page, profile=profile))
    except PageRefusedError as error:
        return str(error).encode()


@pytest.fixture(scope="module")
def forget() -> Callable[[], None]:
    """Empties what is kept of earlier pages. What would be loaded when it is used is loaded before, with its caches."""
    for module in walk_packages(scraper.__path__, "scraper."):
        import_module(module.name)
    gather_profiles()
    caches = find_caches()

    def clear() -> None:
        for cache in caches:
            cache()

    return clear


def damage(page: Page, chance: random.Random) -> list[Page]:
    """The page, each time with another damage."""
    text = page.content.decode()
    is_html = page.name.endswith(".html")
    pieces = split_pieces(text, is_html=is_html)
    source = Source(text, is_html, pieces, pieces[:3])
    damaged = [kind(source, chance) for kind in KINDS.values()]
    return [structs.replace(page, content=one.text.encode()) for one in damaged if one is not None]


def move(made: MadeCategory) -> MadeCategory:
    """The same category in another section, for other applicants."""
    actions: dict[Action, Action] = {"added": "adjusted", "adjusted": "added"}
    return replace(made, action=actions.get(made.action, made.action), entity_type="overseas")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_a_page_reads_as_if_no_other_had_been_read(
    forget: Callable[[], None], layout: Layout, data: st.DataObject
) -> None:
    made = [layout.choose(data.draw(categories(layout.form))) for _ in range(2)]
    listed = (*made, made[0][1:], made[0] + made[1], list(map(move, made[0])))
    pages = [make_page(layout, some) for some in listed if some]
    pages += damage(pages[0], data.draw(st.randoms(use_true_random=False))) if pages else []
    forget()
    after_others = [read(page) for page in (*pages, *pages)][len(pages) :]
    for page, reading in zip(pages, after_others, strict=True):
        forget()
        assert reading == read(page)


CHANGES: tuple[dict[str, object], ...] = (
    {"columns": {"level2": ("二级分类",), "requirement": ("资质要求",), "remark": ("类目适用范围",)}},
    {"entity_types": {"personal": ("非个人主体",)}},
    {"sections": {"removed": ("类目新增",), "added": ("类目调整",)}},
    {"blocks": {"scope": ("现资质要求",), "requirement": ("类目适用范围",)}},
    {"chrome": ("适用于",)},
    {"path_levels": 4},
    {"places": {"names": ("潜水",)}},
    {"platform": "another"},
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@settings(max_examples=2, deadline=None)
@given(data=st.data())
def test_a_profile_that_was_changed_reads_as_if_it_were_the_first(
    forget: Callable[[], None], layout: Layout, data: st.DataObject
) -> None:
    made = layout.choose(data.draw(categories(layout.form)))
    page = make_page(layout, made) if made else None
    shipped = load_profile("wechat-miniprogram")
    for change in CHANGES if page else ():
        assert page is not None
        changed = structs.replace(shipped, **change)
        read(page, shipped)
        after_shipped = read(page, changed)
        forget()
        assert after_shipped == read(page, structs.replace(shipped, **change))
