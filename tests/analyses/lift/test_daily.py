"""Daily series in any frame, and what is refused of them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from influence_graph.analyses.lift.daily import day_of, read_daily
from influence_graph.errors import InputError

DAYS = pd.date_range("2026-01-01", periods=5)
DATES = [each.date() for each in DAYS]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"date": DAYS, "value": range(5)}),
        pd.DataFrame({"date": DAYS[::-1], "value": [4, 3, 2, 1, 0]}),
        {"date": DATES, "value": range(5)},
        {"date": [str(each) for each in DATES], "value": np.arange(5.0)},
        pa.table({"date": pa.array(DATES), "value": pa.array(range(5))}),
        [{"date": each, "value": place} for place, each in enumerate(DATES)],
        pd.DataFrame({"date": pd.Series(DAYS).astype("datetime64[s]"), "value": range(5)}),
    ],
)
def test_the_same_series_is_read_from_any_frame_in_order(frame):
    read = read_daily(frame)
    assert read.first == dt.date(2026, 1, 1)
    assert read.last == dt.date(2026, 1, 5)
    assert read.values.tolist() == [0, 1, 2, 3, 4]
    assert read.controls.shape == (5, 0)
    assert read.digest == read_daily({"date": DAYS, "value": range(5)}).digest


def test_controls_are_columns_in_the_order_given_and_part_of_the_digest():
    frame = pd.DataFrame({"date": DAYS[::-1], "value": range(5), "a": range(5), "b": 1.5})
    read = read_daily(frame, ["b", "a"])
    assert read.names == ("b", "a")
    assert read.controls.tolist() == [[1.5, 4], [1.5, 3], [1.5, 2], [1.5, 1], [1.5, 0]]
    assert len({read_daily(frame, names).digest for names in ([], ["a"], ["b"], ["a", "b"])}) == 4


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"date": DAYS, "value": [1, 2, np.nan, 4, 5]}, "value on 2026-01-03 is missing; give each day a row: 0 where"),
        ({"date": DAYS, "value": [1, 2, np.inf, 4, 5]}, r"value on 2026-01-03 is inf, must be at most 1e\+100 in size"),
        ({"date": DAYS, "value": list("abcde")}, "the column 'value' holds no numbers"),
        ({"date": [*DAYS[:4], DAYS[3]], "value": range(5)}, r"2026-01-04 has two rows \(1 such day\)"),
        (
            {"date": [*DAYS[:4], pd.Timestamp("2026-01-08")], "value": range(5)},
            r"2026-01-05 has no row \(3 days missing from 2026-01-01 to 2026-01-08\); give each day a row",
        ),
        ({"date": [], "value": []}, "the daily values have no rows"),
        ({"date": [None, *DATES[1:]], "value": range(5)}, "date is missing in row 1"),
        ({"date": DAYS.tz_localize("Asia/Tokyo"), "value": range(5)}, r"date 2026-01-01T00:00:00\+09:00 has a zone"),
        ({"date": DAYS + pd.Timedelta("1h"), "value": range(5)}, "date 2026-01-01T01:00:00 is not a day alone"),
        ({"date": ["2026-01-01", "2026-01-02T03:00Z"], "value": [1, 2]}, "times with a zone, or what is no date"),
        ({"date": ["2026-13-01"], "value": [1]}, "date '2026-13-01' is not a date"),
        ({"date": range(5), "value": range(5)}, "date is the number 0, must be a date"),
        ({"date": [DATES[0], DAYS[1]], "value": [1, 2]}, "the column 'date' mixes dates and times without a zone"),
        ({"date": DAYS}, "the daily values have no column 'value'"),
    ],
)
def test_what_is_no_whole_series_is_refused_in_one_line(frame, message):
    with pytest.raises(InputError, match=message) as caught:
        read_daily(frame)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_controls_must_be_there_and_be_a_list():
    frame = {"date": DAYS, "value": range(5), "x": [1, 2, None, 4, 5]}
    with pytest.raises(InputError, match=r"controls is the text 'x'; pass a list: \['x'\]"):
        read_daily(frame, "x")
    with pytest.raises(InputError, match="x on 2026-01-03 is missing; give each day a number, or leave the column out"):
        read_daily(frame, ["x"])
    with pytest.raises(InputError, match="no column 'y'"):
        read_daily(frame, ["y"])


@pytest.mark.parametrize("given", ["2026-01-03", dt.date(2026, 1, 3), DAYS[2], np.datetime64("2026-01-03")])
def test_a_day_is_read_from_text_and_dates(given):
    assert day_of(given, "start") == dt.date(2026, 1, 3)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "start is missing"),
        (5, "start is the number 5"),
        ("soon", "start 'soon' is not a date"),
        (pd.Timestamp("2026-01-03T04:00"), "is not a day alone"),
        ("2026-01-03T00:00+09:00", "has a zone"),
    ],
)
def test_what_is_no_day_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        day_of(given, "start")
