"""Influence maximisation with a certificate: OPIM-C on reverse-reachable sets."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.maximize.certificate import (
    Certificate,
    Certified,
    Kept,
    binomial_lower,
    binomial_upper,
)
from influence_graph.analyses.maximize.problem import Problem, Stop
from influence_graph.kernels import coverage, rr_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIRST = 1024  # sets of a half in the first round
_ROUNDS = 20


def solve(problem: Problem, stop: Stop, seed: int, progress: Callable[[Certificate], None] | None = None) -> Certified:
    """Return nodes that maximise f, with bounds that hold with probability 1 - δ.

    Args:
        problem: What to maximise.
        stop: When to end.
        seed: From 0 to 2^63 - 1; the answer is a function of problem, stop and seed, but for limits of time.
        progress: Called with the certificate of each round.
    """
    started = time.perf_counter()
    seeds = (2 * seed, 2 * seed + 1)
    sampler = rr_sets.sampler_of(problem.reverse, problem.model, problem.quality, problem.target)
    total = float(problem.weights.sum())
    won = np.zeros(problem.nodes, np.bool_)
    won[problem.won] = True
    delta = stop.delta / (2 * _ROUNDS)
    halves = [rr_sets.draw(sampler, s, np.arange(0), 1) for s in seeds]
    for i in range(_ROUNDS):
        size = _FIRST << i
        which = np.arange(halves[0].count, size)
        halves = [
            rr_sets.concatenated(h, rr_sets.draw(sampler, s, which, stop.threads))
            for h, s in zip(halves, seeds, strict=True)
        ]
        covered = [coverage.hit(h.offsets, h.members, won) for h in halves]
        best = coverage.greedy(halves[0], problem.nodes, problem.k, problem.allowed, covered[0])
        gains = _judged(halves[1], covered[1], problem.nodes, best.chosen)
        lower = binomial_lower(gains.sum(), size, delta) * total
        upper = binomial_upper(best.upper, size, delta) * total
        found = Certificate(lower, upper, gains.sum() * total / size, 2 * size, time.perf_counter() - started)
        if progress is not None:
            progress(found)
        if found.ratio >= (stop.ratio or 1 - 1 / np.e - stop.epsilon) and i > 5:
            break
    kept = Kept(halves[0], halves[1], seeds, None)
    memory = sum(half.nbytes for half in halves)
    return Certified(best.chosen, gains * total / size, found, "ratio", kept, memory)


def _judged(sets: rr_sets.RRSets, covered: NDArray[np.bool_], n: int, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sets newly covered by each of *chosen*."""
    rank = np.full(n, -1)
    rank[chosen] = np.arange(chosen.size)
    return coverage.first_hits(sets.offsets, sets.members, rank, chosen.size, covered)
