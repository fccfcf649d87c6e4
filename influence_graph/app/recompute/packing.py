"""Arrays of different lengths in a table of one row, and a graph among them, checked where they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from influence_graph.model.graph import Graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GRAPH = ("indptr", "indices", "weights", "ids", "labels")


class DoesNotFitError(Exception):
    """What was read is not what was written: it is calculated again."""


def packed(arrays: Mapping[str, NDArray[Any] | None]) -> pa.Table:
    """Return the *arrays*, texts as objects, as the one row of a table; None is left out."""
    columns = {}
    for name, array in arrays.items():
        if array is not None:
            values = pa.array(array, pa.large_string()) if array.dtype == object else pa.array(array)
            columns[name] = pa.LargeListArray.from_arrays(pa.array([0, len(values)], pa.int64()), values)
    return pa.table(columns)


def unpacked(table: pa.Table) -> dict[str, NDArray[Any]]:
    """Return the arrays that :func:`packed` put into *table*."""
    found = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        values = column.combine_chunks().values if table.num_rows == 1 else None
        if values is None:
            raise DoesNotFitError(name)
        array = values.to_numpy(zero_copy_only=False)
        found[name] = array.astype(object) if pa.types.is_large_string(values.type) else array
    return found


def arrays_of(graph: Graph) -> dict[str, NDArray[Any] | None]:
    """Return the arrays of *graph* by name."""
    return {name: getattr(graph, name) for name in _GRAPH}


def graph_of(arrays: Mapping[str, NDArray[Any]]) -> Graph:
    """Return the graph whose arrays are among *arrays*.

    Raises:
        DoesNotFitError: they are of no graph.
    """
    indptr, indices, ids = (_given(arrays, name) for name in ("indptr", "indices", "ids"))
    weights, labels = arrays.get("weights"), arrays.get("labels")
    require_rows(indptr, indices, ids.size)
    if indptr.size != ids.size + 1 or any(
        array is not None and array.size != size for array, size in ((weights, indices.size), (labels, ids.size))
    ):
        raise DoesNotFitError("graph")
    return Graph(indptr, indices, weights, ids, labels)


def require_rows(starts: NDArray[Any], values: NDArray[Any], most: int) -> None:
    """Raise DoesNotFitError unless *values*, from 0 and below *most*, are rows that begin at *starts*."""
    rows = starts.size > 0 and starts[0] == 0 and starts[-1] == values.size and bool((np.diff(starts) >= 0).all())
    if not rows or (values.size and not 0 <= values.min() <= values.max() < most):
        raise DoesNotFitError("rows")


def _given(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    if name not in arrays:
        raise DoesNotFitError(name)
    return arrays[name]
