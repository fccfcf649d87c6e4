"""Degree and strength, the baseline of the rankings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.checks import require, require_nodes, require_nonnegative
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.model.csr import row_of_each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

_KINDS = {"in": "in-degree", "out": "out-degree", "both": "degree"}
"""Names of the measures, in the table of results, by direction."""


def degree(graph: Graph, direction: str = "in", weighted: bool = True) -> RankResult:
    """Return the degree of each node, or its strength, the sum of the weights of its edges, on a weighted graph.

    A self loop has two ends: it counts once as "in", once as "out" and twice as "both" or undirected.
    Barrat, Barthélemy, Pastor-Satorras, Vespignani 2004, https://doi.org/10.1073/pnas.0400087101.

    Args:
        graph: Any graph; weights ≥ 0 where they are summed.
        direction: "in" (edges that end at the node), "out" (that start there) or "both"; the same on an
            undirected graph.
        weighted: Sum the weights; False counts the edges, whatever their weights.

    Returns:
        Exact scores, not normalized; ``residual`` and ``error_bound`` are 0.

    Raises:
        InputError: The graph is empty, *direction* is another word, or weights to be summed are
            negative (they would cancel positive ones in a sum) or so large that the sum is no number.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> degree(Graph.from_edges(["ann", "bob"], ["june", "june"])).scores.tolist()
        [0.0, 0.0, 2.0]
    """
    require_nodes(graph, "rank")
    require(direction in _KINDS, "direction", repr(direction), "in, out or both", "use in")
    summed = weighted and graph.weights is not None
    if summed:
        require_nonnegative(graph, "strength")
    with np.errstate(over="ignore"):  # refused below
        scores = _scores(graph, direction, graph.edge_weights() if summed else np.ones(graph.indices.size))
    top = scores.max()
    require(bool(np.isfinite(top)), "the largest strength", top, "finite", "divide the weights by the largest")
    parameters = {"direction": direction, "measure": "strength" if summed else "degree"}
    return RankResult(scores, graph.ids, graph.labels, 1, 0.0, 0.0, True, parameters, graph.digest, _KINDS[direction])


def strength(graph: Graph) -> RankResult:
    """Return the sum of the weights of all edges of each node; see :func:`degree` for details and errors.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> strength(Graph.from_edges(["ann", "june"], ["june", "sam"], [2.0, 3.0])).scores.tolist()
        [2.0, 5.0, 3.0]
    """
    return degree(graph, "both")


def in_strength(graph: Graph) -> RankResult:
    """Return the sum of the weights of the edges into each node; see :func:`degree` for details and errors.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> in_strength(Graph.from_edges(["ann", "june"], ["june", "sam"], [2.0, 3.0])).scores.tolist()
        [0.0, 2.0, 3.0]
    """
    return degree(graph, "in")


def out_strength(graph: Graph) -> RankResult:
    """Return the sum of the weights of the edges out of each node; see :func:`degree` for details and errors.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> out_strength(Graph.from_edges(["ann", "june"], ["june", "sam"], [2.0, 3.0])).scores.tolist()
        [2.0, 3.0, 0.0]
    """
    return degree(graph, "out")


def _scores(graph: Graph, direction: str, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    source = row_of_each(graph.indptr)
    out = _sums(source, weights, graph)
    if not graph.directed:
        loop = source == graph.indices  # stored once, where every other undirected edge is stored twice
        return out + _sums(source[loop], weights[loop], graph)
    into = _sums(graph.indices, weights, graph)
    return {"in": into, "out": out, "both": into + out}[direction]


def _sums(node: NDArray[np.integer], weights: NDArray[np.float64], graph: Graph) -> NDArray[np.float64]:
    return np.bincount(node, weights=weights, minlength=graph.number_of_nodes).astype(np.float64)
