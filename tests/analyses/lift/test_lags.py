"""When an effect began, against windows looked at one by one."""

from __future__ import annotations

import numpy as np
import pytest

from influence_graph.analyses.lift.lags import onset_of
from influence_graph.analyses.lift.predictive import fit
from tests.analyses.lift import naive


def days_ahead(seed: int, days: int, rho: float = 0.4, before: int = 60):
    rng = np.random.default_rng(seed)
    values = naive.lasting(rng, before + days, rho)
    ahead = fit(values[:before], np.ones((before, 1))).ahead(np.ones((days, 1)))
    return ahead, values[before:], ahead.draws(1000, rng)


@pytest.mark.parametrize("seed", range(3))
def test_chances_are_those_of_windows_fitted_one_by_one(seed):
    ahead, actual, courses = days_ahead(seed, 5)
    actual = actual + np.array([0, 0, 2, 2, 0])
    onset = onset_of(ahead, actual, courses)
    expected = naive.chances_of_lags(ahead, actual)
    assert onset.chances == pytest.approx(expected, rel=1e-8)
    assert onset.likeliest == np.argmax(expected)
    inside = expected[list(onset.lags)]
    assert inside.sum() >= 0.95
    assert inside.sum() - inside.min() < 0.95


def test_p_of_the_scan_counts_courses_whose_largest_window_is_as_large():
    ahead, actual, courses = days_ahead(7, 4)
    mean = ahead.weight @ ahead.location
    spread = np.einsum("g,ghk->hk", ahead.weight, ahead.covariance)
    spread += np.einsum("g,gh,gk->hk", ahead.weight, ahead.location - mean, ahead.location - mean)
    inverse = np.linalg.inv(spread)

    def largest(course):
        found = []
        for first in range(4):
            for last in range(first, 4):
                inside = np.zeros(4)
                inside[first : last + 1] = 1
                found.append(abs(inside @ inverse @ (course - mean)) / np.sqrt(inside @ inverse @ inside))
        return max(found)

    seen = largest(actual)
    count = sum(largest(course) >= seen for course in courses)
    assert onset_of(ahead, actual, courses).p == pytest.approx((1 + count) / 1001)


def test_an_effect_of_four_standard_deviations_a_day_is_dated_to_the_day_or_its_neighbor():
    near, inside = 0, 0
    for seed in range(25):
        ahead, actual, courses = days_ahead(100 + seed, 14, rho=0.5, before=90)
        lag = seed % 8
        actual = actual + 4.0 * ((np.arange(14) >= lag) & (np.arange(14) < lag + 5))
        onset = onset_of(ahead, actual, courses)
        near += abs(onset.likeliest - lag) <= 1
        inside += lag in onset.lags
        assert onset.clear
    assert near >= 23
    assert inside >= 23


def test_without_an_effect_there_is_seldom_anything_to_date():
    clear = sum(onset_of(*days_ahead(200 + seed, 14)).clear for seed in range(60))
    assert clear <= 8  # of 60 at a level of 0.05, by chance more in 1 of 200


def test_one_declared_day_has_one_lag():
    ahead, actual, courses = days_ahead(1, 1)
    onset = onset_of(ahead, actual + 50, courses)
    assert onset.lags == (0,)
    assert onset.chances.tolist() == [1.0]
    assert onset.clear
    assert not onset_of(ahead, ahead.each_day.mean, courses).clear


def test_many_days_are_looked_at_in_parts_with_the_same_answer(monkeypatch):
    ahead, actual, courses = days_ahead(3, 9)
    whole = onset_of(ahead, actual, courses)
    monkeypatch.setattr("influence_graph.analyses.lift.lags._CHUNK", 100)
    assert onset_of(ahead, actual, courses).p == whole.p
