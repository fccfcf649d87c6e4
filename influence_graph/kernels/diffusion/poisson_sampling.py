"""Independent cascades by Poisson sampling of live edges, one at a time: for cascades that stay small.

The time is that of the live edges, not of all edges: points of a Poisson process with rate -ln(1-p) per edge
fall on the row of a node, and an edge is live where at least one falls, so with probability p, independently
of the others. The number of points is found by multiplying uniform numbers until the product is below e^-rate
(Knuth 1969); the edge of each point is drawn from an alias table (Walker 1974,
https://doi.org/10.1049/el:19740097). Edges of high probability have a Bernoulli trial each. Points are
collected before their targets are read, so that cache misses overlap, and targets are appended without a branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.diffusion.rounds import add_round
from influence_graph.kernels.sampling import alias_table
from influence_graph.kernels.streams import stream, uniform, wraparound_njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LIKELY = 0.6  # probability above which a Bernoulli trial is faster than points
_MAX_POINTS = 500.0  # expected points of a part of a row: e^-500 is far from underflow
_BUFFER = 128  # points whose targets are read together
_HEAD = np.dtype(
    [("first", np.int64), ("none", np.float64), ("likely", np.int32), ("rare", np.int32), ("parts", np.int64)]
)
_SLOT = np.dtype([("keep", np.float64), ("own", np.int32), ("other", np.int32)])


@wraparound_njit
def _rows(indptr, indices, probability, rate, heads, slots):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill *heads* and *slots*, the likely edges of a row first; return the sum of the rates of the others."""
    total = np.zeros(heads.size)
    for v in range(heads.size):
        middle = indptr[v]
        for k in range(indptr[v], indptr[v + 1]):
            if probability[k] > _LIKELY:
                slot = slots[middle]
                slot["keep"], slot["own"], slot["other"] = probability[k], indices[k], heads.size
                middle += 1
        end = middle
        for k in range(indptr[v], indptr[v + 1]):
            if 0.0 < probability[k] <= _LIKELY:
                slots[end]["keep"], slots[end]["own"] = rate[k], indices[k]
                total[v] += rate[k]
                end += 1
        row = heads[v]
        row["first"], row["likely"], row["rare"] = indptr[v], middle - indptr[v], end - middle
        keep, other = alias_table(slots["keep"][middle:end] / total[v] * (end - middle))
        for i in range(end - middle):
            slot = slots[middle + i]
            slot["keep"], slot["other"] = keep[i], slots[middle + other[i]]["own"]
    return total


def prepare(
    indptr: NDArray[np.int64], indices: NDArray[np.integer], probability: NDArray[np.float64]
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Return what ``run`` reads of the out-edges *indices* with their *probability*: heads of rows, slots of edges.

    A row has its likely edges first: each is live with probability ``keep``, else no node (n) is reached. The
    slots of the others are an alias table. e^-rate of a row is ``none`` to the power of ``parts``.
    """
    heads, slots = np.zeros(indptr.size - 1, _HEAD), np.zeros(indices.size, _SLOT)
    with np.errstate(divide="ignore"):
        rate = -np.log1p(-probability)
    total = _rows(indptr, indices, probability, rate, heads, slots)
    heads["parts"] = np.maximum(np.ceil(total / _MAX_POINTS), 1.0)  # 1 for sinks too, which saves a branch
    heads["none"] = np.exp(-total / heads["parts"])
    return heads, slots


@wraparound_njit
def _resolve(slots, points, count, stamp, epoch, queue, tail):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Append to *queue* the targets that the first *count* points reach first; return its new end."""
    place, share = points
    for i in range(count):
        slot = slots[place[i]]
        other = slot["own"] if share[i] < slot["keep"] else slot["other"]
        queue[tail] = other
        tail += stamp[other] != epoch
        stamp[other] = epoch
    return tail


@wraparound_njit
def _count(nodes, weight, target, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add *weight* to the activation of *nodes*; return their value."""
    value = 0.0
    for i in range(nodes.size):
        activation[nodes[i]] += weight
        value += target[nodes[i]]
    return weight * value


@wraparound_njit
def _cascade(heads, slots, seeds, rounds, target, quality, state, step, stamp, epoch, queue, points, sums):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run one simulation; return its value and add to *sums*, of the activation and by round.

    A node is reached where its stamp is *epoch*.
    """
    place, share = points
    activation, by_round = sums
    no_node = heads.size
    stamp[no_node] = epoch
    for i in range(seeds.size):
        queue[i] = seeds[i]
        stamp[seeds[i]] = epoch
    head, tail, depth, weight, value, count = 0, seeds.size, 0, quality, 0.0, 0
    while head < tail:
        last = tail
        before = value
        value += _count(queue[head:last], weight, target, activation)
        add_round(by_round, depth, before, value)
        if depth == rounds:
            break
        while head < last:
            row = heads[queue[head]]
            first, rare, none = row["first"], row["rare"], row["none"]
            head += 1
            for k in range(first, first + row["likely"]):
                state += step
                other = slots[k]["own"] if uniform(state) < slots[k]["keep"] else no_node
                queue[tail] = other
                tail += stamp[other] != epoch
                stamp[other] = epoch
            first += row["likely"]
            for _ in range(row["parts"]):
                state += step
                left = uniform(state)
                while left > none:
                    state += step
                    at = uniform(state) * rare
                    place[count] = first + np.int64(at)
                    share[count] = at - np.int64(at)
                    count += 1
                    state += step
                    left *= uniform(state)
                    if count == place.size:
                        tail = _resolve(slots, points, count, stamp, epoch, queue, tail)
                        count = 0
            if head == last or count > place.size // 2:
                tail = _resolve(slots, points, count, stamp, epoch, queue, tail)
                count = 0
        depth += 1
        weight *= quality
    return value


@wraparound_njit
def run(rows, start, seed, first, values, activation, by_round):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Run the simulations from *first* on that fill *values*; add to *activation* and *by_round*."""
    heads, slots = rows
    seeds, rounds, target, quality = start
    stamp, queue = np.zeros(heads.size + 1, np.int32), np.empty(heads.size + 1, np.int32)
    points = np.empty(_BUFFER, np.int64), np.empty(_BUFFER)
    sums = activation, by_round
    for i in range(values.size):
        state, step = stream(seed, first + i)
        values[i] = _cascade(
            heads, slots, seeds, rounds, target, quality, state, step, stamp, i + 1, queue, points, sums
        )
