"""One line of JSON to texts: what Python's own reader says, with every digit kept and every wrong type named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.readers.blocks import MAX_RECORD_BYTES
from influence_graph.ingest.readers.json_values import read_object
from influence_graph.model.records import FieldType

TYPES = {"id": FieldType.ID, "note": FieldType.TEXT, "value": FieldType.NUMBER, "many": FieldType.INTEGER}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(st.sampled_from(["id", "note", "other"]), texts), st.booleans())
def test_texts_are_those_of_the_json_reader_of_python(members: dict[str, str], ascii_: bool) -> None:
    found, faults = read_object(json.dumps(members, ensure_ascii=ascii_).encode(), TYPES)
    assert found == {name: value.encode() for name, value in members.items() if name in TYPES}
    assert faults == {}


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers())
def test_numbers_keep_the_digits_that_they_are_written_with(number: float, whole: int) -> None:
    found, faults = read_object(json.dumps({"value": number, "many": whole, "id": whole}).encode(), TYPES)
    assert faults == {}
    assert float(found["value"]) == number
    assert int(found["many"]) == int(found["id"]) == whole


@pytest.mark.parametrize("written", ["1.0", "0.10", "1e5", "12345678901234567890123", "-0"])
def test_a_number_is_not_written_anew(written: str) -> None:
    assert read_object(f'{{"value": {written}}}'.encode(), TYPES)[0] == {"value": written.encode()}


def test_null_is_an_empty_text_and_an_absent_field_none() -> None:
    assert read_object(b'{"id": null}', TYPES)[0] == {"id": b""}
    assert read_object(b"{}", TYPES) == ({}, {})


@pytest.mark.parametrize(
    ("value", "name", "reason"),
    [
        ("true", "id", "is true or false"),
        ("false", "value", "is true or false"),
        ("[1]", "note", "is a list"),
        ('{"a": 1}', "note", "is an object"),
        ("1.5", "id", "number with a fraction"),
        ("1e3", "note", "number with a fraction"),
    ],
)
def test_a_value_of_another_type_is_a_fault_of_its_field_alone(value: str, name: str, reason: str) -> None:
    found, faults = read_object(f'{{"{name}": {value}, "many": 3}}'.encode(), TYPES)
    assert found == {"many": b"3"}
    assert list(faults) == [name]
    assert reason in str(faults[name])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "is not JSON"),
        (b"[1]", "is not a JSON object"),
        (b'"text"', "is not a JSON object"),
        (b'{"id": "a"', "is not JSON"),
        (b'{"id": "a"} {"id": "b"}', "is not JSON"),
        (b'{"id": "\xff"}', "is not UTF-8 text"),
        (b'{"id": "a", "id": "b"}', "'id' appears twice"),
        (b'{"id": true, "id": "b"}', "'id' appears twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": "' + b"x" * MAX_RECORD_BYTES + b'"}', "longer than"),
    ],
)
def test_a_line_that_is_no_record_is_refused_with_the_reason(line: bytes, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        read_object(line, TYPES)
