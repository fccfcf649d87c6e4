"""Questions to a graph that need no query language: neighbors, shared neighbors, shortest paths."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import require_graph
from influence_graph.analyses.frames import named
from influence_graph.errors import NotFound
from influence_graph.kernels.traversal import NOT_REACHED, shortest_path_parents
from influence_graph.model import csr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph


def neighbors(graph: Graph, id: str, label: str | None = None) -> pd.DataFrame:  # noqa: A002 - the word of the records
    """Return the nodes that an edge joins with node *id*, in either direction.

    Args:
        graph: Any graph; weights may be negative.
        id: Id of the node.
        label: Its label, needed where several labels share the id.

    Returns:
        One row per neighbor: columns id, label (where there are labels), out_weight (of the edge to the neighbor)
        and in_weight (of the edge from it), NaN where there is no such edge; the largest sum of absolute weights
        first, then by id.

    Raises:
        NotFound: The node is not in the graph.
        InputError: Several labels share the id and *label* is not given, or *graph* is no graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> follows = Graph.from_edges(["annie", "annie", "sam"], ["june", "sam", "june"], [2.0, 5.0, 1.0])
        >>> neighbors(follows, "annie")[["id", "out_weight"]].to_numpy().tolist()
        [['sam', 5.0], ['june', 2.0]]
    """
    require_graph(graph)
    node = graph.index_of(id, label)
    return _ordered(graph, *_around(graph, node))


def shared(graph: Graph, a: str, b: str, label_a: str | None = None, label_b: str | None = None) -> pd.DataFrame:
    """Return the nodes that are neighbors of both *a* and *b*, whatever the direction.

    Args:
        graph: Any graph; weights may be negative.
        a: Id of the one node.
        b: Id of the other.
        label_a: Label of *a*, needed where several labels share the id.
        label_b: Label of *b*, likewise.

    Returns:
        One row per common neighbor: columns id, label (where there are labels), weight_a and weight_b: the sums of
        the weights of the edges between the neighbor and each of the two; the largest sum of absolute weights
        first, then by id.

    Raises:
        NotFound: A node is not in the graph.
        InputError: Several labels share an id and no label is given, or *graph* is no graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> wears = Graph.from_edges(["annie", "annie", "june"], ["hat", "shoes", "hat"])
        >>> shared(wears, "annie", "june")["id"].tolist()
        ['hat']
    """
    require_graph(graph)
    sides = [_totals(graph, graph.index_of(name, label)) for name, label in ((a, label_a), (b, label_b))]
    both = np.array(sorted(sides[0].keys() & sides[1].keys()), dtype=np.int64)
    weights = [np.array([side[node] for node in both.tolist()], dtype=np.float64) for side in sides]
    return _ordered(graph, both, {"weight_a": weights[0], "weight_b": weights[1]})


def shortest_path(
    graph: Graph, a: str, b: str, label_a: str | None = None, label_b: str | None = None, *, directed: bool = False
) -> pd.DataFrame:
    """Return the nodes of a path with the fewest edges from *a* to *b*, both included (breadth-first search).

    Weights do not count; of several such paths, equal graphs give the same one.

    Args:
        graph: Any graph.
        a: Id of the first node.
        b: Id of the last node.
        label_a: Label of *a*, needed where several labels share the id.
        label_b: Label of *b*, likewise.
        directed: Whether edges are followed in their direction only; default: in both.

    Returns:
        One row per node: columns step (0, 1, …), id, label (where there are labels) and weight: the sum of the
        weights of the edges between this node and the one before (if *directed* only of the edge to this node), NaN
        for the first.

    Raises:
        NotFound: A node is not in the graph, or no path joins the two.
        InputError: Several labels share an id and no label is given, or *graph* is no graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> follows = Graph.from_edges(["carol", "hannah", "hannah"], ["june", "carol", "annie"])
        >>> shortest_path(follows, "june", "annie")["id"].tolist()
        ['june', 'carol', 'hannah', 'annie']
    """
    require_graph(graph)
    start, end = graph.index_of(a, label_a), graph.index_of(b, label_b)
    rows = csr.Csr(graph.indptr, graph.indices, graph.weights) if directed else _undirected(graph)
    parents = shortest_path_parents(rows.indptr, rows.indices, start, end)
    if parents[end] == NOT_REACHED:
        remedy = "try without direction" if directed else "they are in separate parts of the graph"
        raise NotFound(f"no path from {a!r} to {b!r}", remedy=remedy)
    path = [end]
    while path[-1] != start:
        path.append(int(parents[path[-1]]))
    path.reverse()
    steps = [_weight(rows, one, other) for one, other in pairwise(path)]
    names = named(graph.ids[path], None if graph.labels is None else graph.labels[path])
    return pd.DataFrame({"step": np.arange(len(path)), **names, "weight": [np.nan, *steps]})


def _undirected(graph: Graph) -> csr.Csr:
    if not graph.directed:
        return csr.Csr(graph.indptr, graph.indices, graph.weights)
    source = csr.row_of_each(graph.indptr)
    ends = csr.both_ways(source, graph.indices, graph.edge_weights())
    return csr.build(graph.number_of_nodes, *ends)


def _weight(rows: csr.Csr, node: int, other: int) -> float:
    first, end = rows.indptr[node], rows.indptr[node + 1]
    place = first + int(np.searchsorted(rows.indices[first:end], other))
    return 1.0 if rows.weights is None else float(rows.weights[place])


def _around(graph: Graph, node: int) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
    out, back = _row(graph, node), _column(graph, node)
    nodes = np.union1d(np.array(list(out), np.int64), np.array(list(back), np.int64))
    weights = {
        name: np.array([side.get(other, np.nan) for other in nodes.tolist()], dtype=np.float64)
        for name, side in (("out_weight", out), ("in_weight", back))
    }
    return nodes, weights


def _row(graph: Graph, node: int) -> dict[int, float]:
    part = slice(graph.indptr[node], graph.indptr[node + 1])
    return dict(zip(graph.indices[part].tolist(), graph.edge_weights()[part].tolist(), strict=True))


def _column(graph: Graph, node: int) -> dict[int, float]:
    if not graph.directed:
        return _row(graph, node)
    edges = np.flatnonzero(graph.indices == node)
    sources = np.searchsorted(graph.indptr, edges, side="right") - 1
    return dict(zip(sources.tolist(), graph.edge_weights()[edges].tolist(), strict=True))


def _totals(graph: Graph, node: int) -> dict[int, float]:
    out = _row(graph, node)
    if graph.directed:
        for other, weight in _column(graph, node).items():
            out[other] = out.get(other, 0.0) + (weight if other != node else 0.0)
    return out


def _ordered(graph: Graph, nodes: NDArray[np.int64], weights: dict[str, NDArray[np.float64]]) -> pd.DataFrame:
    columns = named(graph.ids[nodes], None if graph.labels is None else graph.labels[nodes])
    size = np.nansum(np.abs([*weights.values()]), axis=0) if nodes.size else np.empty(0)
    frame = pd.DataFrame({**columns, **weights}).assign(_size=-size)
    return frame.sort_values(["_size", "id"], ignore_index=True).drop(columns="_size")
