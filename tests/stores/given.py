"""Records, runs and results that the tests of the stores write, and how they read them back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from influence_graph.model.records import Batch, RecordKind
from influence_graph.model.results import LEARN, RANK, RESULTS, SCORE, SEEDS
from influence_graph.model.runs import Run
from influence_graph.stores.base import Reader, Store
from influence_graph.stores.embedded.schema import MIGRATIONS

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def batch(kind: RecordKind, *rows: dict[str, Any], first_line: int = 2) -> Batch:
    """Return rows with null for what they leave out."""
    table = pa.Table.from_pylist([{name: row.get(name) for name in kind.names} for row in rows], schema=kind.schema)
    return Batch(kind, table, pa.array(range(first_line, first_line + len(rows)), pa.int64()), f"{kind.name}.csv")


def event(id_: str, consumer: str = "ann", brand: str = "acme", day: int = 0, **more: Any) -> dict[str, Any]:
    defaults = {"direction": "to_brand", "touchpoint": "engagement"}
    return {"event_id": id_, "consumer": consumer, "brand": brand, "at": DAY.replace(day=1 + day), **defaults, **more}


def tie(source: str, target: str, kind: str = "follows", **more: Any) -> dict[str, Any]:
    return {"source": source, "target": target, "kind": kind, **more}


def migrate_first(connection: DuckDBPyConnection, number: int) -> None:
    """Bring an empty embedded store to the state after its first *number* migrations."""
    for name in list(MIGRATIONS)[:number]:
        connection.execute(MIGRATIONS[name])
        connection.execute("INSERT INTO meta VALUES ('migration', ?)", [name])


def counted(store: Store, kind: RecordKind, *batches: Batch) -> tuple[int, int, int, int]:
    report = store.append(kind, batches)
    return report.inserted, report.updated, report.unchanged, len(report.conflicts)


def rows(store: Reader, kind: RecordKind | str) -> list[dict[str, Any]]:
    return [row for table in store.records(kind) for row in table.to_pylist()]


def run(kind: str, id_: str) -> Run:
    return Run(id_, kind, "finished", DAY, DAY, "digest", "0", {"damping_factor": 0.85, "name": "x"})


def ranks(*scores: tuple[str, str, float]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(RANK.schema.names, each, strict=True)) for each in scores], RANK.schema)


def measured(kind: str, *scores: tuple[str, str, float]) -> pa.Table:
    """Scores of nodes with whatever else the kind keeps of each, the same for all."""
    schema, value = RESULTS[kind].schema, {pa.string(): "x", pa.int64(): 3, pa.float64(): 0.5}
    table = ranks(*scores)
    for field in list(schema)[3:]:
        table = table.append_column(field, pa.array([value[field.type]] * len(table), field.type))
    return table


def bonds(*values: tuple[str, str, float]) -> pa.Table:
    keys = ("consumer", "brand", "fusion_score")
    more = {"to_brand": 1.0, "to_consumer": 0.0, "reciprocity": 0.5, "as_of": DAY}
    return (
        pa.Table.from_pylist([{**dict(zip(keys, v, strict=True)), **more} for v in values])
        .select(SCORE.schema.names)
        .cast(SCORE.schema)
    )


def influences(*ties: tuple[str, str, float, float | None]) -> pa.Table:
    schema = LEARN.schema
    return pa.Table.from_pylist([dict(zip(schema.names, each, strict=True)) for each in ties], schema=schema)


def seeds(*rows: tuple[int, str, float]) -> pa.Table:
    schema = SEEDS.schema
    return pa.Table.from_pylist([dict(zip(schema.names, each, strict=True)) for each in rows], schema=schema)
