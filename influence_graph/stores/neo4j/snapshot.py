"""One state of a ledger on Neo4j: records as the mirror holds them, results as the server first gave them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from influence_graph.model.recalculations import Recalculation
from influence_graph.model.results import ResultKind, kind_of
from influence_graph.model.runs import Run
from influence_graph.model.sources import Source
from influence_graph.stores.embedded.snapshot import EmbeddedSnapshot
from influence_graph.stores.neo4j import erasing, recalculations, runs, sources
from influence_graph.stores.neo4j.currents import Currents, as_of, currents

if TYPE_CHECKING:
    import pyarrow as pa

    from influence_graph.stores.embedded.sharing import SharedReading
    from influence_graph.stores.neo4j.database import Database


class Neo4jSnapshot(EmbeddedSnapshot):
    """The state of *database* that *reading* of its mirror sees; see :class:`stores.base.Snapshot`.

    Results, runs and recalculations are not mirrored: they are of the one state that the server had when the first of
    them was read, and of a state that was kept the first answer stands.
    """

    shows_meaning = True

    def __init__(self, reading: SharedReading, database: Database, cache: Path) -> None:
        super().__init__(reading, database.url, cache)
        self._database = database
        self._results: dict[str, tuple[Run, pa.Table] | None] = {}
        self._states: dict[str, Mapping[str, Any] | None] = {}
        self._runs: list[Run] | None = None
        self._seen: Currents | None = None

    def results(self, kind: ResultKind | str) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results, the same each time."""
        seen, row = self._currents(), kind_of(kind)
        if row.kind not in self._results:
            self._results[row.kind] = runs.results(self._database, row, seen)
        return self._results[row.kind]

    def sources(self) -> list[Source]:
        """Return what records came from, by number."""
        self._connected()
        return sources.listed(self._database)

    def tombstones(self) -> frozenset[str]:
        """Return the keyed hashes of those who were forgotten."""
        self._connected()
        return erasing.tombstones(self._database)

    def runs(self) -> list[Run]:
        """Return all runs, newest first, the same each time."""
        seen = self._currents()
        if self._runs is None:
            self._runs = runs.runs(self._database, seen)
        return list(self._runs)

    def results_of(self, run_id: str) -> tuple[Run, pa.Table]:
        """Return the run *run_id* and its results, current or former."""
        seen = self._currents()
        found, table = runs.results_of(self._database, run_id)
        return as_of(found, seen), table

    def recalculations(self, limit: int | None = None) -> list[Recalculation]:
        """Return the latest *limit* recalculations, None: all that are kept, newest first."""
        return recalculations.recalculations(self._database, limit, self._currents())

    def state(self, name: str) -> Mapping[str, Any] | None:
        """Return what is kept under *name*, the same each time."""
        self._connected()
        if name not in self._states:
            self._states[name] = recalculations.state(self._database, name)
        return self._states[name]

    def _currents(self) -> Currents:
        self._connected()
        if self._seen is None:
            self._seen = currents(self._database)
        return self._seen
