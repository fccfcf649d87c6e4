"""The notations that fit a column are all that fit, and none else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.ingest.values.guess import date_formats, epoch_units, fits, number_notations

COMMON = [
    "%d/%m/%Y", "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%m/%d/%y", "%d-%b-%Y", "%b %d, %Y %I:%M %p", "%d %B %Y",
    "%Y/%m/%d %H:%M:%S", "%Y%m%d", "%d/%m/%Y, %H:%M:%S", "%a %b %d %H:%M:%S %z %Y", "%d.%m.%y", "%A, %B %d, %Y",
    "%Y-%m-%d %H:%M:%S.%f", "%m/%d/%Y %I:%M:%S%p", "%Y%m%d%H%M%S", "%d/%m/%Y %H:%M %z",
]  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(COMMON), st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)), min_size=1, max_size=9)
)
def test_the_format_in_which_a_column_is_written_is_among_those_that_fit(format_: str, moments: list[datetime]) -> None:
    texts = pa.array([*(moment.replace(tzinfo=UTC).strftime(format_) for moment in moments), None, ""])
    found = date_formats(texts)
    assert format_ in found
    for each in found:
        if each:
            assert all(datetime.strptime(text, each) for text in texts.to_pylist() if text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["03/04/2025", "05/04/2025"], ["%d/%m/%Y", "%m/%d/%Y"]),
        (["03/04/2025", "13/04/2025"], ["%d/%m/%Y"]),
        (["03/04/2025", "04/13/2025"], ["%m/%d/%Y"]),
        (["13/04/2025", "04/13/2025"], []),
        (["4/7/25, 13:00"], ["%d/%m/%y, %H:%M", "%m/%d/%y, %H:%M"]),
        (["2025-07-14T10:00:00Z", "2025-07-14 10:00 UTC"], [""]),
        (["2025-07-14"], ["", "%Y-%m-%d"]),
        (["14. Juli 2025"], []),
        (["hello"], []),
        (["2025-07-14", "x"], []),
        ([None, " "], []),
    ],
)
def test_both_orders_of_day_and_month_are_told_where_both_fit(texts: list[str | None], expected: list[str]) -> None:
    assert date_formats(pa.array(texts, pa.string())) == expected


def test_one_bad_value_late_in_a_column_counts() -> None:
    days = [(datetime(2025, 1, 1) + timedelta(days=n)).strftime("%d/%m/%Y") for n in range(12)]
    assert date_formats(pa.array(days * 100)) == ["%d/%m/%Y", "%m/%d/%Y"]
    assert date_formats(pa.array([*days * 100, "13/01/2025"])) == ["%d/%m/%Y"]


def test_how_many_texts_fit() -> None:
    texts = pa.array(["14/07/2025", "07/14/2025", "14/07/25", None])
    assert (fits("%d/%m/%Y", texts), fits("%m/%d/%Y", texts)) == (1, 1)
    assert fits("%d/%m/%Y", pa.array([b"\xff", b"1/2/2025"], pa.binary())) == 1


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1714564800"], ["s"]),
        (["1714564800.25", None], ["s"]),
        (["1714564800000", "1714564800001"], ["ms"]),
        (["1714564800000000"], ["us"]),
        (["1714564800000000000"], ["ns"]),
        (["1714564800", "1714564800000"], []),
        (["42"], []),
        (["20240501"], []),
        (["x"], []),
        ([], []),
    ],
)
def test_at_most_one_unit_makes_usual_times(texts: list[str | None], expected: list[str]) -> None:
    assert epoch_units(pa.array(texts, pa.string())) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["12", "-3"], ["", ".", ","]),
        (["8,089"], [".", ","]),
        (["8,089", "1,234.5"], ["."]),
        (["8,089", "1.234,5"], [","]),
        (["0,5"], [","]),
        (["1.234"], ["", ".", ","]),
        (["1.5"], ["", "."]),
        (["€ 12", "3k"], [".", ","]),
        (["1.234,5", "1,234.5"], []),
        (["x"], []),
        ([None, ""], []),
    ],
)
def test_decimal_marks_that_fit(texts: list[str | None], expected: list[str]) -> None:
    assert number_notations(pa.array(texts, pa.string())) == expected
