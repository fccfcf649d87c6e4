"""The hazard model where its answer is known in closed form."""

import math

import numpy as np
import pytest
from scipy import stats

from influence_graph.analyses.fusion import hazard_model as model
from influence_graph.analyses.fusion.exposure_panel import Panel
from influence_graph.model.records import TOUCHPOINTS


def panel(exposure, outcome, period=None, activity=None):
    """Return a panel of one row per consumer; *exposure* is that to the first touchpoint."""
    rows = len(outcome)
    exposures = np.zeros((rows, len(TOUCHPOINTS)))
    exposures[:, 0] = exposure
    periods = np.ones(rows, np.int64) if period is None else np.asarray(period)
    activities = np.zeros(rows) if activity is None else np.asarray(activity)
    return Panel(exposures, np.asarray(outcome, np.bool_), periods, np.arange(rows), activities, rows)


def two_by_two(a, b, c, d):
    """Return a panel: *a* exposed with and *b* without the outcome, *c* not exposed with and *d* without."""
    return panel(np.repeat([1, 1, 0, 0], [a, b, c, d]), np.repeat([1, 0, 1, 0], [a, b, c, d]))


TABLES = [(40, 60, 20, 80), (30, 30, 30, 60), (15, 85, 25, 75)]


@pytest.mark.parametrize(("a", "b", "c", "d"), TABLES)
def test_one_yes_or_no_exposure_has_the_log_odds_ratio_as_its_weight(a, b, c, d):
    data = two_by_two(a, b, c, d)
    estimate = model.fit(data, model.design_of(data))
    assert estimate.weights.tolist() == pytest.approx([math.log(a * d / (b * c))], rel=1e-6)
    # With one row per cluster the sandwich is Woolf's variance, times n/(n - 1) for few clusters.
    woolf, rows = 1 / a + 1 / b + 1 / c + 1 / d, a + b + c + d
    assert estimate.covariance[0, 0] == pytest.approx(woolf * rows / (rows - 1), rel=0.02)


@pytest.mark.parametrize(("a", "b", "c", "d"), TABLES)
def test_the_joint_test_of_one_weight_is_its_t_test(a, b, c, d):
    data = two_by_two(a, b, c, d)
    estimate = model.fit(data, model.design_of(data))
    joint = model.joint_test(estimate, a + b + c + d)
    columns = model.weight_columns(estimate, a + b + c + d, 0.05)
    assert joint.statistic == pytest.approx(columns["t"][0] ** 2)
    assert joint.p_value == pytest.approx(columns["p_value"][0])
    assert joint.degrees == (1, a + b + c + d - 1)


def test_the_interval_is_that_of_students_t():
    estimate = model.FittedWeights(np.array([2.0, -1.0]), np.diag([0.25, 4.0]))
    columns = model.weight_columns(estimate, 11, 0.05)
    half_width = stats.t.ppf(0.975, 10) * np.array([0.5, 2.0])
    assert columns["low"].tolist() == pytest.approx((estimate.weights - half_width).tolist())
    assert columns["high"].tolist() == pytest.approx((estimate.weights + half_width).tolist())
    assert model.joint_test(estimate, 11).statistic == pytest.approx((2.0**2 / 0.25 + 1.0 / 4.0) / 2)


def test_periods_are_levels_by_doubling_and_those_with_few_outcomes_are_merged():
    rows = 400
    outcome = np.arange(rows) % 2
    period = np.repeat([1, 2, 3, 4, 7, 9], [100, 60, 60, 80, 80, 20])  # the last has 10 outcomes: too few
    matrix = model.design_of(panel(np.arange(rows) % 4 // 2, outcome, period)).matrix
    assert matrix.shape == (rows, 4)
    assert matrix[:, :3].sum(axis=0).tolist() == [100, 120, 180]
    assert (matrix[:, :3].sum(axis=1) == 1).all()


def test_activity_is_a_centered_column_where_it_differs():
    rows = 200
    exposure, outcome = np.arange(rows) % 4 // 2, np.arange(rows) % 2
    assert model.design_of(panel(exposure, outcome)).matrix.shape[1] == 2
    matrix = model.design_of(panel(exposure, outcome, activity=np.linspace(0, 1, rows))).matrix
    assert matrix.shape[1] == 3
    assert matrix[:, 1].mean() == pytest.approx(0.0, abs=1e-12)


def test_a_touchpoint_with_few_outcomes_after_it_is_not_in_the_model():
    assert model.design_of(two_by_two(model.MIN_EXPOSED, 50, 50, 50)).touchpoints == [0]
    assert model.design_of(two_by_two(model.MIN_EXPOSED - 1, 50, 50, 50)).touchpoints == []
    assert model.design_of(two_by_two(50, model.MIN_EXPOSED - 1, 50, 50)).touchpoints == []


def obstacle(data):
    return model.obstacle(data, model.design_of(data), "recommending")


def test_each_obstacle_is_named_with_the_number_that_is_needed():
    assert obstacle(two_by_two(40, 60, 20, 80)) == ""
    assert "only 10 of 210 periods are with the outcome, 20 are needed" in obstacle(two_by_two(5, 100, 5, 100))
    assert "only 10 of 210 periods are without the outcome" in obstacle(two_by_two(100, 5, 100, 5))
    assert "no touchpoint precedes" in obstacle(two_by_two(0, 0, 60, 60))


def test_a_single_consumer_is_too_few():
    data = two_by_two(40, 60, 20, 80)
    one = Panel(data.exposure, data.outcome, data.period, np.zeros(200, np.int64), data.activity, 200)
    assert obstacle(one) == "only 1 consumers were seen recommending, 30 are needed"


def test_exposures_that_always_go_together_cannot_be_separated():
    data = two_by_two(40, 60, 20, 80)
    data.exposure[:, 1] = 2 * data.exposure[:, 0]
    assert "engagement and executional_excellence always go together" in obstacle(data)
