"""A store written by an earlier version is brought up to date by whoever opens it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from influence_graph.stores.embedded.schema import V0001
from influence_graph.stores.embedded.store import FILE_NAME, EmbeddedStore


def test_a_ledger_from_before_corrections_reads_as_it_was(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        connection.execute(V0001)
        connection.execute("INSERT INTO meta VALUES ('migration', 'V0001__ledger')")
        connection.execute("INSERT INTO people (key, id) VALUES (0, 'ann')")
        connection.execute("INSERT INTO brands (key, id) VALUES (0, 'acme')")
        at = datetime(2026, 1, 1)
        connection.execute("INSERT INTO interactions (event_id, \"at\", consumer, brand) VALUES ('e1', ?, 0, 0)", [at])
    store = EmbeddedStore(tmp_path)
    (row,) = store.interactions().to_pylist()
    assert (row["event_id"], row["at"], row["consumer"], row["replaces"]) == ("e1", at.replace(tzinfo=UTC), "ann", None)
    assert store.migrate() == []
