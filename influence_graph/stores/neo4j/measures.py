"""Measures of nodes: kept per run in parts that list ids and scores, and shown on nodes for the Browser, as lift is.

Who reads a measure reads its parts, which are those of one run. What nodes show is written after the run has become the
current one: for as long as that takes, and where it was cut off, some show the former run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from influence_graph.model.results import INFLUENCERS, LIFT, RANK, ResultKind
from influence_graph.model.runs import Run
from influence_graph.stores.neo4j.database import Database, single
from influence_graph.stores.neo4j.rows import Row, to_rows
from influence_graph.stores.neo4j.writing import TRANSACTION_ROWS

if TYPE_CHECKING:
    import neo4j
    import pyarrow as pa

WRITE = {"Consumer": "measure-consumers", "Brand": "measure-brands"}
"""The statement that keeps a part, by label."""
_SHOW = {"Consumer": ("show-consumers", "unshow-consumers"), "Brand": ("show-brands", "unshow-brands")}
_AT_ONCE = {INFLUENCERS.kind: "show-found", LIFT.kind: "show-lifts"}
"""The statement that shows all that is known of the nodes of a kind, in one step, and nothing on others."""
_TOP_SHARE, _TOP_LIMIT = 10, 20


def best_first(table: pa.Table) -> pa.Table:
    """Return a measure ordered by score, label and id."""
    return table.sort_by([("score", "descending"), ("label", "ascending"), ("id", "ascending")])


def pairs(table: pa.Table, label: str) -> list[Row]:
    """Return id and score of the nodes with *label*."""
    return to_rows(table.filter(pc.equal(table["label"], label)).select(["id", "score"]))


def parts(rows: list[Row]) -> Iterator[list[Row]]:
    """Yield *rows* in as many as one transaction writes."""
    for start in range(0, len(rows), TRANSACTION_ROWS):
        yield rows[start : start + TRANSACTION_ROWS]


def show(database: Database, new: Run, kind: ResultKind, table: pa.Table) -> None:
    """Show *table* on the nodes, for the Browser; stop where another run has become the current one."""
    properties = {"score": kind.neo4j, "run": kind.run_property, "runId": new.id}
    shower = _Shower(database, new)
    if kind.kind in _AT_ONCE:
        known = [name for name in table.column_names if name != "label"]
        shower.run(_AT_ONCE[kind.kind], rows=to_rows(table.select(known)), runId=new.id)
        return
    for label, (show_, unshow) in _SHOW.items():
        for rows in parts(pairs(table, label)):
            shower.run(show_, rows=rows, **properties)
        while shower.run(unshow, limit=TRANSACTION_ROWS, **properties).get("taken") == TRANSACTION_ROWS:
            pass
    if kind is RANK:
        people = [id_ for id_, _ in pairs(table, "Consumer")]
        shower.run("label-top", ids=people[: min(_TOP_LIMIT, -(-len(people) // _TOP_SHARE))])


def unshow(database: Database, kind: ResultKind) -> None:
    """Take what *kind*, of which no run is current any more, shows from the nodes."""
    if kind.kind in _AT_ONCE:
        database.write(partial(_taken, _AT_ONCE[kind.kind], {"rows": [], "runId": ""}))
        return
    properties = {"score": kind.neo4j, "run": kind.run_property, "runId": "", "limit": TRANSACTION_ROWS}
    for _, statement in _SHOW.values():
        while database.write(partial(_taken, statement, properties)):
            pass
    if kind is RANK:
        database.write(partial(_taken, "label-top", {"ids": []}))


def _taken(statement: str, parameters: dict[str, Any], tx: neo4j.ManagedTransaction) -> bool:
    return bool(single(tx, statement, **parameters).get("taken"))


class _Shower:
    """Runs statements that show *new*, each in its transaction, as long as *new* is the current run of its kind."""

    def __init__(self, database: Database, new: Run) -> None:
        self._database, self._new = database, new

    def run(self, statement: str, /, **parameters: Any) -> Mapping[str, Any]:
        """Run *statement* and return its row, {} without one."""
        return self._database.write(partial(self._run, statement, parameters))

    def _run(self, statement: str, parameters: dict[str, Any], tx: neo4j.ManagedTransaction) -> Mapping[str, Any]:
        if not single(tx, "lock-current", kind=self._new.kind, runId=self._new.id).get("shown"):
            return {}
        return single(tx, statement, **parameters)
