"""Reverse-reachable sets of the linear threshold model: a random walk against the edges.

Each node keeps at most one in-edge, with its weight as probability (Kempe, Kleinberg, Tardos 2003,
https://doi.org/10.1145/956750.956769, theorem 2.5).
"""

from __future__ import annotations

import numpy as np

from influence_graph.kernels.maximize.rr_ic import FREE, MEMBER, STOP
from influence_graph.kernels.streams import stream, uniform, wraparound_njit


@wraparound_njit
def draw(head, indices, value, seed, which, roots, marks, members, offsets):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Draw the sets *which* into *members* and *offsets*; return the number of those that fit in *members*."""
    size = 0
    for i in range(which.size):
        state, step = stream(seed, which[i])
        start, v = size, np.int64(roots[i])
        while size < members.size:
            members[size] = v
            size += 1
            if marks[v] == STOP:
                break
            marks[v] = MEMBER
            state += step
            u, first, edges = uniform(state), np.int64(head[v, 0]), np.int64(head[v, 1])
            if u >= head[v, 2] or edges == 0:
                break
            if head[v, 3] > 0.0:
                place = np.int64(u / head[v, 3])
            else:
                place = np.searchsorted(value[first : first + edges], u, side="right")
            v = np.int64(indices[first + min(place, edges - 1)])
            if marks[v] == MEMBER:
                break
        else:
            v = np.int64(-1)
        for k in range(start, size):
            if marks[members[k]] == MEMBER:
                marks[members[k]] = FREE
        if v < 0:
            return i
        offsets[i + 1] = size
    return which.size
