"""A digest of interactions, by which a result or a run records its input."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import numpy as np
import pyarrow as pa

from influence_graph.analyses.interactions import columns
from influence_graph.model.frames import Frame
from influence_graph.model.records import INTERACTIONS, FieldType

_ROWS = 1 << 17  # that are brought into one form at a time
_NULL_TEXT = "\x00"  # no text of a record: those are printable


def digest_of(interactions: Frame) -> str:
    """Return a hex digest of the columns of the interactions record, in the order of the rows.

    It does not depend on how the values are held: as a frame or a table, in chunks, as a dictionary,
    times as ISO 8601 texts or in any unit or zone, numbers of any type. A column that is absent and
    one without values differ, but for a field that was added later.

    Raises:
        InputError: A column is missing, or a value is out of its limits.
    """
    table = columns.as_table(interactions)
    later = [each.name for each in INTERACTIONS.fields if each.later and each.name in table.column_names]
    table = table.drop_columns([name for name in later if table.column(name).null_count == table.num_rows])
    total = hashlib.blake2b(digest_size=16)
    schema = pa.schema([(name, _TYPES.get(_type(name), pa.large_string())) for name in table.column_names])
    with pa.PythonFile(_HashSink(total), "w") as sink, pa.ipc.new_stream(sink, schema) as stream:
        for start in range(0, table.num_rows, _ROWS):
            part = table.slice(start, _ROWS)
            stream.write_table(pa.table({name: _plain(part, name) for name in part.column_names}, schema=schema))
    return total.hexdigest()


_TYPES = {FieldType.NUMBER: pa.float64(), FieldType.TRUTH: pa.float64(), FieldType.TIME: pa.int64()}


def _type(name: str) -> FieldType:
    return INTERACTIONS.by_name[name].type


def _plain(table: pa.Table, name: str) -> pa.Array:
    """Return the column *name* in one form, without nulls: the value under a null is undefined."""
    if _type(name) is FieldType.TIME:
        return pa.array(columns.micros(table, name))
    if _type(name) in (FieldType.NUMBER, FieldType.TRUTH):
        return pa.array(np.asarray(columns.numbers(table, name)))
    return table.column(name).cast(pa.large_string()).combine_chunks().fill_null(_NULL_TEXT)


class _HashSink(io.RawIOBase):
    """A file that only hashes what is written to it."""

    def __init__(self, total: hashlib.blake2b) -> None:
        self._total = total

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer, as for every raw file
        self._total.update(data)
        return memoryview(data).nbytes
