"""The StackExchange ``android`` cascades (Sankar et al., WSDM 2020): counts of their README, and held-out figures."""

import numpy as np
import pytest

from benchmarks.learning_android import read_cascades, read_graph
from influence_graph.analyses.learning.credit import credit
from influence_graph.analyses.learning.evaluate import HeldOut, evaluate_learning
from influence_graph.analyses.learning.learn import learn
from influence_graph.analyses.learning.log import action_log
from tests.analyses.learning.logs import edges_of
from tests.public_data import public_data


@pytest.fixture(scope="module")
def folder():
    return public_data("stackexchange_android")


@pytest.fixture(scope="module")
def actions(folder):
    return read_cascades(folder)


@pytest.fixture(scope="module")
def graph(folder):
    return read_graph(folder)


def test_counts_are_those_of_the_readme(graph, actions):
    assert (graph.number_of_nodes, graph.number_of_edges) == (9940, 48573)
    assert actions["item"].nunique() == 679
    assert (actions["time"] > 0).sum() == 28343
    assert actions["user"].nunique() == 2927
    assert actions["user"].isin(graph.ids).groupby(actions["user"]).first().sum() == 2914


def test_half_of_the_activations_have_an_earlier_neighbor_whichever_way_the_links_point(folder, actions):
    followed = (credit(read_graph(folder, "both ways"), actions).direct_credit > 0).sum()
    assert round(100 * followed / 28343) == 52


def test_rates_are_those_of_a_loop_over_a_hundred_cascades(graph, actions):
    some = actions[actions["item"] < 100]
    found = learn(graph, some, prior=None)
    edges = edges_of(graph)
    into = {}
    for v, u in edges:
        into.setdefault(u, []).append(v)
    trials = some["user"].value_counts().to_dict()
    shares = {}
    for _, part in some.groupby("item"):
        when = dict(zip(part["user"], part["time"], strict=True))
        for u, now in when.items():
            parents = [v for v in into.get(u, ()) if when.get(v, np.inf) < now]
            for v in parents:
                shares[v, u] = shares.get((v, u), 0.0) + 1 / len(parents)
    assert found.graph.edge_weights() == pytest.approx([shares.get(e, 0.0) / trials.get(e[0], 1) for e in edges])
    assert found.log["actions"] == action_log(graph, some).users.size


def test_every_cascade_held_out_once_learning_is_likelier_and_better_at_who_is_next_than_both_baselines(graph, actions):
    options = HeldOut(priors=("global", "target"), split="folds", simulations=10, resamples=300)
    rows = evaluate_learning(graph, actions, ["partial_credit"], seed=1, options=options).set_index("prior")
    for prior in ("global", "target"):
        assert rows.loc[prior, "log_likelihood_gain_low"] > 0
        assert rows.loc[prior, "auc_gain_low"] > 0
    # The size hangs on a handful of huge cascades: ahead of both baselines with the global prior only.
    assert rows.loc["global", "rmse_gain"] > 0
