"""When customers buy, and when they leave: the BG/NBD model and its modified form.

While a customer is there, purchases follow a Poisson process of rate λ; after each purchase the customer leaves
for good with probability p. Over customers λ ~ Gamma(r, rate α) and p ~ Beta(a, b), independently. In the BG/NBD model
(Fader, Hardie & Lee 2005, https://doi.org/10.1287/mksc.1040.0098) nobody leaves before the second purchase, so
that everyone who bought once is there for ever. In the modified model (Batislam, Denizel & Filiztekin 2007,
https://doi.org/10.1016/j.ijresmar.2006.12.005) one may leave after the first purchase too; that is the default
here. With n chances to leave, n = x or n = x + 1 for a customer with x repeat purchases, the last one t_x after the
first and observed for T, one formula serves both:

    L = Γ(r+x)/Γ(r) α^r [B(a, b+n)/B(a, b) (α+T)^-(r+x) + 1{n>0} B(a+1, b+n-1)/B(a, b) (α+t_x)^-(r+x)].

Calculated with scipy: the package ``lifetimes`` is no longer kept, and PyMC-Marketing would bring PyMC.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln, expit, gammaln, hyp2f1, psi

from influence_graph.analyses.checks import require
from influence_graph.analyses.posterior import PRIOR, Posterior, posterior
from influence_graph.model.display import short_line
from influence_graph.text import apart_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_CUSTOMERS = 30
"""Fewer customers than this give no model."""
MIN_RETURNED = 10
"""Fewer customers seen on a second day than this give no model."""
MIN_DAYS = 30.0
"""A record shorter than this gives no model."""
_MAX_FITTED = 25_000
_STARTS = ((0.3, 0.1, 0.7, 2.0), (1.0, 0.3, 1.0, 1.0), (3.0, 1.0, 0.3, 3.0), (0.5, 0.5, 2.0, 10.0))
_NEAR = 1e-6


@dataclass(frozen=True, eq=False)
class Histories:
    """What the model needs of each customer: arrays of one length, times in days.

    Attributes:
        frequency: Number of days with a purchase after the first, x ≥ 0.
        recency: Time from the first purchase to the last, 0 ≤ t_x ≤ T.
        age: Time from the first purchase to the end of the record, T ≥ 0.
    """

    frequency: Floats
    recency: Floats
    age: Floats

    def __len__(self) -> int:
        return self.age.size

    @cached_property
    def levels(self) -> tuple[Floats, NDArray[np.int64], Floats]:
        """The different frequencies, the place of each customer's among them, and how many customers have each."""
        level, code, size = np.unique(self.frequency, return_inverse=True, return_counts=True)
        return level, code, size.astype(np.float64)

    def take(self, rows: NDArray[np.int64] | slice) -> Histories:
        """Return the customers of *rows*."""
        return Histories(self.frequency[rows], self.recency[rows], self.age[rows])


@dataclass(frozen=True, eq=False, repr=False)
class Buying:
    """A fitted model.

    Attributes:
        parameters: r, α (days), a, b: the most probable ones; shape (4,).
        draws: Equally probable alternatives to them; shape (d, 4).
        leaves_after_first: Whether a customer may leave after the first purchase (modified) or not (BG/NBD).
        log_likelihood: At the parameters, times in days.
        fit: How the search ended.
    """

    parameters: Floats
    draws: Floats
    leaves_after_first: bool
    log_likelihood: float
    fit: Posterior

    def __repr__(self) -> str:
        return short_line("Buying", dict(zip(("r", "alpha", "a", "b"), self.parameters.tolist(), strict=True)))

    def p_alive(self, histories: Histories, parameters: Floats | None = None) -> Floats:
        """Return the probability that each customer has not left by the end of the record, 0 to 1.

        Args:
            histories: The customers.
            parameters: Others than the fitted ones, such as one of the draws.
        """
        chosen = self.parameters if parameters is None else parameters
        return _p_alive(histories, chosen, self._chances(histories))

    def expected_purchases(self, histories: Histories, days: float, parameters: Floats | None = None) -> Floats:
        """Return the expected number of days with a purchase in the *days* after the end of the record.

        Equation 10 of Fader, Hardie & Lee 2005, for n chances to leave.
        """
        r, alpha, a, b = self.parameters if parameters is None else parameters
        a = a + _NEAR if abs(a - 1) < _NEAR else a  # there the formula is 0/0, and its limit is finite
        n = self._chances(histories)
        share = days / (alpha + histories.age + days)
        shape = r + histories.frequency
        left = (1 - share) ** shape * hyp2f1(shape, b + n, a + b + n - 1, share)
        expected: Floats = self.p_alive(histories, parameters) * (a + b + n - 1) / (a - 1) * (1 - left)
        return expected

    def simulated(
        self, histories: Histories, days: float, parameters: Floats, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Return one draw of each customer's number of days with a purchase in the next *days*."""
        r, alpha, a, b = parameters
        here = rng.random(len(histories)) < self.p_alive(histories, parameters)
        rate = rng.gamma(r + histories.frequency) / (alpha + histories.age)
        leaves = np.maximum(rng.beta(a, b + self._chances(histories)), np.finfo(float).eps)
        return np.where(here, np.minimum(rng.poisson(rate * days), rng.geometric(leaves)), 0)

    def _chances(self, histories: Histories) -> Floats:
        return histories.frequency + self.leaves_after_first


def fit_buying(histories: Histories, *, leaves_after_first: bool = True, prior: float = PRIOR) -> Buying:
    """Return the most probable model of *histories*, found from four starting points.

    Above 25,000 customers a random sample of that size is fitted; the draws are as wide as that makes them.

    Args:
        histories: All who ever bought, those who bought once too.
        leaves_after_first: Whether a customer may leave after the first purchase.
        prior: Standard deviation of the logarithms of r, α / mean age, a and b before the data; ``math.inf``
            is maximum likelihood, as published.

    Raises:
        InputError: There are too few customers, too few seen on a second day, or the record is too short.
        NotConverged: No maximum was found.
    """
    size, returned = len(histories), int((histories.frequency > 0).sum())
    remedy = "wait for more of them"
    require(size >= MIN_CUSTOMERS, "the number of customers", size, f"{MIN_CUSTOMERS} or more", remedy)
    require(returned >= MIN_RETURNED, "the number seen on a second day", returned, f"{MIN_RETURNED} or more", remedy)
    longest = float(histories.age.max())
    require(
        longest >= MIN_DAYS,
        "the length of the record in days",
        apart_text(longest, MIN_DAYS),
        f"{MIN_DAYS:g} or more",
        remedy,
    )
    if size > _MAX_FITTED:
        histories = histories.take(np.random.default_rng(0).choice(size, _MAX_FITTED, replace=False))
    unit = float(histories.age.mean())
    scaled = Histories(histories.frequency, histories.recency / unit, histories.age / unit)
    fit = posterior(lambda p: log_likelihood(scaled, p, leaves_after_first), _STARTS, len(scaled), prior)
    to_days = np.array([1.0, unit, 1.0, 1.0])
    in_days = fit.log_likelihood - float(histories.frequency.sum()) * np.log(unit)
    return Buying(fit.mode * to_days, fit.draws * to_days, leaves_after_first, in_days, fit)


def log_likelihood(histories: Histories, parameters: Floats, leaves_after_first: bool) -> tuple[float, Floats]:
    """Return the log-likelihood of *parameters* (r, α, a, b), and its gradient by their logarithms."""
    r, alpha, a, b = parameters
    x, code, size = histories.levels
    n, silent = x + leaves_after_first, histories.age + alpha
    stay, shape = np.log(silent), (r + x)[code]
    here = _p_alive(histories, parameters, n[code])
    gone, earlier = 1 - here, np.where(n > 0, b + n - 1, 1.0)
    left = np.bincount(code, gone, x.size)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + n) - betaln(a, b)
    total = float((size * value).sum()) - float((shape * stay + np.log(here)).sum())
    by_r = float((size * (psi(r + x) - psi(r) + np.log(alpha))).sum())
    by_r -= float((here * stay + gone * np.log(alpha + histories.recency)).sum())
    by_alpha = r / alpha * len(histories)
    by_alpha -= float((shape * (here / silent + gone / (alpha + histories.recency))).sum())
    both = psi(a + b) - psi(a + b + n)
    by_a = float((size * both).sum() + left.sum() / a)
    by_b = float((size * (both + psi(b + n) - psi(b)) - left / earlier).sum())
    return total, np.array([by_r, by_alpha, by_a, by_b]) * parameters


def _p_alive(histories: Histories, parameters: Floats, n: Floats) -> Floats:
    r, alpha, a, b = parameters
    silence = (r + histories.frequency) * (np.log(alpha + histories.age) - np.log(alpha + histories.recency))
    could = n > 0
    odds_gone = np.where(could, np.log(a) - np.log(np.where(could, b + n - 1, 1.0)) + silence, -np.inf)
    alive: Floats = np.maximum(expit(-odds_gone), np.finfo(float).tiny)
    return alive
