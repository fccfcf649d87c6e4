"""The touchpoint table of an embedded store, and stores from when derived meaning was written into records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.errors import InputError, StoreError
from influence_graph.model.records import BRANDS, INTERACTIONS, PEOPLE, Batch
from influence_graph.model.touchpoints import FORMAT, TouchpointTable
from influence_graph.stores.embedded.store import FILE_NAME, EmbeddedStore
from influence_graph.stores.frozen_meaning import DERIVED, OTHERS
from tests.stores.given import migrate_first

AT = datetime(2026, 1, 1, tzinfo=UTC)
DERIVED_OF = {kind: meaning for meaning, kinds in DERIVED.items() for kind in kinds.split()}
KINDS = [*DERIVED_OF, "Live chat", "Free-Trial", "follow", "never heard of", None]


def events(*, states: bool) -> list[dict]:
    """Return one event of each kind, which state what their kind means, or nothing; the last one differs."""
    rows: list[dict] = []
    for number, kind in enumerate(KINDS):
        touchpoint, direction = derived(kind)
        stated = {"touchpoint": touchpoint, "direction": direction} if states else {}
        rows.append({"event_id": f"e{number}", "kind": kind, **stated})
    rows.append({"event_id": "own", "kind": "purchase", "touchpoint": "expediting", "direction": "to_consumer"})
    return [{"at": AT, "consumer": f"c{n % 3}", "brand": "acme", **row} for n, row in enumerate(rows)]


def derived(kind: str | None) -> tuple[str, str]:
    key = "" if kind is None else kind.strip().lower().replace("-", "_").replace(" ", "_")
    return DERIVED_OF.get(key, OTHERS)


def batch(rows: list[dict]) -> Batch:
    table = pa.Table.from_pylist(
        [{name: row.get(name) for name in INTERACTIONS.names} for row in rows], schema=INTERACTIONS.schema
    )
    return Batch(INTERACTIONS, table, pa.array(range(len(rows)), pa.int64()), "events.csv")


def old_store(folder: Path) -> EmbeddedStore:
    """Return a store as versions before V0005 left it: the meaning of each kind is in its records."""
    with duckdb.connect(str(folder / FILE_NAME)) as connection:
        migrate_first(connection, 4)
        connection.execute("INSERT INTO meta VALUES ('ledger', 'old')")
        connection.execute("INSERT INTO people (key, id) VALUES (0, 'c0'), (1, 'c1'), (2, 'c2')")
        connection.execute("INSERT INTO brands (key, id) VALUES (0, 'acme')")
        for row in events(states=True):
            values = [row["event_id"], AT.replace(tzinfo=None), int(row["consumer"][1]), 0]
            connection.execute(
                'INSERT INTO interactions (event_id, "at", consumer, brand, kind, touchpoint, direction)'
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [*values, row["kind"], row["touchpoint"], row["direction"]],
            )
    return EmbeddedStore(folder)


def test_derived_meaning_is_taken_back_and_stated_meaning_stays(tmp_path: Path) -> None:
    rows = old_store(tmp_path).interactions().to_pylist()
    stated = {row["event_id"]: (row["touchpoint"], row["direction"]) for row in rows}
    assert stated.pop("own") == ("expediting", "to_consumer")
    assert set(stated.values()) == {(None, None)}
    assert len(stated) == len(KINDS)


def test_scores_of_an_old_store_are_as_before(tmp_path: Path) -> None:
    migrated = fusion_scores(old_store(tmp_path).interactions())
    as_it_was = fusion_scores(batch(events(states=True)).table)
    columns = ["fusion_score", "to_brand", "to_consumer"]
    assert migrated["consumer"].astype(str).tolist() == as_it_was["consumer"].astype(str).tolist()
    assert np.abs(migrated[columns].to_numpy() - as_it_was[columns].to_numpy()).max() < 1e-12  # in another order


@pytest.mark.parametrize("states", [True, False])
def test_the_file_of_an_old_store_changes_nothing_whether_or_not_it_states_meaning(
    tmp_path: Path, states: bool
) -> None:
    store = old_store(tmp_path)
    store.set_touchpoints(TouchpointTable.load().with_lines({"never heard of": {"valence": -1.0}}))
    before = store.digest()
    report = store.append(INTERACTIONS, [batch(events(states=states))])
    assert (report.inserted, report.updated, report.conflicts) == (0, 0, [])
    assert report.unchanged == len(KINDS) + 1
    assert store.digest() == before


def test_another_stated_meaning_or_a_newer_record_is_still_a_conflict(tmp_path: Path) -> None:
    store = old_store(tmp_path)
    own = {"at": AT, "consumer": "c0", "brand": "acme"}
    new = {"event_id": "new", "kind": "wear", **own}
    assert store.append(INTERACTIONS, [batch([new])]).inserted == 1
    again = store.append(INTERACTIONS, [batch([{**new, "touchpoint": "expediting"}])])
    assert [conflict.value for conflict in again.conflicts] == ["new"]
    last = {**events(states=True)[-1], "touchpoint": "engagement"}
    assert [conflict.value for conflict in store.append(INTERACTIONS, [batch([last])]).conflicts] == ["own"]


def edges(store: EmbeddedStore) -> set[tuple[str, str]]:
    graph = store.graph("interactions")
    source = np.repeat(np.arange(graph.number_of_nodes), np.diff(graph.indptr))
    return {(str(graph.ids[a]), str(graph.ids[b])) for a, b in zip(source, graph.indices, strict=True)}


def test_the_graph_follows_the_table_where_no_direction_is_stated(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    kinds = {"a": "Give-away", "b": "giveaway", "c": "wear", "d": "never heard of", "e": None}
    rows = [{"event_id": who, "kind": kind, "at": AT, "consumer": who, "brand": "x"} for who, kind in kinds.items()]
    rows.append({**rows[1], "event_id": "f", "consumer": "f", "direction": "to_brand"})
    store.append(INTERACTIONS, [batch(rows)])
    assert edges(store) == {("a", "x"), ("x", "b"), ("c", "x"), ("d", "x"), ("e", "x"), ("f", "x")}
    lines = {"wear": {"direction": "to_consumer"}, "never heard of": {"direction": "to_consumer"}}
    store.set_touchpoints(TouchpointTable.load().with_lines(lines))
    assert edges(store) == {("a", "x"), ("x", "b"), ("x", "c"), ("x", "d"), ("e", "x"), ("f", "x")}
    store.set_touchpoints(TouchpointTable.from_dict({"default": {"direction": "to_consumer"}}))
    assert edges(store) == {*((("x"), who) for who in "abcde"), ("f", "x")}


def test_a_store_keeps_its_table_apart_from_its_records(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.migrate()
    assert store.touchpoints() == TouchpointTable.load()
    digest = store.digest()
    table = TouchpointTable.load().with_lines({"support ticket": {"touchpoint": "problem_recovery", "valence": -1.0}})
    store.set_touchpoints(table)
    assert EmbeddedStore(tmp_path).touchpoints() == table
    with store.snapshot() as view:
        assert view.touchpoints().digest == table.digest
        with pytest.raises(StoreError, match="read-only"):
            view.set_touchpoints(None)  # type: ignore[attr-defined]
    assert store.digest() == digest
    store.set_touchpoints(None)
    assert store.touchpoints() == TouchpointTable.load()


def test_a_table_of_a_newer_version_is_refused_in_one_line(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.migrate()
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        newer = json.dumps({"format": FORMAT + 1, "kinds": {}})
        connection.execute("INSERT INTO meta VALUES ('touchpoints', ?)", [newer])
    with pytest.raises(InputError, match=f"the table has format {FORMAT + 1}") as refused:
        store.touchpoints()
    assert str(tmp_path) in refused.value.message
    assert "\n" not in str(refused.value)


def test_kinds_are_counted_as_they_count(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    times = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    kinds, replaces = ["wear", "odd", None, "odd"], [None, None, None, "2"]
    rows = [
        {"event_id": str(n), "at": at, "kind": kind, "replaces": other, "consumer": "a", "brand": "x"}
        for n, (at, kind, other) in enumerate(zip(times, kinds, replaces, strict=True))
    ]
    store.append(PEOPLE, [])
    store.append(BRANDS, [])
    store.append(INTERACTIONS, [batch(rows)])
    assert store.kinds() == {"odd": 2, "wear": 1}
    assert store.kinds(times[2]) == {"": 1, "odd": 1, "wear": 1}
