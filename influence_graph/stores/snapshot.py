"""What both stores share: verbs that read answer from a snapshot, and a snapshot ends and is never written to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, Self, TypeVar

import pandas as pd

from influence_graph.errors import InfluenceGraphError, StoreError
from influence_graph.model.display import html_points, html_table
from influence_graph.model.records import BATCH_ROWS, RecordKind, record_kind
from influence_graph.model.sources import Source
from influence_graph.stores.base import InteractionFilter, Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

    from influence_graph.model.graph import Graph, GraphKind, Parallel
    from influence_graph.model.recalculations import Recalculation
    from influence_graph.model.results import ResultKind
    from influence_graph.model.runs import Run
    from influence_graph.model.touchpoints import TouchpointTable


class _Ending(Protocol):
    def end(self) -> None: ...


V = TypeVar("V", bound=_Ending)


class SnapshotStore(ABC):
    """A store that answers each reading verb from a snapshot of its own; see :class:`stores.base.Store`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._snapshots: set[_Ending] = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.url}>"

    def _repr_html_(self) -> str:
        """Return the address and the number of records per kind, or why they cannot be read."""
        try:
            counts = self.counts()
        except InfluenceGraphError as error:
            return html_points(f"{type(self).__name__} {self.url}", [str(error)])
        frame = pd.DataFrame({"records": list(counts), "number": list(counts.values())})
        return html_table(type(self).__name__, {"at": self.url}, frame, noun="kind")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Give one consistent state of the ledger for the ``with`` block."""

    def close(self) -> None:
        """End open snapshots; the store can be used again."""
        for view in tuple(self._snapshots):
            view.end()

    def records(self, kind: RecordKind | str, batch_rows: int = BATCH_ROWS) -> Iterator[pa.Table]:
        """Yield all records of *kind*, ordered by key."""
        return self._records(record_kind(kind), batch_rows)

    def names(self, kind: RecordKind | str, ids: Sequence[str] | pa.Array | None = None) -> Mapping[str, str]:
        """Return the display names by id of the *kind*, people or brands."""
        with self.snapshot() as view:
            return view.names(kind, ids)

    def graph(self, kind: GraphKind | str, as_of: datetime | None = None, parallel: Parallel = "sum") -> Graph:
        """Return the graph of *kind* as known at *as_of*; *parallel* as in :meth:`Graph.from_arrays`."""
        with self.snapshot() as view:
            return view.graph(kind, as_of, parallel)

    def interactions(self, where: InteractionFilter = InteractionFilter()) -> pa.Table:  # noqa: B008
        """Return the interactions that *where* selects, ordered by time and id."""
        with self.snapshot() as view:
            return view.interactions(where)

    def touchpoints(self) -> TouchpointTable:
        """Return what each kind of interaction means in this store."""
        with self.snapshot() as view:
            return view.touchpoints()

    def kinds(self, as_of: datetime | None = None) -> dict[str, int]:
        """Return the number of interactions that count, by the kind they state."""
        with self.snapshot() as view:
            return view.kinds(as_of)

    def currency(self) -> str | None:
        """Return the currency of the values."""
        with self.snapshot() as view:
            return view.currency()

    def latest(self) -> datetime | None:
        """Return the latest time at which an interaction happened or became known."""
        with self.snapshot() as view:
            return view.latest()

    def results(self, kind: ResultKind | str) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results."""
        with self.snapshot() as view:
            return view.results(kind)

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""
        with self.snapshot() as view:
            return view.runs()

    def tombstones(self) -> frozenset[str]:
        """Return the keyed hashes of those who were forgotten."""
        with self.snapshot() as view:
            return view.tombstones()

    def results_of(self, run_id: str) -> tuple[Run, pa.Table]:
        """Return the run *run_id* and its results, current or former."""
        with self.snapshot() as view:
            return view.results_of(run_id)

    def recalculations(self, limit: int | None = None) -> list[Recalculation]:
        """Return the latest *limit* recalculations, None: all that are kept, newest first."""
        with self.snapshot() as view:
            return view.recalculations(limit)

    def state(self, name: str) -> Mapping[str, Any] | None:
        """Return what is kept under *name*."""
        with self.snapshot() as view:
            return view.state(name)

    def sources(self) -> list[Source]:
        """Return what records came from, by number."""
        with self.snapshot() as view:
            return view.sources()

    def counts(self) -> dict[str, int]:
        """Return the number of records per kind."""
        with self.snapshot() as view:
            return view.counts()

    def digest(self) -> str:
        """Return a digest of all records, the same for equal contents in any order and any store."""
        with self.snapshot() as view:
            return view.digest()

    @contextmanager
    def _ending(self, view: V) -> Iterator[V]:
        """Give *view* for the ``with`` block and end it then, or when the store is closed before that."""
        self._snapshots.add(view)
        try:
            yield view
        finally:
            self._snapshots.discard(view)
            view.end()

    def _records(self, kind: RecordKind, batch_rows: int) -> Iterator[pa.Table]:
        with self.snapshot() as view:
            yield from view.records(kind, batch_rows)


class ReadOnly:
    """The verbs of a store that write, each refused."""

    url: str

    def append(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: a snapshot stays as it is.

        Raises:
            StoreError: always.
        """
        raise StoreError(
            f"a snapshot is read-only: that of {self.url} cannot be written to",
            remedy="write to the store, after the snapshot's `with` block",
        )

    write = write_together = migrate = rehearsal = lease = renew = set_touchpoints = set_state = prune = erase = append
    add_source = count_source = drop_sources = append


def ended(url: str) -> StoreError:
    """Return the error of a verb of a snapshot whose block has ended or whose store was closed."""
    return StoreError(
        f"the snapshot of {url} has ended", remedy="read inside its `with` block, or take a new one: store.snapshot()"
    )
