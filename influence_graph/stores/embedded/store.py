"""The default store: one DuckDB file, no server.

The file is open only while a verb runs, read-only wherever possible, because DuckDB lets nobody
else in while a writer has it (https://duckdb.org/docs/stable/connect/concurrency).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from influence_graph.caches import remove
from influence_graph.errors import InputError, NotFound
from influence_graph.model.erasure import Chosen, Erased, Selection
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.records import Batch, RecordKind, record_kind
from influence_graph.model.runs import Run
from influence_graph.model.sources import Brought
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import (
    KEPT_RUNS,
    LEASE_SECONDS,
    QUERY_ROWS,
    QUERY_SECONDS,
    Appender,
    AppendReport,
    ForgottenMeanwhile,
    Lease,
    Progress,
    Rows,
    Shown,
    Written,
)
from influence_graph.stores.embedded import asking, erasing, leases, reading, recalculations, results, schema, sources
from influence_graph.stores.embedded.append import append_batch
from influence_graph.stores.embedded.chosen import chosen
from influence_graph.stores.embedded.connection import LOCK_WAIT_SECONDS, alone, connect, in_memory
from influence_graph.stores.embedded.copies import copied
from influence_graph.stores.embedded.damage import damaged, examine
from influence_graph.stores.embedded.ids import FILE_NAME
from influence_graph.stores.embedded.sharing import SharedReading, SharedWriting
from influence_graph.stores.embedded.snapshot import EmbeddedSnapshot
from influence_graph.stores.kept import check_keep
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
        self,
        kind: RecordKind | str,
        batches: Iterable[Batch],
        *,
        progress: Progress | None = None,
        tombstones: int | None = None,
    ) -> AppendReport:
        """Append *batches*, one transaction each; between two of them the file is left to whoever waits for it."""
        report = AppendReport(record_kind(kind).name)
        with SharedWriting(self.folder, self._write) as writing:
            for batch in batches:
                with writing.step() as connection:
                    connection.begin()
                    if tombstones is not None and len(reading.tombstones(connection)) != tombstones:
                        raise ForgottenMeanwhile(report)
                    report.add(append_batch(connection, batch))
                    connection.commit()
                if progress:
                    progress(batch.table.num_rows)
        return report

    def add_source(self, name: str, digest: str) -> int:
        """Return the number of the source with this *digest*, which is added as *name* where it is new."""
        with self._transaction() as connection:
            return sources.add(connection, name, digest)

    def count_source(self, number: int, rows: int) -> None:
        """Note that the source *number* was ingested to its end and gave *rows* records."""
        with self._transaction() as connection:
            sources.count(connection, number, rows)

    def brought_by(self, kind: RecordKind | str, numbers: Sequence[int]) -> Brought:
        """Return which records of *kind* only the sources *numbers* gave, and how many others gave, too."""
        with self.opened() as connection:
            return sources.brought_by(connection, record_kind(kind), numbers)

    def drop_sources(self, numbers: Sequence[int]) -> None:
        """Forget the sources *numbers*; what others gave, too, is theirs alone."""
        with self._transaction() as connection:
            sources.drop(connection, numbers)

    def set_touchpoints(self, table: TouchpointTable | None) -> None:
        """Make *table* the store's touchpoint table, None the built-in one."""
        with self._transaction() as connection:
            reading.set_touchpoints(connection, table)

    def freeze(self) -> None:
        """Note that of the interactions so far it is not known whether they state touchpoint and direction."""
        with self._transaction() as connection:
            schema.freeze(connection)

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
        """Give one state of the ledger for the ``with`` block.

        Who wants to write to the file waits for the read that is under way; then the snapshot moves to a copy.
        """
        with (
            self.reading() as shared,
            self._ending(EmbeddedSnapshot(shared, self.url, self.folder / CACHE_NAME)) as view,
        ):
            yield view

    def write(self, run: Run, results_table: pa.Table, lease: Lease | None = None, shown: Shown | None = None) -> None:
        """Write the results of *run* and make it the current one, in one transaction."""
        del shown  # meaning is resolved on reading
        with self._transaction(lease) as connection:
            results.write(connection, run, results_table)

    def write_together(
        self, recalculation: Recalculation, results: Sequence[Written], lease: Lease | None = None
    ) -> bool:
        """Write *results* and *recalculation*, all current at once; return False where its tick took effect before."""
        with self._transaction(lease) as connection:
            return recalculations.write(connection, recalculation, results)

    def prune(self, keep: int = KEPT_RUNS) -> int:
        """Delete the runs that are neither current nor among the newest *keep* of their kind; return how many."""
        check_keep(keep)
        with self._transaction() as connection:
            pruned = results.prune(connection, keep)
            recalculations.prune(connection)
        return pruned

    def set_state(self, name: str, value: Mapping[str, Any] | None, lease: Lease | None = None) -> None:
        """Keep *value* under *name*; None deletes it."""
        with self._transaction(lease) as connection:
            recalculations.set_state(connection, name, value)

    def erase(self, selection: Selection, *, dry_run: bool = False) -> Erased:
        """Write what stays of the file anew, and delete what was calculated from it."""
        if dry_run:
            with self.opened() as connection:
                return erasing.counted(connection, selection)
        with self.opened():
            pass  # there is one, and of this version
        with alone(self.path, wait=self._lock_wait) as connection:
            remove(self.folder / CACHE_NAME)
            return erasing.rewrite(connection, self.path, selection)

    def chosen(self, selection: Selection) -> Chosen:
        """Return the records that *selection* means."""
        with self.opened() as connection:
            return chosen(connection, selection)

    def unfinished_erasures(self) -> frozenset[str]:
        """Return nobody: the file is exchanged in one step."""
        return frozenset()

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        max_rows: int = QUERY_ROWS,
        write: bool = False,
    ) -> Rows:
        """Answer a read-only SQL query over the views of ``views.py`` within *timeout* seconds."""
        if write:
            raise InputError(
                f"the embedded store {self.url} takes no query that writes",
                remedy="add records with `influence-graph ingest`, results with `rank --write` and its like",
            )
        seconds = QUERY_SECONDS if timeout is None else timeout
        with self.opened() as connection:
            return asking.query(connection, self.path, asking.Asked(text, parameters or {}, seconds, max_rows))

    def verify(self) -> str:
        """Read every block of the file, and count what no batch can have written."""
        examined = examine(self.path)
        if examined.damage:
            raise damaged(self.path, examined.damage, examined)
        if not examined.known:
            return "not read: the file is in use"
        size, rows = self.path.stat().st_size, sum(examined.rows.values())
        return f"{rows:,} rows in {len(examined.rows)} tables read, {size / 1e6:,.1f} MB: no damage"

    def lease(self, name: str, ttl: float = LEASE_SECONDS) -> AbstractContextManager[Lease]:
        """Hold the lease *name* for *ttl* seconds by this machine's clock."""
        return self._leased(name, ttl)

    def renew(self, lease: Lease, ttl: float = LEASE_SECONDS) -> Lease:
        """Hold *lease* for *ttl* seconds from now on, with the same token."""
        with self._write() as connection:
            return leases.renew(connection, lease, ttl)

    def reading(self, url: str = "") -> SharedReading:
        """Return what opens the file for the reads of a snapshot of the store at *url*, to be entered as a block."""
        return SharedReading(self.path if self.path.exists() else None, url or self.url, self.opened)

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
        lease = None
        try:
            with self._write() as connection:
                lease = leases.grant(connection, name, ttl)
            yield lease
        finally:  # also where the file was being closed when a signal came
            if lease is not None:
                with self._write() as connection:
                    leases.release(connection, lease)

    @contextmanager
    def _transaction(self, lease: Lease | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the file for one transaction, in which *lease* is checked first."""
        with self._write() as connection:
            connection.begin()
            leases.check(connection, lease)
            yield connection
            connection.commit()

    @contextmanager
    def _write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        self._make_folder()
        with connect(self.path, read_only=False, wait=self._lock_wait) as connection:
            schema.migrate(connection, self.url)
            yield connection

    @contextmanager
    def _scratch(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open what a dry run may change: a copy of the file, or an empty store in memory where there is none."""
        if not self.path.exists():
            with self._in_memory() as connection:
                yield connection
            return
        with ExitStack() as inside:
            with self.opened():  # nobody writes to it meanwhile
                copy = inside.enter_context(copied(self.path))
            connection = inside.enter_context(connect(copy, read_only=False))
            copy.unlink()  # so that nothing is left of it where this process is killed
            yield connection

    @contextmanager
    def _in_memory(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with in_memory() as connection:
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
