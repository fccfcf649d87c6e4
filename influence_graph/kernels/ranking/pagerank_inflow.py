"""In-edges of a graph, arranged for PageRank: fringes without cycles separate, the core ordered for the cache.

A node that no cycle leads to has its score in one step once its predecessors have theirs; a node that
leads to no cycle has no effect on the core. Both fringes are peeled off and solved exactly, in
topological order, once; only the core between them is iterated. Rows are numbered by position, not by
node: first the fringe before the core, then the core by falling in-degree (rows of equal length are
adjacent, and so are the values read most often), then the fringe after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALLEST, _LARGEST = 1e-290, 1e290  # sums of weights between these need no scaling


class Inflow(NamedTuple):
    """In-edges by position; the value that travels along them is ``rate`` times the score of the source.

    Attributes:
        order: Node at each position.
        before: Places below it are the fringe before the core.
        after: Places from it on are the fringe after the core.
        indptr: Row ``i`` is ``indptr[i]:indptr[i + 1]``; self loops are left out.
        core: Where in the row of a core position the sources in the core begin; ``indptr[i]`` elsewhere.
        indices: Place of each source, ascending within a row.
        weights: Share of its source's weight that each edge carries, or None where it is the rate.
        rate: Unweighted 1/out-degree of each position, 0 for a sink; weighted 1.
        own: Share of its weight that a position sends to itself.
        sent: Share of its weight that a position sends in all: 1, or 0 for a sink.
        kept: Share of its weight that a core position sends to the core, itself included.
    """

    order: NDArray[np.int32]
    before: int
    after: int
    indptr: NDArray[np.unsignedinteger]
    core: NDArray[np.unsignedinteger]
    indices: NDArray[np.uint32]
    weights: NDArray[np.float64] | None
    rate: NDArray[np.float64]
    own: NDArray[np.float64]
    sent: NDArray[np.float64]
    kept: NDArray[np.float64]


def inflow_of(indptr: NDArray[np.int64], indices: NDArray[np.integer], weights: NDArray[np.float64] | None) -> Inflow:
    """Return the in-edges of the graph with these out-edges.

    Args:
        indptr: Row pointers, one more than nodes.
        indices: Target of each edge.
        weights: Weight of each edge, finite and ≥ 0; None for equal ones.
    """
    out = indptr.view(np.uint64), indices.view(np.uint32 if indices.itemsize == 4 else np.uint64)
    if weights is not None and _equal_within_rows(out[0], weights):
        weights = None
    degree = _in_degrees(*out)
    order, before, after = _order(*out, degree)
    rows = np.zeros(order.size + 1, np.int32 if indices.size < 2**31 else np.int64)
    np.cumsum(degree[order], out=rows[1:])
    sources = np.empty(rows[-1], np.int32)  # by numpy, in huge pages: half the time to fill it
    share = None if weights is None else np.empty(rows[-1])
    own, sent = _transpose(*out, weights, order, rows, sources, share)
    starts: NDArray[Any] = rows.view(np.uint32 if rows.itemsize == 4 else np.uint64)
    positions = sources.view(np.uint32)
    rate = _rates(out[0], order) if share is None else np.ones(order.size)
    core = _core_starts(starts, positions, before, after)
    kept = _kept(starts, positions, share, rate, sent, after)
    return Inflow(order, before, after, starts, core, positions, share, rate, own, sent, kept)


@njit(cache=True, nogil=True)
def _equal_within_rows(indptr, weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return whether the weights of each row are equal and above 0: then they have no effect."""
    for i in range(indptr.size - 1):
        for k in range(indptr[i], indptr[i + 1]):
            if weights[k] != weights[indptr[i]] or weights[k] == 0.0:
                return False
    return True


@njit(cache=True, nogil=True)
def _in_degrees(indptr, indices):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the number of edges into each node, self loops left out."""
    degree = np.zeros(indptr.size - 1, np.int32)
    for i in range(degree.size):
        for k in range(indptr[i], indptr[i + 1]):
            if indices[k] != i:
                degree[indices[k]] += 1
    return degree


@njit(cache=True, nogil=True)
def _order(indptr, indices, degree):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the node at each position, where the core begins and where it ends."""
    order = np.empty(degree.size, np.int32)
    peeled = np.zeros(degree.size, np.bool_)
    before = _peel_before(indptr, indices, degree.copy(), order, peeled)
    after = _peel_after(indptr, indices, order, peeled)
    starts = np.zeros(degree.max() + 2, np.int64)  # counting sort of the core by falling in-degree
    for i in range(degree.size):
        if not peeled[i]:
            starts[degree[i]] += 1
    position = before
    for d in range(starts.size - 1, -1, -1):
        starts[d], position = position, position + starts[d]
    for i in range(degree.size):
        if not peeled[i]:
            order[starts[degree[i]]] = i
            starts[degree[i]] += 1
    return order, before, after


@njit(cache=True, nogil=True)
def _peel_before(indptr, indices, left, order, peeled):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill the first positions with the nodes that no cycle leads to, in topological order; return their number."""
    end = 0
    for i in range(left.size):
        if left[i] == 0:
            order[end] = i
            end += 1
    done = 0
    while done < end:
        i = order[done]
        peeled[i] = True
        done += 1
        for k in range(indptr[i], indptr[i + 1]):
            j = indices[k]
            if j != i:
                left[j] -= 1
                if left[j] == 0:
                    order[end] = j
                    end += 1
    return end


@njit(cache=True, nogil=True)
def _peel_after(indptr, indices, order, peeled):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill the last positions with the nodes that lead to no cycle, in topological order; return the first of them.

    Each node watches one of its targets that is not peeled, and looks for another only when that one is
    peeled (watched literals): the out-edges suffice, and most of them are never read.
    """
    nodes = peeled.size
    watched = indptr[:-1].copy()  # next edge to look at in its row
    first, following = np.full(nodes, -1), np.full(nodes, -1)  # the nodes that watch each node, as lists
    begin = nodes
    done = nodes
    for i in range(nodes):
        if not peeled[i] and not _watch(i, indptr, indices, peeled, watched, first, following):
            begin -= 1
            order[begin] = i
            peeled[i] = True
        while done > begin:
            done -= 1
            watcher = first[order[done]]
            while watcher >= 0:
                another = following[watcher]
                if not _watch(watcher, indptr, indices, peeled, watched, first, following):
                    begin -= 1
                    order[begin] = watcher
                    peeled[watcher] = True
                watcher = another
    return begin


@njit(cache=True, nogil=True)
def _watch(i, indptr, indices, peeled, watched, first, following):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Let node i watch its next target that is not peeled; return whether there is one."""
    for k in range(watched[i], indptr[i + 1]):
        j = indices[k]
        if j != i and not peeled[j]:
            watched[i] = k
            following[i] = first[j]
            first[j] = i
            return True
    return False


@njit(cache=True, nogil=True)
def _transpose(indptr, indices, weights, order, rows, sources, share):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Fill in source and share of each in-edge by position; return what a position sends to itself, and in all."""
    free = np.empty(order.size, rows.dtype)  # by node: where its next in-edge goes
    for position in range(order.size):
        free[order[position]] = rows[position]
    own, sent = np.zeros(order.size), np.zeros(order.size)
    for position in range(order.size):
        i = order[position]
        scale, rate = scale_of_row(indptr, weights, i)
        sent[position] = 1.0 if rate > 0.0 else 0.0
        for k in range(indptr[i], indptr[i + 1]):
            j = indices[k]
            part = rate if weights is None else weights[k] * scale * rate
            if j == i:
                own[position] += part
            else:
                sources[free[j]] = position
                if share is not None:
                    share[free[j]] = part
                free[j] += 1
    return own, sent


@njit(cache=True, nogil=True)
def scale_of_row(indptr, weights, i):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return two factors of the weights of row i that give shares without overflow; the second is 0 for a sink."""
    degree = indptr[i + 1] - indptr[i]
    if weights is None:
        return 1.0, 1.0 / degree if degree > 0 else 0.0
    top = 0.0
    for k in range(indptr[i], indptr[i + 1]):
        top = max(top, weights[k])
    if top == 0.0:
        return 1.0, 0.0
    power = 1.0
    if top < _SMALLEST or top > _LARGEST / degree:
        power = 2.0 ** min(-np.floor(np.log2(top)), 1000.0)
    total = 0.0
    for k in range(indptr[i], indptr[i + 1]):
        total += weights[k] * power
    return power, 1.0 / total


@njit(cache=True, nogil=True)
def _rates(indptr, order):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return 1/out-degree of each position, 0 for a sink."""
    rate = np.zeros(order.size)
    for position in range(order.size):
        degree = indptr[order[position] + 1] - indptr[order[position]]
        if degree > 0:
            rate[position] = 1.0 / degree
    return rate


@njit(cache=True, nogil=True)
def _core_starts(indptr, indices, before, after):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return where in each row the sources in the core begin; sources are ascending."""
    starts = indptr[:-1].copy()
    for i in range(before, after):
        k = indptr[i]
        while k < indptr[i + 1] and indices[k] < before:
            k += 1
        starts[i] = k
    return starts


@njit(cache=True, nogil=True)
def _kept(indptr, indices, weights, rate, sent, after):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return what each core position sends, less what goes to the fringe after the core."""
    kept = sent.copy()
    for i in range(after, kept.size):
        for k in range(indptr[i], indptr[i + 1]):
            j = indices[k]
            kept[j] -= rate[j] if weights is None else weights[k]
    return kept
