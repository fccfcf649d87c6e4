import networkx as nx
import pytest

from influence_graph.kernels.traversal import NOT_REACHED, shortest_path_parents
from influence_graph.model.graph import Graph


@pytest.mark.parametrize("seed", range(10))
def test_parents_lead_back_along_a_path_of_the_length_networkx_finds(seed):
    g = nx.gnp_random_graph(25, 0.08, seed=seed, directed=True)
    graph = Graph.from_networkx(g)
    lengths = nx.single_source_shortest_path_length(g, 0)
    for end in g:
        parents = shortest_path_parents(graph.indptr, graph.indices, 0, end)
        if end not in lengths:
            assert parents[end] == NOT_REACHED
            continue
        steps, node = 0, end
        while node != 0:
            assert g.has_edge(int(parents[node]), node)
            node, steps = int(parents[node]), steps + 1
        assert steps == lengths[end]
