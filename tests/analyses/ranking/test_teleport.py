import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.analyses.ranking.teleport import aligned, described, solves_same, vector
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph

GRAPH = Graph.from_edges(["a", "b", "c"], ["b", "c", "d"])
values = st.lists(st.floats(0, 1e300), min_size=4, max_size=4).filter(any)


@given(values)
def test_a_vector_is_a_distribution_in_proportion_to_what_is_given(given_values):
    v = vector(GRAPH, np.array(given_values))
    assert v.sum() == pytest.approx(1.0)
    assert (v >= 0).all()
    scaled = np.array(given_values) / max(given_values)
    assert v == pytest.approx(scaled / scaled.sum())
    assert v.tolist() == vector(GRAPH, dict(zip(GRAPH.ids, given_values, strict=True))).tolist()


def test_none_teleports_to_all_nodes_and_a_list_to_its_nodes_equally():
    assert vector(GRAPH, None).tolist() == [0.25] * 4
    assert vector(GRAPH, ["a", "d"]).tolist() == [0.5, 0.0, 0.0, 0.5]


@pytest.mark.parametrize("nothing", [{}, {"a": 0.0}, np.zeros(4)])
def test_nowhere_to_teleport_to_is_refused(nothing):
    with pytest.raises(InputError, match="the personalization sums to 0"):
        vector(GRAPH, nothing)


def test_what_is_recorded_tells_vectors_apart_and_is_json():
    one, other = described(vector(GRAPH, ["a"])), described(vector(GRAPH, ["b"]))
    assert one["nodes"] == other["nodes"] == 1
    assert one["digest"] != other["digest"]
    assert json.loads(json.dumps(one)) == one
    assert described(vector(GRAPH, {"a": 7.0})) == one, "the same distribution"


def test_a_start_is_aligned_by_id_and_new_nodes_start_from_the_teleport_vector():
    before = pagerank(GRAPH)
    after = Graph.from_edges(["d", "e"], ["a", "b"])
    found = aligned(after, before, np.full(4, 0.25))
    known = dict(zip(before.ids, before.scores, strict=True))
    expected = np.array([known.get(name, 0.25) for name in after.ids])
    assert found == pytest.approx(expected / expected.max())


def test_a_start_of_zeros_is_none():
    assert aligned(GRAPH, np.zeros(4), vector(GRAPH, None)) is None


def test_two_results_solve_the_same_where_parameters_and_nodes_are_equal():
    result = pagerank(GRAPH, 0.5)
    assert solves_same(GRAPH, result, {"damping_factor": 0.5})
    assert not solves_same(GRAPH, result, {"damping_factor": 0.6})
    assert not solves_same(GRAPH, result, {"quality": 0.5})
    assert not solves_same(Graph.from_edges(["a"], ["b"]), result, {"damping_factor": 0.5})
    labeled = Graph.from_arrays(GRAPH.ids, [0], [1], labels=["P"] * 4)
    assert not solves_same(labeled, result, {"damping_factor": 0.5})
