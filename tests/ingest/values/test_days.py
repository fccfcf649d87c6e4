"""The day of a time is the date of its own clock, however it is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.values.days import days_as_written
from influence_graph.ingest.values.notation import PLAIN, Notation

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=OFFSETS)
MAY = date(2026, 5, 1)


def day(text: str, notation: Notation = PLAIN) -> date | None:
    (found,) = days_as_written(pa.array([text.encode()]), notation).to_pylist()
    return found


@given(MOMENTS)
def test_a_time_with_an_offset_has_the_date_that_is_written(moment: datetime) -> None:
    assert day(moment.isoformat()) == moment.date()
    assert day(f" {moment.isoformat(sep=' ')}\u00a0") == moment.date()
    assert day(format_datetime(moment)) == moment.date()
    assert day(moment.strftime("%d.%m.%Y %H:%M %z"), Notation(format="%d.%m.%Y %H:%M %z")) == moment.date()
    assert day(moment.strftime("%d.%m.%Y %H:%M"), Notation(format="%d.%m.%Y %H:%M")) == moment.date()


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-01T22:00-05:00",
        "2026-05-01",
        "2026-05-01T23:59:59.999999999Z",
        "2026-05-01 22:00 UTC-5",
        "2026-05-01T22:00:00-04:00[America/New_York]",
        "Fri, 1 May 2026 22:00:00 -0500",
    ],
)
def test_every_form_of_a_time_has_its_day(text: str) -> None:
    assert day(text) == MAY


def test_what_is_no_time_has_no_day_and_the_others_keep_theirs() -> None:
    raw = [
        b"2026-05-01T22:00-05:00",
        None,
        b"soon",
        b"",
        b"2026-02-30",
        b"\xff",
        b"1714564800",
        b"Fri, 1 May 2026 1:00",
    ]
    assert days_as_written(pa.array(raw)).to_pylist() == [MAY, *[None] * 7]
    encoded = pa.array(raw).dictionary_encode()
    assert days_as_written(encoded).to_pylist() == [MAY, *[None] * 7]
    assert days_as_written(pa.array([None, None])).to_pylist() == [None, None]


def test_numbers_do_not_say_where_they_were_written() -> None:
    assert day("1714564800", Notation(unit="s")) is None
    assert days_as_written(pa.array([1714564800]), Notation(unit="s")).to_pylist() == [None]


def test_a_stand_in_has_the_day_of_what_it_stands_for() -> None:
    notation = Notation(values={"launch": "2026-05-01T22:00-05:00"})
    raw = pa.array([b"Launch", b"other", None])
    assert days_as_written(raw, notation).to_pylist() == [MAY, None, None]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["America/New_York", "-05:00"])
def test_a_column_of_times_has_the_day_of_its_zone(unit: str, zone: str) -> None:
    moment = datetime(2026, 5, 2, 3, tzinfo=UTC)
    raw = pa.array([moment, None], pa.timestamp(unit, tz=zone))
    assert days_as_written(raw).to_pylist() == [moment.astimezone(ZoneInfo("America/New_York")).date(), None]


def test_a_column_without_a_zone_has_the_day_as_it_stands() -> None:
    local = datetime(2026, 5, 1, 23)
    assert days_as_written(pa.array([local], pa.timestamp("us"))).to_pylist() == [MAY]
    assert days_as_written(pa.array([MAY], pa.date32())).to_pylist() == [MAY]
    assert days_as_written(pa.array([MAY], pa.date64())).to_pylist() == [MAY]
    assert days_as_written(pa.array([local], pa.timestamp("us", tz="Nowhere/Land"))).to_pylist() == [None]
