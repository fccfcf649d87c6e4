import csv

import numpy as np
import pytest
from scipy.stats import binom, chi2

import influence_graph.analyses.diffusion.spread as module
from influence_graph.analyses.diffusion.exact import exact_spread
from influence_graph.analyses.diffusion.spread import spread
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph
from tests.public_data import public_data


def path(nodes, p):
    names = [f"{i:03}" for i in range(nodes)]
    return Graph.from_edges(names[:-1], names[1:], np.full(nodes - 1, p))


def random_graph(rng, model):
    """Return a graph of 3 to 8 nodes and up to 12 edges with loops and cycles, some edges certain or impossible.

    No chance is so small that a mean of 4,096 simulations is far from normal.
    """
    nodes = int(rng.integers(3, 9))
    pairs = np.unique(rng.integers(0, nodes, (int(rng.integers(6, 13)), 2)), axis=0)
    weights = np.clip(rng.uniform(-0.15, 1.15, len(pairs)), 0, 1) * rng.choice([0.2, 1.0])
    weights[(weights > 0) & (weights < 0.03)] = 0.03
    if model == "lt":
        into = np.bincount(pairs[:, 1], weights, nodes)
        weights /= np.maximum(into, 1.0)[pairs[:, 1]]
    return Graph.from_arrays([f"n{i}" for i in range(nodes)], *pairs.T, weights)


def test_simulation_is_within_chance_of_the_exact_oracle_on_1_000_random_graphs():
    rng = np.random.default_rng(2024)
    z, case = [], 0
    while len(z) < 1000:
        case += 1
        model, quality = [("ic", None), ("lt", None), ("ic-n", 0.8)][case % 3]
        graph = random_graph(rng, model)
        seeds = rng.choice(graph.ids, rng.integers(1, 3), replace=False).tolist()
        arguments = {
            "deadline": [None, 1, 2][case // 3 % 3],
            "target": rng.integers(0, 4, graph.number_of_nodes) * 1.0 if case % 2 else None,
        }
        exact = exact_spread(graph, seeds, model, quality, **arguments)
        found = spread(graph, seeds, model, quality, 4096, case, threads=1, **arguments)
        if found.std_error <= 1e-12:
            assert found.mean == pytest.approx(exact.mean, abs=1e-9)
            continue
        z.append((found.mean - exact.mean) / found.std_error)
    z = np.array(z)
    assert np.count_nonzero(np.abs(z) > 4) <= binom.isf(1e-6, len(z), 6.334e-5)
    # neither too wide nor too narrow: Σz² is χ² where the intervals are right
    assert chi2.ppf(1e-4, len(z)) < z @ z < chi2.ppf(1 - 1e-4, len(z))
    assert abs(z.sum()) < 4 * np.sqrt(len(z))


def test_a_long_path_has_its_closed_form():
    found = spread(path(100, 0.1), ["000"], simulations=200_000, seed=1)
    assert found.mean == pytest.approx(1.111, abs=0.01)
    assert abs(found.mean - (1 - 0.1**100) / 0.9) < 4 * found.std_error


def test_a_star_has_its_closed_form():
    star = Graph.from_edges(["hub"] * 500, [f"{i}" for i in range(500)], np.full(500, 0.03))
    found = spread(star, ["hub"], seed=1)
    assert abs(found.mean - 16) < 4 * found.std_error
    assert found.std_error == pytest.approx(np.sqrt(500 * 0.03 * 0.97 / 10_000), rel=0.05)


def test_linear_threshold_on_a_dag_is_linear():
    rng = np.random.default_rng(5)
    source, target = np.triu_indices(30, 1)
    kept = rng.random(source.size) < 0.3
    source, target = source[kept], target[kept]
    weight = rng.random(source.size)
    weight /= 1.2 * np.bincount(target, weight, 30)[target]
    active = np.zeros(30)
    active[0] = 1
    for node in range(1, 30):
        active[node] = weight[target == node] @ active[source[target == node]]
    graph = Graph.from_arrays([f"{i:02}" for i in range(30)], source, target, weight)
    found = spread(graph, ["00"], "lt", simulations=50_000, seed=3)
    assert abs(found.mean - active.sum()) < 4 * found.std_error
    assert np.abs(found.activation - active).max() < 4.5 * 0.5 / np.sqrt(50_000)


def test_negative_opinions_on_a_path_have_their_closed_form():
    found = spread(path(20, 0.5), ["000"], "ic-n", 0.9, seed=2)
    steps = np.arange(20)
    expected = 0.9 ** (steps + 1) * 0.5**steps
    assert abs(found.mean - expected.sum()) < 4 * found.std_error
    assert found.activation[0] == pytest.approx(0.9)
    assert found.activation[1] == pytest.approx(0.405, abs=4 * 0.81 * 0.5 / 100)


def test_a_deadline_and_a_target_restrict_what_counts():
    graph = path(10, 1.0)
    found = spread(graph, ["000"], simulations=2, deadline=3, target={"002": 5.0, "003": 2.0, "004": 7.0})
    assert (found.mean, found.std_error, found.low, found.high) == (7.0, 0.0, 7.0, 7.0)
    assert found.activation.tolist() == [1.0] * 4 + [0.0] * 6
    assert spread(graph, ["000"], simulations=2, deadline=0).mean == 1.0


def test_the_seed_repeats_the_result_whatever_the_threads():
    graph = path(30, 0.7)
    for model in ("ic", "lt"):
        one = spread(graph, ["000"], model, seed=4, threads=1)
        two = spread(graph, ["000"], model, seed=np.int64(4), threads=2)
        assert (one.mean, one.std_error) == (two.mean, two.std_error)
        assert one.activation.tolist() == two.activation.tolist()
        drawn = spread(graph, ["000"], model, seed=np.random.default_rng(1))
        again = spread(graph, ["000"], model, seed=drawn.parameters["seed"])
        assert drawn.mean == again.mean != one.mean


def test_intervals_cover_the_truth_as_often_as_they_say():
    graph, truth = path(4, 0.5), 1.875
    runs = [spread(graph, ["000"], simulations=200, seed=s, threads=1) for s in range(400)]
    covered = sum(r.low <= truth <= r.high for r in runs)
    low, high = binom.ppf([1e-4, 1 - 1e-4], 400, 0.95)
    assert low <= covered <= high


def test_the_frame_lists_the_most_likely_first_with_wilson_intervals():
    frame = spread(path(3, 0.5), ["001"], simulations=1000, seed=0).to_frame()
    assert frame["id"].tolist() == ["001", "002", "000"]
    assert frame["activation"][0] == frame["high"][0] == 1.0
    assert frame["low"][0] == pytest.approx(1000 / (1000 + 1.959964**2))
    assert frame["low"][1] < frame["activation"][1] < frame["high"][1]
    assert (frame["activation"][2], frame["low"][2]) == (0.0, 0.0)


def test_wilson_intervals_are_those_of_the_reports():
    from influence_graph.analyses.intervals import wilson

    low, high = module._wilson(np.array([0.3]), 50)
    known = wilson(15, 50)
    assert (low[0], high[0]) == pytest.approx((known.low, known.high))


def test_the_example_of_the_literature_is_estimated_within_its_error():
    file = public_data("classic_graphs/gds_celf_example_edges.csv")
    rows = list(csv.DictReader(file.read_text().splitlines()))
    ends = [[row[column] for row in rows] for column in list(rows[0])[:2]]
    graph = Graph.from_edges(*ends, np.full(len(rows), 0.1))
    for model, quality, value in (("ic", None, 1.547810), ("ic-n", 0.9, 1.339794)):
        found = spread(graph, ["Alice"], model, quality, 100_000, 1)
        assert abs(found.mean - value) < 4 * found.std_error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"model": "sir"}, "'sir', must be one of ic, lt, ic-n"),
        ({"model": "ic-n"}, "quality is None"),
        ({"model": "ic-n", "quality": 0.0}, "quality is 0.0, must be above 0"),
        ({"model": "ic-n", "quality": 1.1}, "quality is 1.1"),
        ({"quality": 0.5}, "the model ic has none"),
        ({"simulations": 1}, "simulations is 1"),
        ({"simulations": 2.5}, "simulations is 2.5"),
        ({"deadline": -1}, "deadline is -1"),
        ({"seeds": []}, "seeds is empty"),
        ({"seeds": ["000", "000"]}, "given twice"),
        ({"seeds": "000"}, r"pass a list: \['000'\]"),
        ({"target": [1.0]}, "1 values of target for 3 nodes"),
        ({"target": {"000": -1.0}}, "target of '000' is -1.0"),
        ({"threads": 0}, "threads is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 1.5}, "seed is 1.5"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(arguments, words):
    with pytest.raises(InputError, match=words) as caught:
        spread(path(3, 0.5), **{"seeds": ["000"], **arguments})
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_a_seed_outside_the_graph_is_not_found():
    with pytest.raises(NotFound, match="'june'"):
        spread(path(3, 0.5), ["june"])


@pytest.mark.parametrize(("weight", "model"), [(1.5, "ic"), (-0.1, "ic"), (-0.1, "ic-n"), (1.5, "lt"), (-0.1, "lt")])
def test_weights_that_are_no_probabilities_are_refused(weight, model):
    quality = 0.9 if model == "ic-n" else None
    with pytest.raises(InputError, match=r"'000' -> '001'.*from 0 to 1"):
        spread(path(2, weight), ["000"], model, quality)


def test_linear_threshold_refuses_weights_into_a_node_that_sum_to_more_than_1():
    graph = Graph.from_edges(["a", "b"], ["c", "c"], [0.7, 0.7])
    with pytest.raises(InputError, match=r"into 'c' sum to 1.4"):
        spread(graph, ["a"], "lt")
    assert spread(graph, ["a"], "ic", simulations=2).simulations == 2


def test_an_empty_graph_is_refused():
    with pytest.raises(InputError, match="0 nodes"):
        spread(Graph.from_arrays([], [], []), [])


def test_nodes_without_edges_are_only_reached_as_seeds():
    graph = Graph.from_arrays(["a", "b"], [], [])
    assert spread(graph, ["b"], simulations=2).activation.tolist() == [0.0, 1.0]
    assert spread(graph, ["b"], "lt", simulations=2).mean == 1.0


def test_what_is_too_rare_to_be_seen_is_in_the_standard_error():
    graph = Graph.from_edges(["a", "b"], ["b", "c"], [1e-7, 1.0])
    rare = spread(graph, ["a"], simulations=1000, seed=0)
    assert (rare.mean, rare.std_error) == (1.0, 1e-3)
    assert rare.high > 1 + 2e-7
    assert spread(graph, ["b"], simulations=1000, seed=0).std_error == 0.0
    assert spread(graph, ["a"], simulations=1000, seed=0, deadline=0).std_error == 0.0


def test_counts_given_as_numpy_integers_come_back_as_json_values():
    counts = {"simulations": np.int64(50), "seed": np.int64(3), "deadline": np.int64(2)}
    result = spread(path(3, 0.5), ["000"], **counts)
    assert {type(result.parameters[name]) for name in counts} == {int}
    assert (type(result.mean), type(result.simulations)) == (float, int)
