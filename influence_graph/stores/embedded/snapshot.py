"""One state of an embedded ledger, read from one open file or a copy of it.

While a file is open read-only DuckDB lets nobody write to it, so every statement sees the same state. If somebody waits
to write while nothing is read, the snapshot moves to a copy of the file (``sharing.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from influence_graph.model.graph import Graph, GraphKind, Parallel
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.records import BATCH_ROWS, RecordKind, record_kind
from influence_graph.model.results import ResultKind, kind_of
from influence_graph.model.runs import Run
from influence_graph.model.sources import Source
from influence_graph.model.times import checked_as_of
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import InteractionFilter, LedgerMark
from influence_graph.stores.embedded import reading, recalculations, results, sources
from influence_graph.stores.embedded.sharing import SharedReading
from influence_graph.stores.snapshot import ReadOnly

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import duckdb


class EmbeddedSnapshot(ReadOnly):
    """The state that *reading* sees; see :class:`stores.base.Snapshot`.

    Each verb has a cursor of its own, so that a half-read answer does not disturb the next one and
    threads may share a snapshot.
    """

    shows_meaning = False

    def __init__(self, reading: SharedReading, url: str, cache: Path) -> None:
        self.url = url
        self.cache = cache
        self._reading = reading
        self._marks: dict[int | None, LedgerMark] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.url}>"

    def records(self, kind: RecordKind | str, batch_rows: int = BATCH_ROWS) -> Iterator[pa.Table]:
        """Yield all records of *kind*, ordered by key."""
        row = record_kind(kind)
        self._connected()
        return self._records(row, batch_rows)

    def names(self, kind: RecordKind | str, ids: Sequence[str] | pa.Array | None = None) -> Mapping[str, str]:
        """Return the display names by id of the *kind*, people or brands."""
        row = record_kind(kind)
        with self._cursor() as cursor:
            return reading.names(cursor, row, ids)

    def graph(self, kind: GraphKind | str, as_of: datetime | None = None, parallel: Parallel = "sum") -> Graph:
        """Return the graph of *kind* as known at *as_of*; *parallel* as in :meth:`Graph.from_arrays`."""
        with self._cursor() as cursor:
            return reading.graph(cursor, GraphKind(kind), checked_as_of(as_of), self.touchpoints(), parallel)

    def interactions(self, where: InteractionFilter = InteractionFilter()) -> pa.Table:  # noqa: B008
        """Return the interactions that *where* selects, ordered by time and id."""
        with self._cursor() as cursor:
            return reading.interactions(cursor, where)

    def touchpoints(self) -> TouchpointTable:
        """Return what each kind of interaction means in this store."""
        with self._cursor() as cursor:
            return reading.touchpoints(cursor, self.url)

    def kinds(self, as_of: datetime | None = None) -> dict[str, int]:
        """Return the number of interactions that count, by the kind they state."""
        with self._cursor() as cursor:
            return reading.kinds(cursor, checked_as_of(as_of))

    def currency(self) -> str | None:
        """Return the currency of the values."""
        with self._cursor() as cursor:
            return reading.currency(cursor)

    def latest(self) -> datetime | None:
        """Return the latest time at which an interaction happened or became known."""
        with self._cursor() as cursor:
            return reading.latest(cursor)

    def results(self, kind: ResultKind | str) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results."""
        with self._cursor() as cursor:
            return results.results(cursor, kind_of(kind))

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""
        with self._cursor() as cursor:
            return results.runs(cursor)

    def tombstones(self) -> frozenset[str]:
        """Return the keyed hashes of those who were forgotten."""
        with self._cursor() as cursor:
            return reading.tombstones(cursor)

    def results_of(self, run_id: str) -> tuple[Run, pa.Table]:
        """Return the run *run_id* and its results, current or former."""
        with self._cursor() as cursor:
            return results.results_of(cursor, run_id)

    def recalculations(self, limit: int | None = None) -> list[Recalculation]:
        """Return the latest *limit* recalculations, None: all that are kept, newest first."""
        with self._cursor() as cursor:
            return recalculations.recalculations(cursor, limit)

    def state(self, name: str) -> Mapping[str, Any] | None:
        """Return what is kept under *name*."""
        with self._cursor() as cursor:
            return recalculations.state(cursor, name)

    def sources(self) -> list[Source]:
        """Return what records came from, by number."""
        with self._cursor() as cursor:
            return sources.listed(cursor)

    def counts(self) -> dict[str, int]:
        """Return the number of records per kind."""
        with self._cursor() as cursor:
            return reading.counts(cursor)

    def digest(self) -> str:
        """Return a digest of all records, independent of their order."""
        with self._cursor() as cursor:
            return reading.digest(cursor)

    def mark(self, position: int | None = None) -> LedgerMark:
        """Return the mark of this state, or of its first *position* interactions."""
        self._connected()
        if position not in self._marks:
            with self._cursor() as cursor:
                self._marks |= reading.marks(cursor, position)
        return self._marks[position]

    def end(self) -> None:
        """Close everything; every verb raises StoreError from now on."""
        self._reading.end()

    def _records(self, kind: RecordKind, batch_rows: int) -> Iterator[pa.Table]:
        for batch in self._reading.batches(partial(reading.records, kind=kind, batch_rows=batch_rows)):
            yield pa.Table.from_batches([batch]).cast(kind.schema)

    def _connected(self) -> None:
        self._reading.require_open()

    def _cursor(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return self._reading.cursor()
