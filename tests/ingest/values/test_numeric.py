"""Numbers: what Python reads as a finite number is that number, whatever else is refused with its reason."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.values.numeric import parse_number
from influence_graph.model.records import Field, FieldType

NUMBER, INTEGER = Field("x", FieldType.NUMBER), Field("x", FieldType.INTEGER)


def one(text: str, field: Field = NUMBER):
    parsed = parse_number(pa.array([text.encode()], pa.binary()), field)
    return parsed.faults[0].reason if parsed.faults else parsed.values[0].as_py()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_is_read_exactly(value: float) -> None:
    assert one(repr(value)) == value
    assert math.copysign(1, one(repr(value))) == math.copysign(1, value)


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_64_bit_integer_is_read_exactly(value: int) -> None:
    assert one(str(value), INTEGER) == value


@given(st.one_of(st.integers(max_value=-(2**63) - 1), st.integers(min_value=2**63, max_value=10**19)))
def test_larger_integers_are_refused(value: int) -> None:
    assert one(str(value), INTEGER) in ("does not fit in 64 bits", "is not a whole number")


@given(st.lists(st.floats(-5, 5), min_size=1), st.floats(-3, 0), st.floats(0, 3))
def test_limits_are_inclusive(values: list[float], low: float, high: float) -> None:
    parsed = parse_number(pa.array(values), Field("x", FieldType.NUMBER, minimum=low, maximum=high))
    assert sorted(parsed.faults) == [row for row, value in enumerate(values) if not low <= value <= high]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("N/A", "is not a number"),
        ("-inf", "is not finite"),
        ("1e999", "is too large for a number"),
        ("12 %", "is a percentage"),
        ("0xff", "is a hexadecimal number"),
        ("1'234", "has thousands separators"),
        ("3,14", "has a decimal comma"),
        ("1.2.3", "is not a number"),
    ],
)
def test_common_mistakes_have_a_reason_of_their_own(text: str, reason: str) -> None:
    assert one(text) == reason


@pytest.mark.parametrize(
    ("limits", "remedy"),
    [
        ({"minimum": 0}, "write a number of at least 0"),
        ({"maximum": 1}, "write a number of at most 1"),
        ({"minimum": -1, "maximum": 1}, "write a number of at least -1 and at most 1"),
    ],
)
def test_the_remedy_names_the_limits(limits: dict[str, float], remedy: str) -> None:
    value = b"-7" if "minimum" in limits else b"7"
    parsed = parse_number(pa.array([value], pa.binary()), Field("x", FieldType.NUMBER, **limits))
    assert parsed.faults[0].remedy == remedy
