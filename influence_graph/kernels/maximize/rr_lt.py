"""Reverse-reachable sets of the linear threshold model: a random walk against the edges.

Each node keeps at most one in-edge, with its weight as probability (Kempe, Kleinberg, Tardos 2003,
https://doi.org/10.1145/956750.956769, theorem 2.5). The margin of a set is how far the running sums of the weights in
the rows that it depends on may move, with the set as it is.
"""

from __future__ import annotations

import numpy as np

from influence_graph.kernels.maximize.rr_ic import FREE, MEMBER, ROUNDING, STOP, WIDEST
from influence_graph.kernels.streams import stream, uniform, wraparound_njit


@wraparound_njit
def draw(head, indices, value, seed, which, roots, marks, members, offsets, margins):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0912, PLR0913, C901
    """Draw the sets *which* into *members*, *offsets* and *margins*; return the number of those that fit."""
    size = 0
    for i in range(which.size):
        state, step = stream(seed, which[i])
        start, v, margin = size, np.int64(roots[i]), WIDEST
        while size < members.size:
            members[size] = v
            size += 1
            if marks[v] == STOP:
                break
            marks[v] = MEMBER
            state += step
            u, first, edges = uniform(state), np.int64(head[v, 0]), np.int64(head[v, 1])
            if u >= head[v, 2] or edges == 0:
                if edges > 0:
                    margin = min(margin, u - head[v, 2] - ROUNDING * edges)
                break
            if head[v, 3] > 0.0:
                place = np.int64(u / head[v, 3])
            else:
                place = np.searchsorted(value[first : first + edges], u, side="right")
            place = min(place, edges - 1)
            if head[v, 3] > 0.0:
                low, high = place * head[v, 3], (place + 1) * head[v, 3]
            else:
                low, high = value[first + place - 1] if place > 0 else 0.0, value[first + place]
            if place > 0:
                margin = min(margin, u - low - ROUNDING * edges)
            margin = min(margin, high - u - ROUNDING * edges)
            v = np.int64(indices[first + place])
            if marks[v] == MEMBER:
                break
        else:
            v = np.int64(-1)
        for k in range(start, size):
            if marks[members[k]] == MEMBER:
                marks[members[k]] = FREE
        if v < 0:
            return i
        offsets[i + 1], margins[i] = size, margin
    return which.size
