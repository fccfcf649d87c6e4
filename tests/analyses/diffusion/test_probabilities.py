import numpy as np
import pytest

from influence_graph.analyses.checks import require_linear_threshold
from influence_graph.analyses.diffusion.probabilities import trivalency, uniform_probabilities, weighted_cascade
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph


def test_uniform_puts_one_probability_on_every_edge_and_leaves_the_rest():
    graph = Graph.from_edges(["a", "b"], ["b", "c"], [-3.0, 7.0])
    found = uniform_probabilities(graph, 0.25)
    assert found.weights.tolist() == [0.25, 0.25]
    assert found.ids.tolist() == graph.ids.tolist()
    assert graph.weights.tolist() == [-3.0, 7.0]
    for p in (-0.1, 1.1, np.nan):
        with pytest.raises(InputError, match="from 0 to 1"):
            uniform_probabilities(graph, p)


def test_weighted_cascade_is_one_over_the_in_degree():
    graph = weighted_cascade(Graph.from_edges(list("abcd"), list("eeef")))
    into = dict(zip(graph.ids[graph.indices], graph.weights, strict=True))
    assert into == pytest.approx({"e": 1 / 3, "f": 1.0})


def test_weighted_cascade_sums_to_1_into_each_node_and_serves_linear_threshold():
    rng = np.random.default_rng(1)
    source, target = rng.integers(0, 200, (2, 3000))
    weight = rng.random(3000) * 10.0 ** rng.integers(-300, 300, 200)[target]
    graph = weighted_cascade(Graph.from_arrays([f"{i}" for i in range(200)], source, target, weight))
    require_linear_threshold(graph)
    assert np.bincount(graph.indices, graph.weights, 200) == pytest.approx(np.ones(200))


def test_weights_of_0_stay_0_and_negative_ones_are_refused():
    assert weighted_cascade(Graph.from_edges(["a"], ["b"], [0.0])).weights.tolist() == [0.0]
    with pytest.raises(InputError, match="weight -1"):
        weighted_cascade(Graph.from_edges(["a"], ["b"], [-1.0]))


def test_trivalency_draws_three_values_equally_often_and_repeats_by_seed():
    graph = Graph.from_edges(["hub"] * 3000, [f"{i}" for i in range(3000)])
    first, again, other = trivalency(graph, 1), trivalency(graph, 1), trivalency(graph, 2)
    values, counts = np.unique(first.weights, return_counts=True)
    assert values.tolist() == [0.001, 0.01, 0.1]
    assert np.abs(counts - 1000).max() < 4 * np.sqrt(3000 * 2 / 9)
    assert first.weights.tolist() == again.weights.tolist() != other.weights.tolist()


def test_graphs_without_edges_are_left_alone():
    empty = Graph.from_arrays([], [], [])
    for made in (uniform_probabilities(empty, 0.1), weighted_cascade(empty), trivalency(empty, 0)):
        assert made.number_of_edges == 0


@pytest.mark.parametrize("made", [weighted_cascade, lambda graph: trivalency(graph, 1)])
def test_each_direction_of_an_undirected_edge_keeps_its_own_probability(made):
    """So nothing is lost on the way to networkx, or when the edges are turned round."""
    path = Graph.from_edges(["a", "b", "c"], ["b", "c", "d"], directed=False)
    found = made(path)
    assert found.directed
    assert Graph.from_networkx(found.to_networkx()).digest == found.digest
    turned = found.reverse().to_networkx()
    for source, target, weight in found.to_networkx().edges(data="weight"):
        assert turned.edges[target, source]["weight"] == weight
