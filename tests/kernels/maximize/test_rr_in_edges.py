import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.maximize.rr_in_edges import Reverse, prepare, reverse_of
from tests.kernels.naive import edge_lists, quick, rows_of


@given(edge_lists())
@quick
def test_the_in_edges_of_a_node_are_its_sources_in_ascending_order(graph):
    nodes, edges = graph
    weights = np.arange(len(edges)) / 32  # one of its own for each edge
    found = reverse_of(*rows_of(graph), weights)
    weight = dict(zip(edges, weights.tolist(), strict=True))
    for v in range(nodes):
        row = slice(found.indptr[v], found.indptr[v + 1])
        sources = sorted(u for u, target in edges if target == v)
        assert found.indices[row].tolist() == sources
        assert found.probability[row].tolist() == [weight[u, v] for u in sources]


def head_of(probabilities, model):
    row = np.array(probabilities, float)
    reverse = Reverse(np.array([0, row.size]), np.arange(row.size, dtype=np.int32), row)
    prepared = prepare(reverse, model)
    return prepared.head[0].tolist(), prepared.value.tolist()


def test_equal_unlikely_edges_have_the_probability_of_none_and_the_odds():
    head, value = head_of([0.1] * 5, "ic")
    assert head == [0, 5, pytest.approx(0.9**5), pytest.approx(1 / 9)]
    assert value == [0.1] * 5


def test_unequal_unlikely_edges_have_those_of_the_largest_with_a_negative_sign():
    assert head_of([0.1, 0.2, 0.0, 0.05], "ic-n")[0] == [0, 4, pytest.approx(0.8**4), pytest.approx(-0.25)]


@pytest.mark.parametrize(
    "probabilities", [[], [0.1] * 3, [0.25] * 9, [0.1, 0.9, 0.1, 0.1], [0.0] * 6, [0.2] * 3000], ids=str
)
def test_few_likely_impossible_or_very_many_edges_have_trials(probabilities):
    assert head_of(probabilities, "ic")[0] == [0, len(probabilities), 0, 0]


@given(st.lists(st.sampled_from([0.0, 0.125, 0.25]), max_size=4))
@quick
def test_rows_of_linear_threshold_are_running_sums(weights):
    head, value = head_of(weights, "lt")
    equal = len(set(weights)) == 1
    assert head == [0, len(weights), sum(weights), weights[0] if equal else 0.0]
    assert value == np.cumsum(weights).tolist()
