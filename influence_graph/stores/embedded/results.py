"""Runs, their results and leases in the open embedded file."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from influence_graph.errors import LockHeld
from influence_graph.model.json_values import json_text
from influence_graph.model.results import ResultKind, kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.base import Lease
from influence_graph.stores.embedded.connection import first_row
from influence_graph.stores.embedded.reading import naive_utc

if TYPE_CHECKING:
    import duckdb

_RUN_COLUMNS = "id, kind, status, started_at, finished_at, input_digest, version, parameters"


def write(connection: duckdb.DuckDBPyConnection, run: Run, results: pa.Table, lease: Lease | None) -> None:
    """Replace the results of ``run.kind`` and point to *run*, in one transaction."""
    kind = kind_of(run.kind)
    table = _without_zones(results.cast(kind.schema))
    connection.begin()
    if lease is not None:
        _check(connection, lease)
    connection.register("new_results", table)
    connection.execute(f"CREATE OR REPLACE TABLE {results_table(kind)} AS SELECT * FROM new_results")
    connection.unregister("new_results")
    connection.execute("UPDATE runs SET status = 'superseded' WHERE kind = ? AND status = 'finished'", [run.kind])
    connection.execute(f"INSERT INTO runs ({_RUN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _run_row(run))
    connection.execute("DELETE FROM current_runs WHERE kind = ?", [run.kind])
    connection.execute("INSERT INTO current_runs VALUES (?, ?)", [run.kind, run.id])
    connection.commit()


def results(connection: duckdb.DuckDBPyConnection, kind: ResultKind) -> tuple[Run, pa.Table] | None:
    """Return the current run of *kind* with its results."""
    row = first_row(
        connection,
        f"SELECT {_RUN_COLUMNS} FROM runs WHERE id = (SELECT run_id FROM current_runs WHERE kind = ?)",
        [kind.kind],
    )
    if row is None:
        return None
    table = connection.sql(f"SELECT * FROM {results_table(kind)}").to_arrow_table()
    return _run(row), table.cast(kind.schema)


def runs(connection: duckdb.DuckDBPyConnection) -> list[Run]:
    """Return all runs, newest first."""
    rows = connection.execute(f"SELECT {_RUN_COLUMNS} FROM runs ORDER BY started_at DESC, id DESC").fetchall()
    return [_run(row) for row in rows]


def grant(connection: duckdb.DuckDBPyConnection, name: str, ttl: float) -> Lease:
    """Grant the lease *name* for *ttl* seconds.

    Raises:
        LockHeld: another owner holds it.
    """
    now, owner = time.time(), f"{os.uname().nodename}:{os.getpid()}"
    connection.begin()
    row = first_row(connection, "SELECT owner, token, expires_at FROM leases WHERE name = ?", [name])
    if row is not None and row[2] > now:
        connection.rollback()
        raise LockHeld(
            f"the lease {name!r} is held by {row[0]} for {row[2] - now:.0f} s more", remedy="wait, or stop that process"
        )
    token = 1 if row is None else row[1] + 1
    connection.execute("DELETE FROM leases WHERE name = ?", [name])
    connection.execute("INSERT INTO leases VALUES (?, ?, ?, ?)", [name, owner, token, now + ttl])
    connection.commit()
    return Lease(name, owner, token, datetime.fromtimestamp(now + ttl, UTC))


def release(connection: duckdb.DuckDBPyConnection, lease: Lease) -> None:
    """End *lease* if it is still the latest grant of its name."""
    connection.execute("UPDATE leases SET expires_at = 0 WHERE name = ? AND token = ?", [lease.name, lease.token])


def _check(connection: duckdb.DuckDBPyConnection, lease: Lease) -> None:
    row = first_row(connection, "SELECT token, expires_at FROM leases WHERE name = ?", [lease.name])
    if row is None or row[0] != lease.token or row[1] <= time.time():
        raise LockHeld(
            f"the lease {lease.name!r} (token {lease.token}) has expired or gone to another; nothing was written",
            remedy="run the command again",
        )


def results_table(kind: ResultKind) -> str:
    """Return the name of the table that holds the results of *kind*, once there are any."""
    return f"{kind.kind.replace('-', '_')}_results"


def _without_zones(table: pa.Table) -> pa.Table:
    """Return *table* with its times, which are UTC, as the file stores them."""
    naive = [pa.timestamp("us") if pa.types.is_timestamp(field.type) else field.type for field in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, naive, strict=True))))


def _run_row(run: Run) -> list[Any]:
    finished = naive_utc(run.finished_at or datetime.now(UTC))
    parameters = json_text(run.parameters, sort_keys=True)
    started = naive_utc(run.started_at)
    return [run.id, run.kind, "finished", started, finished, run.input_digest, run.version, parameters]


def _run(row: tuple[Any, ...]) -> Run:
    id_, kind, status, started, finished, digest, version, parameters = row
    return Run(
        id_,
        kind,
        status,
        started.replace(tzinfo=UTC),
        None if finished is None else finished.replace(tzinfo=UTC),
        digest,
        version,
        json.loads(parameters),
    )
