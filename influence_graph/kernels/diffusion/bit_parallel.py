"""Independent cascades 64 at a time: for those that reach much of a graph along many edges.

The simulations are the lanes of a word: a node that is reached passes on in all its new lanes at once, and
one coin for all lanes of an edge is made from few random words, from the most significant bit of the
probability down, until each lane is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.streams import scrambled, stream, wrapping

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANES = 64
"""Simulations that share a random stream."""
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(2**64 - 1)
_LAST, _TOP = np.uint64(63), np.uint64(58)
_S11 = np.uint64(11)
_UNIT = 2.0**-53
_LIKELY = 0.3  # expected points above which tossing the coins of an edge is faster than waiting for a success
_PAIRS, _FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_EIGHTS, _BYTES = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_PLACE = np.zeros(64, np.int64)  # which bit a power of two is, by the top six bits of its product
with np.errstate(over="ignore"):
    for _bit in range(64):
        _PLACE[int((_ONE << np.uint64(_bit)) * _DE_BRUIJN >> _TOP)] = _bit


@wrapping
def _coins(need, threshold, state, step):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return which lanes of *need* succeed with probability (threshold + 1)/2^64, and the new state."""
    heads = _ZERO
    place = _LAST
    while need != _ZERO:
        state = state + step
        word = scrambled(state)
        bit = _ZERO - ((threshold >> place) & _ONE)
        heads |= need & bit & ~word
        need &= ~(word ^ bit)
        if place == _ZERO:
            return heads | need, state
        place -= _ONE
    return heads, state


@wrapping
def _number(mask):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return how many bits are set."""
    mask = mask - ((mask >> _ONE) & _PAIRS)
    mask = (mask & _FOURS) + ((mask >> np.uint64(2)) & _FOURS)
    mask = (mask + (mask >> np.uint64(4))) & _EIGHTS
    return np.int64((mask * _BYTES) >> np.uint64(56))


@wrapping
def _count(mask, worth, values):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add *worth* to the values of the lanes of *mask*; return their number."""
    lanes = 0
    while mask != _ZERO:
        low = mask & (_ZERO - mask)
        values[_PLACE[(low * _DE_BRUIJN) >> _TOP]] += worth
        mask ^= low
        lanes += 1
    return lanes


@wrapping
def _rest(state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return a number of the exponential distribution with mean 1, from the stream's *state*."""
    return -np.log(np.float64((scrambled(state) >> _S11) + _ONE) * _UNIT)


@wrapping
def _lane(mask, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the bit number *place* among those set in *mask*, counted from 0; 0 where it has fewer."""
    for _ in range(place):
        mask &= mask - _ONE
    return mask & (_ZERO - mask)


@wrapping
def _arrive(nodes, masks, front, worth, target, values, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Move the lanes in which *nodes* were reached from ``masks[:, 1]`` to *front*, and count them."""
    for i in range(nodes.size):
        node = nodes[i]
        front[i] = masks[node, 1]
        masks[node, 1] = _ZERO
        activation[node] += worth * _count(front[i], worth * target[node], values)


@wrapping
def _mark(other, lanes, masks, reached, size, touched):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Note that *other* is reached in *lanes*; sizes are how much of *reached* and *touched* is used."""
    new, used = size
    if masks[other, 1] == _ZERO:
        reached[new] = other
        new += 1
    if masks[other, 0] == _ZERO:
        touched[used] = other
        used += 1
    masks[other, 0] |= lanes
    masks[other, 1] |= lanes
    return new, used


@wrapping
def _pass_on(rows, start, end, front, masks, reached, size, touched, rest, state, step):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Toss the coins of the out-edges *start* to *end* of a node in the lanes of *front*.

    An edge that is likely to pass on in some lane has its coins tossed. Of the others, the next success
    is where a Poisson process with rate -ln(1-p) per edge and lane has its next point: no coin for the
    many that fail, nor a look at their targets. *rest* is how far off that is; having no memory, the
    process goes on from one node to the next.
    """
    indices, threshold, rate = rows
    lanes = _number(front)
    for k in range(start, end):
        span = lanes * rate[k]
        if span > _LIKELY:
            need = front & ~masks[indices[k], 0]
            if need != _ZERO:
                heads, state = _coins(need, threshold[k], state, step)
                if heads != _ZERO:
                    size = _mark(indices[k], heads, masks, reached, size, touched)
            continue
        while rest < span:
            place = np.int64(rest / rate[k])
            lane = _lane(front, place) & ~masks[indices[k], 0]
            if lane != _ZERO:
                size = _mark(indices[k], lane, masks, reached, size, touched)
            state = state + step
            rest = (place + 1) * rate[k] + _rest(state)
        rest -= span
    return size, rest, state


@wrapping
def _independent(indptr, rows, start, seed, block, scratch, values, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run up to 64 simulations side by side; add to their *values*, and to *activation*."""
    seeds, rounds, target, quality = start
    masks, front, nodes, reached, touched = scratch
    state, step = stream(seed, block)
    everywhere = _ALL >> np.uint64(LANES - values.size)
    rest = _rest(state)
    size = seeds.size, seeds.size
    for i in range(seeds.size):
        nodes[i] = touched[i] = seeds[i]
        masks[seeds[i], 0] = masks[seeds[i], 1] = everywhere
    depth, worth = 0, quality
    while size[0] > 0:
        active = nodes[: size[0]]
        _arrive(active, masks, front, worth, target, values, activation)
        if depth == rounds:
            break
        size = 0, size[1]
        for i in range(active.size):
            low, high = indptr[active[i]], indptr[active[i] + 1]
            size, rest, state = _pass_on(rows, low, high, front[i], masks, reached, size, touched, rest, state, step)
        nodes, reached = reached, nodes
        depth, worth = depth + 1, worth * quality
    for i in range(size[1]):
        masks[touched[i], 0] = _ZERO


def _thresholds(probability: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return p·2⁶⁴ - 1: a word at or below it comes with probability p."""
    scaled = np.maximum(probability * 2.0**64, 1.0)
    certain = scaled >= 2.0**64
    threshold: NDArray[np.uint64] = np.where(certain, 1.0, scaled).astype(np.uint64) - _ONE
    threshold[certain] = _ALL
    return threshold


def prepared(
    indptr: NDArray[np.int64], indices: NDArray[np.integer], probability: NDArray[np.float64]
) -> tuple[NDArray[np.int64], tuple[NDArray[np.integer], NDArray[np.uint64], NDArray[np.float64]]]:
    """Return what ``run`` reads of the out-edges: starts of rows; targets, thresholds and rates of edges."""
    if not probability.all():  # an edge that never passes on has no threshold
        kept = probability > 0
        indptr = np.concatenate([[0], np.cumsum(kept)])[indptr]
        indices, probability = indices[kept], probability[kept]
    with np.errstate(divide="ignore"):
        return indptr, (indices, _thresholds(probability), -np.log1p(-probability))


@wrapping
def run(rows, start, seed, first, values, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Run the simulations from *first*, a multiple of 64, on that fill *values*; add to *activation*."""
    indptr, edges = rows
    nodes = indptr.size - 1
    masks, front = np.zeros((nodes, 2), np.uint64), np.empty(nodes, np.uint64)
    scratch = masks, front, np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.empty(nodes, np.int32)
    for low in range(0, values.size, LANES):
        block = (first + low) // LANES
        _independent(indptr, edges, start, seed, block, scratch, values[low : low + LANES], activation)
