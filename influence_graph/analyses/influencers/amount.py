"""How many adoptions a person caused, with an interval; how much hidden homophily it would take to explain them.

The background is what the audience would do at the rate of the unexposed, times its taste as the adoptions before
tell it. Given all adoptions after, the part of the background in each bin is its NegBin cut off at their number: what
is left is caused, each number of caused ones being as plausible before the data. Number and interval are the median and
the 95 % of this one distribution of the actual number of caused adoptions. It is above the adoptions less the mean of
the background where fewer than that mean came in some bin: no more than came can have come anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.influencers.evidence import AFTER, BASELINE, BASELINE_VARIANCE, BEFORE, O
from influence_graph.analyses.influencers.prior import log_pmf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from influence_graph.analyses.influencers.evidence import Evidence
    from influence_graph.analyses.influencers.prior import Prior

    Floats = NDArray[np.float64]

_TAIL = 0.025
_MOST_GAMMA = 1e3
_STEPS = 60
SENSITIVE = 0.05
"""Γ* is the largest hidden homophily at which p is still at most this."""


@dataclass(frozen=True)
class Amount:
    """Adoptions that a person caused: the median, and the ends of the 95 % interval; whole numbers."""

    value: float
    low: float
    high: float


def background(sums: Floats, priors: Sequence[Prior | None]) -> tuple[Floats, Floats]:
    """Return mean and shape of the background of each person and bin; the mean is NaN where no prior is known."""
    mean, shape = np.full(sums.shape[:2], np.nan), np.ones(sums.shape[:2])
    for b, prior in enumerate(priors):
        if prior is None:
            continue
        part = sums[:, b]
        expected, variance = part[:, AFTER, BASELINE], part[:, AFTER, BASELINE_VARIANCE]
        mean[:, b], taste = prior.after(part[:, BEFORE, O], part[:, BEFORE, BASELINE], expected)
        noise = np.divide(variance, expected**2, out=np.zeros(expected.size), where=expected > 0)
        shape[:, b] = 1.0 / (1.0 / taste + noise + noise / taste)  # of a product of two Gammas
    return mean, shape


def excess(sums: Floats, priors: Sequence[Prior | None]) -> Floats:
    """Return the adoptions after beyond the background of each person and bin; signed, 0 where no prior is known."""
    mean, _ = background(sums, priors)
    return np.nan_to_num(sums[:, :, AFTER, O] - mean)


def amount(sums: Floats, priors: Sequence[Prior | None]) -> Amount:
    """Return what one person with *sums* of shape (bins, 2, 6) caused."""
    mean, shape = (part[0] for part in background(sums[None], priors))
    known = ~np.isnan(mean)
    seen = sums[known, AFTER, O]
    chances = np.ones(1)
    for o, mu, k in zip(seen, mean[known], shape[known], strict=True):
        counts = np.arange(int(o) + 1, dtype=np.float64)
        logs = log_pmf(counts, np.full(counts.size, max(mu, 1e-12)), np.full(counts.size, k))
        part = np.exp(logs - logs.max())
        chances = np.convolve(chances, part / part.sum())
    total = float(seen.sum())
    below = np.cumsum(chances)
    low, value, high = (total - int(np.searchsorted(below, level)) for level in (1 - _TAIL, 0.5, _TAIL))
    return Amount(value, low, high)


def gamma_star(evidence: Evidence, people: NDArray[np.int64]) -> Floats:
    """Return Γ* of each of *people*: the largest factor on E⁺ that keeps p at or below :data:`SENSITIVE`.

    Bisection, to a relative precision below 10⁻⁹; 1 where p is above it already.
    """
    sums = evidence.sums[people]
    low, high = np.zeros(people.size), np.full(people.size, np.log(_MOST_GAMMA))
    for _ in range(_STEPS):
        middle = (low + high) / 2
        holds = evidence.p_of(sums, np.exp(middle)) <= SENSITIVE
        low, high = np.where(holds, middle, low), np.where(holds, high, middle)
        if np.all(high - low < 1e-9):
            break
    return np.exp(low)


def e_value(seen: float, low: float) -> float:
    """Return the E-value of the lower limit *low* of *seen* adoptions: how strongly something hidden must work.

    It is the risk ratio with which a hidden cause must both go with the exposure and raise the adoptions; 1: any will
    do. VanderWeele and Ding 2017, https://doi.org/10.7326/M16-2607.
    """
    ratio = seen / max(seen - low, 1.0) if low > 0 else 1.0
    return float(ratio + np.sqrt(ratio * (ratio - 1.0)))
