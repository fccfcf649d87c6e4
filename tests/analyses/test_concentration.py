"""How unevenly a sum is spread: closed forms, and properties of any sum."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.concentration import gini, lorenz, top_share

amounts = st.lists(st.integers(0, 1000), min_size=1, max_size=40).map(lambda found: np.sort(found)[::-1].astype(float))
shares = st.floats(0, 1)


def ones(value):
    return np.ones(value.size)


@given(amounts)
def test_gini_is_half_the_mean_difference_over_the_mean(value):
    differences = np.abs(value[:, None] - value[None, :]).mean()
    expected = differences / (2 * value.mean()) if value.any() else 0.0
    assert gini(ones(value), value) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("people", [1, 2, 10, 1000])
def test_gini_of_equals_is_0_and_of_one_who_has_all_is_close_to_1(people):
    assert gini(np.ones(people), np.ones(people)) == pytest.approx(0.0, abs=1e-12)
    one_has_all = np.zeros(people)
    one_has_all[0] = 7.0
    assert gini(np.ones(people), one_has_all) == pytest.approx(1 - 1 / people)


@given(amounts, st.integers(2, 5), shares)
def test_each_value_several_times_is_the_same_as_a_count(value, times, share):
    count, repeated = np.full(value.size, float(times)), np.repeat(value, times)
    assert gini(count, value) == pytest.approx(gini(ones(repeated), repeated), abs=1e-12)
    assert top_share(count, value, share) == pytest.approx(top_share(ones(repeated), repeated, share), abs=1e-9)


@given(amounts, shares, shares)
def test_the_share_of_the_top_grows_with_it_and_is_at_least_its_part(value, one, other):
    low, high = sorted((one, other))
    found = [top_share(ones(value), value, share) for share in (0.0, low, high, 1.0)]
    assert found[0] == 0.0
    assert found == sorted(found)
    if value.any():
        assert found[-1] == pytest.approx(1.0)
        assert found[1] >= low - 1e-9


@given(amounts)
def test_the_lorenz_curve_runs_below_the_diagonal_and_its_area_gives_gini(value):
    if not value.any():
        return
    curve = lorenz(value)
    x, y = curve["consumers"].to_numpy(), curve["bond"].to_numpy()
    assert (x[0], y[0], x[-1], y[-1]) == (0.0, 0.0, 1.0, 1.0)
    assert (y <= x + 1e-12).all()
    assert (np.diff(y) >= 0).all()
    area = float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum())  # with at most 40 values the curve has all its points
    assert 1 - 2 * area == pytest.approx(gini(ones(value), value), abs=1e-9)


def test_the_curve_of_many_has_at_most_101_points_and_of_none_no_row():
    assert len(lorenz(np.arange(5000.0)[::-1])) == 101
    assert lorenz(np.array([])).columns.tolist() == ["consumers", "bond"]
    assert lorenz(np.array([])).empty
