import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from influence_graph.analyses.learning.credit import credit
from influence_graph.analyses.learning.evaluate import evaluate_learning
from influence_graph.analyses.learning.learn import METHODS, learn, learn_probabilities
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from tests.analyses.learning.logs import edges_of, log_of, planted, random_log

THREE = Graph.from_edges(["ann", "bob", "eve"], ["cat", "cat", "ann"])  # ann -> cat, bob -> cat, eve -> ann
STORY = log_of(
    ("ann", "hat", 1), ("bob", "hat", 2), ("cat", "hat", 5),
    ("ann", "tea", 1), ("cat", "tea", 2),
    ("ann", "car", 3), ("bob", "car", 3),
    ("cat", "sun", 1), ("bob", "sun", 4),
)  # fmt: skip
ANN_CAT, BOB_CAT, EVE_ANN = 0, 1, 2


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("bernoulli", [2 / 3, 1 / 3, 0]),  # ann acted on 3 items and cat after her on 2; bob on 3, cat after on 1
        ("time_decay", [2 / 3, 1 / 3, 0]),
        ("jaccard", [2 / 4, 1 / 4, 0]),  # ann or cat acted on 4, bob or cat on 4
        ("partial_credit", [1.5 / 3, 0.5 / 3, 0]),  # the hat is shared by ann and bob
    ],
)
def test_each_method_gives_the_rate_of_the_paper_on_a_story(method, expected):
    assert learn_probabilities(THREE, STORY, method, prior=None).edge_weights() == pytest.approx(expected)


def test_the_prior_is_global_by_default():
    for method in METHODS:
        found, named = learn(THREE, STORY, method), learn(THREE, STORY, method, prior="global")
        assert found.graph.edge_weights().tolist() == named.graph.edge_weights().tolist()
        assert found.parameters["prior"] == "global"
        assert learn_probabilities(THREE, STORY, method).digest == found.graph.digest


def test_the_mean_delay_is_that_of_the_times_followed_and_unknown_for_the_rest():
    delay = learn(THREE, STORY, prior=None).mean_delay
    assert delay[[ANN_CAT, BOB_CAT]].tolist() == [2.5, 3.0]
    assert np.isnan(delay[EVE_ANN])


def test_a_window_leaves_out_longer_waits_and_gives_their_credit_to_the_rest():
    found = learn(THREE, STORY, window=3, prior=None)
    assert found.successes.tolist() == [1.0, 1.0, 0.0]
    assert found.graph.edge_weights() == pytest.approx([1 / 3, 1 / 3, 0])


def test_nodes_edges_and_digest_are_those_given_and_the_arrays_fit():
    found = learn(THREE, STORY, prior=None)
    assert found.graph.ids.tolist() == THREE.ids.tolist()
    assert edges_of(found.graph) == edges_of(THREE)
    assert found.digest == THREE.digest
    frame = found.to_frame()
    assert frame[["source", "target"]].to_numpy().tolist() == [["ann", "cat"], ["bob", "cat"], ["eve", "ann"]]


def test_undirected_ties_get_a_probability_each_way():
    graph = Graph.from_edges(["ann"], ["cat"], directed=False)
    found = learn_probabilities(graph, log_of(("ann", "hat", 1), ("cat", "hat", 2)), prior=None)
    assert found.directed
    assert dict(zip(edges_of(found), found.edge_weights(), strict=True)) == {("ann", "cat"): 1.0, ("cat", "ann"): 0.0}


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("method", METHODS)
def test_rates_are_those_of_a_loop_over_edges_and_items(seed, method):
    graph, actions = random_log(seed)
    first = {item: part.groupby("user")["time"].min().to_dict() for item, part in actions.groupby("item")}
    into = {u: [v for v, w in edges_of(graph) if w == u] for u in graph.ids}
    expected = []
    for v, u in edges_of(graph):
        tried = sum(v in when or (method == "jaccard" and u in when) for when in first.values())
        followed = [when for when in first.values() if v in when and u in when and when[v] < when[u]]
        shares = [1 / sum(when.get(w, np.inf) < when[u] for w in into[u]) for when in followed]
        expected.append((sum(shares) if method == "partial_credit" else len(followed)) / tried if tried else 0.0)
    assert learn_probabilities(graph, actions, method, prior=None).edge_weights() == pytest.approx(expected)


def test_the_order_of_the_rows_and_the_type_of_the_table_change_nothing():
    import pyarrow as pa

    graph, actions = random_log(3)
    one = learn(graph, actions)
    shuffled = actions.sample(frac=1, random_state=1)
    dated = shuffled.assign(time=pd.Timestamp("2026-11-21T09:00Z") + pd.to_timedelta(shuffled["time"], unit="s"))
    for other in (shuffled, dated, pa.Table.from_pandas(dated)):
        again = learn(graph, other)
        assert again.graph.digest == one.graph.digest
        assert again.mean_delay == pytest.approx(one.mean_delay, nan_ok=True)


def test_what_is_left_out_is_counted():
    actions = log_of(("ann", "hat", 1), ("ann", "hat", 0), ("zed", "hat", 2), ("zed", "tea", 2), ("yan", "tea", 1))
    counts = learn(THREE, actions).log
    left_out = {"items": 1, "actions": 1, "repeated": 1, "unknown_users": 2, "unknown_actions": 3}
    assert counts == {**left_out, "pairs": 0, "together": 0, "followed": 0}


def test_without_a_prior_intervals_are_those_of_wilson_and_say_nothing_of_edges_never_tried():
    found = learn(THREE, STORY, "bernoulli", prior=None)
    # 2 of 3 and 1 of 3, Wilson's interval as printed by statsmodels' proportion_confint
    assert found.low == pytest.approx([0.20765960, 0.06149194, 0.0])
    assert found.high == pytest.approx([0.93850806, 0.79234040, 1.0])
    assert (found.std_error > 0).all()


def test_a_pair_adds_successes_and_failures_and_the_interval_is_that_of_the_posterior():
    found = learn(THREE, STORY, "bernoulli", prior=(1.0, 3.0))
    assert found.graph.edge_weights() == pytest.approx([3 / 7, 2 / 7, 1 / 4])
    assert found.low == pytest.approx(beta.ppf(0.025, [3, 2, 1], [4, 5, 3]))
    assert found.high == pytest.approx(beta.ppf(0.975, [3, 2, 1], [4, 5, 3]))


@pytest.mark.parametrize("prior", ["global", "source", "target", "both"])
def test_estimated_priors_bring_the_probabilities_closer_to_the_truth(prior):
    graph, truth, actions = planted(1, items=60)
    bare = learn_probabilities(graph, actions, prior=None).edge_weights()
    shrunk = learn_probabilities(graph, actions, prior=prior).edge_weights()
    assert ((shrunk - truth) ** 2).mean() < ((bare - truth) ** 2).mean()
    assert shrunk.min() > 0
    assert shrunk.max() < 1


def test_the_mean_of_an_edge_owes_nothing_to_its_own_trials():
    followed = [("ann", "hat", 1), ("cat", "hat", 2)]
    more = [*followed, ("ann", "tea", 1), ("cat", "tea", 2), ("bob", "sun", 1), ("eve", "car", 1), ("ann", "car", 2)]
    found = learn(THREE, log_of(*more), "bernoulli", prior="target")
    p, c = found.graph.edge_weights(), found.parameters["prior_strength"]
    mean = (p * (found.trials + c) - found.successes) / c
    assert mean[ANN_CAT] < mean[EVE_ANN]  # the other edge into cat, bob's, never worked; ann has no other


@pytest.mark.parametrize("prior", [None, (1.0, 2.0)])
def test_a_log_that_says_nothing_of_any_edge_gives_the_prior(prior):
    found = learn(THREE, log_of(("ann", "hat", 1)), prior=prior)
    assert found.graph.edge_weights()[EVE_ANN] == pytest.approx(1 / 3 if prior else 0.0)
    assert found.successes.sum() == 0
    assert ((found.low <= found.graph.edge_weights()) & (found.graph.edge_weights() <= found.high)).all()


@pytest.mark.parametrize("prior", ["global", "source", "target", "both"])
def test_where_nobody_followed_an_estimated_prior_is_near_0_and_where_nobody_tried_it_is_refused(prior):
    alone = log_of(*(("ann", item, 1) for item in range(50)))
    found = learn(THREE, alone, prior=prior)
    assert 0 < found.graph.edge_weights().max() <= 0.01
    with pytest.raises(InputError, match="no edge was tried"):
        learn(THREE, log_of(("cat", "hat", 1)), prior=prior)


BAD = [
    (STORY.drop(columns="item"), {}, "the actions have no column 'item'; its columns are user, time"),
    (STORY.assign(user=[None, *STORY["user"][1:]]), {}, "1 of 9 actions have no user; fill them"),
    (STORY.assign(time=[np.nan, *STORY["time"][1:]]), {}, "1 of 9 actions have no time"),
    (STORY.assign(time=[np.inf, *STORY["time"][1:]]), {}, "the time of row 1 is inf, must be finite"),
    (STORY.assign(time="2026-11-21"), {}, "must be numbers or datetimes; convert them first"),
    ("log.csv", {}, "the actions are of type str, must be a pandas, polars or Arrow frame"),
    (STORY, {"method": "magic"}, "method is 'magic', must be one of bernoulli"),
    (STORY, {"window": 0}, "window is 0, must be above 0 seconds"),
    (STORY, {"prior": "magic"}, "prior is 'magic', must be one of global"),
    (STORY, {"prior": (0.0, 2.0)}, "must be two numbers above 0"),
]


@pytest.mark.parametrize(("actions", "options", "message"), BAD)
def test_bad_input_is_refused_in_one_line(actions, options, message):
    with pytest.raises(InputError, match=message.replace("(", r"\(")) as caught:
        learn(THREE, actions, **options)
    assert "\n" not in str(caught.value)


def test_a_user_who_is_two_nodes_is_refused_and_others_may_share_ids():
    graph = Graph.from_arrays(["ann", "bob", "hat", "hat"], [0], [1], labels=["P", "P", "P", "Brand"])
    found = learn(graph, log_of(("ann", 1, 1), ("bob", 1, 2)), prior=None)
    assert found.graph.edge_weights().tolist() == [1.0]
    with pytest.raises(InputError, match="the user 'hat' is the id of several nodes"):
        learn(graph, log_of(("hat", 1, 1)))


def test_an_empty_graph_is_refused():
    with pytest.raises(InputError, match="the graph has 0 nodes: nothing to learn on"):
        learn(Graph.from_edges([], []), STORY)


def test_a_prior_is_not_worth_more_trials_than_it_was_estimated_from():
    alike = log_of(*(("ann", f"i{i}", 1) for i in range(8)), *(("cat", f"i{i}", 2) for i in range(0, 8, 2)))
    learned = learn(THREE, alike, "partial_credit", prior="both")
    trials = learned.trials.sum()
    assert learned.std_error.min() >= 0.5 * np.sqrt(0.5 * 0.5 / (2 * trials + 1)), "as if tried 2 x 8 times, no more"


def simultaneous(ordered, pairs=100):
    """Return a log in which ann and cat act on each of *pairs* items, on *ordered* of them one after the other."""
    rows = [(user, f"i{n}", int(user == "cat" and n < ordered)) for n in range(pairs) for user in ("ann", "cat")]
    return log_of(*rows)


@pytest.mark.parametrize("refused", [learn, credit, evaluate_learning])
def test_a_log_that_does_not_tell_who_acted_first_is_refused(refused):
    with pytest.raises(InputError, match="100 of the 100 pairs of linked actions on one item bear the same time"):
        refused(THREE, simultaneous(0))
    with pytest.raises(InputError, match=r"91 of the 100 pairs .* at most 90% may; give a log with the times"):
        refused(THREE, simultaneous(9))


def test_a_coarse_clock_is_said_and_not_refused():
    learned = learn(THREE, simultaneous(10))
    assert {name: learned.log[name] for name in ("pairs", "together", "followed")} == {
        "pairs": 100,
        "together": 90,
        "followed": 10,
    }


def test_an_interval_does_not_underflow():
    """Rates far below what the log can tell end at 0, not at the smallest number of the machine."""
    never = learn(THREE, log_of(("ann", "hat", 2), ("cat", "hat", 1)), prior=(1e-4, 50.0))
    assert beta.ppf(0.025, 1e-4, 51.0) < 1e-300
    assert never.low[ANN_CAT] == 0.0
    graph, actions = random_log(3)
    learned = learn(graph, actions, prior=(1e-2, 50.0))
    assert ((learned.low == 0.0) | (learned.low >= 1e-12)).all()
    assert (learned.low <= learned.graph.edge_weights()).all()


@pytest.mark.parametrize("prior", ["global", None])
def test_the_likely_edges_are_those_of_the_frame_above_0_in_its_order(prior):
    found = learn(THREE, STORY, "bernoulli", prior=prior)
    frame = found.to_frame()
    likely = found.likely().to_pandas()
    expected = frame[frame["probability"] > 0].reset_index(drop=True)[list(likely)]
    pd.testing.assert_frame_equal(likely, expected, check_dtype=False)
