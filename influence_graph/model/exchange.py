"""Conversion of data to and from graphs: checks of ids and edges, factorizing, networkx."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.errors import InputError
from influence_graph.model import csr
from influence_graph.model.csr import row_of_each
from influence_graph.model.display import ROWS
from influence_graph.model.ids import id_codes, id_texts
from influence_graph.model.reals import reals
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import hashlib

    import networkx as nx
    from numpy.typing import ArrayLike, NDArray

    from influence_graph.model.csr import Csr

_LIKE_WEIGHTS = ("weight", "weights", "value", "strength")
Edges = tuple["NDArray[np.integer]", "NDArray[np.integer]", "NDArray[np.float64] | None"]


def checked_ids(ids: ArrayLike, labels: ArrayLike | None) -> NDArray[np.object_]:
    """Return *ids* as an object array of non-empty strings, unique within each label; *labels* are strings."""
    require_aligned(ids=ids, labels=labels)
    names = id_texts(ids)
    keys = {"id": names} if labels is None else {"id": names, "label": _labels(labels, names.size)}
    repeated = np.flatnonzero(pd.DataFrame(keys, dtype=object).duplicated().to_numpy())
    if repeated.size:
        message = f"the id {names[repeated[0]]!r} is that of two nodes, at most 1 is allowed per label"
        raise InputError(message, remedy="make ids unique within each label")
    return names


def _labels(labels: ArrayLike, nodes: int) -> NDArray[np.object_]:
    """Return *labels* as an object array of strings, one per node."""
    tags = np.array(labels, dtype=object)
    if tags.shape != (nodes,):
        raise InputError(f"{tags.size:,} labels for {nodes:,} ids", remedy="give each node one label")
    if nodes and pd.api.types.infer_dtype(tags, skipna=False) != "string":
        position = next(place for place, label in enumerate(tags) if not isinstance(label, str))
        message = f"the label at position {position} is {tags[position]!r}, must be text"
        raise InputError(message, remedy='give each node a label such as "Consumer", or no labels')
    return tags


def require_aligned(**columns: object) -> None:
    """Refuse Series with different indexes: row k of one would not belong to row k of another."""
    given = {name: column for name, column in columns.items() if isinstance(column, pd.Series)}
    for name, column in given.items():
        first = next(iter(given))
        if not column.index.equals(given[first].index):
            message = f"the Series {first} and {name} have different indexes"
            raise InputError(message, remedy="take both from one frame, or pass them in one order: `.to_numpy()`")


def rows_of(nodes: int, edges: Edges, directed: bool, parallel: str) -> tuple[Csr, int]:
    """Return *edges* as CSR rows, and how many parallel ones were added to another; see ``Graph.from_arrays``."""
    if parallel not in ("sum", "probability"):
        raise InputError(f"parallel is {parallel!r}", remedy='use "sum" or "probability"')
    stored = edges if directed else csr.both_ways(*edges)
    if parallel == "sum":
        rows = csr.build(nodes, stored[0], stored[1], stored[2])
        return rows, stored[0].size - rows.indices.size
    weights = edges[2]
    if weights is not None:
        _require_probabilities(weights)
    return csr.probability_of_any(nodes, stored[0], stored[1], stored[2]), 0


def _require_probabilities(weights: NDArray[np.float64]) -> None:
    bad = np.flatnonzero((weights < 0) | (weights > 1))
    if bad.size:
        message = f"the weight at position {bad[0]} is {float(weights[bad[0]])!r}, a probability must be from 0 to 1"
        raise InputError(message, remedy='correct it, or pass parallel="sum" for strengths')


def checked_edges(nodes: int, source: ArrayLike, target: ArrayLike, weight: ArrayLike | None) -> Edges:
    """Return the edge arrays; unequal lengths, indices out of range and weights not finite are refused."""
    require_aligned(source=source, target=target, weight=weight)
    starts, ends = _indices("source", nodes, source), _indices("target", nodes, target)
    if starts.size != ends.size:
        message = f"{starts.size:,} sources and {ends.size:,} targets, the lengths must be equal"
        raise InputError(message, remedy="give each edge one source and one target")
    return starts, ends, None if weight is None else _weights(starts.size, weight)


def _indices(name: str, nodes: int, values: ArrayLike) -> NDArray[np.integer]:
    array = np.asarray(values)
    if array.size == 0:
        return np.empty(0, np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        message = f"{name} is {array.ndim}-dimensional of type {array.dtype}, must be flat integers"
        raise InputError(message, remedy="pass indices into ids, or use Graph.from_edges for names")
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= nodes:
        bad = low if low < 0 else high
        raise InputError(f"{name} index {bad} is outside 0 to {nodes - 1}", remedy="index into the given ids")
    return array


def _weights(edges: int, weight: ArrayLike) -> NDArray[np.float64]:
    values = reals(weight, "weights must be numbers", "convert the weight column first", digits=True)
    if values.shape != (edges,):
        message = f"{values.size:,} weights for {edges:,} edges, the lengths must be equal"
        raise InputError(message, remedy="give each edge one weight, or none at all")
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        message = f"the weight at position {bad[0]} is {values[bad[0]]}, must be finite"
        raise InputError(message, remedy="drop or fill missing weights first")
    return values


def factorize(
    source: ArrayLike | Sequence[Any], target: ArrayLike | Sequence[Any]
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """Return the sorted names that occur, and both ends of each edge as indices into them."""
    ids, (starts, ends) = id_codes(source, target)
    return ids, starts, ends


def hash_texts(state: hashlib.blake2b, texts: NDArray[np.object_] | None) -> None:
    """Add *texts* to a digest so that no two different lists give the same bytes."""
    if texts is None:
        state.update(b"none")
        return
    lengths, encoded = _encoded(texts)
    state.update(lengths.astype("<i8").tobytes())
    state.update(encoded)


def _encoded(texts: NDArray[np.object_]) -> tuple[NDArray[np.int64], bytes | memoryview]:
    """Return the length in bytes of each of *texts*, and all of them as UTF-8, one after the other."""
    try:
        column = pa.array(texts, pa.large_string(), from_pandas=False)
    except (pa.ArrowException, UnicodeError):  # lone surrogates, or other objects than texts
        column = None
    if column is None or column.null_count:
        one_by_one = [str(text).encode("utf-8", "surrogatepass") for text in texts]
        return np.array([len(text) for text in one_by_one], np.int64), b"".join(one_by_one)
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int64)[: len(texts) + 1]
    return np.diff(ends), memoryview(data or b"")[: ends[-1]]


def from_networkx(g: nx.Graph[Any], weight: str | None) -> tuple[list[Any], list[str] | None, tuple[Any, Any, Any]]:
    """Return ids, labels and edge arrays of a networkx graph, nodes in its order; *weight* as in ``Graph``."""
    if not all(hasattr(g, name) for name in ("nodes", "edges", "is_directed")):
        message = f"the graph is of type {type(g).__name__}, must be one of networkx"
        raise InputError(message, remedy="build it by Graph.from_pandas, or Graph.from_edges")
    place = {node: index for index, node in enumerate(g)}
    tags = [_label(data.get("labels")) for _, data in g.nodes(data=True)]
    ids = [_id(node, tag) for node, tag in zip(g, tags, strict=True)]
    edges = list(g.edges(data=True))
    source = np.array([place[u] for u, _, _ in edges], dtype=np.int64)
    target = np.array([place[v] for _, v, _ in edges], dtype=np.int64)
    return ids, tags if any(tags) else None, (source, target, _edge_attribute([data for _, _, data in edges], weight))


def _edge_attribute(edges: list[dict[str, Any]], name: str | None) -> list[Any] | None:
    """Return the attribute *name* of each edge, 1 for an edge that lacks it; None where all are 1.

    Edges need not have ``weight``, the default, unless they have one of another name that may be meant.
    """
    if name is None or not edges:
        return None
    if not isinstance(name, Hashable):
        raise InputError(f"weight is {name!r}, must be the name of an attribute", remedy='use "weight"')
    if any(name in data for data in edges):
        return [data.get(name, 1.0) for data in edges]
    others = list(dict.fromkeys(str(key) for data in edges for key in data))
    meant = [key for key in others if key.casefold() in _LIKE_WEIGHTS]
    if name == "weight" and not meant:
        return None
    named = f"name one of {', '.join(map(repr, meant or others))}, or None for 1 each" if others else "pass weight=None"
    raise InputError(f"no edge has the attribute {name!r}", remedy=did_you_mean(name, others, named))


def _label(labels: object) -> str:
    if labels is None or isinstance(labels, str):
        return labels or ""
    return next(iter(labels), "") if isinstance(labels, list | tuple) else str(labels)


def _id(node: object, label: str) -> object:
    """Undo the ``(label, id)`` nodes of :func:`to_networkx`."""
    return node[1] if label and isinstance(node, tuple) and len(node) == 2 and node[0] == label else node


def to_networkx(
    rows: Csr, ids: NDArray[np.object_], labels: NDArray[np.object_] | None, directed: bool
) -> nx.Graph[Any]:
    """Return a networkx graph of weighted CSR rows and their names; see :meth:`Graph.to_networkx`."""
    import networkx as nx

    result: nx.Graph[Any] = nx.DiGraph() if directed else nx.Graph()
    nodes = _nodes(ids, labels)
    if labels is None:
        result.add_nodes_from(nodes)
    else:
        result.add_nodes_from((node, {"labels": label}) for node, label in zip(nodes, labels, strict=True))
    weights = np.ones(rows.indices.size) if rows.weights is None else rows.weights
    edges = zip(row_of_each(rows.indptr).tolist(), rows.indices.tolist(), weights.tolist(), strict=True)
    result.add_weighted_edges_from((nodes[i], nodes[j], w) for i, j, w in edges)
    return result


def first_edges(rows: Csr, ids: NDArray[np.object_], directed: bool) -> pd.DataFrame:
    """Return the columns source, target and weight of the first edges, as many as a notebook shows."""
    source = row_of_each(rows.indptr)
    stored = np.arange(source.size) if directed else np.flatnonzero(source <= rows.indices)
    first = stored[:ROWS]
    weights = np.ones(first.size) if rows.weights is None else rows.weights[first]
    return pd.DataFrame({"source": ids[source[first]], "target": ids[rows.indices[first]], "weight": weights})


def _nodes(ids: NDArray[np.object_], labels: NDArray[np.object_] | None) -> list[Any]:
    """Return each id, or ``(label, id)`` where one id has two labels."""
    if labels is None:
        return list(ids)
    shared = pd.Series(ids).duplicated(keep=False)
    return [(label, name) if twice else name for label, name, twice in zip(labels, ids, shared, strict=True)]
