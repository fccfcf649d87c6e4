"""Parallel edges: strengths are summed, probabilities combine, and the one is never taken for the other."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import influence_graph as ig
from influence_graph.analyses.checks import require_probabilities
from influence_graph.errors import InputError

EDGES = (["a", "a", "b"], ["b", "b", "c"], [0.3, 0.4, 0.5])


def weights(graph: ig.Graph) -> list[float]:
    return graph.edge_weights().round(12).tolist()


def test_weights_are_summed_by_every_door():
    frame = pd.DataFrame(dict(zip(("source", "target", "weight"), EDGES, strict=True)))
    g = nx.MultiDiGraph()
    g.add_weighted_edges_from(zip(*EDGES, strict=True))
    for graph in (
        ig.Graph.from_edges(*EDGES),
        ig.Graph.from_pandas(frame, weight="weight"),
        ig.Graph.from_networkx(g),
        ig.Graph.from_arrays(["a", "b", "c"], [0, 0, 1], [1, 1, 2], EDGES[2]),
    ):
        assert weights(graph) == [0.7, 0.5]
        assert graph.summed == graph.reverse().summed == 1


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.floats(0, 1)), min_size=1, max_size=12))
def test_probabilities_combine_to_that_of_any_passing(edges):
    source, target, p = (list(column) for column in zip(*edges, strict=True))
    graph = ig.Graph.from_arrays(["a", "b", "c"], source, target, p, parallel="probability")
    right: dict[tuple[int, int], float] = {}
    for i, j, each in edges:
        right[i, j] = right.get((i, j), 1.0) * (1 - each)
    ends = [(i, int(j)) for i in range(3) for j in graph.indices[graph.indptr[i] : graph.indptr[i + 1]]]
    assert ends == sorted(right)
    assert np.allclose(graph.edge_weights(), [1 - right[pair] for pair in ends], atol=1e-12)
    assert graph.summed == 0
    require_probabilities(graph)


def test_the_reach_over_two_channels_is_that_of_their_combination():
    graph = ig.Graph.from_edges(["a", "a"], ["b", "b"], [0.3, 0.4], parallel="probability")
    found = ig.spread(graph, ["a"], simulations=100_000, seed=1)
    assert abs(found.mean - 1.58) < 4 * found.std_error + 1e-12


@pytest.mark.parametrize("ends", [(["a", "a"], ["b", "b"]), (["a", "b", "a"], ["b", "a", "b"])])
@pytest.mark.parametrize("directed", [True, False])
def test_sums_are_never_taken_for_probabilities(ends, directed):
    graph = ig.Graph.from_edges(*ends, [0.1] * len(ends[0]), directed=directed)
    for call in (
        lambda: ig.spread(graph, ["a"], seed=1),
        lambda: ig.exact_spread(graph, ["a"]),
        lambda: ig.reach_of_all(graph, seed=1),
        lambda: ig.maximize(graph, 1, seed=1),
        lambda: ig.celf(graph, 1, seed=1),
    ):
        with pytest.raises(InputError, match=r'were summed.*parallel="probability"'):
            call()


def test_probabilities_that_we_assign_are_no_sums():
    graph = ig.Graph.from_edges(["a", "a", "c"], ["b", "b", "b"])
    assert weights(ig.weighted_cascade(graph)) == [0.666666666667, 0.333333333333]
    for given_ in (ig.weighted_cascade(graph), ig.uniform_probabilities(graph, 0.1)):
        require_probabilities(given_)


@pytest.mark.parametrize("weight", [1 + 2**-52, 1.0000000001, 1.5, -1e-17, math.nextafter(1, 2)])
def test_a_weight_that_is_no_probability_is_shown_with_all_its_digits(weight):
    graph = ig.Graph.from_edges(["a"], ["b"], [weight])
    with pytest.raises(InputError) as caught:
        ig.spread(graph, ["a"], seed=1)
    assert f"has weight {weight!r}," in str(caught.value)


def test_what_cannot_be_combined_is_refused():
    with pytest.raises(InputError, match="the weight at position 1 is"):
        ig.Graph.from_edges(["a", "a"], ["b", "b"], [0.5, 1.5], parallel="probability")
    with pytest.raises(InputError, match="parallel is 'max'"):
        ig.Graph.from_edges(["a"], ["b"], parallel="max")


@pytest.mark.parametrize(("asked", "attribute"), [("wieght", "Weight"), ("value", "Weight"), ("weight", "Weight")])
def test_an_edge_attribute_that_no_edge_has_is_refused(asked, attribute):
    g = nx.DiGraph()
    g.add_edge("a", "b", **{attribute: 3.0})
    with pytest.raises(InputError, match=rf"no edge has the attribute '{asked}'.*'{attribute}'"):
        ig.Graph.from_networkx(g, weight=asked)


def test_graphs_without_weights_stay_unweighted():
    g = nx.DiGraph([("a", "b")])
    assert ig.Graph.from_networkx(g).weights is None
    with pytest.raises(InputError, match=r"no edge has the attribute 'w'; pass weight=None"):
        ig.Graph.from_networkx(g, weight="w")
