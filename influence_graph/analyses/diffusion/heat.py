"""Heat: influence as a quantity that flows along edges and is conserved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import expm_multiply

from influence_graph.analyses.checks import (
    NodeValues,
    is_number,
    numbers_by_node,
    require,
    require_nodes,
    require_nonnegative,
)
from influence_graph.model.csr import row_of_each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph


_MAX_FLOW = 1e5  # the work grows in proportion, to seconds on a small graph; heat has converged long before
_MAX_HEAT = 1e300


def heat(graph: Graph, initial: NodeValues, time: float, alpha: float = 1.0) -> NDArray[np.float64]:
    """Return the heat of each node after *time*: f(t) = e^{αtH} f(0), float64 in the order of ``graph.ids``.

    Directed: a node with out-edges loses its heat at rate α, shared by weight: H_ij = w_ji/Σ_k w_jk,
    less 1 on the diagonal; one without keeps it. Undirected: it flows along each edge at rate α times weight
    times difference: H_ij = w_ij, less Σ_k w_ik on the diagonal. Σf is conserved; negative heat stands for
    negative opinions. Ma, Yang, Lyu, King 2008, https://doi.org/10.1145/1458082.1458115; the matrix exponential by
    Al-Mohy & Higham 2011, https://doi.org/10.1137/100788860.

    Args:
        graph: Graph with weights ≥ 0.
        initial: f(0), real: array in the order of ``graph.ids``, or mapping or Series from id (0 for the rest).
        time: t ≥ 0, in units of the time in which heat α flows.
        alpha: Thermal conductivity α ≥ 0; α times t times the weights of a node is at most 1e5, of which the work is
            a multiple (directed: α times t).

    Raises:
        InputError: The graph is empty or has a negative weight, or an argument is out of its limits.
        NotFound: An id of *initial* is not in the graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> heat(Graph.from_edges(["june"], ["annie"], directed=False), {"june": 1.0}, 0.5).round(3).tolist()
        [0.316, 0.684]
    """
    require_nodes(graph, "heat")
    require_nonnegative(graph, "heat")
    for name, value in (("time", time), ("alpha", alpha)):
        require(is_number(value) and 0 <= value < math.inf, name, value, "0 or more and finite", "use 1.0")
    start = _initial(graph, initial)
    rates = _rates(graph)
    most = float(alpha) * float(time) * float(_leaving(graph, rates).max())
    what = "alpha times time times the largest flow out of a node"
    require(most <= _MAX_FLOW, what, f"{most:g}", f"at most {_MAX_FLOW:g}", "give a shorter time")
    flow = _flow(graph, rates) * (alpha * time)
    after: NDArray[np.float64] = expm_multiply(flow, start, traceA=float(flow.trace()))
    return after


def _initial(graph: Graph, given: NodeValues) -> NDArray[np.float64]:
    """Return f(0), which may be negative but must be finite."""
    nodes = graph.number_of_nodes
    values = numbers_by_node(graph, given, "initial", 0.0)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        require(False, f"initial of {graph.ids[bad[0]]!r}", values[bad[0]], "finite", "leave it out for 0")
    top = float(np.abs(values).max())
    require(top <= _MAX_HEAT / nodes, "the largest heat", top, f"at most {_MAX_HEAT / nodes:g}", "divide all by it")
    return values


def _rates(graph: Graph) -> NDArray[np.float64]:
    """Return the share of its source's heat that each edge carries in a unit of time."""
    weights = graph.edge_weights()
    if not graph.directed:
        return weights
    source = row_of_each(graph.indptr)
    top = np.zeros(graph.number_of_nodes)
    np.maximum.at(top, source, weights)
    weights = np.divide(weights, top[source], out=np.zeros(weights.size), where=top[source] > 0)
    total = _leaving(graph, weights)
    return np.divide(weights, total[source], out=np.zeros(weights.size), where=total[source] > 0)


def _leaving(graph: Graph, rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of the rates of the edges out of each node."""
    return np.bincount(row_of_each(graph.indptr), rates, graph.number_of_nodes).astype(np.float64)


def _flow(graph: Graph, rates: NDArray[np.float64]) -> csr_array:
    """Return H."""
    nodes = graph.number_of_nodes
    ends = graph.indices, row_of_each(graph.indptr)
    return csr_array((rates, ends), shape=(nodes, nodes)) - diags_array(_leaving(graph, rates), format="csr")
