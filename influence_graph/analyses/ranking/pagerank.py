"""PageRank of the nodes of a graph."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.ranking.result import RankResult
from influence_graph.errors import InputError, NotConverged
from influence_graph.model import csr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

Personalization = Mapping[Any, float] | Sequence[str] | np.ndarray


def pagerank(
    graph: Graph,
    damping_factor: float = 0.85,
    personalization: Personalization | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> RankResult:
    """Return the weighted, personalised PageRank of *graph*.

    p_i = α Σ_j p_j w_ji / Σ_k w_jk + (1-α) v_i; the mass of nodes without outgoing weight goes to v.
    Page & Brin 1998, http://infolab.stanford.edu/~backrub/google.html; Langville & Meyer 2006,
    *Google's PageRank and Beyond*.

    Args:
        graph: Graph with weights ≥ 0; an edge ``a -> b`` gives the score of a to b.
        damping_factor: α in [0, 1).
        personalization: v, from a mapping id -> value (``(label, id)`` where labels share an id), an
            array of values ≥ 0 in the order of ``graph.ids``, or ids of equal value. Default: all nodes.
        tolerance: L1 residual to reach, > 0; the error is at most tolerance/(1-α).
        max_iterations: Passes over the edges, ≥ 1.

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
    from influence_graph.kernels import pagerank as kernel

    _check(graph, damping_factor, tolerance, max_iterations)
    v = _teleport(graph, personalization)
    solved = kernel.solve(_inflow(graph), v, damping_factor, tolerance, max_iterations)
    if solved.residual > tolerance:
        message = f"residual {solved.residual:.3g} after {solved.iterations} passes, above the tolerance {tolerance:g}"
        raise NotConverged(message, remedy="raise max_iterations, or accept a larger tolerance")
    parameters = {
        "damping_factor": damping_factor,
        "personalization": None if personalization is None else _described(v),
        "tolerance": tolerance,
        "max_iterations": max_iterations,
    }
    error = solved.residual / (1.0 - damping_factor)
    return RankResult(
        solved.scores,
        graph.ids,
        graph.labels,
        solved.iterations,
        solved.residual,
        error,
        True,
        parameters,
        graph.digest,
    )


def _inflow(graph: Graph) -> Any:  # noqa: ANN401 - kernels.pagerank.Inflow, imported late with numba
    from influence_graph.kernels import pagerank as kernel

    weights = None if graph.weights is None else kernel.row_scaled(graph.indptr, graph.weights)
    rate = kernel.out_rates(graph.indptr, weights)
    # An undirected graph is its own transpose only before its rows are scaled.
    rows = csr.Csr(graph.indptr, graph.indices, weights)
    turned = rows if weights is None and not graph.directed else csr.transpose(rows)
    return kernel.Inflow(*turned, rate)


def _check(graph: Graph, damping_factor: float, tolerance: float, max_iterations: int) -> None:
    if graph.number_of_nodes == 0:
        raise InputError("the graph has 0 nodes: nothing to rank", remedy="ingest ties or interactions first")
    limits = (
        ("damping_factor", damping_factor, 0 <= damping_factor < 1, "at least 0 and below 1", "use 0.85"),
        ("tolerance", tolerance, 0 < tolerance < math.inf, "above 0", "use 1e-10"),
        ("max_iterations", max_iterations, max_iterations >= 1, "1 or more", "use 1000"),
    )
    for name, value, within, limit, remedy in limits:
        if not within:
            raise InputError(f"{name} is {value}, must be {limit}", remedy=remedy)
    if graph.weights is not None and graph.weights.size and graph.weights.min() < 0:
        _refuse_negative(graph)


def _refuse_negative(graph: Graph) -> None:
    weights = graph.edge_weights()
    edge = int(np.argmin(weights))
    source = graph.ids[np.searchsorted(graph.indptr, edge, side="right") - 1]
    target = graph.ids[graph.indices[edge]]
    message = f"the edge {source!r} -> {target!r} has weight {weights[edge]:g}, PageRank needs 0 or more"
    raise InputError(message, remedy="split the graph into a positive and a negative one and rank each")


def _teleport(graph: Graph, personalization: Personalization | None) -> NDArray[np.float64]:
    nodes = graph.number_of_nodes
    if personalization is None:
        return np.full(nodes, 1.0 / nodes)
    values = _values(graph, personalization)
    bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if bad.size:
        message = f"the personalization of {graph.ids[bad[0]]!r} is {values[bad[0]]}, must be 0 or more and finite"
        raise InputError(message, remedy="give values of 0 or more")
    top = values.max()
    if top <= 0:
        raise InputError("the personalization sums to 0", remedy="give at least one node a value above 0")
    values /= top  # so that the sum cannot overflow
    values /= values.sum()
    return values


def _values(graph: Graph, given: Personalization) -> NDArray[np.float64]:
    if isinstance(given, str):
        raise InputError(f"personalization is the text {given!r}", remedy="pass a list of ids or a mapping")
    if not isinstance(given, Mapping) and np.asarray(given).dtype.kind in "fiub":
        values = np.array(given, dtype=np.float64)
        if values.shape != (graph.number_of_nodes,):
            message = f"{values.size:,} personalization values for {graph.number_of_nodes:,} nodes"
            raise InputError(message, remedy="give one value per node in the order of graph.ids, or a mapping")
        return values
    values = np.zeros(graph.number_of_nodes)
    pairs = given.items() if isinstance(given, Mapping) else ((name, 1.0) for name in given)
    for node, value in pairs:
        label, name = node if isinstance(node, tuple) else (None, node)
        values[graph.index_of(str(name), label)] = value
    return values


def _described(v: NDArray[np.float64]) -> dict[str, Any]:
    digest = hashlib.blake2b(np.ascontiguousarray(v, dtype="<f8").tobytes(), digest_size=8).hexdigest()
    return {"nodes": int(np.count_nonzero(v)), "digest": digest}
