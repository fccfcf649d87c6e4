from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from influence_graph.analyses.influencers.evidence import combined, q_values
from influence_graph.analyses.influencers.prior import Prior, fit, log_pmf, mid_p


def test_mid_p_is_that_of_scipy():
    observed = np.array([0.0, 1, 4, 17, 200])
    mean, shape = np.array([0.3, 2.5, 1.0, 20.0, 100.0]), np.array([0.5, 3.0, 1e5, 8.0, 12.0])
    known = stats.nbinom(shape, shape / (shape + mean))
    expected = known.sf(observed) + 0.5 * known.pmf(observed)
    np.testing.assert_allclose(mid_p(observed, mean, shape), expected, rtol=1e-8)
    np.testing.assert_allclose(np.exp(log_pmf(observed, mean, shape)), known.pmf(observed), rtol=1e-7)


def test_the_prior_is_the_maximum_of_the_likelihood_and_finds_what_was_drawn():
    rng = np.random.default_rng(1)
    expected = rng.gamma(2.0, 1.5, 4000)
    before = rng.poisson(expected * rng.gamma(3.0, 1.4 / 3.0, expected.size)).astype(float)
    found = fit(before, expected)
    assert found is not None
    assert found.mean == pytest.approx(1.4, rel=0.05)
    assert found.shape == pytest.approx(3.0, rel=0.2)

    def likelihood(m, k):
        return stats.nbinom(k, k / (k + m * expected)).logpmf(before).sum()

    best = likelihood(found.mean, found.shape)
    for m, k in ((1.02, 1), (0.98, 1), (1, 1.05), (1, 0.95)):
        assert best > likelihood(found.mean * m, found.shape * k)


def test_too_few_adoptions_before_teach_nothing():
    assert fit(np.array([3.0, 6.0]), np.array([2.0, 5.0])) is None


def test_what_came_before_moves_what_is_expected_after():
    mean, shape = Prior(1.5, 6.0, 100).after(np.array([4.0]), np.array([2.0]), np.array([3.0]))
    assert (mean[0], shape[0]) == (pytest.approx(3 * 10 / (6 / 1.5 + 2)), 10.0)


def test_bins_are_combined_as_scipy_does_and_bins_with_little_are_left_out():
    sums = np.zeros((1, 3, 2, 6))
    sums[0, :, 1, 0], sums[0, :, 1, 1] = (4, 2, 9), (1.0, 0.5, 0.04)
    priors = (Prior(1.0, 5.0, 50), Prior(1.2, 9.0, 50), Prior(1.0, 5.0, 50))
    each = [
        mid_p(np.array([o]), *prior.after(np.zeros(1), np.zeros(1), np.array([e])))[0]
        for o, e, prior in ((4.0, 1.0, priors[0]), (2.0, 0.5, priors[1]))
    ]
    assert combined(sums, priors)[0] == pytest.approx(stats.combine_pvalues(each).pvalue, rel=1e-9)


def test_q_is_that_of_statsmodels():
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(2).random(50) ** 2
    given = np.append(p, np.nan)
    np.testing.assert_allclose(q_values(given)[:-1], multipletests(p, method="fdr_bh")[1], rtol=1e-12)
    assert np.isnan(q_values(given)[-1])
