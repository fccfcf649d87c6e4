"""Lists of ids: one canonical text for every way of writing them, and a fault where a text may be one or several."""

from __future__ import annotations

import json
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.values.lists import parse_ids
from influence_graph.model.records import LIST_SEPARATOR

GOOD = st.text(st.characters(categories=["L", "N"], exclude_characters="ㅤᅟᅠﾠ"), min_size=1, max_size=6)
MARKED = st.tuples(GOOD, st.sampled_from(["", ",", ";", ", x", "[deleted]", "[1,2]"])).map("".join)


def one(text: str, prefix: str = ""):
    parsed = parse_ids(pa.array([text.encode()], pa.binary()), prefix)
    return parsed.faults[0].reason if parsed.faults else parsed.values[0].as_py()


@given(st.lists(MARKED, min_size=1, max_size=5))
def test_every_way_of_writing_a_list_is_one_text_which_stays_as_it_is(ids: list[str]) -> None:
    expected = sorted({unicodedata.normalize("NFC", value) for value in ids})
    found = one(LIST_SEPARATOR.join([*ids, *ids, ""]))
    assert [value for value in found.split(LIST_SEPARATOR) if value] == expected
    assert one(found) == found
    assert one(json.dumps(ids)) == found
    assert parse_ids(pa.array([ids, None, []], pa.list_(pa.string()))).values.to_pylist() == [found, None, None]
    assert parse_ids(pa.array([ids], pa.large_list(pa.large_string()))).values.to_pylist() == [found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("scarf", "scarf"),
        ("scarf|hat", "hat|scarf"),
        ("scarf,hat|", "scarf,hat|"),
        ("|", None),
        ('["scarf", "hat, red", 3, null]', "3|hat, red|scarf"),
        ('["hat, red"]', "hat, red|"),
        ("[]", None),
        ("scarf,hat", "is one id or several"),
        ("scarf; hat", "is one id or several"),
        ("['scarf', 'hat']", "is no JSON list"),
        ("[deleted]", "is no JSON list"),
        ("[deleted]|", "[deleted]|"),
        ('["a|b"]', "has an id that contains |, which joins lists of ids"),
        ('["\\ud800"]', "is not UTF-8 text"),
        ("[1.5]", "is a list of other things than ids"),
        ("[true]", "is a list of other things than ids"),
        ('[["a"]]', "is a list of other things than ids"),
        ("a|\u200b", "contains ZERO WIDTH SPACE U+200B"),
    ],
)
def test_known_lists(text: str, expected: str | None) -> None:
    assert one(text) == expected


def test_the_remedy_of_a_comma_shows_both_ways_of_writing_it() -> None:
    fault = parse_ids(pa.array([b"scarf, hat"], pa.binary())).faults[0]
    assert fault.remedy == 'write "scarf|hat"; one id is written "scarf, hat|"'


def test_every_id_of_a_list_gets_the_prefix() -> None:
    assert one("2|1", "shop-") == "shop-1|shop-2"
    assert one("3", "shop-") == "shop-3"
    assert one("", "shop-") is None


def test_lists_of_numbers_and_of_other_things() -> None:
    assert parse_ids(pa.array([[2, 1], [7]])).values.to_pylist() == ["1|2", "7"]
    parsed = parse_ids(pa.array([["a|b"], ["c"]]))
    assert parsed.values.to_pylist() == [None, "c"]
    assert parsed.faults[0].value == '["a|b"]'
    assert parse_ids(pa.array([[1.5]])).faults.keys() == {0}
    assert parse_ids(pa.array([[b"a", b"\xff"]])).faults.keys() == {0}
