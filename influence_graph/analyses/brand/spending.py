"""What customers spend per order: the Gamma-Gamma model.

The orders of a customer are Gamma(p, rate ν), and over customers ν ~ Gamma(q, rate γ), whatever the number of
orders. Source: Fader & Hardie 2013, http://www.brucehardie.com/notes/025/. An order of value 0 or less is no draw from
a Gamma distribution: the model is of the others, and ``paying`` is their share.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, psi

from influence_graph.analyses.checks import require
from influence_graph.analyses.intervals import MIN_OBSERVATIONS, Estimate
from influence_graph.analyses.posterior import PRIOR, Posterior, posterior
from influence_graph.model.display import short_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_SPENDERS = 30
"""Fewer customers with an order of known value above 0 than this give no model."""
_STARTS = ((1.0, 2.0, 1.0), (6.0, 4.0, 0.5), (3.0, 10.0, 3.0))
_Z = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Spent:
    """Of each customer, the ``orders`` of known value above 0, and their ``total``; both 0 where there are none."""

    orders: Floats
    total: Floats

    @cached_property
    def levels(self) -> tuple[Floats, NDArray[np.int64], Floats]:
        """The different numbers of orders, the place of each customer's among them, and how many have each."""
        level, code, size = np.unique(self.orders, return_inverse=True, return_counts=True)
        return level, code, size.astype(np.float64)


@dataclass(frozen=True, eq=False, repr=False)
class Spending:
    """A fitted model.

    Attributes:
        parameters: p, q, γ (in the unit of value): the most probable ones; shape (3,).
        draws: Equally probable alternatives to them; shape (d, 3).
        paying: Share of the orders of known value that are above 0.
        log_likelihood: At the parameters.
        fit: How the search ended.
    """

    parameters: Floats
    draws: Floats
    paying: float
    log_likelihood: float
    fit: Posterior

    def __repr__(self) -> str:
        return short_line("Spending", dict(zip(("p", "q", "gamma"), self.parameters.tolist(), strict=True)))

    def expected_value(self, spent: Spent, parameters: Floats | None = None) -> Floats:
        """Return the expected value of an order of each customer; of one without orders, that of the population.

        Where q ≤ 1 the population has no mean, and a customer without orders has ∞.
        """
        p, q, gamma = self.parameters if parameters is None else parameters
        below = p * spent.orders + q - 1
        with np.errstate(divide="ignore"):
            return np.where(below > 0, self.paying * p * (gamma + spent.total) / np.maximum(below, 0.0), np.inf)

    def simulated(self, spent: Spent, count: NDArray[np.int64], parameters: Floats, rng: np.random.Generator) -> Floats:
        """Return one draw of what each customer spends in *count* further orders."""
        p, q, gamma = parameters
        paid = rng.binomial(count, self.paying)
        rate = np.maximum(rng.gamma(p * spent.orders + q), np.finfo(float).tiny) / (gamma + spent.total)
        return np.where(paid > 0, rng.gamma(p * np.maximum(paid, 1)) / rate, 0.0)


def fit_spending(spent: Spent, paying: float = 1.0, prior: float = PRIOR) -> Spending:
    """Return the most probable model of what was *spent*, found from three starting points.

    Args:
        spent: Orders and their totals by customer.
        paying: Share of all orders of known value that are above 0.
        prior: Standard deviation of the logarithms of p, q and γ / mean order before the data; ``math.inf``
            is maximum likelihood, as published.

    Raises:
        InputError: Too few customers have an order of known value above 0.
        NotConverged: No maximum was found.
    """
    has = spent.orders > 0
    size = int(has.sum())
    limit, remedy = f"{MIN_SPENDERS} or more", "record the value of orders"
    require(size >= MIN_SPENDERS, "the number of customers with an order of known value above 0", size, limit, remedy)
    unit = float((spent.total[has] / spent.orders[has]).mean())
    scaled = Spent(spent.orders[has], spent.total[has] / unit)
    fit = posterior(lambda each: log_likelihood(scaled, each), _STARTS, size, prior)
    scale = np.array([1.0, 1.0, unit])
    return Spending(fit.mode * scale, fit.draws * scale, paying, fit.log_likelihood - size * np.log(unit), fit)


def log_likelihood(spent: Spent, parameters: Floats) -> tuple[float, Floats]:
    """Return the log-likelihood of *parameters* (p, q, γ), and its gradient by their logarithms (equation 1a)."""
    p, q, gamma = parameters
    k, code, size = spent.levels
    total, logs = gamma + spent.total, np.log(spent.total)
    shape, log_total = p * k, np.log(total)
    shapes = shape[code]
    value = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma) + np.log(k)
    each = (shapes - 1) * logs - (shapes + q) * log_total
    more = psi(shape + q)
    by_p = (size * k * (more - psi(shape))).sum() + (spent.orders * (logs - log_total)).sum()
    by_q = (size * (more - psi(q) + np.log(gamma))).sum() - log_total.sum()
    by_gamma = code.size * q / gamma - ((shapes + q) / total).sum()
    return float((size * value).sum() + each.sum()), np.array([by_p, by_q, by_gamma]) * parameters


def correlation(spent: Spent) -> Estimate | None:
    """Return the rank correlation of the number of orders and their mean value, of customers with two or more.

    The model takes it as 0. Spearman's, with the interval of Fieller, Hartley & Pearson 1957,
    https://doi.org/10.1093/biomet/44.3-4.470. None for too few such customers, or where all are alike.
    """
    again = spent.orders >= 2
    orders, mean = spent.orders[again], spent.total[again] / spent.orders[again]
    if orders.size < MIN_OBSERVATIONS or np.ptp(orders) == 0 or np.ptp(mean) == 0:
        return None
    from scipy.stats import spearmanr

    value = float(spearmanr(orders, mean).statistic)
    middle, spread = np.arctanh(np.clip(value, -1 + 1e-15, 1 - 1e-15)), _Z * np.sqrt(1.06 / (orders.size - 3))
    low, high = float(np.tanh(middle - spread)), float(np.tanh(middle + spread))
    return Estimate(value, low, high, orders.size, "Spearman")
