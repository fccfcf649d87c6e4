"""Time and date columns: ISO 8601 in, UTC out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import InputError
from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.text import parse_each, utf8
from influence_graph.text import did_you_mean

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
# Arrow's tables of time zones end in 2037, and it ignores the rule for later years.
_ARROW_ZONES_END = datetime(2037, 1, 1)
_INSTANT = pa.timestamp("us", tz="UTC")
_LOCAL = pa.timestamp("us")
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?"
_ISO = re.compile(rf"({_DATE})(?:[Tt ]({_CLOCK}) ?([Zz]|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)?")
_MIDNIGHT = re.compile(rf"({_DATE})(?:[Tt ]00(?::00(?::00(?:[.,]0{{1,9}})?)?)?)?")
_EPOCH = re.compile(r"[+-]?[0-9]{5,20}(\.[0-9]*)?")
_WRITE_TIME = "write ISO 8601 with a zone, such as 2024-05-01T12:00:00Z"
_WRITE_DATE = "write the date as 2024-05-01"


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA time zone *name*.

    Raises:
        InputError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # KeyError: ZoneInfoNotFoundError is one
        raise InputError(f"no time zone is named {name!r}", remedy=_zones_like(name)) from error


def _zones_like(name: str) -> str:
    """Return a remedy with the zones that are named like *name*, or whose city is."""
    zones = sorted(available_timezones())
    city = name.rpartition("/")[2].strip().replace(" ", "_").casefold()
    cities = [zone for zone in zones if city and zone.rpartition("/")[2].casefold() == city]
    if cities:
        return f"did you mean {', '.join(map(repr, cities[:3]))}?"
    return did_you_mean(name, zones, "use an IANA name such as Europe/Berlin")


def parse_time(raw: pa.Array, zone: ZoneInfo | None) -> ParsedColumn:
    """Return *raw*, bytes, timestamps or dates, as instants; times without a zone are in *zone*."""
    values = _instants(raw, zone)
    if values is not None and _within(values, EARLIEST, LATEST):
        return ParsedColumn(values)
    return parse_each(_as_bytes(raw), lambda text: _instant(text, zone), _INSTANT)


def parse_date(raw: pa.Array) -> ParsedColumn:
    """Return *raw*, bytes, dates or midnights without a zone, as dates."""
    text = utf8(raw) if pa.types.is_binary(raw.type) else raw
    try:
        if text is not None and not pa.types.is_timestamp(text.type):
            values = pc.cast(text, pa.date32())
            if _within(values, EARLIEST.date(), LATEST.date()):
                return ParsedColumn(values)
    except pa.ArrowInvalid:
        pass
    return parse_each(_as_bytes(raw), _date, pa.date32())


def _instants(raw: pa.Array, zone: ZoneInfo | None) -> pa.Array | None:
    """Return *raw* as instants if the fast path can parse every value, else None."""
    text = utf8(raw) if pa.types.is_binary(raw.type) else raw
    if text is None:
        return None
    zoned = pa.types.is_binary(raw.type) or (pa.types.is_timestamp(raw.type) and raw.type.tz is not None)
    try:
        if zoned:
            return pc.cast(text, _INSTANT, safe=False)
    except pa.ArrowInvalid:
        pass
    return None if zone is None else _localized(text, zone)


def _localized(text: pa.Array, zone: ZoneInfo) -> pa.Array | None:
    try:
        local = pc.cast(text, _LOCAL, safe=False)
        if not _within(local, EARLIEST.replace(tzinfo=None), _ARROW_ZONES_END):
            return None
        return pc.assume_timezone(local, zone.key).cast(_INSTANT)
    except pa.ArrowInvalid:  # a time with a zone, in a gap or a fold, not a time, or a zone that Arrow does not know
        return None


def _within(values: pa.Array, first: date, last: date) -> bool:
    """Return whether all *values* are from *first* to *last*; compared as Arrow values, for any year."""
    low = pa.scalar(first, values.type)
    high = pa.scalar(last, values.type)
    good = pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))
    return bool(pc.all(good, min_count=0).as_py())


def _as_bytes(raw: pa.Array) -> pa.BinaryArray:
    """Return timestamps and dates as a text file would contain them."""
    if pa.types.is_binary(raw.type):
        return raw
    if pa.types.is_timestamp(raw.type):
        raw = raw.cast(_INSTANT if raw.type.tz else _LOCAL, safe=False)
    return raw.cast(pa.string()).cast(pa.binary())


def _instant(text: str, zone: ZoneInfo | None) -> datetime:
    match = _ISO.fullmatch(text)
    if not match:
        raise _not_a_time(text)
    day, clock, offset = match.groups()
    zoned = f"{day}T{clock or '00'}{(offset or '').upper()}".replace(",", ".")
    try:
        stated = datetime.fromisoformat(zoned)
        value = stated.astimezone(UTC) if offset else _in_zone(stated, zone)
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue(f"is not a valid time: {error}", _WRITE_TIME) from error
    if not EARLIEST <= value <= LATEST:
        raise BadValue(f"is outside {EARLIEST.year} to {LATEST.year}", "check the year")
    return value


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


def _round_trip(value: datetime, zone: tzinfo) -> datetime:
    return value.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)


def _date(text: str) -> date:
    match = _MIDNIGHT.fullmatch(text)
    if not match:
        reason = "is a time, not a date" if _ISO.fullmatch(text) else "is not an ISO 8601 date"
        raise BadValue(reason, _WRITE_DATE)
    try:
        value = date.fromisoformat(match.group(1))
    except ValueError as error:
        raise BadValue(f"is not a valid date: {error}", _WRITE_DATE) from error
    if not EARLIEST.date() <= value <= LATEST.date():
        raise BadValue(f"is outside {EARLIEST.year} to {LATEST.year}", "check the year")
    return value


def _not_a_time(text: str) -> BadValue:
    if _EPOCH.fullmatch(text):
        return BadValue("is a bare number, and its unit (seconds, milliseconds, days) is unknown", _WRITE_TIME)
    return BadValue("is not an ISO 8601 time", _WRITE_TIME)
