"""The model of spending against published figures, numerical integration and orders made one by one."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from influence_graph.analyses.brand.spending import Spent, correlation, fit_spending, log_likelihood
from influence_graph.errors import InputError
from tests.public_data import public_data

PARAMETERS = np.array([4.0, 3.0, 30.0])


def orders(size, seed=0, parameters=PARAMETERS):
    rng = np.random.default_rng(seed)
    p, q, gamma = parameters
    count = rng.geometric(0.4, size).astype(float)
    rate = rng.gamma(q, 1 / gamma, size)
    return Spent(count, rng.gamma(p * count, 1 / rate)), rate


def test_likelihood_and_expected_value_are_those_of_the_mixture():
    p, q, gamma = PARAMETERS
    one = Spent(np.array([3.0]), np.array([90.0]))

    def over_rate(value):
        """The density of the mean of 3 orders times *value*, over the rate."""
        density = stats.gamma(q, scale=1 / gamma).pdf
        return integrate.quad(
            lambda v: value(v) * stats.gamma(3 * p, scale=1 / (3 * v)).pdf(30.0) * density(v), 0, np.inf
        )[0]

    total = over_rate(lambda _: 1.0)
    assert log_likelihood(one, PARAMETERS)[0] == pytest.approx(np.log(total), rel=1e-6)
    model = fit_spending(orders(50)[0])
    assert model.expected_value(one, PARAMETERS)[0] == pytest.approx(over_rate(lambda v: p / v) / total, rel=1e-6)


def test_the_gradient_is_that_of_differences():
    spent, _ = orders(20)
    _, gradient = log_likelihood(spent, PARAMETERS)
    for place, slope in enumerate(gradient):
        step = np.exp(1e-6 * (np.arange(3) == place))
        up, down = (log_likelihood(spent, PARAMETERS * factor)[0] for factor in (step, 1 / step))
        assert slope == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-6)


def test_cdnow_has_the_published_parameters():
    names = ["master", "consumer", "date", "count", "value"]
    given = pd.read_csv(public_data("cdnow/CDNOW_sample.txt"), sep=r"\s+", names=names)
    days = given[given["date"] <= 19970930].groupby(["consumer", "date"])["value"].sum().reset_index()
    repeats = days[days["date"] > days.groupby("consumer")["date"].transform("min")]
    sums = repeats.groupby("consumer")["value"].agg(["size", "sum"]).to_numpy(np.float64)
    assert len(sums) == 946
    model = fit_spending(Spent(*sums.T), prior=np.inf)
    assert model.parameters == pytest.approx([6.25, 3.74, 15.44], abs=0.006)


def test_planted_parameters_and_values_come_back():
    spent, rate = orders(3000, seed=3)
    model = fit_spending(spent)
    low, high = np.quantile(model.draws, (0.001, 0.999), axis=0)
    assert (low < PARAMETERS).all()
    assert (high > PARAMETERS).all()
    assert model.expected_value(spent).mean() == pytest.approx((PARAMETERS[0] / rate).mean(), rel=0.03)
    drawn = model.simulated(spent, np.full(3000, 2), PARAMETERS, np.random.default_rng(0))
    assert drawn.mean() == pytest.approx(2 * model.expected_value(spent).mean(), rel=0.05)


def test_orders_of_one_price_are_expected_at_that_price():
    count = np.arange(1.0, 41)
    model = fit_spending(Spent(count, 20 * count), paying=0.5)
    assert model.expected_value(Spent(np.array([1.0, 30]), np.array([20.0, 600]))) == pytest.approx(10, rel=0.02)
    drawn = model.simulated(Spent(count, 20 * count), np.full(40, 4), model.parameters, np.random.default_rng(0))
    assert drawn.mean() == pytest.approx(40, rel=0.3)
    assert (
        fit_spending(Spent(count, 20 * count))
        .simulated(Spent(count, 20 * count), np.zeros(40, int), model.parameters, np.random.default_rng(0))
        .tolist()
        == [0.0] * 40
    )


def test_too_few_who_paid_are_refused():
    with pytest.raises(InputError, match="known value above 0 is 29, must be 30 or more; record the value"):
        fit_spending(Spent(np.r_[np.ones(29), 0], np.r_[np.ones(29), 0]))


def test_the_correlation_of_frequency_and_spend_is_that_of_ranks():
    spent, _ = orders(200)
    again = spent.orders >= 2
    found = correlation(spent)
    expected = stats.spearmanr(spent.orders[again], (spent.total / spent.orders)[again]).statistic
    assert found.value == pytest.approx(expected)
    assert found.low < found.value < found.high
    assert found.count == again.sum()
    assert correlation(Spent(np.ones(50), np.ones(50))) is None
    assert correlation(Spent(np.full(50, 2.0), np.arange(50.0))) is None
