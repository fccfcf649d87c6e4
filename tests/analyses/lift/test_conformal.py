"""The test of an effect in a window is its definition, holds its level, and its interval turns it round."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.lift_worlds import PanelWorld, quiet_panel
from influence_graph.analyses.lift.conformal import LEVEL, conformal
from influence_graph.analyses.lift.simplex import simplex_weights


def naive_p(target, donors, window, effect):
    """Return the share of turned-round series whose last days have as large a mean, by the definition."""
    days = target.size
    null = target - effect * (np.arange(days) >= days - window)
    height, heights = null.mean(), donors.mean(axis=0)
    gaps = (null - height) - (donors - heights) @ simplex_weights(null - height, donors - heights)
    turned = [abs(np.roll(gaps, turn)[-window:].mean()) for turn in range(days)]
    return np.mean([each >= turned[0] - 1e-9 * max(turned) for each in turned])


def panel(seed, **options):
    values = quiet_panel(PanelWorld(**options), np.random.default_rng(seed))
    return values[:, 0], values[:, 1:]


@pytest.mark.parametrize("effect", [0.0, -3.0, 8.0])
@pytest.mark.parametrize("window", [1, 5])
def test_p_is_the_share_of_turned_series(effect, window):
    target, donors = panel(1, donors=12, before=40, window=window)
    assert conformal(target, donors, window, demeaned=True).p_value(effect) == naive_p(target, donors, window, effect)


def test_with_one_donor_the_gaps_are_the_difference_less_its_mean():
    rng = np.random.default_rng(5)
    target, donor = rng.normal(size=30), rng.normal(size=(30, 1))
    gaps = target - donor[:, 0]
    test = conformal(target, donor, 4, demeaned=True)
    np.testing.assert_allclose(test.gaps(0.0), gaps - gaps.mean(), atol=1e-12)
    np.testing.assert_allclose(conformal(target, donor, 4, demeaned=False).gaps(0.0), gaps, atol=1e-12)
    assert test.block_means(0.0)[-1] == pytest.approx((gaps - gaps.mean())[-4:].mean())


def test_the_interval_holds_the_effects_that_the_test_does_not_reject():
    target, donors = panel(2, donors=20, before=80, window=7)
    test = conformal(target, donors, 7, demeaned=True)
    low, high = test.interval(0.0)
    fine = 0.01 * (high - low)
    for inside, outside in ((low + fine, low - fine), (high - fine, high + fine)):
        assert test.p_value(inside) > LEVEL >= test.p_value(outside)


def test_an_effect_that_is_added_moves_the_interval_by_itself():
    target, donors = panel(3, donors=20, before=80, window=7)
    plain = conformal(target, donors, 7, demeaned=True).interval(0.0)
    moved = conformal(target + 100 * (np.arange(87) >= 80), donors, 7, demeaned=True)
    np.testing.assert_allclose(moved.interval(100.0), np.add(plain, 100), atol=0.02)
    assert moved.p_value(0.0) <= 1 / 80
    assert moved.p_value(100.0) == conformal(target, donors, 7, demeaned=True).p_value(0.0)


def test_of_fewer_than_twenty_days_every_effect_is_possible():
    target, donors = panel(4, donors=3, before=16, window=3)
    assert conformal(target, donors, 3, demeaned=True).interval(0.0) == (-np.inf, np.inf)


def test_an_interval_looked_for_from_an_impossible_effect_begins_there():
    target, donors = panel(2, donors=20, before=80, window=7)
    test = conformal(target, donors, 7, demeaned=True)
    _, high = test.interval(0.0)
    assert test.interval(high + 100)[1] == high + 100


def test_without_an_event_it_seldom_says_that_there_was_one():
    rejected = []
    for seed in range(300):
        target, donors = panel(seed, rho=0.5, window=7, before=60, donors=19)
        rejected.append(conformal(target, donors, 7, demeaned=True).p_value(0.0) <= LEVEL)
    assert 0.02 <= np.mean(rejected) <= 0.09
