"""Batches made of columns, and joined: nothing is lost, moved or made larger than allowed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.batching import joined, make_batch
from influence_graph.model.records import BRANDS, PEOPLE, SALES, Batch


def brands(first: int, size: int) -> Batch:
    return make_batch(BRANDS, {"id": [f"b{n}" for n in range(first, first + size)]}, range_of(first, size), "b.csv")


def range_of(first: int, size: int) -> list[int]:
    return list(range(first, first + size))


@given(st.lists(st.integers(0, 7)), st.integers(1, 10))
def test_joined_batches_hold_the_same_records_in_order(sizes: list[int], rows: int) -> None:
    starts = np.cumsum([0, *sizes]).tolist()
    given_batches = [brands(start, size) for start, size in zip(starts, sizes, strict=False)]
    found = list(joined(given_batches, rows))
    assert [line for batch in found for line in batch.lines.to_pylist()] == range_of(0, sum(sizes))
    assert [id_ for batch in found for id_ in batch.table["id"].to_pylist()] == [f"b{n}" for n in range(sum(sizes))]
    assert all(0 < len(batch.lines) <= max(rows, *sizes, 0) for batch in found)
    assert all(len(a.lines) + len(b.lines) > rows for a, b in pairwise(found))


def test_what_was_read_before_the_damage_is_yielded_before_the_error() -> None:
    def damaged() -> Iterator[Batch]:
        yield brands(0, 2)
        yield brands(2, 2)
        raise UnreadableFile("damaged")

    seen: list[int] = []
    with pytest.raises(UnreadableFile, match="damaged"):
        seen.extend(len(batch.lines) for batch in joined(damaged(), 100))
    assert seen == [4]


def test_columns_may_be_arrays_single_values_or_absent() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    values = {
        "id": pa.chunked_array([["a"], ["b"]]),
        "name": pd.Series(["A", None]),
        "followers": np.array([3, 4]),
        "kind": "consumer",
        "joined": at,
    }
    batch = make_batch(PEOPLE, values, np.array([5, 9]), "people.csv")
    assert batch.table.schema == PEOPLE.schema
    assert batch.lines.to_pylist() == [5, 9]
    assert batch.file == "people.csv"
    assert batch.table.select(["id", "name", "followers", "kind", "city", "joined"]).to_pylist() == [
        {"id": "a", "name": "A", "followers": 3, "kind": "consumer", "city": None, "joined": at},
        {"id": "b", "name": None, "followers": 4, "kind": "consumer", "city": None, "joined": at},
    ]


def test_columns_take_the_type_of_their_field() -> None:
    batch = make_batch(SALES, {"brand": "b", "date": np.array(["2026-01-02"], "M8[D]"), "value": 1}, [1], "s.csv")
    assert batch.table.schema == SALES.schema
    assert batch.table["value"].to_pylist() == [1.0]
    assert str(batch.table["date"][0]) == "2026-01-02"
