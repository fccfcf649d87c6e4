"""Greedy maximum coverage of reverse-reachable sets, with an upper bound on the best coverage.

Greedy covers at least 1 - 1/e of what the best k nodes cover (Nemhauser, Wolsey, Fisher 1978,
https://doi.org/10.1007/BF01588971); since coverage is submodular, the best k cover at most Λ(S_i) plus the k
largest gains given S_i, for every prefix S_i (Tang, Tang, Xiao, Yuan 2018, https://doi.org/10.1145/3183713.3183749).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.rr_sets import RRSets


class Coverage(NamedTuple):
    """Nodes in the order chosen, sets newly covered by each, and the most sets that any choice can newly cover."""

    chosen: NDArray[np.int64]
    gains: NDArray[np.int64]
    upper: float


@njit(cache=True, nogil=True)
def hit(offsets, members, wanted):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return for each set whether it holds a node of the bool array *wanted*."""
    found = np.zeros(offsets.size - 1, np.bool_)
    for i in range(found.size):
        for k in range(offsets[i], offsets[i + 1]):
            if wanted[members[k]]:
                found[i] = True
                break
    return found


@njit(cache=True, nogil=True)
def _inverted(offsets, members, n, covered):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return for each node the sets not covered that hold it, as rows."""
    start = np.zeros(n + 1, np.int64)
    for i in range(covered.size):
        if not covered[i]:
            for k in range(offsets[i], offsets[i + 1]):
                start[members[k] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
    place, sets = start[:-1].copy(), np.empty(start[n], np.int32)
    for i in range(covered.size):
        if not covered[i]:
            for k in range(offsets[i], offsets[i + 1]):
                v = members[k]
                sets[place[v]] = i
                place[v] += 1
    return start, sets


@njit(cache=True, nogil=True)
def _take(v, start, sets, offsets, members, covered, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Cover the sets of *v* and lower the counts of their members."""
    for j in range(start[v], start[v + 1]):
        i = sets[j]
        if not covered[i]:
            covered[i] = True
            for k in range(offsets[i], offsets[i + 1]):
                counts[members[k]] -= 1


@njit(cache=True, nogil=True)
def _greedy(offsets, members, n, k, allowed, covered):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    start, sets = _inverted(offsets, members, n, covered)
    counts = np.diff(start)
    pool = np.flatnonzero(allowed)
    chosen, gains = np.empty(k, np.int64), np.empty(k, np.int64)
    total, upper = 0, np.int64(covered.size)
    for i in range(k + 1):
        left = counts[pool]
        most = min(k, left.size)
        largest = left if most == left.size else np.partition(left, left.size - most)[left.size - most :]
        upper = min(upper, total + largest.sum())
        if i == k:
            break
        at = np.argmax(left)
        v = pool[at]
        chosen[i], gains[i] = v, counts[v]
        total += counts[v]
        _take(v, start, sets, offsets, members, covered, counts)
        counts[v] = -1
    return chosen, gains, upper


def greedy(
    sets: RRSets,
    n: int,
    k: int,
    allowed: NDArray[np.bool_],
    covered: NDArray[np.bool_] | None = None,
) -> Coverage:
    """Return *k* nodes that cover the most sets one after the other; of equal ones the lowest index first.

    Args:
        sets: The sets.
        n: Number of nodes.
        k: Nodes to choose, at most as many as are allowed; a gain can be 0.
        allowed: Whether a node may be chosen, one per node.
        covered: Whether a set counts as covered from the start, one per set.
    """
    done = np.zeros(sets.count, np.bool_) if covered is None else covered.copy()
    chosen, gains, upper = _greedy(sets.offsets, sets.members, n, k, allowed, done)
    return Coverage(chosen, gains, float(upper))


@njit(cache=True, nogil=True)
def first_hits(offsets, members, rank, size, covered):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return for each rank below *size* the sets not covered whose lowest rank ≥ 0 it is."""
    gains = np.zeros(size, np.int64)
    for i in range(covered.size):
        lowest = size
        if not covered[i]:
            for k in range(offsets[i], offsets[i + 1]):
                if 0 <= rank[members[k]] < lowest:
                    lowest = rank[members[k]]
        if lowest < size:
            gains[lowest] += 1
    return gains
