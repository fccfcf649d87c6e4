"""Synthetic controls, their placebos and the errors of single days are their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.lift_worlds import PanelWorld, quiet_panel
from influence_graph.analyses.lift.simplex import simplex_weights
from influence_graph.analyses.lift.synthetic import control, day_error, placebos

VALUES = quiet_panel(PanelWorld(donors=8, before=40, window=5), np.random.default_rng(7))
TARGET, DONORS = VALUES[:, 0], VALUES[:, 1:]


def naive_gap(target, donors, before):
    height, heights = target[:before].mean(), donors[:before].mean(axis=0)
    weights = simplex_weights(target[:before] - height, donors[:before] - heights)
    return target - height - (donors - heights) @ weights


def test_a_demeaned_control_is_as_high_as_the_target_before_the_event():
    made = control(TARGET, DONORS, 40, demeaned=True)
    gap = TARGET - made.counterfactual
    assert gap[:40].mean() == pytest.approx(0, abs=1e-10)
    np.testing.assert_allclose(gap, naive_gap(TARGET, DONORS, 40))
    plain = control(TARGET, DONORS, 40, demeaned=False)
    np.testing.assert_allclose(plain.counterfactual, DONORS @ plain.weights)


def test_days_of_the_window_do_not_move_the_control():
    changed = np.where(np.arange(45) >= 40, 1e6, TARGET)
    np.testing.assert_array_equal(
        control(changed, DONORS, 40, demeaned=True).weights, control(TARGET, DONORS, 40, demeaned=True).weights
    )


def test_each_donor_has_a_control_of_the_other_donors():
    made = placebos(TARGET, DONORS, 40, demeaned=True)
    np.testing.assert_allclose(made.gaps[:, 0], naive_gap(TARGET, DONORS, 40), atol=1e-9)
    for unit in range(DONORS.shape[1]):
        gap = naive_gap(DONORS[:, unit], np.delete(DONORS, unit, axis=1), 40)
        np.testing.assert_allclose(made.gaps[:, 1 + unit], gap, atol=1e-9)
        ratio = np.sqrt(np.mean(gap[40:] ** 2) / np.mean(gap[:40] ** 2))
        assert made.ratio[1 + unit] == pytest.approx(ratio)
    assert made.rank == 1 + int(np.sum(made.ratio[1:] >= made.ratio[0]))


def test_a_target_with_an_effect_is_first_and_one_that_fits_exactly_is_further_off_than_any():
    met = TARGET + 1000.0 * (np.arange(45) >= 40)
    assert placebos(met, DONORS, 40, demeaned=True).rank == 1
    copied = DONORS[:, 0] + np.where(np.arange(45) >= 40, 1.0, 0.0)
    assert placebos(copied, DONORS, 40, demeaned=True).ratio[0] == np.inf


def test_a_day_is_as_far_off_as_it_may_be_in_five_of_a_hundred_cases():
    misses = []
    for seed in range(200):
        values = quiet_panel(PanelWorld(donors=19, before=90, window=14, rho=0.5), np.random.default_rng(seed))
        target, donors = values[:, 0], values[:, 1:]
        gap = target - control(target, donors, 90, demeaned=True).counterfactual
        misses.append(np.mean(np.abs(gap[90:]) > day_error(target, donors, 90, demeaned=True)))
    assert 0.03 <= np.mean(misses) <= 0.08


def test_of_too_few_days_the_error_of_a_day_is_not_known():
    assert np.isnan(day_error(TARGET, DONORS, 18, demeaned=True))
    assert day_error(TARGET, DONORS, 19, demeaned=True) > 0
