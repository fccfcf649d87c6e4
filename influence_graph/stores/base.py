"""The verbs that every store has; both stores pass ``tests/stores/test_conformance.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from influence_graph.model.erasure import Erased, Selection
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.records import BATCH_ROWS, Batch, RecordKind, Reject
from influence_graph.model.results import ResultKind
from influence_graph.model.runs import Run
from influence_graph.model.sources import Brought, Source
from influence_graph.model.times import set_times
from influence_graph.model.touchpoints import TouchpointTable

if TYPE_CHECKING:
    import pyarrow as pa

    from influence_graph.model.graph import Graph, GraphKind, Parallel

QUERY_SECONDS, QUERY_ROWS = 60.0, 100_000
"""Limits of an answer, unless a caller chooses."""
WAIT_SECONDS = 120.0
"""How long a server may keep a call, or a command, waiting, unless a caller chooses."""
ACKNOWLEDGED_ROWS = 1_000
"""Records that a server has stored or sent after which the count of :data:`WAIT_SECONDS` starts anew."""
QUERY_BYTES = 64 << 20
"""Limit of an answer: more is refused, in one value or in all together."""
LEASE_SECONDS = 60.0
RECALCULATION = "recalculation"
"""Name of the lease under which results are recalculated together, alerts are sent and an inbox is emptied."""
KEPT_RUNS = RecomputeParameters.keep_runs
"""How many runs of each kind are kept for comparison, the current one among them, unless a caller chooses."""
Progress = Callable[[int], None]
"""Called with the number of records just done."""


@dataclass
class AppendReport:
    """What one :meth:`Store.append` did; rows = inserted + updated + unchanged + conflicts."""

    kind: str
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: list[Reject] = field(default_factory=list)
    placeholders: int = 0  # people and brands that the records name and no file has declared yet

    def add(self, other: AppendReport) -> None:
        """Add the counts of *other*, a report on the same kind."""
        self.inserted += other.inserted
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.placeholders += other.placeholders
        self.conflicts += other.conflicts


class ForgottenMeanwhile(Exception):
    """Somebody was forgotten since the records that are being appended were looked at; the batch is not stored.

    Attributes:
        report: What was stored before that batch. Of the batch itself a server may hold a part.
    """

    def __init__(self, report: AppendReport) -> None:
        super().__init__("somebody was forgotten meanwhile")
        self.report = report


def conflict(batch_file: str, line: int, kind: RecordKind, event_id: str, different: Sequence[str]) -> Reject:
    """Return the conflict of a record whose *event_id* is stored with other values of the fields *different*."""
    remedy = "give the new campaign an id of its own"
    if kind.name == "interactions":
        remedy = f"record a correction: a new event with replaces={event_id}"
    reason = f"event_id {event_id!r} is already stored with another {', '.join(different)}"
    return Reject(batch_file, line, "event_id", event_id, reason, remedy)


@dataclass(frozen=True)
class InteractionFilter:
    """Which interactions to read: all, or those of some consumers or brands, as known at a time.

    ``as_of`` keeps what had happened (``at``) and was known (``recorded_at``, else ``at``) by then;
    with ``valid_at`` it must have happened by that time instead: hindsight. Left out is what does not
    count: retractions, and events that a record replaces, whatever consumer or brand it is on, that is known
    by ``as_of`` and not taken back by a retraction; a correction that closes a circle and is therefore ignored is given
    without its ``replaces``. ``history`` gives all as recorded, and with those selected the records that replace
    one of them, transitively and whenever they happened: all that the past of the selected bonds depends on.
    ``around`` keeps all interactions of the consumers who ever met or named one of these brands: what
    the bonds with these brands depend on, spillover included.
    ``events`` keeps those with one of these ids.
    ``after`` keeps those that were appended after the first so many (see :attr:`LedgerMark.position`),
    whatever their times; ``upto`` those that were appended among the first so many, None: all.
    """

    consumers: Sequence[str] | None = None
    brands: Sequence[str] | None = None
    around: Sequence[str] | None = None
    as_of: datetime | None = None
    valid_at: datetime | None = None
    history: bool = False
    events: Sequence[str] | None = None
    after: int = 0
    upto: int | None = None

    def __post_init__(self) -> None:
        set_times(self)


@dataclass(frozen=True)
class LedgerMark:
    """A state of the ledger's interactions, which only grow.

    Attributes:
        ledger: Token of the ledger, made with it.
        position: Number of interactions appended so far.
        proof: Digest of these interactions in the order appended: a ledger that was restored or edited differs.
    """

    ledger: str
    position: int
    proof: str


@dataclass(frozen=True)
class Lease:
    """A named right to write, held until ``expires_at`` on the store's clock.

    ``token`` grows with every grant: a write that carries an older token is refused. ``ahead`` is how many seconds the
    store's clock was ahead of this machine's when it was granted or renewed, less than 0 where it was behind; it is
    known to half the time that the answer took.
    """

    name: str
    owner: str
    token: int
    expires_at: datetime
    ahead: float = 0.0


@dataclass(frozen=True, eq=False)
class Shown:
    """What a run of scores shows in a store whose records carry their meaning.

    Attributes:
        events: event_id, direction, touchpoint, valence (both null where nothing tells), and the points that the run
            counted, on the day of the event: applied_points to its side, null where it does not count,
            returned_points to the other side, null where there are none; of all interactions.
        associations: brand, other, strength, events, consumers: brands named together, in both directions.
    """

    events: pa.Table
    associations: pa.Table


@dataclass(frozen=True, eq=False)
class Written:
    """A result to be written: *table* has the columns of the kind of *run*; *shown* as in :meth:`Store.write`."""

    run: Run
    table: pa.Table
    shown: Shown | None = None


@dataclass(frozen=True)
class Rows:
    """The answer of a query: column names and rows of plain Python values.

    Attributes:
        columns: Names of the columns.
        rows: The rows; times have their zone.
        notices: What the server said about the query, such as a label that it does not know, a line each.
        changes: How many of what were changed, such as ``nodes created``, by a query with the right to write.
        is_plan: Whether the rows are the steps of a plan, for EXPLAIN and PROFILE.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    notices: tuple[str, ...] = ()
    changes: Mapping[str, int] = field(default_factory=dict)
    is_plan: bool = False


class Appender(Protocol):
    """What takes records: a store, or the rehearsal of one."""

    def append(self, kind: RecordKind, batches: Iterable[Batch], *, progress: Progress | None = None) -> AppendReport:
        """Take *batches* and return what became of them; see :meth:`Store.append`."""


class Reader(Protocol):
    """What can be read of a ledger and its results: from a store verb by verb, from a snapshot at one state."""

    url: str

    def records(self, kind: RecordKind | str, batch_rows: int = BATCH_ROWS) -> Iterator[pa.Table]:
        """Yield all records of *kind* as tables of ``kind.schema``, ordered by key.

        Raises:
            NotFound: there is no such kind.
        """

    def names(self, kind: RecordKind | str, ids: Sequence[str] | pa.Array | None = None) -> Mapping[str, str]:
        """Return the display names by id of the *kind*, people or brands; of *ids* only, where they are given.

        Left out is who has no name, and ids that the store does not hold. A consumer and a brand may share an id.

        Raises:
            NotFound: there is no such kind.
            InputError: records of *kind* have no names.
        """

    def graph(self, kind: GraphKind | str, as_of: datetime | None = None, parallel: Parallel = "sum") -> Graph:
        """Return the graph of *kind*, nodes ordered by label and id, as known at *as_of*.

        Interactions that no longer count have no edge (see :class:`InteractionFilter`). The direction that a
        record does not state is that of its kind in :meth:`touchpoints`. What several edges of a pair become
        *parallel* says, as in :meth:`Graph.from_arrays`.

        Raises:
            NotFound: there is no such kind.
            InputError: a weight is no probability, and *parallel* combines them as such.
        """

    def interactions(self, where: InteractionFilter = InteractionFilter()) -> pa.Table:
        """Return interactions ordered by ``at, event_id``; consumer and brand are dictionary-encoded.

        They are what the records say; what they do not say is null, and resolved by
        :func:`influence_graph.analyses.interactions.meaning.meaning_of`.
        """

    def touchpoints(self) -> TouchpointTable:
        """Return what each kind of interaction means in this store: the table that was set, else the built-in one."""

    def kinds(self, as_of: datetime | None = None) -> dict[str, int]:
        """Return the number of interactions that count by the kind they state ("": none), most frequent first.

        Ties are in the order of the kinds' texts; spellings of one kind stand apart.

        Args:
            as_of: As known at this time; None: all.
        """

    def currency(self) -> str | None:
        """Return the currency of the interactions' values; None where none states one."""

    def latest(self) -> datetime | None:
        """Return the latest time at which an interaction happened or became known; None without any."""

    def results(self, kind: ResultKind | str) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results, or None where there is none.

        Raises:
            NotFound: there is no such kind.
        """

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""

    def results_of(self, run_id: str) -> tuple[Run, pa.Table]:
        """Return the run *run_id* and its results, current or former.

        Raises:
            NotFound: there is no such run, or its results were pruned; the message says which.
        """

    def recalculations(self, limit: int | None = None) -> list[Recalculation]:
        """Return the latest *limit* recalculations, None: all that are kept, newest first."""

    def state(self, name: str) -> Mapping[str, Any] | None:
        """Return what :meth:`Store.set_state` kept under *name* as JSON values, None where there is nothing."""

    def sources(self) -> list[Source]:
        """Return what records came from, by number."""

    def tombstones(self) -> frozenset[str]:
        """Return the keyed hashes of the people who were forgotten, by which they are known when they come again."""

    def counts(self) -> dict[str, int]:
        """Return the number of records per kind (placeholders count as people and brands)."""

    def digest(self) -> str:
        """Return a digest of all records, the same for equal contents in any order and any store."""


class Snapshot(Reader, Protocol):
    """One state of a ledger, for all reads of a command; valid inside its ``with`` block, and never written to.

    Raises:
        StoreError: by every verb once the block has ended or the store was closed, and by every verb that writes.
    """

    cache: Path
    """Folder on this machine for what can be calculated again from the ledger, made when it is first used."""
    shows_meaning: bool
    """Whether records carry their meaning, so that writing scores takes :class:`Shown`; else reading resolves it."""

    def mark(self, position: int | None = None) -> LedgerMark:
        """Return the mark of this state, or of its first *position* interactions."""


class Store(Reader, Protocol):
    """A ledger of records, the graph on them, and the results calculated from them.

    A store is its own context manager: ``with ig.open_store(url) as store`` closes it at the end.
    """

    language: str
    """What :meth:`query` understands: "Cypher" or "SQL"."""

    def __enter__(self) -> Self:
        """Return the store."""

    def __exit__(self, *_: object) -> None:
        """Close the store."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Give one consistent state of the ledger for the ``with`` block: one open, or one synchronization.

        What others append meanwhile is not seen. Keep the block short: read, then calculate after it.
        """

    def migrate(self) -> list[str]:
        """Bring the schema up to this version; return the names of the migrations applied now."""

    def append(
        self,
        kind: RecordKind | str,
        batches: Iterable[Batch],
        *,
        progress: Progress | None = None,
        tombstones: int | None = None,
    ) -> AppendReport:
        """Store *batches*, each in one transaction; the same records again change nothing.

        People, brands, ties and sales are upserted by their key: a value that is not null replaces
        the stored one. Interactions and campaigns never change: the same ``event_id`` with another
        payload is a conflict, reported and left out: a correction is a new interaction with ``replaces``.
        Only the day of a campaign is taken from a later record where the stored one has none or that of ``at`` in UTC;
        a record with such a day is no conflict.
        Within a batch the same rules hold from row to row.

        Args:
            kind: Of which the records are.
            batches: The records.
            progress: Called with the number of records just done.
            tombstones: Among how many :meth:`tombstones` their people were looked for; None: they were not.

        Raises:
            ForgottenMeanwhile: in the transaction of a batch there is another number of tombstones.
        """

    def add_source(self, name: str, digest: str) -> int:
        """Return the number of the source with this *digest*, which is added as *name* where it is new."""

    def count_source(self, number: int, rows: int) -> None:
        """Note that the source *number* was ingested to its end and gave *rows* records."""

    def brought_by(self, kind: RecordKind | str, numbers: Sequence[int]) -> Brought:
        """Return which records of *kind* only the sources *numbers* gave, and how many others gave, too.

        People and brands that these records name and that nothing else names or declares are not among them.
        """

    def drop_sources(self, numbers: Sequence[int]) -> None:
        """Forget the sources *numbers*: what only they gave must be erased before, what others gave is theirs alone."""

    def set_touchpoints(self, table: TouchpointTable | None) -> None:
        """Make *table* the store's touchpoint table, None the built-in one: it holds for all records at once."""

    def rehearsal(self) -> AbstractContextManager[Appender]:
        """Give what reports exactly as appending would, one append after the other, and leaves no trace."""

    def write(self, run: Run, results: pa.Table, lease: Lease | None = None, shown: Shown | None = None) -> None:
        """Write *results* (the columns of their kind) under *run* and make it the current one.

        Readers see all of the former run or all of this one; what records carry of *shown* changes in steps before
        that. A store that resolves meaning on reading ignores *shown*. With *lease* its token is checked in the same
        transaction.

        Raises:
            LockHeld: the lease has expired or was granted to another owner.
        """

    def write_together(
        self, recalculation: Recalculation, results: Sequence[Written], lease: Lease | None = None
    ) -> bool:
        """Write *results* and *recalculation*, and make them all current at once; return whether that was done.

        Readers see all former runs or all of these, in every verb and within one snapshot. Where the recalculation's
        tick was recorded before, nothing changes and the answer is False: a tick takes effect once. With *lease* its
        token is checked in the transaction of every write. *results* may be empty: the tick is recorded.

        Raises:
            LockHeld: the lease has expired or was granted to another owner.
        """

    def prune(self, keep: int = KEPT_RUNS) -> int:
        """Delete the runs, and their results, that are neither current nor among the newest *keep* of their kind.

        Of recalculations those go whose runs are all gone, except the latest thousand ticks: they took effect.

        Returns:
            How many runs were deleted.
        """

    def erase(self, selection: Selection, *, dry_run: bool = False) -> Erased:
        """Erase *selection* from all that is kept here, and from what was calculated of it on this machine.

        People go from the records, the results of all runs, the parameters of runs, recalculations and states; a run
        that was asked about nobody else goes. The ledger counts as another one afterwards: its token is new, so that
        no :class:`LedgerMark` of before matches. What was calculated from what is gone is not calculated again here.
        Where the process is killed, all is as it was, or :meth:`unfinished_erasures` says so and erasing the same again
        completes it.

        Args:
            selection: Whom and what; who is not there is passed over.
            dry_run: Only count.

        Raises:
            LockHeld: another process has the file.
        """

    def unfinished_erasures(self) -> frozenset[str]:
        """Return the tombstones of those whose erasure was cut off, and is to be begun again."""

    def set_state(self, name: str, value: Mapping[str, Any] | None, lease: Lease | None = None) -> None:
        """Keep *value*, JSON values, under *name* in one transaction in which *lease* is checked; None deletes it.

        Raises:
            LockHeld: the lease has expired or was granted to another owner.
        """

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        max_rows: int = QUERY_ROWS,
        write: bool = False,
    ) -> Rows:
        """Answer a query in the :attr:`language` of the store; nothing is changed, and no file or address is read.

        Cypher sees the graph; SQL (DuckDB's) sees the records by the names and columns of their files, and the
        current results: ``bonds``, ``influences``, ``ranks``, ``seeds`` and ``runs``. Both take ``EXPLAIN`` and
        ``PROFILE`` in front.

        Args:
            text: The query.
            parameters: Values of its ``$names``.
            timeout: Longest time to answer, in seconds, None: as the store was opened for, else
                :data:`QUERY_SECONDS`; a query that cannot be ended is given up 3 seconds later.
            max_rows: More rows are refused, and so are more than :data:`QUERY_BYTES`.
            write: Let it change the graph of a server, too: in one transaction, of which nothing stays if the
                answer is refused.

        Raises:
            InputError: it would write without *write*, do more than read, is no query, or answers too much.
            StoreError: the store refused it, or it took too long.
        """

    def verify(self) -> str:
        """Read all that is stored, and return in a line what was looked at; of a server, compare the copy here.

        Raises:
            StoreDamaged: it is not what was written; the message says what can still be read.
        """

    def lease(self, name: str, ttl: float = LEASE_SECONDS) -> AbstractContextManager[Lease]:
        """Hold the lease *name* for *ttl* seconds; released at the end of the ``with`` block.

        Raises:
            LockHeld: another owner holds it; the message says who, since when and until when.
        """

    def renew(self, lease: Lease, ttl: float = LEASE_SECONDS) -> Lease:
        """Hold *lease* for *ttl* seconds from now on, with the same token.

        Raises:
            LockHeld: it has expired or was granted to another owner.
        """

    def close(self) -> None:
        """Release connections and end open snapshots; the store can be used again."""
