import numpy as np
import pyarrow as pa
import pytest

from influence_graph.app.recompute.packing import DoesNotFitError, arrays_of, graph_of, packed, require_rows, unpacked
from influence_graph.model.graph import Graph


def test_a_graph_comes_back_as_it_was() -> None:
    graph = Graph.from_arrays(["a", "ä", "c"], [0, 1], [1, 2], [0.5, 2.0], labels=["P", "P", "B"])
    found = graph_of(unpacked(packed({**arrays_of(graph), "more": np.array([True])})))
    assert found.digest == graph.digest
    bare = Graph.from_arrays(["a", "b"], [0], [1])
    assert graph_of(unpacked(packed(arrays_of(bare)))).digest == bare.digest


@pytest.mark.parametrize(
    "change",
    [
        {"indptr": np.array([0, 1])},
        {"indices": np.array([1, 7])},
        {"weights": np.array([0.5])},
        {"labels": np.array(["P"], object)},
        {"indptr": np.array([0, 2, 1, 2])},
        {"ids": None},
    ],
)
def test_arrays_of_no_graph_are_refused(change: dict[str, np.ndarray | None]) -> None:
    graph = Graph.from_arrays(["a", "b", "c"], [0, 1], [1, 2], [0.5, 2.0])
    arrays = {**arrays_of(graph), **change}
    with pytest.raises(DoesNotFitError):
        graph_of({name: array for name, array in arrays.items() if array is not None})


def test_rows_and_tables_are_checked() -> None:
    require_rows(np.array([0, 2]), np.array([0, 1]), 2)
    with pytest.raises(DoesNotFitError):
        require_rows(np.array([], np.int64), np.array([0]), 2)
    with pytest.raises(DoesNotFitError):
        unpacked(pa.table({"a": [[1], [2]]}))
