"""Files of former versions: their records came from no source that is on record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.embedded import schema
from influence_graph.stores.embedded.ids import FILE_NAME
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import batch, event


def test_records_of_a_former_version_are_not_on_record_and_keep_their_place(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        for name, statements in schema.MIGRATIONS.items():
            if name < "V0007":
                connection.execute(statements)
                connection.execute("INSERT INTO meta VALUES ('migration', ?)", [name])
        connection.execute("INSERT INTO meta VALUES ('ledger', 'token')")
        connection.execute(
            "INSERT INTO people (key, id) VALUES (0, 'ann'); INSERT INTO brands (key, id) VALUES (0, 'acme')"
        )
        connection.execute(
            """INSERT INTO interactions (event_id, "at", consumer, brand, direction, touchpoint)
            SELECT 'e' || i, '2026-01-01', 0, 0, 'to_brand', 'engagement' FROM range(3) r(i)"""
        )
    store = EmbeddedStore(tmp_path)
    assert store.sources() == []
    with store.snapshot() as view:
        mark = view.mark()
    number = store.add_source("a.csv", "a" * 32)
    given = replace(batch(INTERACTIONS, *(event(f"e{i}") for i in range(4))), source=number)
    report = store.append(INTERACTIONS, [given])
    assert (report.inserted, report.unchanged) == (1, 3)
    assert store.brought_by(INTERACTIONS, [number]).only.to_pydict() == {"event_id": ["e3"]}
    assert store.brought_by(INTERACTIONS, [number]).shared == 0
    with store.snapshot() as view:
        assert view.mark(3) == replace(mark, position=3)
