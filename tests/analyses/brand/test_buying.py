"""The model of buying against published figures, numerical integration and customers made event by event."""

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from influence_graph.analyses.brand.buying import Histories, fit_buying, log_likelihood
from influence_graph.errors import InputError
from tests.analyses.brand.buyers import made
from tests.public_data import public_data

PARAMETERS = np.array([0.7, 30.0, 0.6, 1.9])
SOME = Histories(np.array([0.0, 0, 1, 4, 12]), np.array([0.0, 0, 20, 90, 100]), np.array([0.0, 150, 150, 120, 101]))
HEAVY = (2.0, 60.0, 0.3, 3.0)


def naive(parameters, x, recency, age, modified, days=0.0):
    """Return likelihood, its part of those who are still there, and what they buy in *days*, by the trapezoid rule."""
    r, alpha, a, b = parameters
    z = np.linspace(-40, 8, 1500)
    v, w = np.exp(z)[:, None], np.linspace(-40, 40, 1500)
    p, mass = special.expit(w), stats.gamma(r, scale=1 / alpha).pdf(v) * v
    mass = mass * stats.beta(a, b).pdf(p) * p * special.expit(-w) * (z[1] - z[0]) * (w[1] - w[0])
    n = x + modified
    here = mass * v**x * np.exp(-v * age) * special.expit(-w) ** n
    gone = mass * v**x * np.exp(-v * recency) * p * special.expit(-w) ** max(n - 1, 0) * (n > 0)
    return (here + gone).sum(), here.sum(), (here * -np.expm1(-v * p * days) / p).sum()


@pytest.mark.parametrize("modified", [False, True])
@pytest.mark.parametrize("customer", range(5))
def test_likelihood_and_probability_alive_are_those_of_the_mixture(customer, modified):
    one = SOME.take(slice(customer, customer + 1))
    x, recency, age = one.frequency[0], one.recency[0], one.age[0]
    total, there, _ = naive(PARAMETERS, x, recency, age, modified)
    assert log_likelihood(one, PARAMETERS, modified)[0] == pytest.approx(np.log(total), abs=1e-5)
    model = fitted(modified)
    assert model.p_alive(one, PARAMETERS)[0] == pytest.approx(there / total, rel=1e-5)


@pytest.mark.parametrize("modified", [False, True])
def test_expected_purchases_are_those_of_the_mixture(modified):
    customer = SOME.take(slice(3, 4))
    total, _, later = naive(PARAMETERS, 4, 90.0, 120.0, modified, days=60.0)
    assert fitted(modified).expected_purchases(customer, 60.0, PARAMETERS)[0] == pytest.approx(later / total, rel=1e-3)


def test_where_a_is_1_the_expectation_is_that_beside_it():
    near, at = PARAMETERS.copy(), PARAMETERS.copy()
    near[2], at[2] = 1 + 1e-4, 1.0
    model = fitted(True)
    assert model.expected_purchases(SOME, 60, at) == pytest.approx(model.expected_purchases(SOME, 60, near), rel=1e-3)


@pytest.mark.parametrize("modified", [False, True])
def test_the_gradient_is_that_of_differences(modified):
    _, gradient = log_likelihood(SOME, PARAMETERS, modified)
    for place, slope in enumerate(gradient):
        step = np.exp(1e-6 * (np.arange(4) == place))
        up, down = (log_likelihood(SOME, PARAMETERS * factor, modified)[0] for factor in (step, 1 / step))
        assert slope == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-6)


def fitted(modified):
    return fit_buying(made(60, HEAVY, 400).histories, leaves_after_first=modified)


def cdnow():
    given = pd.read_csv(public_data("cdnow/cdnow_customers_summary.csv"))
    return Histories(*(given[name].to_numpy(np.float64) for name in ("frequency", "recency", "T")))


def test_cdnow_has_the_published_parameters():
    model = fit_buying(cdnow(), leaves_after_first=False, prior=np.inf)
    assert model.parameters == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.0005)
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert model.fit.agreeing == 4


def test_cdnow_has_the_published_parameters_of_the_modified_model():
    model = fit_buying(cdnow(), prior=np.inf)
    assert model.parameters == pytest.approx([0.525, 6.183, 0.891, 1.614], abs=0.0006)
    assert model.log_likelihood == pytest.approx(-9582.1, abs=0.05)


def test_customers_made_event_by_event_are_there_and_buy_as_often_as_the_model_says():
    buyers = made(4000, (0.7, 30.0, 0.6, 1.9), 300, after=120, seed=5)
    model = fitted(True)
    alive = model.p_alive(buyers.histories, PARAMETERS)
    error = np.sqrt((alive * (1 - alive)).sum())
    assert abs(buyers.alive.sum() - alive.sum()) < 3 * error
    for low, high in ((0.0, 0.5), (0.5, 0.8), (0.8, 1.0)):
        group = (alive >= low) & (alive <= high)
        assert group.sum() > 100
        assert buyers.alive[group].mean() == pytest.approx(alive[group].mean(), abs=0.06)
    expected = model.expected_purchases(buyers.histories, 120, PARAMETERS)
    drawn = model.simulated(buyers.histories, 120, PARAMETERS, np.random.default_rng(0))
    assert buyers.later.sum() == pytest.approx(expected.sum(), rel=0.08)
    assert drawn.sum() == pytest.approx(expected.sum(), rel=0.08)


def test_intervals_cover_who_left_and_what_is_bought_next():
    left = bought = 0
    for seed in range(12):
        buyers = made(150, HEAVY, 400, after=180, seed=seed)
        model, rng = fit_buying(buyers.histories), np.random.default_rng(seed)
        gone = [(rng.random(150) > model.p_alive(buyers.histories, each)).mean() for each in model.draws[::4]]
        sums = [model.simulated(buyers.histories, 180, each, rng).sum() for each in model.draws[::4]]
        low, high = np.quantile(gone, (0.025, 0.975))
        left += low <= 1 - buyers.alive.mean() <= high
        low, high = np.quantile(sums, (0.025, 0.975))
        bought += low <= buyers.later.sum() <= high
    assert left >= 10  # fewer than 10 of 12 has a probability of 2 % at a coverage of 95 %
    assert bought >= 10


@pytest.mark.parametrize(
    ("histories", "message"),
    [
        (made(29, HEAVY, 400).histories, "the number of customers is 29, must be 30 or more"),
        (Histories(np.zeros(50), np.zeros(50), np.full(50, 90.0)), "seen on a second day is 0, must be 10 or more"),
        (Histories(np.ones(50), np.ones(50), np.full(50, 8.0)), "the length of the record in days is 8, must be 30"),
    ],
)
def test_what_gives_no_model_is_refused_in_one_line(histories, message):
    with pytest.raises(InputError, match=message):
        fit_buying(histories)


def test_customers_who_are_all_alike_and_never_leave_are_probably_there():
    weekly = Histories(np.full(40, 20.0), np.full(40, 140.0), np.full(40, 143.0))
    model = fit_buying(weekly)
    assert model.p_alive(weekly).min() > 0.9
    assert model.expected_purchases(weekly, 70)[0] == pytest.approx(10, rel=0.2)
    late = Histories(np.full(1, 20.0), np.full(1, 140.0), np.full(1, 300.0))
    assert model.p_alive(late)[0] < 0.5


def test_of_very_many_customers_a_sample_is_fitted():
    many = Histories(np.tile([0.0, 3], 15_000), np.tile([0.0, 50], 15_000), np.full(30_000, 100.0))
    model = fit_buying(many)
    assert len(model.draws) == 200
    assert repr(model).startswith("<Buying: r ")
