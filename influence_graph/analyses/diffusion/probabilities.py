"""Graphs whose edge weights are activation probabilities by a rule, where none were learned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.checks import is_number, require, require_graph, require_nonnegative, seed_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

_TRIVALENCY = (0.1, 0.01, 0.001)


def uniform_probabilities(graph: Graph, p: float) -> Graph:
    """Return *graph* with the probability *p* on every edge.

    Args:
        graph: Any graph; its weights are not used.
        p: Probability in [0, 1].

    Raises:
        InputError: *p* is not in [0, 1].

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> uniform_probabilities(Graph.from_edges(["june"], ["annie"]), 0.1).weights.tolist()
        [0.1]
    """
    require_graph(graph)
    require(is_number(p) and 0 <= p <= 1, "p", p, "from 0 to 1", "use 0.1 or 0.01")
    return replace(graph, weights=np.full(graph.indices.size, float(p)), summed=0)


def weighted_cascade(graph: Graph) -> Graph:
    """Return *graph* with each weight divided by the sum of the weights into its target.

    Without weights that is 1/in-degree. The probabilities into a node sum to 1 (to 0 where all its
    in-weights are 0), so the graph fits independent cascade and linear threshold. An undirected edge
    gets one each way, so the graph returned is directed.
    Kempe, Kleinberg, Tardos 2003, https://doi.org/10.1145/956750.956769.

    Args:
        graph: Graph with weights ≥ 0.

    Raises:
        InputError: A weight is negative.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> weighted_cascade(Graph.from_edges(["ann", "bob"], ["june", "june"], [3.0, 1.0])).weights.tolist()
        [0.75, 0.25]
    """
    require_nonnegative(graph, "the weighted cascade")
    nodes = graph.number_of_nodes
    weights = graph.edge_weights()
    top = np.zeros(nodes)
    np.maximum.at(top, graph.indices, weights)
    scaled = _share(weights, top[graph.indices])  # the sum of very large weights cannot overflow
    total = np.bincount(graph.indices, weights=scaled, minlength=nodes)
    return replace(graph, weights=_share(scaled, total[graph.indices]), directed=True, summed=0)


def trivalency(graph: Graph, seed: int | np.random.Generator | None = None) -> Graph:
    """Return *graph* with a probability drawn from .1, .01 and .001 on each edge.

    The two directions of an undirected edge are drawn independently, so the graph returned is directed.
    Chen, Wang, Wang 2010, https://doi.org/10.1145/1835804.1835934.

    Args:
        graph: Any graph; its weights are not used.
        seed: Seed or generator; the same seed gives the same probabilities.

    Raises:
        InputError: *seed* is negative or no whole number.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> trivalency(Graph.from_edges(["june"], ["annie"]), seed=1).weights[0] in (0.1, 0.01, 0.001)
        True
    """
    require_graph(graph)
    weights = np.random.default_rng(seed_of(seed)).choice(_TRIVALENCY, graph.indices.size)
    return replace(graph, weights=weights, directed=True, summed=0)


def _share(part: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, total, out=np.zeros(part.size), where=total > 0)
