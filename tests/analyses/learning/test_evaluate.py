import numpy as np
import pytest
from scipy.optimize import brentq

from influence_graph.analyses.checks import seed_of
from influence_graph.analyses.learning.evaluate import HeldOut, evaluate_learning
from influence_graph.analyses.learning.held_out import Evaluation, best_uniform, folds_of, initiators_of, split_log
from influence_graph.analyses.learning.learn import METHODS, learn
from influence_graph.analyses.learning.log import action_log
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from tests.analyses.learning.logs import log_of, planted

QUICK = HeldOut(simulations=20, resamples=200)


@pytest.fixture(scope="module")
def world():
    return planted(5)


@pytest.fixture(scope="module")
def judged(world):
    graph, _, actions = world
    return evaluate_learning(graph, actions, seed=1, options=QUICK)


def test_there_is_a_row_per_baseline_and_per_method_and_prior(judged):
    rows = list(zip(judged["method"], judged["prior"], strict=True))
    learned = [(method, prior) for method in METHODS for prior in ("none", "global", "target")]
    assert rows == [("uniform", "none"), ("weighted_cascade", "none"), *learned]
    assert (judged.attrs["cascades_train"], judged.attrs["cascades_held_out"]) == (320, 80)


def test_where_probabilities_differ_between_people_learning_beats_both_baselines(judged):
    rows = judged.set_index(["method", "prior"])
    for method in ("bernoulli", "partial_credit", "time_decay"):
        assert rows.loc[(method, "target"), "log_likelihood_gain_low"] > 0
        assert rows.loc[(method, "target"), "auc_gain_low"] > 0
    assert rows.loc[("time_decay", "target"), "auc"] > rows.loc[("bernoulli", "target"), "auc"]  # who is next acts soon


def test_no_method_is_more_likely_than_the_probabilities_that_made_the_cascades(world, judged):
    graph, truth, actions = world
    log = action_log(graph, actions)
    _, held_out = split_log(log, 0.8, "random", np.random.default_rng(seed_of(1)))
    evaluation = Evaluation(graph, held_out, np.inf, 20, initiators_of(graph, held_out, np.inf))
    figures = evaluation.figures(truth, None, 0)
    assert figures.likelihood[:, 1].sum() == judged["exposed"].iloc[0]  # the same cascades are held out
    assert figures.likelihood[:, 0].sum() > judged["total"].max()


def test_the_figures_lie_in_their_intervals_and_agree_with_their_totals(judged):
    for name in ("log_likelihood", "auc", "rmse"):
        assert (judged[f"{name}_low"] <= judged[name]).all()
        assert (judged[name] <= judged[f"{name}_high"]).all()
    assert (judged["log_likelihood"] * judged["exposed"]).tolist() == pytest.approx(judged["total"].tolist())
    assert judged["exposed"].nunique() == 1
    for name, better in (("log_likelihood", 1), ("auc", 1), ("rmse", -1)):
        best = (better * judged[name].iloc[:2]).max()
        assert judged[f"{name}_gain"].to_numpy() == pytest.approx((better * judged[name] - best).to_numpy(), abs=1e-12)


def test_the_same_seed_gives_the_same_frame_and_another_one_another_split(world, judged):
    graph, _, actions = world
    options = HeldOut(priors=("target",), simulations=20, resamples=200)
    some = [evaluate_learning(graph, actions, ["partial_credit"], seed=s, options=options) for s in (1, 1, 2)]
    assert some[0].equals(some[1])
    assert some[0]["total"].iloc[-1] != some[2]["total"].iloc[-1]
    whole = judged.set_index(["method", "prior"]).loc["partial_credit", "target"]
    assert some[0]["total"].iloc[-1] == whole["total"]


@pytest.mark.parametrize("split", ["random", "temporal"])
def test_nothing_learned_depends_on_what_happened_in_held_out_cascades(split):
    graph, _, actions = planted(2, items=40)
    begun = actions["item"].astype(int) * 3.0
    actions = actions.assign(time=actions["time"] + begun)
    log = action_log(graph, actions)
    known, held_out = split_log(log, 0.8, split, np.random.default_rng(3))
    theirs = actions["item"].astype(str).isin(held_out.items)
    start = actions["item"].map(actions.groupby("item")["time"].min())
    other = actions["user"].where(~theirs, np.random.default_rng(0).permutation(actions["user"]))
    later = actions["time"].where(~theirs | (actions["time"] == start), actions["time"] + 1)
    again, _ = split_log(
        action_log(graph, actions.assign(user=other, time=later)), 0.8, split, np.random.default_rng(3)
    )
    for method in METHODS:
        one, two = learn(graph, known, method, prior="both"), learn(graph, again, method, prior="both")
        assert one.graph.digest == two.graph.digest
    assert best_uniform(graph, known, np.inf) == best_uniform(graph, again, np.inf)
    if split == "temporal":
        assert known.times.max() < held_out.times.min()


def test_folds_hold_out_each_cascade_once_and_pool_their_figures():
    graph, _, actions = planted(2, items=40)
    parts = list(folds_of(action_log(graph, actions), 0.8, np.random.default_rng(seed_of(3))))
    assert sorted(item for _, held_out in parts for item in held_out.items) == sorted({str(i) for i in range(40)})
    assert all(not set(known.items) & set(held_out.items) for known, held_out in parts)
    options = HeldOut(split="folds", priors=(None,), simulations=5, resamples=20)
    frame = evaluate_learning(graph, actions, ["partial_credit"], seed=3, options=options)
    exposed = [followers_of(graph, held_out) for _, held_out in parts]
    assert frame["exposed"].iloc[0] == sum(exposed)
    assert frame.attrs["cascades_held_out"] == 40


def followers_of(graph, log):
    evaluation = Evaluation(graph, log, np.inf, 1, initiators_of(graph, log, np.inf))
    return evaluation.figures(np.zeros(graph.indices.size), None, 0).likelihood[:, 1].sum()


def test_a_random_split_parts_the_cascades_and_keeps_them_whole():
    graph, _, actions = planted(2, items=40)
    log = action_log(graph, actions)
    known, held_out = split_log(log, 0.8, "random", np.random.default_rng(3))
    assert sorted([*known.items, *held_out.items]) == sorted(log.items)
    assert len(held_out.items) == 8
    assert known.users.size + held_out.users.size == log.users.size


def test_the_best_uniform_probability_solves_its_equation():
    star = Graph.from_edges(["ann", "bob", "ann"], ["cat", "cat", "dan"])
    actions = log_of(
        ("ann", 1, 0), ("bob", 1, 0), ("cat", 1, 1), ("ann", 2, 0), ("dan", 2, 1), ("bob", 3, 0), ("ann", 4, 0)
    )
    # cat: acts once after two, is spared by one of ann or bob three times; dan: acts once, is spared twice
    slope = lambda p: 2 * (1 - p) / (1 - (1 - p) ** 2) + 1 / p - 5 / (1 - p)  # noqa: E731
    assert best_uniform(star, action_log(star, actions), np.inf) == pytest.approx(brentq(slope, 0.01, 0.99), abs=1e-3)


def test_initiators_are_those_whom_no_in_neighbor_preceded():
    graph = Graph.from_edges(["ann", "bob"], ["bob", "cat"])
    log = action_log(graph, log_of(("ann", 1, 0), ("bob", 1, 1), ("cat", 1, 1), ("bob", 2, 0), ("cat", 2, 9)))
    offsets, nodes = initiators_of(graph, log, np.inf)
    assert offsets.tolist() == [0, 2, 3]
    assert nodes.tolist() == [0, 2, 1]
    assert initiators_of(graph, log, 5.0)[0].tolist() == [0, 2, 4]


BAD = [
    ({"train": 1.0}, {}, "train is 1.0, must be above 0 and below 1"),
    ({"train": 0.001}, {}, "leaves 0 to learn from"),
    ({}, {"split": "odd"}, "split is 'odd', must be random or temporal or folds"),
    ({}, {"split": "temporal"}, "'random' where all cascades begin at the same time"),
    ({"train": 0.999}, {"split": "folds"}, "is from 2 to the 400 cascades"),
    ({}, {"simulations": 0}, "simulations is 0, must be a whole number of 1 or more"),
    ({}, {"priors": ("magic",)}, "prior is 'magic'"),
    ({"methods": ["magic"]}, {}, "method is 'magic'"),
]


@pytest.mark.parametrize(("arguments", "options", "message"), BAD)
def test_bad_input_is_refused_in_one_line(world, arguments, options, message):
    graph, _, actions = world
    with pytest.raises(InputError, match=message):
        evaluate_learning(graph, actions, **arguments, options=HeldOut(**options))


def test_a_method_or_prior_named_twice_is_evaluated_once(world):
    graph, _, actions = world
    options = HeldOut(priors=[None, None], simulations=5, resamples=5)
    frame = evaluate_learning(graph, actions, ["bernoulli", "bernoulli"], train=0.5, seed=1, options=options)
    assert frame["method"].tolist() == ["uniform", "weighted_cascade", "bernoulli"]
