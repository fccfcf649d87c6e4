"""Credit distribution on arrays: direct credits as a graph of actions, and passes along it in time.

An action is its index ``i`` in the log. Its parents ``parent[start[i]:start[i + 1]]`` are the actions on the
same item by in-neighbors who acted before, each with its direct credit γ. Parents come before children, so
that Γ of a set of seeds is one pass forward and the credit of every user at once one pass back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.learning.action_log import InEdges, Log


class Direct(NamedTuple):
    """Who may have influenced each action: indices of the parents in the log, and the edge of each."""

    start: NDArray[np.int64]
    parent: NDArray[np.int64]
    edge: NDArray[np.int64]


@njit(cache=True, nogil=True)
def _parents(offsets, users, times, indptr, source, position, window, start, parent, edge):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Fill *start*; fill *parent* and *edge* too unless they are empty."""
    item = np.full(indptr.size - 1, -1, dtype=np.int64)
    action = np.zeros(indptr.size - 1, dtype=np.int64)
    filled = 0
    for a in range(offsets.size - 1):
        for i in range(offsets[a], offsets[a + 1]):
            item[users[i]] = a
            action[users[i]] = i
        for i in range(offsets[a], offsets[a + 1]):
            for k in range(indptr[users[i]], indptr[users[i] + 1]):
                if item[source[k]] == a and 0.0 < times[i] - times[action[source[k]]] <= window:
                    if parent.size:
                        parent[filled] = action[source[k]]
                        edge[filled] = position[k]
                    filled += 1
            start[i + 1] = filled


def direct(log: Log, edges: InEdges, window: float) -> Direct:
    """Return the parents of each action of *log*: one pass to count them, one to store them."""
    start, none = np.zeros(log.users.size + 1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    _parents(*log, *edges, window, start, none, none)
    parent, edge = np.zeros((2, start[-1]), dtype=np.int64)
    _parents(*log, *edges, window, start, parent, edge)
    return Direct(start, parent, edge)


@njit(cache=True, nogil=True)
def credit_from_seeds(start, parent, gamma, users, seeded):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return Γ_S of each action: 1 for a seed's own, else Σ over its parents of Γ_S·γ."""
    received = np.zeros(users.size)
    for i in range(users.size):
        if seeded[users[i]]:
            received[i] = 1.0
            continue
        for k in range(start[i], start[i + 1]):
            received[i] += received[parent[k]] * gamma[k]
    return received


@njit(cache=True, nogil=True)
def credit_to_others(start, parent, gamma, users, seeded, share):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return Σ_u Γ_vu·share_u of each action by v, along paths without seeds; *share* is 1/A_u.

    With the forward pass this gives all marginal gains at once (Goyal et al. 2011, theorem 3):
    σ(S + v) - σ(S) = Σ over the actions of v of (1 - Γ_S) times this.
    """
    given = np.zeros(users.size)
    for j in range(users.size):
        i = users.size - 1 - j
        if seeded[users[i]]:
            given[i] = 0.0
            continue
        given[i] += share[users[i]]
        for k in range(start[i], start[i + 1]):
            given[parent[k]] += gamma[k] * given[i]
    return given
