"""How far influence spreads from some seeds: Monte Carlo simulation with standard errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from influence_graph.analyses.checks import is_whole, require, seed_of, threads_of
from influence_graph.analyses.diffusion.process import Process, Seeds, Target, process_of
from influence_graph.analyses.frames import named, ordered
from influence_graph.analyses.result import Displayed
from influence_graph.kernels.diffusion import cascades
from influence_graph.model.csr import row_of_each
from influence_graph.model.parameters import ReachParameters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

_MAX_SIMULATIONS = 10**9  # simulations: 8 bytes each
_LEVEL = 0.975
_Z = 1.959963984540054


@dataclass(frozen=True, eq=False, repr=False)
class Spread(Displayed):
    """The estimated reach of some seeds.

    Attributes:
        mean: Mean of Σ_v target_v over the nodes reached (positive ones, for ``"ic-n"``).
        std_error: Standard error of ``mean``. Where all simulations agree though chance is involved, it is that of
            one more node reached in one of them: rarer events cannot be seen.
        low: Low end of the 95 % interval of the true mean by Student's t; ``mean`` where nothing is random.
        high: High end of it.
        simulations: How many were run.
        activation: float64 per node: estimated probability of being reached (positive, for ``"ic-n"``) in time.
        ids: Id of each node.
        labels: Label of each node, or None.
        parameters: The parameters, as JSON values; ``seed`` repeats the run.
        digest: Digest of the graph.
        by_round: round, reach, low, high: the mean by the end of each of the first 30 rounds, from the same
            simulations, with its 95 % interval; it never falls.
    """

    mean: float
    std_error: float
    low: float
    high: float
    simulations: int
    activation: NDArray[np.float64]
    ids: NDArray[np.object_]
    labels: NDArray[np.object_] | None
    parameters: Mapping[str, Any]
    digest: str
    by_round: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels), activation, low and high; most likely first.

        ``low`` and ``high`` are Wilson's 95 % interval of the activation (1927,
        https://doi.org/10.1080/01621459.1927.10502953), wider than needed for ``"ic-n"``. Equals are ordered by id.
        """
        low, high = _wilson(self.activation, self.simulations)
        columns = {**named(self.ids, self.labels), "activation": self.activation, "low": low, "high": high}
        return ordered(columns, "activation")

    def _figures(self) -> Mapping[str, object]:
        ends = {"low": self.low, "high": self.high}
        return {"mean": self.mean, "std_error": self.std_error, **ends, "simulations": self.simulations}


def spread(  # noqa: PLR0913 - the contract of the library; the rest by name
    graph: Graph,
    seeds: Seeds,
    model: str = ReachParameters.model,
    quality: float | None = ReachParameters.quality,
    simulations: int = ReachParameters.simulations,
    seed: int | np.random.Generator | None = ReachParameters.seed,
    *,
    deadline: int | None = ReachParameters.deadline,
    target: Target | None = None,
    threads: int | None = None,
) -> Spread:
    """Return how many nodes *seeds* reach on average, with its standard error.

    ``"ic"``: a node, once reached, passes on along each out-edge once, with the probability that is its weight.
    ``"lt"``: a node is reached when the weights of its in-neighbors that are reached reach a threshold
    drawn uniformly from (0, 1]. Both: Kempe, Kleinberg, Tardos 2003, https://doi.org/10.1145/956750.956769.
    ``"ic-n"``: as ic; a seed, or a node reached by a positive one, is positive with probability *quality*,
    one reached by a negative one is negative; positive nodes count. Chen et al. 2011,
    https://doi.org/10.1137/1.9781611972818.33.

    Args:
        graph: Graph whose weights are probabilities, none the sum of parallel edges; for ``"lt"`` those
            into a node sum to at most 1.
        seeds: Ids of the nodes that are active at the start, or pairs ``(label, id)``.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``.
        quality: In (0, 1], for ``"ic-n"`` only.
        simulations: From 2 to 10⁹; the standard error falls with their root.
        seed: Seed or generator; the result is a function of it, whatever the number of threads.
        deadline: Rounds after which a cascade ends; seeds are reached in round 0. Default: none.
        target: What each node counts, ≥ 0: array in the order of ``graph.ids``, or mapping or Series from id (0 for
            the rest). Default: 1 each.
        threads: Threads to use, default one per processor.

    Raises:
        InputError: The graph is empty, a weight is no probability, or an argument is out of its limits.
        NotFound: A seed is not in the graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> reached = spread(Graph.from_edges(["june", "annie"], ["annie", "sam"], [1.0, 0.5]), ["june"], seed=1)
        >>> reached.activation[:2].tolist(), abs(reached.mean - 2.5) < 0.03
        ([1.0, 1.0], True)
    """
    process = process_of(graph, seeds, model, quality, deadline, target)
    within = is_whole(simulations) and 2 <= simulations <= _MAX_SIMULATIONS
    require(within, "simulations", simulations, f"a whole number from 2 to {_MAX_SIMULATIONS:,}", "use 10_000")
    simulations, start = int(simulations), seed_of(seed)
    values, activation, by_round = _simulated(graph, process, simulations, start, threads_of(threads))
    mean = math.fsum(values) / simulations  # not by numpy, whose sums depend on where an array lies in memory
    error = math.sqrt(math.fsum((values - mean) ** 2) / (simulations - 1) / simulations)
    if error == 0.0:
        error = _unseen(graph, process, activation) / simulations
    parameters = {**process.parameters(graph), "simulations": simulations, "seed": start}
    ends = _interval(mean, error, simulations)
    rounds = _rounds(by_round[:-1], simulations, process.deadline)
    figures = mean, error, *ends, simulations, activation
    return Spread(*figures, graph.ids, graph.labels, parameters, graph.digest, rounds)


def _simulated(graph: Graph, process: Process, simulations: int, seed: int, threads: int) -> cascades.Outcome:
    nodes = graph.number_of_nodes
    edges = cascades.Edges(graph.indptr, graph.indices, graph.edge_weights())
    rounds = nodes if process.deadline is None else min(process.deadline, nodes)
    target = np.ones(nodes) if process.target is None else process.target
    quality = 1.0 if process.quality is None else process.quality
    start = cascades.Start(process.seeds, rounds, target, quality)
    return cascades.simulate(edges, start, process.model, simulations, seed, threads)


def _rounds(sums: NDArray[np.float64], simulations: int, deadline: int | None) -> pd.DataFrame:
    """Return the frame of ``Spread.by_round`` from the *sums* of values, and of squares, by the end of each round."""
    kept = sums[: sums.shape[0] if deadline is None else deadline + 1]
    mean = kept[:, 0] / simulations
    variance = np.maximum(kept[:, 1] - simulations * mean**2, 0.0) / (simulations - 1)
    half = float(stdtrit(simulations - 1, _LEVEL)) * np.sqrt(variance / simulations)
    return pd.DataFrame({"round": np.arange(mean.size), "reach": mean, "low": mean - half, "high": mean + half})


def _unseen(graph: Graph, process: Process, activation: NDArray[np.float64]) -> float:
    """Return the largest target of a node that could have been reached but was not in every run, 0 if there is none."""
    if process.deadline == 0:
        return 0.0
    weights, source = graph.edge_weights(), row_of_each(graph.indptr)
    open_edges = (activation[source] > 0) & (weights > 0) & (weights < 1) & (activation[graph.indices] < 1)
    targets = graph.indices[open_edges]
    if targets.size == 0:
        return 0.0
    return 1.0 if process.target is None else float(process.target[targets].max())


def _interval(mean: float, error: float, simulations: int) -> tuple[float, float]:
    half = float(stdtrit(simulations - 1, _LEVEL)) * error
    return mean - half, mean + half


def _wilson(share: NDArray[np.float64], trials: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    scale = 1 + _Z**2 / trials
    middle = (share + _Z**2 / (2 * trials)) / scale
    half = _Z / scale * np.sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    return np.clip(middle - half, 0.0, share), np.clip(middle + half, share, 1.0)
