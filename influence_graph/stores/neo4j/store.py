"""The store on a Neo4j server.

Records, runs and results live in the graph; what is calculated from all records is read from a local
mirror that is brought up to date first (``mirror.py``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from influence_graph.model.records import Batch, RecordKind, record_kind
from influence_graph.model.results import ResultKind, kind_of
from influence_graph.model.runs import Run
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import (
    LEASE_SECONDS,
    QUERY_ROWS,
    QUERY_SECONDS,
    Appender,
    AppendReport,
    Lease,
    Progress,
    Rows,
    Shown,
)
from influence_graph.stores.embedded.store import CACHE_NAME, EmbeddedStore
from influence_graph.stores.neo4j import migrations, reading, results
from influence_graph.stores.neo4j.books import keep_behind
from influence_graph.stores.neo4j.database import RETRY_SECONDS, Database
from influence_graph.stores.neo4j.meaning import set_table, table_of
from influence_graph.stores.neo4j.mirror import Mirror
from influence_graph.stores.neo4j.snapshot import Neo4jSnapshot
from influence_graph.stores.neo4j.writing import append_batch
from influence_graph.stores.snapshot import SnapshotStore

if TYPE_CHECKING:
    import pyarrow as pa


class Neo4jStore(SnapshotStore):
    """A store on the server at *url*; connects at the first use. See :class:`stores.base.Store`.

    Args:
        url: ``bolt://host:port`` or ``neo4j://…``, with ``+s`` or ``+ssc`` for TLS.
        allow_remote_plaintext: Let an unencrypted connection leave this machine.
        cache: Folder of the mirrors; by default in the user's cache folder.
        retry_seconds: How long a write waits for a server that went away.

    Raises:
        InputError: the address is not allowed.
    """

    language = "Cypher"

    def __init__(
        self,
        url: str,
        *,
        allow_remote_plaintext: bool = False,
        cache: Path | None = None,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        super().__init__(url)
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

    def append(
        self, kind: RecordKind | str, batches: Iterable[Batch], *, progress: Progress | None = None
    ) -> AppendReport:
        """Append *batches* in transactions of ten thousand rows."""
        report = AppendReport(record_kind(kind).name)
        self._ready_to_write()
        for batch in batches:
            report.add(append_batch(self._database, batch, progress))
        return report

    def rehearsal(self) -> AbstractContextManager[Appender]:
        """Give what appends to the mirror and takes it back at the end of the ``with`` block."""
        return self._synced().rehearsal()

    @contextmanager
    def snapshot(self) -> Iterator[Neo4jSnapshot]:
        """Give one state of the ledger for the ``with`` block, after one synchronization of the mirror."""
        mirror = self._synced()
        with (
            mirror.opened() as connection,
            self._ending(Neo4jSnapshot(connection, self._database, mirror.folder / CACHE_NAME)) as view,
        ):
            yield view

    def touchpoints(self) -> TouchpointTable:
        """Return what each kind of interaction means in this store, which needs no mirror."""
        self._ready_to_read()
        ledger = self._database.read("read-ledger")
        return table_of(ledger[0]["touchpoints"] if ledger else None, self.url)

    def set_touchpoints(self, table: TouchpointTable | None) -> None:
        """Make *table* the store's touchpoint table; relationships carry it from the next written scores on."""
        self._ready_to_write()
        self._database.write(partial(set_table, table, uuid.uuid4().hex))

    def write(self, run: Run, results_table: pa.Table, lease: Lease | None = None, shown: Shown | None = None) -> None:
        """Write the results of *run* and make it the current one, visible in one step."""
        self._ready_to_write()
        results.write(self._database, run, results_table, lease, shown)
        keep_behind(self._database)

    def results(self, kind: ResultKind | str) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results, which needs no mirror."""
        row = kind_of(kind)
        self._ready_to_read()
        return results.results(self._database, row)

    def runs(self) -> list[Run]:
        """Return all runs, newest first, which needs no mirror."""
        self._ready_to_read()
        return results.runs(self._database)

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float = QUERY_SECONDS,
        max_rows: int = QUERY_ROWS,
        write: bool = False,
    ) -> Rows:
        """Answer a Cypher query within *timeout* seconds, read-only unless it may *write*."""
        return reading.query(self._database, text, parameters or {}, reading.Limits(timeout, max_rows, write))

    def lease(self, name: str, ttl: float = LEASE_SECONDS) -> AbstractContextManager[Lease]:
        """Hold the lease *name* for *ttl* seconds by the server's clock."""
        self._ready_to_write()
        return results.leased(self._database, name, ttl)

    def close(self) -> None:
        """Close all connections and end open snapshots; the store can be used again."""
        super().close()
        self._database.close()

    def _synced(self) -> EmbeddedStore:
        self._ready_to_read()
        return self._mirror.synced()

    def _ready_to_write(self) -> None:
        if not self._is_current:
            self.migrate()

    def _ready_to_read(self) -> None:
        """Refuse a newer schema, bring an older one up to this version; a missing one reads as it is."""
        if self._is_current:
            return
        missing = migrations.missing(self._database)
        if missing and len(missing) < len(migrations.known()):
            self.migrate()
        self._is_current = not missing
