"""Panels are read whatever their dates are, and refused in one line where something is missing or there twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from influence_graph.analyses.lift.unit_days import unit_days
from influence_graph.errors import InputError, NotFound

DAYS = ["2021-01-02", "2021-01-02", "2021-01-01", "2021-01-01"]
FRAME = pd.DataFrame({"unit": ["b", "a", "b", "a"], "date": DAYS, "value": [1.0, 2.0, 3.0, 4.0]})
TIMES = pd.to_datetime(FRAME["date"])


@pytest.mark.parametrize(
    "dates",
    [
        FRAME["date"],
        pd.Categorical(FRAME["date"]),
        TIMES,
        TIMES.dt.date,
        TIMES.dt.strftime("%Y-%m-%dT00:00:00"),
        TIMES.astype("datetime64[s]"),
    ],
)
def test_dates_of_any_kind_are_days(dates):
    panel = unit_days(FRAME.assign(date=dates))
    assert panel.units.tolist() == ["a", "b"]
    assert panel.dates.tolist() == [pd.Timestamp("2021-01-01"), pd.Timestamp("2021-01-02")]
    assert panel.values.tolist() == [[4.0, 3.0], [2.0, 1.0]]
    assert panel.digest == unit_days(FRAME).digest


@pytest.mark.parametrize(
    "frame", [pl.DataFrame(FRAME), pa.table(FRAME), FRAME.to_dict("records"), FRAME.to_dict("list")]
)
def test_frames_of_any_library_and_in_any_order_are_the_same_panel(frame):
    assert unit_days(frame).digest == unit_days(FRAME.iloc[::-1]).digest
    assert unit_days(unit_days(frame)).digest == unit_days(FRAME).digest


def test_whole_numbers_are_periods_and_ids_become_text():
    panel = unit_days({"unit": [1, 2, 1, 2], "date": [1970.0, 1970.0, 1971.0, 1971.0], "value": [1, 2, 3, 4]})
    assert panel.units.tolist() == ["1", "2"]
    assert panel.dates.tolist() == [1970, 1971]
    assert (panel.dated, panel.text_of(1971), panel.position_of(1971)) == (False, "1971", 1)


def test_weeks_are_a_step_of_seven_days_and_a_horizon_is_a_multiple_of_it():
    panel = unit_days({"unit": ["a"] * 3, "date": ["2021-01-04", "2021-01-18", "2021-01-11"], "value": [1, 2, 3]})
    assert (panel.step, panel.periods_of(14), panel.position_of("2021-01-18")) == (7, 2, 2)
    with pytest.raises(InputError, match=r"days is 10, must be a multiple of 7.*; use 14"):
        panel.periods_of(10)
    with pytest.raises(InputError, match=r"start 2021-01-12 is between two dates.*7 days apart; use 2021-01-11"):
        panel.position_of("2021-01-12")


MISSING = "nothing is filled in"
REFUSED = {
    "no rows": ({"unit": [], "date": [], "value": []}, "the panel has no rows"),
    "a missing column": ({"unit": ["a"], "date": ["2021-01-01"]}, "no column 'value'"),
    "a missing value": (FRAME.assign(value=[1, 2, 3, None]), f"the value of row 4 .* missing.*{MISSING}"),
    "an infinite value": (FRAME.assign(value=[1, np.inf, 3, 4]), "the value of row 2 .* not finite"),
    "text for values": (FRAME.assign(value=list("1234")), "are no numbers: '1' is text"),
    "a missing unit": (FRAME.assign(unit=["a", None, "b", "b"]), "the unit of row 2"),
    "a missing date": (FRAME.assign(date=[*DAYS[:3], None]), "the date of row 4"),
    "two rows": (pd.concat([FRAME, FRAME.tail(1)]), "the unit 'a' on 2021-01-01 has 2 rows; add them up"),
    "a gap of one": (FRAME.head(3), f"the unit 'a' on 2021-01-01 has no row .1 of 4 are missing.; .*{MISSING}"),
    "a gap of all": (
        {"unit": ["a"] * 3, "date": ["2021-01-01", "2021-01-02", "2021-01-04"], "value": [1, 2, 3]},
        f"no unit has a row on 2021-01-03; .*{MISSING}",
    ),
    "a time of day": (FRAME.assign(date=TIMES + pd.Timedelta("9h")), "date 2021-01-02T09:00:00 is not a day alone"),
    "a zone": (
        FRAME.assign(date=TIMES.dt.tz_localize("Pacific/Auckland")),
        "date 2021-01-02.* has a zone; give the date",
    ),
    "mixed zones": (
        FRAME.assign(date=["2021-01-02T00:00:00+01:00", *DAYS[1:]]),
        "date holds times with a zone, or what is no date",
    ),
    "mixed zones of times": (
        FRAME.assign(date=[datetime(2021, 1, 2, tzinfo=UTC), datetime(2021, 1, 2), *TIMES[2:]]),
        "mixes times with a zone and times without a zone|mixes types",
    ),
    "no dates": (FRAME.assign(date=list("wxyz")), "date 'w' is not a date"),
    "truth values": (FRAME.assign(date=[True, False, True, False]), "must be a date; give dates"),
    "fractions": (FRAME.assign(date=[0.5, 0.5, 1.5, 1.5]), "numbers with fractions"),
    "no frame": ([1, 2], "must be a dict"),
}


@pytest.mark.parametrize(("panel", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_one_number_per_unit_and_date_is_refused_in_one_line(panel, message):
    with pytest.raises(InputError, match=message) as caught:
        unit_days(panel)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "start", ["2021-01-02", date(2021, 1, 2), pd.Timestamp("2021-01-02"), np.datetime64("2021-01-02")]
)
def test_a_start_is_a_day_however_it_is_given(start):
    assert unit_days(FRAME).position_of(start) == 1


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("2020-12-31", "start 2020-12-31 is before the first row: the rows are from 2021-01-01 to 2021-01-02"),
        ("2021-01-04", "start 2021-01-04 is after the last row"),
        (5, "start is 5, must be a date"),
        ("tomorrow", "start 'tomorrow' is not a date"),
        (datetime(2021, 1, 1, tzinfo=UTC), "start 2021-01-01.* has a zone"),
        (datetime(2021, 1, 1, 9), "start 2021-01-01T09:00:00 is not a day alone"),
    ],
)
def test_a_start_outside_the_rows_is_refused(start, message):
    with pytest.raises(InputError, match=message):
        unit_days(FRAME).position_of(start)


def test_a_start_of_numbered_periods_is_a_whole_number():
    panel = unit_days(FRAME.assign(date=[2, 2, 1, 1]))
    for start in ("2021-01-01", 1.5):
        with pytest.raises(
            InputError, match="must be a whole number, as the dates of the panel are; use for example 2"
        ):
            panel.position_of(start)


def test_a_horizon_beyond_the_rows_is_refused():
    assert unit_days(FRAME).window_of("2021-01-02", 1) == (1, 1)
    with pytest.raises(InputError, match="the horizon of 2 days ends on 2021-01-03, the rows on 2021-01-02"):
        unit_days(FRAME).window_of("2021-01-02", 2)
    for days in (0, -1, 1.5, True):
        with pytest.raises(InputError, match="must be a whole number of 1 or more"):
            unit_days(FRAME).window_of("2021-01-02", days)


def test_units_are_looked_up_once_each():
    panel = unit_days(FRAME)
    assert panel.indices_of(["b", "a"], "the unit").tolist() == [1, 0]
    with pytest.raises(NotFound, match="the unit 'c' is none of the 2 units of the panel; the units are a, b"):
        panel.indices_of(["c"], "the unit")
    with pytest.raises(InputError, match="the unit 'b' is given twice"):
        panel.indices_of(["b", "b"], "the unit")
