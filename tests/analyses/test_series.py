"""A number per node: a pandas Series is read by its index, as a mapping is; arrays by position."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import influence_graph as ig
from influence_graph.errors import InputError

TIES = (["a", "b", "c", "c"], ["b", "c", "a", "b"])
GRAPH = ig.Graph.from_edges(*TIES)
LIKELY = ig.Graph.from_edges(*TIES, [0.5, 0.25, 0.125, 0.5])
GIVEN = {"c": 1.0, "b": 0.25, "a": 2.0}
PAIRS = [0.1, 0.2, 0.05, 0.2]
SHOWN = {"c": 4.0, "b": 4.0, "a": 4.0}

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "personalization of pagerank": lambda v: ig.pagerank(GRAPH, personalization=v).scores,
    "personalization of pagerank_many": lambda v: ig.pagerank_many(GRAPH, [v])[0].scores,
    "start of pagerank": lambda v: ig.pagerank(GRAPH, start=v, max_iterations=200).scores,
    "target of spread": lambda v: ig.spread(LIKELY, ["a"], seed=1, simulations=50, target=v).mean,
    "target of exact_spread": lambda v: ig.exact_spread(LIKELY, ["a"], target=v).mean,
    "target of maximize": lambda v: list(ig.maximize(LIKELY, 1, seed=1, target=v).seeds),
    "target of celf": lambda v: list(ig.celf(LIKELY, 1, seed=1, target=v).seeds),
    "costs of maximize": lambda v: list(ig.maximize(LIKELY, None, budget=2.0, costs=v, seed=1).seeds),
    "initial of heat": lambda v: ig.heat(GRAPH, v, 0.5),
    "posting of psi_score": lambda v: ig.psi_score(GRAPH, v, SHOWN).scores,
    "reposting of psi_score": lambda v: ig.psi_score(GRAPH, SHOWN, v).scores,
    "exposed of influence_passivity": lambda v: (
        ig.influence_passivity(GRAPH, [0.1, 0.2, 0.05, 0.2], v).influence.scores
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("order", list(itertools.permutations("abc")), ids="".join)
def test_a_series_is_the_mapping_of_its_index(name: str, order: tuple[str, ...]) -> None:
    by_mapping = FUNCTIONS[name](GIVEN)
    by_series = FUNCTIONS[name](pd.Series(GIVEN)[list(order)])
    by_array = FUNCTIONS[name](np.array([GIVEN[id_] for id_ in GRAPH.ids]))
    assert np.array_equal(by_mapping, by_series)
    assert np.array_equal(by_mapping, by_array)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    ("values", "message"),
    [
        (pd.Series([1.0, 2.0, 3.0]), "the index of the Series .*set the ids as its index, or pass .*to_numpy"),
        (pd.Series({"a": 1.0, "b": 1.0, "nobody": 1.0}), "'nobody'"),
        (pd.Series([1.0, 2.0, 3.0], index=["a", "a", "b"]), "holds 'a' twice"),
        (pd.Series({"a": "x", "b": 1.0, "c": 1.0}), "no numbers|'x'|not among|no 'x'"),
    ],
    ids=["positions", "stranger", "twice", "text"],
)
def test_an_index_that_names_no_nodes_is_refused(name: str, values: pd.Series, message: str) -> None:
    with pytest.raises(ig.InfluenceGraphError, match=message) as caught:
        FUNCTIONS[name](values)
    assert "\n" not in str(caught.value)


def test_the_right_values_of_a_series() -> None:
    likewise = nx.pagerank(nx.DiGraph(list(zip(*TIES, strict=True))), personalization={"c": 1.0}, tol=1e-12)
    got = ig.pagerank(GRAPH, personalization=pd.Series({"c": 1.0, "b": 0.0, "a": 0.0})).scores
    assert np.allclose(got, [likewise[id_] for id_ in GRAPH.ids], atol=1e-8)
    alone = ig.Graph.from_edges(["a"], ["b"], [0.0])
    assert ig.spread(alone, ["a"], seed=1, target=pd.Series({"b": 5.0, "a": 1.0})).mean == 1.0


def test_numbers_are_ids_in_an_index_too() -> None:
    graph = ig.Graph.from_edges([1, 2], [2, 3], [0.0, 0.0])
    series = pd.Series({3: 7.0, 1: 2.0, 2: 1.0})
    for values in (series, series.rename(float), series.rename(str), series.to_dict()):
        assert ig.spread(graph, [1], seed=1, target=values).mean == 2.0


def test_labels_are_a_second_level_of_the_index() -> None:
    graph = ig.Graph.from_arrays(["x", "x"], [0], [1], labels=["Consumer", "Brand"])
    series = pd.Series({("Brand", "x"): 1.0, ("Consumer", "x"): 0.0})
    assert ig.heat(graph, series, 0.0).tolist() == [0.0, 1.0]


def test_pairs_are_the_index_of_what_was_influenced() -> None:
    pairs: Mapping[tuple[str, str], float] = {("c", "b"): 2.0, ("a", "b"): 1.0, ("b", "c"): 1.0}
    of_mapping, of_series = (
        ig.influence_passivity(GRAPH, given, SHOWN).influence.scores for given in (pairs, pd.Series(pairs))
    )
    assert of_mapping.tolist() == of_series.tolist()
    with pytest.raises(InputError, match="a pair of ids"):
        ig.influence_passivity(GRAPH, pd.Series([1.0, 1.0, 0.0, 1.0]), SHOWN)


@pytest.mark.parametrize(
    "values", [pa.array([2.0, 0.25, 1.0]), [2.0, 0.25, 1.0], (2, 0.25, 1)], ids=["arrow", "list", "tuple"]
)
def test_what_has_no_index_is_read_by_position(values: Any) -> None:
    assert np.array_equal(ig.heat(GRAPH, values, 0.5), ig.heat(GRAPH, GIVEN, 0.5))
