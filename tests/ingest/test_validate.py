"""A chunk becomes a batch of its valid records and one reject for each of the others, in order of lines."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.chunks import Chunk, ParsedColumn
from influence_graph.ingest.faults import MAX_SHOWN, Fault
from influence_graph.ingest.validate import Validator
from influence_graph.model.records import SALES, TIES


def validator(kind) -> Validator:
    return Validator(kind, "f.csv")


def chunk(size: int) -> Chunk:
    faults = {"weight": {row: Fault("x", "is wrong") for row in range(0, size, 3)}}
    columns = {"source": pa.array([f"a{n}" for n in range(size)]), "target": pa.array([f"b{n}" for n in range(size)])}
    return Chunk(columns, np.arange(10, 10 + size), faults, [(3, Fault("?", "is no record"))])


@given(st.integers(1, 20), st.integers(1, 25))
def test_slices_of_a_chunk_give_the_same_records_and_rejects(size: int, rows: int) -> None:
    (whole, rejects), parts = validator(TIES).validate(chunk(size)), chunk(size).slices(rows)
    assert max(len(part.lines) for part in parts) <= rows
    found = [validator(TIES).validate(part) for part in parts]
    assert [line for batch, _ in found for line in batch.lines.to_pylist()] == whole.lines.to_pylist()
    assert [reject for _, some in found for reject in some] == rejects
    assert len(whole.lines) + len(rejects) == size + 1


def test_rejects_are_in_order_of_lines_and_each_record_has_one() -> None:
    columns = {"source": pa.array(["a", None, "c"]), "target": pa.array(["a", "b", "d"])}
    faults = {"weight": {1: Fault("x", "is wrong"), 2: Fault("y", "is wrong")}}
    batch, rejects = validator(TIES).validate(Chunk(columns, np.array([2, 3, 5]), faults, [(4, Fault("?", "odd"))]))
    assert batch.table.num_rows == 0
    assert [(bad.line, bad.column) for bad in rejects] == [
        (2, "target"),
        (3, "source"),
        (4, ""),
        (5, "weight"),
    ]


def test_columns_that_a_file_lacks_are_null_and_defaults_are_set() -> None:
    columns = {"brand": pa.array(["b"]), "date": pa.array(["2026-01-02"]), "value": pa.array([2])}
    batch, rejects = validator(SALES).validate(Chunk(columns, np.array([2])))
    assert rejects == []
    assert batch.table.schema == SALES.schema
    assert batch.table.to_pylist()[0]["segment"] == ""


def test_a_parsed_column_has_no_faults_by_default() -> None:
    assert ParsedColumn(pa.array([1])).faults == {}


@given(st.one_of(st.text(max_size=400), st.binary(max_size=400)))
def test_the_value_of_a_fault_is_short_and_printable(value: str | bytes) -> None:
    shown = Fault.of(value, "is wrong").value
    assert shown.isprintable()
    assert len(shown) <= MAX_SHOWN
    if isinstance(value, str) and value.isprintable() and len(value) <= MAX_SHOWN:
        assert shown == value
