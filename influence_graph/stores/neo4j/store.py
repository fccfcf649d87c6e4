"""The store on a Neo4j server.

Records, runs and results live in the graph; what is calculated from all records is read from a local
mirror that is brought up to date first (``mirror.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from influence_graph.model.graph import Graph, GraphKind
from influence_graph.model.records import Batch, RecordKind
from influence_graph.model.runs import Run, RunKind
from influence_graph.stores.base import Appender, AppendReport, InteractionFilter, Lease, Progress, Rows
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j import migrations, reading, results
from influence_graph.stores.neo4j.database import RETRY_SECONDS, Database
from influence_graph.stores.neo4j.mirror import Mirror
from influence_graph.stores.neo4j.writing import append_batch

if TYPE_CHECKING:
    import pyarrow as pa


class Neo4jStore:
    """A store on the server at *url*; connects at the first use. See :class:`stores.base.Store`.

    Args:
        url: ``bolt://host:port`` or ``neo4j://…``, with ``+s`` or ``+ssc`` for TLS.
        allow_remote_plaintext: Let an unencrypted connection leave this machine.
        cache: Folder of the mirrors; by default in the user's cache folder.
        retry_seconds: How long a write waits for a server that went away.

    Raises:
        InputError: the address is not allowed.
    """

    def __init__(
        self,
        url: str,
        *,
        allow_remote_plaintext: bool = False,
        cache: Path | None = None,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self.url = url
        self._database = Database(url, allow_remote_plaintext=allow_remote_plaintext, retry_seconds=retry_seconds)
        self._mirror = Mirror(self._database, cache)
        self._is_current = False

    @property
    def database(self) -> Database:
        """The database that holds the store, for what only a server can do."""
        return self._database

    def migrate(self) -> list[str]:
        """Create the missing constraints and indexes; return the migrations applied now."""
        applied = migrations.migrate(self._database)
        self._is_current = True
        return applied

    def append(self, kind: RecordKind, batches: Iterable[Batch], *, progress: Progress | None = None) -> AppendReport:
        """Append *batches* in transactions of ten thousand rows."""
        self._ready_to_write()
        report = AppendReport(kind.name)
        for batch in batches:
            report.add(append_batch(self._database, batch, progress))
        return report

    def rehearsal(self) -> AbstractContextManager[Appender]:
        """Give what appends to the mirror and takes it back at the end of the ``with`` block."""
        return self._synced().rehearsal()

    def records(self, kind: RecordKind, batch_rows: int = 250_000) -> Iterator[pa.Table]:
        """Yield all records of *kind*, ordered by key."""
        return self._synced().records(kind, batch_rows)

    def graph(self, kind: GraphKind, as_of: datetime | None = None) -> Graph:
        """Return the graph of *kind* as known at *as_of*."""
        return self._synced().graph(kind, as_of)

    def interactions(self, where: InteractionFilter = InteractionFilter()) -> pa.Table:  # noqa: B008
        """Return the interactions that *where* selects, ordered by time and id."""
        return self._synced().interactions(where)

    def latest(self) -> datetime | None:
        """Return the latest time at which an interaction happened or became known."""
        return self._synced().latest()

    def write(self, run: Run, results_table: pa.Table, lease: Lease | None = None) -> None:
        """Write the results of *run* and make it the current one, visible in one step."""
        self._ready_to_write()
        results.write(self._database, run, results_table, lease)

    def results(self, kind: RunKind) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results."""
        self._ready_to_read()
        return results.results(self._database, kind)

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""
        self._ready_to_read()
        return results.runs(self._database)

    def query(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout: float = 60.0, max_rows: int = 100_000
    ) -> Rows:
        """Answer a read-only Cypher query within *timeout* seconds."""
        return reading.query(self._database, text, parameters or {}, timeout, max_rows)

    def lease(self, name: str, ttl: float = 60.0) -> AbstractContextManager[Lease]:
        """Hold the lease *name* for *ttl* seconds by the server's clock."""
        self._ready_to_write()
        return results.leased(self._database, name, ttl)

    def counts(self) -> dict[str, int]:
        """Return the number of records per kind."""
        return self._synced().counts()

    def digest(self) -> str:
        """Return a digest of all records, the same as an embedded store's with equal contents."""
        return self._synced().digest()

    def close(self) -> None:
        """Close all connections; the store can be used again."""
        self._database.close()

    def _synced(self) -> EmbeddedStore:
        self._ready_to_read()
        return self._mirror.synced()

    def _ready_to_write(self) -> None:
        if not self._is_current:
            self.migrate()

    def _ready_to_read(self) -> None:
        """Refuse a newer schema; an older or missing one reads as it is."""
        if not self._is_current:
            self._is_current = not migrations.missing(self._database)
