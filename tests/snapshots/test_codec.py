"""JSON: what goes in comes out, and the same value has the same bytes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshots.category import Attribute, Note, PaperMention, Reference
from snapshots.codec import decode_json, encode_json
from snapshots.notice import Accounting, Before, Document, NoticeEntry, PageLabel, Problem, Reading, Scope
from snapshots.period import InForce, Period, StatedDate
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Text

words = st.text(st.characters(codec="utf-8"), max_size=6)
maybe = st.none() | words
leaves = st.one_of(
    st.builds(NoneRequired),
    st.builds(Paper, text=words, title=words, holder=maybe, qualifier=maybe, marked_new=st.booleans()),
    st.builds(Text, text=words, label=maybe, notes=st.lists(words, max_size=2).map(tuple)),
)
requirements = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(AllOf, marker=maybe, items=st.lists(inner, max_size=3).map(tuple)),
        st.builds(Choose, n=st.integers(0, 9), label=maybe, items=st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
paths = st.lists(words, max_size=3).map(tuple)
where = st.sampled_from(("requirement", "scope"))
notes = st.lists(st.builds(Note, text=words, where=where), max_size=2).map(tuple)
days = st.dates()
maybe_days = st.none() | days
stated_dates = st.builds(StatedDate, role=st.just("effective"), start=maybe_days, end=maybe_days, text=words)
references = st.builds(
    Reference, text=words, role=st.just("choose"), targets=st.tuples(paths), condition=maybe, where=where
)
problems = st.builds(Problem, line=st.integers(1), text=words, code=words, message=words)
entries = st.builds(
    NoticeEntry,
    action=st.sampled_from(("added", "renamed", "listed")),
    entity_type=st.sampled_from(("personal", None)),
    path=paths,
    key=words,
    targets=st.lists(paths, max_size=2).map(tuple),
    requirement=st.none() | requirements,
    scope=maybe,
    notes=notes,
    references=st.lists(references, max_size=1).map(tuple),
    papers=st.lists(st.builds(PaperMention, title=words, text=words), max_size=2).map(tuple),
    attributes=st.lists(st.builds(Attribute, name=words, value=words), max_size=2).map(tuple),
    dates=st.lists(stated_dates, max_size=1).map(tuple),
    closed_beta=st.booleans(),
    before=st.none() | st.builds(Before, requirement=st.none() | requirements, scope=maybe, notes=notes),
    lines=st.tuples(st.integers(1, 99), st.integers(1, 99)),
)
documents = st.builds(
    Document,
    kind=st.sampled_from(("notice", "catalogue", "listing")),
    title=maybe,
    platform=words,
    period=st.none() | st.builds(Period, days, days),
    published=st.none() | days,
    in_force=st.none() | st.builds(InForce, days, st.sampled_from(("effective", "captured"))),
    complete_for=st.lists(st.builds(Scope, entity_type=st.just("overseas"), under=paths), max_size=1).map(tuple),
    entries=st.lists(entries, max_size=2).map(tuple),
)
readings = st.builds(
    Reading,
    page=st.builds(PageLabel, name=words, sha256=words, encoding=words, captured=st.none() | days),
    documents=st.lists(documents, max_size=2).map(tuple),
    problems=st.lists(problems, max_size=1).map(tuple),
    accounting=st.just(Accounting(content_lines=1, claimed=1, unclaimed=0, outside_content=0)),
)


@settings(max_examples=150, deadline=None)
@given(readings, st.booleans())
def test_a_reading_survives_the_way_through_json(reading: Reading, indent: bool) -> None:
    encoded = encode_json(reading, indent=indent)
    decoded = decode_json(encoded, Reading)
    assert decoded == reading
    assert encode_json(decoded, indent=indent) == encoded


def test_text_stands_verbatim_and_keys_in_the_order_of_the_type() -> None:
    encoded = encode_json(InForce(dt.date(2025, 3, 31), "effective"))
    assert encoded == b'{\n  "date": "2025-03-31",\n  "basis": "effective"\n}'
    assert encode_json({"z": "資質", "a": None}, indent=False) == '{"z":"資質","a":null}'.encode()


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"date": "2025-13-01", "basis": "effective"}', b'{"date": 1}', b"\xff"]
)
def test_what_is_no_such_value_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_json(content, InForce)
