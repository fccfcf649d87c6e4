"""Between Arrow tables and what is sent over Bolt: nothing is lost on the way, whatever the values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import neo4j.time
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.model.records import INTERACTIONS, KINDS, SALES, FieldType, RecordKind
from influence_graph.stores.neo4j.rows import normalized, to_rows, to_table

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VALUES = {
    FieldType.NUMBER: st.floats(allow_nan=False),
    FieldType.INTEGER: st.integers(-(2**63), 2**63 - 1),
    FieldType.TIME: st.datetimes(timezones=st.just(UTC)),
    FieldType.DATE: st.dates(),
    FieldType.TRUTH: st.booleans(),
}
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@st.composite
def tables(draw: st.DrawFn) -> tuple[RecordKind, pa.Table]:
    kind = draw(st.sampled_from(list(KINDS.values())))
    values = {each.name: st.none() | VALUES.get(each.type, TEXT) for each in kind.fields}
    rows = draw(st.lists(st.fixed_dictionaries(values), max_size=6))
    return kind, pa.Table.from_pylist(rows, schema=kind.schema)


@given(tables())
def test_rows_of_every_kind_come_back_as_they_were(given_: tuple[RecordKind, pa.Table]) -> None:
    kind, table = given_
    sent = to_rows(table)
    assert to_table(sent, kind.schema) == table
    assert [normalized(row, kind) for row in sent] == sent


@given(tables())
def test_what_is_sent_is_of_types_that_the_driver_takes(given_: tuple[RecordKind, pa.Table]) -> None:
    _, table = given_
    for row in to_rows(table):
        assert all(value is None or type(value) in (str, float, int, bool, date) for value in row)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_is_sent_as_microseconds_since_1970(at: datetime) -> None:
    table = pa.table({"at": pa.array([at, None], pa.timestamp("us", tz="UTC"))})
    since = at - EPOCH
    assert to_rows(table) == [((since.days * 86_400 + since.seconds) * 10**6 + since.microseconds,), (None,)]


def test_dates_of_the_driver_become_dates() -> None:
    row = ("acme", neo4j.time.Date(2026, 1, 2), 1.5, "")
    assert normalized(row, SALES) == ("acme", date(2026, 1, 2), 1.5, "")
    assert to_table([row], pa.schema([(n, SALES.schema.field(n).type) for n in ("brand", "date", "value", "segment")]))[
        "date"
    ].to_pylist() == [date(2026, 1, 2)]


@pytest.mark.parametrize("rows", [[], [(None,) * len(INTERACTIONS.fields)]])
def test_no_rows_and_rows_of_nulls_are_tables_too(rows: list[Any]) -> None:
    table = to_table(rows, INTERACTIONS.schema)
    assert (table.num_rows, table.schema) == (len(rows), INTERACTIONS.schema)
    assert to_rows(table) == rows
