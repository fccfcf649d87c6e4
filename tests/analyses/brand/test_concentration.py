"""Shares, Gini and Lorenz: known answers and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.brand.concentration import gini, lorenz, top_share
from influence_graph.analyses.intervals import dot
from tests.analyses.fusion.events import quick

amounts = st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=40).map(
    lambda values: np.sort(np.array(values))[::-1].copy()
)
counted = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 50)), min_size=1, max_size=15).filter(
    lambda pairs: sum(count for count, _ in pairs) > 0
)


def ones(values):
    return np.ones(values.size)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 1, 1, 1], 0.0), ([1, 0], 0.5), ([1, 0, 0, 0], 0.75), ([3, 1], 0.25), ([4, 3, 2, 1], 0.25), ([7], 0.0)],
)
def test_gini_of_small_lists_is_known(values, expected):
    assert gini(np.ones(len(values)), np.array(values, float)) == pytest.approx(expected)


@quick
@given(amounts)
def test_gini_is_the_mean_difference_and_lies_between_0_and_1(values):
    result = gini(ones(values), values)
    assert -1e-12 <= result < 1
    if values.sum() > 0:
        differences = np.abs(values[:, None] - values).sum()
        assert result == pytest.approx(differences / (2 * values.size * values.sum()), abs=1e-9)


@quick
@given(amounts, st.floats(0.001, 1000))
def test_a_change_of_scale_changes_nothing(values, scale):
    assert gini(ones(values), values * scale) == pytest.approx(gini(ones(values), values), abs=1e-9)
    assert top_share(ones(values), values * scale, 0.3) == pytest.approx(top_share(ones(values), values, 0.3), abs=1e-9)


@quick
@given(counted)
def test_counts_stand_for_repeated_values(pairs):
    pairs = sorted(pairs, key=lambda pair: -pair[1])
    count, value = (np.array(column, float) for column in zip(*pairs, strict=True))
    repeated = np.repeat(value, count.astype(int))
    assert gini(count, value) == pytest.approx(gini(ones(repeated), repeated), abs=1e-9)
    for share in (0.0, 0.1, 0.5, 0.99, 1.0):
        assert top_share(count, value, share) == pytest.approx(top_share(ones(repeated), repeated, share), abs=1e-9)


@quick
@given(amounts)
def test_the_share_of_the_top_grows_with_it_and_is_never_below_its_number(values):
    shares = [top_share(ones(values), values, part) for part in np.linspace(0, 1, 11)]
    assert (np.diff(shares) >= -1e-9).all()
    if values.sum() > 0:
        assert shares[0] == 0.0
        assert shares[-1] == pytest.approx(1.0)
        assert (np.array(shares) >= np.linspace(0, 1, 11) - 1e-9).all()


@quick
@given(amounts.filter(lambda values: values.sum() > 0))
def test_gini_is_one_less_twice_the_area_below_the_lorenz_curve(values):
    curve = lorenz(values)
    bond, width = curve["bond"].to_numpy(), np.diff(curve["consumers"])
    area = float((width * (bond[1:] + bond[:-1]) / 2).sum())
    assert gini(ones(values), values) == pytest.approx(1 - 2 * area, abs=1e-9)
    assert curve.iloc[0].tolist() == [0.0, 0.0]
    assert curve.iloc[-1].tolist() == pytest.approx([1.0, 1.0])


def test_a_long_lorenz_curve_has_101_points():
    curve = lorenz(np.sort(np.random.default_rng(0).pareto(1.5, 5000))[::-1])
    assert len(curve) == 101
    assert (np.diff(curve["bond"]) >= 0).all()


@quick
@given(amounts)
def test_the_sum_of_products_is_that_of_numpy(values):
    assert dot(values, values) == pytest.approx(float((values * values).sum()))


def test_nothing_to_share_is_shared_evenly():
    assert gini(np.ones(3), np.zeros(3)) == top_share(np.ones(3), np.zeros(3), 0.1) == 0.0
    assert lorenz(np.empty(0)).empty


def test_the_lorenz_curve_starts_with_the_weakest():
    curve = lorenz(np.array([6.0, 3.0, 1.0]))
    assert curve["consumers"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert curve["bond"].tolist() == pytest.approx([0, 0.1, 0.4, 1])


@pytest.mark.parametrize("values", [[1.0], [3.0, 1.0], [8.0, 4.0, 2.0, 1.0, 0.0]])
def test_gini_and_top_share_equal_the_naive_ones(values):
    v, ones = np.array(values), np.ones(len(values))
    naive = sum(abs(a - b) for a in values for b in values) / (2 * len(values) ** 2 * v.mean())
    assert gini(ones, v) == pytest.approx(naive)
    assert top_share(ones, v, 1 / len(values)) == pytest.approx(v[0] / v.sum())
    assert top_share(ones, v, 1.0) == pytest.approx(1.0)


def test_counts_stand_for_values_spelled_out():
    count, value = np.array([2.0, 0.0, 3.0]), np.array([5.0, 4.0, 1.0])
    spelt = np.array([5.0, 5.0, 1.0, 1.0, 1.0])
    assert gini(count, value) == pytest.approx(gini(np.ones(5), spelt))
    for share in (0.1, 0.4, 0.5, 0.9):
        assert top_share(count, value, share) == pytest.approx(top_share(np.ones(5), spelt, share))
