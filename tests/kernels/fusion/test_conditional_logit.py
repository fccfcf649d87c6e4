"""The conditional likelihood of matched sets against statsmodels and a closed form."""

import math

import numpy as np
import pytest
from statsmodels.discrete.conditional_models import ConditionalLogit

from influence_graph.kernels.fusion.conditional_logit import fit_sets


def sets(seed, count=60, k=3):
    """Return columns of sets of 2 to 6 rows, and where each starts."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 7, count)
    start = np.cumsum(sizes) - sizes
    columns = rng.normal(size=(sizes.sum(), k)) * [1.0, 5.0, 0.1]
    columns[start] += [0.5, 0.0, -0.05]
    return columns, start


@pytest.mark.parametrize("seed", range(5))
def test_coefficients_and_errors_are_those_of_statsmodels(seed):
    columns, start = sets(seed)
    found = fit_sets(columns, start)
    case = np.zeros(len(columns))
    case[start] = 1
    groups = np.repeat(np.arange(start.size), np.diff(np.append(start, len(columns))))
    expected = ConditionalLogit(case, columns, groups=groups).fit(disp=0)
    assert found.converged
    np.testing.assert_allclose(found.coefficients, expected.params, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(np.sqrt(np.diag(np.linalg.inv(found.information))), expected.bse, rtol=1e-3)


def test_of_pairs_with_one_yes_or_no_column_it_is_mcnemars_log_odds():
    case, control = np.repeat([1, 0, 1, 0], [30, 12, 9, 9]), np.repeat([0, 1, 1, 0], [30, 12, 9, 9])
    found = fit_sets(np.stack([case, control], axis=1).reshape(-1, 1).astype(float), np.arange(0, 120, 2))
    assert found.coefficients[0] == pytest.approx(math.log(30 / 12), rel=1e-6)
    assert 1 / found.information[0, 0] == pytest.approx(1 / 30 + 1 / 12, rel=1e-6)


def test_residuals_of_a_set_add_up_to_0_and_the_scores_to_0():
    columns, start = sets(9)
    found = fit_sets(columns, start)
    np.testing.assert_allclose(np.add.reduceat(found.residual, start), 0, atol=1e-12)
    np.testing.assert_allclose(found.residual @ found.centered, 0, atol=1e-3)


def test_a_column_that_is_the_same_within_sets_gets_0():
    columns, start = sets(3)
    columns[:, 1] = np.repeat(np.arange(start.size), np.diff(np.append(start, len(columns))))
    assert fit_sets(columns, start).coefficients[1] == pytest.approx(0, abs=1e-9)


def test_a_column_that_tells_every_case_does_not_converge_or_runs_away():
    columns, start = sets(4)
    columns[:, 0] = 0.0
    columns[start, 0] = 1.0
    found = fit_sets(columns, start)
    assert not found.converged or found.coefficients[0] * columns[:, 0].std() > 5
