"""The default store: one DuckDB file, no server.

The file is open only while a verb runs, read-only wherever possible, because DuckDB lets nobody
else in while a writer has it (https://duckdb.org/docs/stable/connect/concurrency).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from influence_graph.errors import InputError, NotFound
from influence_graph.model.records import Batch, RecordKind, record_kind
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
from influence_graph.stores.embedded import asking, reading, results, schema
from influence_graph.stores.embedded.append import append_batch
from influence_graph.stores.embedded.connection import LOCK_WAIT_SECONDS, connect
from influence_graph.stores.embedded.ids import FILE_NAME
from influence_graph.stores.embedded.snapshot import EmbeddedSnapshot
from influence_graph.stores.snapshot import SnapshotStore

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

CACHE_NAME = "cache"


class EmbeddedStore(SnapshotStore):
    """A store in ``folder/ledger.duckdb``, created on the first write; see :class:`stores.base.Store`."""

    language = "SQL"

    def __init__(self, folder: Path, *, lock_wait: float = LOCK_WAIT_SECONDS, missing_is_empty: bool = False) -> None:
        super().__init__(str(folder))
        self.folder = folder
        self.path = folder / FILE_NAME
        self._lock_wait = lock_wait
        self._missing_is_empty = missing_is_empty  # a mirror of a server that holds nothing yet

    def migrate(self) -> list[str]:
        """Create the file, or bring it up to this version; return the migrations applied now."""
        self._make_folder()
        with connect(self.path, read_only=False, wait=self._lock_wait) as connection:
            return schema.migrate(connection, self.url)

    def append(
        self, kind: RecordKind | str, batches: Iterable[Batch], *, progress: Progress | None = None
    ) -> AppendReport:
        """Append *batches*, one transaction each."""
        report = AppendReport(record_kind(kind).name)
        with self._write() as connection:
            for batch in batches:
                connection.begin()
                report.add(append_batch(connection, batch))
                connection.commit()
                if progress:
                    progress(batch.table.num_rows)
        return report

    def set_touchpoints(self, table: TouchpointTable | None) -> None:
        """Make *table* the store's touchpoint table, None the built-in one."""
        with self._write() as connection:
            connection.begin()
            reading.set_touchpoints(connection, table)
            connection.commit()

    def freeze(self) -> None:
        """Note that of the interactions so far it is not known whether they state touchpoint and direction."""
        with self._write() as connection:
            connection.begin()
            schema.freeze(connection)
            connection.commit()

    @contextmanager
    def rehearsal(self) -> Iterator[Appender]:
        """Give what appends in one transaction that is rolled back at the end of the ``with`` block."""
        with self._scratch() as connection:
            connection.begin()
            try:
                yield _Rehearsal(connection)
            finally:
                connection.rollback()

    @contextmanager
    def snapshot(self) -> Iterator[EmbeddedSnapshot]:
        """Give one state of the ledger for the ``with`` block, during which nobody can write to the file."""
        with (
            self.opened() as connection,
            self._ending(EmbeddedSnapshot(connection, self.url, self.folder / CACHE_NAME)) as view,
        ):
            yield view

    def write(self, run: Run, results_table: pa.Table, lease: Lease | None = None, shown: Shown | None = None) -> None:
        """Write the results of *run* and make it the current one, in one transaction."""
        del shown  # meaning is resolved on reading
        with self._write() as connection:
            results.write(connection, run, results_table, lease)

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float = QUERY_SECONDS,
        max_rows: int = QUERY_ROWS,
        write: bool = False,
    ) -> Rows:
        """Answer a read-only SQL query over the views of ``views.py`` within *timeout* seconds."""
        if write:
            raise InputError(
                f"the embedded store {self.url} takes no query that writes",
                remedy="add records with `influence-graph ingest`, results with `rank --write` and its like",
            )
        with self.opened() as connection:
            return asking.query(connection, self.path, asking.Asked(text, parameters or {}, timeout, max_rows))

    def lease(self, name: str, ttl: float = LEASE_SECONDS) -> AbstractContextManager[Lease]:
        """Hold the lease *name* for *ttl* seconds by this machine's clock."""
        return self._leased(name, ttl)

    @contextmanager
    def opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the file read-only for the ``with`` block, migrated.

        Raises:
            NotFound: there is no store in the folder.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"the store {self.url} is a file, not a folder", remedy="give another --store")
        if not self.path.exists():
            if self._missing_is_empty:
                with self._in_memory() as connection:
                    yield connection
                return
            raise NotFound(
                f"there is no store in {self.url}",
                remedy="check --store, or make one: `influence-graph ingest FILE…`, or `influence-graph import story`",
            )
        with connect(self.path, read_only=True, wait=self._lock_wait) as connection:
            done = schema.applied(connection, self.url)
            schema.check_known(done, self.url)
            stale = done != list(schema.MIGRATIONS)
            if not stale:
                yield connection
        if stale:
            self.migrate()
            with connect(self.path, read_only=True, wait=self._lock_wait) as connection:
                yield connection

    @contextmanager
    def _leased(self, name: str, ttl: float) -> Iterator[Lease]:
        with self._write() as connection:
            lease = results.grant(connection, name, ttl)
        try:
            yield lease
        finally:
            with self._write() as connection:
                results.release(connection, lease)

    @contextmanager
    def _write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        self._make_folder()
        with connect(self.path, read_only=False, wait=self._lock_wait) as connection:
            schema.migrate(connection, self.url)
            yield connection

    @contextmanager
    def _scratch(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open what a dry run may change: the file, or an empty store in memory where there is none."""
        if self.path.exists():
            with self._write() as connection:
                yield connection
        else:
            with self._in_memory() as connection:
                yield connection

    @contextmanager
    def _in_memory(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with connect(Path(":memory:"), read_only=False) as connection:
            schema.migrate(connection, self.url)
            yield connection

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"the store folder {self.url} cannot be created: {error.strerror}", remedy="give another --store"
            ) from error


class _Rehearsal:
    """Appends in the open transaction of *connection*."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def append(self, kind: RecordKind, batches: Iterable[Batch], *, progress: Progress | None = None) -> AppendReport:
        """Append *batches* to the transaction."""
        report = AppendReport(kind.name)
        for batch in batches:
            report.add(append_batch(self._connection, batch))
            if progress:
                progress(batch.table.num_rows)
        return report
