"""Reverse-reachable sets of the independent cascade, with or without negative opinions.

Where the in-edges of a node are unlikely, the number of live edges is drawn from its binomial distribution, and
then as many distinct edges (SUBSIM: Guo, Wang, Wei, Chen 2020, https://doi.org/10.1145/3318464.3389740), all with
the largest probability; the others are then thinned. Elsewhere each edge has a Bernoulli trial.
"""

from __future__ import annotations

import numpy as np

from influence_graph.kernels.streams import stream, uniform, wraparound_njit

FREE, MEMBER, STOP = 0, 1, 2  # marks of a node; a set ends at a node marked STOP


@wraparound_njit
def _binomial(rest, edges, none, odds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the number of live edges of a row of equal ones, where *rest* is a uniform number less P(0) = *none*.

    P(c + 1) = P(c)·(edges - c)/(c + 1)·p/(1 - p).
    """
    mass, count = none, 0
    while rest >= 0.0 and count < edges:
        mass *= odds * (edges - count) / (count + 1)
        count += 1
        rest -= mass
    return count


@wraparound_njit
def _rounds(state, quality, n):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the depth of a set in rounds: L - 1 where P(L ≥ m) = quality^m, at most n."""
    if quality >= 1.0:
        return n
    if quality <= 0.0:
        return -1
    return int(min(np.log(1.0 - uniform(state)) / np.log(quality), n + 1.0)) - 1


@wraparound_njit
def draw(head, indices, value, quality, seed, which, roots, marks, members, offsets):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0912, PLR0913, PLR0915, C901
    """Draw the sets *which* into *members* and *offsets*; return the number of those that fit.

    A set that does not fit in *members* is left out: its stream gives it again. All in one function, since numba
    counts references to every array argument of a call, which takes longer than a node.
    """
    widest = np.int64(head[:, 1].max())
    live, taken = np.empty(widest + 1, np.int64), np.zeros(widest + 1, np.bool_)
    size = 0
    for i in range(which.size):
        state, step = stream(seed, which[i])
        state += step
        rounds = _rounds(state, quality, head.shape[0])
        start, at, level = size, size, size + 1
        full, open_ = size == members.size, True
        if rounds >= 0 and not full:
            v = roots[i]
            members[size] = v
            size += 1
            open_ = marks[v] != STOP
            if open_:
                marks[v] = MEMBER
        while at < size and open_:
            if at == level:
                rounds, level = rounds - 1, size
            if rounds == 0:
                break
            v = members[at]
            at += 1
            first, edges, count = np.int64(head[v, 0]), np.int64(head[v, 1]), 0
            odds = abs(head[v, 3])
            if odds > 0.0:
                state += step
                count = _binomial(uniform(state) - head[v, 2], edges, head[v, 2], odds)
                for k in range(count):  # distinct places: Floyd 1987
                    state += step
                    top = edges - count + k
                    place = np.int64(uniform(state) * (top + 1))
                    if taken[place]:
                        place = np.int64(top)
                    taken[place] = True
                    live[k] = place
                for k in range(count):
                    taken[live[k]] = False
                if head[v, 3] < 0.0:  # thinning: an edge stays with p over the largest p
                    drawn, count = count, 0
                    for k in range(drawn):
                        state += step
                        live[count] = live[k]
                        count += uniform(state) * odds < value[first + live[k]] * (1.0 + odds)
            else:
                for edge in range(edges):
                    state += step
                    live[count] = edge
                    count += uniform(state) < value[first + edge]
            if size + count > members.size:
                full = True
                break
            for k in range(count):
                u = indices[first + live[k]]
                mark = marks[u]
                if mark != MEMBER:
                    members[size] = u
                    size += 1
                    if mark == STOP:
                        open_ = False
                        break
                    marks[u] = MEMBER
        for k in range(start, size):
            if marks[members[k]] == MEMBER:
                marks[members[k]] = FREE
        if full:
            return i
        offsets[i + 1] = size
    return which.size
