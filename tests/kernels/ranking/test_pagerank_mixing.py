import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.ranking.pagerank_mixing import Mixing
from tests.kernels.naive import quick

PLAIN = (1.0, 0.0, 0.0)


def sums_of(f, before, earliest):
    """Return what the mixing reads of three steps: g·f, h·f, g·g, g·h, h·h."""
    g, h = f - before, f - earliest
    return g @ f, h @ f, g @ g, g @ h, h @ h


@given(st.integers(0, 10**6))
@quick
def test_the_mixture_has_the_smallest_step(seed):
    steps = np.random.default_rng(seed).normal(size=(3, 8))
    mixing = Mixing()
    mixing.shares(3.0, sums_of(*steps))
    one_before = mixing.shares(2.0, sums_of(*steps))
    both_before = mixing.shares(1.0, sums_of(*steps))
    f, before, earliest = steps
    for shares, differences in ((one_before, [f - before]), (both_before, [f - before, f - earliest])):
        best = np.linalg.lstsq(np.array(differences).T, f, rcond=None)[0]
        assert shares == pytest.approx([1 - best.sum(), *best, *[0.0] * (2 - best.size)], abs=1e-9)
        assert sum(shares) == pytest.approx(1.0)


def test_the_first_sweep_is_not_mixed():
    assert Mixing().shares(1.0, (1, 1, 1, 0, 1)) == PLAIN


def test_parallel_steps_are_mixed_by_one_of_them():
    mixing = Mixing()
    sums = sums_of(np.array([1.0]), np.array([2.0]), np.array([4.0]))
    for size in (4.0, 2.0):
        mixing.shares(size, sums)
    assert mixing.shares(1.0, sums) == (2.0, -1.0, 0.0)  # 2·1 - 1·2 = 0


def test_equal_steps_are_not_mixed():
    mixing = Mixing()
    mixing.shares(2.0, (0.0,) * 5)
    assert mixing.shares(1.0, (0.0,) * 5) == PLAIN


def test_a_mixture_that_increases_the_step_is_rejected_for_twice_as_many_sweeps_each_time():
    mixing, sums = Mixing(), (1.0, 1.0, 4.0, 0.0, 4.0)
    assert mixing.shares(1.0, sums) == PLAIN
    assert mixing.shares(1.0, sums) == (0.75, 0.25, 0.0)
    for expected in (1, 2, 4, 8):
        assert mixing.shares(2.0, sums) == (0.0, 1.0, 0.0)  # back to the sweep before
        plain = 0
        while mixing.shares(1.0, sums) == PLAIN:
            plain += 1
        assert plain == expected
