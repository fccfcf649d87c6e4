"""Monte-Carlo cascades on CSR arrays: independent cascade (with negative opinions) and linear threshold.

Independent cascade has two methods, of which a pilot run chooses the faster: ``poisson_sampling`` and
``bit_parallel``. The result depends on the seed, not on the number of threads.

Negative opinions need no random numbers: given the live edges, a node at distance d from the seeds is positive with
probability q^{d+1} however ties are broken, for its first active in-neighbor lies on a path of d edges
(Chen et al. 2011, https://doi.org/10.1137/1.9781611972818.33). These are summed.

Linear threshold draws a threshold per node and sums weights without a branch, so that the cache
misses of a row overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.kernels.diffusion import bit_parallel, poisson_sampling
from influence_graph.kernels.diffusion.rounds import add_round, empty
from influence_graph.kernels.streams import GOLDEN_GAMMA, mix64, stream, wraparound_njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHUNKS = 16  # parts of a run with sums of their own, so that the result does not depend on the threads
_MAX_BASE = 1024.0  # of the thresholds: above it their last bits would be lost
_S11, _ONE = np.uint64(11), np.uint64(1)
_UNIT = 2.0**-53
_MAX_LIVE = 3.0  # live edges per node reached above which bit-parallel cascades are faster
_PILOTS = 4  # cascades of the pilot run
_PILOT_STREAM = 1 << 62  # index of their first stream: none of them is part of the result


class Edges(NamedTuple):
    """The out-edges of each node: row ``i`` is ``indices[indptr[i]:indptr[i + 1]]``, with its probabilities."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.integer]
    probability: NDArray[np.float64]


class Start(NamedTuple):
    """Where cascades start and their value: Σ_v target_v quality^{d(v)+1} over nodes reached in *rounds* steps.

    ``quality`` is 1 for models without negative opinions.
    """

    seeds: NDArray[np.int64]
    rounds: int
    target: NDArray[np.float64]
    quality: float


Run = Callable[[Start, np.uint64, int, "NDArray[np.float64]"], "tuple[NDArray[np.float64], NDArray[np.float64]]"]
"""Fill the values of the simulations from a number on; return the summed activation of each node, and by round."""


class Outcome(NamedTuple):
    """The value of each simulation, the mean activation of each node, and the values by round.

    ``by_round`` is float64 (32, 2): the sum over the simulations of their values by the end of each round, and of the
    squares; the last row is that at the end of all rounds.
    """

    values: NDArray[np.float64]
    activation: NDArray[np.float64]
    by_round: NDArray[np.float64]


@wraparound_njit
def _linear(indptr, indices, weight, start, key, base, filled, queue, activation, by_round):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run one simulation; return its value and add to *activation* and *by_round*.

    ``filled[v] - base`` is the active weight into v, or negative where v was not touched since *base* rose;
    v is reached when that is at least its threshold, drawn from (0, 1].
    """
    seeds, rounds, target, _ = start
    for i in range(seeds.size):
        queue[i] = seeds[i]
        filled[seeds[i]] = base + 1.5
    head, tail, depth, value = 0, seeds.size, 0, 0.0
    while head < tail:
        last, before_round = tail, value
        while head < last:
            node = queue[head]
            head += 1
            value += target[node]
            activation[node] += 1.0
            if depth == rounds:
                continue
            for k in range(indptr[node], indptr[node + 1]):
                other = indices[k]
                limit = base + np.float64((mix64(key + np.uint64(other) * GOLDEN_GAMMA) >> _S11) + _ONE) * _UNIT
                before = max(filled[other], base)
                after = before + weight[k]
                filled[other] = after
                queue[tail] = other
                tail += (before < limit) & (after >= limit)
        add_round(by_round, depth, before_round, value)
        depth += 1
    return value


@wraparound_njit
def _linear_part(indptr, indices, weight, start, seed, first, filled, queue, values, activation, by_round):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Run the simulations from *first* on that fill *values*."""
    base = 0.0
    for i in range(values.size):
        if base > _MAX_BASE:
            filled[:] = base = 0.0
        base += 2.0
        key, _ = stream(seed, first + i)
        values[i] = _linear(indptr, indices, weight, start, key, base, filled, queue, activation, by_round)


def _run_independent(edges: Edges, start: Start, seed: np.uint64) -> Run:
    """Return the faster run of independent cascades on *edges*, by the live edges per node that cascades reach."""
    nodes = edges.indptr.size - 1
    sparse = _summed(poisson_sampling.run, poisson_sampling.prepare(*edges), nodes)
    reached, _ = sparse(start._replace(quality=1.0), seed, _PILOT_STREAM, np.empty(_PILOTS))
    before = np.concatenate([[0.0], np.cumsum(edges.probability)])
    live = before[edges.indptr[1:]] - before[edges.indptr[:-1]]
    if (reached * live).sum() <= _MAX_LIVE * reached.sum():  # not @, which would start the threads of BLAS
        return sparse
    return _summed(bit_parallel.run, bit_parallel.prepare(*edges), nodes)


def _summed(kernel: Callable[..., None], rows: tuple[object, object], nodes: int) -> Run:
    """Return the run of *kernel* on *rows*, with sums of its own."""

    def run(
        start: Start, seed: np.uint64, first: int, values: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        activation, by_round = np.zeros(nodes), empty()
        kernel(rows, start, seed, first, values, activation, by_round)
        return activation, by_round

    return run


def _run_linear(edges: Edges) -> Run:
    """Return the run of linear threshold on *edges*."""
    nodes = edges.indptr.size - 1

    def run(
        start: Start, seed: np.uint64, first: int, values: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        activation, by_round = np.zeros(nodes), empty()
        filled, queue = np.zeros(nodes), np.empty(nodes + 1, np.int32)
        _linear_part(*edges, start, seed, first, filled, queue, values, activation, by_round)
        return activation, by_round

    return run


def simulate(edges: Edges, start: Start, model: str, simulations: int, seed: int, threads: int) -> Outcome:
    """Return the value of each of *simulations* cascades, the mean activation of each node, and the sums by round.

    Args:
        edges: Probabilities in [0, 1]; for ``"lt"`` those into a node sum to at most 1.
        start: Seeds, rounds and the value of each node.
        model: ``"ic"``, also for negative opinions, or ``"lt"``.
        simulations: 1 or more.
        seed: Whole number of at most 64 bits; with the number of simulations it determines the result.
        threads: Threads to use, at most 16 of them.
    """
    blocks = -(-simulations // bit_parallel.LANES)
    ends = np.linspace(0, blocks, min(_CHUNKS, blocks) + 1).astype(np.int64) * bit_parallel.LANES
    values, activation, gains = np.zeros(simulations), np.zeros(edges.indptr.size - 1), empty()
    run = _run_linear(edges) if model == "lt" else _run_independent(edges, start, np.uint64(seed))

    def part(low: int, high: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return run(start, np.uint64(seed), low, values[low:high])

    with ThreadPoolExecutor(threads) as pool:
        for each in pool.map(part, ends[:-1].tolist(), ends[1:].tolist()):
            activation += each[0]
            gains += each[1]
    return Outcome(values, activation / simulations, np.cumsum(gains, axis=0))
