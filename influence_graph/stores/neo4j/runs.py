"""Runs and their results, as they are read: from the archive, which is twenty times as fast as the graph.

Only of runs that a former version wrote has the archive nothing; they are read from the graph until they are swept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from influence_graph.errors import NotFound, StoreError
from influence_graph.model.results import RESULTS, ResultKind, Shape, kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.archive import unpacked
from influence_graph.stores.kept import no_run, not_kept
from influence_graph.stores.neo4j import measures
from influence_graph.stores.neo4j.currents import FINISHED, SUPERSEDED, Currents, as_of, currents
from influence_graph.stores.neo4j.database import Database
from influence_graph.stores.neo4j.rows import time_of, to_table

if TYPE_CHECKING:
    import pyarrow as pa

_RELATIONSHIPS = {"BOND": "read-bonds", "INFLUENCES": "read-influences"}
"""The statements that give one list per node, each row of which begins with the node."""


def results(database: Database, kind: ResultKind, of: Currents | None = None) -> tuple[Run, pa.Table] | None:
    """Return the current run of *kind*, or that *of* a former state, and its results, never a mixture of two runs.

    Raises:
        StoreError: *of* is so long ago that they are gone.
    """
    while (id_ := (of or currents(database)).ids.get(kind.kind)) is not None:
        with suppress(NotFound):
            return results_of(database, id_, is_current=True)
        if of is not None:
            raise StoreError(
                f"the {kind.kind} run {id_} was pruned while it was to be read", remedy="run the command again"
            )
    return None


def results_of(database: Database, run_id: str, *, is_current: bool = False) -> tuple[Run, pa.Table]:
    """Return the run *run_id* and its results, current or former; *is_current*: whatever its own status says yet.

    Raises:
        NotFound: there is no such run, or its results were not kept.
    """
    records = database.read("run-of", id=run_id)
    if not records:
        raise no_run(run_id)
    found = _run(records[0])
    if is_current:
        found = replace(found, status=FINISHED)
    if found.status not in (FINISHED, SUPERSEDED):
        raise not_kept(run_id)
    archived = _archived(database, run_id)
    if archived:
        return found, unpacked(archived, found.kind)
    if records[0]["whole"] and found.kind in RESULTS and kind_of(found.kind).shape in _READERS:
        table = _read(database, found)
        still = database.read("is-whole", id=run_id)
        if still and still[0]["whole"]:
            return found, table
    archived = _archived(database, run_id)  # it may have been swept meanwhile
    if not archived:
        raise not_kept(run_id)
    return found, unpacked(archived, found.kind)


def _archived(database: Database, run_id: str) -> list[bytes]:
    """Return the results of a run as the archive has them, in parts."""
    return [record["data"] for record in database.read("read-archive", runId=run_id)]


def runs(database: Database, of: Currents | None = None) -> list[Run]:
    """Return all runs as they were when *of* was the state, None: now; newest first."""
    of = of or currents(database)
    records = [(record["number"], _run(record)) for record in database.read("runs")]
    return [as_of(each, of, number) for number, each in records if number is None or number <= of.number]


def _read(database: Database, of: Run) -> pa.Table:
    """Return what the graph holds of the results of a run; not all where it is being swept."""
    kind = kind_of(of.kind)
    return _READERS[kind.shape](database, kind, of)


def _read_measure(database: Database, kind: ResultKind, of: Run) -> pa.Table:
    parts = database.read("read-measures", runId=of.id)
    rows = [(part["label"], *pair) for part in parts for pair in zip(part["ids"], part["scores"], strict=True)]
    return measures.best_first(to_table(rows, kind.schema))


def _read_edges(database: Database, kind: ResultKind, of: Run) -> pa.Table:
    records = database.read(_RELATIONSHIPS[kind.neo4j], runId=of.id)
    table = to_table([(node, *row) for node, rows in records for row in rows], kind.schema)
    return table.sort_by([(name, "ascending") for name in table.column_names[:2]])


def _read_seeds(database: Database, kind: ResultKind, of: Run) -> pa.Table:
    rows = [tuple(record) for record in database.read("read-seeds", runId=of.id)]
    return to_table(rows, kind.schema)


_READERS = {Shape.NODES: _read_measure, Shape.EDGES: _read_edges, Shape.ROWS: _read_seeds}


def _run(record: Mapping[str, Any]) -> Run:
    return Run(
        record["id"],
        record["kind"],
        record["status"],
        time_of(record["startedAt"]),
        None if record["finishedAt"] is None else time_of(record["finishedAt"]),
        record["inputDigest"],
        record["version"],
        json.loads(record["parameters"]),
    )
