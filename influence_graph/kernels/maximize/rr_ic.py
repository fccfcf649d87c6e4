"""Reverse-reachable sets of the independent cascade, with or without negative opinions.

Where the in-edges of a node are unlikely, the number of live edges is drawn from its binomial distribution, and
then as many distinct edges (SUBSIM: Guo, Wang, Wei, Chen 2020, https://doi.org/10.1145/3318464.3389740), all with
the largest probability; the others are then thinned. Elsewhere each edge has a Bernoulli trial.

With each set goes its margin: on any graph in which no probability that it depends on differs by more than that in its
natural logarithm it is the same set. A coin u that is compared with p has the margin |ln(u/p)|. A count c that is
drawn by u has the distance of u from the steps F(c - 1) and F(c) of its distribution, over |dF(c)/d ln p| =
(c + 1)·P(c + 1), which grows at most by exp(x·(c + 1 + edges·p/(1 - p))) while ln p changes by x.
"""

from __future__ import annotations

import numpy as np

from influence_graph.kernels.streams import stream, uniform, wraparound_njit

FREE, MEMBER, STOP = 0, 1, 2  # marks of a node; a set ends at a node marked STOP
WIDEST = 0.25  # most that is stated as the margin of a set
ROUNDING = 1e-14  # of sums over a row, per edge; far more than float64 needs
_SMALLEST = 1e-280  # that a probability of a count is divided by
_GROWTH = 1.3  # by less exp(WIDEST) is above 1


@wraparound_njit
def _binomial(rest, edges, none, odds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the number of live edges of a row of equal ones, where *rest* is a uniform number less P(0) = *none*.

    P(c + 1) = P(c)·(edges - c)/(c + 1)·p/(1 - p). The second number is its margin.
    """
    mass, count, above = none, 0, 0.0
    while rest >= 0.0 and count < edges:
        above = rest
        mass *= odds * (edges - count) / (count + 1)
        count += 1
        rest -= mass
    margin, slope = WIDEST / (count + 1 + edges * odds), _GROWTH * max(mass, _SMALLEST)
    if count > 0:
        margin = min(margin, (above - ROUNDING * edges) / (slope * count))
    if count < edges:
        margin = min(margin, (-rest - ROUNDING * edges) / (slope * odds * (edges - count)))
    return count, margin


@wraparound_njit
def _rounds(state, quality, n):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the depth of a set in rounds: L - 1 where P(L ≥ m) = quality^m, at most n."""
    if quality >= 1.0:
        return n
    if quality <= 0.0:
        return -1
    return int(min(np.log(1.0 - uniform(state)) / np.log(quality), n + 1.0)) - 1


@wraparound_njit
def draw(head, indices, value, quality, seed, which, roots, marks, members, offsets, margins):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0912, PLR0913, PLR0915, C901
    """Draw the sets *which* into *members*, *offsets* and *margins*; return the number of those that fit.

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
        full, open_, margin = size == members.size, True, WIDEST
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
                count, most = _binomial(uniform(state) - head[v, 2], edges, head[v, 2], odds)
                margin = min(margin, most)
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
                        u, p = uniform(state) * odds, value[first + live[k]] * (1.0 + odds)
                        count += u < p
                        if abs(u - p) < margin * max(u, p):
                            margin = abs(u - p) / max(u, p)  # at most |ln(u/p)|
            else:
                for edge in range(edges):
                    state += step
                    live[count] = edge
                    u, p = uniform(state), value[first + edge]
                    count += u < p
                    if abs(u - p) < margin * max(u, p):
                        margin = abs(u - p) / max(u, p)
            if size + count > members.size:
                full = True
                break
            for k in range(count):
                w = indices[first + live[k]]
                mark = marks[w]
                if mark != MEMBER:
                    members[size] = w
                    size += 1
                    if mark == STOP:
                        open_ = False
                        break
                    marks[w] = MEMBER
        for k in range(start, size):
            if marks[members[k]] == MEMBER:
                marks[members[k]] = FREE
        if full:
            return i
        offsets[i + 1], margins[i] = size, margin
    return which.size
