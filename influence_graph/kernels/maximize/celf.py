"""Lazy greedy seed selection (CELF) on live-edge worlds that all evaluations share.

A world keeps each edge or drops it, as the model says; a cascade from any seeds is then a search in
the world (Kempe, Kleinberg, Tardos 2003, https://doi.org/10.1145/956750.956769). The value of a set S
in a world is Σ_v target_v q^{d(S,v)+1} with the distance d in the world, q = 1 for a model without
negative opinions: a weighted coverage function, so its mean over fixed worlds is monotone and
submodular exactly, and lazy evaluation (Leskovec et al. 2007, https://doi.org/10.1145/1281192.1281239)
picks just what plain greedy on the same worlds picks.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Worlds(NamedTuple):
    """Live edges: in world ``r`` node ``u`` activates ``indices[indptr[r, u]:indptr[r, u + 1]]``."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]


class Worth(NamedTuple):
    """The value of a node that is reached: ``target[v]``, times ``quality`` per step and once for the seed."""

    target: NDArray[np.float64]
    quality: float


class Picked(NamedTuple):
    """Nodes in the order picked, the mean gain of each with its standard error, and the number of evaluations."""

    nodes: NDArray[np.int64]
    gains: NDArray[np.float64]
    errors: NDArray[np.float64]
    evaluations: int


def cascade_worlds(
    indptr: NDArray[np.int64], indices: NDArray[np.integer], probability: NDArray[np.float64], count: int, seed: int
) -> Worlds:
    """Return *count* worlds in which each edge is live with its probability (independent cascade)."""
    rows, parts = np.empty((count, indptr.size), np.int64), []
    base = 0
    for world in range(count):
        live = np.flatnonzero(np.random.default_rng([seed, world]).random(probability.size) < probability)
        rows[world] = base + np.searchsorted(live, indptr)
        parts.append(indices[live].astype(np.int32))
        base += live.size
    return Worlds(rows, np.concatenate(parts))


def threshold_worlds(
    indptr: NDArray[np.int64], indices: NDArray[np.integer], weight: NDArray[np.float64], count: int, seed: int
) -> Worlds:
    """Return *count* worlds in which each node keeps at most one in-edge, chosen by weight (linear threshold)."""
    nodes = indptr.size - 1
    source = np.repeat(np.arange(nodes), np.diff(indptr))
    order = np.argsort(indices, kind="stable")
    last = np.cumsum(np.bincount(indices, minlength=nodes))
    first = last - np.bincount(indices, minlength=nodes)
    upto = np.concatenate([[0.0], np.cumsum(weight[order])])
    rows, parts = np.empty((count, indptr.size), np.int64), []
    base = 0
    for world in range(count):
        mark = upto[first] + np.random.default_rng([seed, world]).random(nodes)
        kept = np.searchsorted(upto, mark, side="right") - 1
        live = np.sort(order[kept[kept < last]])
        rows[world] = base + np.concatenate([[0], np.cumsum(np.bincount(source[live], minlength=nodes))])
        parts.append(indices[live].astype(np.int32))
        base += live.size
    return Worlds(rows, np.concatenate(parts))


@njit(cache=True, nogil=True)
def _reach(starts, indices, best, target, quality, node, seen, queue):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Return the gain of *node* in one world, and the number of nodes that it improves, the first of *queue*.

    ``seen[v]`` is then the new value of each of them; the caller resets it to 0.
    """
    if quality <= best[node]:
        return 0.0, 0
    queue[0] = node
    seen[node] = quality
    head, tail, gain = 0, 1, 0.0
    while head < tail:
        u = queue[head]
        head += 1
        gain += target[u] * (seen[u] - best[u])
        value = seen[u] * quality
        for k in range(starts[u], starts[u + 1]):
            v = indices[k]
            if seen[v] == 0.0 and value > best[v]:
                seen[v] = value
                queue[tail] = v
                tail += 1
    return gain, tail


@njit(cache=True, nogil=True)
def gain_of(indptr, indices, best, target, quality, node):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return mean and standard error over the worlds of the gain of *node* over the values *best*."""
    seen = np.zeros(target.size)
    queue = np.empty(target.size, np.int64)
    total, squares = 0.0, 0.0  # sums of whole numbers are exact, so that equal nodes tie
    for r in range(best.shape[0]):
        gain, size = _reach(indptr[r], indices, best[r], target, quality, node, seen, queue)
        for i in range(size):
            seen[queue[i]] = 0.0
        total += gain
        squares += gain * gain
    worlds = best.shape[0]
    variance = max(squares - total * total / worlds, 0.0) / max(worlds - 1, 1)
    return total / worlds, np.sqrt(variance / worlds)


@njit(cache=True, nogil=True)
def _add(indptr, indices, best, target, quality, node):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Raise *best* to the values with *node* among the seeds."""
    seen = np.zeros(target.size)
    queue = np.empty(target.size, np.int64)
    for r in range(best.shape[0]):
        _, size = _reach(indptr[r], indices, best[r], target, quality, node, seen, queue)
        for i in range(size):
            best[r, queue[i]] = seen[queue[i]]
            seen[queue[i]] = 0.0


def lazy_greedy(
    worlds: Worlds,
    worth: Worth,
    k: int,
    allowed: NDArray[np.int64],
    progress: Callable[[int, int], None] | None = None,
) -> Picked:
    """Return *k* of the *allowed* nodes, each with the largest gain given the ones before; ties: the first index.

    Args:
        worlds: Live edges of each world.
        worth: Value of a reached node.
        k: Nodes to pick, at most ``allowed.size``.
        allowed: Indices to pick from.
        progress: Called with the finished evaluations of the first round, and the number of all.
    """
    best = np.zeros((worlds.indptr.shape[0], worth.target.size))
    state = (*worlds, best, *worth)
    heap: list[tuple[float, int, int, float]] = []  # -gain, node, number of seeds when it was evaluated, s.e.
    for done, node in enumerate(allowed.tolist(), 1):
        gain, error = gain_of(*state, node)
        heap.append((-gain, node, 0, error))
        if progress is not None and (done % 64 == 0 or done == allowed.size):
            progress(done, allowed.size)
    heapq.heapify(heap)
    nodes: list[int] = []
    gains, errors, evaluations = [], [], allowed.size
    while len(nodes) < k:
        negative, node, known, error = heap[0]
        if known == len(nodes):
            heapq.heappop(heap)
            _add(*state, node)
            nodes.append(node)
            gains.append(-negative)
            errors.append(error)
        else:
            gain, error = gain_of(*state, node)
            heapq.heapreplace(heap, (-gain, node, len(nodes), error))
            evaluations += 1
    return Picked(np.array(nodes, np.int64), np.array(gains), np.array(errors), evaluations)
