"""One column of a batch to the Arrow type of its field."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.types as pt

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.values import text
from influence_graph.ingest.values.notation import PLAIN, Notation
from influence_graph.ingest.values.numeric import parse_number
from influence_graph.ingest.values.times import parse_date, parse_time
from influence_graph.model.records import Field, FieldType


def parse_column(raw: pa.Array, field: Field, zone: ZoneInfo | None = None, notation: Notation = PLAIN) -> ParsedColumn:
    """Return *raw* in the type of *field*, with the faults of the rows whose value is not valid.

    Well-formed columns are parsed as a whole. A column with something unusual is parsed value by value,
    by rules that accept the same values and more; see :mod:`influence_graph.ingest`.

    Args:
        raw: Bytes, text, numbers or times; dictionary-encoded or not.
        field: What the column must hold.
        zone: Zone of times that state none; None rejects them.
        notation: How the values are written.
    """
    if pt.is_dictionary(raw.type):
        return text.expand(parse_column(raw.dictionary, field, zone, notation), raw.indices)
    if pt.is_null(raw.type) or _is_text(raw.type):
        raw = raw.cast(pa.binary())
    if field.type in (FieldType.NUMBER, FieldType.INTEGER):
        return parse_number(raw, field)
    if field.type is FieldType.TIME:
        return parse_time(raw, zone)
    if field.type is FieldType.DATE:
        return parse_date(raw)
    if field.type is FieldType.TRUTH:
        return text.parse_truth(raw)
    return _parse_text(raw if pt.is_binary(raw.type) else raw.cast(pa.string()).cast(pa.binary()), field)


def _parse_text(raw: pa.BinaryArray, field: Field) -> ParsedColumn:
    if field.type is FieldType.CHOICE:
        return text.parse_choice(raw, field.choices)
    if field.type is FieldType.IDS:
        return text.parse_ids(raw)
    return text.parse_plain(raw, text.ID if field.type is FieldType.ID else text.TEXT)


def _is_text(kind: pa.DataType) -> bool:
    return any(
        test(kind)
        for test in (
            pt.is_string,
            pt.is_large_string,
            pt.is_string_view,
            pt.is_large_binary,
            pt.is_binary_view,
        )
    )
