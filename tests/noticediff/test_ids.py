"""Ids by their first digits."""

from __future__ import annotations

import pytest

from noticediff.ids import match_id
from snapshots.errors import UsageError

IDS = ("3f9a01c2b4de", "3f9a77c2b4de", "90ab00000000", "3f11", "3f9")


def match(wanted: str) -> str:
    return match_id(wanted, IDS, what="finding", where="a list names them")


def test_the_first_digits_are_enough_where_one_id_alone_begins_so() -> None:
    assert match("9") == "90ab00000000"
    assert match("3F9A0") == "3f9a01c2b4de"


def test_a_whole_id_is_meant_also_where_others_begin_with_it() -> None:
    assert match("3f9") == "3f9"


def test_several_that_begin_so_are_named_in_one_line() -> None:
    with pytest.raises(UsageError) as error:
        match("3f")
    assert str(error.value) == ("'3f' begins 4 ids: 3f11, 3f9, 3f9a01c2b4de, 3f9a77c2b4de; write more digits of one")


@pytest.mark.parametrize("wanted", ["", "zz", "f9a0"])
def test_none_that_begins_so_is_said_with_where_they_stand(wanted: str) -> None:
    with pytest.raises(UsageError, match=f"no finding '{wanted}' is known.*a list names them"):
        match(wanted)


def test_a_misspelled_id_is_told_with_what_is_near() -> None:
    with pytest.raises(UsageError, match="near it: 3f9a01c2b4de"):
        match("3f9a01c2b4dd")
