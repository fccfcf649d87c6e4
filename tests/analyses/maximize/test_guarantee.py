"""The certificate and the greedy bound against the true optimum of tiny graphs, by enumeration."""

import numpy as np
import pytest
from scipy.stats import binom

from influence_graph.analyses.maximize import opimc
from influence_graph.analyses.maximize.problem import Problem, Stop
from influence_graph.kernels.maximize import coverage, rr_sets
from tests.analyses.maximize.exact import best, bits_of, exact_spreads, reverse_of, tiny_matrix

GRAPHS = 10_000
DELTA = 0.2
ALLOWED = np.ones(5, bool)
NOBODY = np.zeros(0, np.int64)


def certified(matrix, model, quality, k, seed):
    """Return the run of *seed*, stopped at the first ratio of a half."""
    problem = Problem(reverse_of(matrix), model, quality, None, ALLOWED, NOBODY, k)
    return opimc.solve(problem, Stop(0.1, DELTA, 0.5, None, 1 << 30, 1), seed)


def test_the_certificate_holds_on_ten_thousand_tiny_graphs():
    rng = np.random.default_rng(5)
    lower, value, estimate, upper, optimum = np.zeros((5, GRAPHS))
    for i in range(GRAPHS):
        model = ("ic", "lt", "ic-n")[i % 3]
        quality = 0.7 if model == "ic-n" else 1.0
        matrix, k = tiny_matrix(rng, model), 1 + i % 2
        found = certified(matrix, model, quality, k, i)
        spreads = exact_spreads(matrix, model, quality)
        lower[i], upper[i] = found.certificate.lower, found.certificate.upper
        value[i], optimum[i] = spreads[bits_of(found.chosen)], best(spreads, ALLOWED, k)
        estimate[i] = found.certificate.estimate
    wrong = (value < lower - 1e-9) | (optimum > upper + 1e-9)
    assert wrong.sum() <= binom.ppf(1 - 1e-6, GRAPHS, DELTA)
    assert (value < lower / upper * optimum - 1e-9).sum() <= wrong.sum()
    # The bounds say something: the bare estimate, an unbiased one, is above the truth about as often as below ...
    uncertain = np.abs(estimate - value) > 1e-9
    assert 0.4 < (estimate > value)[uncertain].mean() < 0.6
    # ... and the bounds are close to what they bound.
    assert np.median(lower / value) > 0.85
    assert np.median(upper / optimum) < 1.15


def test_greedy_covers_its_share_of_the_best_coverage():
    rng = np.random.default_rng(6)
    for i in range(300):
        lists = [rng.choice(7, rng.integers(1, 4), replace=False) for _ in range(12)]
        sets = rr_sets.RRSets(np.cumsum([0, *map(len, lists)]), np.concatenate(lists).astype(np.int32))
        k = 1 + i % 4
        found = coverage.greedy(sets, 7, k, np.ones(7, bool))
        counts = np.array([sum(any(choice >> v & 1 for v in s) for s in lists) for choice in range(1 << 7)])
        optimum = max(counts[c] for c in range(1 << 7) if c.bit_count() <= k)
        covered = counts[bits_of(found.chosen)]
        assert covered == found.gains.sum()
        assert covered >= (1 - (1 - 1 / k) ** k) * optimum - 1e-9 >= (1 - 1 / np.e) * optimum - 1e-9
        assert found.upper >= optimum


@pytest.mark.parametrize("model", ["ic", "lt", "ic-n"])
def test_gains_are_unbiased_within_four_standard_errors(model):
    rng = np.random.default_rng(9)
    quality = 0.8 if model == "ic-n" else 1.0
    for i in range(30):
        matrix = tiny_matrix(rng, model)
        found = certified(matrix, model, quality, 2, i)
        spreads = exact_spreads(matrix, model, quality)
        first = spreads[bits_of(found.chosen[:1])]
        exact = np.array([first, spreads[bits_of(found.chosen)] - first])
        share = exact / 5
        error = 5 * np.sqrt(share * (1 - share) / found.kept.judge.count)
        assert (np.abs(found.gains - exact) <= 4.5 * error + 1e-9).all()
