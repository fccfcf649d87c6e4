import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph, GraphKind


def as_dict(graph):
    """Return every stored edge of *graph* with its weight, by names."""
    weights = graph.edge_weights()
    return {
        (graph.ids[i], graph.ids[graph.indices[k]]): weights[k]
        for i in range(graph.number_of_nodes)
        for k in range(graph.indptr[i], graph.indptr[i + 1])
    }


edges = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(-3, 9).map(float)), max_size=30)


@settings(deadline=None)
@given(edges, st.booleans())
def test_csr_holds_the_sum_of_parallel_edges_in_each_direction(triples, directed):
    expected = {}
    for source, target, weight in triples:
        ends = {(source, target)} if directed else {(source, target), (target, source)}
        for start, end in ends:
            expected[f"n{start}", f"n{end}"] = expected.get((f"n{start}", f"n{end}"), 0.0) + weight
    source, target, weight = ([t[k] for t in triples] for k in range(3))
    graph = Graph.from_arrays([f"n{i}" for i in range(7)], source, target, weight, directed=directed)
    assert as_dict(graph) == expected
    assert graph.number_of_nodes == 7
    assert graph.number_of_edges == len({frozenset(pair) if not directed else pair for pair in expected})


def test_rows_are_sorted_and_typed():
    graph = Graph.from_arrays(["a", "b", "c"], [0, 0, 2], [2, 1, 0])
    assert graph.indptr.dtype == np.int64
    assert graph.indptr.tolist() == [0, 2, 2, 3]
    assert graph.indices.tolist() == [1, 2, 0]


def test_weights_are_none_only_where_every_edge_weighs_one_by_default():
    assert Graph.from_edges(["a", "b"], ["b", "c"]).weights is None
    assert Graph.from_edges(["a", "a"], ["b", "b"]).weights.tolist() == [2.0]


def test_nodes_of_named_edges_are_sorted_and_strings():
    graph = Graph.from_edges([10, 9], ["b", "a"])
    assert list(graph.ids) == ["10", "9", "a", "b"]
    assert as_dict(graph) == {("10", "b"): 1.0, ("9", "a"): 1.0}


def test_edge_order_does_not_change_the_digest():
    one = Graph.from_edges(["a", "b", "c"], ["b", "c", "a"], [1.0, 2.0, 3.0])
    other = Graph.from_edges(["c", "a", "b"], ["a", "b", "c"], [3.0, 1.0, 2.0])
    assert one.digest == other.digest


def test_unit_weights_and_no_weights_are_the_same_graph():
    assert (
        Graph.from_edges(["a", "b"], ["b", "c"], [1.0, 1.0]).digest == Graph.from_edges(["a", "b"], ["b", "c"]).digest
    )


@pytest.mark.parametrize(
    "other",
    [
        Graph.from_edges(["a", "b"], ["b", "c"], [1.0, 2.0]),
        Graph.from_edges(["a", "b"], ["c", "a"]),
        Graph.from_edges(["a", "b"], ["b", "d"]),
        Graph.from_edges(["a", "b"], ["b", "c"], directed=False),
        Graph.from_arrays(["a", "b", "c"], [0, 1], [1, 2], labels=["x", "x", "x"]),
        Graph.from_arrays(["a", "b", "c", "d"], [0, 1], [1, 2]),
        Graph.from_arrays(["ab", "b", "c"], [0, 1], [1, 2]),
    ],
)
def test_any_difference_changes_the_digest(other):
    assert other.digest != Graph.from_edges(["a", "b"], ["b", "c"]).digest


@pytest.mark.parametrize("name", ["indptr", "indices", "weights", "ids"])
def test_arrays_cannot_be_written(name):
    array = getattr(Graph.from_edges(["a", "b"], ["b", "c"], [1.0, 2.0]), name)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = array[1]


def test_input_arrays_stay_writable_and_apart():
    weight, ids = np.array([1.0, 2.0]), np.array(["a", "b"], dtype=object)
    graph = Graph.from_arrays(ids, [0, 1], [1, 0], weight)
    weight[0], ids[0] = 9.0, "z"
    assert as_dict(graph) == {("a", "b"): 1.0, ("b", "a"): 2.0}


@settings(deadline=None)
@given(edges)
def test_reverse_turns_every_edge(triples):
    source, target, weight = ([t[k] for t in triples] for k in range(3))
    graph = Graph.from_arrays([f"n{i}" for i in range(7)], source, target, weight)
    assert as_dict(graph.reverse()) == {(b, a): w for (a, b), w in as_dict(graph).items()}
    assert graph.reverse().reverse().digest == graph.digest


@pytest.mark.parametrize("g", [nx.karate_club_graph(), nx.gn_graph(20, seed=1), nx.path_graph(1), nx.DiGraph()])
def test_networkx_round_trip_keeps_nodes_edges_and_weights(g):
    graph = Graph.from_networkx(g)
    back = graph.to_networkx()
    assert list(back) == [str(node) for node in g]
    assert {(u, v, w) for u, v, w in back.edges(data="weight")} == {
        (str(u), str(v), float(w)) for u, v, w in g.edges(data="weight", default=1)
    }
    assert Graph.from_networkx(back).digest == graph.digest


def test_networkx_round_trip_keeps_labels_where_two_labels_share_an_id():
    graph = Graph.from_arrays(["nova", "june", "nova"], [1, 1], [0, 2], labels=["Brand", "Consumer", "Consumer"])
    back = graph.to_networkx()
    assert set(back) == {("Brand", "nova"), "june", ("Consumer", "nova")}
    assert back.nodes["june"]["labels"] == "Consumer"
    assert Graph.from_networkx(back).digest == graph.digest


def test_multigraph_edges_are_summed_and_missing_weights_count_one():
    g = nx.MultiDiGraph([("a", "b", {"weight": 2.5}), ("a", "b", {})])
    assert as_dict(Graph.from_networkx(g)) == {("a", "b"): 3.5}
    assert as_dict(Graph.from_networkx(g, weight=None)) == {("a", "b"): 2.0}


def test_frame_columns_are_named():
    frame = pd.DataFrame({"who": ["a", "b"], "whom": ["b", "c"], "times": [2, 3]})
    graph = Graph.from_pandas(frame, "who", "whom", weight="times")
    assert as_dict(graph) == {("a", "b"): 2.0, ("b", "c"): 3.0}
    with pytest.raises(InputError, match=r"no column 'source'.*who, whom, times"):
        Graph.from_pandas(frame)


def test_index_of_offers_near_names():
    graph = Graph.from_edges(["annie"], ["june"])
    assert graph.index_of("june") == 1
    with pytest.raises(NotFound, match="did you mean 'annie'"):
        graph.index_of("Anny")


def test_index_of_asks_for_the_label_of_a_shared_id():
    graph = Graph.from_arrays(["nova", "nova"], [0], [1], labels=["Brand", "Consumer"])
    assert graph.index_of("nova", "Consumer") == 1
    with pytest.raises(InputError, match="Brand or Consumer"):
        graph.index_of("nova")
    with pytest.raises(NotFound, match="no Person 'nova'"):
        graph.index_of("nova", "Person")


def test_index_of_finds_no_label_where_nodes_have_none():
    with pytest.raises(NotFound, match="no Person 'june' among the 2 nodes"):
        Graph.from_edges(["annie"], ["june"]).index_of("june", "Person")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["a"], ["b", "c"]), "1 sources and 2 targets"),
        ((["a"], ["b"], [1.0, 2.0]), "2 weights for 1 edges"),
        ((["a"], ["b"], [float("nan")]), "position 0 is nan"),
        ((["a"], ["b"], [float("inf")]), "position 0 is inf"),
        ((["a"], ["b"], ["much"]), "must be numbers"),
        (("ab", "bc"), "0 dimensions"),
        ((["a", ""], ["b", "c"]), "is empty"),
        ((["a", None], ["b", "c"]), "position 1 is missing"),
    ],
)
def test_bad_named_edges_are_refused_with_the_value(arguments, message):
    with pytest.raises(InputError, match=message):
        Graph.from_edges(*arguments)


@pytest.mark.parametrize(
    ("ids", "source", "target", "labels", "message"),
    [
        (["a", "b"], [0], [2], None, "target index 2 is outside 0 to 1"),
        (["a", "b"], [-1], [0], None, "source index -1 is outside"),
        (["a", "b"], [0.5], [0], None, "flat integers"),
        (["a", "a"], [0], [1], None, "'a' is that of two nodes"),
        (["a", "a"], [0], [1], ["x", "x"], "'a' is that of two nodes"),
        (["a", "b"], [0], [1], ["x"], "1 labels for 2 ids"),
        ([["a"], ["b"]], [0], [1], None, "2 dimensions"),
    ],
)
def test_bad_arrays_are_refused_with_the_value(ids, source, target, labels, message):
    with pytest.raises(InputError, match=message):
        Graph.from_arrays(ids, source, target, labels=labels)


def test_two_nodes_with_one_text_are_refused():
    with pytest.raises(InputError, match="'1' is given as a number and as text"):
        Graph.from_networkx(nx.Graph([(1, "1")]))


def test_graph_without_nodes_or_edges_is_a_graph():
    graph = Graph.from_edges([], [])
    assert (graph.number_of_nodes, graph.number_of_edges, graph.indptr.tolist()) == (0, 0, [0])


@pytest.mark.parametrize(("text", "remedy"), [("tie", "did you mean 'ties'?"), (7, "use ties, interactions, all")])
def test_a_kind_of_graph_that_is_none_gets_the_nearest_names_in_one_line(text: object, remedy: str) -> None:
    with pytest.raises(NotFound) as caught:
        GraphKind(text)
    assert str(caught.value) == f"no kind of graph {text!r}; {remedy}"
