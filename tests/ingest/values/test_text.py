"""Texts and ids in canonical form."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.values.text import (
    ID,
    SPACES,
    SPACES_AROUND,
    SPACES_WITHIN,
    TEXT,
    expand,
    parse_choice,
    parse_each,
    parse_id,
    parse_plain,
    parse_rest,
    refused,
    utf8,
)
from influence_graph.model.records import MAX_ID_BYTES

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
GOOD = st.text(st.characters(categories=["L", "N"], exclude_characters="ㅤᅟᅠﾠ"), min_size=1, max_size=6)


def binary(*values: str) -> pa.Array:
    return pa.array([value.encode() for value in values], pa.binary())


@given(st.lists(ANY, min_size=1, max_size=5))
def test_canonical_text_is_nfc_trimmed_and_stays_as_it_is(values: list[str]) -> None:
    for rule in (ID, TEXT):
        parsed = parse_plain(binary(*values), rule)
        kept = [value for value in parsed.values.to_pylist() if value is not None]
        assert all(value == unicodedata.normalize("NFC", value).strip(SPACES) != "" for value in kept)
        assert not any(rule.forbidden.search(value) for value in kept)
        again = parse_plain(binary(*kept), rule)
        assert again.values.to_pylist() == kept
        assert not again.faults


@given(GOOD)
def test_both_unicode_forms_are_one_id(value: str) -> None:
    forms = binary(*(unicodedata.normalize(form, value) for form in ("NFC", "NFD")), f"  {value} ")
    assert set(parse_plain(forms, ID).values.to_pylist()) == {unicodedata.normalize("NFC", value)}


ODD = ["\t", "\n", "\r\n", "\u00a0", "\u2009", "\u202f", "\u2007", "\u3000", " \u00a0 "]


@pytest.mark.parametrize("space", ODD)
def test_odd_spaces_around_an_id_are_left_out_and_noted(space: str) -> None:
    parsed = parse_id(binary("ann", f"{space}bob", f"eve{space}", f"{space}zo\u00eb{space}", " plain "))
    assert parsed.values.to_pylist() == ["ann", "bob", "eve", "zo\u00eb", "plain"]
    assert {note: rows.tolist() for note, rows in parsed.notes.items()} == {SPACES_AROUND: [1, 2, 3]}


def test_odd_spaces_within_an_id_are_kept_and_noted() -> None:
    parsed = parse_id(binary("ann lee", "ann\u00a0lee", "\u3000\u3000"))
    assert parsed.values.to_pylist() == ["ann lee", "ann\u00a0lee", None]
    assert {note: rows.tolist() for note, rows in parsed.notes.items()} == {SPACES_AROUND: [2], SPACES_WITHIN: [1]}
    assert parse_id(binary("a\tb")).faults.keys() == {0}


def test_ids_without_odd_spaces_have_no_note() -> None:
    for values in (["ann", " bob "], ["zo\u00eb"], ["a\x00"], []):
        assert parse_id(binary(*values)).notes == {}
    parsed = parse_id(pa.array([b"\xff", b"\tann", None], pa.binary()))
    assert [rows.tolist() for rows in parsed.notes.values()] == [[1]]
    assert parsed.values.to_pylist() == [None, "ann", None]


@pytest.mark.parametrize(("size", "valid"), [(MAX_ID_BYTES, True), (MAX_ID_BYTES + 1, False)])
def test_the_longest_id_is_counted_in_bytes_of_its_canonical_form(size: int, valid: bool) -> None:
    for value in ("x" * size, "é" * (size // 2) + "x" * (size % 2), "e\u0301" * (size // 2) + "x" * (size % 2)):
        assert (not parse_plain(binary(value), ID).faults) is valid


def test_choices_ignore_case_and_a_wrong_one_gets_the_nearest() -> None:
    parsed = parse_choice(binary("Friend", "", "follow"), ("follows", "friend"))
    assert parsed.values.to_pylist() == ["friend", None, None]
    assert parsed.faults[2].remedy == "did you mean 'follows'?"
    assert parse_choice(binary("zzz"), ("follows",)).faults[0].remedy == "use one of follows"


def test_equal_values_are_parsed_once() -> None:
    calls: list[str] = []

    def parse(text: str) -> str:
        calls.append(text)
        return text

    parsed = parse_each(binary("a", "b", "a", " a"), parse, pa.string())
    assert parsed.values.to_pylist() == ["a", "b", "a", "a"]
    assert sorted(calls) == ["a", "a", "b"]  # "a" and " a" are other bytes


def test_a_column_of_indices_takes_values_and_faults_from_its_dictionary() -> None:
    parsed = parse_each(binary("a", "\x00"), ID.clean, pa.string())
    found = expand(parsed, pa.array([1, 0, None, 1], pa.int32()))
    assert found.values.to_pylist() == [None, "a", None, None]
    assert sorted(found.faults) == [0, 3]


def test_bytes_that_are_not_utf_8_are_no_text() -> None:
    assert utf8(pa.array([b"\xff"], pa.binary())) is None
    assert utf8(binary("é")).to_pylist() == ["é"]


def test_the_rest_of_a_column_is_parsed_value_by_value() -> None:
    raw = pa.array([b"1", b"x", b"bad", None, b""], pa.binary())

    def parse(text: str) -> int:
        return int(text, 36) if text == "x" else int(text)

    with pytest.raises(ValueError, match="bad"):
        parse_rest(raw, pa.array([1, None, None, None, None]), parse)
    parsed = parse_rest(raw, pa.array([1, None, 3, None, None]), parse)
    assert parsed.values.to_pylist() == [1, 33, 3, None, None]


def test_refused_rows_are_null_and_show_their_value() -> None:
    parsed = refused(parse_plain(binary("a", "b", "a"), TEXT), pa.array([True, False, None]), "is a", "write b")
    assert parsed.values.to_pylist() == [None, "b", "a"]
    assert [(row, fault.value) for row, fault in parsed.faults.items()] == [(0, "a")]
