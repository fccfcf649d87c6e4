"""What analyses ask of a graph and of numbers before they compute: one line with value, limit and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

_ROUNDING = 1e-4  # by which weights printed with a few digits may sum to more than 1


def require(within: bool, name: str, value: object, limit: str, remedy: str) -> None:
    """Raise InputError ``{name} is {value}, must be {limit}; {remedy}`` unless *within*."""
    if not within:
        raise InputError(f"{name} is {value}, must be {limit}", remedy=remedy)


def require_nodes(graph: Graph, purpose: str) -> None:
    """Refuse an empty graph; *purpose* ends the sentence "nothing to …"."""
    if graph.number_of_nodes == 0:
        raise InputError(f"the graph has 0 nodes: nothing to {purpose}", remedy="ingest ties or interactions first")


def require_nonnegative(graph: Graph, measure: str) -> None:
    """Refuse a negative weight, naming its edge."""
    if graph.weights is not None and graph.weights.size and graph.weights.min() < 0:
        source, target, weight = edge_at(graph, int(np.argmin(graph.weights)))
        message = f"the edge {source!r} -> {target!r} has weight {weight:g}, {measure} needs 0 or more"
        raise InputError(message, remedy="split the graph into a positive and a negative one")


def require_probabilities(graph: Graph) -> None:
    """Refuse an edge whose weight is not a probability."""
    values = graph.edge_weights()
    bad = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if bad.size:
        source, target, weight = edge_at(graph, int(bad[0]))
        message = f"the edge {source!r} -> {target!r} has weight {weight:g}, a probability must be from 0 to 1"
        remedy = "give each pair of nodes one edge with a probability, or learn them: `ig.learn_probabilities`"
        raise InputError(message, remedy=remedy)


def require_linear_threshold(graph: Graph) -> None:
    """Refuse probabilities outside [0, 1], and nodes whose in-weights sum to more than 1."""
    require_probabilities(graph)
    total = np.bincount(graph.indices, weights=graph.edge_weights(), minlength=graph.number_of_nodes)
    if total.size and total.max() > 1 + _ROUNDING:
        worst = int(np.argmax(total))
        message = f"the weights into {graph.ids[worst]!r} sum to {total[worst]:.6g}, linear threshold allows at most 1"
        raise InputError(message, remedy="divide the weights into each node by their sum, or use the model ic")


def edge_at(graph: Graph, position: int) -> tuple[str, str, float]:
    """Return source id, target id and weight of the stored edge at *position* of ``graph.indices``."""
    source = int(np.searchsorted(graph.indptr, position, side="right")) - 1
    weight = 1.0 if graph.weights is None else float(graph.weights[position])
    return str(graph.ids[source]), str(graph.ids[graph.indices[position]]), weight


def seed_of(seed: int | np.random.Generator | None) -> int:
    """Return the whole number from which all random streams of a run are made.

    Args:
        seed: A whole number ≥ 0; a generator, of which one number is drawn; None for fresh entropy.

    Raises:
        InputError: *seed* is negative or no whole number.
    """
    if seed is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(1))
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**63))
    whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool) and seed >= 0
    require(whole, "seed", seed, "a whole number of 0 or more, or a numpy Generator", "use 0")
    return int(seed)


def nodes_of(graph: Graph, ids: Iterable[str | tuple[str, str]] | str) -> NDArray[np.int64]:
    """Return the index of each of *ids*; a ``(label, id)`` pair where labels share an id.

    Raises:
        NotFound: An id is not in the graph.
        InputError: One text is given instead of several ids, or an id is given twice.
    """
    if isinstance(ids, str):
        raise InputError(f"the ids are the text {ids!r}", remedy=f"pass a list: [{ids!r}]")
    found: dict[int, None] = {}
    for node in ids:
        label, name = node if isinstance(node, tuple) else (None, node)
        index = graph.index_of(str(name), label)
        if index in found:
            raise InputError(f"{str(name)!r} is given twice", remedy="name each node once")
        found[index] = None
    return np.fromiter(found, np.int64, len(found))


def values_of(
    graph: Graph, given: Mapping[str, float] | NDArray[np.float64], name: str, other: float
) -> NDArray[np.float64]:
    """Return one finite value ≥ 0 per node: an array in id order, or a mapping id -> value (*other* for the rest)."""
    if isinstance(given, Mapping):
        values = np.full(graph.number_of_nodes, other)
        values[nodes_of(graph, list(given))] = list(given.values())
    else:
        values = np.array(given, dtype=np.float64)
        if values.shape != (graph.number_of_nodes,):
            message = f"{values.size:,} values of {name} for {graph.number_of_nodes:,} nodes"
            raise InputError(message, remedy="give one value per node in the order of graph.ids, or a mapping")
    bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if bad.size:
        message = f"{name} of {graph.ids[bad[0]]!r} is {values[bad[0]]}, must be 0 or more and finite"
        raise InputError(message, remedy="give values of 0 or more")
    return values
