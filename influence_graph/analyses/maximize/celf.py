"""CELF: greedy seed selection by simulation, the slow reference for small graphs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np

from influence_graph.analyses import checks, frames
from influence_graph.analyses.diffusion.process import require_model
from influence_graph.analyses.maximize.limits import Nodes, Values, listed, named, require_size, weights_of
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.kernels.maximize import celf as kernel
from influence_graph.model.parameters import SeedsParameters
from influence_graph.text import apart_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from influence_graph.kernels.maximize.celf import Picked, Worlds, Worth
    from influence_graph.model.graph import Graph

_PILOT_NODES = 48  # nodes whose evaluation is timed to predict that of all
_MAX_WORLDS = 10**12
_MEMORY_LIMIT = 2 << 30  # bytes of worlds and of the values reached in them


@dataclass(frozen=True, eq=False, repr=False)
class CelfSeeds(Displayed):
    """Seeds picked greedily by simulation; no certificate comes with them.

    Attributes:
        seeds: Ids in the order picked.
        labels: Label of each seed, or None.
        gains: Mean gain of each seed over the shared worlds, given the seeds before it.
        std_error: Standard error of each gain over the worlds.
        simulations: Live-edge worlds shared by all evaluations.
        evaluations: Times that a node's gain was computed.
        parameters: The parameters, as JSON values; ``seed`` repeats the run.
        digest: Digest of the graph.
    """

    seeds: tuple[str, ...]
    labels: tuple[str, ...] | None
    gains: NDArray[np.float64]
    std_error: NDArray[np.float64]
    simulations: int
    evaluations: int
    parameters: Mapping[str, Any]
    digest: str

    @property
    def mean(self) -> float:
        """Spread of the seeds on the worlds that picked them: a little too high, judge by ``ig.spread``."""
        return float(self.gains.sum())

    def to_frame(self) -> pd.DataFrame:
        """Return the columns rank, id, label (where there are labels), gain, std_error and spread.

        ``std_error`` is that of the gain.
        """
        return frames.chosen(self.seeds, self.labels, {"gain": self.gains, "std_error": self.std_error}, self.gains)

    def _figures(self) -> Mapping[str, object]:
        effort = {"simulations": self.simulations, "evaluations": self.evaluations}
        return {"seeds": self.seeds, "mean": self.mean, **effort}


class NamedOptions(TypedDict, total=False):
    """What :func:`celf` takes by name only."""

    exclude: Nodes
    target: Values | None
    time_limit: float
    progress: Callable[[int, int], None] | None


@dataclass(frozen=True, eq=False)
class _Options:
    """The same with its defaults."""

    exclude: Nodes = SeedsParameters.exclude
    target: Values | None = None
    time_limit: float = 600.0
    progress: Callable[[int, int], None] | None = None


def celf(
    graph: Graph,
    k: int,
    model: str = SeedsParameters.model,
    quality: float | None = SeedsParameters.quality,
    simulations: int = 1000,
    seed: int | np.random.Generator | None = SeedsParameters.seed,
    **options: Unpack[NamedOptions],
) -> CelfSeeds:
    """Return *k* seeds by lazy greedy on simulated worlds, the slow reference for ``ig.maximize``.

    Leskovec et al. 2007, https://doi.org/10.1145/1281192.1281239, with the live-edge worlds of Kempe,
    Kleinberg, Tardos 2003. All evaluations share the same worlds, in which every edge has its own
    coin: each gain is unbiased, and the seeds are just those of plain greedy on these worlds.

    Args:
        graph: Edge weight = probability that the source, once active, passes on to the target; a graph that sums
            parallel edges is refused.
        k: Seeds to pick, from 1 to the nodes allowed.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``.
        quality: Chance in (0, 1] that a node turns positive; with ``"ic-n"`` only.
        simulations: Worlds, ≥ 1.
        seed: Seed of the worlds.
        options: ``exclude``: ids never picked. ``target``: what reaching a node counts, ≥ 0: an array, or a mapping
            id -> value (0 for the rest); default 1 each. ``time_limit``: seconds, default 600; a run that a pilot
            predicts to take longer is refused before it starts. ``progress``: called with the nodes evaluated in
            the first round, the longest, and their number.

    Raises:
        InputError: A parameter is out of its limits, or the run would take more time or memory than allowed.
        NotFound: An id is not in the graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> celf(Graph.from_edges(["june", "june"], ["annie", "sam"], [1.0, 1.0]), 1, seed=1).seeds
        ('june',)
    """
    chosen = _Options(**options)
    _require_effort(simulations, chosen.time_limit)
    checks.require_nodes(graph, "pick seeds from")
    require_model(graph, model, quality)
    excluded = checks.nodes_of(graph, listed(chosen.exclude, "exclude"))
    allowed = np.setdiff1d(np.arange(graph.number_of_nodes), excluded)
    require_size(k, allowed.size)
    weights = np.ones(graph.number_of_nodes) if chosen.target is None else weights_of(graph, chosen.target)
    k, simulations = int(k), int(simulations)
    _require_memory(graph, simulations)
    stream = checks.seed_of(seed)
    draw = kernel.threshold_worlds if model == "lt" else kernel.cascade_worlds
    worlds = draw(graph.indptr, graph.indices, graph.edge_weights(), simulations, stream)
    worth = kernel.Worth(weights, 1.0 if quality is None else float(quality))
    _require_time(worlds, worth, allowed, float(chosen.time_limit))
    picked = kernel.lazy_greedy(worlds, worth, k, allowed, chosen.progress)
    parameters = {
        "k": k,
        "model": model,
        "quality": None if quality is None else worth.quality,
        "simulations": simulations,
        "seed": stream,
        "exclude": named(graph, excluded),
        "target": None if chosen.target is None else f"sum {weights.sum():g}",
    }
    return _result(graph, picked, parameters)


def _result(graph: Graph, picked: Picked, parameters: dict[str, Any]) -> CelfSeeds:
    return CelfSeeds(
        *frames.texts_of(graph.ids, graph.labels, picked.nodes),
        picked.gains,
        picked.errors,
        parameters["simulations"],
        int(picked.evaluations),
        parameters,
        graph.digest,
    )


def _require_effort(simulations: int, time_limit: float) -> None:
    within = checks.is_whole(simulations) and 1 <= simulations <= _MAX_WORLDS
    limit = f"a whole number from 1 to {_MAX_WORLDS:,}"
    checks.require(within, "simulations", simulations, limit, "use 1000")
    within = checks.is_number(time_limit) and time_limit > 0
    checks.require(within, "time_limit", time_limit, "above 0 seconds", "use 600")


def _require_memory(graph: Graph, simulations: int) -> None:
    live = float(graph.edge_weights().sum())
    need = simulations * (16 * graph.number_of_nodes + 4 * live)
    if need > _MEMORY_LIMIT:
        gib = apart_text(need / 2**30, _MEMORY_LIMIT / 2**30, 3)
        message = f"{simulations:,} worlds of this graph take {gib} GiB, CELF may use 2 GiB"
        raise InputError(message, remedy="give fewer simulations, or use `ig.maximize`")


def _require_time(worlds: Worlds, worth: Worth, allowed: NDArray[np.int64], limit: float) -> None:
    """Refuse a run whose first round, the longest, is predicted from a sample of evaluations to take too long."""
    sample = allowed[:: max(1, allowed.size // _PILOT_NODES)]
    some = kernel.Worlds(worlds.indptr[:20], worlds.indices)
    state = (*some, np.zeros((some.indptr.shape[0], worth.target.size)), *worth)
    kernel.gain_of(*state, int(sample[0]))  # compiled before the clock starts
    start = time.perf_counter()
    for node in sample:
        kernel.gain_of(*state, int(node))
    share = sample.size * some.indptr.shape[0] / (allowed.size * worlds.indptr.shape[0])
    predicted = (time.perf_counter() - start) / share
    if predicted > limit:
        message = f"CELF would take about {math.ceil(predicted):,} s here, time_limit is {limit:g} s"
        raise InputError(message, remedy="raise time_limit, give fewer simulations, or use `ig.maximize`")
