"""Layouts: communities apart from each other, none on top of another, the same each time."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.spatial import ConvexHull, cKDTree

from influence_graph.reports.pages.layout import Layout, lay_out


def laid(graph: nx.Graph) -> Layout:
    edges = np.array(nx.convert_node_labels_to_integers(graph).edges, dtype=np.int64).reshape(-1, 2)
    return lay_out(graph.number_of_nodes(), edges[:, 0], edges[:, 1], np.ones(len(edges)))


def caveman(cliques: int, size: int) -> nx.Graph:
    return nx.relaxed_caveman_graph(cliques, size, 0.05, seed=1)


@pytest.mark.parametrize(
    "graph",
    [
        caveman(12, 20),
        nx.random_partition_graph([200, 100, 40, 20, 10], 0.3, 0.004, seed=2),
        nx.disjoint_union_all([nx.star_graph(500), nx.star_graph(30), nx.cycle_graph(3), nx.empty_graph(40)]),
    ],
    ids=["caves", "planted", "stars"],
)
def test_communities_stand_apart(graph: nx.Graph) -> None:
    layout = laid(graph)
    assert np.isfinite([layout.x, layout.y]).all()
    place = np.column_stack([layout.x, layout.y])
    hulls = []
    for group in np.unique(layout.group):
        members = place[layout.group == group]
        if len(members) > 2:
            hulls.append((group, ConvexHull(members)))
    assert len(hulls) >= 3
    for group, hull in hulls:
        others = place[layout.group != group]
        inside = (others @ hull.equations[:, :2].T + hull.equations[:, 2] <= 1e-9).all(axis=1)
        assert not inside.any()


def test_no_two_nodes_are_in_one_place_and_all_fill_the_area() -> None:
    layout = laid(nx.random_partition_graph([400, 300, 200, 100], 0.05, 0.002, seed=3))
    place = np.column_stack([layout.x, layout.y])
    nearest = cKDTree(place).query(place, k=2)[0][:, 1]
    assert nearest.min() > 0.01
    assert np.median(nearest) > 0.3
    assert np.ptp(layout.x) * np.ptp(layout.y) < 10 * len(place)


def test_communities_that_are_joined_stand_nearer() -> None:
    chain = nx.disjoint_union_all([nx.complete_graph(12)] * 6)
    chain.add_edges_from((12 * one + k, 12 * (one + 1) + k) for one in range(5) for k in range(3))
    layout = laid(chain)
    middles = np.array(
        [[layout.x[12 * k : 12 * k + 12].mean(), layout.y[12 * k : 12 * k + 12].mean()] for k in range(6)]
    )
    apart = np.hypot(*(middles[:, None] - middles[None]).transpose(2, 0, 1))
    joined = [apart[k, k + 1] for k in range(5)]
    others = [apart[i, j] for i in range(6) for j in range(i + 2, 6)]
    assert np.mean(joined) < 0.8 * np.mean(others)


def test_a_large_community_without_parts_is_a_sunflower_around_its_hub() -> None:
    layout = laid(nx.star_graph(800))
    distance = np.hypot(layout.x - layout.x[0], layout.y - layout.y[0])
    assert distance[0] == 0
    assert distance.max() == pytest.approx(np.sqrt(800 / np.pi), rel=0.01)


def test_the_same_network_has_the_same_layout() -> None:
    first, again = (laid(caveman(30, 30)) for _ in range(2))
    assert first.x.tolist() == again.x.tolist()
    assert first.y.tolist() == again.y.tolist()


@pytest.mark.parametrize("nodes", [1, 2, 3])
def test_the_smallest_networks_have_one(nodes: int) -> None:
    layout = laid(nx.path_graph(nodes))
    assert np.isfinite([layout.x, layout.y]).all()
    assert len(set(zip(layout.x, layout.y, strict=True))) == nodes
    assert len(set(zip(*laid(nx.empty_graph(nodes)).__dict__.values(), strict=True))) == nodes


def test_very_many_pairs_are_laid_out_side_by_side() -> None:
    pairs = nx.Graph((2 * n, 2 * n + 1) for n in range(1500))
    layout = laid(pairs)
    place = np.column_stack([layout.x, layout.y])
    assert cKDTree(place).query(place, k=2)[0][:, 1].min() > 0.2
