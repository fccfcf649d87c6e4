import numpy as np
import pytest

from influence_graph.analyses.ranking.result import RankResult
from influence_graph.model.graph import Graph

GRAPH = Graph.from_arrays(["b", "a", "c"], [0, 1], [1, 2], labels=["Person", "Person", "Brand"])
FACTS = {
    "iterations": 3,
    "residual": 1e-11,
    "error_bound": 1e-10,
    "converged": True,
    "parameters": {"tolerance": 1e-10},
}


def result(digest, labels=GRAPH.labels):
    return RankResult(scores=np.array([0.2, 0.2, 0.6]), ids=GRAPH.ids, labels=labels, digest=digest, **FACTS)


def test_the_digest_is_given_or_that_of_the_graph_that_is_kept():
    assert result("abc").digest == "abc"
    assert result("abc").graph is None
    kept = result(GRAPH)
    assert kept.graph is GRAPH
    assert kept.digest == GRAPH.digest


def test_the_digest_of_a_graph_is_calculated_when_it_is_read(monkeypatch):
    graph = Graph.from_edges(["a"], ["b"])
    kept = result(graph)
    assert "digest" not in vars(graph), "hashing a large graph takes longer than ranking it"
    assert kept.digest == vars(graph)["digest"]


def test_a_result_cannot_be_made_without_a_digest():
    with pytest.raises(TypeError, match="digest"):
        RankResult(scores=np.ones(3), ids=GRAPH.ids, labels=None, **FACTS)


def test_the_frame_is_best_first_with_equals_by_id():
    frame = result("abc").to_frame()
    assert frame.columns.tolist() == ["id", "label", "score", "rank"]
    assert frame["id"].tolist() == ["c", "a", "b"]
    assert frame["rank"].tolist() == [1, 2, 3]
    assert "label" not in result("abc", None).to_frame()


def test_the_line_names_the_first_node():
    assert repr(result("abc")) == "<RankResult: measure PageRank, nodes 3, first c, iterations 3, residual 1e-11>"
