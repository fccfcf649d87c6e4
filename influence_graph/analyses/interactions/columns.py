"""Single columns of interaction records as checked numpy arrays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import InputError
from influence_graph.kernels.text_hashes import hashes
from influence_graph.model import frames
from influence_graph.model.id_columns import id_list_column
from influence_graph.model.records import INTERACTIONS, FieldType
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.frames import Frame

NULL_TIME = np.iinfo(np.int64).min
_IDS = [field.name for field in INTERACTIONS.fields if field.type is FieldType.ID]
_LIST = "with_brands"
_WHAT = {FieldType.NUMBER: "numbers", FieldType.TRUTH: "true or false"}
_WRITE_TIME = "write ISO 8601 with a zone, such as 2026-11-21T09:00:00+00:00"
_NUMBER = re.compile(r"\s*[+-]?[0-9.]+\s*")
_ZONE = r"[T ].*(Z|[+-]\d\d(:?\d\d)?)$"


def as_table(interactions: Frame) -> pa.Table:
    """Return the columns of the interactions record that *interactions* has, as an Arrow table.

    Ids are text in one form, as :func:`~influence_graph.model.ids.id_text` gives it, and ``with_brands`` is text such
    as ``a|b``, also where the frame has lists.

    Raises:
        InputError: It is no frame, a required column is missing, a column mixes types or an id is refused, or
            ``with_brands`` is a text with a comma and no ``|``.
    """
    table = frames.as_table(interactions, "interactions", INTERACTIONS.names, INTERACTIONS.required, _IDS)
    if _LIST not in table.column_names:
        return table
    lists = id_list_column(_LIST, table.column(_LIST))
    return table.set_column(table.column_names.index(_LIST), _LIST, lists).unify_dictionaries()


def distinct_events(table: pa.Table) -> pa.Table:
    """Return *table* with each event id once.

    Raises:
        InputError: An event id has more than one payload.
    """
    ids = event_ids(table)
    if _all_different(ids):
        return table
    frame = table.to_pandas()
    repeated = frame[frame["event_id"].duplicated(keep=False)].copy()
    if "with_brands" in repeated:
        texts = repeated["with_brands"].astype(object)
        repeated["with_brands"] = [None if text is None else "|".join(split_list(str(text), "|")) for text in texts]
    different = repeated.drop_duplicates()
    conflicts = different.loc[different["event_id"].duplicated(), "event_id"]
    if len(conflicts):
        message = f"the event id {conflicts.iloc[0]!r} stands for {len(conflicts) + 1} different events"
        raise InputError(message, remedy="give each event its own id")
    return table.filter(~frame["event_id"].duplicated().to_numpy())


def _all_different(texts: pa.Array) -> bool:
    """Return whether no text is repeated; hashes prove it 5 times faster than a table of the texts."""
    ordered = sorted_hashes(texts)
    if not (ordered[1:] == ordered[:-1]).any():
        return True
    return bool(pc.count_distinct(texts).as_py() == len(texts))


def sorted_hashes(texts: pa.Array) -> NDArray[np.uint64]:
    """Return a hash of each text, in ascending order."""
    _, offsets, data = texts.buffers()
    width = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    ends = (
        np.frombuffer(offsets, width)[texts.offset : texts.offset + len(texts) + 1] if offsets else np.zeros(1, width)
    )
    ordered: NDArray[np.uint64] = np.sort(hashes(ends, np.frombuffer(data or b"", np.uint8)))
    return ordered


def large(texts: pa.Array) -> pa.Array:
    """Return *texts* as large strings, which compare with those of any table."""
    return texts.cast(pa.large_string())


def event_ids(table: pa.Table) -> pa.Array:
    """Return the event ids as one text array without nulls."""
    ids = table.column("event_id").combine_chunks()
    _no_nulls("event_id", ids.null_count)
    return ids if pa.types.is_string(ids.type) or pa.types.is_large_string(ids.type) else ids.cast(pa.string())


def replaced_ids(table: pa.Table, ids: pa.Array) -> pa.Array | None:
    """Return the ids of the events that the rows replace, null where they replace none; None if absent."""
    if "replaces" not in table.column_names:
        return None
    named = table.column("replaces").combine_chunks().cast(ids.type)
    row = pc.index(pc.equal(named, ids), True).as_py()
    if row >= 0:
        remedy = "name the event that it corrects, or leave replaces empty"
        raise InputError(f"the event {ids[row].as_py()!r} replaces itself", remedy=remedy)
    return named


def codes(table: pa.Table, name: str, required: bool = False) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
    """Return the text column *name* as codes into its sorted distinct values; null is -1."""
    column = table.column(name)
    if pa.types.is_nested(column.type):
        raise InputError(f"{name} is of type {column.type}, must be text", remedy="give one text per row")
    if pa.types.is_dictionary(column.type) and column.num_chunks and len(column.chunk(0).dictionary) > len(column):
        column = column.cast(pa.large_string())  # a few rows of a large table: avoid its whole dictionary
    if not pa.types.is_dictionary(column.type):
        column = _texts(name, column).dictionary_encode()
    combined = column.combine_chunks()
    if required:
        _no_nulls(name, combined.null_count)
    rank, names = _ranked(combined.dictionary.cast(pa.large_string()))
    choices = INTERACTIONS.by_name[name].choices
    for value in names if choices else ():
        if value not in choices:
            raise InputError(f"{name} is {value!r}", remedy=did_you_mean(value, choices, f"use {', '.join(choices)}"))
    raw = combined.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.append(rank, np.int32(-1))[raw], names


def _texts(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return column.cast(pa.large_string())
    except pa.ArrowException as error:
        raise InputError(f"{name} must be text: {error}", remedy="convert the column first") from error


def _ranked(values: pa.Array) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
    """Return the rank of each value among the sorted distinct values, and these values."""
    order = pc.sort_indices(values)
    ordered = values.take(order)
    new = np.ones(len(values), dtype=np.bool_)
    new[1:] = pc.not_equal(ordered[1:], ordered[:-1]).to_numpy(zero_copy_only=False)
    rank = np.empty(len(values), dtype=np.int32)
    rank[order.to_numpy()] = np.cumsum(new) - 1
    return rank, ordered.to_numpy(zero_copy_only=False)[new].astype(object)


def numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Return the column *name* as float64, null as NaN, true as 1, checked against the limits of its field."""
    field = INTERACTIONS.by_name[name]
    try:
        values: NDArray[np.float64] = table.column(name).cast(pa.float64()).to_numpy()
    except pa.ArrowException as error:
        raise InputError(f"{name} must be {_WHAT[field.type]}: {error}", remedy="convert the column first") from error
    low = -np.inf if field.minimum is None else field.minimum
    high = np.inf if field.maximum is None else field.maximum
    bad = np.flatnonzero((values < low) | (values > high) | np.isinf(values))
    if bad.size:
        limit = "finite" if np.isinf(low) else f"{low:g} or more" if np.isinf(high) else f"from {low:g} to {high:g}"
        event = event_ids(table)[int(bad[0])].as_py()
        raise InputError(f"{name} of event {event!r} is {values[bad[0]]}, must be {limit}", remedy="correct the event")
    return values


def micros(table: pa.Table, name: str, required: bool = False) -> Any:  # noqa: ANN401 - None where the column is absent
    """Return the times of column *name* as µs since 1970 UTC, null as ``NULL_TIME``; None if absent."""
    if name not in table.column_names:
        return None
    column = table.column(name)
    if required:
        _no_nulls(name, column.null_count)
    if column.null_count == len(column):  # of any type: frames give a column without values any
        return np.full(len(column), NULL_TIME)
    times = column if pa.types.is_timestamp(column.type) else _parsed(name, column)
    if times.type.tz is None:
        remedy = f'localize them: `frame["{name}"].dt.tz_localize("UTC")`; in polars `.dt.replace_time_zone("UTC")`'
        raise InputError(f"the times in {name!r} have no zone", remedy=remedy)
    numbers_ = times.cast(pa.timestamp("us", tz="UTC"), safe=False).cast(pa.int64())
    return numbers_.fill_null(NULL_TIME).to_numpy()


def _parsed(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the times of a column of ISO 8601 texts, dictionary-encoded or not."""
    held = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_date(held):
        remedy = f'give times: `pandas.to_datetime(frame["{name}"], utc=True)` is the start of each day in UTC'
        raise InputError(f"{name!r} holds dates, which have no time and no zone", remedy=remedy)
    if not (pa.types.is_string(held) or pa.types.is_large_string(held)):
        numbers = pa.types.is_integer(held) or pa.types.is_floating(held) or pa.types.is_decimal(held)
        remedy = _since_1970(name) if numbers else _WRITE_TIME
        raise InputError(f"{name!r} is of type {held}, must be times or ISO 8601 texts", remedy=remedy)
    texts = column.cast(pa.large_string())
    zoned = pc.match_substring_regex(texts, _ZONE)
    without = pc.index(zoned, False).as_py()
    if without >= 0:
        text = texts[without].as_py()
        remedy = _since_1970(name) if _NUMBER.fullmatch(text) else _WRITE_TIME
        raise InputError(f"the time {text!r} in {name!r} has no zone", remedy=remedy)
    try:
        times = pd.to_datetime(texts.to_pandas(), format="ISO8601", utc=True)
    except ValueError as error:
        raise InputError(f"{name}: {str(error).partition('. ')[0]}", remedy=_WRITE_TIME) from error
    return pa.chunked_array([pa.Array.from_pandas(times)])


def _since_1970(name: str) -> str:
    return f'say the unit: `pandas.to_datetime(frame["{name}"], unit="s", utc=True)`, "ms" for milliseconds'


def split_list(text: str, separator: str) -> list[str]:
    """Return the sorted distinct names of a list such as ``a|b``."""
    return sorted({name.strip() for name in text.split(separator)} - {""})


def _no_nulls(name: str, count: int) -> None:
    if count:
        raise InputError(f"{count:,} events have no {name}", remedy=f"{name} is required: fill it or drop the events")
