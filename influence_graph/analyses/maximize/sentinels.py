"""Seeds chosen early, at which reverse-reachable sets can stop (HIST: Guo, Wang, Wei, Chen 2020).

Where influence is high a set holds a good part of the graph. Once a few seeds are fixed, a set that hits one of
them counts as covered whatever else is in it, so it is not drawn further. The bounds hold all the same: all
chosen sets contain these seeds, and a set that stopped counts as covered for the best choice too
(https://doi.org/10.1145/3318464.3389740).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.maximize import coverage, rr_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.maximize.problem import Problem

_PILOTS = 64, 1024  # whole sets that are drawn to see how large they are; the second number where the first are small
_LARGE = 16.0  # members in the mean from which sentinels pay
_SHARE = 16  # one seed in so many is a sentinel
_CANDIDATES = 8  # nodes that are compared for each sentinel
_COMPARED_ON = 4096  # sets


def pilot(sampler: rr_sets.Sampler, seed: int) -> rr_sets.RRSets:
    """Return a few sets, from which size and sentinels are judged."""
    few, more = _PILOTS
    sets = rr_sets.draw(sampler, seed, np.arange(few))
    return sets if _large(sets) else rr_sets.draw(sampler, seed, np.arange(more))


def _large(sets: rr_sets.RRSets) -> bool:
    return sets.members.size >= _LARGE * sets.count


def sentinels(problem: Problem, sampler: rr_sets.Sampler, pilot_sets: rr_sets.RRSets, seed: int) -> NDArray[np.int64]:
    """Return the seeds to stop at, none where the *pilot_sets* are small.

    For each sentinel the nodes that are in most open sets are the candidates; of nodes that are in as many, those
    with the most out-edges, since they are hit soonest. None where nodes cost or some are won: sets that stop there
    would not be known to be covered.
    """
    if not _large(pilot_sets) or problem.k < 1 or problem.costs is not None or problem.won.size:
        return np.empty(0, np.int64)
    degree = np.bincount(problem.reverse.indices, minlength=problem.nodes)
    stop = np.zeros(problem.nodes, np.bool_)
    chosen: list[int] = []
    sets = pilot_sets
    for i in range(max(1, problem.k // _SHARE)):
        which = np.arange((i + 1) * _COMPARED_ON, (i + 2) * _COMPARED_ON)
        open_sets = ~coverage.hit(sets.offsets, sets.members, stop)
        held = np.repeat(open_sets, np.diff(sets.offsets))
        count = np.bincount(sets.members[held], minlength=problem.nodes)
        rank = np.where(problem.allowed & ~stop, count + degree / (degree.max() + 1.0), -1.0)
        candidates = np.argsort(-rank, kind="stable")[: min(_CANDIDATES, int(problem.allowed.sum()) - i)]
        chosen.append(_best(sampler, seed, which, stop, candidates))
        stop[chosen[-1]] = True
        sets = rr_sets.draw(sampler._replace(stop=stop), seed, which)
    return np.array(chosen)


def _best(
    sampler: rr_sets.Sampler,
    seed: int,
    which: NDArray[np.int64],
    stop: NDArray[np.bool_],
    candidates: NDArray[np.int64],
) -> int:
    """Return the one of *candidates* that together with *stop* hits most of the sets *which*, each drawn only so far.

    All are compared on the same sets, since a set is a function of its index, and stopping only cuts it short.
    """
    hits = []
    for candidate in candidates:
        ends = stop.copy()
        ends[candidate] = True
        sets = rr_sets.draw(sampler._replace(stop=ends), seed, which)
        hits.append(int(np.count_nonzero(coverage.hit(sets.offsets, sets.members, ends))))
    return int(candidates[np.argmax(hits)])
