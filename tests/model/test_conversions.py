"""Graphs on their way through frames, networkx and scipy: the same edges, and answers that depend on nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

import influence_graph as ig
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph, GraphKind

NODES = [f"n{i}" for i in range(7)]
triples = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.integers(-3, 9).map(lambda w: w / 4)), max_size=25
)


def columns(rows: list[tuple[str, str, float]]) -> tuple[list[str], list[str], list[float]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def matrix(graph: Graph) -> np.ndarray:
    size = graph.number_of_nodes
    return csr_array((graph.edge_weights(), graph.indices, graph.indptr), shape=(size, size)).toarray()


@settings(deadline=None)
@given(triples, st.booleans())
def test_a_frame_of_edges_gives_the_graph_of_its_columns(rows, directed):
    source, target, weight = columns(rows)
    frame = pd.DataFrame({"from": source, "to": target, "times": weight}, index=range(50, 50 + len(rows)))
    by_frame = Graph.from_pandas(frame, "from", "to", "times", directed)
    assert by_frame.digest == Graph.from_edges(source, target, weight, directed).digest
    assert Graph.from_pandas(frame, "from", "to", directed=directed).digest == (
        Graph.from_edges(source, target, directed=directed).digest
    )


@settings(deadline=None)
@given(triples, st.booleans())
def test_networkx_gives_back_the_same_digest_also_with_labels_and_isolates(rows, directed):
    source, target, weight = columns(rows)
    place = {name: i for i, name in enumerate(NODES)}
    labels = ["Consumer", "Brand"] * 3 + ["Consumer"]
    graph = Graph.from_arrays(
        NODES, [place[s] for s in source], [place[t] for t in target], weight, directed=directed, labels=labels
    )
    g = graph.to_networkx()
    assert (g.number_of_nodes(), g.number_of_edges()) == (graph.number_of_nodes, graph.number_of_edges)
    assert Graph.from_networkx(g).digest == graph.digest


@settings(deadline=None)
@given(triples, st.booleans())
def test_the_adjacency_matrix_is_that_of_networkx(rows, directed):
    graph = Graph.from_edges(*columns(rows), directed)
    if graph.number_of_nodes:
        theirs = nx.to_numpy_array(graph.to_networkx(), nodelist=list(graph.ids))
        np.testing.assert_allclose(matrix(graph), theirs, atol=1e-12)


@settings(deadline=None)
@given(triples)
def test_an_undirected_graph_is_symmetric_and_its_own_reverse(rows):
    graph = Graph.from_edges(*columns(rows), directed=False)
    np.testing.assert_array_equal(matrix(graph), matrix(graph).T)
    assert graph.reverse() is graph


@settings(deadline=None)
@given(triples, st.randoms(use_true_random=False))
def test_the_digest_depends_on_the_edges_and_not_on_their_order_or_split(rows, random):
    whole = Graph.from_edges(*columns(rows))
    shuffled = random.sample(rows, len(rows))
    assert Graph.from_edges(*columns(shuffled)).ids.tolist() == whole.ids.tolist()
    np.testing.assert_allclose(matrix(Graph.from_edges(*columns(shuffled))), matrix(whole), atol=1e-12)
    halves = [(s, t, w / 2) for s, t, w in rows for _ in range(2)]  # powers of two: exact
    assert Graph.from_edges(*columns(halves)).digest == whole.digest


@settings(deadline=None)
@given(triples.filter(bool), st.integers(0, 24))
def test_one_changed_weight_changes_the_digest(rows, which):
    which %= len(rows)
    changed = [(s, t, w + (i == which)) for i, (s, t, w) in enumerate(rows)]
    assert Graph.from_edges(*columns(changed)).digest != Graph.from_edges(*columns(rows)).digest


def test_the_time_of_a_graph_is_not_in_its_digest_and_survives_reversing():
    day = datetime(2026, 5, 1, tzinfo=UTC)
    dated = Graph.from_arrays(["a", "b"], [0], [1], as_of=day)
    assert dated.digest == Graph.from_arrays(["a", "b"], [0], [1]).digest
    assert dated.reverse().as_of == day


@settings(deadline=None, max_examples=30)
@given(triples.map(lambda rows: [(s, t, abs(w)) for s, t, w in rows if w]).filter(bool))
def test_ranks_follow_the_names_however_nodes_are_numbered(rows):
    graph = Graph.from_edges(*columns(rows))
    turned = graph.ids[::-1]
    place = {name: i for i, name in enumerate(turned)}
    source, target, weight = columns(rows)
    other = Graph.from_arrays(turned, [place[s] for s in source], [place[t] for t in target], weight)
    ours = dict(zip(graph.ids, ig.pagerank(graph).scores, strict=True))
    theirs = dict(zip(other.ids, ig.pagerank(other).scores, strict=True))
    assert theirs == pytest.approx(ours, abs=1e-9)
    by_networkx = nx.pagerank(graph.to_networkx(), alpha=0.85, tol=1e-12, max_iter=1000)
    assert ours == pytest.approx(by_networkx, abs=1e-8)


def test_labels_of_networkx_may_be_lists_or_sets_of_one():
    g = nx.DiGraph([("a", "b")])
    g.nodes["a"]["labels"] = ["Consumer", "Influencer"]
    g.nodes["b"]["labels"] = frozenset({"Brand"})
    labels = Graph.from_networkx(g).labels
    assert labels is not None
    assert labels[0] == "Consumer"


def test_a_pair_that_is_a_node_of_networkx_stays_one_text():
    graph = Graph.from_networkx(nx.grid_2d_graph(2, 2))
    assert graph.ids.tolist() == ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"]
    assert graph.number_of_edges == 4


def test_an_edge_attribute_of_another_name_is_the_weight_and_text_is_refused():
    g = nx.DiGraph()
    g.add_edge("a", "b", times=3)
    g.add_edge("b", "c", times="4")
    assert Graph.from_networkx(g, "times").edge_weights().tolist() == [3.0, 4.0]
    g.add_edge("c", "a", times="often")
    with pytest.raises(InputError, match="numbers"):
        Graph.from_networkx(g, "times")


@pytest.mark.parametrize("kind", GraphKind)
def test_a_kind_of_graph_is_its_text(kind):
    assert GraphKind(kind.value) is kind
    assert GraphKind(str(kind)) is kind
    assert f"{kind}" == kind.value


@pytest.mark.parametrize(("text", "near"), [("tie", "'ties'"), ("Interaction", "'interactions'"), ("xyz", "use ties")])
def test_a_wrong_kind_of_graph_names_the_nearest_or_all(text, near):
    with pytest.raises(NotFound) as error:
        GraphKind(text)
    assert near in str(error.value)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("value", [None, 3, ["ties"]])
def test_what_is_no_text_is_no_kind_of_graph(value):
    with pytest.raises(NotFound, match="no kind of graph"):
        GraphKind(value)


@pytest.mark.parametrize("nodes", [0, 1, 5000])
def test_a_graph_is_shown_in_one_short_line_and_one_short_table(nodes):
    graph = Graph.from_arrays([f"<n{i}>" for i in range(nodes)], range(nodes), [0] * nodes)
    assert repr(graph) == f"<Graph: {nodes} nodes, {nodes} edges, directed>"
    shown = graph._repr_html_()
    assert "<n1>" not in shown
    assert len(shown) < 6000
