"""Categories that are written on a page are read from it, whatever the page's layout."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.layouts import LAYOUTS, Layout
from benchmarks.made_categories import categories
from benchmarks.round_trips import try_round_trip


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_back(layout: Layout, data: st.DataObject) -> None:
    made = layout.choose(data.draw(categories(layout.form)))
    assert not made or try_round_trip(layout, made).differences == []
