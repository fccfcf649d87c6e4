import itertools

import numpy as np
import pytest

from influence_graph.analyses.diffusion.exact import exact_spread
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph
from tests.analyses.maximize.exact import best, bits_of, exact_spreads, graph_of, tiny_matrix
from tests.public_data import public_data

STAR = Graph.from_edges(["june", "june", "ann"], ["sam", "zoe", "bob"], [0.9, 0.9, 0.9])


def broad_or_deep():
    """Return a graph of a broad, shallow star of 6 fans and a long, deep chain of 9 steps."""
    fans = [("star", f"fan{i}") for i in range(6)]
    names = ["chain", *(f"link{i}" for i in range(9))]
    pairs = [*fans, *itertools.pairwise(names)]
    return Graph.from_edges(*zip(*pairs, strict=True), [0.9] * 6 + [0.95] * 9)


def test_opinions_that_can_turn_choose_other_seeds():
    """Far from the seed few are still positive: with q = 1 the chain reaches more, with q = .7 the star."""
    graph = broad_or_deep()
    star, chain = 1 + 6 * 0.9, (1 - 0.95**10) / 0.05
    assert maximize(graph, 1, "ic-n", quality=1.0, seed=1).seeds == ("chain",)
    assert maximize(graph, 1, "ic-n", quality=0.7, seed=1).seeds == ("star",)
    q = 0.7
    scored = {
        (name, quality): exact_spread(graph, [name], "ic-n", quality).mean
        for name in ("star", "chain")
        for quality in (1.0, q)
    }
    assert scored["star", 1.0] == pytest.approx(star)
    assert scored["chain", 1.0] == pytest.approx(chain)
    assert scored["star", q] == pytest.approx(q + 6 * 0.9 * q**2)
    assert scored["chain", q] == pytest.approx(q * (1 - (0.95 * q) ** 10) / (1 - 0.95 * q))
    assert scored["chain", 1.0] > scored["star", 1.0]
    assert scored["star", q] > scored["chain", q]


def test_the_result_reports_everything():
    graph = Graph.from_arrays(["a", "b", "a"], [0, 1], [1, 2], [1.0, 1.0], labels=["P", "P", "Q"])
    seen = []
    found = maximize(graph, 1, seed=3, progress=seen.append)
    assert (found.seeds, found.labels) == (("a",), ("P",))
    assert found.lower <= 3.0 <= found.upper
    assert found.ratio == found.lower / found.upper
    assert found.gains.tolist() == [3.0]
    assert found.std_error.tolist() == [0.0]
    assert (found.spread.mean, found.spread.std_error) == (3.0, 0.0)
    assert found.to_frame().columns.tolist() == ["rank", "id", "label", "gain", "std_error", "spread", "cost"]
    assert found.parameters["delta"] == pytest.approx(1 / 3)
    assert found.digest == graph.digest
    assert found.certificate.startswith("with probability 0.666667 the seed reaches at least 2.9")
    assert seen[-1].ratio == found.ratio
    assert found.kept.count == found.rr_sets == seen[-1].rr_sets
    assert 0 < found.kept.nbytes <= found.memory


def test_the_recorded_seed_repeats_the_run_with_any_number_of_threads():
    first = maximize(STAR, 2, threads=1)
    again = maximize(STAR, 2, seed=first.parameters["seed"], threads=2)
    assert again.seeds == first.seeds == ("june", "ann")
    assert (again.lower, again.upper, again.gains.tolist()) == (first.lower, first.upper, first.gains.tolist())
    assert again.spread.mean == first.spread.mean


@pytest.mark.parametrize("model", ["ic", "lt", "ic-n"])
def test_each_option_is_near_the_best_choice_it_allows(model):
    rng = np.random.default_rng(4)
    quality = 0.8 if model == "ic-n" else None
    for i in range(8):
        matrix, target = tiny_matrix(rng, model, 6, 9), rng.integers(0, 4, 6).astype(float) + (i == 0)
        target[0] += 1
        spreads = exact_spreads(matrix, model, quality, target)
        found = maximize(
            graph_of(matrix), 2, model, quality=quality, target=target, exclude=["1"], won=["2"], seed=i, delta=0.01
        )
        allowed, won = [v not in (1, 2) for v in range(6)], 1 << 2
        added = spreads[bits_of(found.seeds) | won] - spreads[won]
        optimum = best(spreads, allowed, 2, won=won)
        assert not {"1", "2"} & set(found.seeds)
        assert added >= (1 - 1 / np.e - 0.1) * optimum
        assert found.lower - 1e-9 <= added <= optimum + 1e-9 <= found.upper + 2e-9
        assert abs(found.spread.mean - spreads[bits_of(found.seeds) | won]) <= 4.5 * found.spread.std_error + 1e-9
        assert found.gains.sum() == pytest.approx(added, abs=0.1 * target.sum())


@pytest.mark.parametrize("seed", range(6))
def test_a_budget_is_kept_and_certified_against_the_best_it_buys(seed):
    rng = np.random.default_rng(seed)
    matrix, costs = tiny_matrix(rng, "ic", 6, 9), rng.choice([0.5, 1.0, 2.0, 3.0], 6)
    spreads = exact_spreads(matrix)
    k = None if seed % 2 else 3
    found = maximize(graph_of(matrix), k, costs=costs, budget=4.0, seed=seed, delta=0.01)
    value, optimum = spreads[bits_of(found.seeds)], best(spreads, [True] * 6, k, costs, 4.0)
    assert found.costs.tolist() == costs[[int(s) for s in found.seeds]].tolist()
    assert found.costs.sum() <= 4.0
    assert k is None or len(found.seeds) <= k
    assert found.lower - 1e-9 <= value <= optimum + 1e-9
    assert optimum <= found.upper + 1e-9
    assert value >= found.ratio * optimum - 1e-9
    assert value >= (1 - 1 / np.sqrt(np.e)) * optimum  # what budgeted greedy proves (Khuller, Moss, Naor 1999)


def test_a_seed_already_won_is_not_chosen_and_its_reach_not_counted_twice():
    graph = Graph.from_edges(["a", "b", "b", "c"], ["b", "x", "y", "z"], [1.0, 1.0, 1.0, 1.0])
    assert maximize(graph, 1, seed=1).seeds == ("a",)
    found = maximize(graph, 1, seed=1, won=["b"])
    assert found.seeds == ("c",)
    assert found.lower <= 2.0 <= found.upper
    assert found.spread.mean == 5.0
    assert "the seed adds at least" in found.certificate


def test_a_target_changes_the_winner():
    assert maximize(STAR, 1, seed=1).seeds == ("june",)
    assert maximize(STAR, 1, seed=1, target={"bob": 1.0}).seeds == ("bob",)
    assert maximize(STAR, 1, seed=1, target={"bob": 1.0, "ann": 1.0}).seeds == ("ann",)


def test_a_price_changes_the_winner_and_those_not_named_cost_one():
    found = maximize(STAR, None, costs={"june": 5.0}, budget=2.0, seed=1)
    assert "june" not in found.seeds
    assert (len(found.seeds), found.costs.tolist()) == (2, [1.0, 1.0])
    assert maximize(STAR, None, budget=1.5, seed=1).seeds == ("june",)


@pytest.mark.parametrize("ids", [["a"], ["a", "b", "c"]])
def test_isolated_nodes_and_single_ones_work(ids):
    graph = Graph.from_arrays(ids, np.zeros(0, int), np.zeros(0, int))
    found = maximize(graph, len(ids), seed=1)
    assert sorted(found.seeds) == ids
    assert found.parameters["delta"] == min(0.5, 1 / len(ids))
    assert found.lower <= len(ids) <= found.upper + 1e-9
    assert found.spread.mean == len(ids)


def test_ctrl_c_returns_the_seeds_so_far():
    def interrupt(certificate):
        raise KeyboardInterrupt

    found = maximize(STAR, 1, seed=1, progress=interrupt)
    assert (found.seeds, found.stopped) == (("june",), "interrupted")
    assert found.lower <= 2.8 <= found.upper


def test_the_published_spreads_of_nethept_are_reached():
    """README of the data: 89.6, 497 ± 12, 1271 ± 19 (2 s.e. of 200,000 sets) for 1, 10 and 50 seeds."""
    rows = np.loadtxt(public_data("im_graphs/NetHEPT_snowgy_wc.txt"), skiprows=1)
    ends = rows[:, :2].astype(np.int64).T
    graph = Graph.from_arrays([str(i) for i in range(15_233)], *ends, rows[:, 2])
    for k, published, margin in ((1, 89.6, 5.2), (10, 497, 12), (50, 1271, 19)):
        found = maximize(graph, k, seed=1)
        error = np.hypot(margin / 2, found.spread.std_error)
        assert abs(found.spread.mean - published) <= 3 * error
        assert found.spread.mean >= published - margin
        assert found.lower <= found.spread.mean <= found.upper
        assert found.ratio >= 1 - 1 / np.e - 0.1


@pytest.mark.parametrize(
    ("arguments", "error", "line"),
    [
        ({"k": 0}, InputError, "k is 0, must be a whole number of 1 or more; use 10"),
        ({"k": 1.5}, InputError, "k is 1.5, must be a whole number"),
        ({"k": 6}, InputError, "k is 6, must be at most 5, the nodes that may be seeds; choose fewer seeds"),
        ({"k": 4, "exclude": ["sam"], "won": ["zoe"]}, InputError, "k is 4, must be at most 3, the nodes"),
        ({"k": None}, InputError, "neither k nor a budget is given; give the number of seeds: k=10"),
        ({"epsilon": 0}, InputError, "epsilon is 0, must be above 0 and below 1; use 0.1"),
        ({"epsilon": float("nan")}, InputError, "epsilon is nan, must be above 0 and below 1"),
        ({"delta": 1.0}, InputError, "delta is 1.0, must be above 0 and below 1; leave it out for 1/nodes"),
        ({"ratio": 1.0}, InputError, "ratio is 1.0, must be above 0 and below 1"),
        ({"time_limit": 0}, InputError, "time_limit is 0, must be above 0 seconds"),
        ({"memory_limit": 10}, InputError, "memory_limit is 10, must be 1,048,576 bytes or more"),
        ({"threads": 0}, InputError, "threads is 0, must be a whole number of 1 or more"),
        ({"seed": -1}, InputError, "seed is -1, must be a whole number"),
        ({"model": "sir"}, InputError, "model is 'sir', must be one of ic, lt, ic-n"),
        ({"model": "ic-n"}, InputError, "quality is None, must be above 0 and at most 1"),
        ({"model": "ic-n", "quality": 1.1}, InputError, "quality is 1.1, must be above 0 and at most 1"),
        ({"quality": 0.9}, InputError, "quality is 0.9, the model ic has none"),
        ({"costs": {"june": 2.0}}, InputError, "costs are given, but no budget; give a budget"),
        ({"budget": 0.0}, InputError, "budget is 0.0, must be above 0"),
        ({"budget": 0.5}, InputError, "budget is 0.5, the cheapest node costs 1; raise the budget"),
        ({"budget": 1.0, "costs": {"june": 0.0}}, InputError, "the cost of 'june' is 0, must be above 0"),
        ({"budget": 1.0, "costs": {"june": -1.0}}, InputError, "costs of 'june' is -1.0, must be 0 or more"),
        ({"budget": 1.0, "costs": np.ones(3)}, InputError, "3 values of costs for 5 nodes"),
        ({"target": {}}, InputError, "the target weights are all 0: no reach counts"),
        ({"target": {"june": -1.0}}, InputError, "target of 'june' is -1.0, must be 0 or more"),
        ({"exclude": ["jun"]}, NotFound, "no 'jun' among the 5 nodes of the graph; did you mean 'june'"),
        ({"won": ["eve"]}, NotFound, "no 'eve' among the 5 nodes"),
        ({"exclude": "june"}, InputError, "exclude is 'june', must be several ids; pass a list: ['june']"),
        ({"won": ["sam", "sam"]}, InputError, "'sam' is given twice; name each node once"),
    ],
)
def test_bad_input_is_one_line(arguments, error, line):
    with pytest.raises(error) as raised:
        maximize(STAR, **{"k": 1, "seed": 1, **arguments})
    assert line in str(raised.value)


@pytest.mark.parametrize(
    ("edges", "model", "line"),
    [
        (([], []), "ic", "the graph has 0 nodes: nothing to pick seeds from"),
        ((["a"], ["b"], [1.5]), "ic", "the edge 'a' -> 'b' has weight 1.5, a probability must be from 0 to 1"),
        ((["a"], ["b"], [-0.5]), "ic-n", "the edge 'a' -> 'b' has weight -0.5, a probability must be from 0 to 1"),
        (
            (["a", "c"], ["b", "b"], [0.7, 0.7]),
            "lt",
            "the weights into 'b' sum to 1.4, linear threshold allows at most 1",
        ),
    ],
)
def test_graphs_that_the_model_cannot_use_are_refused(edges, model, line):
    with pytest.raises(InputError) as raised:
        maximize(Graph.from_edges(*edges), 1, model, quality=0.5 if model == "ic-n" else None)
    assert line in str(raised.value)
