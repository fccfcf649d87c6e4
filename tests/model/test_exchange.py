import hashlib

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError
from influence_graph.model import csr, exchange
from influence_graph.model.ids import id_text

names = st.lists(st.text(min_size=1, max_size=5).filter(str.strip), min_size=1, max_size=20)


@given(names, names)
def test_factorized_edges_give_back_their_names(one, other):
    count = min(len(one), len(other))
    ids, source, target = exchange.factorize(one[:count], other[:count])
    first, second = ([id_text(name) for name in side[:count]] for side in (one, other))
    assert ids.tolist() == sorted({*first, *second})
    assert ids[source].tolist() == first
    assert ids[target].tolist() == second


def test_whole_numbers_of_any_type_are_one_node():
    ids, source, target = exchange.factorize(np.array([1, 2]), np.array([2.0, 1.0]))
    assert ids.tolist() == ["1", "2"]
    assert (source.tolist(), target.tolist()) == ([0, 1], [1, 0])


def test_a_number_and_a_text_that_would_be_one_node_are_refused():
    with pytest.raises(InputError, match="'2' is given as a number and as text; convert"):
        exchange.factorize(np.array([1, 2]), ["2", "x"])


def digest(texts):
    state = hashlib.blake2b()
    exchange.hash_texts(state, None if texts is None else np.array(texts, dtype=object))
    return state.hexdigest()


@given(names, names)
def test_different_lists_of_texts_have_different_digests(one, other):
    assert (digest(one) == digest(other)) == (one == other)


def test_texts_that_run_together_and_none_have_digests_of_their_own():
    assert len({digest(["ab", "c"]), digest(["a", "bc"]), digest(["abc"]), digest(None), digest([])}) == 5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: exchange.checked_ids(["a", ""], None), "the id at position 1 is empty"),
        (lambda: exchange.checked_ids(["a", None], None), "the id at position 1 is missing"),
        (lambda: exchange.checked_ids([["a"]], None), "ids have 2 dimensions"),
        (lambda: exchange.checked_edges(2, [0, 1], [1], None), "2 sources and 1 targets"),
        (lambda: exchange.checked_edges(2, [0], [2], None), "target index 2 is outside 0 to 1"),
        (lambda: exchange.checked_edges(2, [0.5], [1], None), "source is 1-dimensional of type float64"),
        (lambda: exchange.checked_edges(2, [0], [1], [np.nan]), "the weight at position 0 is nan"),
        (lambda: exchange.checked_ids(["a", "b"], ["x"]), "1 labels for 2 ids"),
    ],
)
def test_what_is_no_edge_or_id_is_refused_with_its_place(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_weights_are_copied():
    given_weights = np.array([1.0])
    _, _, weights = exchange.checked_edges(2, [0], [1], given_weights)
    given_weights[0] = 9.0
    assert weights.tolist() == [1.0]


def test_a_node_of_two_labels_survives_the_way_to_networkx_and_back():
    ids, labels = np.array(["nova", "nova", "ann"], dtype=object), np.array(["Brand", "Consumer", "Consumer"], object)
    rows = csr.build(3, np.array([0, 1]), np.array([1, 2]), np.array([2.0, 3.0]))
    g = exchange.to_networkx(rows, ids, labels, True)
    assert set(g) == {("Brand", "nova"), ("Consumer", "nova"), "ann"}
    again, tags, (source, target, weights) = exchange.from_networkx(g, "weight")
    assert again == ids.tolist()
    assert tags == labels.tolist()
    assert (source.tolist(), target.tolist(), weights) == ([0, 1], [1, 2], [2.0, 3.0])


def test_an_edge_without_the_attribute_weighs_1():
    g = nx.Graph()
    g.add_edge("a", "b", weight=2.0)
    g.add_edge("b", "c")
    assert exchange.from_networkx(g, "weight")[2][2] == [2.0, 1.0]
    assert exchange.from_networkx(g, None)[2][2] is None


@pytest.mark.parametrize("edges", [0, 3, 50])
def test_the_first_edges_are_those_stored_first(edges):
    rows = csr.build(51, np.zeros(edges, int), np.arange(1, edges + 1), None)
    ids = np.array([f"n{i:02}" for i in range(51)], dtype=object)
    frame = exchange.first_edges(rows, ids, True)
    assert frame["target"].tolist() == [f"n{i:02}" for i in range(1, min(edges, 20) + 1)]
    assert (frame["weight"] == 1.0).all()


@given(st.lists(st.one_of(st.text(max_size=4), st.sampled_from(["\ud800", "ä"]), st.integers(), st.none()), max_size=8))
def test_texts_are_hashed_by_their_lengths_and_bytes(texts):
    found, expected = hashlib.blake2b(), hashlib.blake2b()
    exchange.hash_texts(found, np.array(texts, dtype=object))
    encoded = [str(text).encode("utf-8", "surrogatepass") for text in texts]
    expected.update(np.array([len(text) for text in encoded], dtype="<i8").tobytes() + b"".join(encoded))
    assert found.digest() == expected.digest()
