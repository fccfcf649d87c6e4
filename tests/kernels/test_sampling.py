import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.sampling import alias_table, permutation, permuted
from tests.kernels import naive
from tests.kernels.naive import quick, seeds


def probabilities(keep, other):
    """Return how often each place is drawn: kept when drawn itself, or taken as the other of a place not kept."""
    found = keep.copy()
    for i in range(keep.size):
        found[other[i]] += 1.0 - keep[i]
    return found / keep.size


@given(st.lists(st.one_of(st.floats(1e-9, 1e9), st.just(0.0), st.just(1.0)), min_size=1, max_size=40))
@quick
def test_the_alias_table_draws_each_place_in_proportion_to_its_weight(weights):
    weights = np.array(weights)
    if weights.sum() == 0:
        weights[:] = 1.0
    shares = weights * (weights.size / weights.sum())
    keep, other = alias_table(shares)
    assert keep.min() >= -1e-12
    assert keep.max() <= 1.0 + 1e-12
    assert set(other.tolist()) <= set(range(weights.size))
    assert probabilities(keep, other) == pytest.approx(shares / weights.size, abs=1e-13)


def test_known_alias_tables():
    keep, other = alias_table(np.array([0.5, 1.5]))
    assert (keep.tolist(), other.tolist()) == ([0.5, 1.0], [1, 1])
    assert alias_table(np.ones(3))[0].tolist() == [1.0, 1.0, 1.0]
    assert [part.size for part in alias_table(np.empty(0))] == [0, 0]


def naive_permuted(seed, size, index):
    """Return the place at *index* by the definition, in plain integers."""
    bits = max(1, (size - 1).bit_length())
    keys = [naive.mix64((seed + k * naive.GOLDEN_GAMMA) % naive.WORD) | 1 for k in range(1, 9)]
    place = index % size
    while True:
        for k in range(0, 8, 2):
            place = (place * keys[k] + keys[k + 1]) % 2**bits
            place ^= place >> ((bits + 1) // 2)
        if place < size:
            return place


@given(seeds, st.integers(1, 200))
@quick
def test_each_place_is_drawn_once_per_round(seed, size):
    order = permutation(np.uint64(seed), size)
    places = [int(permuted(order, i)) for i in range(2 * size)]
    assert sorted(places[:size]) == list(range(size))
    assert places[size:] == places[:size]
    assert places[:20] == [naive_permuted(seed, size, i) for i in range(min(20, 2 * size))]


@pytest.mark.parametrize("index", [0, 5, 9])
def test_over_seeds_every_place_is_as_likely_at_every_index(index):
    count = np.bincount([int(permuted(permutation(np.uint64(seed), 10), index)) for seed in range(2000)], minlength=10)
    assert ((count - 200) ** 2 / 200).sum() < 33.7  # χ² of 9 degrees exceeds it once in 10⁴


def test_orders_differ_by_seed():
    orders = {tuple(int(permuted(permutation(np.uint64(s), 11), i)) for i in range(11)) for s in range(40)}
    assert len(orders) == 40
    assert len({order[0] for order in orders}) >= 9
