import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.diffusion import bit_parallel
from tests.kernels.naive import Stream, mix64, quick, seeds


@given(seeds, st.floats(2.0**-64, 1.0), seeds)
@quick
def test_a_lane_succeeds_where_its_64_random_bits_are_within_the_threshold(seed, probability, need):
    threshold = bit_parallel._thresholds(np.array([probability]))
    twin = Stream(seed, 0)
    words = [twin.word() for _ in range(64)]
    expected = 0
    for lane in range(64):
        number = sum((word >> lane & 1) << (63 - i) for i, word in enumerate(words))
        expected |= (number <= int(threshold[0])) << lane
    state, step = np.uint64(Stream(seed, 0).state), np.uint64(twin.step)
    success, _ = bit_parallel._bernoulli(np.uint64(need), threshold[0], state, step)
    assert int(success) == expected & need


def test_thresholds_are_the_probabilities_in_64_bits():
    found = bit_parallel._thresholds(np.array([1.0, 0.5, 2.0**-64, 1e-30]))
    assert found.tolist() == [2**64 - 1, 2**63 - 1, 0, 0]


@given(seeds)
@quick
def test_gaps_are_exponential_numbers(state):
    expected = -math.log(((mix64(state) >> 11) + 1) / 2**53)
    assert bit_parallel._exponential(np.uint64(state)) == pytest.approx(expected, rel=1e-15)


@given(seeds)
@quick
def test_set_bits_are_counted_added_up_and_selected_as_in_binary_digits(mask):
    places = [i for i in range(64) if mask >> i & 1]
    values = np.zeros(64)
    assert bit_parallel._popcount(np.uint64(mask)) == len(places)
    assert bit_parallel._add_to_lanes(np.uint64(mask), 2.0, values) == len(places)
    assert np.flatnonzero(values == 2.0).tolist() == places
    assert [int(bit_parallel._nth_bit(np.uint64(mask), n)) for n in range(len(places) + 2)] == [
        *(1 << place for place in places), 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize("mask", [0, 1, 2**63, 2**64 - 1])
def test_masks_of_no_and_of_all_bits_are_counted(mask):
    assert bit_parallel._popcount(np.uint64(mask)) == bin(mask).count("1")


def test_edges_of_probability_0_are_left_out():
    indptr, (indices, _, rate) = bit_parallel.prepare(
        np.array([0, 2, 2, 4]), np.array([1, 2, 0, 1]), np.array([0.0, 0.5, 1.0, 0.0])
    )
    assert indptr.tolist() == [0, 1, 1, 2]
    assert indices.tolist() == [2, 0]
    assert rate.tolist() == [pytest.approx(math.log(2)), math.inf]
