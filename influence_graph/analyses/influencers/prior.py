"""What audiences like anyway: how much more than comparable people they took up *before* the person they watch did.

Per bin of lags the adoptions before are O⁻ ~ NegBin(mean m·E⁻, shape k): an audience's taste is a factor with mean m
and shape k, drawn once per person (Gamma), on what its strata lead one to expect. Parameters are by maximum likelihood
(Lawless 1987, https://doi.org/10.2307/3314912).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, gammaln

from influence_graph.analyses.intervals import dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_BEFORE = 10
"""Fewer adoptions before than this teach no prior."""
_BOUNDS = (np.log(1e-3), np.log(1e6))
_START = 3.0


@dataclass(frozen=True)
class Prior:
    """How much more audiences take up than comparable people, before the person they watch does.

    Attributes:
        mean: m; 1 where the strata explain all of it.
        shape: k; the larger, the more alike are audiences.
        adoptions: Adoptions before, of which it was learned.
    """

    mean: float
    shape: float
    adoptions: int

    def after(self, before: Floats, expected_before: Floats, expected: Floats) -> tuple[Floats, Floats]:
        """Return mean and shape of the NegBin of adoptions after, given those *before*."""
        return after(self.mean, self.shape, before, expected_before, expected)


def after(
    mean: float | Floats, shape: float | Floats, before: Floats, expected_before: Floats, expected: Floats
) -> tuple[Floats, Floats]:
    """Return what :meth:`Prior.after` does; *mean* and *shape* of the priors may be arrays."""
    more: Floats = shape + before
    return expected * more / (shape / mean + expected_before), more


def fit(before: Floats, expected: Floats) -> Prior | None:
    """Return the most likely prior, None for fewer than :data:`LEAST_BEFORE` adoptions.

    Args:
        before: O⁻ of each person.
        expected: E⁻ of each person; people with 0 are left out.
    """
    used = expected > 0
    seen, mu = before[used], expected[used]
    if seen.sum() < LEAST_BEFORE:
        return None
    more = np.bincount(seen.astype(np.int64))
    above = more[::-1].cumsum()[::-1][1:].astype(np.float64)  # people with more than 0, 1, 2, … adoptions
    steps = np.arange(above.size)
    total = float(seen.sum())
    constant = dot(np.log(mu[seen > 0]), seen[seen > 0])

    def loss(logs: Floats) -> tuple[float, Floats]:
        m, k = np.exp(logs)
        rate = np.log1p(m * mu / k)
        value = dot(above, np.log(k + steps)) - ((k + seen) * rate).sum() + total * (logs[0] - logs[1]) + constant
        share = m * mu / (k + m * mu)
        slope = total - ((k + seen) * share).sum()
        of_shape = k * (dot(above, 1 / (k + steps)) - rate.sum()) + ((k + seen) * share).sum() - total
        return -value / mu.size, -np.array([slope, of_shape]) / mu.size

    first = np.log(total / mu.sum())
    best = minimize(loss, [first, np.log(_START)], jac=True, method="L-BFGS-B", bounds=[(-7.0, 7.0), _BOUNDS])
    return Prior(float(np.exp(best.x[0])), float(np.exp(best.x[1])), int(total))


def mid_p(observed: Floats, mean: Floats, shape: Floats) -> Floats:
    """Return P(X > O) + P(X = O)/2 of a NegBin with *mean* and *shape*; 1/2 where the mean is 0 and O too.

    Lancaster 1961, https://doi.org/10.1080/01621459.1961.10482105.
    """
    chance = mean / (mean + shape)
    above: Floats = betainc(observed + 1.0, shape, chance)
    return above + 0.5 * np.exp(log_pmf(observed, mean, shape))


def log_pmf(observed: Floats, mean: Floats, shape: Floats) -> Floats:
    """Return log P(X = O) of a NegBin with *mean* and *shape*."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(observed > 0, observed * np.log(mean / (mean + shape)), 0.0)
    value: Floats = (
        gammaln(observed + shape) - gammaln(shape) - gammaln(observed + 1.0) - shape * np.log1p(mean / shape) + rate
    )
    return value
