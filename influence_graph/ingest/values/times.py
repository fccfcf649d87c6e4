"""Time and date columns: ISO 8601, a stated format, or a number of a stated unit in; UTC out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.epochs import parse_epoch
from influence_graph.ingest.values.formats import fitting, parse_formatted, parse_formatted_date
from influence_graph.ingest.values.notation import PLAIN, Notation
from influence_graph.ingest.values.text import SPACES, parse_each, parse_rest, refused, utf8
from influence_graph.ingest.values.zones import (
    EARLIEST,
    INSTANT,
    LATEST,
    LOCAL,
    checked_day,
    checked_instant,
    days_in_range,
    in_range,
    localized,
    within,
)

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?"
_OFFSET = r"[+-][0-9]{2}(?::?[0-9]{2})?"
_NAMED_OFFSET = r"(?:UTC|GMT)[+-][0-9]{1,2}(?::?[0-9]{2})?"
# Java writes the name of the zone in brackets behind the offset, which decides.
_REGION = r"(?:\[[A-Za-z0-9_/+-]+\])?"
_ISO = re.compile(rf"(?i)({_DATE})(?:[T ]({_CLOCK})(?: ?(Z|UTC|GMT|{_OFFSET}|{_NAMED_OFFSET}){_REGION})?)?")
_MIDNIGHT = re.compile(rf"({_DATE})(?:[Tt ]00(?::00(?::00(?:[.,]0{{1,9}})?)?)?)?")
_EPOCH = re.compile(r"[+-]?[0-9]{5,20}(\.[0-9]*)?")
# RFC 2822, section 3.3, with a zone that means one offset.
_MAIL = re.compile(
    r"(?i)(?:[a-z]{3}, *)?[0-9]{1,2} [a-z]{3} [0-9]{4} [0-9]{2}:[0-9]{2}(?::[0-9]{2})? (?:UTC?|GMT|[+-][0-9]{4})"
)
_MAIL_FORMAT = "%a, %d %b %Y %H:%M:%S %z"
# To the form that Arrow reads, where the first value has a zone that it does not.
_NAMED = re.compile(rf"{_DATE}[T ]{_CLOCK} ?(?:Z|UTC|GMT|(?:UTC|GMT)?{_OFFSET}){_REGION}")
_TIDY = (
    (rf"^({_DATE})[T ]({_CLOCK}) ?(?:UTC|GMT)?({_OFFSET}){_REGION}$", r"\1T\2\3"),
    (rf"^({_DATE})[T ]({_CLOCK}) ?(?:Z|UTC|GMT){_REGION}$", r"\1T\2Z"),
)
_WRITE_TIME = "write ISO 8601 with a zone, such as 2024-05-01T12:00:00Z, or state the format of the column"
_WRITE_UNIT = "write ISO 8601 with a zone, such as 2024-05-01T12:00:00Z, or state the unit of the column"
_WRITE_DATE = "write the date as 2024-05-01, or state the format of the column"


def parse_time(raw: pa.Array, zone: ZoneInfo | None, notation: Notation = PLAIN) -> ParsedColumn:
    """Return *raw*, bytes, numbers, timestamps or dates, as instants; times without a zone are in *zone*.

    Texts are in the format of *notation*, or numbers of its unit; without either ISO 8601, also with ``UTC`` or
    ``GMT``, alone or with an offset, or RFC 2822. Columns of timestamps are taken by their type.
    """
    if pt.is_temporal(raw.type):
        return _parse_times(raw, zone)
    if notation.unit:
        return parse_epoch(raw, notation.unit)
    texts = _as_bytes(raw)
    return parse_formatted(texts, notation.format, zone) if notation.format else _parse_times(texts, zone)


def _parse_times(raw: pa.Array, zone: ZoneInfo | None) -> ParsedColumn:
    values = _instants(raw, zone)
    if values is None:
        return parse_each(_as_bytes(raw), lambda text: _instant(text, zone), INSTANT)
    values = in_range(values)
    if values.null_count == raw.null_count:
        return ParsedColumn(values)
    return parse_rest(_as_bytes(raw), values, lambda text: _instant(text, zone))


def parse_date(raw: pa.Array, notation: Notation = PLAIN) -> ParsedColumn:
    """Return *raw*, bytes, numbers, dates or midnights without a zone, as dates; texts and numbers as in *notation*."""
    if not pt.is_temporal(raw.type):
        if notation.unit:
            return _midnights(parse_epoch(raw, notation.unit), raw)
        raw = _as_bytes(raw)
        if notation.format:
            return parse_formatted_date(raw, notation.format)
    text = utf8(raw) if pt.is_binary(raw.type) else raw
    try:
        if text is not None and not pt.is_timestamp(text.type):
            values = pc.cast(text, pa.date32())
            if within(values, EARLIEST.date(), LATEST.date()):
                return ParsedColumn(values)
    except pa.ArrowInvalid:
        pass
    return parse_each(_as_bytes(raw), _date, pa.date32())


def _midnights(parsed: ParsedColumn, raw: pa.Array) -> ParsedColumn:
    """Return the dates of instants that are midnights in UTC, as *raw* has them."""
    days = days_in_range(parsed.values.cast(LOCAL))
    others = pc.and_(days.is_null(), parsed.values.is_valid())
    return refused(replace(parsed, values=days), others, "is a time, not a date", _WRITE_DATE, raw)


def _instants(raw: pa.Array, zone: ZoneInfo | None) -> pa.Array | None:
    """Return *raw* as instants, null where a value decides for itself; None if the fast path cannot parse them all."""
    if not pt.is_binary(raw.type):
        stated = pt.is_timestamp(raw.type) and raw.type.tz is not None
        return pc.cast(raw, INSTANT, safe=False) if stated else localized(pc.cast(raw, LOCAL, safe=False), zone)
    text = utf8(raw)
    if text is None:
        return None
    for tidied in (text, *_tidied(text)):
        values = _cast(tidied, INSTANT)
        if values is not None:
            return values
    local = _cast(text, LOCAL)
    return _mail_times(text) if local is None else localized(local, zone)


def _tidied(text: pa.StringArray) -> Iterator[pa.StringArray]:
    for pattern, by in _TIDY if _NAMED.fullmatch(_first(text)) else ():
        yield pc.replace_substring_regex(text, pattern, by)


def _first(text: pa.StringArray) -> str:
    """Return the first text without spaces around; "" where there is none."""
    place = pc.index(text.is_valid(), True).as_py()
    return "" if place < 0 else str(text[place]).strip(SPACES)


def _cast(text: pa.StringArray, type_: pa.DataType) -> pa.Array | None:
    try:
        return pc.cast(text, type_, safe=False)
    except pa.ArrowInvalid:
        return None


def _mail_times(text: pa.StringArray) -> pa.Array | None:
    return fitting(text, _MAIL_FORMAT) if _MAIL.fullmatch(_first(text)) else None


def _as_bytes(raw: pa.Array) -> pa.BinaryArray:
    """Return numbers, timestamps and dates as a text file would contain them."""
    if pt.is_binary(raw.type):
        return raw
    if pt.is_timestamp(raw.type):
        raw = raw.cast(INSTANT if raw.type.tz else LOCAL, safe=False)
    if pt.is_floating(raw.type):
        try:
            raw = raw.cast(pa.int64())
        except pa.ArrowInvalid:  # not all are whole
            raw = raw.cast(pa.float64())
    return raw.cast(pa.string()).cast(pa.binary())


def _instant(text: str, zone: ZoneInfo | None) -> datetime:
    return checked_instant(stated_time(text), zone)


def stated_time(text: str) -> datetime:
    """Return the time that *text* states in ISO 8601 or RFC 2822, with its own offset where it has one.

    Raises:
        BadValue: It is none.
    """
    match = _ISO.fullmatch(text)
    if not match:
        if _MAIL.fullmatch(text):
            return _mail_time(text)
        raise _not_a_time(text)
    day, clock, offset = match.groups()
    try:
        return datetime.fromisoformat(f"{day}T{clock or '00'}{_plain_offset(offset or '')}".replace(",", "."))
    except ValueError as error:
        raise BadValue(f"is not a valid time: {error}", _WRITE_TIME) from error


def _plain_offset(stated: str) -> str:
    """Return a zone such as utc, GMT+2 or +0200 as :meth:`datetime.fromisoformat` reads it."""
    offset = stated.upper().removeprefix("UTC").removeprefix("GMT")
    if len(offset) in (2, 4) or offset[2:3] == ":":  # +2, +530, +5:30
        offset = f"{offset[0]}0{offset[1:]}"
    return offset or ("Z" if stated else "")


def _mail_time(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError) as error:
        raise BadValue(f"is not a valid time: {error}", _WRITE_TIME) from error


def _date(text: str) -> date:
    match = _MIDNIGHT.fullmatch(text)
    if not match:
        reason = "is a time, not a date" if _ISO.fullmatch(text) else "is not an ISO 8601 date"
        raise BadValue(reason, _WRITE_DATE)
    try:
        return checked_day(datetime.fromisoformat(match.group(1)))
    except BadValue:
        raise
    except ValueError as error:
        raise BadValue(f"is not a valid date: {error}", _WRITE_DATE) from error


def _not_a_time(text: str) -> BadValue:
    if _EPOCH.fullmatch(text):
        return BadValue("is a bare number, and its unit (seconds, milliseconds, days) is unknown", _WRITE_UNIT)
    return BadValue("is not an ISO 8601 time", _WRITE_TIME)
