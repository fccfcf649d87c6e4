"""Runs and their results in the open embedded file: the current ones in tables, former ones in the archive."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from influence_graph.errors import NotFound
from influence_graph.model.erasure import PERSON_COLUMNS
from influence_graph.model.json_values import json_text
from influence_graph.model.names import BRAND
from influence_graph.model.results import ResultKind, kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.archive import packed, unpacked
from influence_graph.stores.embedded.connection import first_row
from influence_graph.stores.embedded.reading import naive_utc
from influence_graph.stores.kept import no_run, not_kept

if TYPE_CHECKING:
    import duckdb

_RUN_COLUMNS = "id, kind, status, started_at, finished_at, input_digest, version, parameters"
_PRUNE = """
DELETE FROM runs WHERE id NOT IN (SELECT run_id FROM current_runs) AND id IN (
  SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY kind ORDER BY started_at DESC, id DESC) AS place FROM runs)
  WHERE place > ?)
RETURNING id
"""


def write(connection: duckdb.DuckDBPyConnection, run: Run, results: pa.Table) -> None:
    """Replace the results of ``run.kind``, which are archived, and point to *run*; the caller owns the transaction."""
    kind = kind_of(run.kind)
    table = _without_zones(results.cast(kind.schema))
    _archive(connection, kind)
    connection.register("new_results", table)
    _require_people(connection, table)
    connection.execute(f"CREATE OR REPLACE TABLE {results_table(kind)} AS SELECT * FROM new_results")
    connection.unregister("new_results")
    connection.execute("UPDATE runs SET status = 'superseded' WHERE kind = ? AND status = 'finished'", [run.kind])
    connection.execute(f"INSERT INTO runs ({_RUN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _run_row(run))
    connection.execute("DELETE FROM current_runs WHERE kind = ?", [run.kind])
    connection.execute("INSERT INTO current_runs VALUES (?, ?)", [run.kind, run.id])


def _require_people(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> None:
    """Refuse results in *table*, the view ``new_results``, of people who are not there, once somebody was forgotten.

    Raises:
        NotFound: they were calculated before somebody was forgotten.
    """
    if not first_row(connection, "SELECT 1 FROM tombstones LIMIT 1"):
        return
    is_person = f"label <> '{BRAND}'" if "label" in table.column_names else "true"
    unknown = " OR ".join(
        f"{name} NOT IN (SELECT id FROM people)" for name in PERSON_COLUMNS if name in table.column_names
    )
    row = first_row(connection, f"SELECT count(*) FROM new_results WHERE {is_person} AND ({unknown or 'false'})")
    if row and row[0]:
        raise NotFound(
            f"{row[0]} of {table.num_rows} results name people whom the store does not hold: it has forgotten somebody",
            remedy="calculate again from this store; nothing has become visible",
        )


def _archive(connection: duckdb.DuckDBPyConnection, kind: ResultKind) -> None:
    """Keep the current results of *kind*, where there are any, for comparison with later ones."""
    found = results(connection, kind)
    if found is not None:
        connection.execute("INSERT INTO archives VALUES (?, ?)", [found[0].id, packed(found[1])])


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


def results_of(connection: duckdb.DuckDBPyConnection, run_id: str) -> tuple[Run, pa.Table]:
    """Return the run *run_id* and its results, current or former.

    Raises:
        NotFound: there is no such run, or its results were not kept.
    """
    row = first_row(connection, f"SELECT {_RUN_COLUMNS} FROM runs WHERE id = ?", [run_id])
    if row is None:
        raise no_run(run_id)
    found = _run(row)
    current = first_row(connection, "SELECT 1 FROM current_runs WHERE run_id = ?", [run_id])
    if current is not None:
        kind = kind_of(found.kind)
        return found, connection.sql(f"SELECT * FROM {results_table(kind)}").to_arrow_table().cast(kind.schema)
    archived = first_row(connection, "SELECT data FROM archives WHERE run_id = ?", [run_id])
    if archived is None:
        raise not_kept(run_id)
    return found, unpacked([archived[0]], found.kind)


def prune(connection: duckdb.DuckDBPyConnection, keep: int) -> int:
    """Delete the runs with *keep* newer ones that are not current; the caller owns the transaction."""
    pruned = connection.execute(_PRUNE, [keep]).fetchall()
    connection.execute("DELETE FROM archives WHERE run_id NOT IN (SELECT id FROM runs)")
    return len(pruned)


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
