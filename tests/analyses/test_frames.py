import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.frames import best_of, chosen, named, ordered, ranked

scores = st.lists(st.integers(0, 5), min_size=1, max_size=30)


def test_labels_are_a_column_only_where_there_are_labels():
    assert list(named(["a"], None)) == ["id"]
    assert list(named(["a"], ["Person"])) == ["id", "label"]


def test_equals_are_ordered_by_id():
    frame = ordered({"id": ["b", "c", "a"], "size": [1.0, 2.0, 1.0]}, "size")
    assert frame["id"].tolist() == ["c", "a", "b"]
    assert frame.index.tolist() == [0, 1, 2]


@given(scores)
def test_ranks_are_one_to_n_and_the_best_is_the_first(values):
    ids = [f"p{i}" for i in range(len(values))][::-1]
    frame = ranked({"id": ids, "score": values})
    assert frame["rank"].tolist() == list(range(1, len(values) + 1))
    assert frame["score"].is_monotonic_decreasing
    assert frame["id"][0] == best_of(ids, np.array(values))
    assert pd.Series(values, index=ids).loc[frame["id"]].tolist() == frame["score"].tolist()


@pytest.mark.parametrize("labels", [None, ["Person", "Brand"]])
def test_chosen_nodes_keep_their_order_and_sum_up_their_gains(labels):
    frame = chosen(["z", "a"], labels, {"gain": [3.0, 2.0], "std_error": [0.1, 0.2]}, np.array([3.0, 2.0]))
    names = ["id"] if labels is None else ["id", "label"]
    assert frame.columns.tolist() == ["rank", *names, "gain", "std_error", "spread"]
    assert frame["id"].tolist() == ["z", "a"]
    assert frame["spread"].tolist() == [3.0, 5.0]
    assert frame["rank"].tolist() == [1, 2]
