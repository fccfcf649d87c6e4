"""The in-edges of each node, prepared for sampling which of them are live."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HEAD = 4  # numbers in the head of a row
_SHORT = 3  # edges up to which one Bernoulli trial each is faster than a binomial count
_DENSE = 0.25  # probability from which trials are faster
_SMALLEST = 1e-280  # of (1-p)^edges: the binomial distribution is summed from there


class Reverse(NamedTuple):
    """The in-edges of each node: sources ``indices[indptr[v]:indptr[v + 1]]`` with their probabilities."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    probability: NDArray[np.float64]


class PreparedEdges(NamedTuple):
    """The in-edges as the kernels read them.

    ``head[v]``: first edge, number of edges and two more numbers. For IC where the number of live edges is
    drawn: with p the largest probability, P(no live edge) if all edges had it, and its odds p/(1-p), negative where
    probabilities differ; elsewhere 0 and 0. For LT: the sum of the weights, and the weight of an edge where all
    are equal, else 0.
    ``value``: probability of each edge (IC), or its running sum within the row (LT).
    """

    head: NDArray[np.float64]
    indices: NDArray[np.int32]
    value: NDArray[np.float64]


@njit(cache=True, nogil=True)
def _transposed(indptr, indices, weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the CSR of the reversed edges, sources ascending within a row, by counting."""
    n = indptr.size - 1
    start = np.zeros(n + 1, np.int64)
    for k in range(indices.size):
        start[indices[k] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
    place = start[:-1].copy()
    sources, values = np.empty(indices.size, np.int32), np.empty(indices.size)
    for u in range(n):
        for k in range(indptr[u], indptr[u + 1]):
            at = place[indices[k]]
            place[indices[k]] = at + 1
            sources[at] = u
            values[at] = weights[k]
    return start, sources, values


def reverse_of(indptr: NDArray[np.int64], indices: NDArray[np.integer], weights: NDArray[np.float64]) -> Reverse:
    """Return the in-edges of the graph with out-edges *indptr*, *indices* and probabilities *weights*."""
    return Reverse(*_transposed(indptr, indices, weights))


@njit(cache=True, nogil=True)
def _cascade_heads(indptr, probability):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the head of each node; the number of live edges is drawn where there are many and all are unlikely.

    The method depends on the row alone, so that a set is a function of its stream and of the rows it visits.
    """
    head = np.zeros((indptr.size - 1, _HEAD))
    for v in range(indptr.size - 1):
        first, edges = indptr[v], indptr[v + 1] - indptr[v]
        head[v, 0], head[v, 1] = first, edges
        least, most = 1.0, 0.0
        for k in range(first, first + edges):
            least, most = min(least, probability[k]), max(most, probability[k])
        none = (1.0 - most) ** edges
        if edges > _SHORT and 0.0 < most < _DENSE and none > _SMALLEST:
            odds = most / (1.0 - most)
            head[v, 2], head[v, 3] = none, odds if least == most else -odds
    return head


@njit(cache=True, nogil=True)
def _threshold_heads(indptr, probability):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the head of each node, and running sums of the weights."""
    head, sums = np.zeros((indptr.size - 1, _HEAD)), np.empty(probability.size)
    for v in range(indptr.size - 1):
        first, edges = indptr[v], indptr[v + 1] - indptr[v]
        head[v, 0], head[v, 1] = first, edges
        total, equal = 0.0, edges > 0
        for k in range(first, first + edges):
            total += probability[k]
            sums[k] = total
            equal = equal and probability[k] == probability[first]
        head[v, 2] = total
        if equal:
            head[v, 3] = probability[first]
    return head, sums


def prepare(reverse: Reverse, model: str) -> PreparedEdges:
    """Return the in-edges prepared for *model*, one of ``"ic"``, ``"ic-n"`` and ``"lt"``."""
    if model == "lt":
        head, sums = _threshold_heads(reverse.indptr, reverse.probability)
        return PreparedEdges(head, reverse.indices, sums)
    return PreparedEdges(_cascade_heads(reverse.indptr, reverse.probability), reverse.indices, reverse.probability)
