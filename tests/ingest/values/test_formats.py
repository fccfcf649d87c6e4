"""Times in a stated format: what the standard library reads in it is that time, and nothing else is one."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.ingest.values.formats import fitting, parse_formatted, parse_formatted_date

BERLIN = ZoneInfo("Europe/Berlin")
FORMATS = [
    "%d/%m/%Y %H:%M",
    "%m/%d/%y",
    "%d.%m.%Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%A, %d %B %Y",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%d-%b-%y %I:%M %p",
    "%j %Y",
    "%a %b %d %H:%M:%S %z %Y",
    "%d/%m/%Y %H:%M %Z",
]
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31))


def read(text: str, format_: str, zone: ZoneInfo | None = BERLIN):
    parsed = parse_formatted(pa.array([text.encode()], pa.binary()), format_, zone)
    return parsed.faults[0].reason if parsed.faults else parsed.values[0].as_py()


@pytest.mark.parametrize("format_", FORMATS)
@settings(deadline=None)  # the first case opens the database
@given(data=st.data())
def test_what_is_written_in_a_format_is_read_in_it(format_: str, data: st.DataObject) -> None:
    offset = timezone(timedelta(minutes=15 * data.draw(st.integers(-40, 40))))
    zone = UTC if "%Z" in format_ else offset
    stated = data.draw(MOMENTS).replace(tzinfo=zone)
    text = stated.strftime(format_)
    again = datetime.strptime(text.replace("UTC", "+0000"), format_.replace("%Z", "%z"))
    expected = again if "%z" in format_.lower() else again.replace(tzinfo=UTC)
    assert read(f" {text}\u00a0", format_, ZoneInfo("UTC")) == expected


@pytest.mark.parametrize("format_", FORMATS)
def test_a_column_and_the_standard_library_agree_on_damaged_texts(format_: str) -> None:
    random_, texts = random.Random(format_), []
    for _ in range(1500):
        moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=random_.randrange(10**9))
        letters = list(moment.strftime(format_))
        for _ in range(random_.randint(0, 2)):
            place = random_.randrange(len(letters))
            letters[place : place + random_.randint(0, 1)] = random_.choices(
                "0123456789/:. -APJx", k=random_.randint(0, 1)
            )
        texts.append("".join(letters).strip(" "))
    parsed = parse_formatted(pa.array(texts).cast(pa.binary()), format_, ZoneInfo("UTC"))
    agreed = 0
    for row, text in enumerate(texts):
        try:
            expected = datetime.strptime(text.replace("UTC", "+0000"), format_.replace("%Z", "%z"))
        except ValueError:
            expected = None
        if expected is None:
            continue
        expected = expected if expected.tzinfo else expected.replace(tzinfo=UTC)
        if 1900 < expected.year < 2199:
            assert parsed.values[row].as_py() == expected, text
            agreed += 1
        else:
            assert row in parsed.faults, text
    assert agreed > 100
    assert parsed.faults


@settings(deadline=None)
@given(st.lists(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), min_size=1, max_size=20))
def test_local_times_agree_with_pandas_and_clock_changes_are_faults(moments: list[datetime]) -> None:
    texts = [moment.strftime("%d/%m/%Y %H:%M:%S") for moment in moments]
    parsed = parse_formatted(pa.array(texts).cast(pa.binary()), "%d/%m/%Y %H:%M:%S", BERLIN)
    local = pd.to_datetime(pd.Series(texts), format="%d/%m/%Y %H:%M:%S").dt.as_unit("us")
    for row, stated in enumerate(local):
        expected = stated.tz_localize("Europe/Berlin", ambiguous="NaT", nonexistent="NaT")
        assert (row in parsed.faults) == (expected is pd.NaT)
        if expected is not pd.NaT:
            assert parsed.values[row].as_py() == expected.to_pydatetime()


@pytest.mark.parametrize(
    ("text", "format_", "expected"),
    [
        ("14/07/2025", "%d/%m/%Y", datetime(2025, 7, 13, 22, tzinfo=UTC)),  # midnight in Berlin
        ("1/7/25", "%d/%m/%y", datetime(2025, 6, 30, 22, tzinfo=UTC)),
        ("1/7/69", "%d/%m/%y", datetime(1969, 6, 30, 23, tzinfo=UTC)),
        ("12:05 AM 1 Feb 2024", "%I:%M %p %d %b %Y", datetime(2024, 1, 31, 23, 5, tzinfo=UTC)),
        ("12:05 pm 1 feb 2024", "%I:%M %p %d %b %Y", datetime(2024, 2, 1, 11, 5, tzinfo=UTC)),
        ("2024-02-01 10:00:00.1234567", "%Y-%m-%d %H:%M:%S.%f", datetime(2024, 2, 1, 9, 0, 0, 123_456, tzinfo=UTC)),
        ("01/02/2024 10:00 UTC", "%d/%m/%Y %H:%M %Z", datetime(2024, 2, 1, 10, tzinfo=UTC)),
        ("01/02/2024 10:00 GMT+0200", "%d/%m/%Y %H:%M %z", datetime(2024, 2, 1, 8, tzinfo=UTC)),
        ("01/02/2024 10:00Z", "%d/%m/%Y %H:%M%z", datetime(2024, 2, 1, 10, tzinfo=UTC)),
        ("01/02/2024 10:00 CET", "%d/%m/%Y %H:%M %Z", "is not in the format %d/%m/%Y %H:%M %Z"),
        ("31/02/2025", "%d/%m/%Y", "is not a valid date: day is out of range for month"),
        ("29/02/2023", "%d/%m/%Y", "is not a valid date: day is out of range for month"),
        ("07/14/2025", "%d/%m/%Y", "is not in the format %d/%m/%Y"),
        ("14/07/2025 12:00", "%d/%m/%Y", "is longer than the format %d/%m/%Y"),
        ("14/07/25", "%d/%m/%Y", "is not in the format %d/%m/%Y"),
        ("14/07/1492", "%d/%m/%Y", "is outside 1900 to 2200"),
        ("30/03/2025 02:30", "%d/%m/%Y %H:%M", "never happened in Europe/Berlin, because clocks were changed"),
        ("26/10/2025 02:30", "%d/%m/%Y %H:%M", "happened twice in Europe/Berlin, because clocks were changed"),
    ],
)
def test_known_texts(text: str, format_: str, expected: object) -> None:
    assert read(text, format_) == expected
    beside = parse_formatted(pa.array([b"\xff", text.encode()], pa.binary()), format_, BERLIN)  # value by value
    assert (beside.faults[1].reason if 1 in beside.faults else beside.values[1].as_py()) == expected


def test_without_a_zone_a_time_is_refused_and_the_remedy_shows_the_format() -> None:
    assert read("14/07/2025", "%d/%m/%Y", None) == "has no time zone"
    parsed = parse_formatted(pa.array([b"tomorrow", None, b""], pa.binary()), "%d/%m/%Y", BERLIN)
    assert parsed.faults[0].remedy == "write it such as '14/07/2025', or state another format"
    assert parsed.values.to_pylist() == [None, None, None]
    assert list(parsed.faults) == [0]


@settings(deadline=None)
@given(st.lists(st.dates(date(1969, 1, 1), date(2068, 12, 31)), min_size=1))
def test_dates_are_read_with_or_without_their_midnight(days: list[date]) -> None:
    for format_ in ("%d.%m.%y", "%B %d, %Y", "%d/%m/%Y %H:%M"):
        texts = pa.array([day.strftime(format_) for day in days]).cast(pa.binary())
        assert parse_formatted_date(texts, format_).values.to_pylist() == days
    noon = parse_formatted_date(pa.array([b"01/02/2024 12:00"], pa.binary()), "%d/%m/%Y %H:%M")
    assert noon.faults[0].reason == "is a time, not a date"


def test_texts_that_do_not_fit_are_null() -> None:
    found = fitting(pa.array(["01/02/2024", "x", None]), "%d/%m/%Y")
    assert found.to_pylist() == [datetime(2024, 2, 1), None, None]
