"""Batches made of columns, and small batches joined to larger ones: each is one transaction of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from influence_graph.errors import UnreadableFile
from influence_graph.model.records import Batch, RecordKind

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Lines: TypeAlias = "np.ndarray[Any, Any] | list[int]"
Values: TypeAlias = "pa.Array | np.ndarray[Any, Any] | pd.Series[Any] | list[Any]"
Value: TypeAlias = "Values | str | float | datetime | None"


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


def joined(batches: Iterable[Batch], rows: int) -> Iterator[Batch]:
    """Yield *batches* of one file in order, consecutive ones joined to at most *rows* records.

    When the file turns out to be damaged, what was read before is yielded first.
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
