"""Beta priors: closed forms, independence from an edge's own trials, and strengths that are found again."""

import numpy as np
import pytest
from scipy.special import betaln
from scipy.stats import betabinom

from influence_graph.analyses.learning.priors import (
    NAMES,
    Rates,
    _distinct,
    _negative_log_likelihood,
    beta,
    check_prior,
)
from influence_graph.errors import InputError


def rates_of(successes, trials, source, target):
    arrays = [np.asarray(values, dtype=np.float64) for values in (successes, successes, trials)]
    return Rates(*arrays, np.asarray(source), np.asarray(target))


def random_rates(seed, edges=2000, nodes=40, strength=None, mean=0.2):
    rng = np.random.default_rng(seed)
    trials = rng.integers(1, 30, edges)
    p = np.full(edges, mean) if strength is None else rng.beta(strength * mean, strength * (1 - mean), edges)
    source, target = rng.integers(0, nodes, (2, edges))
    return rates_of(rng.binomial(trials, p), trials, source, target)


def test_a_pair_is_the_prior_of_every_edge():
    found = beta(random_rates(1, edges=5), (1.0, 3.0))
    assert found.mean.tolist() == [0.25] * 5
    assert found.strength == 4.0


def test_the_global_mean_is_jeffreys_rate_of_all_edges():
    found = beta(rates_of([1, 0, 2], [4, 3, 2], [0, 1, 2], [1, 2, 0]), "global")
    assert found.mean == pytest.approx([3.5 / 10] * 3)


@pytest.mark.parametrize("strength", [2.0, 10.0, 50.0])
def test_the_strength_of_planted_rates_is_found_again(strength):
    found = beta(random_rates(3, edges=20_000, strength=strength), "global")
    assert found.strength == pytest.approx(strength, rel=0.15)
    assert found.mean[0] == pytest.approx(0.2, abs=0.01)


def test_rates_that_are_all_the_same_give_a_strong_prior_but_none_stronger_than_all_trials():
    rates = random_rates(4, edges=5000)
    assert 500 < beta(rates, "global").strength <= rates.trials.sum()


@pytest.mark.parametrize("prior", ["source", "target", "both"])
def test_the_mean_of_an_edge_does_not_depend_on_its_own_successes(prior):
    """Only the overall rate, and the strengths, move a little with one edge of 2,000."""
    rates = random_rates(5)
    changed = rates.successes.copy()
    changed[0] = rates.trials[0] - changed[0]
    before, after = beta(rates, prior), beta(rates_of(changed, rates.trials, rates.source, rates.target), prior)
    assert after.mean[0] == pytest.approx(before.mean[0], rel=0.02)


@pytest.mark.parametrize("prior", NAMES)
def test_means_are_rates_and_groups_with_more_success_have_higher_ones(prior):
    rng = np.random.default_rng(6)
    source, target = rng.integers(0, 20, (2, 4000))
    trials = np.full(4000, 20)
    successes = rng.binomial(trials, np.where(source < 10, 0.1, 0.4))
    mean = beta(rates_of(successes, trials, source, target), prior).mean
    assert ((mean > 0) & (mean < 1)).all()
    low, high = mean[source < 10].mean(), mean[source >= 10].mean()
    if prior in ("source", "both"):
        assert low == pytest.approx(0.1, abs=0.02)
        assert high == pytest.approx(0.4, abs=0.02)
    else:
        assert low == pytest.approx(high, abs=0.02)


@pytest.mark.parametrize("prior", NAMES)
def test_without_trials_there_is_nothing_to_estimate_from(prior):
    with pytest.raises(InputError, match="no edge was tried"):
        beta(rates_of([0, 0], [0, 0], [0, 1], [1, 0]), prior)


@pytest.mark.parametrize("prior", [None, "global", (0.5, 2), (np.float64(1), np.int64(3))])
def test_names_pairs_and_none_are_priors(prior):
    check_prior(prior)


@pytest.mark.parametrize("prior", ["", "Global", (1,), (1, 2, 3), (0, 1), (1, np.inf), (True, 1), [1, 2], 5])
def test_anything_else_is_refused(prior):
    with pytest.raises(InputError, match="prior is "):
        check_prior(prior)


@pytest.mark.parametrize("mean", ["equal", "different"])
def test_the_loss_is_the_beta_binomial_likelihood_of_every_row(mean):
    rng = np.random.default_rng(7)
    trials = rng.integers(1, 9, 5000).astype(np.float64)
    successes = rng.binomial(trials.astype(int), 0.3).astype(np.float64)
    means = np.full(5000, 0.3) if mean == "equal" else rng.choice([0.1, 0.3, 0.45], 5000)
    loss = _negative_log_likelihood(successes, trials, means)
    for strength in (1e-3, 2.0, 400.0):
        parameters = strength * means, strength * (1 - means)
        one_by_one = betabinom.logpmf(successes, trials, *parameters) - binom_log(trials, successes)
        assert loss(np.log(strength)) == pytest.approx(-float(one_by_one.sum()), rel=1e-12)


def test_equal_rows_are_counted_once():
    (first, second), times = _distinct(np.array([2.0, 1.0, 2.0, 2.0]), np.array([5.0, 5.0, 5.0, 6.0]))
    assert (first.tolist(), second.tolist(), times.tolist()) == ([1.0, 2.0, 2.0], [5.0, 5.0, 6.0], [1, 2, 1])
    (only,), none = _distinct(np.empty(0))
    assert (only.size, none.size) == (0, 0)


def binom_log(trials, successes):
    """Return the logarithm of the number of ways to choose the successes, which no strength changes."""
    return -np.log(trials + 1) - betaln(trials - successes + 1, successes + 1)
