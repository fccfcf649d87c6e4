"""A chunk becomes a batch of its valid records and one reject for each of the others, in order of lines."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError
from influence_graph.ingest.chunks import Chunk, ParsedColumn
from influence_graph.ingest.faults import MAX_SHOWN, Fault, noted
from influence_graph.ingest.validate import Validator
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import KINDS, PEOPLE, SALES, TIES


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


def test_a_bad_value_that_only_describes_costs_that_value_and_is_counted_apart() -> None:
    columns = {"id": ["a", None, "c"], "followers": ["1,5", "x", "3"], "joined": ["?", "", None]}
    arrays = {name: pa.array(values) for name, values in columns.items()}
    faults = {"name": {2: Fault("{…}", "is an object")}}
    batch, rejects = validator(PEOPLE).validate(Chunk(arrays, np.array([2, 3, 4]), faults, [(9, Fault("?", "odd"))]))
    assert batch.table.select(["id", "name", "followers", "joined"]).to_pylist() == [
        {"id": "a", "name": None, "followers": None, "joined": None},
        {"id": "c", "name": None, "followers": 3, "joined": None},
    ]
    assert [(bad.line, bad.column, bad.value_only) for bad in rejects] == [
        (2, "followers", True),
        (2, "joined", True),
        (3, "id", False),
        (4, "name", True),
        (9, "", False),
    ]
    assert rejects[0].reason == "has a decimal comma; only this value was left out"
    assert batch.table.num_rows + sum(not bad.value_only for bad in rejects) == 3 + 1


def test_what_describes_is_in_records_that_can_be_stated_again() -> None:
    for kind in KINDS.values():
        describing = {each.name for each in kind.fields if each.describes}
        assert not describing & {*kind.key, *kind.required}
        assert not (describing and kind.immutable)
    assert {each.name for each in PEOPLE.fields if not each.describes} == {"id"}


def test_the_currency_of_a_column_is_that_of_its_first_number_in_all_chunks() -> None:
    checking = Validator(SALES, "f.csv", notations={"value": Notation(decimal=".")})
    outcomes = []
    for day, value in enumerate(["5", "€ 1,000", "$2"], start=1):
        columns = {"brand": pa.array(["b"]), "date": pa.array([f"2026-01-0{day}"]), "value": pa.array([value])}
        batch, rejects = checking.validate(Chunk(columns, np.array([day])))
        outcomes += [*batch.table["value"].to_pylist(), *(bad.reason for bad in rejects)]
    assert outcomes == [5.0, 1000.0, "has another currency than €"]


def test_notes_are_summed_over_chunks_and_columns() -> None:
    checking = validator(TIES)
    for _ in range(2):
        checking.validate(Chunk({"source": pa.array(["a\u00a0"]), "target": pa.array(["\tb"])}, np.array([2])))
    assert noted(checking.notes) == ["4 ids had no-break spaces, tabs or the like around, which were left out"]


def test_a_notation_that_does_not_suit_its_field_is_refused_before_the_first_record() -> None:
    with pytest.raises(InputError, match="weight has no scale"):
        Validator(TIES, "f.csv", notations={"weight": Notation(scale=(0, 10))})


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
