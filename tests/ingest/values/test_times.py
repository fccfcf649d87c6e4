"""Times: what the standard library reads as ISO 8601 is that instant, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError
from influence_graph.ingest.values.notation import Notation
from influence_graph.ingest.values.times import EARLIEST, LATEST, parse_date, parse_time
from influence_graph.model.times import zone_named

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=OFFSETS)
LOCALS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1))
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def time(text: str, zone: ZoneInfo | None = None):
    parsed = parse_time(pa.array([text.encode()], pa.binary()), zone)
    return parsed.faults[0].reason if parsed.faults else parsed.values[0].as_py()


@given(MOMENTS)
def test_an_instant_with_an_offset_is_itself(moment: datetime) -> None:
    assert time(moment.isoformat()) == moment
    assert time(moment.isoformat(sep=" "), BERLIN) == moment


@given(LOCALS)
def test_a_local_time_is_in_the_zone_or_refused_where_clocks_were_changed(local: datetime) -> None:
    found = time(local.isoformat(), BERLIN)
    first, second = (local.replace(tzinfo=BERLIN, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        assert found == first.astimezone(UTC)
    else:
        assert "because clocks were changed" in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-01T12Z", datetime(2026, 1, 1, 12, tzinfo=UTC)),
        ("2026-01-01t12:30z", datetime(2026, 1, 1, 12, 30, tzinfo=UTC)),
        ("2026-01-01 12:30:15,5 +0200", datetime(2026, 1, 1, 10, 30, 15, 500_000, tzinfo=UTC)),
        ("2024-05-01 12:00:00 UTC", NOON),
        ("2024-05-01 12:00 utc", NOON),
        ("2024-05-01T12:00:00 GMT", NOON),
        ("2024-05-01 12:00:00 Z", NOON),
        ("2024-05-01 12:00:00.000 +0000", NOON),
        ("2024-05-01 14:00:00 +02:00", NOON),
        ("2024-05-01 14:00:00 UTC+2", NOON),
        ("2024-05-01 14:00:00 GMT+02:00", NOON),
        ("2024-05-01 17:30 UTC+530", NOON),
        ("2024-05-01T14:00:00+02:00[Europe/Berlin]", NOON),
        ("2024-05-01T12:00:00Z[UTC]", NOON),
        ("Wed, 01 May 2024 12:00:00 +0000", NOON),
        ("Wed, 1 May 2024 12:00:00 GMT", NOON),
        ("1 May 2024 14:00 +0200", NOON),
        ("Thu, 31 Feb 2024 12:00:00 GMT", "is not a valid time"),
        ("Wed, 01 May 2024 12:00:00 EST", "is not an ISO 8601 time"),
        ("2024-05-01 12:00:00 CET", "is not an ISO 8601 time"),
        ("2024-05-01 12:00:00 IST", "is not an ISO 8601 time"),
        ("2026-01-01", "has no time zone"),
        ("1900-01-01T00:00:00Z", EARLIEST),
        ("2200-01-01T00:00:00Z", LATEST),
        ("2200-01-01T00:00:01Z", "is outside 1900 to 2200"),
        ("2026-02-29T00:00Z", "is not a valid time: day is out of range for month"),
        ("01.02.2026", "is not an ISO 8601 time"),
        ("1714564800", "is a bare number, and its unit (seconds, milliseconds, days) is unknown"),
    ],
)
def test_known_times(text: str, expected: object) -> None:
    found = time(text)
    assert found == expected or str(found).startswith(str(expected))
    several = parse_time(pa.array([text.encode(), b"2000-01-01T00:00Z", b"?"], pa.binary()), None)  # value by value
    assert (several.faults[0].reason if 0 in several.faults else several.values[0].as_py()) == found


@pytest.mark.parametrize("form", ["{} UTC", "{} GMT", "{}Z", "{} +0000", "{} GMT+00:00", "{} UTC+0"])
def test_a_whole_column_with_a_zone_of_another_form(form: str) -> None:
    moments = [datetime(2024, 5, 1, hour, tzinfo=UTC) for hour in range(24)]
    texts = [form.format(moment.strftime("%Y-%m-%d %H:%M:%S")).encode() for moment in moments]
    assert parse_time(pa.array([*texts, None], pa.binary()), None).values.to_pylist() == [*moments, None]


def test_a_whole_column_of_mail_dates() -> None:
    moments = [datetime(2024, 5, day, 12, tzinfo=UTC) for day in range(1, 32)]
    texts = pa.array([format_datetime(moment) for moment in moments]).cast(pa.binary())
    assert parse_time(texts, None).values.to_pylist() == moments


@pytest.mark.parametrize("numbers", [pa.array([1_714_564_800]), pa.array([1_714_564_800.0])])
def test_numbers_without_a_unit_are_no_times(numbers: pa.Array) -> None:
    fault = parse_time(numbers, BERLIN).faults[0]
    assert fault.reason == "is a bare number, and its unit (seconds, milliseconds, days) is unknown"
    assert "state the unit of the column" in fault.remedy
    assert parse_time(numbers, None, Notation(unit="s")).values.to_pylist() == [NOON]
    day = Notation(format="%Y%m%d")
    assert parse_time(pa.array([20_240_501.0]), BERLIN, day).values.to_pylist() == [NOON - timedelta(hours=14)]


def test_dates_may_be_numbers_of_midnights() -> None:
    parsed = parse_date(pa.array([1_714_521_600, 1_714_564_800, 10**15]), Notation(unit="s"))
    assert parsed.values.to_pylist() == [date(2024, 5, 1), None, None]
    assert [parsed.faults[row].reason for row in (1, 2)] == [
        "is a time, not a date",
        "is outside 1900 to 2200 as a number of s",
    ]


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_every_date_is_read_alone_or_with_its_midnight(day: date) -> None:
    texts = [day.isoformat(), f"{day.isoformat()} 00:00", f"{day.isoformat()}T00:00:00.000"]
    assert parse_date(pa.array(texts).cast(pa.binary())).values.to_pylist() == [day] * 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-01-01T10:00", "is a time, not a date"),
        ("1/1/2026", "is not an ISO 8601 date"),
        ("2026-02-30", "is not a valid date"),
        ("1899-12-31", "is outside 1900 to 2200"),
    ],
)
def test_what_is_no_date_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert reason in parse_date(pa.array([text.encode()], pa.binary())).faults[0].reason


def test_zones_have_iana_names() -> None:
    assert zone_named("Europe/Berlin") == BERLIN
    with pytest.raises(InputError, match="no time zone is named 'Mars/Olympus'"):
        zone_named("Mars/Olympus")
