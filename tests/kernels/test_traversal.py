import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.traversal import NOT_REACHED, shortest_path_parents
from influence_graph.model.graph import Graph
from tests.kernels.naive import edge_lists, quick, rows_of


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


def naive_parents(nodes, edges, start):
    """Return the parents of a whole search that visits nodes in the order of their edges."""
    parents, queue = {start: start}, [start]
    for node in queue:
        for source, target in edges:
            if source == node and target not in parents:
                parents[target] = node
                queue.append(target)
    return [parents.get(node, NOT_REACHED) for node in range(nodes)]


@given(edge_lists(), st.data())
@quick
def test_paths_are_the_first_in_the_order_of_the_rows(graph, data):
    nodes, edges = graph
    start, end = (data.draw(st.integers(0, nodes - 1)) for _ in range(2))
    found = shortest_path_parents(*rows_of(graph), start, end).tolist()
    whole = naive_parents(nodes, edges, start)
    assert found[end] == whole[end]
    assert all(parent in (NOT_REACHED, expected) for parent, expected in zip(found, whole, strict=True))
    while end not in (start, NOT_REACHED):
        assert found[end] == whole[end]
        end = found[end]


def test_a_node_is_its_own_path():
    assert shortest_path_parents(np.array([0, 1, 1]), np.array([1], np.int32), 0, 0).tolist() == [0, NOT_REACHED]
