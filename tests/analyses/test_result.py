"""What every result offers: parameters, digest, a frame, a line and a table."""

import inspect
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.result import Displayed, Result

EVIL = "<script>alert('x')</script>"
IDS = [EVIL, "b & co", "c\nd", "long" * 50]
GRAPH = ig.Graph.from_arrays(IDS, [0, 0, 1, 2], [1, 2, 2, 3], [0.5, 0.2, 0.3, 0.4], labels=["<Person>"] * 4)
LOG = pd.DataFrame(
    {"user": [IDS[0], IDS[1], IDS[2], IDS[0], IDS[1]], "item": ["x", "x", "x", "y", "y"], "time": [1, 2, 3, 1, 4]}
)
RESULTS = {
    "pagerank": lambda: ig.pagerank(GRAPH),
    "pagerank_many": lambda: ig.pagerank_many(GRAPH, [[EVIL]])[0],
    "degree": lambda: ig.degree(GRAPH),
    "hits": lambda: ig.hits(GRAPH),
    "psi_score": lambda: ig.psi_score(GRAPH, np.ones(4), np.ones(4)),
    "influence_passivity": lambda: ig.influence_passivity(GRAPH, GRAPH.edge_weights()),
    "activity": lambda: ig.activity(GRAPH.reverse(), LOG),
    "communities": lambda: ig.communities(GRAPH),
    "spread": lambda: ig.spread(GRAPH, [EVIL], simulations=50, seed=1),
    "exact_spread": lambda: ig.exact_spread(GRAPH, [EVIL]),
    "reach_of_all": lambda: ig.reach_of_all(GRAPH, rr_sets=50, seed=1),
    "learn": lambda: ig.learn(GRAPH, LOG),
    "credit": lambda: ig.credit(GRAPH, LOG),
    "credit.maximize": lambda: ig.credit(GRAPH, LOG).maximize(2),
    "maximize": lambda: ig.maximize(GRAPH, 2, seed=1),
    "maximize.spread": lambda: ig.maximize(GRAPH, 2, seed=1).spread,
    "celf": lambda: ig.celf(GRAPH, 2, simulations=50, seed=1),
    "repair": lambda: ig.repair(ig.maximize(GRAPH, 2, seed=1).kept, GRAPH),
    "estimate_maximize": lambda: ig.estimate_maximize(GRAPH, 2),
}
WITHOUT_IDS = {"repair", "estimate_maximize"}


@pytest.fixture(scope="module", params=RESULTS)
def named(request):
    return request.param, RESULTS[request.param]()


def test_every_result_keeps_to_the_protocol(named):
    name, result = named
    assert isinstance(result, Result)
    assert isinstance(result, Displayed)
    assert json.loads(json.dumps(dict(result.parameters))) == dict(result.parameters)
    if name != "activity":
        assert result.digest == GRAPH.digest
    assert len(result.digest) == 32


def test_every_result_is_a_table_with_names_in_it(named):
    name, result = named
    frame = result.to_frame()
    assert len(frame) > 0
    assert frame.columns.is_unique
    assert not {"lower", "upper", "position", "cumulative_gain", "gain_error"} & set(frame.columns)
    if name not in WITHOUT_IDS:
        assert {"id", "source"} & set(frame.columns)


def test_every_result_is_one_short_line_at_the_prompt(named):
    _, result = named
    assert repr(result).startswith(f"<{type(result).__name__}: ")
    assert len(repr(result)) <= 150
    assert repr(result).isprintable()
    assert "array" not in repr(result)


def test_every_result_is_a_table_in_a_notebook_and_runs_nothing_there(named):
    name, result = named
    page = result._repr_html_()
    rows = len(result.to_frame())
    assert f"{rows:,} row" in page
    assert page.count("<tr") == rows + 1
    assert "<script" not in page
    assert "<Person>" not in page
    if name not in WITHOUT_IDS:
        assert "&lt;script&gt;" in page


def test_no_class_of_result_is_left_out():
    names = ("ranking", "diffusion", "maximize", "learning", "communities")
    rooms = tuple(f"influence_graph.analyses.{room}" for room in names)
    public = [getattr(ig, name) for name in ig.__all__]
    classes = {one for one in public if inspect.isclass(one) and one.__module__.startswith(rooms)}
    classes -= {one for one in classes if not hasattr(one, "to_frame")} - {ig.KeptSets}  # options, not results
    tested = {type(make()) for make in RESULTS.values()}
    assert classes == tested
    assert {one.__name__ for one in classes} >= {"RankResult", "Seeds", "Learned", "KeptSets", "RunEstimate"}


def test_a_long_table_shows_its_first_rows_and_says_how_many_there_are():
    graph = ig.Graph.from_edges([f"n{i}" for i in range(1200)], [f"n{i + 1}" for i in range(1200)])
    for result, total in ((ig.degree(graph), "1,201 rows"), (graph, "1,200 edges")):
        page = result._repr_html_()
        assert f"first 20 of {total}" in page
        assert page.count("<tr") == 21
        assert len(repr(result)) <= 150


def test_a_graph_is_a_table_of_its_edges_in_a_notebook():
    page = GRAPH._repr_html_()
    assert "4 edges" in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    undirected = ig.Graph.from_edges(["a", "b", "b"], ["b", "c", "b"], directed=False)._repr_html_()
    assert "3 edges" in undirected
    assert undirected.count("<tr") == 4
    assert "0 edges" in ig.Graph.from_arrays(["a"], [], [])._repr_html_()


def test_frames_of_two_scores_have_both_in_order_of_the_first():
    both = ig.hits(GRAPH)
    frame = both.to_frame().set_index("id")
    assert frame.loc[list(GRAPH.ids), "authority"].tolist() == both.authorities.scores.tolist()
    assert frame.loc[list(GRAPH.ids), "hub"].tolist() == both.hubs.scores.tolist()
    assert frame["authority"].is_monotonic_decreasing
    other = ig.influence_passivity(GRAPH, GRAPH.edge_weights())
    frame = other.to_frame().set_index("id")
    assert frame.loc[list(GRAPH.ids), "influence"].tolist() == other.influence.scores.tolist()
    assert frame.loc[list(GRAPH.ids), "passivity"].tolist() == other.passivity.scores.tolist()


def test_the_first_of_equals_is_that_by_id():
    pair = ig.pagerank(ig.Graph.from_arrays(["b", "a"], [], []))
    assert "first a" in repr(pair)
    assert pair.to_frame()["id"][0] == "a"


def test_a_result_is_found_again_by_its_digest_and_parameters():
    first = ig.spread(GRAPH, [("<Person>", EVIL)], simulations=50)
    again = ig.spread(GRAPH, first.parameters["seeds"], simulations=50, seed=first.parameters["seed"])
    assert (again.mean, again.digest) == (first.mean, first.digest)
    other = replace(GRAPH, weights=GRAPH.weights / 2)
    assert ig.spread(other, [EVIL], simulations=50, seed=1).digest != first.digest
