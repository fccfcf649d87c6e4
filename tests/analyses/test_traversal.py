import networkx as nx
import numpy as np
import pytest

from influence_graph.analyses.traversal import neighbors, shared, shortest_path
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph


@pytest.fixture
def town():
    edges = [("june", "annie", 2.0), ("annie", "sam", 1.0), ("sam", "june", -3.0), ("june", "june", 1.0)]
    source, target, weight = zip(*edges, ("kim", "lee", 1.0), strict=True)
    return Graph.from_edges(source, target, weight)


def test_neighbors_show_the_weight_of_each_direction(town):
    found = neighbors(town, "june").set_index("id")
    assert found.index.tolist() == ["sam", "annie", "june"]
    assert np.isnan(found.loc["annie", "in_weight"])
    assert found.loc["annie", "out_weight"] == 2.0
    assert found.loc["sam", "in_weight"] == -3.0


def test_neighbors_of_an_undirected_graph_weigh_the_same_both_ways():
    graph = Graph.from_edges(["a", "b"], ["b", "c"], [2.0, 5.0], directed=False)
    found = neighbors(graph, "b")
    assert found["id"].tolist() == ["c", "a"]
    assert found["out_weight"].tolist() == found["in_weight"].tolist() == [5.0, 2.0]


def test_an_isolated_node_has_no_neighbors():
    assert neighbors(Graph.from_arrays(["a"], [], []), "a").empty


def test_labels_stand_beside_ids():
    graph = Graph.from_arrays(["nova", "nova"], [0], [1], labels=["Brand", "Consumer"])
    assert neighbors(graph, "nova", "Brand")["label"].tolist() == ["Consumer"]
    assert shortest_path(graph, "nova", "nova", "Brand", "Consumer")["label"].tolist() == ["Brand", "Consumer"]
    with pytest.raises(InputError, match="give its label"):
        neighbors(graph, "nova")


def test_shared_neighbors_are_those_of_both(town):
    found = shared(town, "annie", "sam")
    assert found["id"].tolist() == ["june"]
    assert (found["weight_a"].item(), found["weight_b"].item()) == (2.0, -3.0)
    assert shared(town, "annie", "kim").empty


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("directed", [True, False])
def test_paths_are_as_short_as_those_of_networkx(seed, directed):
    g = nx.gnp_random_graph(20, 0.09, seed=seed, directed=True)
    graph = Graph.from_networkx(g)
    walked = g if directed else g.to_undirected()
    for end in range(1, 20):
        if not nx.has_path(walked, 0, end):
            with pytest.raises(NotFound, match="no path from '0'"):
                shortest_path(graph, "0", str(end), directed=directed)
            continue
        path = shortest_path(graph, "0", str(end), directed=directed)["id"].astype(int).tolist()
        assert len(path) - 1 == nx.shortest_path_length(walked, 0, end)
        assert nx.is_path(walked, path)


def test_a_path_carries_the_weights_it_walks(town):
    path = shortest_path(town, "june", "sam")
    assert path["id"].tolist() == ["june", "sam"]
    assert path["weight"].tolist()[1:] == [-3.0]
    path = shortest_path(town, "june", "sam", directed=True)
    assert path["id"].tolist() == ["june", "annie", "sam"]
    assert path["weight"].tolist()[1:] == [2.0, 1.0]


def test_a_path_to_itself_has_one_node(town):
    assert shortest_path(town, "june", "june")["id"].tolist() == ["june"]


@pytest.mark.parametrize("question", [neighbors, shared, shortest_path])
def test_a_graph_of_another_package_is_refused_in_one_line(question):
    names = ["a"] if question is neighbors else ["a", "b"]
    with pytest.raises(InputError, match=r"the graph is of type Graph, must be an ig\.Graph"):
        question(nx.path_graph(3), *names)


@pytest.mark.parametrize("seed", range(10))
def test_shared_neighbors_are_the_intersection_of_the_neighbors(seed):
    graph = Graph.from_networkx(nx.gnp_random_graph(15, 0.2, seed=seed, directed=True))
    around = {id_: set(neighbors(graph, id_)["id"]) for id_ in graph.ids}
    for a, b in (("0", "1"), ("2", "3"), ("4", "14")):
        found = shared(graph, a, b)
        assert set(found["id"]) == around[a] & around[b]
        for row in found.itertuples():
            edges = neighbors(graph, a).set_index("id").loc[row.id, ["out_weight", "in_weight"]]
            assert row.weight_a == np.nansum(edges)
