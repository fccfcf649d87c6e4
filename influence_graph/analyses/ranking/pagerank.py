"""PageRank of the nodes of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from influence_graph.analyses.checks import is_number, require, require_nodes, require_nonnegative
from influence_graph.analyses.ranking import teleport
from influence_graph.analyses.ranking.limits import require_iteration, require_residual
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.analyses.ranking.teleport import Personalization
from influence_graph.errors import InputError
from influence_graph.kernels.ranking import pagerank as kernel
from influence_graph.kernels.ranking import pagerank_many as block_kernel
from influence_graph.kernels.ranking.pagerank import Start
from influence_graph.kernels.ranking.pagerank_inflow import inflow_of
from influence_graph.kernels.ranking.pagerank_local import OutEdges, local_update
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import RankParameters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.ranking.pagerank import Solution
    from influence_graph.kernels.ranking.pagerank_inflow import Inflow

_FEW = 4  # up to so many vectors, one by one is faster than a block
_CACHED = 1 << 17  # up to so many nodes the scores of one vector fit in the cache, those of a block do not

_prepared: WeakKeyDictionary[Graph, Inflow] = WeakKeyDictionary()


def pagerank(
    graph: Graph,
    damping_factor: float = RankParameters.damping_factor,
    personalization: Personalization | None = RankParameters.personalization,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
    *,
    start: RankResult | NDArray[np.float64] | None = None,
) -> RankResult:
    """Return the weighted, personalized PageRank of *graph*.

    p_i = α Σ_j p_j w_ji / Σ_k w_jk + (1-α) v_i; the mass of nodes without outgoing weight is distributed as v.
    Page & Brin 1998, http://infolab.stanford.edu/~backrub/google.html; Langville & Meyer 2006,
    *Google's PageRank and Beyond*. The first call arranges the in-edges of the graph and keeps them as
    long as the graph lives: 4 bytes per edge (12 where weights differ within a node) and 48 per node.

    Args:
        graph: Graph with weights ≥ 0; an edge ``a -> b`` gives the score of a to b.
        damping_factor: α in [0, 1).
        personalization: v, from a mapping or pandas Series id -> value (``(label, id)`` where labels share an id), an
            array of values ≥ 0 in the order of ``graph.ids``, or ids of equal value. Default: all nodes.
        tolerance: L1 residual to reach, > 0; the error is at most tolerance/(1-α).
        max_iterations: Passes over the edges, ≥ 1.
        start: Scores to start from: an earlier result, aligned by id, or values ≥ 0 in the order of
            ``graph.ids``. After a small change this saves passes, most where the nodes, α and v are the
            same: the changes are then pushed outward first, and ``iterations`` counts the visits of nodes
            and edges, divided by the edges and rounded. It never changes what is accepted.

    Raises:
        InputError: The graph is empty or has a negative weight, or a parameter is out of its limits.
        NotFound: An id of *personalization* is not in the graph.
        NotConverged: The residual is above *tolerance* after *max_iterations* passes.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> ranks = pagerank(Graph.from_edges(["annie", "sam"], ["june", "june"]))
        >>> ranks.to_frame()["id"].tolist()
        ['june', 'annie', 'sam']
    """
    damping_factor, tolerance, max_iterations = _checked(graph, damping_factor, tolerance, max_iterations)
    v = teleport.vector(graph, personalization)
    given = None if personalization is None else teleport.described(v)
    first, spent = None, 0
    if start is not None:
        first, spent = _start_of(
            graph, start, v, {"damping_factor": damping_factor, "personalization": given}, tolerance
        )
    passes = max(max_iterations - spent, 1)
    solved = kernel.solve(_inflow(graph), v, damping_factor, tolerance, passes, first)
    solved = solved._replace(iterations=solved.iterations + spent)
    return _result(graph, solved, damping_factor, given, tolerance, max_iterations)


def _start_of(
    graph: Graph,
    start: RankResult | NDArray[np.float64],
    v: NDArray[np.float64],
    parameters: dict[str, Any],
    tolerance: float,
) -> tuple[Start | None, int]:
    """Return where to start, and the passes that the local steps near the changes took."""
    if isinstance(start, RankResult) and start.graph is not None and teleport.solves_same(graph, start, parameters):
        before, after = (OutEdges(each.indptr, each.indices, each.weights) for each in (start.graph, graph))
        local = local_update(before, after, start.scores, parameters["damping_factor"], tolerance)
        return Start(local.scores, start.residual + local.residual), round(local.passes)
    scores = teleport.aligned(graph, start, v)
    return None if scores is None else Start(scores), 0


def pagerank_many(
    graph: Graph,
    personalizations: Sequence[Personalization],
    damping_factor: float = RankParameters.damping_factor,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> list[RankResult]:
    """Return the PageRank of *graph* for each of several personalizations.

    On a large graph each pass over the edges serves 16 of them; where the scores of one fit in the cache, one by
    one is faster. Each is accepted by its own residual and is what :func:`pagerank` gives, up to the error bound.

    Args:
        graph: Graph with weights ≥ 0.
        personalizations: One per result, each as in :func:`pagerank`.
        damping_factor: α in [0, 1).
        tolerance: L1 residual that each result reaches, > 0.
        max_iterations: Passes over the edges for each result, or for each 16 together, ≥ 1.

    Raises:
        InputError: The graph is empty or has a negative weight, or a parameter is out of its limits.
        NotFound: An id of a personalization is not in the graph.
        NotConverged: A residual is above *tolerance* after *max_iterations* passes.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> graph = Graph.from_edges(["annie", "sam"], ["june", "june"])
        >>> [result.to_frame()["id"][0] for result in pagerank_many(graph, [["sam"], ["june"]])]
        ['sam', 'june']
    """
    if isinstance(personalizations, str) or not isinstance(personalizations, Sequence) or len(personalizations) == 0:
        remedy = "pass a list with a personalization per result"
        raise InputError(f"the personalizations are {personalizations!r}", remedy=remedy)
    damping_factor, tolerance, max_iterations = _checked(graph, damping_factor, tolerance, max_iterations)
    vectors = [teleport.vector(graph, given) for given in personalizations]
    limits = damping_factor, tolerance, max_iterations
    solved: list[Solution] = []
    for first in range(0, len(vectors), block_kernel.WIDTH):
        block = vectors[first : first + block_kernel.WIDTH]
        if len(block) <= _FEW or graph.number_of_nodes <= _CACHED:
            solved += [kernel.solve(_inflow(graph), v, *limits) for v in block]
        else:
            solved += block_kernel.solve_block(_inflow(graph), np.array(block), *limits)
    described = [teleport.described(v) for v in vectors]
    return [
        _result(graph, solution, damping_factor, given, tolerance, max_iterations)
        for solution, given in zip(solved, described, strict=True)
    ]


def _checked(graph: Graph, damping_factor: float, tolerance: float, max_iterations: int) -> tuple[float, float, int]:
    """Return the limits as Python numbers: the kernels would calculate in the precision of a numpy float32."""
    require_nodes(graph, "rank")
    within = is_number(damping_factor) and 0 <= damping_factor < 1
    require(within, "damping_factor", damping_factor, "at least 0 and below 1", "use 0.85")
    require_iteration(tolerance, max_iterations)
    require_nonnegative(graph, "PageRank")
    return float(damping_factor), float(tolerance), int(max_iterations)


def _inflow(graph: Graph) -> Inflow:
    inflow = _prepared.get(graph)
    if inflow is None:
        inflow = _prepared[graph] = inflow_of(graph.indptr, graph.indices, graph.weights)
    return inflow


def _result(
    graph: Graph,
    solved: Solution,
    damping_factor: float,
    personalization: dict[str, Any] | None,
    tolerance: float,
    max_iterations: int,
) -> RankResult:
    require_residual(solved.residual, solved.iterations, tolerance)
    parameters = {
        "damping_factor": damping_factor,
        "personalization": personalization,
        "tolerance": tolerance,
        "max_iterations": max_iterations,
    }
    error = solved.residual / (1.0 - damping_factor)
    facts = solved.iterations, solved.residual, error, True, parameters
    return RankResult(solved.scores, graph.ids, graph.labels, *facts, graph)
