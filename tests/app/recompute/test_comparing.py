import math

import pyarrow as pa
import pytest

from influence_graph.app.recompute.comparing import distance
from influence_graph.model.results import LEARN, RANK, SEEDS


def ranks(**scores: float) -> pa.Table:
    rows = [{"label": "Consumer", "id": name, "score": value} for name, value in scores.items()]
    return pa.Table.from_pylist(rows, schema=RANK.schema)


def test_rows_are_compared_by_who_they_are_of() -> None:
    assert distance(RANK, ranks(a=1.0, b=2.0), ranks(b=2.0, a=1.0)) == (0.0, 0.0, True)
    found = distance(RANK, ranks(a=1.0, b=2.5), ranks(a=1.25, b=2.0))
    assert (found.total, found.largest, found.is_close) == (0.75, 0.5, False)
    assert distance(RANK, ranks(a=1.0), ranks(a=1.0, b=0.5)).largest == 0.5
    assert distance(RANK, ranks(), ranks()) == (0.0, 0.0, True)


@pytest.mark.parametrize(("apart", "size", "close"), [(9e-9, 0.5, True), (2e-8, 0.5, False), (2e-8, 10.0, True)])
def test_large_values_are_compared_relative_to_their_size(apart: float, size: float, close: bool) -> None:
    assert distance(RANK, ranks(a=size + apart), ranks(a=size)).is_close is close


def test_another_id_is_infinitely_far() -> None:
    one, other = (pa.table({"rank": [1], "id": [id_], "gain": [2.0]}, SEEDS.schema) for id_ in "ab")
    assert distance(SEEDS, one, other).largest == math.inf
    assert distance(SEEDS, one, one).is_close


def test_what_is_not_there_in_both_is_no_difference() -> None:
    row = pa.table({"source": ["a"], "target": ["b"], "probability": [0.5], "mean_delay": [None]}, LEARN.schema)
    assert distance(LEARN, row, row) == (0.0, 0.0, True)
