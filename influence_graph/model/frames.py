"""Frames of any library, read the same way by every function that takes one.

Taken are pandas and polars frames (lazy ones, too), Arrow tables, batches, readers and datasets, what else gives an
Arrow stream (DuckDB relations; the interface is https://arrow.apache.org/docs/format/CDataInterface/
PyCapsuleInterface.html), a dict of columns, and a list of records: dicts, named tuples or dataclass instances.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from types import GeneratorType
from typing import Any, Protocol, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from influence_graph.errors import InputError
from influence_graph.model.id_columns import id_column
from influence_graph.model.ids import id_texts
from influence_graph.text import did_you_mean


class ArrowStream(Protocol):
    """What gives its rows by the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a capsule of an Arrow stream."""


class Lazy(Protocol):
    """A frame that is yet to be calculated, such as a polars LazyFrame."""

    def collect(self) -> Any:  # noqa: ANN401 - a frame of its own library
        """Return the frame."""


Frame: TypeAlias = "pd.DataFrame | pa.Table | ArrowStream | Lazy | Mapping[str, Any] | list[Any]"
"""A frame of pandas or polars, an Arrow table, a dict of columns or a list of records; see the module."""

_TAKEN = "a pandas, polars or Arrow frame, a dict of columns or a list of records"
_REMEDIES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    ((str, Path), "read the file first: `pandas.read_csv(path)`"),
    (np.ndarray, "name its columns: `pandas.DataFrame(array, columns=[…])`"),
    (GeneratorType, "make a list of it: `list(…)`"),
)
_LISTS = (pt.is_list, pt.is_large_list, pt.is_fixed_size_list, pt.is_list_view, pt.is_large_list_view)
_UNREADABLE = (pa.ArrowException, TypeError, ValueError, OverflowError)


def as_table(
    data: Frame, what: str, names: Sequence[str], required: Collection[str], ids: Collection[str] = ()
) -> pa.Table:
    """Return the columns of *data* with one of *names*, in their order, as an Arrow table.

    Args:
        data: The frame; its other columns are ignored.
        what: What it holds, in the plural, for messages.
        names: Columns to read.
        required: Those of them that must be there.
        ids: Those that hold ids; they become text, see :func:`~influence_graph.model.id_columns.id_column`.

    Raises:
        InputError: It is no frame, a required column is missing or there twice, a column mixes types, or an id is
            refused.
    """
    given = _columns_of(_given(data, what), what, names, required)
    table = given if isinstance(given, pa.Table) else _from_pandas(given, ids)
    columns = {name: _plain(table.column(name)) for name in table.column_names}
    columns |= {name: id_column(name, columns[name]) for name in columns if name in ids}
    return pa.table(columns).unify_dictionaries()


def as_frame(data: Frame, what: str, names: Sequence[str], required: Collection[str]) -> pd.DataFrame:
    """Return what :func:`as_table` returns as a pandas frame, whose columns are those of *data* where it is one.

    Raises:
        InputError: As for :func:`as_table`.
    """
    given = _columns_of(_given(data, what), what, names, required)
    if isinstance(given, pd.DataFrame):
        return given.infer_objects() if isinstance(data, list) else given
    plain = pa.table({name: _plain(given.column(name)) for name in given.column_names})
    frame: pd.DataFrame = plain.to_pandas(integer_object_nulls=True)
    return frame


def _given(data: Any, what: str) -> pd.DataFrame | pa.Table:  # noqa: ANN401 - it may be anything
    """Return *data* as a pandas frame or an Arrow table."""
    if isinstance(data, pd.DataFrame | pa.Table):
        return data
    if isinstance(data, Mapping):
        return _from_columns(data, what)
    if isinstance(data, list):
        return _from_records(data, what)
    if not _is_stream(data) and not isinstance(data, type):
        for name in ("collect", "to_table"):  # lazy frames, and datasets
            if callable(getattr(data, name, None)):
                data = _called(getattr(data, name), what)
                break
    if not _is_stream(data):
        raise _refused(data, what)
    try:
        return _called(lambda: pa.table(data), what)
    except InputError as error:
        one_column = isinstance(error.__cause__, pa.ArrowInvalid) and "non-struct" in error.message
        raise _refused(data, what) if one_column else error from error.__cause__


def _is_stream(data: object) -> bool:
    """Return whether *data* gives its rows by the Arrow PyCapsule interface; classes only look as if."""
    named = ("__arrow_c_stream__", "__arrow_c_array__")
    return not isinstance(data, type) and any(hasattr(data, name) for name in named)


def _called(calculate: Any, what: str) -> Any:  # noqa: ANN401 - a method of any library
    try:
        return calculate()
    except Exception as error:
        message = f"the {what} cannot be read: {type(error).__name__}: {error}"
        raise InputError(message, remedy="make a table of them yourself to see the cause") from error


def _refused(data: object, what: str) -> InputError:
    fitting = [remedy for types, remedy in _REMEDIES if isinstance(data, types)]
    remedy = fitting[0] if fitting else "convert it first: `pandas.DataFrame(…)`"
    return InputError(f"the {what} are of type {type(data).__name__}, must be {_TAKEN}", remedy=remedy)


def _from_columns(data: Mapping[Any, Any], what: str) -> pd.DataFrame:
    try:
        return pd.DataFrame(dict(data))
    except _UNREADABLE as error:
        remedy = "give columns of one length; a record goes into a list: [record]"
        raise InputError(f"the columns of the {what} make no table: {error}", remedy=remedy) from error


def _from_records(data: list[Any], what: str) -> pd.DataFrame:
    records = [_record(each, number, what) for number, each in enumerate(data, 1)]
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: pd.Series([record.get(name) for record in records], dtype=object) for name in names}
    return pd.DataFrame(columns)


def _record(record: Any, number: int, what: str) -> Mapping[str, Any]:  # noqa: ANN401 - it may be anything
    if isinstance(record, Mapping):
        return record
    if is_dataclass(record) and not isinstance(record, type):
        return asdict(record)
    if isinstance(record, tuple) and hasattr(record, "_asdict"):
        named: dict[str, Any] = record._asdict()
        return named
    message = f"record {number} of the {what} is of type {type(record).__name__}, must be a dict"
    raise InputError(message, remedy="give each record as a dict, a named tuple or a dataclass instance")


def _columns_of(
    given: pd.DataFrame | pa.Table, what: str, names: Sequence[str], required: Collection[str]
) -> pd.DataFrame | pa.Table:
    """Return the columns *names* of *given* that are there; each may be there once."""
    index = given.index.names if isinstance(given, pd.DataFrame) else []
    held: list[Any] = list(given.columns) if isinstance(given, pd.DataFrame) else given.column_names
    for name in required:
        if name not in held:
            texts = [str(each) for each in held]
            remedy = did_you_mean(name, texts, f"its columns are {', '.join(texts) or 'none'}: rename one")
            if name in index:
                remedy = "it is the index: pass `frame.reset_index()`"
            raise InputError(f"the {what} have no column {name!r}", remedy=remedy)
    known = list(dict.fromkeys(name for name in names if name in held))
    for name in known:
        if held.count(name) > 1:
            raise InputError(f"the number of columns {name!r} is {held.count(name)}, must be 1", remedy="drop one")
    return given[known] if isinstance(given, pd.DataFrame) else given.select(known)


def _from_pandas(frame: pd.DataFrame, ids: Collection[str]) -> pa.Table:
    try:
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    except _UNREADABLE:  # tell which column, and take ids of mixed types
        table = pa.table({str(name): _array(str(name), frame[name], name in ids) for name in frame.columns})
    for field in table.schema:
        if pt.is_temporal(field.type) and frame[field.name].dtype == object:
            require_one_kind(field.name, frame[field.name])
    return table


def _array(name: str, values: pd.Series, is_id: bool) -> pa.Array:
    plain = [value.tolist() if isinstance(value, np.ndarray) else value for value in values]  # those of two types
    try:
        return pa.Array.from_pandas(plain if values.dtype == object else values)
    except _UNREADABLE as error:
        if not is_id:
            message = f"the column {name!r} mixes types: {error}"
            raise InputError(message, remedy="make the column text, number or time") from error
    texts, known = np.full(len(values), None, dtype=object), values.notna().to_numpy()
    try:
        texts[known] = id_texts(values[known])
    except InputError as error:
        raise InputError(f"{name}: {error.message}", remedy=error.remedy) from error
    return pa.array(texts, pa.string())


def require_one_kind(name: str, values: pd.Series) -> None:
    """Refuse dates among times, and times with a zone among those without: Arrow would make one of the other.

    Raises:
        InputError: The column *name* has both.
    """
    kinds = {_kind(value) for value in values if isinstance(value, date) and not pd.isna(value)}
    if len(kinds) > 1:
        message = f"the column {name!r} mixes {' and '.join(sorted(kinds))}"
        raise InputError(message, remedy="make them all times with a zone")


def _kind(value: date) -> str:
    if not isinstance(value, datetime):
        return "dates"
    return "times without a zone" if value.tzinfo is None else "times with a zone"


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return *column* in a type that all of Arrow's functions take: text may stay a dictionary, with signed indices."""
    type_ = column.type
    if pt.is_run_end_encoded(type_):
        return _plain(pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], type_.value_type))
    if any(is_list(type_) for is_list in _LISTS):
        lists = [_as_list(chunk) for chunk in column.chunks]
        return pa.chunked_array(lists, lists[0].type if lists else pa.large_list(pa.string()))
    if not pt.is_dictionary(type_):
        return column if _plain_type(type_) == type_ else column.cast(_plain_type(type_))
    values = _plain_type(type_.value_type)
    if not (pt.is_string(values) or pt.is_large_string(values)):
        return _plain(column.cast(type_.value_type))
    plain = pa.dictionary(type_.index_type if pt.is_signed_integer(type_.index_type) else pa.int64(), values)
    if plain == type_:
        return column
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices.cast(plain.index_type), chunk.dictionary.cast(values))
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, plain)


def _as_list(lists: pa.Array) -> pa.Array:
    """Return lists of any layout as plain lists of plain values."""
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    ends = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int64(), mask=np.append(lists.is_null(), False))
    return pa.LargeListArray.from_arrays(ends, _plain(pa.chunked_array([pc.list_flatten(lists)])).combine_chunks())


def _plain_type(type_: pa.DataType) -> pa.DataType:
    if pt.is_string_view(type_):
        return pa.large_string()
    if pt.is_binary_view(type_):
        return pa.large_binary()
    return type_
