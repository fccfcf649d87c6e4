from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from influence_graph.analyses.lift.hc2 import least_squares
from influence_graph.errors import InputError

RNG = np.random.default_rng(5)


@pytest.mark.parametrize(("units", "columns"), [(12, 2), (40, 5), (300, 9)])
def test_coefficients_and_errors_are_those_of_statsmodels(units, columns):
    design = np.column_stack([np.ones(units), RNG.normal(size=(units, columns - 1)) * 10.0 ** RNG.integers(-3, 4)])
    outcome = RNG.normal(size=units) * np.exp(design[:, 1] / np.abs(design[:, 1]).max())
    peer = sm.OLS(outcome, design).fit(cov_type="HC2")
    ours = least_squares(outcome, design)
    np.testing.assert_allclose(ours.coefficients, peer.params, rtol=1e-8)
    np.testing.assert_allclose(ours.covariance, peer.cov_params(), rtol=1e-7, atol=1e-14)
    assert ours.freedom == units - columns


def test_of_two_means_it_is_the_sum_of_two_errors():
    outcome, arm = RNG.normal(size=9), np.repeat([0.0, 1.0], [4, 5])
    fitted = least_squares(outcome, np.column_stack([np.ones(9), arm]))
    parts = outcome[:4].var(ddof=1) / 4, outcome[4:].var(ddof=1) / 5
    assert fitted.covariance[1, 1] == pytest.approx(sum(parts))
    assert fitted.covariance[0, 0] == pytest.approx(parts[0])


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (np.ones((6, 2)), "the 2 columns of the regression are collinear for 6 units"),
        (np.column_stack([np.ones(6), np.zeros(6)]), "collinear"),
        (RNG.normal(size=(3, 3)), "the 3 columns of the regression are collinear for 3 units"),
        (np.column_stack([np.ones(6), np.arange(6) == 2]).astype(float), "unit 3 alone tells a column"),
    ],
)
def test_columns_that_cannot_be_told_apart_are_refused(design, message):
    with pytest.raises(InputError, match=message):
        least_squares(RNG.normal(size=len(design)), design)
