"""Ties that a file repeats: sums, earliest times, and the same whatever the size of batches."""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.source import Source, open_source

START = datetime(2026, 1, 1, tzinfo=UTC)
ROW = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from("abcd"),
    st.sampled_from(["", "follows", "friend", "exposed"]),
    st.none() | st.integers(0, 9),
    st.none() | st.integers(0, 5),
)
Tie = tuple[str, str, str]
Said = tuple[float | None, datetime | None]


def text_of(rows: list[tuple[str, str, str, int | None, int | None]]) -> str:
    lines = ["source,target,kind,weight,since"]
    for source, target, kind, weight, day in rows:
        since = "" if day is None else (START + timedelta(days=day)).isoformat()
        lines.append(f"{source},{target},{kind},{'' if weight is None else weight},{since}")
    return "\n".join(lines) + "\n"


def naive(rows: list[tuple[str, str, str, int | None, int | None]]) -> dict[Tie, Said]:
    """Return weight and time of each tie, row by row as the rule says it."""
    stated: dict[Tie, list[tuple[int | None, int | None]]] = defaultdict(list)
    for source, target, named, weight, day in rows:
        kind = named or "follows"
        if source != target:
            ends = sorted((source, target)) if kind == "friend" else [source, target]
            stated[ends[0], ends[1], kind].append((weight, day))
    said: dict[Tie, Said] = {}
    for tie, each in stated.items():
        weights, days = [w for w, _ in each], [d for _, d in each if d is not None]
        total = weights[0] if len(weights) == 1 else math.fsum(1 if w is None else w for w in weights)
        said[tie] = (total, START + timedelta(days=min(days)) if days else None)
    return said


def read(path: Path, batch_rows: int) -> tuple[list[tuple[Tie, Said]], Source]:
    source = open_source(path, ReadOptions(batch_rows=batch_rows))
    rows = [row for batch in source.batches(lambda reject: None) for row in batch.table.to_pylist()]
    return [((r["source"], r["target"], r["kind"]), (r["weight"], r["since"])) for r in rows], source


@given(rows=st.lists(ROW, min_size=1, max_size=30), batch_rows=st.sampled_from([1, 3, 100]))
def test_every_row_of_a_tie_has_its_sum_and_its_earliest_time(tmp_path_factory, rows, batch_rows) -> None:
    path = tmp_path_factory.getbasetemp() / "ties.csv"
    path.write_text(text_of(rows))
    found, source = read(path, batch_rows)
    expected = naive(rows)
    assert len(found) == sum(one != other for one, other, *_ in rows)
    assert dict(found) == expected
    assert all(said == expected[tie] for tie, said in found)
    repeating = len(found) - len(expected)
    assert (source.repeats.rows if source.repeats else 0) == repeating


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("source,target\na,b\nb,a\na,c\n", 0),
        ("source,target\na,b\na,b\na,b\n", 2),
        ("source,target,weight\na,b,1\na,b,2\na,c,1\na,c,\nb,c,\nb,c,\n", 3),
        ("source,target,kind\na,b,friend\nb,a,friend\na,b,follows\n", 1),
    ],
)
def test_repeats_are_counted(tmp_path: Path, text: str, rows: int) -> None:
    path = tmp_path / "ties.csv"
    path.write_text(text)
    _, source = read(path, 100)
    assert (source.repeats.rows if source.repeats else 0) == rows


def test_rejected_rows_add_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ties.csv"
    path.write_text("source,target,weight\na,b,1\na,b,-5\na,b,x\n")
    found, source = read(path, 100)
    assert found == [(("a", "b", "follows"), (1.0, None))]
    assert (source.rows, source.repeats) == (3, None)


def test_of_a_damaged_file_the_ties_before_the_damage_are_read(tmp_path: Path) -> None:
    path = tmp_path / "ties.csv.gz"
    lines = "source,target,weight\n" + "".join(f"a{n},b{n * n},1\na{n},b{n * n},2\n" for n in range(900_000))
    path.write_bytes(gzip.compress(lines.encode(), 1)[:-1000])
    source = open_source(path)
    tables: list[pa.Table] = []
    with pytest.raises(UnreadableFile, match="which were read"):
        tables.extend(batch.table for batch in source.batches(lambda reject: None))
    weights = {weight for table in tables for weight in table["weight"].unique().to_pylist()}
    assert weights in ({3.0}, {3.0, 1.0})
