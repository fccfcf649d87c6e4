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


def test_the_statistic_is_that_of_its_definition():
    """U'V⁻U with regressions on indicator columns and sums contact by contact."""
    panel = panel_of(null_log("campaign weeks", 4, bonds=120), exposure="points")
    kinds = model.tested_kinds(panel)
    groups = [panel.contact_group, *panel.pattern.T]
    columns = np.hstack([(codes[:, None] == np.unique(codes)).astype(float) for codes in groups])
    leverage = model._leverage(panel)
    amount, lever = (
        v - columns @ np.linalg.lstsq(columns, v, rcond=None)[0] for v in (panel.amount[:, kinds], leverage)
    )
    number = {g: (panel.contact_group == g).sum() for g in np.unique(panel.contact_group)}
    share = np.array([1 / number[g] for g in panel.contact_group])
    variance = np.zeros((len(kinds), len(kinds)))
    for position in np.unique(panel.pattern[:, 0]):
        at = panel.pattern[:, 0] == position
        if (share[at] < 1).any():
            moment = sum(np.outer(m, m) for m in amount[at]) / (1 - share[at]).sum()
            variance += moment * (lever[at] ** 2).sum()
    bond, group = panel.contact_bond, panel.contact_group
    pairs = [e for e in range(len(lever) - 1) if (bond[e], group[e]) == (bond[e + 1], group[e + 1])]
    moment = np.mean([np.outer(amount[e], amount[e + 1]) for e in pairs], axis=0)
    moment = (moment + moment.T) / 2 + amount.T @ amount / (1 - share).sum() * np.mean([share[e] for e in pairs])
    variance += 2 * moment * sum(lever[e] * lever[e + 1] for e in pairs)
    total = leverage @ amount
    wanted = total @ np.linalg.pinv(variance, 1e-6, hermitian=True) @ total
    assert model.joint_test(panel, kinds).statistic == pytest.approx(wanted, rel=1e-6)


def test_the_p_value_is_that_of_random_labels():
    """Of labels dealt out anew within consumers, as many give a larger statistic as the p-value says."""
    panel = panel_of(null_log("sessions", 3, bonds=600))
    kinds = model.tested_kinds(panel)
    rng = np.random.default_rng(0)
    found = []
    for _ in range(150):
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
