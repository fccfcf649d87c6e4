"""A store written by an earlier version is brought up to date by whoever opens it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from influence_graph.errors import NotFound
from influence_graph.model.records import CAMPAIGNS, INTERACTIONS
from influence_graph.stores.base import LedgerMark
from influence_graph.stores.embedded.append import quoted
from influence_graph.stores.embedded.schema import V0001
from influence_graph.stores.embedded.store import FILE_NAME, EmbeddedStore
from tests.stores.given import batch, counted, event, migrate_first, rows


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


def test_a_store_from_before_items_takes_them_and_keeps_its_mark(tmp_path: Path) -> None:
    fields = [field.name for field in INTERACTIONS.fields if field.name != "item"]
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        migrate_first(connection, 8)
        connection.execute("INSERT INTO meta VALUES ('ledger', 'token')")
        connection.execute("INSERT INTO people (key, id) VALUES (0, 'ann')")
        connection.execute("INSERT INTO brands (key, id) VALUES (0, 'acme')")
        connection.execute(
            """INSERT INTO interactions (event_id, "at", consumer, brand, direction, touchpoint)
            VALUES ('e1', '2026-01-01', 0, 0, 'to_brand', 'engagement')"""
        )
        (hashes,) = connection.execute(
            f"SELECT count(*), sum(hash(rowid, {quoted(fields)})) FROM interactions"
        ).fetchall()
        nodes = [
            connection.execute(f"SELECT sum(hash(key, id)) FROM {table}").fetchall() for table in ("people", "brands")
        ]
    store = EmbeddedStore(tmp_path)
    proof = hashlib.blake2b(repr((*hashes, [each for ((each,),) in nodes])).encode(), digest_size=16).hexdigest()
    with store.snapshot() as view:
        assert view.mark() == LedgerMark("token", 1, proof)
    assert store.interactions()["item"].to_pylist() == [None]
    assert counted(store, INTERACTIONS, batch(INTERACTIONS, event("e1"), event("e2", item="hat"))) == (1, 0, 1, 0)
    assert counted(store, INTERACTIONS, batch(INTERACTIONS, event("e1", item="hat"))) == (0, 0, 0, 1)
    assert store.interactions()["item"].to_pylist() == [None, "hat"]
    with store.snapshot() as view:
        assert view.mark(1) == LedgerMark("token", 1, proof)
        assert view.mark().proof != proof


def test_a_store_from_before_days_takes_them_and_keeps_its_digest(tmp_path: Path) -> None:
    day = datetime(2026, 1, 1, 3, tzinfo=UTC)
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        migrate_first(connection, 9)
        connection.execute("INSERT INTO meta VALUES ('ledger', 'token')")
        connection.execute("INSERT INTO brands (key, id) VALUES (0, 'acme')")
        connection.execute(
            """INSERT INTO campaigns (event_id, "at", brand) VALUES
            ('k1', '2026-01-01 03:00', 0), ('k2', '2026-01-01 03:00', 0)"""
        )
    store = EmbeddedStore(tmp_path)
    as_before = [{"event_id": id_, "at": day, "brand": "acme"} for id_ in ("k1", "k2")]
    other = EmbeddedStore(tmp_path / "other")
    other.append(CAMPAIGNS, [batch(CAMPAIGNS, *as_before)])
    assert store.digest() == other.digest()
    again = [{**as_before[0], "day": date(2025, 12, 31)}, {**as_before[1], "day": day.date()}]
    assert counted(store, CAMPAIGNS, batch(CAMPAIGNS, *again)) == (0, 1, 1, 0)
    assert [row["day"] for row in rows(store, CAMPAIGNS)] == [date(2025, 12, 31), None]
    assert counted(store, CAMPAIGNS, batch(CAMPAIGNS, *again)) == (0, 0, 2, 0)


def test_another_item_is_another_ledger(tmp_path: Path) -> None:
    stores = [EmbeddedStore(tmp_path / item) for item in ("hat", "coat", "none")]
    proofs = set()
    for store, item in zip(stores, ("hat", "coat", None), strict=True):
        store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", item=item))])
        with store.snapshot() as view:
            proofs.add(view.mark().proof)
    assert len(proofs) == 3


def test_seeds_from_before_they_had_a_rank_keep_their_order(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        migrate_first(connection, 3)
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
