"""The posterior of parameters against a closed form."""

import numpy as np
import pytest
from scipy import stats

from influence_graph.analyses.posterior import posterior
from influence_graph.errors import NotConverged

WAITS = np.array([0.2, 1.5, 0.7, 2.2, 0.9, 0.4])


def exponential(parameters):
    """The rate of exponential waits."""
    count, total = WAITS.size, WAITS.sum()
    return float(count * np.log(parameters[0]) - parameters[0] * total), np.array([count - parameters[0] * total])


def test_draws_of_a_rate_follow_its_gamma_distribution():
    found = posterior(exponential, [(1.0,), (5.0,)], WAITS.size, prior=np.inf)
    assert found.mode[0] == pytest.approx(WAITS.size / WAITS.sum(), rel=1e-6)
    assert found.log_likelihood == pytest.approx(stats.expon(scale=1 / found.mode[0]).logpdf(WAITS).sum())
    assert found.agreeing == 2
    assert found.std_error[0] == pytest.approx(WAITS.size**-0.5, rel=1e-4)
    exact = stats.gamma(WAITS.size, scale=1 / WAITS.sum())
    assert stats.kstest(np.unique(found.draws[:, 0]), exact.cdf).pvalue > 1e-4
    levels = [0.025, 0.5, 0.975]
    assert np.quantile(found.draws[:, 0], levels) == pytest.approx(exact.ppf(levels), rel=0.12)


def test_a_prior_draws_the_mode_to_1():
    flat = posterior(exponential, [(1.0,)], WAITS.size, prior=np.inf).mode[0]
    held = posterior(exponential, [(1.0,)], WAITS.size, prior=0.5).mode[0]
    assert pytest.approx(posterior(exponential, [(2.0,)], WAITS.size, prior=0.001).mode[0], abs=1e-4) == 1
    assert abs(np.log(held)) < abs(np.log(flat))


def test_a_gradient_that_does_not_vanish_is_refused():
    with pytest.raises(NotConverged, match="below the greatest log probability, above"):
        posterior(lambda _: (0.0, np.array([1.0])), [(1.0,)], 1, prior=np.inf)
