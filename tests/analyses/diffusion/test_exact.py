import csv

import numpy as np
import pytest

from influence_graph.analyses.diffusion.exact import exact_spread
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from tests.public_data import public_data


@pytest.fixture
def literature():
    file = public_data("classic_graphs/gds_celf_example_edges.csv")
    rows = list(csv.DictReader(file.read_text().splitlines()))
    source, target = ([row[column] for row in rows] for column in ("source", "target"))
    return Graph.from_edges(source, target, np.full(len(rows), 0.1))


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ("Alice", 1.547810),
        ("Ethan", 1.423871),
        ("Michael", 1.241387),
        ("Jack", 1.153781),
        ("Ceri", 1.142387),
        ("Lara", 1.1),
    ],
)
def test_single_seeds_of_the_example_have_their_published_values(literature, node, value):
    assert exact_spread(literature, [node]).mean == pytest.approx(value, abs=5e-7)


def test_three_seeds_of_the_example_have_their_published_value(literature):
    assert exact_spread(literature, ["Alice", "Ethan", "Michael"]).mean == pytest.approx(3.887100, abs=5e-7)


def test_negative_opinions_in_the_example_have_their_published_value(literature):
    assert exact_spread(literature, ["Alice"], "ic-n", 0.9).mean == pytest.approx(1.339794, abs=5e-7)
    assert exact_spread(literature, ["Alice"], "ic-n", 1.0).mean == pytest.approx(1.547810, abs=5e-7)


def test_paths_and_stars_have_their_closed_forms():
    path = Graph.from_edges(list("abcdefg"), list("bcdefgh"), np.full(7, 0.3))
    assert exact_spread(path, ["a"]).mean == pytest.approx((1 - 0.3**8) / 0.7)
    assert exact_spread(path, ["a"], deadline=2).mean == pytest.approx(1 + 0.3 + 0.09)
    assert exact_spread(path, ["a"], "lt").activation == pytest.approx(0.3 ** np.arange(8))
    assert exact_spread(path, ["a"], target={"b": 2.0, "c": 1.0}).mean == pytest.approx(0.69)
    star = Graph.from_edges(["hub"] * 20, [f"{i}" for i in range(20)], np.full(20, 0.3))
    assert exact_spread(star, ["hub"]).mean == pytest.approx(1 + 20 * 0.3)


def test_linear_threshold_on_a_dag_is_linear():
    graph = Graph.from_edges(list("aabbc"), list("bccdd"), [0.4, 0.5, 0.3, 0.6, 0.2])
    b, c = 0.4, 0.5 + 0.3 * 0.4
    assert exact_spread(graph, ["a"], "lt").activation == pytest.approx([1, b, c, 0.6 * b + 0.2 * c])


def test_with_ties_an_opinion_comes_from_either_side_at_the_same_distance():
    graph = Graph.from_edges(["a", "a", "b", "c"], ["b", "c", "d", "d"], np.ones(4))
    found = exact_spread(graph, ["a"], "ic-n", 0.8)
    assert found.activation == pytest.approx([0.8, 0.64, 0.64, 0.512])


def test_certain_and_impossible_edges_cost_nothing():
    certain = Graph.from_edges([f"{i:04}" for i in range(999)], [f"{i:04}" for i in range(1, 1000)], np.ones(999))
    assert exact_spread(certain, ["0000"]).mean == 1000
    assert exact_spread(certain, ["0000"], "lt").mean == 1000


def test_more_than_20_uncertain_edges_are_refused():
    star = Graph.from_edges(["hub"] * 21, [f"{i}" for i in range(21)], np.full(21, 0.5))
    for model in ("ic", "lt"):
        with pytest.raises(InputError, match=r"21 uncertain choices make 2\^21\.0 worlds.*ig\.spread"):
            exact_spread(star, ["hub"], model)


def test_linear_threshold_counts_combinations_not_edges():
    graph = Graph.from_edges([f"{i:02}" for i in range(100)], ["hub"] * 100, np.full(100, 0.01))
    assert exact_spread(graph, ["00"], "lt").mean == pytest.approx(1.01)


def test_arguments_are_checked_as_for_the_simulation():
    graph = Graph.from_edges(["a"], ["b"], [0.5])
    with pytest.raises(InputError, match="model is 'sir'"):
        exact_spread(graph, ["a"], "sir")
    with pytest.raises(InputError, match="deadline is -1"):
        exact_spread(graph, ["a"], deadline=-1)
