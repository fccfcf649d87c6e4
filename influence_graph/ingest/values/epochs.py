"""Times that are numbers of seconds, or of parts of one, since 1970 in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.notation import UNITS
from influence_graph.ingest.values.text import SPACES, parse_each, parse_rest, utf8
from influence_graph.ingest.values.zones import EARLIEST, INSTANT, LATEST, USUAL

_WHOLE = "^-?(?:[0-9]{1,18}|[0-8][0-9]{18})$"  # fits in 64 bits
_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
_MICROS = 10**6
_START = datetime(1970, 1, 1, tzinfo=UTC)


def parse_epoch(raw: pa.Array, unit: str) -> ParsedColumn:
    """Return *raw*, bytes or numbers, as instants.

    Whole numbers are exact, their nanoseconds cut off. Others are to the nearest microsecond.

    Args:
        raw: Numbers, as type or as text.
        unit: What they count: ``s``, ``ms``, ``us`` or ``ns``.
    """

    def parse(value: str) -> datetime:
        return _parse_one(value, unit)

    if pt.is_floating(raw.type) or (pt.is_integer(raw.type) and not pt.is_uint64(raw.type)):
        values = _from_whole(raw, unit) if pt.is_integer(raw.type) else _from_fractions(raw.cast(pa.float64()), unit)
        return parse_rest(raw.cast(pa.string()).cast(pa.binary()), values, parse)
    if not pt.is_binary(raw.type):
        raw = raw.cast(pa.string()).cast(pa.binary())
    text = utf8(raw)
    return parse_each(raw, parse, INSTANT) if text is None else parse_rest(raw, from_text(text, unit), parse)


def from_text(text: pa.StringArray, unit: str) -> pa.Array:
    """Return *text* as instants where it is a number of *unit* between EARLIEST and LATEST, null elsewhere."""
    text = pc.utf8_trim(text, characters=SPACES)
    whole = pc.match_substring_regex(text, _WHOLE)
    values = _from_whole(pc.if_else(whole, text, None).cast(pa.int64()), unit)
    if values.null_count == text.null_count:
        return values
    number = pc.and_(pc.invert(whole), pc.match_substring_regex(text, _NUMBER))
    unsigned = pc.replace_substring_regex(pc.if_else(number, text, None), r"^\+", "")  # which Arrow does not read
    return pc.coalesce(values, _from_fractions(unsigned.cast(pa.float64()), unit))


def _from_whole(numbers: pa.Array, unit: str) -> pa.Array:
    per_second = UNITS[unit]
    low, high = (int(end.timestamp()) * per_second for end in (EARLIEST, LATEST))
    good = pc.and_(pc.greater_equal(numbers, low), pc.less_equal(numbers, high)).fill_null(False)
    counted = pc.if_else(good, numbers, 0).cast(pa.int64()).to_numpy()
    micros = counted * (_MICROS // per_second) if per_second <= _MICROS else counted // (per_second // _MICROS)
    return _instants(micros, good)


def _from_fractions(numbers: pa.Array, unit: str) -> pa.Array:
    seconds = pc.divide(numbers, float(UNITS[unit]))
    good = pc.and_(pc.greater_equal(seconds, EARLIEST.timestamp()), pc.less_equal(seconds, LATEST.timestamp()))
    good = good.fill_null(False)
    counted = pc.if_else(good, numbers, 0.0).to_numpy()
    return _instants(np.rint(counted * (_MICROS / UNITS[unit])).astype(np.int64), good)


def _instants(micros: np.ndarray, good: pa.BooleanArray) -> pa.Array:
    return pc.if_else(good, pa.array(micros).cast(pa.timestamp("us")).cast(INSTANT), None)


def _parse_one(text: str, unit: str) -> datetime:
    value: datetime | None = from_text(pa.array([text]), unit)[0].as_py()
    if value is not None:
        return value
    if not re.fullmatch(_NUMBER, text):
        raise BadValue(f"is not a number of {unit}", "write a number such as 1714564800")
    raise BadValue(f"is outside {EARLIEST.year} to {LATEST.year} as a number of {unit}", _other_unit(float(text)))


def _other_unit(number: float) -> str:
    """Return a remedy with the unit of which *number* is a usual time."""
    for unit, per_second in UNITS.items():
        if USUAL[0].timestamp() <= number / per_second <= USUAL[1].timestamp():
            return f"the unit {unit} makes it {_START + timedelta(seconds=int(number / per_second)):%Y-%m-%d %H:%M:%S}"
    return "check the number"
