"""The vectors over the nodes that PageRank takes: where it teleports to, and where it starts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from influence_graph.analyses.checks import NodeValues, nodes_of, values_of
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

Personalization: TypeAlias = "NodeValues | Sequence[str | tuple[str, str]]"


def vector(graph: Graph, personalization: Personalization | None) -> NDArray[np.float64]:
    """Return the teleport vector v: float64, one value ≥ 0 per node, sum 1; None teleports to all nodes equally.

    Raises:
        InputError: A value is negative or not finite, all are 0, or there is not one per node.
        NotFound: An id is not in the graph.
    """
    nodes = graph.number_of_nodes
    if personalization is None:
        return np.full(nodes, 1.0 / nodes)
    if isinstance(personalization, Mapping) or np.asarray(personalization).dtype.kind in "fiub":
        values = values_of(graph, personalization, "personalization", 0.0)  # type: ignore[arg-type]
    else:
        values = np.zeros(nodes)
        values[nodes_of(graph, personalization)] = 1.0
    top = values.max()
    if top <= 0:
        raise InputError("the personalization sums to 0", remedy="give at least one node a value above 0")
    values /= top  # so that the sum cannot overflow
    values /= values.sum()
    return values


def described(v: NDArray[np.float64]) -> dict[str, Any]:
    """Return what a result records of a personalization: its number of nodes, and a digest."""
    digest = hashlib.blake2b(np.ascontiguousarray(v, dtype="<f8").tobytes(), digest_size=8).hexdigest()
    return {"nodes": int(np.count_nonzero(v)), "digest": digest}


def aligned(
    graph: Graph, start: RankResult | NDArray[np.float64], v: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return scores to start from in the order of the graph: of *start* by id, of *v* for nodes it lacks.

    None where all are 0.

    Raises:
        InputError: An array has not one finite value ≥ 0 per node.
    """
    if not isinstance(start, RankResult):
        scores = values_of(graph, start, "start", 0.0)
    elif _same_nodes(graph, start):
        scores = start.scores
    else:
        known = dict(zip(_names(start.ids, start.labels), start.scores, strict=True))
        pairs = zip(_names(graph.ids, graph.labels), v, strict=True)
        scores = np.fromiter((known.get(name, other) for name, other in pairs), np.float64, v.size)
    top = scores.max()
    return scores / top if top > 0 else None  # so that the sum cannot overflow


def solves_same(graph: Graph, start: RankResult, parameters: Mapping[str, Any]) -> bool:
    """Return whether *start* was found with the same *parameters*, on a graph of the nodes of *graph*."""
    same = all(key in start.parameters and start.parameters[key] == value for key, value in parameters.items())
    return same and _same_nodes(graph, start)


def _same_nodes(graph: Graph, start: RankResult) -> bool:
    """Compare lists, which look at each name only where it is not the very same object."""
    if (start.labels is None) != (graph.labels is None) or start.ids.tolist() != graph.ids.tolist():
        return False
    return start.labels is None or graph.labels is None or start.labels.tolist() == graph.labels.tolist()


def _names(ids: NDArray[np.object_], labels: NDArray[np.object_] | None) -> zip[tuple[Any, Any]]:
    return zip(ids, [None] * ids.size if labels is None else labels, strict=True)
