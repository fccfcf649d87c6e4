"""Reverse-reachable sets of the independent cascade, with or without negative opinions.

Where all in-edges of a node have the same probability, the number of live ones is drawn from its exact
binomial distribution and then as many distinct places (SUBSIM: Guo, Wang, Wei, Chen 2020,
https://doi.org/10.1145/3318464.3389740); elsewhere each edge has a coin.
"""

from __future__ import annotations

import numpy as np

from influence_graph.kernels.rr_rows import COUNTED
from influence_graph.kernels.rr_streams import root, stream, uniform, wrapping

FREE, MEMBER, STOP = 0, 1, 2  # marks of a node; a set ends at a node marked STOP


@wrapping
def _coins(state, step, first, edges, value, live):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Put the places of the live edges of a row into *live* by one coin each; return state and their number."""
    count = 0
    for place in range(edges):
        state += step
        live[count] = place
        count += uniform(state) < value[first + place]
    return state, count


@wrapping
def _counted(state, step, edges, none, odds, live, taken):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Draw how many of a row's equal edges are live, then which (Floyd 1987); return state and their number.

    P(c + 1) = P(c)·(edges - c)/(c + 1)·p/(1 - p), from P(0) = *none*.
    """
    state += step
    rest = uniform(state) - none
    mass, count = none, 0
    while rest >= 0.0 and count < edges:
        mass *= odds * (edges - count) / (count + 1)
        count += 1
        rest -= mass
    for i in range(count):
        state += step
        top = edges - count + i
        place = np.int64(uniform(state) * (top + 1))
        if taken[place]:
            place = top
        taken[place] = True
        live[i] = place
    for i in range(count):
        taken[live[i]] = False
    return state, count


@wrapping
def _rounds(u, quality, n):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return how many rounds back a set goes: L - 1 where P(L ≥ m) = quality^m, at most n."""
    if quality >= 1.0:
        return n
    if quality <= 0.0:
        return -1
    return int(min(np.log(1.0 - u) / np.log(quality), n + 1.0)) - 1


@wrapping
def _set(head, indices, value, state, step, rounds, marks, members, start, live, taken):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Complete the set whose root is at *start* of *members*; return its end, or -1 when *members* is full."""
    at, level, size = start, start + 1, start + 1
    while at < size:
        if at == level:
            rounds, level = rounds - 1, size
        if rounds == 0:
            break
        v = members[at]
        at += 1
        first, edges = np.int64(head[v, 0]), np.int64(head[v, 1])
        if head[v, 2] == COUNTED:
            state, count = _counted(state, step, edges, head[v, 3], head[v, 4], live, taken)
        else:
            state, count = _coins(state, step, first, edges, value, live)
        if size + count > members.size:
            return -size
        for k in range(count):
            u = indices[first + live[k]]
            mark = marks[u]
            if mark != MEMBER:
                members[size] = u
                size += 1
                if mark == STOP:
                    return size
                marks[u] = MEMBER
    return size


@wrapping
def draw(head, indices, value, nodes, keep, other, quality, seed, which, marks, members, offsets):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Draw the sets *which* into *members* and *offsets*; return how many are done when *members* is full.

    A set whose members do not fit is not done: its stream gives it again.
    """
    n = head.shape[0]
    widest = np.int64(head[:, 1].max())
    live, taken = np.empty(widest + 1, np.int64), np.zeros(widest + 1, np.bool_)
    size = 0
    for i in range(which.size):
        state, step = stream(seed, which[i])
        v = root(nodes, keep, other, n, seed, which[i], uniform(state))
        state += step
        rounds = _rounds(uniform(state), quality, n)
        start = size
        if start == members.size:
            return i
        if rounds >= 0:
            members[start] = v
            size += 1
            if marks[v] != STOP:
                marks[v] = MEMBER
                size = _set(head, indices, value, state, step, rounds, marks, members, start, live, taken)
        for k in range(start, abs(size)):
            if marks[members[k]] == MEMBER:
                marks[members[k]] = FREE
        if size < 0:
            return i
        offsets[i + 1] = size
    return which.size
