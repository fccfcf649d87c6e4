"""The plots of reach, of seeds, and of what finding them takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.reports.charts.diffusion import pilot_and_run, reach_by_round, spread_by_seeds
from influence_graph.reports.charts.distributions import histogram

if TYPE_CHECKING:
    from influence_graph.analyses.diffusion.spread import Spread
    from influence_graph.analyses.learning.credit import CreditSeeds
    from influence_graph.analyses.maximize.celf import CelfSeeds
    from influence_graph.analyses.maximize.estimate import RunEstimate
    from influence_graph.analyses.maximize.repair import KeptSets
    from influence_graph.analyses.maximize.result import Seeds
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.plots import Plot


def spread(result: Spread, names: NodeNames) -> Plot:
    """Return the reach by round with its interval."""
    del names
    return reach_by_round(result.by_round, len(result.parameters["seeds"]))


def seeds(result: Seeds, names: NodeNames) -> Plot:
    """Return the reach by number of seeds, and the certificate."""
    del names
    return spread_by_seeds(result.to_frame(), result.lower, result.upper)


def seeds_alone(result: CelfSeeds | CreditSeeds, names: NodeNames) -> Plot:
    """Return the reach by number of seeds."""
    del names
    return spread_by_seeds(result.to_frame())


def kept_sets(result: KeptSets, names: NodeNames) -> Plot:
    """Return how large the sets are."""
    del names
    halves = (("choose the seeds", result.sets.choose), ("judge them", result.sets.judge))
    sizes = {name: np.diff(half.offsets) for name, half in halves if half.count}
    return histogram(sizes, "nodes in a set", "sets", "Reverse-reachable sets")


def estimate(result: RunEstimate, names: NodeNames) -> Plot:
    """Return what the pilot certified and what the run will take."""
    del names
    return pilot_and_run((result.pilot_sets, result.pilot_ratio), result.rr_sets, str(result))
