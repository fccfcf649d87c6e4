import math
import re

import networkx as nx
import numpy as np
import pytest

from influence_graph.analyses.ranking.hits import hits
from influence_graph.errors import InputError, NotConverged
from influence_graph.model.graph import Graph
from tests.public_data import public_data


def edges(nodes, *pairs, directed=True):
    source, target = zip(*pairs, strict=True)
    return Graph.from_arrays([f"n{i}" for i in range(nodes)], source, target, directed=directed)


def test_a_star_of_fans_has_its_closed_form():
    scores = hits(edges(5, (1, 0), (2, 0), (3, 0)))
    assert scores.authorities.scores == pytest.approx([1, 0, 0, 0, 0])
    assert scores.hubs.scores == pytest.approx(np.array([0, 1, 1, 1, 0]) / math.sqrt(3))


def test_equal_components_share_as_in_kleinbergs_iteration():
    scores = hits(edges(6, (0, 1), (0, 2), (3, 4), (3, 5)))
    assert scores.authorities.scores == pytest.approx(np.array([0, 1, 1, 0, 1, 1]) / 2)
    assert scores.hubs.scores == pytest.approx(np.array([1, 0, 0, 1, 0, 0]) / math.sqrt(2))


def test_the_smaller_of_two_components_has_nothing():
    scores = hits(edges(5, (0, 1), (0, 2), (3, 4)))
    assert scores.authorities.scores == pytest.approx(np.array([0, 1, 1, 0, 0]) / math.sqrt(2), abs=1e-12)


def test_almost_equal_components_are_distinguished_or_refused():
    graph = Graph.from_edges(["a", "c"], ["b", "d"], [1.0, 1.0 - 1e-5])
    scores = hits(graph)
    assert scores.authorities.scores == pytest.approx([0, 1, 0, 0], abs=1e-9)
    with pytest.raises(NotConverged, match=r"after 2 passes, above the tolerance 1e-10; raise max_iterations"):
        hits(graph, max_iterations=2)


@pytest.mark.parametrize("name", ["wiki-Vote.txt", "facebook_combined.rkg.txt"])
def test_networkx_gives_the_same_up_to_the_norm(name):
    pairs = np.loadtxt(public_data(f"im_graphs/{name}"), comments="#", usecols=(0, 1), dtype=np.int64, skiprows=1)
    graph = Graph.from_edges(*pairs.T)
    scores = hits(graph)
    peer = nx.hits(graph.to_networkx(), max_iter=10_000, tol=1e-13)
    for ours, theirs in zip((scores.hubs, scores.authorities), peer, strict=True):
        expected = np.array([theirs[name] for name in ours.ids])
        assert ours.scores / ours.scores.sum() == pytest.approx(expected, abs=1e-9)
        assert np.linalg.norm(ours.scores) == pytest.approx(1.0)
        assert ours.residual <= 1e-10


@pytest.mark.parametrize("factor", [1e-300, 7.0, 1e300])
def test_scaling_all_weights_changes_nothing(factor):
    rng = np.random.default_rng(3)
    source, target = rng.integers(0, 20, (2, 80))
    weight = 0.1 + rng.random(80)
    plain = hits(Graph.from_edges(source, target, weight))
    scaled = hits(Graph.from_edges(source, target, factor * weight))
    assert scaled.hubs.scores == pytest.approx(plain.hubs.scores, abs=1e-10)
    assert scaled.authorities.scores == pytest.approx(plain.authorities.scores, abs=1e-10)


def test_turning_the_edges_round_swaps_hubs_and_authorities():
    rng = np.random.default_rng(4)
    graph = Graph.from_edges(*rng.integers(0, 20, (2, 80)))
    forth, back = hits(graph), hits(graph.reverse())
    assert back.hubs.scores == pytest.approx(forth.authorities.scores, abs=1e-9)
    assert back.authorities.scores == pytest.approx(forth.hubs.scores, abs=1e-9)


def test_the_result_reports_how_it_was_calculated():
    graph = edges(3, (0, 1), (0, 2), (1, 2))
    for result in (hits(graph).hubs, hits(graph).authorities):
        assert (result.converged, result.error_bound) == (True, math.inf)
        assert result.digest == graph.digest
        assert result.parameters == {"tolerance": 1e-10, "max_iterations": 1000}
        assert 1 < result.iterations < 20


@pytest.mark.parametrize(
    ("graph", "arguments", "message"),
    [
        (Graph.from_edges([], []), {}, "0 nodes: nothing to rank"),
        (Graph.from_arrays(["a", "b"], [], []), {}, "the graph of 2 nodes has no edge of weight above 0"),
        (Graph.from_edges(["a"], ["b"], [0.0]), {}, "has no edge of weight above 0"),
        (Graph.from_edges(["a"], ["b"], [-1.0]), {}, "'a' -> 'b' has weight -1, HITS needs 0 or more"),
        (Graph.from_edges(["a"], ["b"]), {"tolerance": 0}, "tolerance is 0, must be above 0"),
        (Graph.from_edges(["a"], ["b"]), {"tolerance": math.nan}, "tolerance is nan, must be above 0"),
        (
            Graph.from_edges(["a"], ["b"]),
            {"max_iterations": 0},
            "max_iterations is 0, must be a whole number of 1 or more",
        ),
    ],
)
def test_what_has_no_answer_is_refused_in_one_line(graph, arguments, message):
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        hits(graph, **arguments)
    assert "\n" not in str(caught.value)


def test_how_far_from_the_end_an_iteration_was_is_reported_though_its_last_cycle_was_cut_short():
    path = Graph.from_arrays([str(i) for i in range(300)], np.arange(299), np.arange(1, 300), directed=False)
    with pytest.raises(NotConverged, match=r"estimated error \d\S+ \(residual \S+\) after 1000 passes"):
        hits(path)
    scores = hits(path, max_iterations=3000).hubs.scores
    mode = np.sin(np.arange(1, 301) * np.pi / 301)  # the closed form of a path; its equal in AAᵀ alternates in sign
    assert scores == pytest.approx(mode / np.linalg.norm(mode), abs=1e-9)
