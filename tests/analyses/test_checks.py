"""The checks that all analyses share: what they accept, and the one line where they refuse."""

import os

import numpy as np
import pytest

from influence_graph.analyses import checks
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph

GRAPH = Graph.from_edges(["a", "a", "b"], ["b", "c", "c"], [0.5, 0.2, 0.3])
TWICE = Graph.from_arrays(["x", "x"], [0], [1], labels=["Person", "Brand"])


@pytest.mark.parametrize("value", [1, 1.5, np.float32(2), np.int8(3), np.inf])
def test_real_numbers_are_numbers(value):
    assert checks.is_number(value)


@pytest.mark.parametrize("value", [True, np.True_, "1", None, 1j, [1]])
def test_truth_values_texts_and_lists_are_no_numbers(value):
    assert not checks.is_number(value)
    assert not checks.is_whole(value)


def test_whole_numbers_are_whole_by_their_type():
    assert checks.is_whole(np.int64(2))
    assert not checks.is_whole(2.0)


def test_a_seed_gives_the_same_start_and_none_a_fresh_one():
    assert checks.seed_of(2**64 - 1) == 2**64 - 1
    assert checks.seed_of(np.random.default_rng(1)) == checks.seed_of(np.random.default_rng(1))
    fresh = {checks.seed_of(None) for _ in range(10)}
    assert len(fresh) == 10
    assert all(0 <= seed < 2**63 for seed in fresh)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.0, True, "1"])
def test_other_seeds_are_refused(seed):
    with pytest.raises(InputError, match=r"seed is .*, must be a whole number of 0 or more"):
        checks.seed_of(seed)


def test_threads_are_those_given_or_one_per_processor():
    assert checks.threads_of(3) == 3
    assert checks.threads_of(None) == (os.cpu_count() or 1)


def test_ids_become_indices_once():
    assert checks.nodes_of(GRAPH, ["c", "a"]).tolist() == [2, 0]
    assert checks.nodes_of(GRAPH, iter(["b"])).tolist() == [1]
    assert checks.nodes_of(TWICE, [("Brand", "x")]).tolist() == [1]
    assert checks.nodes_of(GRAPH, []).size == 0


@pytest.mark.parametrize(
    ("graph", "ids", "error", "message"),
    [
        (GRAPH, "ab", InputError, r"the ids are the text 'ab'; pass a list: \['ab'\]"),
        (GRAPH, ["a", "a"], InputError, "'a' is given twice"),
        (GRAPH, ["d"], NotFound, "no 'd' among the 3 nodes"),
        (TWICE, ["x"], InputError, "'x' is the id of 2 nodes"),
        (TWICE, [("Person", "x", 1)], InputError, r"must be an id or a pair \(label, id\)"),
    ],
)
def test_ids_that_name_no_one_node_are_refused(graph, ids, error, message):
    with pytest.raises(error, match=message):
        checks.nodes_of(graph, ids)


def test_values_come_by_order_or_by_id():
    assert checks.values_of(GRAPH, {"c": 2}, "cost", 1.0).tolist() == [1.0, 1.0, 2.0]
    given = np.array([1, 2, 3])
    found = checks.values_of(GRAPH, given, "cost", 1.0)
    found[0] = 9.0
    assert given[0] == 1, "a copy"
    for bad, message in (([1, 2], "2 values of cost for 3 nodes"), ([1, 2, -1], "cost of 'c' is -1.0, must be 0 or")):
        with pytest.raises(InputError, match=message):
            checks.values_of(GRAPH, np.array(bad), "cost", 1.0)
    with pytest.raises(InputError, match="cost of 'a' is nan"):
        checks.values_of(GRAPH, {"a": np.nan}, "cost", 1.0)


def test_the_edge_at_a_place_has_its_ends_and_weight():
    assert [checks.edge_at(GRAPH, k) for k in range(3)] == [("a", "b", 0.5), ("a", "c", 0.2), ("b", "c", 0.3)]
    isolated = Graph.from_arrays(["a", "b", "c"], [2], [0])
    assert checks.edge_at(isolated, 0) == ("c", "a", 1.0)


@pytest.mark.parametrize(("weights", "within"), [([0.5, 0.5], True), ([0.5, 0.50001], True), ([0.5, 0.51], False)])
def test_linear_threshold_needs_in_weights_of_at_most_1_but_for_rounding(weights, within):
    graph = Graph.from_edges(["a", "b"], ["c", "c"], weights)
    if within:
        checks.require_linear_threshold(graph)
    else:
        with pytest.raises(InputError, match=r"the weights into 'c' sum to 1\.01"):
            checks.require_linear_threshold(graph)


@pytest.mark.parametrize("weight", [-0.1, 1.1])
def test_a_weight_that_is_no_probability_is_named_with_its_edge(weight):
    with pytest.raises(InputError, match=f"the edge 'a' -> 'b' has weight {weight:g}, a probability must be"):
        checks.require_probabilities(Graph.from_edges(["a"], ["b"], [weight]))


def test_a_negative_weight_is_named_with_its_edge():
    with pytest.raises(InputError, match="the edge 'b' -> 'c' has weight -2, PageRank needs 0 or more"):
        checks.require_nonnegative(Graph.from_edges(["a", "b"], ["b", "c"], [1.0, -2.0]), "PageRank")
