"""A snapshot in which the results calculated meanwhile stand in place of the stored ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from influence_graph.model.results import ResultKind, kind_of
from influence_graph.stores.base import Snapshot, Written

if TYPE_CHECKING:
    import pyarrow as pa

    from influence_graph.model.graph import Graph, GraphKind, Parallel
    from influence_graph.model.runs import Run
    from influence_graph.model.touchpoints import TouchpointTable


class Renewed:
    """The snapshot *view* with the results of :meth:`put`; what several steps read is read once.

    Args:
        view: One state of a ledger.
        cache: Folder in place of that of *view*; None: that one.
    """

    def __init__(self, view: Snapshot, cache: Path | None = None) -> None:
        self.cache = view.cache if cache is None else cache
        self._view = view
        self._new: dict[str, Written] = {}
        self._graphs: dict[tuple[str, datetime | None, str], Graph] = {}
        self._runs: dict[str, Run] | None = None
        self._touchpoints: TouchpointTable | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - every other verb of the snapshot
        return getattr(self._view, name)

    def put(self, result: Written) -> None:
        """Let *result* be the current one of its kind from now on."""
        self._new[result.run.kind] = result

    def with_cache(self, cache: Path) -> Renewed:
        """Return the same view with the folder *cache*, which shares what was read and calculated so far."""
        other = Renewed(self._view, cache)
        other._new, other._graphs, other._runs = self._new, self._graphs, self._runs
        return other

    def results(self, kind: ResultKind | str) -> tuple[Run, pa.Table] | None:
        """Return the current run of *kind* and its results, those calculated meanwhile first."""
        new = self._new.get(kind_of(kind).kind)
        return self._view.results(kind) if new is None else (new.run, new.table)

    def current(self) -> dict[str, Run]:
        """Return the current runs by kind, without their results."""
        if self._runs is None:
            self._runs = {run.kind: run for run in reversed(self._view.runs()) if run.status == "finished"}
        return {**self._runs, **{kind: result.run for kind, result in self._new.items()}}

    def touchpoints(self) -> TouchpointTable:
        """Return what each kind of interaction means in this store."""
        if self._touchpoints is None:
            self._touchpoints = self._view.touchpoints()
        return self._touchpoints

    def graph(self, kind: GraphKind | str, as_of: datetime | None = None, parallel: Parallel = "sum") -> Graph:
        """Return the graph of *kind*, read once."""
        key = str(kind), as_of, parallel
        if key not in self._graphs:
            self._graphs[key] = self._view.graph(kind, as_of, parallel)
        return self._graphs[key]
