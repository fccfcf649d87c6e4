"""One state of a ledger on Neo4j: records as the mirror holds them, results as the server first gave them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from influence_graph.model.results import ResultKind, kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.embedded.snapshot import EmbeddedSnapshot
from influence_graph.stores.neo4j import results

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from influence_graph.stores.neo4j.database import Database


class Neo4jSnapshot(EmbeddedSnapshot):
    """The state of *database* that *connection* to its mirror sees; see :class:`stores.base.Snapshot`.

    Results and runs are not mirrored: the first answer of the server stands for the rest of the snapshot.
    """

    shows_meaning = True

    def __init__(self, connection: duckdb.DuckDBPyConnection, database: Database, cache: Path) -> None:
        super().__init__(connection, database.url, cache)
        self._database = database
        self._results: dict[str, tuple[Run, pa.Table] | None] = {}
        self._runs: list[Run] | None = None

    def results(self, kind: ResultKind | str) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results, the same each time."""
        self._connected()
        row = kind_of(kind)
        if row.kind not in self._results:
            self._results[row.kind] = results.results(self._database, row)
        return self._results[row.kind]

    def runs(self) -> list[Run]:
        """Return all runs, newest first, the same each time."""
        self._connected()
        if self._runs is None:
            self._runs = results.runs(self._database)
        return list(self._runs)
