"""Frames as CSV, JSON, JSON lines or Parquet, on a stream or in a file that appears whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING

from influence_graph.errors import InputError
from influence_graph.ingest.atomic import replacing

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class FileFormat(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"


def write_frames(frames: Iterable[pd.DataFrame], format_: FileFormat, stream: IO[bytes]) -> int:
    """Write *frames*, which share their columns, to *stream*; return the number of rows.

    Times are ISO 8601 in UTC. In CSV a text that a spreadsheet would run as a formula gets a leading
    apostrophe (https://owasp.org/www-community/attacks/CSV_Injection); the other formats are exact.
    """
    return _WRITERS[format_](frames, stream)


def write_file(frames: Iterable[pd.DataFrame], path: Path) -> int:
    """Write *frames* to *path* in the format of its suffix; the file appears whole or not at all.

    Raises:
        InputError: the suffix is unknown, or the folder cannot be written.
    """
    format_ = format_of(path)
    with replacing(path) as temporary, temporary.open("wb") as stream:
        return write_frames(frames, format_, stream)


def format_of(path: Path) -> FileFormat:
    """Return the format that the suffix of *path* names."""
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in set(FileFormat):
        raise InputError(
            f"{path} has the unknown suffix {path.suffix!r}", remedy=f"use {', '.join('.' + f for f in FileFormat)}"
        )
    return FileFormat(suffix)


def _csv(frames: Iterable[pd.DataFrame], stream: IO[bytes]) -> int:
    rows = 0
    for number, frame in enumerate(frames):
        _plain_times(frame).map(_guarded).to_csv(stream, index=False, header=number == 0, lineterminator="\n")
        rows += len(frame)
    return rows


def _jsonl(frames: Iterable[pd.DataFrame], stream: IO[bytes]) -> int:
    rows = 0
    for frame in frames:
        stream.write(_json_rows(frame).encode())
        rows += len(frame)
    return rows


def _json(frames: Iterable[pd.DataFrame], stream: IO[bytes]) -> int:
    rows = 0
    stream.write(b"[")
    for frame in frames:
        for line in _json_rows(frame).splitlines():
            stream.write(b",\n " if rows else b"\n ")
            stream.write(line.encode())
            rows += 1
    stream.write(b"\n]\n" if rows else b"]\n")
    return rows


def _parquet(frames: Iterable[pd.DataFrame], stream: IO[bytes]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer, rows = None, 0
    for frame in frames:
        table = pa.Table.from_pandas(frame, preserve_index=False)
        writer = writer or pq.ParquetWriter(stream, table.schema)
        writer.write_table(table.cast(writer.schema))
        rows += len(frame)
    if writer:
        writer.close()
    return rows


_WRITERS: dict[FileFormat, Callable[[Iterable[pd.DataFrame], IO[bytes]], int]] = {
    FileFormat.CSV: _csv,
    FileFormat.JSON: _json,
    FileFormat.JSONL: _jsonl,
    FileFormat.PARQUET: _parquet,
}


def _json_rows(frame: pd.DataFrame) -> str:
    if frame.empty:
        return ""
    text = _plain_times(frame).to_json(orient="records", lines=True, double_precision=15, force_ascii=False)
    text = text.replace("\\/", "/")  # pandas escapes every slash, which JSON does not ask for
    return text if text.endswith("\n") else f"{text}\n"


def _plain_times(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with times as ISO 8601 text, microseconds only where there are any."""
    times = frame.select_dtypes(["datetime", "datetimetz"]).columns
    return frame.assign(**{name: _iso(frame[name]) for name in times}) if len(times) else frame


def _iso(times: pd.Series) -> pd.Series:
    whole = bool((times.dropna().dt.microsecond == 0).all())
    text: pd.Series[str] = times.dt.strftime("%Y-%m-%dT%H:%M:%SZ" if whole else "%Y-%m-%dT%H:%M:%S.%fZ")
    return text


def _guarded(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
