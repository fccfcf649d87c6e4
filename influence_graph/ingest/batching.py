"""Batches made of columns, and small batches joined to larger ones: each is one transaction of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile
from influence_graph.model.records import Batch, RecordKind

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Lines: TypeAlias = "np.ndarray[Any, Any] | list[int]"
Values: TypeAlias = "pa.Array | np.ndarray[Any, Any] | pd.Series[Any] | list[Any]"
Value: TypeAlias = "Values | str | float | datetime | None"
_MICROSECONDS = 1_000_000
_DIGITS = 8


def make_batch(kind: RecordKind, columns: Mapping[str, Value], lines: Lines, file: Path | str) -> Batch:
    """Return a batch of *kind*; a column is an array, one value for all rows, or absent (null).

    Args:
        kind: the record kind.
        columns: values by field name.
        lines: the 1-based line of each record in *file*.
        file: where the records come from.
    """
    size = len(lines)
    arrays = [_column(columns.get(field.name), field.type, size) for field in kind.schema]
    return Batch(kind, pa.table(arrays, schema=kind.schema), pa.array(lines, pa.int64()), str(file))


def _column(value: Value, type_: pa.DataType, size: int) -> pa.Array:
    """Return *value* as an array of *size* elements of *type_*."""
    if value is None:
        return pa.nulls(size, type_)
    if isinstance(value, pa.ChunkedArray):
        value = value.combine_chunks()
    if isinstance(value, pa.Array):
        return value if value.type == type_ else value.cast(type_)
    if isinstance(value, str | int | float | datetime):
        return pa.repeat(pa.scalar(value, type_), size)
    return pa.array(value, type_, from_pandas=True)


def moments(start: date, second: np.ndarray[Any, Any]) -> pa.Array:
    """Return the times *second* seconds after the start of the day *start* in UTC."""
    zero = int(datetime.combine(start, time(), UTC).timestamp())
    return pa.array((zero + second) * _MICROSECONDS).cast(pa.timestamp("us", tz="UTC"))


def event_ids(prefix: str, numbers: np.ndarray[Any, Any]) -> pa.Array:
    """Return an id for each of *numbers*: the prefix and eight digits."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), _DIGITS, "0")
    return pc.binary_join_element_wise(prefix, digits, "-")


def sliced(batch: Batch, rows: int) -> Iterator[Batch]:
    """Yield *batch* in parts of at most *rows* records."""
    for start in range(0, batch.table.num_rows, rows):
        yield Batch(batch.kind, batch.table.slice(start, rows), batch.lines.slice(start, rows), batch.file)


def joined(batches: Iterable[Batch], rows: int) -> Iterator[Batch]:
    """Yield *batches* of one file in order, consecutive ones joined to at most *rows* records.

    If the file is damaged, the records before the damage are yielded first.
    """
    pending: list[Batch] = []
    size = 0
    try:
        for batch in batches:
            if pending and size + len(batch.lines) > rows:
                yield _join(pending)
                pending, size = [], 0
            if len(batch.lines):
                pending.append(batch)
                size += len(batch.lines)
    except UnreadableFile:
        if pending:
            yield _join(pending)
        raise
    if pending:
        yield _join(pending)


def _join(batches: list[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    table = pa.concat_tables([batch.table for batch in batches]).combine_chunks()
    lines = pa.concat_arrays([batch.lines for batch in batches])
    return Batch(batches[0].kind, table, lines, batches[0].file)
