"""Times: what the standard library reads as ISO 8601 is that instant, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError
from influence_graph.ingest.values.times import EARLIEST, LATEST, parse_date, parse_time, zone_named

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=OFFSETS)
LOCALS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1))
BERLIN = ZoneInfo("Europe/Berlin")


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
