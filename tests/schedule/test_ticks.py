"""Ticks against a naive twin that looks at the clock on the wall minute by minute, and over days with changes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from influence_graph.errors import InputError
from influence_graph.model.parameters import ScheduleParameters
from influence_graph.schedule.ticks import MOST_MISSED, Ticks

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CHANGES = {
    "Europe/Berlin": [(2026, 3, 29), (2026, 10, 25)],
    "America/St_Johns": [(2026, 3, 8), (2026, 11, 1)],
    "Africa/Cairo": [(2010, 9, 10), (2010, 10, 1)],
    "Australia/Lord_Howe": [(2026, 4, 5), (2026, 10, 4)],  # half an hour
    "Asia/Kathmandu": [(2026, 3, 1)],
    "UTC": [(2026, 3, 1)],
}


def ticks(**given: Any) -> Ticks:
    return Ticks(ScheduleParameters(**given))


def utc(*given: int) -> datetime:
    return datetime(*given, tzinfo=UTC)


def choose(rng: random.Random, least: int, most: int, *, star: float) -> tuple[str, set[int]]:
    """Return a field of a crontab and its values, put together here."""
    if rng.random() < star:
        return "*", set(range(least, most + 1))
    if rng.random() < 0.2:
        step = rng.randint(2, 7)
        return f"*/{step}", set(range(least, most + 1, step))
    first = rng.randint(least, most)
    last = rng.randint(first, most)
    other = rng.randint(least, most)
    return f"{first}-{last},{other}", {*range(first, last + 1), other}


def twin(expression: tuple[Any, ...], zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """Return the minutes in (start, end] whose clock on the wall shows what the expression says.

    A time that the clock skips is due when it would have been without the change: it is that much later then.
    """
    minutes, hours, days, weekdays, either, fixed = expression

    def shows(wall: datetime) -> bool:
        day, weekday = wall.day in days, wall.isoweekday() % 7 in weekdays
        return wall.minute in minutes and wall.hour in hours and ((day or weekday) if either else (day and weekday))

    found = set()
    wall = start.astimezone(zone).replace(tzinfo=None, fold=0) - DAY
    while wall <= end.astimezone(zone).replace(tzinfo=None) + DAY:
        if shows(wall):
            for fold in (0, 1):
                time = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
                is_shown = time.astimezone(zone).replace(tzinfo=None) == wall
                if fold == 0 or (is_shown and not fixed):
                    found.add(time)
        wall += MINUTE
    return sorted(time for time in found if start < time <= end)


@pytest.mark.parametrize("zone", CHANGES)
def test_cron_is_the_clock_on_the_wall(zone: str) -> None:
    rng = random.Random(zone)
    compared = 0
    for change in CHANGES[zone] * 4:
        start = utc(*change) - DAY
        end = start + 3 * DAY
        minute, minutes = choose(rng, 0, 59, star=0.2)
        hour, hours = choose(rng, 0, 4, star=0.0)  # the hours in which clocks change
        hour, hours = ("*", set(range(24))) if rng.random() < 0.3 else (hour.replace("*", "0-4"), hours)
        day, days = choose(rng, 1, 31, star=0.6)
        weekday, weekdays = choose(rng, 0, 6, star=0.6)
        either = not day.startswith("*") and not weekday.startswith("*")
        fixed = "*" not in minute + hour
        schedule = ticks(cron=f"{minute} {hour} {day} * {weekday}", timezone=zone)
        expected = twin((minutes, hours, days, weekdays, either, fixed), ZoneInfo(zone), start, end)
        assert list(schedule.between(start, end)) == expected, f"{minute} {hour} {day} * {weekday}"
        compared += len(expected)
    assert compared


def test_a_time_of_day_comes_once_where_clocks_change() -> None:
    daily = ticks(cron="30 2 * * *", timezone="Europe/Berlin")
    assert [tick.hour for tick in daily.between(utc(2026, 3, 28), utc(2026, 3, 31))] == [1, 1, 0]  # 03:30 on the 29th
    assert [tick.hour for tick in daily.between(utc(2026, 10, 24), utc(2026, 10, 27))] == [0, 0, 1]


def test_every_quarter_runs_on_where_the_clock_goes_back() -> None:
    quarters = list(ticks(cron="*/15 * * * *", timezone="Europe/Berlin").between(utc(2026, 10, 24), utc(2026, 10, 26)))
    assert len(quarters) == 2 * 24 * 4
    assert {later - tick for tick, later in pairwise(quarters)} == {timedelta(minutes=15)}


@pytest.mark.parametrize(
    "given",
    [
        {"cron": "30 2,3 * * *", "timezone": "Europe/Berlin"},
        {"cron": "*/7 1-3 * * *", "timezone": "Europe/Berlin"},
        {"every": timedelta(minutes=7)},
    ],
)
@pytest.mark.parametrize("day", [(2026, 3, 28), (2026, 10, 24)])
def test_the_tick_after_a_time_does_not_depend_on_where_one_started(
    given: dict[str, Any], day: tuple[int, ...]
) -> None:
    schedule = ticks(**given)
    all_ticks = list(schedule.between(utc(*day), utc(*day) + 2 * DAY))
    rng = random.Random(1)
    for _ in range(200):
        start = utc(*day) + rng.random() * 2 * DAY
        later = [tick for tick in all_ticks if tick > start]
        assert list(islice(schedule.between(start, utc(*day) + 2 * DAY), 3)) == later[:3]


def test_intervals_are_counted_from_1970() -> None:
    found = list(ticks(every=timedelta(minutes=15)).between(utc(2026, 3, 1, 12, 1), utc(2026, 3, 1, 13)))
    assert found == [utc(2026, 3, 1, 12, 15), utc(2026, 3, 1, 12, 30), utc(2026, 3, 1, 12, 45), utc(2026, 3, 1, 13)]
    weekly = ticks(every=timedelta(days=7)).after(utc(2026, 3, 1))
    assert weekly is not None
    assert (weekly - utc(1970, 1, 1)) % timedelta(days=7) == timedelta(0)


def test_identities_are_in_utc_and_of_one_schedule() -> None:
    nightly = ticks(name="nightly", cron="0 2 * * *", timezone="Europe/Berlin")
    tick = nightly.after(utc(2026, 7, 1))
    assert tick is not None
    assert (
        nightly.id(tick) == "nightly@2026-07-01T00:00:00+00:00"
        or nightly.id(tick) == "nightly@2026-07-02T00:00:00+00:00"
    )
    assert nightly.of(nightly.id(tick)) == tick
    assert nightly.of("other@2026-07-01T00:00:00+00:00") is None
    assert nightly.of(None) is None


def test_very_many_missed_ticks_are_the_latest_ones() -> None:
    schedule = ticks(every=timedelta(minutes=1))
    missed = schedule.missed(utc(2020, 1, 1), utc(2026, 1, 1))
    assert missed.more
    assert len(missed.ticks) == MOST_MISSED
    assert missed.ticks[-1] == utc(2026, 1, 1)
    few = schedule.missed(utc(2025, 12, 31, 23, 55), utc(2026, 1, 1))
    assert (len(few.ticks), few.more) == (5, False)
    exactly = schedule.missed(utc(2026, 1, 1) - MOST_MISSED * MINUTE, utc(2026, 1, 1))
    assert (len(exactly.ticks), exactly.more) == (MOST_MISSED, False)


def test_the_delay_is_of_tick_and_scheduler() -> None:
    schedule = ticks(every=timedelta(hours=1), jitter=timedelta(minutes=5))
    hours = [utc(2026, 1, 1, hour) for hour in range(24)]
    ours, theirs = ([schedule.delay(hour, owner) for hour in hours] for owner in ("a:1", "b:1"))
    assert ours == [schedule.delay(hour, "a:1") for hour in hours]
    assert len({*ours, *theirs}) == 48
    assert all(timedelta(0) <= delay < timedelta(minutes=5) for delay in ours + theirs)
    assert ticks(every=timedelta(hours=1)).delay(hours[0], "a:1") == timedelta(0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "neither --cron nor --every"),
        ({"cron": "0 2 * * *", "every": timedelta(hours=1)}, "both --cron and --every"),
        ({"every": timedelta(milliseconds=1500)}, "--every is 1.5 s"),
        ({"every": timedelta(0)}, "from 1s to 366d"),
        ({"every": timedelta(days=367)}, "from 1s to 366d"),
        ({"every": timedelta(hours=1), "jitter": timedelta(days=2)}, "--jitter is 172800 s"),
        ({"every": timedelta(hours=1), "name": "two words"}, "'two words' is no name"),
        ({"every": timedelta(hours=1), "name": "a@b"}, "no name"),
        ({"cron": "0 0 30 2 *"}, "never due"),
        ({"cron": "0 2 * * *", "timezone": "Europe/Brelin"}, "did you mean 'Europe/Berlin'"),
    ],
)
def test_what_is_no_schedule_is_refused_in_one_line(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ticks(**given)
