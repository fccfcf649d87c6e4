"""Reverse-reachable sets of the linear threshold model: a walk back to one in-neighbour at a time.

Each node picks at most one in-edge, with the probability of its weight (Kempe, Kleinberg, Tardos 2003,
https://doi.org/10.1145/956750.956769, theorem 2.5).
"""

from __future__ import annotations

import numpy as np

from influence_graph.kernels.rr_ic import FREE, MEMBER, STOP
from influence_graph.kernels.rr_rows import COUNTED
from influence_graph.kernels.rr_streams import root, stream, uniform, wrapping


@wrapping
def _picked(head, value, u):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the place in its row of the edge that *u* in [0, 1) picks, or -1 for none."""
    edges = np.int64(head[1])
    if u >= head[3] or edges == 0:
        return -1
    if head[2] == COUNTED:
        return min(np.int64(u / head[4]), edges - 1)
    first = np.int64(head[0])
    return min(np.searchsorted(value[first : first + edges], u, side="right"), edges - 1)


@wrapping
def draw(head, indices, value, nodes, keep, other, seed, which, marks, members, offsets):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Draw the sets *which* into *members* and *offsets*; return how many are done when *members* is full."""
    size = 0
    for i in range(which.size):
        state, step = stream(seed, which[i])
        start = size
        v = root(nodes, keep, other, head.shape[0], seed, which[i], uniform(state))
        while size < members.size:
            members[size] = v
            size += 1
            if marks[v] == STOP:
                break
            marks[v] = MEMBER
            state += step
            place = _picked(head[v], value, uniform(state))
            if place < 0:
                break
            v = np.int64(indices[np.int64(head[v, 0]) + place])
            if marks[v] == MEMBER:
                break
        else:
            v = -1
        for k in range(start, size):
            if marks[members[k]] == MEMBER:
                marks[members[k]] = FREE
        if v < 0:
            return i
        offsets[i + 1] = size
    return which.size
