"""Small tables that a command takes beside the store: a log of actions, costs, a target.

They are read by the rules of record files (:mod:`influence_graph.ingest`): format, delimiter, encoding, header, ids.
One thing differs: a bad row refuses the file, for a row left out of a small table would go unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.types as pt

from influence_graph.errors import InputError
from influence_graph.ingest.detect import listed
from influence_graph.ingest.header import field_name
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.readers.open import Reader, open_reader
from influence_graph.ingest.rejects import described
from influence_graph.ingest.source import Source
from influence_graph.ingest.values.columns import parse_column
from influence_graph.ingest.values.notation import MARKS, Notation
from influence_graph.model.records import Field, FieldType, RecordKind, Reject
from influence_graph.text import nearest

SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
_ZONE = "UTC"  # of times that state none, as for `--as-of`


def _actions_kind(time: FieldType) -> RecordKind:
    names = {"user": FieldType.ID, "item": FieldType.ID, "time": time}
    fields = tuple(Field(name, type_, required=True) for name, type_ in names.items())
    return RecordKind("actions", fields, key=("user", "item", "time"), about="who did what when")


def _daily_kind(*units: str) -> RecordKind:
    named = tuple(Field(name, FieldType.ID, required=True) for name in units)
    counted = Field("date", FieldType.DATE, required=True), Field("value", FieldType.NUMBER, required=True)
    return RecordKind("days", (*named, *counted), key=(*units, "date"), about="what was counted on a day")


_DAILY, _BY_UNIT = _daily_kind(), _daily_kind("unit")
_TIMED, _IN_SECONDS = _actions_kind(FieldType.TIME), _actions_kind(FieldType.NUMBER)


def read_actions(path: Path) -> pd.DataFrame:
    """Return the log of actions *path* as the columns user, item and time, in the order of the file.

    Args:
        path: CSV, JSON Lines or Parquet file, gzipped or not, with the columns user, item and time. Times are
            ISO 8601 (without a zone: UTC), or numbers of seconds; the first one decides for the file.

    Returns:
        Ids as text; time as instants in UTC, or as float64 seconds.

    Raises:
        UnreadableFile: the file is missing or cannot be read as records.
        InputError: the suffix is unknown, a column is missing, a row is bad, or there is none.
    """
    reader = _open(path, _TIMED)
    kind = _IN_SECONDS if _counts_seconds(reader) else _TIMED
    frame: pd.DataFrame = _records(path, reader, kind)[0].to_pandas()
    return frame


def read_daily(path: Path) -> pd.DataFrame:
    """Return the daily values *path* as the columns date and value, and unit where the file has it, in its order.

    Args:
        path: CSV, JSON Lines or Parquet file, gzipped or not, with the columns date and value, and unit for rows by
            unit. Dates are ISO 8601 without a time.

    Raises:
        UnreadableFile: the file is missing or cannot be read as records.
        InputError: the suffix is unknown, a column is missing, a row is bad, or there is none.
    """
    reader = _open(path, _DAILY)
    kind = _BY_UNIT if "unit" in map(field_name, reader.names) else _DAILY
    frame: pd.DataFrame = _records(path, reader, kind)[0].to_pandas()
    return frame


def read_numbers(path: Path, column: str, default: float | None = None) -> dict[str, float]:
    """Return the number in *column* of each id in the table *path*, in the order of the file.

    Args:
        path: CSV, JSON Lines or Parquet file, gzipped or not, with the columns id and *column*.
        column: Name of the column of numbers, in lower case.
        default: The number of every id where the file has no column of numbers; None: it must have *column*.

    Raises:
        UnreadableFile: the file is missing or cannot be read as records.
        InputError: the suffix is unknown, a column is missing, or the file has numbers in one of another name; an id
            appears twice, a row is bad, or there is none.
    """
    reader = _open(path, _numbers_kind(column, required=default is None))
    given = column in map(field_name, reader.names)
    if not given:
        _refuse_other_numbers(path, reader, column)
    table, lines = _records(path, reader, _numbers_kind(column, required=given))
    ids = table["id"].to_pylist()
    _refuse_repeats(path, ids, lines)
    numbers: list[float] = (table[column] if given else table[column].fill_null(default)).to_pylist()
    return dict(zip(ids, numbers, strict=True))


def _refuse_other_numbers(path: Path, reader: Reader, column: str) -> None:
    """Refuse a file whose numbers are in a column of another name than *column*: they would be left out."""
    others = [name for name in reader.names if name and field_name(name) != "id"]
    meant = nearest(column, others) or [name for name in others if _holds_numbers(reader, name)]
    if meant:
        raise InputError(
            f"{path} has no column {column!r}, and its column {meant[0]!r} may be meant",
            remedy=f"call it {column}, or leave it out",
        )


def _holds_numbers(reader: Reader, name: str) -> bool:
    """Return whether the column *name* has numbers and nothing else, with any decimal mark."""
    number = Field("number", FieldType.NUMBER)
    chunks = [chunk.columns[name] for chunk in reader.chunks({name: number}) if not chunk.faults.get(name)]
    found = False
    for raw in chunks:
        kind = raw.type.value_type if pt.is_dictionary(raw.type) else raw.type
        if pt.is_temporal(kind) or pt.is_nested(kind) or pt.is_boolean(kind):
            return False
        parsed = [parse_column(raw, number, None, Notation(decimal=mark)) for mark in MARKS]
        if all(each.faults for each in parsed):
            return False
        found = found or any(each.values.null_count < len(raw) for each in parsed)
    return found


def _numbers_kind(column: str, required: bool) -> RecordKind:
    fields = (Field("id", FieldType.ID, required=True), Field(column, FieldType.NUMBER, required=required))
    return RecordKind(f"{column}s", fields, key=("id",), about=f"the {column} of each id")


def _open(path: Path, kind: RecordKind) -> Reader:
    """Return the reader of *path*, whose suffix is known and which has the columns that *kind* requires."""
    if not path.name.lower().removesuffix(".gz").endswith(SUFFIXES):
        known = ", ".join(SUFFIXES)
        raise InputError(f"{path} has the unknown suffix {path.suffix!r}", remedy=f"use {known}, or one with .gz")
    reader = open_reader(path, ReadOptions(kind=kind))
    names = [field_name(name) for name in reader.names]
    # No names at all: the first line is no JSON object, which reading reports with its reason.
    missing = [name for name in kind.required if name not in names] if names else []
    if missing:
        raise InputError(
            f"{path} has no column {missing[0]!r}", remedy=f"its columns are {listed(reader.names)}: rename one"
        )
    return reader


def _records(path: Path, reader: Reader, kind: RecordKind) -> tuple[pa.Table, list[int]]:
    """Return all records of *reader*, and the line of each."""
    source = Source(path, reader, kind, ReadOptions(kind=kind, timezone=_ZONE))
    batches = list(source.batches(_refuse))
    if not batches:
        raise InputError(f"{path} has no record", remedy="write at least one below the header")
    lines = [line for batch in batches for line in batch.lines.to_pylist()]
    return pa.concat_tables([batch.table for batch in batches]), lines


def _refuse(reject: Reject) -> None:
    raise InputError(described(reject), remedy=reject.remedy)


def _refuse_repeats(path: Path, ids: Iterable[str], lines: Iterable[int]) -> None:
    first: dict[str, int] = {}
    for id_, line in zip(ids, lines, strict=True):
        if first.setdefault(id_, line) != line:
            raise InputError(
                f"{path}, line {line}: id {id_!r} is already in line {first[id_]}", remedy="give each id one record"
            )


def _counts_seconds(reader: Reader) -> bool:
    """Return whether the first time in the file is a number of seconds."""
    column = next((name for name in reader.names if field_name(name) == "time"), None)
    if column is None:
        return False
    seconds, text = _IN_SECONDS.by_name["time"], Field("time", FieldType.TEXT)
    for chunk in reader.chunks({column: seconds}):
        raw = chunk.columns[column]
        kind = raw.type.value_type if pt.is_dictionary(raw.type) else raw.type
        if pt.is_primitive(kind):
            return not (pt.is_temporal(kind) or pt.is_boolean(kind))
        if pt.is_nested(kind):
            return False
        stated = parse_column(raw, text).values.drop_null()
        if len(stated):
            return not parse_column(stated.slice(0, 1), seconds).faults
    return False
