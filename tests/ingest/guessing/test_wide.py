"""Very wide tables: work grows with the number of columns, not with its square."""

from __future__ import annotations

import cProfile
import json
import pstats
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from influence_graph.app.inspect import inspect
from influence_graph.ingest.guessing.sample import MAX_VALUES, WIDE
from influence_graph.ingest.guessing.synonyms import name_key

FEW = 150


def columns(count: int) -> list[str]:
    return ["source", "target", *(f"column {number}" for number in range(count))]


def a_csv(path: Path, count: int) -> Path:
    file = path / f"{count}.csv"
    names = columns(count)
    file.write_text("".join(f"{','.join(row)}\n" for row in (names, names[::-1], names[1:])))
    return file


def a_csv_of_others(path: Path, count: int) -> Path:
    file = path / f"{count}.csv"
    names = ["email", "created at", *columns(count)[2:]]
    file.write_text(f"{','.join(names)}\nann@x.org,2025-01-01T10:00:00Z{',x' * count}\n")
    return file


def json_lines(path: Path, count: int) -> Path:
    file = path / f"{count}.jsonl"
    file.write_text(json.dumps(dict.fromkeys(columns(count), "x") | {"target": "y"}))
    return file


def parquet(path: Path, count: int) -> Path:
    file = path / f"{count}.parquet"
    nested = {f"deep {number}": [{"a": 1}] for number in range(20)}
    pq.write_table(pa.table({name: [name] for name in columns(count)} | nested), file)
    return file


FILES = [a_csv, a_csv_of_others, json_lines, parquet]


def calls(work: Callable[[Path], object], path: Path) -> int:
    work(path)  # what is made once
    name_key.cache_clear()
    with cProfile.Profile() as profile:
        work(path)
    return pstats.Stats(profile).total_calls  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("made", FILES)
def test_what_is_asked_of_columns_grows_with_their_number(made: Callable[[Path, int], Path], tmp_path: Path) -> None:
    few, more = (calls(inspect, made(tmp_path, count)) for count in (FEW, 2 * FEW))
    assert more < 2.2 * few


def test_of_a_wide_table_fewer_rows_and_columns_are_looked_at(tmp_path: Path) -> None:
    count = 20_000
    file = a_csv(tmp_path, count)
    with file.open("a") as more:
        for row in range(60):
            more.write(f"a{row},b{row}{',x' * count}\n")
    seen = inspect(file)
    assert len(seen.columns) == WIDE
    assert seen.more_columns == count + 2 - WIDE
    assert seen.rows == MAX_VALUES // (count + 2)
    assert not seen.whole
    assert seen.guess.native
