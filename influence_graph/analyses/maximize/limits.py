"""What seed selection asks of its input before it computes: shared by `maximize`, `celf` and the estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from influence_graph.analyses import checks
from influence_graph.errors import InputError

if TYPE_CHECKING:
    from influence_graph.model.graph import Graph

MODELS = ("ic", "lt", "ic-n")


def check_model(graph: Graph, model: str, quality: float | None) -> None:
    """Refuse an empty graph, an unknown model, a quality out of place, and weights the model cannot use."""
    checks.require_nodes(graph, "pick seeds from")
    if model not in MODELS:
        raise InputError(f"model is {model!r}, must be one of {', '.join(MODELS)}", remedy="use ic")
    if model == "ic-n":
        within = quality is not None and 0 < quality <= 1
        checks.require(
            within, "quality", quality, "above 0 and at most 1 with the model ic-n", "give the quality, as .9"
        )
    elif quality is not None:
        message = f"quality is {quality}, which the model {model} does not use"
        raise InputError(message, remedy="use the model ic-n")
    if model == "lt":
        checks.require_linear_threshold(graph)
    else:
        checks.require_probabilities(graph)


def check_size(k: int, allowed: int) -> None:
    """Refuse a number of seeds below 1 or above the nodes that may be picked."""
    checks.require(k >= 1, "k", k, "1 or more", "use 10")
    checks.require(k <= allowed, "k", k, f"at most {allowed:,}, the nodes that may be seeds", "ask for fewer seeds")
