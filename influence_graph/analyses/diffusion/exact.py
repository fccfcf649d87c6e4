"""How far influence spreads, exactly: all live-edge worlds of a small graph."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.diffusion.process import Seeds, Target, process_of
from influence_graph.analyses.frames import named, ordered
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.kernels.diffusion import exact_cascades as kernel
from influence_graph.kernels.diffusion.exact_cascades import Choices
from influence_graph.model.csr import row_of_each
from influence_graph.model.parameters import ReachParameters

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

MAX_UNCERTAIN = 20
"""The most edges with a probability between 0 and 1: 2²⁰ worlds take about a second."""
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class ExactSpread(Displayed):
    """The exact reach of some seeds.

    Attributes:
        mean: Expected Σ_v target_v over the nodes reached (positive ones, for ``"ic-n"``).
        activation: float64 per node: probability of being reached (positive, for ``"ic-n"``) in time.
        ids: Id of each node.
        labels: Label of each node, or None.
        parameters: The parameters, as JSON values.
        digest: Digest of the graph.
    """

    mean: float
    activation: NDArray[np.float64]
    ids: NDArray[np.object_]
    labels: NDArray[np.object_] | None
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels) and activation, most likely first."""
        return ordered({**named(self.ids, self.labels), "activation": self.activation}, "activation")

    def _figures(self) -> Mapping[str, object]:
        return {"mean": self.mean, "nodes": self.activation.size, "seeds": self.parameters["seeds"]}


def exact_spread(
    graph: Graph,
    seeds: Seeds,
    model: str = ReachParameters.model,
    quality: float | None = ReachParameters.quality,
    *,
    deadline: int | None = ReachParameters.deadline,
    target: Target | None = None,
) -> ExactSpread:
    """Return the expected reach of *seeds* by enumeration; arguments as of ``spread``, which estimates it.

    Edges with probability 0 or 1 are certain and cost nothing. For ``"lt"`` a world chooses for each node
    one in-neighbor, or none; at most 2²⁰ worlds are enumerated.

    Args:
        graph: Graph whose weights are probabilities, none the sum of parallel edges; at most 20 are neither 0 nor 1.
        seeds: Ids of the nodes that are active at the start, or pairs ``(label, id)``.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``.
        quality: In (0, 1], for ``"ic-n"`` only.
        deadline: Rounds after which a cascade ends; seeds are reached in round 0. Default: none.
        target: What each node counts, ≥ 0: array in the order of ``graph.ids``, or mapping or Series from id (0 for
            the rest). Default: 1 each.

    Raises:
        InputError: The graph is empty or has too many worlds, a weight is no probability, or an argument is out
            of its limits.
        NotFound: A seed is not in the graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> path = Graph.from_edges(["june", "annie"], ["annie", "sam"], [0.5, 0.5])
        >>> exact_spread(path, ["june"]).mean, exact_spread(path, ["june"], deadline=1).mean
        (1.75, 1.5)
    """
    process = process_of(graph, seeds, model, quality, deadline, target)
    nodes = graph.number_of_nodes
    choices = _one_per_target(graph) if model == "lt" else _one_per_edge(graph)
    rounds = nodes if deadline is None else min(deadline, nodes)
    activation = kernel.activation(*choices, process.seeds, rounds, quality or 1.0, nodes)
    mean = float(activation.sum() if process.target is None else activation @ process.target)
    return ExactSpread(mean, activation, graph.ids, graph.labels, process.parameters(graph), graph.digest)


def _one_per_edge(graph: Graph) -> Choices:
    """Return the choices of independent cascade: each edge by itself is kept or not."""
    return _choices(graph, np.arange(graph.indices.size))


def _one_per_target(graph: Graph) -> Choices:
    """Return the choices of linear threshold: of the edges into a node at most one is kept."""
    return _choices(graph, np.asarray(graph.indices, np.int64))


def _choices(graph: Graph, key: NDArray[np.int64]) -> Choices:
    """Return the choices in which of the edges with equal *key* at most one is kept.

    Raises:
        InputError: They make more than 2²⁰ worlds.
    """
    weights = graph.edge_weights()
    kept = weights > 0
    _, choice = np.unique(key[kept], return_inverse=True)
    chance = weights[kept]
    total = np.bincount(choice, chance)
    chance = chance / np.maximum(total, 1.0)[choice]  # where rounding took the sum above 1
    none = np.flatnonzero(1.0 - total > _ROUNDING)
    order = np.argsort(np.concatenate([choice, none]), kind="stable")
    options = np.bincount(np.concatenate([choice, none]), minlength=total.size)
    _check_size(options)
    source, no_source = row_of_each(graph.indptr)[kept], np.full(none.size, -1)
    return Choices(
        np.concatenate([[0], np.cumsum(options)]),
        np.concatenate([source, no_source])[order],
        np.concatenate([np.asarray(graph.indices, np.int64)[kept], no_source])[order],
        np.concatenate([chance, 1.0 - total[none]])[order],
    )


def _check_size(options: NDArray[np.int64]) -> None:
    doublings = float(np.log2(options).sum())
    if doublings > MAX_UNCERTAIN + _ROUNDING:
        uncertain = int(np.count_nonzero(options > 1))
        worlds = f"2^{math.ceil(10 * doublings) / 10} worlds"
        message = f"{uncertain:,} uncertain choices make {worlds}, exact_spread allows 2^{MAX_UNCERTAIN}"
        raise InputError(message, remedy="estimate with `ig.spread`")
