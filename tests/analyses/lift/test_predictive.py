"""The days to come, against dense algebra, least squares of statsmodels and simulation."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from influence_graph.analyses.lift import predictive
from influence_graph.analyses.lift.predictive import ERRORS, PRIOR, Mixture, fit, fits
from influence_graph.errors import InputError
from influence_graph.kernels.lift.error_model import Errors
from tests.analyses.lift import naive
from tests.kernels.naive import quick, seeds


def a_series(seed: int, days: int = 45, ahead: int = 6):
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(days + ahead), np.arange(days + ahead), rng.normal(size=days + ahead)])
    values = 5 + naive.lasting(rng, days + ahead, 0.6) + rng.normal(size=days + ahead)
    return values, design


def test_likelihood_coefficients_and_days_to_come_are_those_of_dense_algebra_to_nine_digits():
    values, design = a_series(1)
    fitted = fit(values[:45], design[:45])
    ahead = fitted.ahead(design[45:])
    kept = np.flatnonzero(fitted.weight > 1e-12)
    dense = [naive.predicted(values[:45], design[:45], design[45:], model) for model in range(PRIOR.size)]
    logs = np.array([each[0] for each in dense])
    assert np.ptp(logs - fitted.log_likelihood) < 1e-9
    weight = PRIOR * np.exp(logs - logs.max())
    assert fitted.weight == pytest.approx(weight / weight.sum(), rel=1e-9)
    assert fitted.coefficients == pytest.approx(np.array([each[1] for each in dense]), rel=1e-9, abs=1e-9)
    assert ahead.location == pytest.approx(np.array([dense[model][2] for model in kept]), rel=1e-9)
    assert ahead.covariance == pytest.approx(np.array([dense[model][3] for model in kept]), rel=1e-9, abs=1e-9)


@quick
@given(seeds, st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_the_unit_of_the_outcome_and_of_the_columns_does_not_matter(seed, level, unit):
    values, design = a_series(seed % 1000)
    rows = np.ones((1, 6))
    first = fit(values[:45], design[:45]).ahead(design[45:]).of(rows)
    other = design * [1.0, unit, -3.0] + [0.0, 5.0, 0.0]
    second = fit(level + unit * values[:45], other[:45]).ahead(other[45:]).of(rows)
    assert second.mean == pytest.approx(6 * level + unit * first.mean, rel=1e-6, abs=1e-6 * unit)
    assert second.quantile(0.9) == pytest.approx(6 * level + unit * first.quantile(0.9), rel=1e-6, abs=1e-6 * unit)


def test_with_white_noise_alone_it_is_the_interval_of_least_squares(monkeypatch):
    monkeypatch.setattr(predictive, "ERRORS", Errors(*(np.array([part]) for part in (0.0, 0.0, 1.0, 0.0))))
    monkeypatch.setattr(predictive, "PRIOR", np.ones(1))
    values, design = a_series(2)
    days = fit(values[:45], design[:45]).ahead(design[45:]).each_day
    peer = sm.OLS(values[:45], design[:45]).fit().get_prediction(design[45:]).summary_frame(alpha=0.05)
    assert days.mean == pytest.approx(peer["mean"].to_numpy(), rel=1e-9)
    assert days.quantile(0.025) == pytest.approx(peer["obs_ci_lower"].to_numpy(), rel=1e-9)
    assert days.quantile(0.975) == pytest.approx(peer["obs_ci_upper"].to_numpy(), rel=1e-9)


def test_the_fit_to_a_part_of_the_days_is_the_fit_of_the_part():
    values, design = a_series(3)
    for end, part in zip((20, 33, 45), fits(values, design, [20, 33, 45]), strict=True):
        alone = fit(values[:end], design[:end])
        assert part.weight == pytest.approx(alone.weight, rel=1e-8)
        assert part.coefficients == pytest.approx(alone.coefficients, rel=1e-8, abs=1e-10)
        one, other = (each.ahead(design[end : end + 3]) for each in (part, alone))
        assert one.location == pytest.approx(other.location, rel=1e-8)
        assert one.covariance == pytest.approx(other.covariance, rel=1e-7)


def test_a_mixture_of_one_is_a_t_and_quantiles_invert_the_distribution():
    one = Mixture(np.ones(1), np.array([[2.0]]), np.array([[3.0]]), 7)
    assert one.cdf([4.0])[0] == pytest.approx(stats.t.cdf(4.0, 7, 2.0, 3.0), rel=1e-12)
    assert one.quantile(0.1)[0] == pytest.approx(stats.t.ppf(0.1, 7, 2.0, 3.0), rel=1e-10)
    assert one.p_value([2.0 - 4.0])[0] == pytest.approx(2 * stats.t.sf(4 / 3, 7), rel=1e-10)
    far = np.array([2.0 + 3.0 * 1e6])
    assert one.p_value(far)[0] == pytest.approx(2 * stats.t.sf(1e6, 7), rel=1e-6)
    two = Mixture(np.array([0.9, 0.1]), np.array([[0.0, 1.0], [50.0, 1.0]]), np.array([[1.0, 2.0], [0.1, 9.0]]), 4)
    for level in (1e-4, 0.025, 0.5, 0.899, 0.901, 0.9999):
        assert two.cdf(two.quantile(level)) == pytest.approx(level, rel=1e-9)


def test_drawn_courses_have_mean_and_spread_of_the_days():
    values, design = a_series(4)
    ahead = fit(values[:45], design[:45]).ahead(design[45:])
    courses = ahead.draws(40_000, np.random.default_rng(0))
    total = ahead.of(np.ones((1, 6)))
    assert courses.mean(axis=0) == pytest.approx(ahead.each_day.mean, abs=0.05)
    for level in (0.025, 0.2, 0.8, 0.975):
        assert np.mean(courses.sum(axis=1) <= total.quantile(level)[0]) == pytest.approx(level, abs=0.005)
    assert np.array_equal(courses, ahead.draws(40_000, np.random.default_rng(0)))


def test_p_is_uniform_where_models_are_drawn_as_likely_as_they_are_taken_to_be():
    rng = np.random.default_rng(5)
    time = np.arange(40)
    design = np.column_stack([np.ones(40), time])
    p = []
    for model in rng.choice(PRIOR.size, 400, p=PRIOR):
        values = np.linalg.cholesky(naive.covariance(40, model)) @ rng.standard_normal(40)
        p.append(fit(values[:33], design[:33]).ahead(design[33:]).of(np.ones((1, 7))).p_value([values[33:].sum()])[0])
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_models_and_prior_are_whole():
    assert PRIOR.sum() == pytest.approx(1)
    assert {part.size for part in ERRORS} == {PRIOR.size}


@pytest.mark.parametrize(
    ("values", "design", "message"),
    [
        (np.arange(3.0), np.ones((3, 3)), "3 days before the event for 3 columns of the design; give at least 4 days"),
        (np.arange(9.0) ** 2, np.ones((9, 2)), "column 2 of the design is 0, or a sum of the columns before it"),
        (np.arange(9.0) ** 2, np.arange(9.0)[:, None], "do not add up to a constant; add a column of ones"),
        (np.full(9, 3.0), np.ones((9, 1)), "explains the outcome of the days before exactly"),
    ],
)
def test_what_cannot_be_fitted_is_refused(values, design, message):
    with pytest.raises(InputError, match=message):
        fit(values, design)
