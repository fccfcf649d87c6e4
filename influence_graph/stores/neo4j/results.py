"""Runs, their results, and leases.

The results of a run become visible in one step: measures of nodes and seeds are written in the
transaction that makes the run current; relationships are written under the new run's id before, and
those of former runs are deleted after. Every transaction checks the lease.
"""

from __future__ import annotations

import json
import os
import socket
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from influence_graph.errors import LockHeld, NotFound, StoreUnreachable
from influence_graph.model.json_values import json_text
from influence_graph.model.results import RANK, ResultKind, Shape, kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.base import Lease, Shown
from influence_graph.stores.neo4j import meaning
from influence_graph.stores.neo4j.database import Database, run, single
from influence_graph.stores.neo4j.rows import Row, to_rows, to_table
from influence_graph.stores.neo4j.writing import TRANSACTION_ROWS

if TYPE_CHECKING:
    import neo4j

_NODES = {"Consumer": ("measure-consumers", "clear-consumers"), "Brand": ("measure-brands", "clear-brands")}


@dataclass(frozen=True)
class _Relationships:
    """The statements for results that are relationships; ``read`` gives one list per node, each row begins with it.

    ``sweep`` are those that delete what a run wrote.
    """

    write: str
    read: str
    sweep: tuple[str, ...]


_RELATIONSHIPS = {
    "BOND": _Relationships("write-bonds", "read-bonds", ("sweep-bonds", "sweep-strained", "sweep-associations")),
    "INFLUENCES": _Relationships("write-influences", "read-influences", ("sweep-influences",)),
}


def write(database: Database, new: Run, results: pa.Table, lease: Lease | None, shown: Shown | None = None) -> None:
    """Write *results* under the run *new*, with what records show of it, and make it the current one of its kind.

    Raises:
        LockHeld: the lease has expired or passed on, or another process took over.
        NotFound: a result names a node that the store does not hold.
    """
    kind = kind_of(new.kind)
    table = results.cast(kind.schema)
    if kind.shape is not Shape.EDGES:
        work = _write_measure if kind.shape is Shape.NODES else _write_seeds
        database.write(partial(work, new, table, lease))
        return
    database.write(partial(_start, new, lease))
    writer = _Writer(database, new, lease)
    writer.write(_RELATIONSHIPS[kind.neo4j].write, to_rows(table))
    if shown is not None:
        writer.write("write-associations", to_rows(shown.associations))
        writer.resolve(shown.events)
    database.write(partial(_finish, new, lease))
    with suppress(StoreUnreachable):  # the results are current; what is left over is swept by the next write
        _sweep(database, kind)


def results(database: Database, kind: ResultKind) -> tuple[Run, pa.Table] | None:
    """Return the current run of *kind* and its results, never a mixture of two runs."""
    current = _current(database, kind)
    while current is not None:
        table = _READERS[kind.shape](database, kind, current)
        again = _current(database, kind)
        if again is not None and again.id == current.id:
            return current, table
        current = again
    return None


def runs(database: Database) -> list[Run]:
    """Return all runs, newest first."""
    return [_run(record) for record in database.read("runs")]


@contextmanager
def leased(database: Database, name: str, ttl: float) -> Iterator[Lease]:
    """Hold the lease *name* for *ttl* seconds of the server's clock.

    Raises:
        LockHeld: another owner holds it.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}"
    lease = database.write(partial(_grant, name, owner, ttl))
    try:
        yield lease
    finally:
        database.write(lambda tx: run(tx, "release-lease", name=name, token=lease.token))


def _grant(name: str, owner: str, ttl: float, tx: neo4j.ManagedTransaction) -> Lease:
    row = single(tx, "grant-lease", name=name, owner=owner, ttl=round(ttl * 1000))
    if not row["granted"]:
        raise LockHeld(
            f"the lease {name!r} is held by {row['owner']} for {row['remaining']} s more",
            remedy="wait, or stop that process",
        )
    return Lease(name, owner, row["token"], _time(row["expiresAt"]))


def _check(tx: neo4j.ManagedTransaction, lease: Lease | None) -> None:
    if lease is not None and not single(tx, "check-lease", name=lease.name, token=lease.token).get("valid"):
        raise LockHeld(
            f"the lease {lease.name!r} (token {lease.token}) has expired or passed to another process; "
            "nothing was written that a reader can see",
            remedy="run the command again",
        )


def _start(new: Run, lease: Lease | None, tx: neo4j.ManagedTransaction) -> None:
    _check(tx, lease)
    properties = {
        "id": new.id,
        "kind": new.kind,
        "startedAt": new.started_at.astimezone(UTC),
        "inputDigest": new.input_digest,
        "parameters": json_text(new.parameters, sort_keys=True),
        "version": new.version,
        **_shown_as(kind_of(new.kind)),
    }
    run(tx, "start-run", run=properties)
    run(tx, "abandon-runs", id=new.id, kind=new.kind)


def _finish(new: Run, lease: Lease | None, tx: neo4j.ManagedTransaction) -> None:
    _check(tx, lease)
    finished = (new.finished_at or datetime.now(UTC)).astimezone(UTC)
    if single(tx, "finish-run", id=new.id, kind=new.kind, finishedAt=finished):
        return
    current = single(tx, "current-run", kind=new.kind)
    if current.get("id") != new.id:  # else the former attempt has committed and only its answer was lost
        raise _taken_over(new)


def _write_measure(new: Run, table: pa.Table, lease: Lease | None, tx: neo4j.ManagedTransaction) -> None:
    _start(new, lease, tx)
    properties = _properties(kind_of(new.kind))
    labels = table["label"].to_pylist()
    pairs = to_rows(table.select(["id", "score"]))
    for label, (measure, clear) in _NODES.items():
        rows = [pair for pair, of in zip(pairs, labels, strict=True) if of == label]
        for start in range(0, len(rows), TRANSACTION_ROWS):
            part = rows[start : start + TRANSACTION_ROWS]
            _all_written(single(tx, measure, rows=part, runId=new.id, **properties), len(part))
        run(tx, clear, runId=new.id, **properties)
    if new.kind == RANK.kind:
        run(tx, "label-top", runId=new.id, **properties)
    _finish(new, None, tx)


def _write_seeds(new: Run, table: pa.Table, lease: Lease | None, tx: neo4j.ManagedTransaction) -> None:
    _start(new, lease, tx)
    rows = to_rows(table)
    _all_written(single(tx, "write-seeds", rows=rows, runId=new.id), len(rows))
    run(tx, "unseed", runId=new.id)
    _finish(new, None, tx)


class _Writer:
    """Writes relationships of the running run *new*, batch by batch; each batch is claimed by its place."""

    def __init__(self, database: Database, new: Run, lease: Lease | None) -> None:
        self._database, self._new, self._lease, self._offset = database, new, lease, 0

    def write(self, statement: str, rows: list[Row]) -> None:
        """Create the relationships of *rows*."""
        for start in range(0, len(rows), TRANSACTION_ROWS):
            part = rows[start : start + TRANSACTION_ROWS]
            self._database.write(partial(self._create, statement, part))
            self._offset += len(part)

    def resolve(self, events: pa.Table) -> None:
        """Write what *events* mean, where it differs."""
        for direction, rows in meaning.batches(events, TRANSACTION_ROWS):
            if not self._database.write(partial(self._resolve, direction, rows)):
                self._database.write(partial(meaning.turn, direction, rows, uuid.uuid4().hex))

    def _create(self, statement: str, rows: list[Row], tx: neo4j.ManagedTransaction) -> None:
        if self._claimed(tx, len(rows)):
            _all_written(single(tx, statement, rows=rows, runId=self._new.id), len(rows))

    def _resolve(self, direction: str, rows: list[Row], tx: neo4j.ManagedTransaction) -> bool:
        self._claimed(tx, 0)
        return meaning.resolve(tx, direction, rows)

    def _claimed(self, tx: neo4j.ManagedTransaction, size: int) -> bool:
        """Lock the run and claim its next *size* rows; return whether they have not been written before."""
        _check(tx, self._lease)
        claimed = single(tx, "claim-rows", runId=self._new.id, offset=self._offset, size=size)
        if not claimed:
            raise _taken_over(self._new)
        return bool(claimed["fresh"])


def _all_written(row: Mapping[str, Any], expected: int) -> None:
    if row["written"] != expected:
        raise NotFound(
            f"{expected - row['written']} of {expected} results name people or brands that the store does not hold",
            remedy="calculate again from this store; nothing has become visible",
        )


def _sweep(database: Database, kind: ResultKind) -> None:
    """Delete the relationships of runs that are no longer current."""
    for record in database.read("stale-runs", kind=kind.kind):
        for sweep in _RELATIONSHIPS[kind.neo4j].sweep:
            while database.write(partial(_sweep_some, sweep, record["id"])):
                pass
        database.write(partial(_mark_swept, record["id"]))


def _mark_swept(run_id: str, tx: neo4j.ManagedTransaction) -> None:
    run(tx, "mark-swept", id=run_id)


def _sweep_some(sweep: str, run_id: str, tx: neo4j.ManagedTransaction) -> bool:
    return bool(single(tx, sweep, runId=run_id, limit=TRANSACTION_ROWS)["deleted"])


def _read_measure(database: Database, kind: ResultKind, of: Run) -> pa.Table:
    records = database.read("read-measures", runId=of.id, **_properties(kind))
    rows = [(record["label"], *pair) for record in records for pair in record["rows"]]
    table = to_table(rows, kind.schema)
    return table.sort_by([("score", "descending"), ("label", "ascending"), ("id", "ascending")])


def _read_edges(database: Database, kind: ResultKind, of: Run) -> pa.Table:
    records = database.read(_RELATIONSHIPS[kind.neo4j].read, runId=of.id)
    table = to_table([(node, *row) for node, rows in records for row in rows], kind.schema)
    return table.sort_by([(name, "ascending") for name in table.column_names[:2]])


def _read_seeds(database: Database, kind: ResultKind, of: Run) -> pa.Table:
    rows = [tuple(record) for record in database.read("read-seeds", runId=of.id)]
    return to_table(rows, kind.schema)


_READERS = {Shape.NODES: _read_measure, Shape.EDGES: _read_edges, Shape.ROWS: _read_seeds}


def _shown_as(kind: ResultKind) -> dict[str, str]:
    """Return the properties of a run by which queries find its measure on the nodes: none for other results."""
    if kind.shape is not Shape.NODES:
        return {}
    measure = kind.kind if kind.measure is None else kind.measure.name
    return {"measure": measure, "property": kind.neo4j, "runProperty": kind.run_property}


def _properties(kind: ResultKind) -> dict[str, str]:
    """Return the properties of a node that hold its score and the run that this is from."""
    return {"score": kind.neo4j, "run": kind.run_property}


def _current(database: Database, kind: ResultKind) -> Run | None:
    records = database.read("current-run", kind=kind.kind)
    return _run(records[0]) if records else None


def _run(record: Mapping[str, Any]) -> Run:
    return Run(
        record["id"],
        record["kind"],
        record["status"],
        _time(record["startedAt"]),
        None if record["finishedAt"] is None else _time(record["finishedAt"]),
        record["inputDigest"],
        record["version"],
        json.loads(record["parameters"]),
    )


def _time(value: neo4j.time.DateTime) -> datetime:
    return value.to_native().astimezone(UTC)


def _taken_over(new: Run) -> LockHeld:
    return LockHeld(
        f"another process took over while the {new.kind} run {new.id} was writing; its results are not visible",
        remedy="run the command again, under a lease",
    )
