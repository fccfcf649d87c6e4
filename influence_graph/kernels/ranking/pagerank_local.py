"""PageRank after a small change of the graph: local push from the rows that changed.

Scores x of the graph before solve (I - αPᵀ)x = v there; on the changed graph their residual is
known without a pass: r = αΣ x_u (new row u - old row u)ᵀ over the changed rows u alone. Gauss–Southwell steps
(McSherry 2005, https://doi.org/10.1145/1060745.1060827; Berkhin 2006, https://doi.org/10.1080/15427951.2006.10129116)
move the residual of a node into its score and push α times it to its targets, at nodes with the largest residual
per edge. They are faster than sweeps while the residual is at few nodes, and stop when it no longer is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from influence_graph.kernels.ranking.pagerank_inflow import scale_of_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHRINK = 0.5  # of the threshold, from round to round
_DECADES = 1.2  # least rate of rounds, per visit of each edge; a sweep removes .3 to 1, at less time per visit
_FREE = 0.02  # share of the edges that may be visited before the rate counts
_BLOCK = 64  # rows that are compared at once


class OutEdges(NamedTuple):
    """Out-edges of each node: row pointers, targets ascending within a row, weights ≥ 0 or None for equal ones."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.integer]
    weights: NDArray[np.float64] | None


class LocalUpdate(NamedTuple):
    """Scores after the local steps, a bound of their L1 residual, and visits of nodes and edges per edge."""

    scores: NDArray[np.float64]
    residual: float
    passes: float


def local_update(
    before: OutEdges, after: OutEdges, scores: NDArray[np.float64], alpha: float, tolerance: float
) -> LocalUpdate:
    """Return scores for the graph *after*, improved near its differences from the graph *before*.

    Args:
        before: The graph that *scores* are the PageRank of.
        after: A graph of the same nodes.
        scores: PageRank of *before*, ≥ 0 with sum 1; their residual is not part of the bound.
        alpha: Damping factor in [0, 1), and the same teleport vector for both.
        tolerance: L1 residual at which the steps stop.
    """
    degree = np.diff(before.indptr)
    sends = degree > 0 if before.weights is None else _sends(before.indptr, before.weights)
    x = scores / (1.0 - alpha * float(scores[sends].sum()))
    r = np.zeros(x.size)
    _changes(*_unsigned(before), *_unsigned(after), x, alpha, r)
    visits = _push(after, alpha, x, r, 0.25 * tolerance * float(x.sum()))
    x += r  # a Jacobi step for the rest: it needs no edges
    np.maximum(x, 0.0, out=x)
    total = float(x.sum())
    # With s = Σx the residual of x/s is (r - Σr v)/s.
    return LocalUpdate(x / total, 2.0 * float(np.abs(r).sum()) / total, visits / max(after.indices.size, 1))


def _unsigned(rows: OutEdges) -> OutEdges:
    """Return the rows with unsigned numbers, which numba indexes by without a test of the sign."""
    unsigned = np.uint32 if rows.indices.itemsize == 4 else np.uint64
    return OutEdges(rows.indptr.view(np.uint64), rows.indices.view(unsigned), rows.weights)


def _push(after: OutEdges, alpha: float, x: NDArray[np.float64], r: NDArray[np.float64], goal: float) -> int:
    """Push r into x, in rounds of falling threshold, while that is faster than sweeps; return the visits."""
    rows, edges = _unsigned(after), max(after.indices.size, 1)
    nodes = np.flatnonzero(r)
    touched, seen = np.empty(r.size, np.int64), r != 0.0
    touched[: nodes.size] = nodes
    weight = 1 + after.indptr[nodes + 1] - after.indptr[nodes]
    threshold = float((np.abs(r[nodes]) / weight).max()) if nodes.size else 0.0
    size, visits, number = float(np.abs(r).sum()), 0, nodes.size
    while size > goal:
        threshold *= _SHRINK
        last = size
        number, visited = _round(*rows, alpha, threshold, x, r, touched, seen, number)
        size = float(np.abs(r[touched[:number]]).sum())
        visits += visited + number
        if visits > _FREE * edges and size > last * 10.0 ** (-_DECADES * (visited + number) / edges):
            break
    return visits


@njit(cache=True, nogil=True)
def _sends(indptr, weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return whether each row has a weight above 0."""
    sends = np.zeros(indptr.size - 1, np.bool_)
    for i in range(sends.size):
        for k in range(indptr[i], indptr[i + 1]):
            if weights[k] > 0.0:
                sends[i] = True
                break
    return sends


@njit(cache=True, nogil=True)
def _changes(indptr, indices, weights, new_indptr, new_indices, new_weights, x, alpha, r):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Add to r what the new rows send of x, less what the old rows send."""
    rows = indptr, indices, weights, new_indptr, new_indices, new_weights
    for first in range(0, x.size, _BLOCK):
        last = min(first + _BLOCK, x.size)
        if _same(*rows, first, last):
            continue
        for i in range(first, last):
            if not _same(*rows, i, i + 1):
                _push_row(indptr, indices, weights, i, -alpha * x[i], r)
                _push_row(new_indptr, new_indices, new_weights, i, alpha * x[i], r)


@njit(cache=True, nogil=True)
def _same(indptr, indices, weights, new_indptr, new_indices, new_weights, first, last):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Return whether the rows from first to last have the same targets and weights in both, with few branches."""
    begin, start = indptr[first], new_indptr[first]
    different = False
    for i in range(first, last):
        different |= indptr[i + 1] - begin != new_indptr[i + 1] - start
    if different:
        return False
    for q in range(indptr[last] - begin):
        different |= indices[begin + q] != new_indices[start + q]
    if weights is not None or new_weights is not None:
        for q in range(indptr[last] - begin):
            old = 1.0 if weights is None else weights[begin + q]
            new = 1.0 if new_weights is None else new_weights[start + q]
            different |= old != new
    return not different


@njit(cache=True, nogil=True)
def _push_row(indptr, indices, weights, i, amount, r):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add the amount to r, divided among the targets of row i by their shares."""
    scale, rate = scale_of_row(indptr, weights, i)
    for k in range(indptr[i], indptr[i + 1]):
        r[indices[k]] += amount * (rate if weights is None else weights[k] * scale * rate)


@njit(cache=True, nogil=True)
def _round(indptr, indices, weights, alpha, threshold, x, r, touched, seen, number):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Push every touched node above the threshold; return how many are touched, and the visits of edges."""
    visits, position = 0, 0
    while position < number:
        i = touched[position]
        position += 1
        degree = int(indptr[i + 1] - indptr[i])
        if abs(r[i]) <= threshold * (1 + degree):
            continue
        visits += degree
        scale, rate = scale_of_row(indptr, weights, i)
        amount = alpha * rate * r[i]
        x[i] += r[i]
        r[i] = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            j = indices[k]
            had = r[j]
            r[j] = had + (amount if weights is None else weights[k] * scale * amount)
            if had == 0.0 and not seen[j]:
                seen[j] = True
                touched[number] = j
                number += 1
    return number, visits
