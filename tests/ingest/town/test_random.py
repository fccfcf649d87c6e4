"""Random choices of the town against their definitions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.town.random import ranges, stream, weighted, zipf_weights


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 6)), max_size=10))
def test_ranges_are_the_ranges_one_after_the_other(pairs: list[tuple[int, int]]) -> None:
    starts, counts = np.array([pair[0] for pair in pairs], int), np.array([pair[1] for pair in pairs], int)
    expected = [start + step for start, count in pairs for step in range(count)]
    assert ranges(starts, counts).tolist() == expected


def test_zipf_weights_are_proportional_to_a_power_of_the_rank() -> None:
    np.testing.assert_allclose(zipf_weights(4), np.array([12, 6, 4, 3]) / 25, rtol=1e-14)
    np.testing.assert_allclose(zipf_weights(3, 0.0), 1 / 3, rtol=1e-14)


@given(st.integers(0, 2**32 - 1), st.text(max_size=8))
def test_a_stream_depends_on_seed_and_purpose_alone(seed: int, purpose: str) -> None:
    first = stream(seed, purpose).random(4)
    assert (stream(seed, purpose).random(4) == first).all()
    assert (stream(seed, purpose + "!").random(4) != first).any()


def test_weighted_draws_have_the_frequencies_of_their_weights() -> None:
    weights, size = np.array([0.5, 0.0, 0.3, 0.2]), 40_000
    drawn = np.bincount(weighted(np.random.default_rng(1), weights, size), minlength=4)
    error = np.sqrt(size * weights * (1 - weights))
    assert drawn[1] == 0
    assert (np.abs(drawn - size * weights) <= 4 * error).all()
