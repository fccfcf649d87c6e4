"""Frames written as CSV, JSON, JSON Lines or Parquet, to a stream or to a file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from influence_graph.errors import InputError
from influence_graph.files import replacing
from influence_graph.model.json_values import json_value
from influence_graph.model.records import LIST_SEPARATOR
from influence_graph.spreadsheets import guard_column, guarded

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class FileFormat(StrEnum):
    """A format of rows in a file; the value is the suffix."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"


def write_frames(
    frames: Iterable[pd.DataFrame], format_: FileFormat, stream: IO[bytes], schema: pa.Schema | None = None
) -> int:
    """Write *frames*, which share their columns, to *stream*; return the number of rows.

    Times are ISO 8601 in UTC. *schema* gives the types in Parquet, else the first frame does. In JSON what is not
    finite is null. In CSV the items of lists are joined by ``|``, as ingestion reads them, mappings are JSON, booleans
    true and false, and a text that a spreadsheet would execute as a formula gets a leading apostrophe, which ingestion
    takes away again (:mod:`influence_graph.spreadsheets`); the other formats are exact.
    """
    if format_ is FileFormat.PARQUET:
        return _write_parquet(frames, stream, schema)
    return _WRITERS[format_](frames, stream)


def write_file(frames: Iterable[pd.DataFrame], path: Path, schema: pa.Schema | None = None) -> int:
    """Write *frames* to *path* in the format of its suffix, completely or not at all.

    Raises:
        InputError: the suffix is unknown, or the folder cannot be written.
    """
    format_ = format_of(path)
    with replacing(path) as temporary, temporary.open("wb") as stream:
        return write_frames(frames, format_, stream, schema)


def format_of(path: Path) -> FileFormat:
    """Return the format that the suffix of *path* names.

    Raises:
        InputError: the suffix is unknown.
    """
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in set(FileFormat):
        raise InputError(
            f"{path} has the unknown suffix {path.suffix!r}", remedy=f"use {', '.join('.' + f for f in FileFormat)}"
        )
    return FileFormat(suffix)


def _write_csv(frames: Iterable[pd.DataFrame], stream: IO[bytes]) -> int:
    rows = 0
    for number, frame in enumerate(frames):
        # Not to_csv(stream): where the reader has gone, pandas would close the stream.
        text = _csv_values(_times_as_text(frame)).to_csv(index=False, header=number == 0, lineterminator="\n")
        stream.write(text.encode())
        rows += len(frame)
    return rows


def _write_jsonl(frames: Iterable[pd.DataFrame], stream: IO[bytes]) -> int:
    rows = 0
    for frame in frames:
        for line in _json_rows(frame):
            stream.write(line.encode() + b"\n")
        rows += len(frame)
    return rows


def _write_json(frames: Iterable[pd.DataFrame], stream: IO[bytes]) -> int:
    rows = 0
    stream.write(b"[")
    for frame in frames:
        for line in _json_rows(frame):
            stream.write(b",\n " if rows else b"\n ")
            stream.write(line.encode())
            rows += 1
    stream.write(b"\n]\n" if rows else b"]\n")
    return rows


def _write_parquet(frames: Iterable[pd.DataFrame], stream: IO[bytes], schema: pa.Schema | None) -> int:
    writer, rows = None, 0
    for frame in frames:
        bare = frame.copy(deep=False)
        bare.attrs = {}  # pyarrow would write them to the file, with a warning for those that are not JSON
        table = pa.Table.from_pandas(bare, schema, preserve_index=False).replace_schema_metadata()
        schema = table.schema
        writer = writer or pq.ParquetWriter(stream, schema)
        writer.write_table(table)
        rows += len(frame)
    if writer:
        writer.close()
    return rows


_WRITERS: dict[FileFormat, Callable[[Iterable[pd.DataFrame], IO[bytes]], int]] = {
    FileFormat.CSV: _write_csv,
    FileFormat.JSON: _write_json,
    FileFormat.JSONL: _write_jsonl,
}


def _json_rows(frame: pd.DataFrame) -> Iterator[str]:
    """Yield each row as one JSON object; numbers keep all their digits; NaN and infinity are null."""
    plain = _times_as_text(frame)
    names = [str(name) for name in plain.columns]
    for row in zip(*(_json_values(plain[name]) for name in plain.columns), strict=True):
        yield _ENCODE(dict(zip(names, row, strict=True)))


def _json_values(values: pd.Series) -> list[Any]:
    if values.dtype.kind == "f":
        return [value if math.isfinite(value) else None for value in values.tolist()]
    plain: list[Any] = values.astype(object).where(values.notna(), None).tolist()
    return (
        plain
        if values.dtype.kind in "biu"
        else [value if isinstance(value, str) else json_value(value) for value in plain]
    )


def _times_as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with times as ISO 8601 text with their offset, and microseconds only in columns that have some."""
    times = frame.select_dtypes(["datetime", "datetimetz"]).columns
    return frame.assign(**{name: _iso_8601(frame[name]) for name in times}) if len(times) else frame


def _iso_8601(times: pd.Series) -> pd.Series:
    unit: Literal["s", "us"] = "s" if bool((times.dropna().dt.microsecond == 0).all()) else "us"
    if str(getattr(times.dtype, "tz", None) or "UTC") != "UTC":
        spec = "seconds" if unit == "s" else "microseconds"
        return times.map(lambda time: None if pd.isna(time) else time.isoformat(timespec=spec)).astype(object)
    stamps = times.to_numpy(dtype="datetime64[us]")
    text = pd.Series(np.datetime_as_string(stamps, unit=unit), index=times.index, dtype=object) + "Z"
    return text.where(times.notna(), None)


def _csv_values(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with all but numbers as text that no reader of CSV misunderstands."""
    others = [name for name in frame.columns if frame[name].dtype.kind not in "iuf"]
    return frame.assign(**{name: _csv_column(frame[name]) for name in others})


def _csv_column(values: pd.Series) -> pd.Series:
    """Return *values* by :func:`_csv_value`; of texts, of which there may be millions, only those that it changes."""
    if not isinstance(values.dtype, pd.StringDtype):
        return values.astype(object).map(_csv_value)
    return guard_column(values)


def _csv_value(value: object) -> object:
    plain = _csv_plain(value)
    return guarded(plain) if isinstance(plain, str) else plain


def _csv_plain(value: object) -> object:
    plain = value if isinstance(value, str) else json_value(value)
    if isinstance(plain, list):
        return LIST_SEPARATOR.join(str(_csv_plain(item)) for item in plain if item is not None)
    if isinstance(plain, dict):
        return _ENCODE(plain)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return plain
