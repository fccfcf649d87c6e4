"""Bit-parallel independent cascades, 64 at once: for those that reach much of a graph along many edges.

Each simulation is a lane, one bit of a 64-bit word: a node that is reached activates its neighbors in all its new
lanes at once. The Bernoulli trials of an edge in all lanes are made from few random words, from the most
significant bit of the probability down, until each lane is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.diffusion.rounds import add_round
from influence_graph.kernels.streams import mix64, stream, wraparound_njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANES = 64
"""Simulations per word; they share a random stream."""
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(2**64 - 1)
_HIGHEST_BIT, _INDEX_SHIFT = np.uint64(63), np.uint64(58)
_S11 = np.uint64(11)
_UNIT = 2.0**-53
_DENSE = 0.3  # expected successes of an edge above which a trial per lane is faster than skipping to the next success
_PAIRS, _FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_EIGHTS, _BYTES = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_BIT_INDEX = np.zeros(64, np.int64)  # which bit a power of two is, by the top six bits of its product
with np.errstate(over="ignore"):
    for _bit in range(64):
        _BIT_INDEX[int((_ONE << np.uint64(_bit)) * _DE_BRUIJN >> _INDEX_SHIFT)] = _bit


@wraparound_njit
def _bernoulli(need, threshold, state, step):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return which lanes of *need* succeed with probability (threshold + 1)/2^64, and the new state."""
    success = _ZERO
    place = _HIGHEST_BIT
    while need != _ZERO:
        state = state + step
        word = mix64(state)
        bit = _ZERO - ((threshold >> place) & _ONE)
        success |= need & bit & ~word
        need &= ~(word ^ bit)
        if place == _ZERO:
            return success | need, state
        place -= _ONE
    return success, state


@wraparound_njit
def _popcount(mask):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the number of set bits."""
    mask = mask - ((mask >> _ONE) & _PAIRS)
    mask = (mask & _FOURS) + ((mask >> np.uint64(2)) & _FOURS)
    mask = (mask + (mask >> np.uint64(4))) & _EIGHTS
    return np.int64((mask * _BYTES) >> np.uint64(56))


@wraparound_njit
def _add_to_lanes(mask, weight, values):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add *weight* to the values of the lanes of *mask*; return their number."""
    lanes = 0
    while mask != _ZERO:
        low = mask & (_ZERO - mask)
        values[_BIT_INDEX[(low * _DE_BRUIJN) >> _INDEX_SHIFT]] += weight
        mask ^= low
        lanes += 1
    return lanes


@wraparound_njit
def _exponential(state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return an exponentially distributed number of mean 1, from the stream's *state*."""
    return -np.log(np.float64((mix64(state) >> _S11) + _ONE) * _UNIT)


@wraparound_njit
def _nth_bit(mask, n):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the *n*-th set bit of *mask*, counted from 0; 0 where it has fewer."""
    for _ in range(n):
        mask &= mask - _ONE
    return mask & (_ZERO - mask)


@wraparound_njit
def _collect(nodes, masks, new_lanes, weight, target, values, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Move the lanes in which *nodes* were reached from ``masks[:, 1]`` to *new_lanes*, and add up their values."""
    for i in range(nodes.size):
        node = nodes[i]
        new_lanes[i] = masks[node, 1]
        masks[node, 1] = _ZERO
        activation[node] += weight * _add_to_lanes(new_lanes[i], weight * target[node], values)


@wraparound_njit
def _mark_reached(other, lanes, masks, reached, size, touched):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Mark *other* as reached in *lanes*; *size* says how much of *reached* and *touched* is in use."""
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


@wraparound_njit
def _activate_neighbors(rows, start, end, new_lanes, masks, reached, size, touched, gap, state, step):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Make the trials of the out-edges *start* to *end* of a node in the lanes of *new_lanes*.

    An edge that probably succeeds in some lane has one trial per lane. Of the others, the next success is
    where a Poisson process with rate -ln(1-p) per edge and lane has its next point: no trial for the many
    that fail, and their targets are not read. *gap* is the distance to that point; the process has no
    memory, so it continues from one node to the next.
    """
    indices, threshold, rate = rows
    lanes = _popcount(new_lanes)
    for k in range(start, end):
        span = lanes * rate[k]
        if span > _DENSE:
            need = new_lanes & ~masks[indices[k], 0]
            if need != _ZERO:
                success, state = _bernoulli(need, threshold[k], state, step)
                if success != _ZERO:
                    size = _mark_reached(indices[k], success, masks, reached, size, touched)
            continue
        while gap < span:
            trial = np.int64(gap / rate[k])
            lane = _nth_bit(new_lanes, trial) & ~masks[indices[k], 0]
            if lane != _ZERO:
                size = _mark_reached(indices[k], lane, masks, reached, size, touched)
            state = state + step
            gap = (trial + 1) * rate[k] + _exponential(state)
        gap -= span
    return size, gap, state


@wraparound_njit
def _run_block(indptr, rows, start, seed, block, scratch, values, activation, by_round):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run up to 64 simulations at once; add to their *values*, to *activation* and to *by_round*."""
    seeds, rounds, target, quality = start
    masks, new_lanes, nodes, reached, touched, before = scratch
    state, step = stream(seed, block)
    all_lanes = _ALL >> np.uint64(LANES - values.size)
    gap = _exponential(state)
    size = seeds.size, seeds.size
    for i in range(seeds.size):
        nodes[i] = touched[i] = seeds[i]
        masks[seeds[i], 0] = masks[seeds[i], 1] = all_lanes
    depth, weight = 0, quality
    while size[0] > 0:
        active = nodes[: size[0]]
        before[: values.size] = values
        _collect(active, masks, new_lanes, weight, target, values, activation)
        for lane in range(values.size):
            add_round(by_round, depth, before[lane], values[lane])
        if depth == rounds:
            break
        size = 0, size[1]
        for i in range(active.size):
            low, high = indptr[active[i]], indptr[active[i] + 1]
            size, gap, state = _activate_neighbors(
                rows, low, high, new_lanes[i], masks, reached, size, touched, gap, state, step
            )
        nodes, reached = reached, nodes
        depth, weight = depth + 1, weight * quality
    for i in range(size[1]):
        masks[touched[i], 0] = _ZERO


def _thresholds(probability: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return p·2⁶⁴ - 1: a word at or below it comes with probability p."""
    scaled = np.maximum(probability * 2.0**64, 1.0)
    certain = scaled >= 2.0**64
    threshold: NDArray[np.uint64] = np.where(certain, 1.0, scaled).astype(np.uint64) - _ONE
    threshold[certain] = _ALL
    return threshold


def prepare(
    indptr: NDArray[np.int64], indices: NDArray[np.integer], probability: NDArray[np.float64]
) -> tuple[NDArray[np.int64], tuple[NDArray[np.integer], NDArray[np.uint64], NDArray[np.float64]]]:
    """Return what ``run`` reads of the out-edges: starts of rows; targets, thresholds and rates of edges."""
    if not probability.all():  # an edge of probability 0 has no threshold
        kept = probability > 0
        indptr = np.concatenate([[0], np.cumsum(kept)])[indptr]
        indices, probability = indices[kept], probability[kept]
    with np.errstate(divide="ignore"):
        return indptr, (indices, _thresholds(probability), -np.log1p(-probability))


@wraparound_njit
def run(rows, start, seed, first, values, activation, by_round):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Run the simulations from *first*, a multiple of 64, on that fill *values*; add to *activation* and *by_round*."""
    indptr, edges = rows
    nodes = indptr.size - 1
    masks, new_lanes = np.zeros((nodes, 2), np.uint64), np.empty(nodes, np.uint64)
    queues = np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.empty(nodes, np.int32)
    scratch = masks, new_lanes, queues[0], queues[1], queues[2], np.empty(LANES)
    for low in range(0, values.size, LANES):
        block = (first + low) // LANES
        _run_block(indptr, edges, start, seed, block, scratch, values[low : low + LANES], activation, by_round)
