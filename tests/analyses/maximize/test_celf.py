import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.maximize.celf import celf
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph
from tests.public_data import public_data


def path(nodes, p):
    names = [f"{i:03}" for i in range(nodes)]
    return Graph.from_edges(names[:-1], names[1:], np.full(nodes - 1, p))


def test_on_a_path_of_a_hundred_nodes_the_spread_is_one_and_a_ninth():
    """Coins shared by the j-th out-edges of all nodes would make all edges live together: 10.9."""
    picked = celf(path(100, 0.1), 1, simulations=20_000, seed=1)
    assert picked.mean == pytest.approx(1 / 0.9, abs=0.01)
    assert picked.std_error[0] < 0.003


def test_the_published_example_is_picked_in_its_order():
    edges = pd.read_csv(public_data("classic_graphs/gds_celf_example_edges.csv"))
    graph = Graph.from_edges(edges["source"], edges["target"], np.full(len(edges), 0.1))
    picked = celf(graph, 3, simulations=60_000, seed=2)
    assert picked.seeds == ("Alice", "Ethan", "Michael")
    exact = np.array([1.547810, 1.249290, 1.090000])
    assert (np.abs(picked.gains - exact) <= 4 * picked.std_error).all()
    assert picked.mean == pytest.approx(3.887100, abs=0.02)
    frame = picked.to_frame()
    assert frame.columns.tolist() == ["rank", "id", "gain", "std_error", "spread"]
    assert frame["spread"].iloc[-1] == picked.mean


def test_excluded_ids_are_not_picked_and_targets_choose():
    graph = Graph.from_edges(["a", "a", "b"], ["x", "y", "z"], [1.0, 1.0, 1.0])
    assert celf(graph, 1, seed=1).seeds == ("a",)
    assert celf(graph, 1, seed=1, exclude=["a"]).seeds == ("b",)
    assert celf(graph, 1, seed=1, target={"z": 1.0, "b": 1.0}).seeds == ("b",)


def test_linear_threshold_on_a_tree_is_exact_in_the_mean():
    picked = celf(path(4, 0.5), 1, "lt", simulations=20_000, seed=3)
    assert picked.seeds == ("000",)
    assert abs(picked.mean - 1.875) <= 4 * picked.std_error[0]


def test_negative_opinions_discount_each_step():
    picked = celf(path(3, 1.0), 1, "ic-n", 0.5, simulations=2, seed=1)
    assert (picked.seeds, picked.mean) == (("000",), 0.5 + 0.25 + 0.125)


def test_the_recorded_seed_repeats_the_run():
    first = celf(path(20, 0.6), 3, simulations=50, seed=np.random.default_rng(4))
    again = celf(path(20, 0.6), 3, simulations=50, seed=first.parameters["seed"])
    assert again.seeds == first.seeds
    assert again.gains.tolist() == first.gains.tolist()


@pytest.mark.parametrize(
    ("arguments", "error", "line"),
    [
        ({"k": 0}, InputError, "k is 0, must be a whole number of 1 or more; use 10"),
        ({"k": 4}, InputError, "k is 4, must be at most 3, the nodes that may be seeds; choose fewer seeds"),
        ({"model": "sir"}, InputError, "model is 'sir', must be one of ic, lt, ic-n; use "),
        ({"model": "ic-n"}, InputError, "quality is None, must be above 0"),
        ({"quality": 0.5}, InputError, "quality is 0.5, the model ic has none"),
        (
            {"simulations": 0},
            InputError,
            "simulations is 0, must be a whole number from 1 to 1,000,000,000,000; use 1000",
        ),
        ({"simulations": 10**9}, InputError, "CELF may use 2 GiB; give fewer simulations"),
        ({"exclude": ["zoe"]}, NotFound, "no 'zoe' among the 3 nodes"),
        ({"time_limit": 1e-9}, InputError, "time_limit is 1e-09 s; raise time_limit"),
        ({"seed": -1}, InputError, "seed is -1, must be a whole number"),
    ],
)
def test_bad_input_is_one_line(arguments, error, line):
    with pytest.raises(error) as raised:
        celf(path(3, 0.5), **{"k": 1, "seed": 1, **arguments})
    assert line in str(raised.value)


def test_an_empty_graph_and_bad_probabilities_are_refused():
    with pytest.raises(InputError, match="the graph has 0 nodes: nothing to pick seeds from"):
        celf(Graph.from_edges([], []), 1)
    with pytest.raises(InputError, match=r"has weight 1\.5, a probability must be from 0 to 1"):
        celf(Graph.from_edges(["a"], ["b"], [1.5]), 1)
    with pytest.raises(InputError, match="linear threshold allows at most 1"):
        celf(Graph.from_edges(["a", "c"], ["b", "b"], [0.7, 0.7]), 1, "lt")
