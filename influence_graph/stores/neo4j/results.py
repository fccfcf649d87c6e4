"""Writing results.

The results of a run become visible in one step: all are written under the new run's id, then one property that names
the current run changes. Every transaction up to there checks the lease. Who has begun to read the former run can
finish: it is swept one generation later, and no sooner than a query may take.

All rows are in the archive. In the graph, too, is what people look at: of learned probabilities those of the ties along
which somebody was seen to follow. The others are what the prior and the times that nobody followed leave.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import NotFound, StoreUnreachable
from influence_graph.model.json_values import json_text
from influence_graph.model.results import LEARN, ResultKind, Shape, kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.archive import packed
from influence_graph.stores.archive import parts as parts_of
from influence_graph.stores.base import Lease, Shown, Written
from influence_graph.stores.neo4j import meaning, measures, sweeping
from influence_graph.stores.neo4j.books import keep_behind
from influence_graph.stores.neo4j.currents import FINISHED, SUPERSEDED, locked, make_current, taken_over
from influence_graph.stores.neo4j.database import Database, run, single
from influence_graph.stores.neo4j.leases import check
from influence_graph.stores.neo4j.rows import Row, to_rows
from influence_graph.stores.neo4j.writing import TRANSACTION_ROWS

if TYPE_CHECKING:
    import neo4j

_WRITE = {"BOND": "write-bonds", "INFLUENCES": "write-influences"}
"""The statements that write results that are relationships."""
_COUNT = {"people": "count-people", "campaigns": "count-campaigns"}
"""The statements that count how many are there of those whom only the archive gets."""


def write(database: Database, written: Written, lease: Lease | None) -> None:
    """Write a result under its run, with what records show of it, and make it the current one of its kind.

    Raises:
        LockHeld: the lease has expired or passed on, or another process took over.
        NotFound: a result names a node that the store does not hold.
    """
    prepare(database, written, lease)
    database.write(partial(_finish, written.run, lease))
    tidy(database, [written])


def prepare(database: Database, written: Written, lease: Lease | None) -> None:
    """Write all of a result but what makes it current.

    Raises:
        LockHeld: the lease has expired or passed on, or another process took over.
        NotFound: a result names a node that the store does not hold.
    """
    new, kind = written.run, kind_of(written.run.kind)
    database.write(partial(_start, new, lease))
    writer = _Writer(database, new, lease)
    try:
        _write_rows(writer, kind, _ordered(kind, written.table), written.shown)
    except NotFound:
        give_up(database, [written])
        raise
    writer.archive(written.table.cast(kind.schema))
    keep_behind(database, new.id)
    database.write(partial(_complete, new, lease))


def give_up(database: Database, written: Sequence[Written]) -> None:
    """Give up results that were prepared; the next write of their kinds sweeps what there is of them."""
    for each in written:
        database.write(partial(_give_up, each.run))


def tidy(database: Database, written: Sequence[Written]) -> None:
    """Show what has become current on the nodes, and sweep what nobody reads any more."""
    for each in written:
        kind = kind_of(each.run.kind)
        if kind.run_property:
            measures.show(database, each.run, kind, _ordered(kind, each.table))
    with suppress(StoreUnreachable):  # the results are current; what is left over is swept by the next write
        for each in written:
            sweeping.sweep(database, each.run.kind)


def _start(new: Run, lease: Lease | None, tx: neo4j.ManagedTransaction) -> None:
    check(tx, lease)
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


def _complete(new: Run, lease: Lease | None, tx: neo4j.ManagedTransaction) -> None:
    """Write all that a reader of the run *new* may see of it, before anything points to it."""
    check(tx, lease)
    finished = (new.finished_at or datetime.now(UTC)).astimezone(UTC)
    if not single(tx, "complete-run", id=new.id, finishedAt=finished):
        raise taken_over(new)


def _finish(new: Run, lease: Lease | None, tx: neo4j.ManagedTransaction) -> None:
    check(tx, lease)
    before = locked(tx)
    if single(tx, "status-of-run", id=new.id).get("status") in (FINISHED, SUPERSEDED):
        return  # the former attempt has committed and only its answer was lost
    make_current(tx, before, [new])


def _ordered(kind: ResultKind, table: pa.Table) -> pa.Table:
    """Return *table* with the columns of *kind*, a measure ordered as its parts list it."""
    return measures.best_first(table.cast(kind.schema)) if kind.shape is Shape.NODES else table.cast(kind.schema)


def _write_rows(writer: _Writer, kind: ResultKind, table: pa.Table, shown: Shown | None) -> None:
    if kind.shape is Shape.NODES:
        for label, statement in measures.WRITE.items():
            for part, rows in enumerate(measures.parts(measures.pairs(table, label))):
                writer.write(statement, rows, part=part)
    elif kind.shape is Shape.CAMPAIGNS:
        writer.require("campaigns", set(table["campaign"].to_pylist()))
    else:
        if kind is LEARN:
            followed = table["mean_delay"].is_valid()
            writer.require_people(table.filter(pc.invert(followed)))
            table = table.filter(followed)
        writer.write("write-seeds" if kind.shape is Shape.ROWS else _WRITE[kind.neo4j], to_rows(table))
    if shown is not None:
        writer.write("write-associations", to_rows(shown.associations))
        writer.resolve(shown.events)


class _Writer:
    """Writes results of the running run *new*, batch by batch; each batch is claimed by its place."""

    def __init__(self, database: Database, new: Run, lease: Lease | None) -> None:
        self._database, self._new, self._lease, self._offset = database, new, lease, 0

    def write(self, statement: str, rows: list[Row], **parameters: Any) -> None:
        """Create what *statement* makes of *rows*."""
        for part in measures.parts(rows):
            self._database.write(partial(self._create, statement, part, parameters))
            self._offset += len(part)

    def require_people(self, influences: pa.Table) -> None:
        """Refuse *influences*, which only the archive gets, where the store does not hold one of their people."""
        self.require("people", {id_ for end in ("source", "target") for id_ in pc.unique(influences[end]).to_pylist()})

    def require(self, what: str, ids: set[str]) -> None:
        """Refuse results of *what*, people or campaigns, where the store does not hold one of *ids*."""
        for part in measures.parts([(id_,) for id_ in sorted(ids)]):
            self._database.write(partial(self._require, what, part))

    def archive(self, table: pa.Table) -> None:
        """Keep *table* for comparison with the results of other runs."""
        for number, data in enumerate(parts_of(packed(table))):
            self._database.write(partial(self._keep, number, data))

    def resolve(self, events: pa.Table) -> None:
        """Write what *events* mean, where it differs."""
        for direction, rows in meaning.batches(events, TRANSACTION_ROWS):
            if not self._database.write(partial(self._resolve, direction, rows)):
                self._database.write(partial(meaning.turn, direction, rows, uuid.uuid4().hex))

    def _keep(self, number: int, data: bytes, tx: neo4j.ManagedTransaction) -> None:
        self._claimed(tx, 0)
        sweeping.keep(self._new.id, number, data, tx)

    def _require(self, what: str, rows: list[Row], tx: neo4j.ManagedTransaction) -> None:
        self._claimed(tx, 0)
        missing = len(rows) - single(tx, _COUNT[what], rows=rows)["known"]
        if missing:
            raise _unknown(
                f"results name {what}, {missing} of {len(rows)} of {'whom' if what == 'people' else 'which'}"
            )

    def _create(
        self, statement: str, rows: list[Row], parameters: dict[str, Any], tx: neo4j.ManagedTransaction
    ) -> None:
        if self._claimed(tx, len(rows)):
            _all_written(single(tx, statement, rows=rows, runId=self._new.id, **parameters), len(rows))

    def _resolve(self, direction: str, rows: list[Row], tx: neo4j.ManagedTransaction) -> bool:
        self._claimed(tx, 0)
        return meaning.resolve(tx, direction, rows)

    def _claimed(self, tx: neo4j.ManagedTransaction, size: int) -> bool:
        """Lock the run and claim its next *size* rows; return whether they have not been written before."""
        check(tx, self._lease)
        claimed = single(tx, "claim-rows", runId=self._new.id, offset=self._offset, size=size)
        if not claimed:
            raise taken_over(self._new)
        return bool(claimed["fresh"])


def _all_written(row: Mapping[str, Any], expected: int) -> None:
    if row["written"] != expected:
        raise _unknown(f"{expected - row['written']} of {expected} results name people or brands that")


def _unknown(who: str) -> NotFound:
    remedy = "calculate again from this store; nothing has become visible"
    return NotFound(f"{who} the store does not hold", remedy=remedy)


def _give_up(new: Run, tx: neo4j.ManagedTransaction) -> None:
    run(tx, "abandon-run", id=new.id)


def _shown_as(kind: ResultKind) -> dict[str, str]:
    """Return the properties of a run by which queries find its measure on the nodes: none for other results."""
    if kind.shape is not Shape.NODES:
        return {}
    measure = kind.kind if kind.measure is None else kind.measure.name
    return {"measure": measure, "property": kind.neo4j, "runProperty": kind.run_property}
