"""Numbers of seconds since 1970 and of their parts, against exact arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.values.epochs import parse_epoch

START = datetime(1970, 1, 1, tzinfo=UTC)
PARTS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
OUTSIDE = "is outside 1900 to 2200 as a number of s"
SECONDS = st.integers(-(70 * 365 * 86_400), 7_258_118_400)


def texts(*values: str) -> pa.Array:
    return pa.array([value.encode() for value in values], pa.binary())


@pytest.mark.parametrize("unit", PARTS)
@given(st.lists(SECONDS, min_size=1))
def test_whole_numbers_are_exact_as_text_and_as_type(unit: str, seconds: list[int]) -> None:
    numbers = [value * PARTS[unit] for value in seconds]
    expected = [START + timedelta(seconds=value) for value in seconds]
    assert parse_epoch(texts(*map(str, numbers)), unit).values.to_pylist() == expected
    assert parse_epoch(pa.array(numbers, pa.int64()), unit).values.to_pylist() == expected


@pytest.mark.parametrize(("unit", "digits"), [("s", 6), ("ms", 3)])
@given(micros=st.integers(-(10**15), 7 * 10**15))
def test_fractions_are_to_the_microsecond(unit: str, digits: int, micros: int) -> None:
    number = Decimal(micros).scaleb(-digits)
    expected = START + timedelta(microseconds=micros)
    assert parse_epoch(texts(f"{number:f}"), unit).values[0].as_py() == expected
    assert parse_epoch(pa.array([float(number), None]), unit).values.to_pylist() == [expected, None]


@given(st.lists(st.integers(0, 4_102_444_800_000), min_size=1))
def test_milliseconds_agree_with_pandas(numbers: list[int]) -> None:
    expected = pd.to_datetime(pd.Series(numbers), unit="ms", utc=True)
    assert parse_epoch(texts(*map(str, numbers)), "ms").values.to_pylist() == expected.to_list()


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("1714564800.25", "s", datetime(2024, 5, 1, 12, 0, 0, 250_000, tzinfo=UTC)),
        ("1.7145648e9", "s", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("+1714564800", "s", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("1714564800123456789", "ns", datetime(2024, 5, 1, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("-86400", "s", datetime(1969, 12, 31, tzinfo=UTC)),
        (
            "1714564800000",
            "s",
            ("is outside 1900 to 2200 as a number of s", "the unit ms makes it 2024-05-01 12:00:00"),
        ),
        ("99999999999999999999", "s", ("is outside 1900 to 2200 as a number of s", "check the number")),
        ("2024-05-01", "s", ("is not a number of s", "write a number such as 1714564800")),
        ("nan", "s", ("is not a number of s", "write a number such as 1714564800")),
        ("0x10", "s", ("is not a number of s", "write a number such as 1714564800")),
        ("1_000", "s", ("is not a number of s", "write a number such as 1714564800")),
    ],
)
def test_known_numbers(text: str, unit: str, expected: object) -> None:
    for raw in (texts(text), texts("\u00a0" + text + " ", "17"), pa.array([text.encode(), b"\xff"], pa.binary())):
        parsed = parse_epoch(raw, unit)
        fault = parsed.faults.get(0)
        assert (parsed.values[0].as_py() if fault is None else (fault.reason, fault.remedy)) == expected


def test_typed_numbers_beyond_the_years_are_faults() -> None:
    parsed = parse_epoch(pa.array([1_714_564_800_000, 0]), "s")
    assert parsed.faults[0].remedy == "the unit ms makes it 2024-05-01 12:00:00"
    assert parsed.values.to_pylist() == [None, START]
    assert parse_epoch(pa.array([float("nan")]), "s").faults.keys() == {0}
    assert parse_epoch(pa.array([2**64 - 1], pa.uint64()), "s").faults.keys() == {0}
