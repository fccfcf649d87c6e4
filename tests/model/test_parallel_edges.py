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


def test_combination_keeps_the_probabilities_of_other_edges_exactly() -> None:
    source, target, p = ["a", "a", "b", "c"], ["b", "b", "c", "a"], [0.3, 0.4, 0.3, 1e-300]
    graph = ig.Graph.from_edges(source, target, p, parallel="probability")
    assert graph.edge_weights().tolist() == [pytest.approx(0.58), 0.3, 1e-300]
    alone = ig.Graph.from_edges(source[1:], target[1:], p[1:])
    assert ig.Graph.from_edges(source[1:], target[1:], p[1:], parallel="probability").digest == alone.digest


@pytest.mark.parametrize(("given_", "right"), [([0.0, 0.0], 0.0), ([1.0, 0.5], 1.0), ([1e-300, 1e-300], 2e-300)])
@pytest.mark.parametrize("directed", [True, False])
def test_combination_at_the_ends(given_: list[float], right: float, directed: bool) -> None:
    graph = ig.Graph.from_edges(["a", "a"], ["b", "b"], given_, directed, parallel="probability")
    assert graph.edge_weights().tolist() == [pytest.approx(right, abs=0, rel=1e-12)] * (1 if directed else 2)
    assert not np.signbit(graph.edge_weights()).any()


def test_certain_edges_combine_to_a_certain_one() -> None:
    graph = ig.Graph.from_edges(["a", "a", "b"], ["b", "b", "c"], parallel="probability")
    assert (graph.weights, graph.summed, graph.number_of_edges) == (None, 0, 2)
    assert ig.spread(graph, ["a"], seed=1).mean == 3.0


def test_parallel_edges_of_networkx_combine_where_asked() -> None:
    g = nx.MultiDiGraph()
    g.add_weighted_edges_from(zip(*EDGES, strict=True))
    graph = ig.Graph.from_networkx(g, parallel="probability")
    assert weights(graph) == [0.58, 0.5]
    exact = ig.exact_spread(graph, ["a"]).mean
    assert exact == pytest.approx(1 + 0.58 + 0.58 * 0.5)


def test_a_linear_threshold_takes_sums() -> None:
    """A threshold is passed by the sum of weights, so that 0.3 and 0.4 of one neighbor are 0.7 of it."""
    graph = ig.Graph.from_edges(["a", "a"], ["b", "b"], [0.3, 0.4])
    assert ig.exact_spread(graph, ["a"], "lt").mean == pytest.approx(1.7)
    found = ig.spread(graph, ["a"], "lt", seed=1, simulations=20_000)
    assert abs(found.mean - 1.7) < 4 * found.std_error
    with pytest.raises(InputError, match=r"has weight 1\.2"):
        ig.spread(ig.Graph.from_edges(["a", "a"], ["b", "b"], [0.6, 0.6]), ["a"], "lt", seed=1)


@pytest.mark.parametrize(
    "weight", [np.array([1j]), [1j], np.array(["2026-01-01"], "datetime64[ns]"), [10**400], {1.0}, ["much"]]
)
def test_weights_that_are_no_numbers_are_refused(weight: object) -> None:
    with pytest.raises(InputError, match="weights must be numbers"):
        ig.Graph.from_edges(["a"], ["b"], weight)


@pytest.mark.parametrize("weight", [[None], [pd.NA], [float("nan")], pd.array([None], dtype="Float64")])
def test_a_missing_weight_is_refused_with_its_place(weight: object) -> None:
    with pytest.raises(InputError, match="the weight at position 0 is nan"):
        ig.Graph.from_edges(["a"], ["b"], weight)


def test_columns_of_edges_belong_together_by_their_index() -> None:
    frame = pd.DataFrame({"u": ["a", "b"], "v": ["b", "c"], "w": [1.0, 2.0]})
    by_weight = frame.sort_values("w", ascending=False)
    assert ig.Graph.from_edges(by_weight["u"], by_weight["v"], by_weight["w"]).digest == (
        ig.Graph.from_edges(frame["u"], frame["v"], frame["w"]).digest
    )
    with pytest.raises(InputError, match="Series source and weight have different indexes; take both from one frame"):
        ig.Graph.from_edges(frame["u"], frame["v"], by_weight["w"])
    with pytest.raises(InputError, match="Series source and target have different indexes"):
        ig.Graph.from_edges(frame["u"], by_weight["v"])
    with pytest.raises(InputError, match="Series ids and labels have different indexes"):
        ig.Graph.from_arrays(frame["u"], [0], [1], labels=by_weight["v"])


@pytest.mark.parametrize("label", [None, float("nan"), 1, b"Brand"])
def test_a_label_is_text(label: object) -> None:
    with pytest.raises(InputError, match=r"the label at position 1 is .*, must be text"):
        ig.Graph.from_arrays(["a", "b"], [0], [1], labels=["Consumer", label])


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


@pytest.mark.parametrize("weight", [0, 5.0, True, ["w"], ("w",)])
def test_what_names_no_attribute_is_refused(weight: object) -> None:
    g = nx.DiGraph()
    g.add_edge("a", "b", w=3.0)
    with pytest.raises(InputError, match=r"no edge has the attribute|must be the name of an attribute"):
        ig.Graph.from_networkx(g, weight=weight)


@pytest.mark.parametrize("g", [None, pd.DataFrame(), [("a", "b")]])
def test_what_is_no_graph_of_networkx_is_refused(g: object) -> None:
    with pytest.raises(InputError, match="must be one of networkx"):
        ig.Graph.from_networkx(g)


def test_graphs_without_weights_stay_unweighted():
    g = nx.DiGraph([("a", "b")])
    assert ig.Graph.from_networkx(g).weights is None
    with pytest.raises(InputError, match=r"no edge has the attribute 'w'; pass weight=None"):
        ig.Graph.from_networkx(g, weight="w")
