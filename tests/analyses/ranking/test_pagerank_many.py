import numpy as np
import pytest

from influence_graph.analyses.ranking.pagerank import pagerank, pagerank_many
from influence_graph.errors import InputError, NotConverged, NotFound
from influence_graph.model.graph import Graph


def graph():
    source, target = np.random.default_rng(0).integers(0, 60, (2, 240))
    return Graph.from_edges([f"n{i:02}" for i in source], [f"n{i:02}" for i in target])


@pytest.mark.parametrize("cached", [0, 1 << 17])  # nodes up to which no block is formed
@pytest.mark.parametrize("number", [1, 4, 5, 16, 19, 33])
def test_every_result_is_the_one_of_its_own_call(number, cached, monkeypatch):
    monkeypatch.setattr("influence_graph.analyses.ranking.pagerank._CACHED", cached)
    g = graph()
    given = [{g.ids[i % g.ids.size]: 1.0, g.ids[0]: float(i)} for i in range(1, number + 1)]
    together = pagerank_many(g, given)
    for found, personalization in zip(together, given, strict=True):
        alone = pagerank(g, personalization=personalization)
        assert np.abs(found.scores - alone.scores).sum() <= found.error_bound + alone.error_bound
        assert found.residual <= 1e-10
        assert found.parameters == alone.parameters
        assert found.digest == g.digest


def test_vectors_can_be_rows_of_an_array():
    g = graph()
    rows = np.eye(g.ids.size)[:6]
    assert [r.scores.argmax() for r in pagerank_many(g, list(rows), damping_factor=0.3)] == list(range(6))


@pytest.mark.parametrize("given", [[], "n00"])
def test_no_vectors_are_refused(given):
    with pytest.raises(InputError, match="pass a list"):
        pagerank_many(graph(), given)


def test_an_unknown_id_is_not_found():
    with pytest.raises(NotFound, match="nobody"):
        pagerank_many(graph(), [["n00"], ["nobody"]])


@pytest.mark.parametrize("cached", [0, 1 << 17])
def test_results_that_have_not_converged_are_never_returned(cached, monkeypatch):
    monkeypatch.setattr("influence_graph.analyses.ranking.pagerank._CACHED", cached)
    with pytest.raises(NotConverged, match="raise max_iterations"):
        pagerank_many(graph(), [["n00"]] * 8, max_iterations=3)


def test_a_small_tolerance_is_met_on_many_nodes(monkeypatch):
    monkeypatch.setattr("influence_graph.analyses.ranking.pagerank._CACHED", 0)
    nodes = 300_000  # whose plain sum is off by 1e-12
    source, target = np.append(np.arange(1, nodes), 0), np.append(np.arange(nodes - 1) // 3, 1)
    g = Graph.from_arrays(np.arange(nodes).astype(str), source, target)
    alone = pagerank(g, tolerance=1e-13, max_iterations=100)
    for found in pagerank_many(g, [np.ones(nodes)] * 5, tolerance=1e-13, max_iterations=100):
        assert np.abs(found.scores - alone.scores).sum() <= 2e-13 / 0.15
