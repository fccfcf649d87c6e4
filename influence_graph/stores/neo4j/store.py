"""The store on a Neo4j server.

Records, runs and results live in the graph; what is calculated from all records is read from a local
mirror that is brought up to date first (``mirror.py``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from influence_graph.errors import StoreError
from influence_graph.model.erasure import Erased, Selection
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.records import Batch, RecordKind, record_kind
from influence_graph.model.results import ResultKind, kind_of
from influence_graph.model.runs import Run
from influence_graph.model.sources import Brought, Source
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import (
    KEPT_RUNS,
    LEASE_SECONDS,
    QUERY_ROWS,
    QUERY_SECONDS,
    WAIT_SECONDS,
    Appender,
    AppendReport,
    ForgottenMeanwhile,
    Lease,
    Progress,
    Rows,
    Shown,
    Written,
)
from influence_graph.stores.kept import check_keep
from influence_graph.stores.limits import check_limits
from influence_graph.stores.neo4j import (
    erasing,
    leases,
    migrations,
    reading,
    recalculations,
    results,
    runs,
    sources,
    sweeping,
    verifying,
)
from influence_graph.stores.neo4j.database import RETRY_SECONDS, Database
from influence_graph.stores.neo4j.meaning import set_table, table_of
from influence_graph.stores.neo4j.mirror import Mirror, mark_edited, read_ledger
from influence_graph.stores.neo4j.snapshot import Neo4jSnapshot
from influence_graph.stores.neo4j.writing import Outdated, append_batch
from influence_graph.stores.snapshot import SnapshotStore

if TYPE_CHECKING:
    import pyarrow as pa

_VERIFIED = {
    True: "records were changed by hand: all are read anew, elsewhere by the next command",
    False: "all records were read: the mirror on this machine has the same",
    None: "all records were read; there was nothing to compare them with",
}
"""What is said of the mirror, by whether it had other records."""


class Neo4jStore(SnapshotStore):
    """A store on the server at *url*; connects at the first use. See :class:`stores.base.Store`.

    Args:
        url: ``bolt://host:port`` or ``neo4j://…``, with ``+s`` or ``+ssc`` for TLS.
        allow_remote_plaintext: Let an unencrypted connection leave this machine.
        cache: Folder of the mirrors; by default that of ``INFLUENCE_GRAPH_CACHE``, else in the user's cache folder.
        retry_seconds: How long a write waits for a server that went away, within *timeout*.
        timeout: How long the server may keep a call waiting, in (0, 86400] seconds, None:
            :data:`stores.base.WAIT_SECONDS`, for a query :data:`stores.base.QUERY_SECONDS`. The count starts anew with
            each 1,000 records that the server acknowledged; time in which nobody waits for the server does not count.
        in_all: Count the waits of all calls together, as a command does.

    Raises:
        InputError: the address is not allowed, or *timeout* is out of its limits.
        StoreUnreachable: by every verb, where the server kept it waiting longer; its connections are cut, and the
            store can be used again.
    """

    language = "Cypher"

    def __init__(
        self,
        url: str,
        *,
        allow_remote_plaintext: bool = False,
        cache: Path | None = None,
        retry_seconds: float = RETRY_SECONDS,
        timeout: float | None = None,
        in_all: bool = False,
    ) -> None:
        super().__init__(url)
        seconds = WAIT_SECONDS if timeout is None else timeout
        check_limits(seconds, 1)
        self._query_seconds = QUERY_SECONDS if timeout is None else timeout
        self._database = Database(
            url,
            allow_remote_plaintext=allow_remote_plaintext,
            retry_seconds=retry_seconds,
            timeout=seconds,
            in_all=in_all,
        )
        self._mirror = Mirror(self._database, cache)
        self._is_current = False

    @property
    def database(self) -> Database:
        """The database that holds the store, for what only a server can do."""
        return self._database

    def migrate(self) -> list[str]:
        """Create the missing constraints and indexes; return the migrations applied now."""
        self._database.patience.begin()
        applied = migrations.migrate(self._database)
        self._is_current = True
        return applied

    def append(
        self,
        kind: RecordKind | str,
        batches: Iterable[Batch],
        *,
        progress: Progress | None = None,
        tombstones: int | None = None,
    ) -> AppendReport:
        """Append *batches* in transactions of ten thousand rows."""
        report = AppendReport(record_kind(kind).name)
        self._ready_to_write()
        for batch in batches:
            try:
                report.add(append_batch(self._database, batch, progress, tombstones))
            except Outdated:
                raise ForgottenMeanwhile(report) from None
        return report

    def add_source(self, name: str, digest: str) -> int:
        """Return the number of the source with this *digest*, which is added as *name* where it is new."""
        self._ready_to_write()
        return sources.add(self._database, name, digest)

    def count_source(self, number: int, rows: int) -> None:
        """Note that the source *number* was ingested to its end and gave *rows* records."""
        self._ready_to_write()
        sources.count(self._database, number, rows)

    def sources(self) -> list[Source]:
        """Return what records came from, by number, which needs no mirror."""
        self._ready_to_read()
        return sources.listed(self._database)

    def brought_by(self, kind: RecordKind | str, numbers: Sequence[int]) -> Brought:
        """Return which records of *kind* only the sources *numbers* gave, and how many others gave, too."""
        self._ready_to_read()
        return sources.brought_by(self._database, record_kind(kind), numbers)

    def drop_sources(self, numbers: Sequence[int]) -> None:
        """Forget the sources *numbers*, in many transactions; what others gave, too, is theirs alone."""
        self._ready_to_write()
        sources.drop(self._database, numbers)

    @contextmanager
    def rehearsal(self) -> Iterator[Appender]:
        """Give what appends to a copy of the mirror, which goes at the end of the ``with`` block."""
        self._ready_to_read()
        with self._mirror.trial() as copy, copy.rehearsal() as appender:
            yield appender

    @contextmanager
    def snapshot(self) -> Iterator[Neo4jSnapshot]:
        """Give one state of the ledger for the ``with`` block, after one synchronization of the mirror."""
        self._ready_to_read()
        with (
            self._mirror.opened() as (shared, cache),
            self._ending(Neo4jSnapshot(shared, self._database, cache)) as view,
        ):
            yield view

    def touchpoints(self) -> TouchpointTable:
        """Return what each kind of interaction means in this store, which needs no mirror."""
        self._ready_to_read()
        ledger = read_ledger(self._database)
        return table_of(ledger["touchpoints"] if ledger else None, self.url)

    def set_touchpoints(self, table: TouchpointTable | None) -> None:
        """Make *table* the store's touchpoint table; relationships carry it from the next written scores on."""
        self._ready_to_write()
        self._database.write(partial(set_table, table, uuid.uuid4().hex))

    def write(self, run: Run, results_table: pa.Table, lease: Lease | None = None, shown: Shown | None = None) -> None:
        """Write the results of *run* and make it the current one, visible in one step."""
        self._ready_to_write()
        results.write(self._database, Written(run, results_table, shown), lease)

    def write_together(
        self, recalculation: Recalculation, results: Sequence[Written], lease: Lease | None = None
    ) -> bool:
        """Write *results* and *recalculation*, all current at once; return False where its tick took effect before."""
        self._ready_to_write()
        return recalculations.write(self._database, recalculation, results, lease)

    def prune(self, keep: int = KEPT_RUNS) -> int:
        """Delete the runs that are neither current nor among the newest *keep* of their kind; return how many.

        What the graph holds of them is swept once nobody can be reading it any more.
        """
        check_keep(keep)
        self._ready_to_write()
        return sweeping.prune(self._database, keep)

    def set_state(self, name: str, value: Mapping[str, Any] | None, lease: Lease | None = None) -> None:
        """Keep *value* under *name*; None deletes it."""
        self._ready_to_write()
        recalculations.set_state(self._database, name, value, lease)

    def results(self, kind: ResultKind | str) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results, which needs no mirror."""
        row = kind_of(kind)
        self._ready_to_read()
        return runs.results(self._database, row)

    def runs(self) -> list[Run]:
        """Return all runs, newest first, which needs no mirror."""
        self._ready_to_read()
        return runs.runs(self._database)

    def erase(self, selection: Selection, *, dry_run: bool = False) -> Erased:
        """Erase in many transactions; the mirror on this machine goes, others are read anew when they are next used."""
        if dry_run:
            self._ready_to_read()
        else:
            self._ready_to_write()
        chosen = self._mirror.synced().chosen(selection)
        if dry_run:
            return erasing.counted(self._database, selection, chosen)
        erased = erasing.erase(self._database, selection, chosen)
        self._mirror.erase()
        return erased

    def unfinished_erasures(self) -> frozenset[str]:
        """Return the hashes of those whose erasure was cut off."""
        self._ready_to_read()
        return erasing.tombstones(self._database, pending=True)

    def tombstones(self) -> frozenset[str]:
        """Return the keyed hashes of those who were forgotten, which needs no mirror."""
        self._ready_to_read()
        return erasing.tombstones(self._database)

    def results_of(self, run_id: str) -> tuple[Run, pa.Table]:
        """Return the run *run_id* and its results, current or former, which needs no mirror."""
        self._ready_to_read()
        return runs.results_of(self._database, run_id)

    def recalculations(self, limit: int | None = None) -> list[Recalculation]:
        """Return the latest *limit* recalculations, None: all that are kept, newest first, which needs no mirror."""
        self._ready_to_read()
        return recalculations.recalculations(self._database, limit)

    def state(self, name: str) -> Mapping[str, Any] | None:
        """Return what is kept under *name*, which needs no mirror."""
        self._ready_to_read()
        return recalculations.state(self._database, name)

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        max_rows: int = QUERY_ROWS,
        write: bool = False,
    ) -> Rows:
        """Answer a Cypher query within *timeout* seconds, read-only unless it may *write*.

        After one that has written, all mirrors of the ledger are read anew: it may have changed records.
        """
        seconds = self._query_seconds if timeout is None else timeout
        limits = reading.Limits(seconds, max_rows, write)
        try:
            rows = reading.query(self._database, text, parameters or {}, limits)
        except StoreError:
            if write and "transactions" in text.lower():  # of its own, and some of them may have committed
                with suppress(StoreError):
                    self._database.write(mark_edited)
            raise
        if rows.changes:
            self._database.write(mark_edited)
        return rows

    def verify(self) -> str:
        """Look for constraints and indexes that are gone, and compare the mirror with all records."""
        return f"{verifying.verify(self._database)}; {_VERIFIED[self.read_anew()]}"

    def read_anew(self) -> bool | None:
        """Read all records from the server, whatever the mirror holds, as after changes by hand.

        Returns:
            Whether the mirror had other records; None where that cannot be told: there was none, or others were
            writing meanwhile.
        """
        self._ready_to_read()
        return self._mirror.read_anew()

    def lease(self, name: str, ttl: float = LEASE_SECONDS) -> AbstractContextManager[Lease]:
        """Hold the lease *name* for *ttl* seconds by the server's clock."""
        self._ready_to_write()
        return leases.leased(self._database, name, ttl)

    def renew(self, lease: Lease, ttl: float = LEASE_SECONDS) -> Lease:
        """Hold *lease* for *ttl* seconds of the server's clock from now on, with the same token."""
        self._ready_to_write()
        return leases.renew(self._database, lease, ttl)

    def close(self) -> None:
        """Close all connections and end open snapshots; the store can be used again."""
        super().close()
        self._database.close()

    def _ready_to_write(self) -> None:
        self._database.patience.begin()
        if not self._is_current:
            self.migrate()

    def _ready_to_read(self) -> None:
        """Refuse a newer schema, bring an older one up to this version; a missing one reads as it is."""
        self._database.patience.begin()
        if self._is_current:
            return
        missing = migrations.missing(self._database)
        if missing and len(missing) < len(migrations.known()):
            self.migrate()
        self._is_current = not missing
