"""Times and dates that are written in one stated format."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.text import SPACES, parse_each, parse_rest, utf8
from influence_graph.ingest.values.zones import (
    INSTANT,
    LOCAL,
    checked_day,
    checked_instant,
    days_in_range,
    in_range,
    localized,
)

# UTC goes by three names everywhere, with an offset behind it or alone; others mean several zones and are refused.
_OFFSET_BEHIND_NAME = (r"(?:UTC|GMT)([+-][0-9])", r"\1")
_NAME_ALONE = (r"(^|[^A-Za-z])(?:UTC|GMT|Z)($|[^A-Za-z])", r"\1+00:00\2")
_BEYOND_MICROSECONDS = (r"([.,][0-9]{6})[0-9]{1,3}", r"\1")
_EXAMPLE = datetime(2025, 7, 14, 16, 30, tzinfo=UTC)


def parse_formatted(raw: pa.BinaryArray, format_: str, zone: ZoneInfo | None) -> ParsedColumn:
    """Return *raw* as instants, each written as *format_* says from end to end; without a zone they are in *zone*.

    A date alone is its midnight. Two digits of a year from 69 are of 1900, others of 2000. The name of a weekday is not
    compared with the date.
    """
    text = utf8(raw)

    def parse(value: str) -> datetime:
        return checked_instant(parse_one(value, format_), zone)

    if text is None:
        return parse_each(raw, parse, INSTANT)
    found = fitting(text, format_)
    return parse_rest(raw, in_range(localized(found, zone) if found.type == LOCAL else found), parse)


def parse_formatted_date(raw: pa.BinaryArray, format_: str) -> ParsedColumn:
    """Return *raw* as dates, each written as *format_* says; a time of day must be midnight."""
    text = utf8(raw)

    def parse(value: str) -> date:
        return checked_day(parse_one(value, format_))

    return (
        parse_each(raw, parse, pa.date32())
        if text is None
        else parse_rest(raw, days_in_range(fitting(text, format_)), parse)
    )


def fitting(text: pa.StringArray, format_: str) -> pa.Array:
    """Return *text* as times where it is one in *format_* from end to end, null elsewhere.

    Returns:
        Times without a zone, or instants where the format has ``%z`` or ``%Z``: an offset, or UTC, GMT or Z.
    """
    for pattern, by in _adjustments(format_):
        text = pc.replace_substring_regex(text, pattern, by)
    text = pc.utf8_trim(text, characters=SPACES)
    found = duckdb.FunctionExpression(
        "try_strptime", duckdb.ColumnExpression("text"), duckdb.ConstantExpression(_with_offset(format_))
    )
    table = _database().cursor().from_arrow(pa.table({"text": text})).select(found).to_arrow_table()
    return table.column(0).combine_chunks().cast(INSTANT if _zoned(format_) else LOCAL)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return the empty database whose functions are used."""
    return duckdb.connect()


def _zoned(format_: str) -> bool:
    return "%z" in format_ or "%Z" in format_


def _with_offset(format_: str) -> str:
    return format_.replace("%Z", "%z")


def _adjustments(format_: str) -> list[tuple[str, str]]:
    """Return what is replaced in texts by what, so that the format means them."""
    fraction = [_BEYOND_MICROSECONDS] if "%f" in format_ else []
    return [*fraction, _OFFSET_BEHIND_NAME, _NAME_ALONE] if _zoned(format_) else fraction


def parse_one(text: str, format_: str) -> datetime:
    """Return the time that *text* is in *format_*.

    Raises:
        BadValue: it is none.
    """
    plain = text
    for pattern, by in _adjustments(format_):
        plain = re.sub(pattern, by, plain)
    example = f"write it such as {_EXAMPLE.strftime(format_)!r}, or state another format"
    try:
        return datetime.strptime(plain, _with_offset(format_))
    except ValueError as error:
        if "out of range" in str(error):
            raise BadValue(f"is not a valid date: {error}", example) from error
        reason = "is longer than" if "remains" in str(error) else "is not in"
        raise BadValue(f"{reason} the format {format_}", example) from error
