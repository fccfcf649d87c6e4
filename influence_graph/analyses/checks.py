"""What analyses require of a graph and of numbers: each error is one line with value, limit and remedy."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from numbers import Integral, Number, Real
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

import numpy as np
import pandas as pd

from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph
from influence_graph.model.reals import reals
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

NodeValues: TypeAlias = "Mapping[Any, float] | pd.Series[Any] | NDArray[np.float64]"
"""A number per node: by id (a pandas Series: by its index), or in the order of ``graph.ids``."""
_ROUNDING = 1e-4  # by which weights printed with a few digits may sum to more than 1
_FLOAT_ERROR = 1e-9  # of a probability of 1 that was calculated
_COMBINE = 'build the graph with parallel="probability", for 1 - (1 - p)(1 - q), or give each pair of nodes one edge'
_DIVIDE = "divide the weights into each node by their sum, or use the model ic"
_SEEDS = 2**64  # the kernels' streams start from 64 bits


def require(within: bool, name: str, value: object, limit: str, remedy: str) -> None:
    """Raise InputError ``{name} is {value}, must be {limit}; {remedy}`` unless *within*."""
    if not within:
        raise InputError(f"{name} is {value}, must be {limit}", remedy=remedy)


def is_number(value: object) -> TypeGuard[float]:
    """Return whether *value* is a real number: no text, no truth value, no None."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole(value: object) -> TypeGuard[int]:
    """Return whether *value* is a whole number by its type."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def require_graph(graph: object) -> None:
    """Refuse anything but a graph of this package."""
    if not isinstance(graph, Graph):
        remedy = "build one: `ig.Graph.from_networkx(g)`, `ig.Graph.from_pandas(frame)` or `ig.Graph.from_edges(…)`"
        raise InputError(f"the graph is of type {type(graph).__name__}, must be an ig.Graph", remedy=remedy)


def require_nodes(graph: Graph, purpose: str) -> None:
    """Refuse an empty graph; *purpose* ends the sentence "nothing to …"."""
    require_graph(graph)
    if graph.number_of_nodes == 0:
        raise InputError(f"the graph has 0 nodes: nothing to {purpose}", remedy="ingest ties or interactions first")


def require_nonnegative(graph: Graph, measure: str) -> None:
    """Refuse a negative weight, naming its edge."""
    require_graph(graph)
    if graph.weights is not None and graph.weights.size and graph.weights.min() < 0:
        source, target, weight = edge_at(graph, int(np.argmin(graph.weights)))
        message = f"the edge {source!r} -> {target!r} has weight {weight:g}, {measure} needs 0 or more"
        raise InputError(message, remedy="split the graph into a positive and a negative one")


def require_probabilities(graph: Graph) -> None:
    """Refuse an edge whose weight is not a probability, and sums of the weights of parallel edges."""
    _require_within(graph, _COMBINE)
    if graph.summed:
        many = count_text(graph.summed, "parallel edge")
        raise InputError(f"the weights of {many} were summed, which is wrong for probabilities", remedy=_COMBINE)


def _require_within(graph: Graph, if_summed: str) -> None:
    """Refuse a weight outside [0, 1], with the remedy *if_summed* where the graph sums parallel edges."""
    values = graph.edge_weights()
    bad = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if bad.size:
        source, target, weight = edge_at(graph, int(bad[0]))
        message = f"the edge {source!r} -> {target!r} has weight {weight!r}, a probability must be from 0 to 1"
        remedy = "give each pair of nodes one edge with a probability, or learn them: `ig.learn_probabilities`"
        if -_FLOAT_ERROR <= weight <= 1 + _FLOAT_ERROR:
            remedy = "clip rounding errors, such as by numpy.clip(weight, 0, 1)"
        elif graph.summed:
            remedy = if_summed
        raise InputError(message, remedy=remedy)


def require_linear_threshold(graph: Graph) -> None:
    """Refuse weights outside [0, 1], and nodes whose in-weights sum to more than 1.

    In this model the weights of those who are active add up to the threshold, those of parallel edges too.
    """
    _require_within(graph, _DIVIDE)
    total = np.bincount(graph.indices, weights=graph.edge_weights(), minlength=graph.number_of_nodes)
    if total.size and total.max() > 1 + _ROUNDING:
        worst = int(np.argmax(total))
        message = f"the weights into {graph.ids[worst]!r} sum to {total[worst]:.6g}, linear threshold allows at most 1"
        raise InputError(message, remedy=_DIVIDE)


def edge_at(graph: Graph, position: int) -> tuple[str, str, float]:
    """Return source id, target id and weight of the stored edge at *position* of ``graph.indices``."""
    source = int(np.searchsorted(graph.indptr, position, side="right")) - 1
    weight = 1.0 if graph.weights is None else float(graph.weights[position])
    return str(graph.ids[source]), str(graph.ids[graph.indices[position]]), weight


def seed_of(seed: int | np.random.Generator | None) -> int:
    """Return the whole number from which all random streams of a run are made.

    Args:
        seed: A whole number from 0 to 2⁶⁴ - 1; a generator, of which one number is drawn; None for fresh entropy.

    Raises:
        InputError: *seed* is no such number.
    """
    if seed is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(1))
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**63))
    within = is_whole(seed) and 0 <= seed < _SEEDS
    require(within, "seed", seed, "a whole number of 0 or more and below 2^64, or a numpy Generator", "use 0")
    return int(seed)


def threads_of(threads: int | None) -> int:
    """Return the number of threads to use, one per processor for None."""
    within = threads is None or (is_whole(threads) and threads >= 1)
    require(within, "threads", threads, "a whole number of 1 or more", "leave it out to use all processors")
    return int(threads or os.cpu_count() or 1)


def nodes_of(graph: Graph, ids: Iterable[str | tuple[str, str]] | str) -> NDArray[np.int64]:
    """Return the index of each of *ids*; a ``(label, id)`` pair where labels share an id.

    Raises:
        NotFound: An id is not in the graph.
        InputError: One id is given instead of several, an id is given twice, or a pair has not two parts.
    """
    if isinstance(ids, str | bytes) or not isinstance(ids, Iterable):
        kind = "text" if isinstance(ids, str) else type(ids).__name__
        raise InputError(f"the ids are the {kind} {ids!r}", remedy=f"pass a list: [{ids!r}]")
    if hasattr(ids, "columns"):
        raise InputError("the ids are a frame", remedy='pass its column of ids: frame["id"]')
    indices: dict[int, None] = {}
    for node in ids:
        label, name = label_and_id(node)
        index = graph.index_of(name, label)
        if index in indices:
            raise InputError(f"{graph.ids[index]!r} is given twice", remedy="name each node once")
        indices[index] = None
    return np.fromiter(indices, np.int64, len(indices))


def label_and_id(node: object) -> tuple[str | None, object]:
    """Return the two parts of a ``(label, id)`` pair, or None and the id alone."""
    if not isinstance(node, tuple):
        return None, node
    require(len(node) == 2, "a node", node, "an id or a pair (label, id)", "give the id alone")
    return node


def values_of(graph: Graph, given: NodeValues, name: str, other: float) -> NDArray[np.float64]:
    """Return one finite value ≥ 0 per node, as :func:`numbers_by_node` reads them.

    Raises:
        InputError: A value is negative or not finite, or as there.
        NotFound: An id is not in the graph.
    """
    values = numbers_by_node(graph, given, name, other)
    bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if bad.size:
        message = f"{name} of {graph.ids[bad[0]]!r} is {values[bad[0]]}, must be 0 or more and finite"
        raise InputError(message, remedy="give values of 0 or more")
    return values


def numbers_by_node(graph: Graph, given: NodeValues, name: str, other: float) -> NDArray[np.float64]:
    """Return one number per node.

    Args:
        graph: The graph.
        given: A mapping id -> number or a pandas Series with the ids as its index, where *other* is that of nodes left
            out; or an array, list or column in the order of ``graph.ids``.
        name: What messages call the numbers.
        other: The number of a node that is left out.

    Raises:
        InputError: The lengths differ, a value is no number, or the index of a Series does not name nodes.
        NotFound: An id of a mapping is not in the graph.
    """
    if not isinstance(given, Mapping | pd.Series):
        values = numbers_of(given, name)
        if values.shape != (graph.number_of_nodes,):
            message = f"{values.size:,} values of {name} for {graph.number_of_nodes:,} nodes"
            raise InputError(message, remedy="give one value per node in the order of graph.ids, or a mapping")
        return values
    values = np.full(graph.number_of_nodes, other, dtype=np.float64)
    if isinstance(given, pd.Series):
        values[_indexed(graph, given, name)] = numbers_of(given, name)
    else:
        values[nodes_of(graph, list(given))] = numbers_of(list(given.values()), name)
    return values


def _indexed(graph: Graph, given: pd.Series[Any], name: str) -> NDArray[np.int64]:
    """Return the node of each value of *given* by its index, which must name nodes."""
    repeated = given.index[given.index.duplicated()]
    if len(repeated):
        message = f"the index of {name} holds {repeated[0]!r} twice"
        raise InputError(message, remedy="give each node one value")
    try:
        return nodes_of(graph, given.index.tolist())
    except NotFound as error:
        remedy = f"set the ids as its index, or pass {name}.to_numpy() in the order of graph.ids"
        raise InputError(f"the index of the Series {name}: {error.message}", remedy=remedy) from error


def holds_numbers(given: object) -> bool:
    """Return whether *given*, a list, array or column, is of numbers, and not of ids that are text."""
    array = np.asarray(given)
    if array.dtype == object and array.ndim == 1:
        return bool(array.size) and all(isinstance(value, Number) or pd.isna(value) is True for value in array)
    return array.dtype.kind in "fiubcmM"


def numbers_of(given: object, name: str) -> NDArray[np.float64]:
    """Return *given* as a new array of float64, NaN where a number is missing; text is no number."""
    remedy = "give numbers: one per node in the order of graph.ids, or a mapping"
    return reals(given, f"the values of {name} are no numbers", remedy)


def checked_span(name: str, span: timedelta) -> timedelta:
    """Return *span*, which messages call *name*, if it is a length of time above 0.

    Raises:
        InputError: It is not.
    """
    within = isinstance(span, timedelta) and span > timedelta(0)
    require(within, name, span, "a length of time above 0", "use for example timedelta(days=30)")
    return span


def same_nodes(before: Graph, after: Graph) -> bool:
    """Return whether both graphs have the same nodes in the same order."""
    same = before.number_of_nodes == after.number_of_nodes and np.array_equal(before.ids, after.ids)
    if same and before.labels is not None and after.labels is not None:
        same = np.array_equal(before.labels, after.labels)
    return same
