"""The immutable graph on which every analysis runs: CSR arrays, ids, labels, date and digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from influence_graph.errors import InputError, NotFound
from influence_graph.model import csr, exchange
from influence_graph.model.display import Drawable, html_table
from influence_graph.model.frames import Frame, as_frame
from influence_graph.model.ids import id_text
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import ArrayLike, NDArray


Parallel = Literal["sum", "probability"]
"""What parallel edges become."""


class GraphKind(StrEnum):
    """Which edges a store's graph has; weights are sums per pair of nodes. A text of the same name will do.

    Example:
        >>> GraphKind("ties") is GraphKind.TIES
        True
    """

    TIES = "ties"  # person -> person as stated ("source follows target"); friend ties both ways
    INTERACTIONS = "interactions"  # consumer -> brand and brand -> consumer, as they happened
    ALL = "all"  # both

    @classmethod
    def _missing_(cls, value: object) -> GraphKind:
        remedy = did_you_mean(str(value), [kind.value for kind in cls], f"use {', '.join(cls)}")
        raise NotFound(f"no kind of graph {value!r}", remedy=remedy)


@dataclass(frozen=True, eq=False, repr=False)
class Graph(Drawable):
    """A directed or undirected graph with real edge weights; its arrays cannot be written to.

    Build one with :meth:`from_edges`, :meth:`from_pandas`, :meth:`from_networkx` or :meth:`from_arrays`.

    Attributes:
        indptr: int64, one more than nodes; the out-edges of node ``i`` are ``indptr[i]:indptr[i + 1]``.
        indices: Target index of each edge, ascending within a node.
        weights: float64 weight of each edge, or None where all are 1. Weights may be negative.
        ids: Object array of strings, one per node; unique within a label.
        labels: Object array of node labels such as ``"Consumer"``, or None where nodes have none.
        directed: False where each edge is stored in both directions.
        as_of: The time as of which the graph was read, or None.
        summed: How many parallel edges were added to another one. A sum is right for strengths and wrong for
            probabilities, so that what takes the weights as probabilities refuses a graph of such sums.

    Example:
        >>> graph = Graph.from_edges(["june", "june"], ["annie", "sam"])
        >>> list(graph.ids), graph.number_of_edges
        (['annie', 'june', 'sam'], 2)
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.integer]
    weights: NDArray[np.float64] | None
    ids: NDArray[np.object_]
    labels: NDArray[np.object_] | None = None
    directed: bool = True
    as_of: datetime | None = None
    summed: int = 0

    def __post_init__(self) -> None:
        for name in ("indptr", "indices", "weights", "ids", "labels"):
            array = getattr(self, name)
            if array is not None:
                view = array.view()
                view.flags.writeable = False
                object.__setattr__(self, name, view)

    def __repr__(self) -> str:
        arrow = "directed" if self.directed else "undirected"
        return f"<Graph: {self.number_of_nodes} nodes, {self.number_of_edges} edges, {arrow}>"

    def _repr_html_(self) -> str:
        figures = {"nodes": self.number_of_nodes, "directed": self.directed}
        edges = exchange.first_edges(csr.Csr(self.indptr, self.indices, self.weights), self.ids, self.directed)
        return html_table("Graph", figures, edges, self.number_of_edges, "edge")

    @classmethod
    def from_arrays(  # noqa: PLR0913 - the stores' constructor: ids and edges first, the rest by name
        cls,
        ids: ArrayLike,
        source: ArrayLike,
        target: ArrayLike,
        weight: ArrayLike | None = None,
        *,
        directed: bool = True,
        labels: ArrayLike | None = None,
        as_of: datetime | None = None,
        parallel: Parallel = "sum",
    ) -> Graph:
        """Return the graph of edges between node *indices*; nodes keep their order, isolates stay.

        Args:
            ids: Name of each node; unique, or unique within each label.
            source: Index into *ids* of the start of each edge.
            target: Index into *ids* of the end of each edge.
            weight: Finite weight of each edge, default 1.
            directed: Whether edges have a direction; if not, each is stored both ways.
            labels: Label of each node.
            as_of: The time as of which the edges hold.
            parallel: What parallel edges become: one with the ``sum`` of their weights, the standard for strengths, or
                one with the ``probability`` that any of them passes, 1 - (1 - p)(1 - q), for weights from 0 to 1.

        Raises:
            InputError: Lengths differ, an index is out of range, a weight is not finite (or no probability where
                they are combined as such), an id is empty or repeated.
        """
        names = exchange.checked_ids(ids, labels)
        tags = None if labels is None else np.array(labels, dtype=object)
        edges = exchange.checked_edges(len(names), source, target, weight)
        rows, summed = exchange.rows_of(len(names), edges, directed, parallel)
        return cls(*rows, names, tags, directed, as_of, summed)

    @classmethod
    def from_edges(
        cls,
        source: Sequence[Any] | ArrayLike,
        target: Sequence[Any] | ArrayLike,
        weight: ArrayLike | None = None,
        directed: bool = True,
        parallel: Parallel = "sum",
    ) -> Graph:
        """Return the graph of edges between *named* nodes, which are ordered by id.

        Args:
            source: Id of the start of each edge: text, bytes in UTF-8, or whole numbers, where 1 and 1.0 are the same.
            target: Id of the end of each edge.
            weight: Finite weight of each edge, default 1.
            directed: Whether edges have a direction; if not, each is stored both ways.
            parallel: What parallel edges become: their ``sum``, or the ``probability`` that any of them passes; see
                :meth:`from_arrays`.

        Raises:
            InputError: Lengths differ, a weight is not finite, an id is empty or missing, is a number with a fraction
                or a float beyond 2^53, or is given as a number and as text.
        """
        exchange.require_aligned(source=source, target=target, weight=weight)
        ids, starts, ends = exchange.factorize(source, target)
        edges = exchange.checked_edges(len(ids), starts, ends, weight)
        rows, summed = exchange.rows_of(len(ids), edges, directed, parallel)
        return cls(*rows, ids, None, directed, None, summed)

    @classmethod
    def from_pandas(
        cls,
        frame: Frame,
        source: str = "source",
        target: str = "target",
        weight: str | None = None,
        directed: bool = True,
        parallel: Parallel = "sum",
    ) -> Graph:
        """Return the graph of the edges in the rows of *frame*; see :meth:`from_edges`.

        Args:
            frame: Of pandas, polars or Arrow, or a dict of columns or a list of records: see
                :mod:`influence_graph.model.frames`.
            source: Column of the start of each edge.
            target: Column of the end of each edge.
            weight: Column of the weights; None: all edges weigh 1.
            directed: Whether edges have a direction; if not, each is stored both ways.
            parallel: What parallel edges become; see :meth:`from_arrays`.

        Raises:
            InputError: It is no frame, a column is missing, or its values are refused by :meth:`from_edges`.
        """
        names = [source, target, *([] if weight is None else [weight])]
        edges = as_frame(frame, "edges", names, names)
        values = None if weight is None else edges[weight].to_numpy()
        return cls.from_edges(edges[source].to_numpy(), edges[target].to_numpy(), values, directed, parallel)

    @classmethod
    def from_networkx(cls, g: nx.Graph[Any], weight: str | None = "weight", parallel: Parallel = "sum") -> Graph:
        """Return the graph of a networkx graph, nodes in its order.

        Args:
            g: Any networkx graph. The node attribute ``labels`` becomes the label.
            weight: Edge attribute to read; an edge without it weighs 1. Only ``weight``, the default, may be
                absent from all edges. None: all edges weigh 1.
            parallel: What the parallel edges of a multigraph become; see :meth:`from_arrays`.

        Raises:
            InputError: Two nodes have the same text, a node is NaN, no edge has the attribute, or a weight is not a
                finite number.
        """
        ids, labels, (source, target, weights) = exchange.from_networkx(g, weight)
        return cls.from_arrays(ids, source, target, weights, directed=g.is_directed(), labels=labels, parallel=parallel)

    def to_networkx(self) -> nx.Graph[Any]:
        """Return a networkx ``DiGraph`` (``Graph`` where undirected) with the same nodes and edges.

        A node is its id; where one id has two labels the node is ``(label, id)``. Nodes
        carry ``labels``, edges ``weight``.
        """
        rows = csr.Csr(self.indptr, self.indices, self.edge_weights())
        return exchange.to_networkx(rows, self.ids, self.labels, self.directed)

    @property
    def number_of_nodes(self) -> int:
        """Number of nodes."""
        return int(self.ids.size)

    @cached_property
    def number_of_edges(self) -> int:
        """Number of edges after parallel ones are summed; an undirected edge counts once."""
        stored = int(self.indices.size)
        if self.directed:
            return stored
        loops = int(np.count_nonzero(csr.row_of_each(self.indptr) == self.indices))
        return (stored + loops) // 2

    @cached_property
    def digest(self) -> str:
        """Hex digest (BLAKE2b, 128 bit) of edges, weights, ids, labels and direction; not of ``as_of``."""
        state = hashlib.blake2b(b"directed" if self.directed else b"undirected", digest_size=16)
        for array in (self.indptr, self.indices):
            state.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
        state.update(np.ascontiguousarray(self.edge_weights(), dtype="<f8").tobytes())
        for texts in (self.ids, self.labels):
            exchange.hash_texts(state, texts)
        return state.hexdigest()

    def edge_weights(self) -> NDArray[np.float64]:
        """Return the weight of each stored edge; ones where ``weights`` is None."""
        return np.ones(self.indices.size) if self.weights is None else self.weights

    def reverse(self) -> Graph:
        """Return the graph with all edges reversed, the same at each call; an undirected graph is its own reverse."""
        return self._reversed if self.directed else self

    @cached_property
    def _reversed(self) -> Graph:
        reversed_ = csr.transpose(csr.Csr(self.indptr, self.indices, self.weights))
        return Graph(*reversed_, self.ids, self.labels, True, self.as_of, self.summed)

    def index_of(self, id: object, label: str | None = None) -> int:  # noqa: A002 - the word of the records
        """Return the index of the node *id*.

        Args:
            id: The node's id, of any type that :func:`~influence_graph.model.ids.id_text` takes.
            label: Its label; needed only where two labels share the id.

        Raises:
            NotFound: No node has this id (under this label).
            InputError: Several labels share this id and *label* is not given.
        """
        name = id if isinstance(id, str) and id in self._places else id_text(id)
        indices = self._places.get(name, ())
        if label is not None:
            indices = tuple(i for i in indices if self.labels is not None and self.labels[i] == label)
        if not indices:
            kind = f"{label} " if label else ""
            remedy = did_you_mean(name, self._places, "list the ids with `graph.ids`")
            raise NotFound(f"no {kind}{name!r} among the {self.number_of_nodes:,} nodes of the graph", remedy=remedy)
        if len(indices) > 1:
            tags = sorted(str(self.labels[i]) for i in indices) if self.labels is not None else []
            raise InputError(
                f"{name!r} is the id of {len(indices)} nodes", remedy=f"give its label: {' or '.join(tags)}"
            )
        return indices[0]

    @cached_property
    def _places(self) -> dict[str, tuple[int, ...]]:
        places: dict[str, tuple[int, ...]] = {}
        for index, name in enumerate(self.ids):
            places[name] = (*places.get(name, ()), index)
        return places
