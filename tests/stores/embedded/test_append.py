"""Appending, against a model of its two rules in a few lines of Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.model.records import INTERACTIONS, TIES, RecordKind
from influence_graph.stores.embedded import reading, schema
from influence_graph.stores.embedded.append import append_batch
from tests.stores.given import batch, event, tie

Batches = list[list[dict[str, Any]]]
PEOPLE, EVENT_IDS = st.sampled_from(["ann", "bob", "cid"]), st.sampled_from(["e1", "e2", "e3", "e4"])
EVENTS = st.lists(
    st.builds(event, EVENT_IDS, PEOPLE, day=st.integers(0, 1), points=st.sampled_from([None, 1.0])),
    min_size=1,
    max_size=5,
)
TIED = st.lists(
    st.builds(tie, PEOPLE, PEOPLE, weight=st.none() | st.floats(0, 3)),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as opened:
        schema.migrate(opened, "here")
        yield opened


def appended(
    connection: duckdb.DuckDBPyConnection, kind: RecordKind, batches: Batches
) -> tuple[list[tuple[int, ...]], list[dict[str, Any]]]:
    """Return the counts of each of *batches*, and the records at the end."""
    connection.begin()
    try:
        reports = [append_batch(connection, batch(kind, *rows)) for rows in batches]
        with reading.records(connection, kind, 1000) as reader:
            stored = reader.read_all().cast(kind.schema).to_pylist()
    finally:
        connection.rollback()
    return [(r.inserted, r.updated, r.unchanged, len(r.conflicts)) for r in reports], stored


def complete(kind: RecordKind, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in kind.names}


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=3))
def test_the_first_event_of_an_id_stays_and_another_payload_is_a_conflict(
    connection: duckdb.DuckDBPyConnection, batches: Batches
) -> None:
    known: dict[str, dict[str, Any]] = {}
    expected = []
    for rows in batches:
        inserted = unchanged = conflicts = 0
        for row in rows:
            first = known.setdefault(row["event_id"], row)
            inserted += first is row
            unchanged += first is not row and first == row
            conflicts += first != row
        expected.append((inserted, 0, unchanged, conflicts))
    counts, stored = appended(connection, INTERACTIONS, batches)
    assert counts == expected
    assert stored == [complete(INTERACTIONS, known[id_]) for id_ in sorted(known)]


@settings(deadline=None)
@given(st.lists(TIED, max_size=3))
def test_the_last_value_that_is_not_null_wins_and_only_differences_count(
    connection: duckdb.DuckDBPyConnection, batches: Batches
) -> None:
    known: dict[tuple[str, str], float | None] = {}
    expected = []
    for rows in batches:
        before = dict(known)
        for row in rows:
            key = row["source"], row["target"]
            known[key] = known.get(key) if row["weight"] is None else row["weight"]
        inserted = len(known) - len(before)
        updated = sum(known[key] != before[key] for key in before)
        expected.append((inserted, updated, len(rows) - inserted - updated, 0))
    counts, stored = appended(connection, TIES, batches)
    assert counts == expected
    assert {(row["source"], row["target"]): row["weight"] for row in stored} == known


def test_what_fails_in_the_database_is_told_and_not_that_the_transaction_is_aborted(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("influence_graph.stores.embedded.append._stage", lambda kind: "SELECT error('the cause')")
    connection.begin()
    with pytest.raises(duckdb.Error, match="the cause"):
        append_batch(connection, batch(TIES, tie("ann", "bob")))
    connection.rollback()
