"""Greedy maximum coverage of reverse-reachable sets, with an upper bound on the best coverage.

Greedy covers at least 1 - 1/e of what the best k nodes cover (Nemhauser, Wolsey, Fisher 1978,
https://doi.org/10.1007/BF01588971); since coverage is submodular, the best k cover at most Λ(S_i) plus the k
largest gains given S_i, for every prefix S_i (Tang, Tang, Xiao, Yuan 2018, https://doi.org/10.1145/3183713.3183749).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.maximize.rr_sets import RRSets


class Coverage(NamedTuple):
    """Nodes in the order chosen, sets newly covered by each, and the most sets that any choice can newly cover."""

    chosen: NDArray[np.int64]
    gains: NDArray[np.int64]
    upper: float


@njit(cache=True, nogil=True)
def hit(offsets, members, wanted):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return for each set whether it holds a node of the bool array *wanted*."""
    is_hit = np.zeros(offsets.size - 1, np.bool_)
    for i in range(is_hit.size):
        for k in range(offsets[i], offsets[i + 1]):
            if wanted[members[k]]:
                is_hit[i] = True
                break
    return is_hit


@njit(cache=True, nogil=True)
def _inverted(offsets, members, n, covered):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return for each node the uncovered sets that hold it, as rows."""
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
def _cover(v, start, sets, offsets, members, covered, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Cover the sets of *v* and reduce the counts of their members."""
    for j in range(start[v], start[v + 1]):
        i = sets[j]
        if not covered[i]:
            covered[i] = True
            for k in range(offsets[i], offsets[i + 1]):
                counts[members[k]] -= 1


class _Uncovered:
    """The sets that are not covered yet, and the number of them that hold each node."""

    def __init__(self, sets: RRSets, n: int, covered: NDArray[np.bool_] | None) -> None:
        self._sets = sets
        self._covered = np.zeros(sets.count, np.bool_) if covered is None else covered.copy()
        self._rows = _inverted(sets.offsets, sets.members, n, self._covered)
        self.counts = np.diff(self._rows[0])

    def cover(self, v: int) -> int:
        """Cover the sets of *v* and return their number."""
        gain = int(self.counts[v])
        _cover(v, *self._rows, self._sets.offsets, self._sets.members, self._covered, self.counts)
        return gain


def _kth_largest(values: NDArray[np.int64], k: int) -> int:
    """Return the *k*-th largest value, 0 where there are fewer."""
    return 0 if k > values.size else int(np.partition(values, values.size - k)[values.size - k])


def _sum_of_largest(values: NDArray[np.int64], k: int) -> int:
    """Return the sum of the *k* largest values, of all where there are fewer."""
    return int(values.sum() if k >= values.size else np.partition(values, values.size - k)[values.size - k :].sum())


class _Candidates:
    """The nodes whose count is at least a floor: counts only fall, so no other node can overtake them."""

    def __init__(self, nodes: NDArray[np.int64], counts: NDArray[np.int64], least: int) -> None:
        self._all, self._counts, self._least = nodes, counts, least
        self._floor, self.nodes = 1, nodes[:0]

    def refresh(self) -> None:
        """Lower the floor when fewer nodes than required reach it."""
        if self._floor > 0 and np.count_nonzero(self._counts[self.nodes] >= self._floor) < self._least:
            counts = self._counts[self._all]
            self._floor = _kth_largest(counts, 4 * self._least + 64)
            self.nodes = self._all[counts >= self._floor]

    def remove(self, v: int) -> None:
        """Remove a node."""
        self._all, self.nodes = (nodes[nodes != v] for nodes in (self._all, self.nodes))


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
        covered: Whether a set is covered from the start, one per set.
        bound_for: Size of the choices that the upper bound is on, default *k*.
    """
    size = k if bound_for is None else bound_for
    uncovered = _Uncovered(sets, n, covered)
    candidates = _Candidates(np.flatnonzero(allowed), uncovered.counts, size)
    chosen, gains, upper = np.empty(k, np.int64), np.zeros(k, np.int64), np.inf
    for i in range(k + 1):
        candidates.refresh()
        left = uncovered.counts[candidates.nodes]
        upper = min(upper, int(gains[:i].sum()) + _sum_of_largest(left, size))
        if i < k:
            chosen[i] = candidates.nodes[np.argmax(left)]
            gains[i] = uncovered.cover(chosen[i])
            candidates.remove(chosen[i])
    return Coverage(chosen, gains, float(upper))


@njit(cache=True, nogil=True)
def first_hits(offsets, members, rank, size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return for each rank from 0 below *size* the number of sets where it is the lowest.

    A node of negative rank excludes the sets that hold it.
    """
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


def _knapsack(counts: NDArray[np.int64], costs: NDArray[np.float64], most: float) -> float:
    """Return the largest sum of *counts* that *most* can buy of divisible nodes."""
    order = np.argsort(-counts / costs, kind="stable")
    spent = np.cumsum(costs[order])
    complete = int(np.searchsorted(spent, most, side="right"))
    total = float(counts[order[:complete]].sum())
    if complete == order.size:
        return total
    left = most - (spent[complete - 1] if complete else 0.0)
    return total + float(counts[order[complete]] * left / costs[order[complete]])


def _affordable(
    uncovered: _Uncovered,
    nodes: NDArray[np.int64],
    k: int,
    budget: Budget,
    value: Callable[[NDArray[np.int64]], NDArray[Any]],
) -> Coverage:
    """Return greedy's choice by the *value* of each of *nodes* among those still affordable, with its bound."""
    chosen: list[int] = []
    gains: list[int] = []
    left, upper = budget.most, np.inf
    free = nodes
    while True:
        counts = uncovered.counts[nodes]
        bound = min(_knapsack(counts, budget.costs[nodes], budget.most), _sum_of_largest(counts, k))
        upper = min(upper, sum(gains) + bound)
        free = free[budget.costs[free] <= left]
        if len(chosen) == k or not free.size:
            return Coverage(np.array(chosen, np.int64), np.array(gains, np.int64), upper)
        best = int(free[np.argmax(value(free))])
        chosen.append(best)
        gains.append(uncovered.cover(best))
        left -= float(budget.costs[best])
        free = free[free != best]


def within_budget(
    sets: RRSets, k: int, allowed: NDArray[np.bool_], budget: Budget, covered: NDArray[np.bool_] | None = None
) -> Coverage:
    """Return at most *k* nodes within the budget that cover many sets: the better of two greedy choices.

    One takes the most newly covered sets per cost, the other the most newly covered; the better covers at
    least (1 - 1/e)/2 of what the best can (Leskovec et al. 2007, https://doi.org/10.1145/1281192.1281239). No
    choice covers more than Λ(S_i) plus what the budget buys of the gains given S_i of divisible nodes.
    """
    nodes = np.flatnonzero(allowed & (budget.costs <= budget.most))
    n = budget.costs.size
    by_cost, by_count = _Uncovered(sets, n, covered), _Uncovered(sets, n, covered)
    choices = [
        _affordable(by_cost, nodes, k, budget, lambda free: by_cost.counts[free] / budget.costs[free]),
        _affordable(by_count, nodes, k, budget, lambda free: by_count.counts[free]),
    ]
    best = max(choices, key=lambda one: int(one.gains.sum()))
    return best._replace(upper=min(one.upper for one in choices))
