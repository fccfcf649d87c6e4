"""Independent cascades one after the other, at the cost of what they pass on: for those that stay small.

Which edges of a row are live is not asked edge by edge: points of a Poisson process with rate -ln(1-p) per
edge fall on the row, and an edge is live where at least one fell, so with probability p whatever fell on
the others. How many fall is counted by multiplying uniform numbers until the product is below e^-rate
(Knuth 1969); on which edge each fell is drawn from a table (Walker 1974, https://doi.org/10.1049/el:19740097).
Likely edges have a coin each. Where points fell is kept until some are there, so that the cache misses of
their targets overlap, and targets are appended without a branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.streams import alias, stream, uniform, wrapping

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LIKELY = 0.6  # probability above which a coin is faster than points
_MOST = 500.0  # expected points of a part of a row: e^-500 is far from underflow
_TRIALS = 128  # points that wait for their targets together
_HEAD = np.dtype(
    [("first", np.int64), ("none", np.float64), ("likely", np.int32), ("rare", np.int32), ("parts", np.int64)]
)
_SLOT = np.dtype([("keep", np.float64), ("own", np.int32), ("other", np.int32)])


@wrapping
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
        keep, other = alias(slots["keep"][middle:end] / total[v] * (end - middle))
        for i in range(end - middle):
            slot = slots[middle + i]
            slot["keep"], slot["other"] = keep[i], slots[middle + other[i]]["own"]
    return total


def prepared(
    indptr: NDArray[np.int64], indices: NDArray[np.integer], probability: NDArray[np.float64]
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Return what ``run`` reads of the out-edges *indices* with their *probability*: heads of rows, slots of edges.

    A row has its likely edges first: a slot is taken with chance ``keep``, else nothing (node n) is reached. Those
    of the others are an alias table. e^-rate of a row is ``none`` to the power of ``parts``.
    """
    heads, slots = np.zeros(indptr.size - 1, _HEAD), np.zeros(indices.size, _SLOT)
    with np.errstate(divide="ignore"):
        rate = -np.log1p(-probability)
    total = _rows(indptr, indices, probability, rate, heads, slots)
    heads["parts"] = np.maximum(np.ceil(total / _MOST), 1.0)  # 1 for sinks too: a branch less to guess
    heads["none"] = np.exp(-total / heads["parts"])
    return heads, slots


@wrapping
def _settle(slots, trials, count, stamp, epoch, queue, tail):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Append to *queue* what the first *count* trials reach for the first time; return its new end."""
    place, share = trials
    for i in range(count):
        slot = slots[place[i]]
        other = slot["own"] if share[i] < slot["keep"] else slot["other"]
        queue[tail] = other
        tail += stamp[other] != epoch
        stamp[other] = epoch
    return tail


@wrapping
def _count(nodes, worth, target, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add *worth* to the activation of *nodes*; return what they count."""
    value = 0.0
    for i in range(nodes.size):
        activation[nodes[i]] += worth
        value += target[nodes[i]]
    return worth * value


@wrapping
def _cascade(heads, slots, seeds, rounds, target, quality, state, step, stamp, epoch, queue, trials, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run one simulation; return its value and add to *activation*. A node is reached where its stamp is *epoch*."""
    place, share = trials
    nobody = heads.size
    stamp[nobody] = epoch
    for i in range(seeds.size):
        queue[i] = seeds[i]
        stamp[seeds[i]] = epoch
    head, tail, depth, worth, value, count = 0, seeds.size, 0, quality, 0.0, 0
    while head < tail:
        last = tail
        value += _count(queue[head:last], worth, target, activation)
        if depth == rounds:
            break
        while head < last:
            row = heads[queue[head]]
            first, rare, none = row["first"], row["rare"], row["none"]
            head += 1
            for k in range(first, first + row["likely"]):
                state += step
                other = slots[k]["own"] if uniform(state) < slots[k]["keep"] else nobody
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
                        tail = _settle(slots, trials, count, stamp, epoch, queue, tail)
                        count = 0
            if head == last or count > place.size // 2:
                tail = _settle(slots, trials, count, stamp, epoch, queue, tail)
                count = 0
        depth += 1
        worth *= quality
    return value


@wrapping
def run(rows, start, seed, first, values, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Run the simulations from *first* on that fill *values*; add to *activation*."""
    heads, slots = rows
    seeds, rounds, target, quality = start
    stamp, queue = np.zeros(heads.size + 1, np.int32), np.empty(heads.size + 1, np.int32)
    trials = np.empty(_TRIALS, np.int64), np.empty(_TRIALS)
    for i in range(values.size):
        state, step = stream(seed, first + i)
        values[i] = _cascade(
            heads, slots, seeds, rounds, target, quality, state, step, stamp, i + 1, queue, trials, activation
        )
