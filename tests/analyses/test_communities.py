"""Communities against networkx's modularity, published values, and graphs whose communities are known."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import influence_graph as ig
from influence_graph.errors import InputError


def groups(found: ig.Communities) -> list[set[str]]:
    return [set(found.ids[found.community == number]) for number in range(1, found.community.max() + 1)]


def test_the_karate_club_has_its_best_known_modularity() -> None:
    # 0.4198 is the maximum: Brandes et al. 2008, https://doi.org/10.1109/TKDE.2007.190689, table 1 (0.420)
    found = ig.communities(ig.Graph.from_networkx(nx.karate_club_graph(), weight=None))
    assert found.modularity == pytest.approx(0.4198, abs=5e-5)
    assert found.sizes.tolist() == [12, 11, 6, 5]


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 1.0, 2.0]), st.booleans())
def test_modularity_is_that_of_networkx_and_no_worse_than_louvain(seed: int, resolution: float, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    nodes, edges = int(rng.integers(2, 30)), int(rng.integers(0, 90))
    source, target = rng.integers(nodes, size=(2, edges))
    weight = rng.integers(0, 5, edges).astype(float) if weighted else None
    graph = ig.Graph.from_arrays([f"n{i}" for i in range(nodes)], source, target, weight)
    found = ig.communities(graph, resolution)
    pairs = nx.Graph()
    pairs.add_nodes_from(graph.ids)
    for start, end, value in zip(source, target, np.ones(edges) if weight is None else weight, strict=True):
        if start != end and value:
            before = pairs.get_edge_data(f"n{start}", f"n{end}", {"weight": 0.0})["weight"]
            pairs.add_edge(f"n{start}", f"n{end}", weight=before + value)
    assert sorted(len(group) for group in groups(found)) == sorted(found.sizes.tolist())
    assert found.sizes.tolist() == sorted(found.sizes.tolist(), reverse=True)
    for group in groups(found):
        assert nx.is_connected(pairs.subgraph(group))
    if not pairs.size():
        assert found.modularity == 0
        return
    expected = nx.community.modularity(pairs, groups(found), resolution=resolution)
    assert found.modularity == pytest.approx(expected, abs=1e-12)
    louvain = nx.community.louvain_communities(pairs, resolution=resolution, seed=1)
    assert expected >= nx.community.modularity(pairs, louvain, resolution=resolution) - 0.02


def test_cliques_joined_in_a_ring_are_found_at_a_high_resolution() -> None:
    # Fortunato and Barthélemy 2007: 30 cliques of 5 merge in pairs at the modularity's own resolution
    graph = ig.Graph.from_networkx(nx.ring_of_cliques(30, 5))
    assert ig.communities(graph).sizes.tolist().count(10) > 10
    assert ig.communities(graph, resolution=2.0).sizes.tolist() == [5] * 30


def test_nodes_without_edges_are_communities_of_one_in_their_order() -> None:
    graph = ig.Graph.from_arrays(["z", "a", "b", "c", "y"], [1, 2, 4], [2, 3, 4])
    assert ig.communities(graph).community.tolist() == [2, 1, 1, 1, 3]
    assert ig.communities(ig.Graph.from_arrays(["b", "a"], [], [])).community.tolist() == [1, 2]


def test_a_seed_repeats_the_run_and_direction_and_unit_do_not_count() -> None:
    graph = ig.Graph.from_networkx(nx.gnp_random_graph(200, 0.03, seed=4, directed=True))
    first, again = ig.communities(graph, seed=7), ig.communities(graph, seed=7)
    assert first.community.tolist() == again.community.tolist()
    assert first.parameters == {"resolution": 1.0, "seed": 7}
    assert ig.communities(graph.reverse(), seed=7).community.tolist() == first.community.tolist()
    heavy = replace(graph, weights=np.full(graph.indices.size, 1e308))
    assert ig.communities(heavy, seed=7).community.tolist() == first.community.tolist()


def test_the_frame_is_ordered_by_community_and_has_labels_where_there_are_some() -> None:
    graph = ig.Graph.from_arrays(["c", "b", "a"], [0], [2], labels=["Consumer", "Brand", "Consumer"])
    frame = ig.communities(graph).to_frame()
    assert frame.to_dict("list") == {
        "id": ["a", "c", "b"],
        "label": ["Consumer", "Consumer", "Brand"],
        "community": [1, 1, 2],
        "size": [2, 2, 1],
    }
    assert "label" not in ig.communities(ig.Graph.from_edges(["a"], ["b"])).to_frame()


@pytest.mark.parametrize(
    ("weight", "options", "message"),
    [
        (-1.0, {}, "has weight -1, modularity needs 0 or more"),
        (1.0, {"resolution": 0}, "resolution is 0, must be above 0 and finite; use 1"),
        (1.0, {"resolution": float("inf")}, "resolution is inf, must be above 0"),
        (1.0, {"resolution": "x"}, "resolution is x, must be above 0"),
        (1.0, {"seed": -1}, "seed is -1, must be a whole number"),
    ],
)
def test_bad_input_is_refused_in_one_line(weight: float, options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ig.communities(ig.Graph.from_edges(["a"], ["b"], [weight]), **options)


def test_an_empty_graph_has_no_communities() -> None:
    with pytest.raises(InputError, match="the graph has 0 nodes: nothing to group"):
        ig.communities(ig.Graph.from_arrays([], [], []))
