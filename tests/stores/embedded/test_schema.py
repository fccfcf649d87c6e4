"""A store written by an earlier version is brought up to date by whoever opens it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from influence_graph.errors import NotFound
from influence_graph.stores.embedded.schema import MIGRATIONS, V0001
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


def test_seeds_from_before_they_had_a_rank_keep_their_order(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        for name in list(MIGRATIONS)[:3]:
            connection.execute(MIGRATIONS[name])
            connection.execute("INSERT INTO meta VALUES ('migration', ?)", [name])
        connection.execute("CREATE TABLE seeds_results (position BIGINT, id VARCHAR, gain DOUBLE)")
        connection.execute("INSERT INTO seeds_results VALUES (1, 'ann', 2.5), (2, 'bob', 1.0)")
        day = datetime(2026, 1, 1)
        for kind in ("seeds", "later"):
            connection.execute(
                "INSERT INTO runs VALUES (?, ?, 'finished', ?, ?, 'd', '0', '{}')", [kind, kind, day, day]
            )
            connection.execute("INSERT INTO current_runs VALUES (?, ?)", [kind, kind])
    store = EmbeddedStore(tmp_path)
    with store.snapshot() as view:
        assert [run.kind for run in view.runs()] == ["seeds", "later"]  # a kind of a newer version is listed too
        found = view.results("seeds")
        assert view.mark().ledger
    assert found is not None
    assert found[1].to_pylist() == [{"rank": 1, "id": "ann", "gain": 2.5}, {"rank": 2, "id": "bob", "gain": 1.0}]
    with pytest.raises(NotFound, match="'later'"):
        store.results("later")
