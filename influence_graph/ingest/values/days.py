"""The calendar days of times where they were written: what was shared at 22:00 in New York was shared on that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.columns import stand_ins
from influence_graph.ingest.values.formats import fitting, parse_one
from influence_graph.ingest.values.notation import PLAIN, Notation
from influence_graph.ingest.values.text import SPACES, decoded
from influence_graph.ingest.values.times import stated_time
from influence_graph.ingest.values.zones import INSTANT, LOCAL

_DATE = "%Y-%m-%d"
_LENGTH = len("2026-05-01")


def days_as_written(raw: pa.Array, notation: Notation = PLAIN) -> pa.Array:
    """Return the date that each time of *raw* has in its own offset, or as it stands where it has none.

    Args:
        raw: Times as :func:`~influence_graph.ingest.values.times.parse_time` takes them; dictionary-encoded or not.
        notation: How they are written.

    Returns:
        Dates; null where a value is no time, is missing, or does not say where it was written, as numbers do.
    """
    if pt.is_dictionary(raw.type):
        return days_as_written(raw.dictionary, notation).take(raw.indices)
    if pt.is_temporal(raw.type):
        return _of_times(raw)
    if notation.values:
        encoded, meant = stand_ins(raw, notation.values)
        return days_as_written(meant, replace(notation, values={})).take(encoded.indices)
    if notation.unit:
        return pa.nulls(len(raw), pa.date32())
    return _of_texts(pc.utf8_trim(decoded(raw), characters=SPACES), notation.format)


def _of_times(raw: pa.Array) -> pa.Array:
    if pt.is_timestamp(raw.type) and raw.type.tz is not None:
        try:
            raw = pc.local_timestamp(raw)
        except pa.ArrowInvalid:  # a zone that Arrow does not know
            return pa.nulls(len(raw), pa.date32())
    return _days(raw.cast(LOCAL, safe=False))


def _of_texts(texts: pa.StringArray, format_: str) -> pa.Array:
    if format_:
        found = fitting(texts, format_)
        days = pa.nulls(len(texts), pa.date32()) if found.type == INSTANT else _days(found)
    else:
        days = _days(fitting(pc.utf8_slice_codeunits(texts, 0, _LENGTH), _DATE))
    left = pc.and_(days.is_null(), texts.is_valid())
    if not pc.any(left, min_count=0).as_py():
        return days
    encoded = pc.if_else(left, texts, None).dictionary_encode()
    known = pa.array([_day(text, format_) for text in encoded.dictionary.to_pylist()], pa.date32())
    return pc.coalesce(days, known.take(encoded.indices))


def _days(times: pa.Array) -> pa.Array:
    return times.cast(pa.date32(), safe=False)


def _day(text: str, format_: str) -> date | None:
    try:
        return (parse_one(text, format_) if format_ else stated_time(text)).date()
    except BadValue:
        return None
