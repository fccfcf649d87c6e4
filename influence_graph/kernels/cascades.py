"""Monte-Carlo cascades on CSR arrays: independent cascade (with negative opinions) and linear threshold.

Independent cascade runs 64 simulations, the lanes of a word, side by side: a node that is reached
passes on in all its new lanes at once, and one coin for all lanes of an edge is made from few random
words, from the most significant bit of the probability down, until each lane is decided. Negative
opinions need no tosses: given which edges are live, a node at distance d from the seeds is positive
with probability q^{d+1} whatever the ties, for its first active in-neighbour lies on a path of d edges
(Chen et al. 2011, https://doi.org/10.1137/1.9781611972818.33). That is what is summed.

Linear threshold draws a threshold per node and adds weights up without a branch, so that the
cache misses of a row overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.kernels.rr_streams import scrambled, stream, wrapping

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANES = 64
"""Simulations that share a random stream."""
_CHUNKS = 16  # parts of a run, each with sums of its own: what it gives does not depend on the threads
_HIGH = 1024.0  # base of the thresholds above which their last bits would be lost
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(2**64 - 1)
_LAST, _TOP = np.uint64(63), np.uint64(58)
_S11 = np.uint64(11)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_UNIT = 2.0**-53
_LIKELY = 0.3  # expected points above which tossing the coins of an edge is faster than waiting for a success
_PAIRS, _FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_EIGHTS, _BYTES = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_PLACE = np.zeros(64, np.int64)  # which bit a power of two is, by the top six bits of its product
with np.errstate(over="ignore"):
    for _bit in range(64):
        _PLACE[int((_ONE << np.uint64(_bit)) * _DE_BRUIJN >> _TOP)] = _bit


class Edges(NamedTuple):
    """The out-edges of each node: row ``i`` is ``indices[indptr[i]:indptr[i + 1]]``, with its probabilities."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.integer]
    probability: NDArray[np.float64]


class Start(NamedTuple):
    """Where cascades start and what they count: Σ_v target_v quality^{d(v)+1} over nodes reached in *rounds* steps.

    ``quality`` is 1 for models without negative opinions.
    """

    seeds: NDArray[np.int64]
    rounds: int
    target: NDArray[np.float64]
    quality: float


Run = Callable[[Start, np.uint64, int, "NDArray[np.float64]"], "NDArray[np.float64]"]
"""Fill the values of the simulations from a block on; return the summed activation of each node."""


class Outcome(NamedTuple):
    """The value of each simulation, and the mean activation of each node."""

    values: NDArray[np.float64]
    activation: NDArray[np.float64]


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


@wrapping
def _linear(indptr, indices, weight, start, key, base, filled, queue, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run one simulation; return its value and add to *activation*.

    ``filled[v] - base`` is the weight that has come in at v, or negative where v was not touched since
    *base* rose; v is reached when it gets to its threshold, drawn from (0, 1].
    """
    seeds, rounds, target, _ = start
    for i in range(seeds.size):
        queue[i] = seeds[i]
        filled[seeds[i]] = base + 1.5
    head, tail, depth, value = 0, seeds.size, 0, 0.0
    while head < tail:
        last = tail
        while head < last:
            node = queue[head]
            head += 1
            value += target[node]
            activation[node] += 1.0
            if depth == rounds:
                continue
            for k in range(indptr[node], indptr[node + 1]):
                other = indices[k]
                limit = base + np.float64((scrambled(key + np.uint64(other) * _GOLDEN) >> _S11) + _ONE) * _UNIT
                before = max(filled[other], base)
                after = before + weight[k]
                filled[other] = after
                queue[tail] = other
                tail += (before < limit) & (after >= limit)
        depth += 1
    return value


@wrapping
def _independent_blocks(indptr, rows, start, seed, first, scratch, values, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run the blocks of simulations from *first* on that fill *values*."""
    for low in range(0, values.size, LANES):
        block = first + low // LANES
        part = values[low : low + LANES]
        _independent(indptr, rows, start, seed, block, scratch, part, activation)


@wrapping
def _linear_blocks(indptr, indices, weight, start, seed, first, filled, queue, values, activation):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run the blocks of simulations from *first* on that fill *values*."""
    base = 0.0
    state = step = _ZERO
    for i in range(values.size):
        if i % LANES == 0:
            state, step = stream(seed, first + i // LANES)
        state = state + step
        if base > _HIGH:
            filled[:] = base = 0.0
        base += 2.0
        values[i] = _linear(indptr, indices, weight, start, scrambled(state), base, filled, queue, activation)


def _run_independent(edges: Edges) -> Run:
    """Return the run of independent cascades on *edges*."""
    indptr, indices, probability = edges
    if not probability.all():  # an edge that never passes on has no threshold
        kept = probability > 0
        indptr = np.concatenate([[0], np.cumsum(kept)])[indptr]
        indices, probability = indices[kept], probability[kept]
    with np.errstate(divide="ignore"):
        rows = indices, _thresholds(probability), -np.log1p(-probability)
    nodes = indptr.size - 1

    def run(start: Start, seed: np.uint64, first: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
        activation = np.zeros(nodes)
        scratch = (
            np.zeros((nodes, 2), np.uint64),
            np.empty(nodes, np.uint64),
            *(np.empty(nodes, np.int32) for _ in range(3)),
        )
        _independent_blocks(indptr, rows, start, seed, first, scratch, values, activation)
        return activation

    return run


def _thresholds(probability: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return p·2⁶⁴ - 1: a word at or below it comes with probability p."""
    scaled = np.maximum(probability * 2.0**64, 1.0)
    certain = scaled >= 2.0**64
    threshold: NDArray[np.uint64] = np.where(certain, 1.0, scaled).astype(np.uint64) - _ONE
    threshold[certain] = _ALL
    return threshold


def _run_linear(edges: Edges) -> Run:
    """Return the run of linear threshold on *edges*."""
    nodes = edges.indptr.size - 1

    def run(start: Start, seed: np.uint64, first: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
        activation, filled, queue = np.zeros(nodes), np.zeros(nodes), np.empty(nodes + 1, np.int32)
        _linear_blocks(*edges, start, seed, first, filled, queue, values, activation)
        return activation

    return run


def simulate(edges: Edges, start: Start, model: str, simulations: int, seed: int, threads: int) -> Outcome:
    """Return the value of each of *simulations* cascades and the mean activation of each node.

    Args:
        edges: Probabilities in [0, 1]; for ``"lt"`` those into a node sum to at most 1.
        start: Seeds, rounds, what a node counts.
        model: ``"ic"``, also for negative opinions, or ``"lt"``.
        simulations: 1 or more.
        seed: Whole number of at most 64 bits; with the number of simulations it determines the result.
        threads: Threads to use; more than 16 bring nothing.
    """
    blocks = -(-simulations // LANES)
    ends = np.linspace(0, blocks, min(_CHUNKS, blocks) + 1).astype(np.int64) * LANES
    values = np.zeros(simulations)
    run = _run_linear(edges) if model == "lt" else _run_independent(edges)

    def part(low: int, high: int) -> NDArray[np.float64]:
        return run(start, np.uint64(seed), low // LANES, values[low:high])

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(part, ends[:-1].tolist(), ends[1:].tolist()))
    return Outcome(values, np.sum(parts, axis=0) / simulations)
