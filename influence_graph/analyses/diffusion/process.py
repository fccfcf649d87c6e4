"""The arguments of a cascade on a graph, checked: model, seeds, deadline and what each node counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.checks import (
    NodeValues,
    is_number,
    is_whole,
    nodes_of,
    require,
    require_linear_threshold,
    require_nodes,
    require_probabilities,
    values_of,
)
from influence_graph.errors import InputError
from influence_graph.model.parameters import MODELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

_MAX_TARGET = 1e100

Seeds = Iterable[str | tuple[str, str]]
Target = NodeValues


@dataclass(frozen=True, eq=False)
class Process:
    """A cascade model, where it starts, after how many rounds it ends, and what a node that is reached counts.

    Attributes:
        model: One of :data:`MODELS`.
        quality: Probability that a node that is activated by a positive one, or a seed, turns positive; None
            for the models without opinions.
        seeds: Index of each seed.
        deadline: Rounds, or None for no limit.
        target: float64 per node, ≥ 0; None where each counts 1.
    """

    model: str
    quality: float | None
    seeds: NDArray[np.int64]
    deadline: int | None
    target: NDArray[np.float64] | None

    def parameters(self, graph: Graph) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        return {
            "model": self.model,
            "quality": self.quality,
            "seeds": [str(graph.ids[i]) for i in self.seeds],
            "deadline": self.deadline,
            "target": None if self.target is None else f"sum {self.target.sum():g}",
        }


def require_model(graph: Graph, model: str, quality: float | None) -> None:
    """Refuse an unknown model, a quality that is out of range or not used, and weights that *model* cannot use."""
    if model not in MODELS:
        raise InputError(f"model is {model!r}, must be one of {', '.join(MODELS)}", remedy='use "ic"')
    if model == "ic-n":
        within = is_number(quality) and 0 < quality <= 1
        require(within, "quality", quality, "above 0 and at most 1", "use 0.9")
    elif quality is not None:
        raise InputError(f"quality is {quality}, the model {model} has none", remedy='leave it out, or use "ic-n"')
    if model == "lt":
        require_linear_threshold(graph)
    else:
        require_probabilities(graph)


def process_of(
    graph: Graph,
    seeds: Seeds,
    model: str,
    quality: float | None,
    deadline: int | None,
    target: Target | None,
) -> Process:
    """Return the process of these arguments; see :func:`~influence_graph.analyses.diffusion.spread.spread`."""
    require_nodes(graph, "spread on")
    require_model(graph, model, quality)
    nodes = nodes_of(graph, seeds)
    if nodes.size == 0:
        raise InputError("seeds is empty: nothing can spread", remedy="name at least one node")
    within = deadline is None or (is_whole(deadline) and deadline >= 0)
    require(within, "deadline", deadline, "a whole number of rounds, 0 or more", "leave it out for no deadline")
    rounds = None if deadline is None else int(deadline)
    return Process(model, quality, nodes, rounds, None if target is None else target_of(graph, target))


def target_of(graph: Graph, target: Target) -> NDArray[np.float64]:
    """Return what each node counts: float64 ≥ 0, none above 1e100, so that sums and their squares are finite."""
    values = values_of(graph, target, "target", 0.0)
    top = values.max(initial=0.0)
    require(top <= _MAX_TARGET, "the largest target", top, f"at most {_MAX_TARGET:g}", "divide all by it")
    return values
