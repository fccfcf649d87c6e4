"""Breadth-first search on CSR arrays."""

from __future__ import annotations

import numpy as np
from numba import njit

NOT_REACHED = -1


@njit(cache=True, nogil=True)
def shortest_path_parents(indptr, indices, start, end):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the parent of each node in a breadth-first search from *start* that stops at *end*.

    ``start`` is its own parent; nodes that were not reached have parent -1. Nodes are visited in
    the order of their rows, so that equal graphs give equal paths.
    """
    parent = np.full(indptr.size - 1, -1, dtype=np.int64)
    queue = np.empty(indptr.size - 1, dtype=np.int64)
    parent[start] = start
    queue[0] = start
    head, tail = 0, 1
    while head < tail and parent[end] < 0:
        node = queue[head]
        head += 1
        for k in range(indptr[node], indptr[node + 1]):
            other = indices[k]
            if parent[other] < 0:
                parent[other] = node
                queue[tail] = other
                tail += 1
    return parent
