"""The test of kinds against a naive twin and random labels, and the two readings of an interval."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from scipy import stats

from influence_graph.analyses.fusion import hazard_model as model
from influence_graph.analyses.fusion.exposure_panel import build_panel
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion.null_logs import null_log
from tests.analyses.fusion.planted import WEIGHTS, plant_touchpoint_log


def panel_of(log, days=6, exposure="count"):
    return build_panel(read_ledger(log), "recommend", timedelta(days=days), exposure, FusionPolicy())


@pytest.mark.parametrize("values", [(3.0, 1.5), (-1.0, 0.5)])
def test_the_variance_of_a_sum_over_pairs_is_that_of_its_definition(values):
    """V from its sums equals the one with all moments written out, contact by contact."""
    rng = np.random.default_rng(int(10 * values[1]))
    group = np.repeat(np.arange(12), rng.integers(1, 7, 12))
    near = (np.diff(group) == 0) & (rng.random(group.size - 1) < 0.7)
    size = group.size
    center = np.eye(size) - (group[:, None] == group) / np.bincount(group)[group][:, None]
    leverage, amount = center @ rng.normal(size=size), center @ rng.normal(size=(size, 2))
    adjacent = np.zeros((size, size))
    adjacent[np.flatnonzero(near), np.flatnonzero(near) + 1] = 1
    adjacent += adjacent.T
    # E[sum W_ef m_e m_f'] = C0 tr(W K K') + C1 tr(W K A K'), with K the centering and A the neighbors.
    weights = (np.eye(size), adjacent)
    expected = np.array([[np.trace(w @ center @ other @ center) for other in weights] for w in weights])
    covariances = np.linalg.solve(expected, np.stack([(amount.T @ w @ amount).ravel() for w in weights]))
    wanted = sum((leverage @ w @ leverage) * c.reshape(2, 2) for w, c in zip(weights, covariances, strict=True))
    np.testing.assert_allclose(model._variance(leverage, amount, group, near), wanted, rtol=1e-8)


def test_the_p_value_is_that_of_random_labels():
    """Of labels dealt out anew within consumers, as many give a larger statistic as the p-value says."""
    panel = panel_of(null_log("sessions", 3, bonds=600))
    kinds = model.tested_kinds(panel)
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        order = np.lexsort((rng.random(len(panel.amount)), panel.contact_group))
        place = np.argsort(panel.contact_group, kind="stable")
        shuffled = panel.amount.copy()
        shuffled[place] = panel.amount[order]
        found.append(model.joint_test(replace(panel, amount=shuffled), kinds).p_value)
    assert stats.kstest(found, "uniform").pvalue > 1e-3


def test_of_planted_effects_the_estimates_are_unbiased_and_the_intervals_hold_both_readings():
    panel = panel_of(plant_touchpoint_log(WEIGHTS, 0))
    estimate = model.fit(panel, model.tested_kinds(panel))
    columns = model.weight_columns(estimate, panel, 0.05)
    assert (columns["low"] < estimate.weights - 1.9 * columns["std_error"]).all()
    assert (columns["high"] > estimate.weights + 1.9 * columns["std_error"]).all()
    assert columns["low"][0] > 0  # engagement, the strongest
    others = model._others(estimate.kinds, panel) @ estimate.weights
    number = panel.contacts.sum(axis=0)
    assert others[0] == pytest.approx(np.average(estimate.weights[1:], weights=number[1:]))


def test_a_kind_is_tested_by_how_often_it_came_not_by_what_came_after_it():
    panel = panel_of(null_log("equal rates", 0), days=1)
    of_set = np.repeat(np.arange(panel.start.size), panel.sizes)
    another_case = replace(panel, exposure=panel.exposure[np.lexsort((-np.arange(of_set.size), of_set))])
    assert 0 < len(model.tested_kinds(panel)) < 6
    assert model.tested_kinds(another_case) == model.tested_kinds(panel)
