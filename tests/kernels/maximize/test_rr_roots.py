import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.maximize.rr_roots import draw_roots, roots_of
from influence_graph.kernels.sampling import permutation, permuted
from tests.kernels import naive
from tests.kernels.naive import quick, seeds


def roots(weights, n, seed, which):
    return draw_roots(*roots_of(weights), n, np.uint64(seed), np.asarray(which, np.int64)).tolist()


@given(seeds, st.integers(1, 30), st.lists(st.integers(0, 10**12), max_size=10))
@quick
def test_equal_roots_follow_the_permutation_of_their_seed(seed, n, which):
    order = permutation(np.uint64(seed), n)
    assert roots(None, n, seed, which) == [int(permuted(order, i)) for i in which]
    assert roots(np.full(n, 0.3), n, seed, which) == roots(None, n, seed, which)


@given(seeds, st.lists(st.integers(0, 5), min_size=1, max_size=12).filter(any), st.lists(st.integers(0, 10**12)))
@quick
def test_a_root_by_weight_is_that_of_the_alias_table_at_the_first_number_of_its_stream(seed, weights, which):
    table = roots_of(np.array(weights, float))
    found = roots(np.array(weights, float), len(weights), seed, which)
    assert all(weights[v] > 0 for v in found)
    if table.keep.size == 0:
        return
    for index, v in zip(which, found, strict=True):
        place, rest = divmod(naive.unit(naive.Stream(seed, index).state) * table.nodes.size, 1.0)
        kept = rest < table.keep[int(place)]
        assert v == table.nodes[int(place)] if kept else v == table.nodes[table.other[int(place)]]


def test_each_node_is_a_root_once_before_any_is_again():
    everywhere = np.array(roots(None, 7, 12, range(21))).reshape(3, 7)
    assert (np.sort(everywhere, axis=1) == np.arange(7)).all()
    assert sorted(roots(np.array([0, 2.0, 0, 2, 0, 0, 2]), 7, 12, range(6))) == [1, 1, 3, 3, 6, 6]


def test_unequal_roots_come_in_proportion_to_their_weight():
    weights, count = np.array([0.0, 1e300, 2e300, 3e300, 0.0]), 12_000
    found = np.bincount(roots(weights, 5, 2, range(count)), minlength=5) / count
    assert found[[0, 4]].tolist() == [0, 0]
    assert found[1:4] == pytest.approx([1 / 6, 1 / 3, 1 / 2], abs=4 * np.sqrt(0.25 / count))


def test_the_table_of_unequal_weights_gives_them_back():
    weights = np.array([0.5, 3.0, 0.0, 1.25, 7.0, 1e-12])
    table = roots_of(weights)
    share = np.zeros(6)
    np.add.at(share, table.nodes, table.keep / table.nodes.size)
    np.add.at(share, table.nodes[table.other], (1 - table.keep) / table.nodes.size)
    assert share == pytest.approx(weights / weights.sum(), abs=1e-15)
