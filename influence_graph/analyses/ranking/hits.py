"""Hubs and authorities of a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from influence_graph.analyses.checks import require_nodes, require_nonnegative
from influence_graph.analyses.frames import best_of, named, ordered
from influence_graph.analyses.ranking.limits import require_iteration, results_of
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.kernels.ranking import hits as kernel
from influence_graph.model.parameters import RankParameters

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.model.graph import Graph


@dataclass(frozen=True, eq=False, repr=False)
class Hits(Displayed):
    """Both scores of HITS, each ≥ 0 and of 2-norm 1.

    Attributes:
        hubs: High for nodes that point at good authorities.
        authorities: High for nodes that good hubs point at.
    """

    hubs: RankResult
    authorities: RankResult

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters, as JSON values."""
        return self.authorities.parameters

    @property
    def digest(self) -> str:
        """Digest of the graph."""
        return self.authorities.digest

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels), authority and hub, highest authority first."""
        names = named(self.authorities.ids, self.authorities.labels)
        scores = {"authority": self.authorities.scores, "hub": self.hubs.scores}
        return ordered({**names, **scores}, "authority")

    def _figures(self) -> Mapping[str, object]:
        ids = self.authorities.ids
        first = {"first authority": best_of(ids, self.authorities.scores), "first hub": best_of(ids, self.hubs.scores)}
        return {"nodes": ids.size, **first, "iterations": self.hubs.iterations}


def hits(
    graph: Graph,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> Hits:
    """Return the hub and authority scores of *graph*: a ∝ Aᵀh, h ∝ Aa, both of 2-norm 1.

    a and h are the dominant right and left singular vectors of the weighted adjacency matrix A. Where the
    dominant singular value is repeated (equal components, undirected bipartite graphs) they are what
    Kleinberg's iteration from equal hub scores converges to. Where it is almost repeated, a small residual
    proves little: the iteration stops by an estimate of the error from the changes of whole cycles.
    Kleinberg 1999, https://doi.org/10.1145/324133.324140.

    Args:
        graph: Graph with weights ≥ 0, at least one of them above 0.
        tolerance: Estimated 2-norm error to reach, > 0.
        max_iterations: Passes over the edges, forward and back, ≥ 1.

    Returns:
        Two results with the same ``iterations`` and ``residual`` ‖Aᵀh/‖Aᵀh‖ - a‖₂; the error is estimated,
        not proven, so ``error_bound`` is ∞.

    Raises:
        InputError: The graph has no node, no edge of weight above 0 or a negative weight, or a
            parameter is out of its limits.
        NotConverged: The estimated error is above *tolerance* after *max_iterations* passes.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> scores = hits(Graph.from_edges(["ann", "bob", "bob"], ["june", "june", "sam"]))
        >>> scores.authorities.to_frame()["id"][0], scores.hubs.to_frame()["id"][0]
        ('june', 'bob')
    """
    require_nodes(graph, "rank")
    require_iteration(tolerance, max_iterations)
    require_nonnegative(graph, "HITS")
    if not graph.edge_weights().any():
        message = (
            f"the graph of {graph.number_of_nodes:,} nodes has no edge of weight above 0: no node points at another"
        )
        raise InputError(message, remedy="rank a graph with edges; without them hubs and authorities are not defined")
    hubs, authorities = kernel.solve(graph.indptr, graph.indices, graph.weights, tolerance, max_iterations)
    result = results_of(graph, authorities, tolerance, max_iterations)
    return Hits(result(hubs, kind="hub"), result(authorities.vector, kind="authority"))


def authorities(
    graph: Graph,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> RankResult:
    """Return the authority scores of :func:`hits`, which has the arguments and errors.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> authorities(Graph.from_edges(["ann", "bob"], ["june", "june"])).scores.tolist()
        [0.0, 0.0, 1.0]
    """
    return hits(graph, tolerance, max_iterations).authorities


def hubs(
    graph: Graph,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> RankResult:
    """Return the hub scores of :func:`hits`, which has the arguments and errors.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> hubs(Graph.from_edges(["june", "june"], ["ann", "bob"])).scores.tolist()
        [0.0, 0.0, 1.0]
    """
    return hits(graph, tolerance, max_iterations).hubs
