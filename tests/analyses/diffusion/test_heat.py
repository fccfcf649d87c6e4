import numpy as np
import pytest
from scipy.linalg import expm

from influence_graph.analyses.diffusion.heat import heat
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph


def naive_matrix(graph):
    """Return H of the paper, entry by entry."""
    nodes = graph.number_of_nodes
    h = np.zeros((nodes, nodes))
    for j in range(nodes):
        row = slice(graph.indptr[j], graph.indptr[j + 1])
        weights = graph.edge_weights()[row]
        share = weights / weights.sum() if graph.directed and weights.sum() > 0 else weights
        for i, w in zip(graph.indices[row], share, strict=True):
            h[i, j] += w
            h[j, j] -= w
    return h


def random_graph(seed):
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(1, 25))
    source, target = rng.integers(0, nodes, (2, int(rng.integers(0, 3 * nodes))))
    weight = None if seed % 3 == 0 else rng.choice([0.0, 0.5, 4.0], source.size)
    return Graph.from_arrays([f"{i}" for i in range(nodes)], source, target, weight, directed=seed % 2 == 0)


@pytest.mark.parametrize("seed", range(20))
def test_heat_is_the_matrix_exponential_and_is_conserved(seed):
    graph = random_graph(seed)
    initial = np.random.default_rng(seed).normal(size=graph.number_of_nodes)
    found = heat(graph, initial, 1.7, alpha=0.6)
    assert found == pytest.approx(expm(0.6 * 1.7 * naive_matrix(graph)) @ initial, abs=1e-12)
    assert found.sum() == pytest.approx(initial.sum(), abs=1e-11)


@pytest.mark.parametrize("time", [0.0, 0.1, 1.0, 30.0])
def test_two_nodes_have_their_closed_form(time):
    alpha, h = 0.7, 5.0
    expected = [h / 2 * (1 + np.exp(-2 * alpha * time)), h / 2 * (1 - np.exp(-2 * alpha * time))]
    undirected = Graph.from_edges(["a"], ["b"], directed=False)
    both_ways = Graph.from_edges(["a", "b"], ["b", "a"])
    assert heat(undirected, {"a": h}, time, alpha) == pytest.approx(expected)
    assert heat(both_ways, {"a": h}, time, alpha) == pytest.approx(expected)


def test_a_node_gives_heat_by_weight_and_one_without_edges_keeps_it():
    graph = Graph.from_edges(["a", "a", "a"], ["b", "c", "d"], [3.0, 1.0, 0.0])
    gone = 1 - np.exp(-2.0)
    assert heat(graph, {"a": 1.0, "d": 0.5}, 2.0) == pytest.approx([1 - gone, 0.75 * gone, 0.25 * gone, 0.5])


def test_bad_news_is_negative_heat():
    graph = random_graph(4)
    good = np.random.default_rng(0).random(graph.number_of_nodes)
    assert heat(graph, -good, 1.0) == pytest.approx(-heat(graph, good, 1.0))


def test_weights_of_any_size_share_without_overflow():
    graph = Graph.from_edges(["a", "a"], ["b", "c"], [1e308, 1e308])
    assert heat(graph, {"a": 1.0}, 1e3) == pytest.approx([0, 0.5, 0.5])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"time": -1.0}, "time is -1.0"),
        ({"time": np.inf}, "time is inf"),
        ({"alpha": -0.5}, "alpha is -0.5"),
        ({"alpha": np.nan}, "alpha is nan"),
        ({"initial": [1.0]}, "1 values of initial for 2 nodes"),
        ({"initial": [1.0, np.nan]}, "initial of 'b' is nan"),
        ({"initial": {"a": np.inf}}, "initial of 'a' is inf"),
    ],
)
def test_bad_arguments_are_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        heat(Graph.from_edges(["a"], ["b"]), **{"initial": {"a": 1.0}, "time": 1.0, **arguments})


def test_negative_weights_unknown_nodes_and_empty_graphs_are_refused():
    with pytest.raises(InputError, match="'a' -> 'b' has weight -1"):
        heat(Graph.from_edges(["a"], ["b"], [-1.0]), {"a": 1.0}, 1.0)
    with pytest.raises(NotFound, match="'june'"):
        heat(Graph.from_edges(["a"], ["b"]), {"june": 1.0}, 1.0)
    with pytest.raises(InputError, match="0 nodes"):
        heat(Graph.from_arrays([], [], []), {}, 1.0)
