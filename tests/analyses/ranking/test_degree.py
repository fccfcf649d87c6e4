import networkx as nx
import numpy as np
import pytest

from influence_graph.analyses.ranking.degree import degree
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("kind", [nx.DiGraph, nx.Graph])
@pytest.mark.parametrize("weighted", [True, False])
def test_networkx_counts_the_same(seed, kind, weighted):
    rng = np.random.default_rng(seed)
    g = kind()
    g.add_nodes_from(range(20))
    g.add_weighted_edges_from((int(s), int(t), float(w)) for s, t, w in rng.integers(0, 18, (40, 3)))  # with loops
    graph = Graph.from_networkx(g)
    views = {"in": "in_degree", "out": "out_degree", "both": "degree"} if g.is_directed() else {}
    for direction in ("in", "out", "both"):
        view = getattr(g, views.get(direction, "degree"))
        expected = [count for _, count in view(weight="weight" if weighted else None)]
        assert degree(graph, direction, weighted).scores.tolist() == expected


def test_the_result_is_exact_and_says_what_was_counted():
    result = degree(Graph.from_edges(["a", "b"], ["c", "c"], [0.5, 2.0]))
    assert (result.residual, result.error_bound, result.iterations, result.converged) == (0.0, 0.0, 1, True)
    assert result.parameters == {"direction": "in", "measure": "strength"}
    assert degree(Graph.from_edges(["a"], ["b"])).parameters["measure"] == "degree"
    assert result.to_frame()["id"].tolist() == ["c", "a", "b"]


def test_negative_weights_are_not_summed_but_their_edges_can_be_counted():
    graph = Graph.from_edges(["a", "b"], ["c", "c"], [1.0, -3.0])
    with pytest.raises(InputError, match="'b' -> 'c' has weight -3, strength needs 0 or more; split the graph"):
        degree(graph)
    assert degree(graph, weighted=False).scores.tolist() == [0, 0, 2]


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="direction is 'up', must be in, out or both"):
        degree(Graph.from_edges(["a"], ["b"]), "up")
    with pytest.raises(InputError, match="nothing to rank"):
        degree(Graph.from_edges([], []))
