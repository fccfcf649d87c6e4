"""Local times in their zone, and the range of times that are taken."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.faults import BadValue

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
USUAL = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
"""Between these are times that people have records of: a number of another unit is not."""
INSTANT = pa.timestamp("us", tz="UTC")
LOCAL = pa.timestamp("us")
# Arrow's tables of time zones end in 2037, and it ignores the rule for later years.
_ARROW_ZONES_END = datetime(2037, 1, 1)


def localized(local: pa.Array, zone: ZoneInfo | None) -> pa.Array:
    """Return times without a zone as instants, those of *zone*.

    Null where the zone is None, clocks were changed, or Arrow does not know the rule: there :func:`checked_instant`
    decides.
    """
    if zone is None:
        return pa.nulls(len(local), INSTANT)
    known = _between(local, EARLIEST.replace(tzinfo=None), _ARROW_ZONES_END)
    local = pc.if_else(known, local, None)
    try:
        early, late = (
            pc.assume_timezone(local, zone.key, ambiguous=end, nonexistent=end) for end in ("earliest", "latest")
        )
    except pa.ArrowInvalid:  # a zone that Arrow does not know
        return pa.nulls(len(local), INSTANT)
    return pc.if_else(pc.equal(early, late), early, None).cast(INSTANT)


def in_range(times: pa.Array, first: datetime = EARLIEST, last: datetime = LATEST) -> pa.Array:
    """Return *times*, instants or times without a zone, with null where they are not from *first* to *last*."""
    ends = (end if times.type == INSTANT else end.replace(tzinfo=None) for end in (first, last))
    return pc.if_else(_between(times, *ends), times, None)


def days_in_range(times: pa.Array) -> pa.Array:
    """Return times without a zone as dates; null where they are not midnight, or not from EARLIEST to LATEST."""
    days = times.cast(pa.date32(), safe=False)
    midnight = pc.equal(days.cast(times.type), times)
    return pc.if_else(pc.and_(midnight, _between(days, EARLIEST.date(), LATEST.date())), days, None)


def within(values: pa.Array, first: date, last: date) -> bool:
    """Return whether all *values* are from *first* to *last*; compared as Arrow values, for any year."""
    return bool(pc.all(_between(values, first, last), min_count=0).as_py())


def _between(values: pa.Array, first: date, last: date) -> pa.BooleanArray:
    low, high = pa.scalar(first, values.type), pa.scalar(last, values.type)
    return pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))


def checked_instant(stated: datetime, zone: ZoneInfo | None) -> datetime:
    """Return a time in UTC; without a zone it is in *zone*.

    Raises:
        BadValue: It has no zone, never happened or happened twice there, or is not from EARLIEST to LATEST.
    """
    try:
        value = _in_zone(stated, zone) if stated.tzinfo is None else stated.astimezone(UTC)
    except OverflowError as error:
        raise BadValue(f"is not a valid time: {error}", "check the year") from error
    if not EARLIEST <= value <= LATEST:
        raise _outside()
    return value


def checked_day(stated: datetime) -> date:
    """Return the day of a midnight.

    Raises:
        BadValue: It is another time of day, or not from EARLIEST to LATEST.
    """
    if stated.time() != time():
        raise BadValue("is a time, not a date", "write the date alone")
    if not EARLIEST.date() <= stated.date() <= LATEST.date():
        raise _outside()
    return stated.date()


def _in_zone(local: datetime, zone: ZoneInfo | None) -> datetime:
    if zone is None:
        raise BadValue("has no time zone", "add Z or an offset such as +02:00, or pass --timezone")
    early, late = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        exists = _round_trip(early, zone) == local
        reason = "happened twice" if exists else "never happened"
        raise BadValue(
            f"{reason} in {zone.key}, because clocks were changed", "write the time with its offset, such as +02:00"
        )
    return early.astimezone(UTC)


def _outside() -> BadValue:
    return BadValue(f"is outside {EARLIEST.year} to {LATEST.year}", "check the year")


def _round_trip(value: datetime, zone: tzinfo) -> datetime:
    return value.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
