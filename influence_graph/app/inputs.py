"""Small tables that a command takes beside the store: costs, a segment, a log of actions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.text import one_line


def read_columns(path: Path, texts: Sequence[str], others: Sequence[str] = (), optional: bool = False) -> pd.DataFrame:
    """Return columns of the CSV, JSON Lines or Parquet file *path*; *texts* as text, exactly as written.

    Args:
        path: File; the suffix is the format.
        texts: Columns of ids, all of them needed.
        others: Columns of numbers or times, needed unless *optional*.
        optional: Whether *others* may be missing.

    Raises:
        UnreadableFile: the file is missing or not of its format.
        InputError: the suffix is unknown, or a column or a value is missing.
    """
    frame = _read(path, list(texts))
    wanted = [*texts, *(name for name in others if name in frame.columns or not optional)]
    for name in wanted:
        if name not in frame.columns:
            remedy = f"its columns are {', '.join(map(str, frame.columns))}: rename one"
            raise InputError(f"{path} has no column {name!r}", remedy=remedy)
        missing = frame[name].isna().to_numpy().nonzero()[0]
        if missing.size:
            message = f"{path}: record {missing[0] + 1} has no {name}"
            raise InputError(message, remedy="fill it, or leave the record out")
    return frame[wanted].astype(dict.fromkeys(texts, str))


def read_numbers(path: Path, name: str, default: float | None = None) -> dict[str, float]:
    """Return the number *name* of each ``id`` in the file *path*; *default* where there is no such column.

    Raises:
        UnreadableFile: the file is missing or not of its format.
        InputError: a column is missing, an id stands twice, or a value is no number.
    """
    frame = read_columns(path, ["id"], [name], optional=default is not None)
    if name not in frame.columns:
        frame = frame.assign(**{name: default})
    if frame.empty:
        raise InputError(f"{path} has no record", remedy="give a record for each id")
    twice = frame["id"][frame["id"].duplicated()]
    if len(twice):
        raise InputError(f"{path} names {twice.iloc[0]!r} twice", remedy="give each id one record")
    values = pd.to_numeric(frame[name], errors="coerce")
    if values.isna().any():
        bad = frame[values.isna()].iloc[0]
        raise InputError(f"{path}: the {name} of {bad['id']!r} is {bad[name]!r}, no number", remedy="give a number")
    return dict(zip(frame["id"], values.astype(float), strict=True))


def _read_csv(path: Path, texts: list[str]) -> pd.DataFrame:
    """Return a CSV whose records all have the columns of its header; an empty value is missing."""
    convert = csv.ConvertOptions(
        column_types=dict.fromkeys(texts, pa.string()), null_values=[""], strings_can_be_null=True
    )
    frame: pd.DataFrame = csv.read_csv(path, convert_options=convert).to_pandas()
    return frame


def _read(path: Path, texts: list[str]) -> pd.DataFrame:
    readers = {
        ".csv": lambda: _read_csv(path, texts),
        ".jsonl": lambda: pd.DataFrame([json.loads(line) for line in path.read_text("utf-8").splitlines() if line]),
        ".parquet": lambda: pd.read_parquet(path),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path} has the unknown suffix {path.suffix!r}", remedy=f"use {', '.join(readers)}")
    try:
        return reader()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}", remedy="check the path") from error
    except (ValueError, pa.ArrowException) as error:  # pandas' own errors are ValueErrors
        message = one_line(f"{path} is no readable {path.suffix[1:]}: {error}")
        raise UnreadableFile(message, remedy="check the file") from error
