"""Wrong arguments of the functions on graphs and logs: each is refused in one line, never by a traceback from below."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.learning.evaluate import HeldOut
from influence_graph.errors import InputError

GRAPH = ig.Graph.from_edges(["a", "a", "b"], ["b", "c", "c"], [0.5, 0.2, 0.3])
LARGE = ig.Graph.from_edges(["a", "a", "b"], ["b", "c", "c"], [1e308, 1e308, 1e308])
LOG = pd.DataFrame({"user": ["a", "b", "c", "a", "b"], "item": ["x", "x", "x", "y", "y"], "time": [1, 2, 3, 1, 4]})
RATES = np.ones(3)


def evaluate(**options):
    return ig.evaluate_learning(GRAPH, LOG, train=0.5, options=HeldOut(**options))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ig.pagerank(GRAPH, "x"), "damping_factor is x, must be at least 0 and below 1"),
        (lambda: ig.pagerank(GRAPH, start="x"), "the values of start are no numbers"),
        (lambda: ig.pagerank_many(GRAPH, None), "the personalizations are None; pass a list"),
        (lambda: ig.hits(nx.path_graph(3)), r"the graph is of type Graph, must be an ig\.Graph; build one"),
        (lambda: ig.weighted_cascade(None), "the graph is of type NoneType"),
        (lambda: ig.uniform_probabilities("x", 0.1), "the graph is of type str"),
        (lambda: ig.trivalency(nx.DiGraph()), "the graph is of type DiGraph"),
        (lambda: ig.uniform_probabilities(GRAPH, "x"), "p is x, must be from 0 to 1"),
        (lambda: ig.uniform_probabilities(GRAPH, None), "p is None, must be from 0 to 1"),
        (lambda: ig.trivalency(GRAPH, 2**64), r"seed is 18446744073709551616, must be .* below 2\^64"),
        (lambda: ig.spread(GRAPH, ["a"], seed=2**64), r"must be .* below 2\^64"),
        (lambda: ig.spread(GRAPH, 5), r"the ids are the int 5; pass a list: \[5\]"),
        (lambda: ig.spread(GRAPH, None), "the ids are the NoneType None"),
        (lambda: ig.spread(GRAPH, [("P", "a", "b")]), r"a node is .*, must be an id or a pair \(label, id\)"),
        (lambda: ig.spread(GRAPH, ["a"], "ic-n", "x"), "quality is x, must be above 0 and at most 1"),
        (lambda: ig.spread(GRAPH, ["a"], deadline=True), "deadline is True, must be a whole number"),
        (lambda: ig.spread(GRAPH, ["a"], simulations=10**30), "simulations is 1000.*, must be a whole number from 2"),
        (lambda: ig.spread(GRAPH, ["a"], threads=1.5), "threads is 1.5, must be a whole number of 1 or more"),
        (lambda: ig.spread(GRAPH, ["a"], target={"a": "x"}), "the values of target are no numbers"),
        (lambda: ig.spread(GRAPH, ["a"], target=["a", "b", "c"]), "the values of target are no numbers"),
        (lambda: ig.exact_spread(GRAPH, ["a"], target=np.full(3, 1e308)), r"the largest target is 1e\+308, must be"),
        (lambda: ig.reach_of_all(GRAPH, threads="x"), "threads is x, must be a whole number"),
        (lambda: ig.reach_of_all(GRAPH, rr_sets=2.5), "rr_sets is 2.5, must be a whole number"),
        (lambda: ig.heat(GRAPH, {"a": "x"}, 1.0), "the values of initial are no numbers"),
        (lambda: ig.heat(GRAPH, {"a": 1.0}, "x"), "time is x, must be 0 or more and finite"),
        (lambda: ig.heat(GRAPH, np.full(3, 1e308), 1.0), r"the largest heat is 1e\+308, must be at most"),
        (lambda: ig.heat(GRAPH, RATES, 1e9), r"the largest flow out of a node is 1e\+09, must be at most 100000"),
        (lambda: ig.heat(GRAPH, RATES, 1e5 + 1e-3), r"is 100000\.001, must be at most 100000;"),
        (
            lambda: ig.maximize(GRAPH, None, budget=1.0, costs=RATES + 1e-9),
            r"budget is 1, the cheapest node costs 1\.000000001;",
        ),
        (
            lambda: ig.influence_passivity(GRAPH, np.full(3, 1 + 1e-9), RATES),
            r"is 1\.00000000(1|09\d*), must be from 0 to 1;",
        ),
        (lambda: ig.spread(GRAPH, b"a"), r"the ids are the bytes b'a'; pass a list"),
        (lambda: ig.spread(GRAPH, pd.DataFrame({"a": ["b"]})), "the ids are a frame; pass its column of ids"),
        (lambda: ig.degree(LARGE, "both"), "the largest strength is inf, must be finite"),
        (lambda: ig.hits(GRAPH, max_iterations=2.5), "max_iterations is 2.5, must be a whole number of 1 or more"),
        (lambda: ig.psi_score(GRAPH, RATES, RATES, tolerance="x"), "tolerance is x, must be above 0"),
        (lambda: ig.psi_score(GRAPH, {"a": "q"}, RATES), "the values of posting are no numbers"),
        (lambda: ig.influence_passivity(GRAPH, {"a": 1}), "a key of influenced is 'a', must be a pair"),
        (lambda: ig.influence_passivity(GRAPH, "x"), "the values of influenced are no numbers"),
        (lambda: ig.learn(GRAPH, LOG.iloc[:0]), "none of the 0 actions is of a user among the 3 of the graph"),
        (lambda: ig.credit(GRAPH, LOG.assign(user="zoe")), "none of the 5 actions is of a user among the 3"),
        (lambda: ig.learn(GRAPH, LOG.assign(time=1j)), "the times are of type complex128"),
        (
            lambda: ig.learn(GRAPH, LOG.assign(time=[1e308, 0, 1, 2, 3])),
            r"the largest time is 1e\+308, must be at most",
        ),
        (lambda: ig.learn(GRAPH, LOG.assign(item=[["x"]] * 5)), "the values of item cannot be compared"),
        (
            lambda: ig.learn(GRAPH, LOG[["user", "user", "item", "time"]]),
            "the number of columns 'user' is 2, must be 1",
        ),
        (lambda: ig.learn(GRAPH, LOG, window="x"), "window is x, must be above 0 seconds, or a time span"),
        (lambda: ig.learn(GRAPH, LOG, prior=("a", "b")), "must be two numbers above 0"),
        (lambda: ig.credit(GRAPH, LOG).maximize(2.5), "k is 2.5, must be a whole number from 1 to the 3 users"),
        (lambda: ig.credit(GRAPH, LOG).maximize(True), "k is True, must be a whole number"),
        (lambda: ig.evaluate_learning(GRAPH, LOG, "bernoulli"), "methods is 'bernoulli', must be several of"),
        (lambda: ig.evaluate_learning(GRAPH, LOG, train="x"), "train is x, must be above 0 and below 1"),
        (lambda: ig.evaluate_learning(GRAPH, LOG, options=5), "options is 5, must be a HeldOut"),
        (lambda: ig.evaluate_learning(GRAPH, LOG, [["bernoulli"]]), "method is .*, must be one of bernoulli"),
        (lambda: evaluate(priors=iter([None])), "priors is .*, must be several"),
        (lambda: evaluate(priors=None), "priors is None, must be several"),
        (lambda: evaluate(simulations=1.5), "simulations is 1.5, must be a whole number of 1 or more"),
        (lambda: evaluate(resamples="x"), "resamples is x, must be a whole number of 1 or more"),
    ],
)
def test_misuse_is_refused_in_one_line_with_a_remedy(call, message):
    with pytest.raises(InputError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
