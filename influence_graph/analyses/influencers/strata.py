"""The strata: communities so fine that before anybody does something their audience is like comparable people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.communities import communities
from influence_graph.analyses.influencers.evidence import BEFORE, E, O, evidence
from influence_graph.analyses.influencers.prior import fit
from influence_graph.analyses.influencers.world import scan, world_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from influence_graph.analyses.influencers.evidence import Evidence
    from influence_graph.analyses.influencers.inputs import Inputs
    from influence_graph.kernels.influencers.audience import World
    from influence_graph.model.parameters import InfluencerParameters

RESOLUTIONS = (1.0, 8.0)
"""What is tried where no resolution is given."""
_COMPARED = 2_000  # people by whom resolutions are compared, at least, where there are more
_LEAST_TESTED = 0.9
"""Strata with which fewer can be tested, relative to those with which most can, are too fine."""


def in_strata(
    inputs: Inputs,
    options: InfluencerParameters,
    given: NDArray[np.int64] | None,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> tuple[World, Evidence, float | None]:
    """Return world and evidence in the strata *given*, or in those communities in which homophily is least.

    Returns:
        The resolution of the communities, None for given strata, comes last.
    """
    if given is not None:
        return *_tried(inputs, options, given, threads, progress), None
    tried = [options.resolution] if options.resolution is not None else list(RESOLUTIONS)
    strata = [communities(inputs.graph, each, options.seed, trials=1).community - 1 for each in tried]
    every = max(1, inputs.graph.number_of_nodes // _COMPARED)
    if len(tried) > 1 and every > 1:
        looks = [_tried(inputs, options, stratum, threads, None, every)[1] for stratum in strata]
        best = _best(looks)
        return *_tried(inputs, options, strata[best], threads, progress), tried[best]
    full = [_tried(inputs, options, stratum, threads, progress) for stratum in strata]
    best = _best([one for _, one in full])
    return *full[best], tried[best]


def _best(tried: list[Evidence]) -> int:
    """Return which of *tried* has the least homophily, of those with which about as many can be tested as with any."""
    tested = [int(one.testable.sum()) for one in tried]
    enough = [n for n, number in enumerate(tested) if number >= _LEAST_TESTED * max(tested)]
    return min(enough, key=lambda n: homophily(tried[n]))


def _tried(
    inputs: Inputs,
    options: InfluencerParameters,
    stratum: NDArray[np.int64],
    threads: int,
    progress: Callable[[int, int], None] | None,
    every: int = 1,
) -> tuple[World, Evidence]:
    world = world_of(inputs, stratum, options.lags)
    return world, evidence(scan(world, threads, progress, every))


def homophily(evidence: Evidence) -> float:
    """Return m over all lags together: 1 where the strata explain what audiences take up; ∞ where none is known."""
    before = evidence.sums[:, :, BEFORE, :].sum(axis=1)
    prior = fit(before[:, O], before[:, E])
    return np.inf if prior is None else prior.mean
