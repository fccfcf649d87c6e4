import numpy as np
import pytest
from hypothesis import given

from influence_graph.kernels.streams import GOLDEN_GAMMA, mix64, stream, uniform, wraparound_njit
from tests.kernels import naive
from tests.kernels.naive import quick, seeds


def drawn(seed, index, count):
    """Return the first *count* numbers of a stream."""
    state, step = (int(x) for x in stream(np.uint64(seed), index))
    return [float(uniform(np.uint64((state + (i + 1) * step) % 2**64))) for i in range(count)]


def test_hashes_are_the_published_numbers_of_splitmix64():
    states = [(1234567 + k * int(GOLDEN_GAMMA)) % 2**64 for k in range(1, 6)]
    assert [int(mix64(np.uint64(state))) for state in states] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


@given(seeds)
@quick
def test_the_hash_is_that_of_plain_integers(z):
    assert int(mix64(np.uint64(z))) == naive.mix64(z)
    assert float(uniform(np.uint64(z))) == naive.unit(z)


@given(seeds, seeds)
@quick
def test_a_stream_is_a_function_of_seed_and_index(seed, index):
    state, step = stream(np.uint64(seed), np.uint64(index))
    expected = naive.Stream(seed, index)
    assert (int(state), int(step)) == (expected.state, expected.step)
    assert int(step) % 2 == 1  # so that the stream has the full period of 2^64
    numbers = drawn(seed, np.uint64(index), 5)
    assert numbers == [expected.uniform() for _ in range(5)]
    assert all(0.0 <= u < 1.0 and (u * 2**53).is_integer() for u in numbers)


@pytest.mark.parametrize("numbers", [lambda i: drawn(7, i, 1)[0], lambda i: drawn(i, 7, 1)[0]], ids=["index", "seed"])
def test_streams_of_neighboring_indices_and_seeds_are_independent(numbers):
    pairs = np.array([numbers(i) for i in range(5120)]).reshape(2560, 2)
    counts = np.histogram2d(*pairs.T, bins=16, range=[[0, 1], [0, 1]])[0]
    assert ((counts - 10) ** 2 / 10).sum() < 347.7  # χ² of 255 degrees exceeds it once in 10⁴


def test_streams_are_uniform_and_unrelated():
    values = np.array([drawn(2**64 - 3, index, 10) for index in range(300)])
    assert values.mean() == pytest.approx(0.5, abs=4 * np.sqrt(1 / 12 / values.size))
    assert np.abs(np.corrcoef(values.T) - np.eye(10)).max() < 4.5 / np.sqrt(300)
    assert abs(np.corrcoef(values[:-1].ravel(), values[1:].ravel())[0, 1]) < 4 / np.sqrt(values.size)


@wraparound_njit
def added(a, b):
    return a + b


def test_unsigned_sums_wrap_around_without_a_warning():
    assert int(added(np.uint64(2**64 - 1), np.uint64(2))) == 1
