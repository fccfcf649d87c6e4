"""Taking away the results of runs that nobody reads any more; the archive keeps them until they are pruned."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from influence_graph.errors import NotFound
from influence_graph.model.results import RESULTS, Shape
from influence_graph.stores.archive import packed, parts
from influence_graph.stores.base import QUERY_SECONDS
from influence_graph.stores.kept import KEPT_TICKS
from influence_graph.stores.neo4j.currents import ABANDONED, SUPERSEDED, Currents, locked
from influence_graph.stores.neo4j.database import Database, run, single
from influence_graph.stores.neo4j.measures import unshow
from influence_graph.stores.neo4j.runs import results_of
from influence_graph.stores.neo4j.writing import TRANSACTION_ROWS

if TYPE_CHECKING:
    import neo4j

KEPT_SECONDS = QUERY_SECONDS + 5.0
"""How long a superseded run is kept at least: what has begun to read it in one query has ended by then.

A server looks every two seconds for queries that have outlasted their time."""
_SWEEPS: dict[str, tuple[str, ...]] = {
    "BOND": ("sweep-bonds", "sweep-strained", "sweep-associations"),
    "INFLUENCES": ("sweep-influences",),
    Shape.NODES: ("sweep-measures",),
    Shape.ROWS: ("sweep-seeds",),
    Shape.CAMPAIGNS: (),
}
"""The statements that delete what a run wrote, by the type of its relationships, else by the shape of its results."""


def sweep(database: Database, kind: str) -> None:
    """Delete the results of runs that nobody reads any more, and of those that never became current."""
    sweeps = _sweeps(kind)
    for record in database.read("stale-runs", kind=kind, seconds=KEPT_SECONDS):
        if not record["archived"] and record["status"] == SUPERSEDED:
            _archive_former(database, record["id"])
        database.write(partial(_mark, "start-sweep", record["id"]))
        for each in (*sweeps, "sweep-archives") if record["status"] == ABANDONED else sweeps:
            _sweep_all(database, each, record["id"])
        database.write(partial(_mark, "mark-swept", record["id"]))
    for record in database.read("pruned-runs"):
        if record["kind"] == kind and record["swept"]:
            database.write(partial(_mark, "delete-run", record["id"]))


def prune(database: Database, keep: int) -> int:
    """Delete the runs that are neither current nor among the newest *keep* of their kind; return how many."""
    pruned = database.write(partial(_prune, keep))
    records = database.read("pruned-runs")
    for record in records:
        _sweep_all(database, "sweep-archives", record["id"])
    for kind in {record["kind"] for record in records}:
        sweep(database, kind)
    return pruned


def drop(database: Database, run_id: str, kind: str) -> None:
    """Delete the run *run_id* of *kind* with its results, whether it is current or not."""
    was_current = database.write(partial(_drop, run_id))
    for each in (*_sweeps(kind), "sweep-archives"):
        _sweep_all(database, each, run_id)
    if was_current and kind in RESULTS and RESULTS[kind].run_property:
        unshow(database, RESULTS[kind])
    database.write(partial(_mark, "mark-swept", run_id))
    database.write(partial(_mark, "delete-run", run_id))


def _drop(run_id: str, tx: neo4j.ManagedTransaction) -> bool:
    """Note that a run is pruned, and no more current; return whether it was."""
    before = locked(tx)
    ids = {kind: id_ for kind, id_ in before.ids.items() if id_ != run_id}
    run(tx, "drop-run", id=run_id)
    if len(ids) == len(before.ids):
        return False
    run(tx, "set-runs", runs=Currents(before.number + 1, before.together, ids).entries())
    return True


def _prune(keep: int, tx: neo4j.ManagedTransaction) -> int:
    current = list(locked(tx).ids.values())
    pruned = len(run(tx, "prune-runs", keep=keep, current=current))
    run(tx, "prune-recalculations", ticks=KEPT_TICKS)
    return pruned


def _archive_former(database: Database, run_id: str) -> None:
    """Keep the results of a run of a version that kept none, before they are swept."""
    with suppress(NotFound):
        for number, data in enumerate(parts(packed(results_of(database, run_id)[1]))):
            database.write(partial(keep, run_id, number, data))


def keep(run_id: str, number: int, data: bytes, tx: neo4j.ManagedTransaction) -> None:
    """Keep a part of the results of a run, numbered from 0, in the open transaction."""
    run(tx, "keep-archive", runId=run_id, part=number, data=data)


def _sweeps(kind: str) -> tuple[str, ...]:
    """Return the statements that delete what a run of *kind* wrote: all of them for a kind of another version."""
    if kind not in RESULTS:
        return tuple(chain.from_iterable(_SWEEPS.values()))
    row = RESULTS[kind]
    return _SWEEPS[row.neo4j if row.shape is Shape.EDGES else row.shape]


def _sweep_all(database: Database, each: str, run_id: str) -> None:
    while database.write(partial(_sweep_some, each, run_id)):
        pass


def _mark(mark: str, run_id: str, tx: neo4j.ManagedTransaction) -> None:
    run(tx, mark, id=run_id)


def _sweep_some(sweep: str, run_id: str, tx: neo4j.ManagedTransaction) -> bool:
    return bool(single(tx, sweep, runId=run_id, limit=TRANSACTION_ROWS)["deleted"])
