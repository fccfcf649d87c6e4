from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from influence_graph.errors import InputError
from influence_graph.model.times import checked_as_of, set_times

DAY = datetime(2024, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize("given", [date(2024, 2, 29), "2024-02-29", " 2024-02-29 ", np.datetime64("2024-02-29"), DAY])
def test_a_date_is_its_start_in_utc_as_on_the_command_line(given):
    assert checked_as_of(given) == DAY


@pytest.mark.parametrize(
    "given", ["2024-02-29T02:00:00+02:00", pd.Timestamp("2024-02-29T02:00", tz="Europe/Kyiv"), "2024-02-29T00:00Z"]
)
def test_a_time_with_a_zone_is_that_moment(given):
    assert checked_as_of(given) == DAY


def test_the_time_is_a_plain_datetime_in_utc_cut_to_microseconds():
    found = checked_as_of(pd.Timestamp("2024-02-29T00:00:00.000001999", tz="UTC"))
    assert type(found) is datetime
    assert found == DAY.replace(microsecond=1)
    assert found.tzinfo is UTC


def test_no_time_stays_none():
    assert checked_as_of(None) is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (datetime(2024, 2, 29), "until 2024-02-29T00:00:00 has no time zone; add one"),
        (pd.Timestamp("2024-02-29"), "until 2024-02-29T00:00:00 has no time zone"),
        (np.datetime64("2024-02-29T10"), "has no time zone"),
        ("2024-02-29T10:00", "has no time zone"),
        ("2023-02-29", "until '2023-02-29' is not a time; write a date such as"),
        ("29.02.2024", "is not a time"),
        (1_709_164_800, "until is 1709164800 of type int, must be a time"),
        (pd.NaT, "of type NaTType, must be a time"),
        (np.datetime64("NaT"), "must be a time"),
        ([date(2024, 2, 29)], "of type list, must be a time"),
        ("0001-01-01T00:00:00+14:00", "is beyond the years 1 to 9999"),
    ],
)
def test_what_is_no_time_is_refused_in_one_line(given, message):
    with pytest.raises(InputError) as caught:
        checked_as_of(given, "until")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_times_of_parameters_become_utc_and_others_stay():
    @dataclass(frozen=True)
    class Asked:
        as_of: object = None
        until: object = "2024-02-29"

        def __post_init__(self) -> None:
            set_times(self)

    assert (Asked("2024-02-29").as_of, Asked().as_of, Asked().until) == (DAY, None, "2024-02-29")
