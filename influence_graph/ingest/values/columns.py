"""One column of a batch to the Arrow type of its field."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import Fault
from influence_graph.ingest.values import text
from influence_graph.ingest.values.amounts import parse_amount
from influence_graph.ingest.values.lists import parse_ids
from influence_graph.ingest.values.notation import PLAIN, Notation, nearest_value
from influence_graph.ingest.values.numeric import parse_number
from influence_graph.ingest.values.times import parse_date, parse_time
from influence_graph.model.records import LIST_SEPARATOR, MAX_ID_BYTES, Field, FieldType
from influence_graph.model.times import zone_named


def parse_column(raw: pa.Array, field: Field, zone: ZoneInfo | None = None, notation: Notation = PLAIN) -> ParsedColumn:
    """Return *raw* in the type of *field*, with the faults of the rows whose value is not valid.

    Well-formed columns are parsed as a whole. A column with something unusual is parsed value by value,
    by rules that accept the same values and more; see :mod:`influence_graph.ingest`.

    Args:
        raw: Bytes, text, numbers or times, or lists of ids; dictionary-encoded or not.
        field: What the column must hold.
        zone: Zone of times that state none; None rejects them.
        notation: How the values are written.
    """
    if pt.is_dictionary(raw.type):
        return text.expand(parse_column(raw.dictionary, field, zone, notation), raw.indices)
    if pt.is_null(raw.type) or _is_text(raw.type):
        raw = raw.cast(pa.binary())
    if notation.values:
        return _parse_stand_ins(raw, field, zone, notation)
    return _parse(raw, field, zone, notation)


def _parse(raw: pa.Array, field: Field, zone: ZoneInfo | None, notation: Notation) -> ParsedColumn:
    if field.type in (FieldType.NUMBER, FieldType.INTEGER):
        return parse_number(raw, field) if notation == PLAIN else parse_amount(raw, field, notation)
    if field.type is FieldType.TIME:
        return parse_time(raw, zone_named(notation.timezone) if notation.timezone else zone, notation)
    if field.type is FieldType.DATE:
        return parse_date(raw, notation)
    if field.type is FieldType.IDS and pt.is_nested(raw.type):
        return parse_ids(raw, notation.prefix)
    return text.parse_truth(raw) if field.type is FieldType.TRUTH else _parse_text(_as_bytes(raw), field, notation)


def _parse_text(raw: pa.BinaryArray, field: Field, notation: Notation) -> ParsedColumn:
    if field.type is FieldType.IDS:
        return parse_ids(raw, notation.prefix)
    if field.type is FieldType.CHOICE:
        return text.parse_choice(raw, field.choices)
    if field.type is FieldType.TEXT:
        return text.parse_plain(raw, text.TEXT)
    parsed = text.parse_id(raw)
    if field.listed:
        separated = pc.match_substring(parsed.values, LIST_SEPARATOR)
        reason = f"contains {LIST_SEPARATOR}, which joins lists of ids"
        parsed = text.refused(parsed, separated, reason, f"write the {field.name} without it")
    return _prefixed(parsed, notation.prefix) if notation.prefix else parsed


def _prefixed(parsed: ParsedColumn, prefix: str) -> ParsedColumn:
    joined = pc.binary_join_element_wise(pa.scalar(prefix), parsed.values, "")
    whole = replace(parsed, values=pc.utf8_normalize(joined, form="NFC"))
    long = pc.greater(pc.binary_length(whole.values), MAX_ID_BYTES)
    return text.refused(whole, long, f"is longer than {MAX_ID_BYTES} bytes with its prefix", "shorten it")


def _parse_stand_ins(raw: pa.Array, field: Field, zone: ZoneInfo | None, notation: Notation) -> ParsedColumn:
    """Return the column of what the values of *raw* stand for."""
    encoded, meant = stand_ins(raw, notation.values)
    parsed = parse_column(meant.fill_null(""), field, zone, replace(notation, values={}))
    faults = dict(parsed.faults)
    for row, value in enumerate(encoded.dictionary.to_pylist()):
        shown = value.decode(errors="replace").strip(text.SPACES)
        if shown and not meant[row].is_valid:
            faults[row] = Fault.of(
                shown, "is not among the values of the mapping", nearest_value(shown, notation.values)
            )
    return text.expand(replace(parsed, faults=faults), encoded.indices)


def stand_ins(raw: pa.Array, values: Mapping[str, str]) -> tuple[pa.DictionaryArray, pa.StringArray]:
    """Return *raw* as a dictionary of bytes, and what each value in it stands for, null where *values* lacks it."""
    known = {_folded(value): stands_for for value, stands_for in values.items()}
    texts = _as_bytes(raw)
    encoded = (texts.fill_null(b"") if "" in known else texts).dictionary_encode()
    written = (_folded(value.decode(errors="replace")) for value in encoded.dictionary.to_pylist())
    return encoded, pa.array([known.get(value) for value in written], pa.string())


def _folded(value: str) -> str:
    return unicodedata.normalize("NFC", value.strip(text.SPACES)).casefold()


def _as_bytes(raw: pa.Array) -> pa.BinaryArray:
    if pt.is_floating(raw.type):  # of what a text field holds readers let whole numbers through alone
        raw = raw.cast(pa.float64())
    return raw if pt.is_binary(raw.type) else raw.cast(pa.string()).cast(pa.binary())


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
