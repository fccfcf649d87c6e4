"""Statistics of each edge in a log of actions: who acted after whom, counted in one pass.

The log is three arrays: the actions of item ``a`` are ``offsets[a]:offsets[a + 1]`` of ``users`` and
``times``, in order of time, each user once. The edges into node ``u`` are ``indptr[u]:indptr[u + 1]`` of
``source`` and ``position``, the latter being the index of the edge in the graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Log(NamedTuple):
    """Actions grouped by item, by time within an item, each user at most once per item."""

    offsets: NDArray[np.int64]
    users: NDArray[np.int64]
    times: NDArray[np.float64]


class InEdges(NamedTuple):
    """The edges into each node, with the index of each in the arrays of the graph."""

    indptr: NDArray[np.int64]
    source: NDArray[np.int64]
    position: NDArray[np.int64]


class Counts(NamedTuple):
    """Per edge v -> u: the items on which u acted after v within the window, and sums over them.

    ``after`` is A_v2u, ``both`` A_u&v (items on which both acted, in any order), ``credit`` the sum of
    1/(number of in-neighbors who acted before u), ``delay`` the sum of t_u - t_v over ``after``; ``together`` those of
    ``both`` at the same time, which tells nothing of who moved whom.
    """

    after: NDArray[np.int64]
    both: NDArray[np.int64]
    credit: NDArray[np.float64]
    delay: NDArray[np.float64]
    together: NDArray[np.int64]


def in_edges(indptr: NDArray[np.int64], indices: NDArray[np.integer]) -> InEdges:
    """Return the edges of a CSR grouped by target."""
    order = np.argsort(indices, kind="stable").astype(np.int64)
    nodes = indptr.size - 1
    starts = np.concatenate([[0], np.cumsum(np.bincount(indices, minlength=nodes))]).astype(np.int64)
    return InEdges(starts, np.repeat(np.arange(nodes, dtype=np.int64), np.diff(indptr))[order], order)


@njit(cache=True, nogil=True)
def first_actions(offsets, users, nodes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return True for the first action of each user on each item, False for the repeats."""
    last = np.full(nodes, -1, dtype=np.int64)
    first = np.zeros(users.size, dtype=np.bool_)
    for a in range(offsets.size - 1):
        for i in range(offsets[a], offsets[a + 1]):
            if last[users[i]] != a:
                last[users[i]] = a
                first[i] = True
    return first


@njit(cache=True, nogil=True)
def _count(offsets, users, times, indptr, source, position, window):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Fill the arrays of :class:`Counts`; linear in the sum over actions of the in-degree."""
    item = np.full(indptr.size - 1, -1, dtype=np.int64)  # the item of which when[v] is the time
    when = np.zeros(indptr.size - 1)
    after = np.zeros(source.size, dtype=np.int64)
    both = np.zeros(source.size, dtype=np.int64)
    credit = np.zeros(source.size)
    delay = np.zeros(source.size)
    together = np.zeros(source.size, dtype=np.int64)
    for a in range(offsets.size - 1):
        for i in range(offsets[a], offsets[a + 1]):
            item[users[i]] = a
            when[users[i]] = times[i]
        for i in range(offsets[a], offsets[a + 1]):
            earlier = 0
            for k in range(indptr[users[i]], indptr[users[i] + 1]):
                if item[source[k]] == a:
                    both[position[k]] += 1
                    lag = times[i] - when[source[k]]
                    together[position[k]] += lag == 0.0
                    if 0.0 < lag <= window:
                        earlier += 1
                        after[position[k]] += 1
                        delay[position[k]] += lag
            for k in range(indptr[users[i]], indptr[users[i] + 1]):
                if earlier and item[source[k]] == a and 0.0 < times[i] - when[source[k]] <= window:
                    credit[position[k]] += 1.0 / earlier
    return after, both, credit, delay, together


def count(log: Log, edges: InEdges, window: float) -> Counts:
    """Return the statistics of each edge in *log*; *window* is the largest lag that counts, ∞ for no limit."""
    return Counts(*_count(*log, *edges, window))
