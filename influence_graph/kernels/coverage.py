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
def _largest(values, most):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the sum of the *most* largest values."""
    if most >= values.size:
        return values.sum()
    return np.partition(values, values.size - most)[values.size - most :].sum()


@njit(cache=True, nogil=True)
def _floor(values, most):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the largest floor that at least *most* values reach, 0 where fewer are above it."""
    if most >= values.size:
        return np.int64(0)
    return np.partition(values, values.size - most)[values.size - most]


@njit(cache=True, nogil=True)
def _greedy(offsets, members, n, k, allowed, covered, bound_for):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Choose from a pool of the nodes whose count reaches a floor: counts only fall, so no other can overtake."""
    start, sets = _inverted(offsets, members, n, covered)
    counts = np.diff(start)
    for v in range(n):
        if not allowed[v]:
            counts[v] = np.iinfo(np.int64).min // 2
    nodes = np.flatnonzero(allowed)
    pool, floor = nodes[:0], np.int64(1)
    chosen, gains = np.empty(k, np.int64), np.empty(k, np.int64)
    total, upper = 0, np.int64(covered.size)
    for i in range(k + 1):
        reaching = 0
        for v in pool:
            reaching += counts[v] >= floor
        if floor > 0 and reaching < bound_for:
            floor = max(_floor(counts[nodes], 4 * bound_for + 64), np.int64(0))
            pool = nodes[counts[nodes] >= floor]
        left = counts[pool]
        upper = min(upper, total + _largest(np.maximum(left, 0), bound_for))
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
    *,
    bound_for: int | None = None,
) -> Coverage:
    """Return *k* nodes that cover the most sets one after the other; of equal ones the lowest index first.

    Args:
        sets: The sets.
        n: Number of nodes.
        k: Nodes to choose, at most as many as are allowed; a gain can be 0.
        allowed: Whether a node may be chosen, one per node.
        covered: Whether a set counts as covered from the start, one per set.
        bound_for: Size of the choices that the upper bound is on, default *k*.
    """
    done = np.zeros(sets.count, np.bool_) if covered is None else covered.copy()
    size = k if bound_for is None else bound_for
    chosen, gains, upper = _greedy(sets.offsets, sets.members, n, k, allowed, done, size)
    return Coverage(chosen, gains, float(upper))


@njit(cache=True, nogil=True)
def first_hits(offsets, members, rank, size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return for each rank from 0 below *size* the sets in which it is the lowest; a negative rank takes a set out."""
    gains = np.zeros(size, np.int64)
    for i in range(offsets.size - 1):
        lowest = size
        for k in range(offsets[i], offsets[i + 1]):
            lowest = min(lowest, rank[members[k]])
        if 0 <= lowest < size:
            gains[lowest] += 1
    return gains


class Budget(NamedTuple):
    """Cost > 0 of each node, and the most that a choice may cost."""

    costs: NDArray[np.float64]
    most: float


@njit(cache=True, nogil=True)
def _knapsack(counts, costs, order, budget):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the most that whole and broken nodes within *budget* can add, *order* being by count per cost."""
    left, total = budget, 0.0
    for v in order:
        if counts[v] <= 0 or left <= 0.0:
            break
        share = min(1.0, left / costs[v])
        total += share * counts[v]
        left -= costs[v]
    return total


@njit(cache=True, nogil=True)
def _cheapest(offsets, members, k, nodes, costs, budget, covered, by_cost):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Choose by count per cost (or by count) what is still affordable; return it with its bound on the best."""
    start, sets = _inverted(offsets, members, costs.size, covered)
    counts = np.diff(start)
    open_to, left = np.ones(nodes.size, np.bool_), budget
    chosen, gains = np.empty(k, np.int64), np.empty(k, np.int64)
    size, total, upper = 0, 0, np.float64(covered.size)
    while True:
        per_cost = counts[nodes] / costs[nodes]
        order = nodes[np.argsort(-per_cost, kind="mergesort")]
        most = min(_knapsack(counts, costs, order, budget), np.float64(_largest(counts[nodes], k)))
        upper = min(upper, total + most)
        at, best = -1, -1.0
        for j in range(nodes.size):
            value = per_cost[j] if by_cost else np.float64(counts[nodes[j]])
            if open_to[j] and costs[nodes[j]] <= left and value > best:
                at, best = j, value
        if size == k or at < 0:
            return chosen[:size], gains[:size], upper
        v = nodes[at]
        chosen[size], gains[size] = v, counts[v]
        total += counts[v]
        left -= costs[v]
        size += 1
        open_to[at] = False
        _take(v, start, sets, offsets, members, covered, counts)


def within_budget(
    sets: RRSets, k: int, allowed: NDArray[np.bool_], budget: Budget, covered: NDArray[np.bool_] | None = None
) -> Coverage:
    """Return at most *k* nodes within the budget that cover many sets: the better of two greedy choices.

    One takes the most newly covered sets per cost, the other the most newly covered; the better covers at
    least (1 - 1/e)/2 of what the best can (Leskovec et al. 2007, https://doi.org/10.1145/1281192.1281239). No
    choice covers more than Λ(S_i) plus what the budget buys of the gains given S_i when nodes can be broken.
    """
    nodes = np.flatnonzero(allowed & (budget.costs <= budget.most))
    done = np.zeros(sets.count, np.bool_) if covered is None else covered
    found = [
        _cheapest(sets.offsets, sets.members, min(k, nodes.size), nodes, *budget, done.copy(), by_cost)
        for by_cost in (True, False)
    ]
    chosen, gains, _ = max(found, key=lambda one: int(one[1].sum()))
    return Coverage(chosen, gains, min(float(one[2]) for one in found))
