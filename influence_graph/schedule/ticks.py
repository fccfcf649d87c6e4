"""Ticks: the times at which a schedule is due. Each is one instant of UTC, whatever clocks on the wall show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import islice, takewhile
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

from influence_graph.errors import InputError, MissingExtra
from influence_graph.model.parameters import ScheduleParameters
from influence_graph.model.times import zone_named
from influence_graph.schedule.cron import Cron, parse_cron
from influence_graph.text import one_line

MOST_MISSED = 1000
"""How many missed ticks are named at most, or caught up with: the latest."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT, _SECOND, _DAY = timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=1)
_LARGEST_CHANGE = timedelta(hours=3)  # of a clock
_LONGEST = timedelta(days=366)
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class _Trigger(Protocol):
    """What of APScheduler's triggers is used."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Return the first time at or after *now*."""


@dataclass(frozen=True)
class Missed:
    """Ticks that were due.

    Attributes:
        ticks: The latest of them, ascending, :data:`MOST_MISSED` at most.
        more: Whether there were earlier ones.
    """

    ticks: tuple[datetime, ...]
    more: bool


class Ticks:
    """The ticks of a schedule; times in and out are in UTC.

    APScheduler's triggers give the times on the wall; what these are in UTC is ours, so that a tick depends on nothing
    but the schedule, and two schedulers, or one before and after a restart, agree on it. In a zone APScheduler (3.11)
    leaves out midnight where the clock skips it, gives a time of day twice where the clock goes back, and 01:30 UTC
    twice for ``30 2,3 * * *`` in Berlin on the day that has no 02:30. Here:

    - Where the clock goes forward, a time that it skips is due as much later: 02:30 at 03:30.
    - Where it goes back, an expression of fixed times (no ``*`` in minute and hour) holds the first of two equal times
      on the wall only; others hold both and run on, as with cron(8).
    - Weekdays are those of crontab(5): 0 is Sunday, which is APScheduler's 6; and day *or* weekday, which is its
      *and*. Intervals are counted from 1970-01-01 UTC, not from the start of a process.

    Its jitter is not used, since it moves the tick itself: :meth:`delay` puts off the work.

    Raises:
        InputError: the schedule has none or both of cron and every, or one of them, the name or the zone is wrong.
        MissingExtra: APScheduler is not installed.
    """

    def __init__(self, schedule: ScheduleParameters) -> None:
        _check(schedule)
        self.name = schedule.name
        self._jitter = schedule.jitter
        self._zone = zone_named(schedule.timezone)
        self._is_fixed = False
        if schedule.cron is not None:
            cron = parse_cron(schedule.cron)
            self._is_fixed = cron.is_fixed
            self._trigger = _cron_trigger(cron)
        elif schedule.every is not None:
            self._zone = ZoneInfo("UTC")
            self._trigger = _interval_trigger(schedule.every)
        self._around = timedelta(0) if self._zone.key == "UTC" else _LARGEST_CHANGE
        if self.after(datetime.now(UTC)) is None:
            raise InputError(f"the cron expression {schedule.cron!r} is never due", remedy="check its day and month")

    def id(self, tick: datetime) -> str:
        """Return the identity of *tick* in a store, ``NAME@TIME``."""
        return f"{self.name}@{tick.astimezone(UTC).isoformat()}"

    def of(self, id_: str | None) -> datetime | None:
        """Return the tick with this identity, None where it is that of another schedule."""
        name, separator, time = (id_ or "").rpartition("@")
        return datetime.fromisoformat(time) if separator and name == self.name else None

    def after(self, time: datetime) -> datetime | None:
        """Return the first tick after *time*, None where there is none before the year 9999."""
        return next(self._following(time), None)

    def between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Yield the ticks in (*after*, *until*], ascending."""
        return takewhile(lambda tick: tick <= until, self._following(after))

    def _following(self, time: datetime) -> Iterator[datetime]:
        """Yield the ticks after *time*, ascending.

        The order of times on the wall is that of UTC but around changes of the clock: a tick waits in a heap until
        none can come before it any more.
        """
        wall = _wall(time.astimezone(self._zone)) - self._around
        waiting: list[datetime] = []
        while (found := self._trigger.get_next_fire_time(None, wall + _INSTANT)) is not None:
            wall = found
            for tick in self._instants(wall):
                heappush(waiting, tick)
            while waiting and waiting[0] <= self._instants(wall)[0] - self._around:
                tick = heappop(waiting)
                if tick > time:
                    time = tick
                    yield tick
        yield from sorted({tick for tick in waiting if tick > time})

    def _instants(self, wall: datetime) -> tuple[datetime, ...]:
        """Return when the clock shows *wall*, where it is skipped as much later: one or two times in UTC."""
        shown = wall.replace(tzinfo=self._zone)
        first, second = shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)
        return (first, second) if second > first and not self._is_fixed else (first,)

    def missed(self, after: datetime, until: datetime) -> Missed:
        """Return the latest ticks in (*after*, *until*]; how long that is does not matter."""
        span = timedelta(hours=1)
        while until - span > after and not _holds(self.between(until - span, until), MOST_MISSED + 1):
            span *= 4
        ticks = tuple(self.between(max(after, until - span), until))
        return Missed(ticks[-MOST_MISSED:], len(ticks) > MOST_MISSED or until - span > after)

    def delay(self, tick: datetime, owner: str) -> timedelta:
        """Return how long after *tick* the scheduler *owner* acts, in [0, jitter); the same each time it is asked."""
        share = Random(f"{owner} {self.id(tick)}").random()  # noqa: S311 - no secret
        return self._jitter * share


def _holds(ticks: Iterator[datetime], count: int) -> bool:
    return sum(1 for _ in islice(ticks, count)) == count


def _check(schedule: ScheduleParameters) -> None:
    if not _NAME.fullmatch(schedule.name):
        raise InputError(
            f"{one_line(schedule.name, 80)!r} is no name of a schedule",
            remedy="write at most 64 letters, digits, dots, dashes and underscores, a letter or digit first",
        )
    if (schedule.cron is None) == (schedule.every is None):
        which = "neither --cron nor --every is" if schedule.cron is None else "both --cron and --every are"
        raise InputError(f"{which} given for the schedule {schedule.name}", remedy="give one of them")
    every = schedule.every
    if every is not None and (not _SECOND <= every <= _LONGEST or every % _SECOND):
        raise InputError(f"--every is {every.total_seconds():g} s", remedy="give whole seconds, from 1s to 366d")
    if not timedelta(0) <= schedule.jitter <= _DAY:
        raise InputError(f"--jitter is {schedule.jitter.total_seconds():g} s", remedy="give 0s to 1d")


def _interval_trigger(every: timedelta) -> _Trigger:
    try:
        from apscheduler.triggers.interval import IntervalTrigger
    except ImportError as error:
        raise _missing() from error
    trigger: _Trigger = IntervalTrigger(seconds=every // _SECOND, start_date=_EPOCH, timezone=UTC)
    return trigger


def _wall(time: datetime) -> datetime:
    """Return what a clock shows at *time*, as if it were UTC."""
    return time.replace(tzinfo=UTC, fold=0)


def _cron_trigger(cron: Cron) -> _Trigger:
    try:
        from apscheduler.triggers.combining import OrTrigger
        from apscheduler.triggers.cron import CronTrigger
    except ImportError as error:
        raise _missing() from error
    days = {"day": _listed(cron.days, 31)}
    weekdays = {"day_of_week": _listed([_WEEKDAYS[day] for day in cron.weekdays], 7)}
    rest = {
        "month": _listed(cron.months, 12),
        "hour": _listed(cron.hours, 24),
        "minute": _listed(cron.minutes, 60),
        "second": "0",
        "timezone": UTC,
    }
    ways = [days, weekdays] if cron.either else [{**days, **weekdays}]
    trigger: _Trigger = OrTrigger([CronTrigger(**way, **rest) for way in ways])
    return trigger


def _listed(values: tuple[int, ...] | list[str], most: int) -> str:
    return "*" if len(values) == most else ",".join(map(str, values))


def _missing() -> MissingExtra:
    return MissingExtra(
        "a schedule needs APScheduler, which is not installed", remedy="pip install 'influence-graph[schedule]'"
    )
