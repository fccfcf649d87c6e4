"""Records in addition to the interactions, from frames of any library, as pandas frames of one form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from influence_graph.analyses.interactions import columns
from influence_graph.errors import InputError
from influence_graph.model.frames import Frame, as_table
from influence_graph.model.records import FieldType, RecordKind

if TYPE_CHECKING:
    import pandas as pd

_TYPES = {FieldType.NUMBER: pa.float64(), FieldType.INTEGER: pa.float64(), FieldType.DATE: pa.date32()}
_WRITE = {
    FieldType.NUMBER: "convert it to numbers",
    FieldType.INTEGER: "convert it to numbers",
    FieldType.DATE: "write dates as 2026-11-21",
}


def record_frame(data: Frame, kind: RecordKind, required: Sequence[str]) -> pd.DataFrame:
    """Return the columns of *kind* that *data* has: ids as text, times in UTC, dates as dates, numbers as float64.

    Args:
        data: A frame; see :mod:`influence_graph.model.frames`.
        kind: What it holds.
        required: Columns that must be there.

    Raises:
        InputError: It is no frame, a required column is missing, or a value cannot be read.
    """
    ids = [each.name for each in kind.fields if each.type is FieldType.ID]
    table = as_table(data, kind.name, kind.names, required, ids)
    frame: pd.DataFrame = pa.table({name: _column(table, name, kind) for name in table.column_names}).to_pandas()
    return frame


def _column(table: pa.Table, name: str, kind: RecordKind) -> pa.ChunkedArray | pa.Array:
    column, type_ = table.column(name), kind.by_name[name].type
    if type_ is FieldType.TIME:
        times = columns.micros(table, name)
        return pa.array(times, pa.timestamp("us", tz="UTC"), mask=times == columns.NULL_TIME)
    if type_ is FieldType.INTEGER and pa.types.is_integer(column.type):
        return column
    if column.null_count == len(column):
        return pa.nulls(len(column), _TYPES.get(type_, pa.string()))
    try:
        return column.cast(_TYPES.get(type_, pa.string()), safe=type_ is not FieldType.DATE)
    except pa.ArrowException as error:
        message = f"{name} of the {kind.name} cannot be read: {error}"
        raise InputError(message, remedy=_WRITE.get(type_, "make it a column of text")) from error
