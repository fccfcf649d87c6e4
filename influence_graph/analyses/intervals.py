"""Estimates with their 95 % intervals; below :data:`MIN_OBSERVATIONS` independent observations there is none.

Observations are consumers or their events. Events of one consumer are not independent, so they are
clustered by consumer, and resampling draws consumers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_OBSERVATIONS = 10
"""Fewer independent observations than this give no estimate."""
TOO_FEW = "too few observations"
"""Text in place of an estimate from fewer than :data:`MIN_OBSERVATIONS` observations."""
_LEVEL = 0.95
Z = 1.959963984540054
_MAX_DRAWS = 5_000_000
_RESAMPLES = (200, 1000)


@dataclass(frozen=True)
class Estimate:
    """A value, the ends of its 95 % interval, the number of observations, and how the interval was made."""

    value: float
    low: float
    high: float
    count: int
    method: str

    def __sub__(self, other: Estimate) -> Estimate:
        """Return the difference of two independent estimates, by the method of variance estimates recovery.

        For two Wilson intervals this is Newcombe's (1998) hybrid score interval. Source: Zou & Donner
        2008, https://doi.org/10.1002/sim.3095.
        """
        value = self.value - other.value
        down = math.hypot(self.value - self.low, other.high - other.value)
        up = math.hypot(self.high - self.value, other.value - other.low)
        return Estimate(value, value - down, value + up, min(self.count, other.count), "MOVER")


def wilson(successes: int, trials: int) -> Estimate | None:
    """Return the share *successes* / *trials* with Wilson's score interval, None for too few trials.

    Source: Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953.

    Example:
        >>> share = wilson(15, 50)
        >>> round(share.low, 4), round(share.high, 4)
        (0.191, 0.4375)
    """
    return _score(successes / trials, trials) if trials >= MIN_OBSERVATIONS else None


def _score(share: float, trials: float) -> Estimate:
    spread = Z * math.sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2))
    middle, scale = share + Z**2 / (2 * trials), 1 + Z**2 / trials
    low, high = max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
    return Estimate(share, min(low, share), max(high, share), int(trials), "Wilson")


def clustered_mean(
    values: NDArray[np.float64], cluster: NDArray[Any], limits: tuple[float, float] = (0.0, 1.0)
) -> Estimate | None:
    """Return the mean of *values* within *limits*, allowing for correlation within a cluster.

    Wilson's interval of the mean, scaled to 0 to 1, at the number of independent observations that would
    have its variance: that of the sums of residuals per cluster (Liang & Zeger 1986,
    https://doi.org/10.1093/biomet/73.1.13; effective size as in Dean & Pagano 2015,
    https://doi.org/10.1093/jssam/smv024). Where all values agree it is the number of clusters.

    Args:
        values: One number per event.
        cluster: The consumer of each event, as an integer code.
        limits: Least and greatest possible value.

    Returns:
        None for fewer than ``MIN_OBSERVATIONS`` clusters.
    """
    _, code = np.unique(cluster, return_inverse=True)
    clusters = int(code.max(initial=-1)) + 1
    if clusters < MIN_OBSERVATIONS:
        return None
    low, width = limits[0], limits[1] - limits[0]
    share = (values - low) / width
    mean = float(share.mean())
    residuals = np.bincount(code, share - mean, clusters)
    variance = clusters / (clusters - 1) * float(residuals @ residuals) / values.size**2
    scaled = _score(mean, mean * (1 - mean) / variance if variance > 0 else clusters)
    value, start, end = (low + width * part for part in (scaled.value, scaled.low, scaled.high))
    return Estimate(value, start, end, clusters, "Wilson, clustered by consumer")


def quantile(values: NDArray[np.float64], level: float) -> Estimate | None:
    """Return the *level* quantile of *values* with the interval between two order statistics.

    Source: David & Nagaraja, Order Statistics, 2003, section 7.1, https://doi.org/10.1002/0471722162.
    """
    if values.size < MIN_OBSERVATIONS:
        return None
    from scipy.stats import binom

    ordered = np.sort(values)
    ranks = binom.ppf([(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], ordered.size, level)
    low, high = (int(min(max(rank, 0), ordered.size - 1)) for rank in ranks)
    middle = float(np.quantile(ordered, level))
    ends = min(middle, float(ordered[max(low - 1, 0)])), max(middle, float(ordered[high]))
    return Estimate(middle, *ends, ordered.size, "order statistics")


def dot(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return the sum of products; in one thread, unlike BLAS, whose threads cost more than they give here."""
    return float(np.einsum("i,i->", a, b))


Statistics = Callable[["NDArray[np.float64]"], "list[float]"]
"""From the number of times that each observation was drawn to some statistics."""


def bootstrap(size: int, statistics: Statistics, seed: int = 0) -> list[Estimate | None]:
    """Return the statistics of *size* observations with percentile bootstrap intervals.

    *statistics* is called with the number of times that each observation was drawn, first once each.
    1,000 resamples, fewer (at least 200) above 5,000 observations. Source: Efron 1979,
    https://doi.org/10.1214/aos/1176344552.

    Returns:
        One estimate per statistic, each None where there are too few observations.
    """
    values = statistics(np.ones(size))
    if size < MIN_OBSERVATIONS:
        return [None] * len(values)
    rng = np.random.default_rng(seed)
    resamples = int(np.clip(_MAX_DRAWS // size, *_RESAMPLES))
    resampled = np.array([statistics(_drawn(rng, size)) for _ in range(resamples)])
    ends = np.quantile(resampled, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], axis=0)
    method = f"bootstrap, {resamples:,} resamples"
    return [
        Estimate(value, min(value, float(low)), max(value, float(high)), size, method)
        for value, low, high in zip(values, *ends, strict=True)
    ]


def mean_by(values: NDArray[np.float64], cluster: NDArray[Any]) -> Estimate | None:
    """Return the mean of *values*, resampling whole clusters (integer codes); None for too few clusters."""
    _, code = np.unique(cluster, return_inverse=True)
    count = np.bincount(code).astype(np.float64)
    total = np.bincount(code, values).astype(np.float64)
    return bootstrap(count.size, lambda times: [dot(times, total) / dot(times, count)])[0] if count.size else None


def _drawn(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    return np.bincount(rng.integers(0, size, size), minlength=size).astype(np.float64)


def number_text(value: float, form: str = "") -> str:
    """Return *value* by the format *form*; "" and "+" (with its sign) give three digits, or all whole ones."""
    if form not in ("", "+"):
        return form.format(value)
    return f"{value:{form},.0f}" if abs(value) >= 1000 else f"{value:{form}.3g}"


def estimate_text(estimate: Estimate | None, form: str = "", otherwise: str = "") -> str:
    """Return an estimate with its interval in words, each number by *form* (see :func:`number_text`).

    Without an estimate it is *otherwise*, the reason; by default there were too few observations.
    """
    if estimate is None:
        return otherwise or TOO_FEW
    return f"{number_text(estimate.value, form)} ({range_text(estimate.low, estimate.high, form)})"


def range_text(low: float, high: float, form: str = "") -> str:
    """Return an interval in words, each number by *form* (see :func:`number_text`).

    Example:
        >>> range_text(1.0, 2.5), range_text(84.5, math.inf, "+"), range_text(-math.inf, math.inf)
        ('1 to 2.5', '+84.5 or more', 'of any size')
    """
    if math.isinf(low) and math.isinf(high):
        return "of any size"
    if math.isinf(high):
        return f"{number_text(low, form)} or more"
    if math.isinf(low):
        return f"{number_text(high, form)} or less"
    return f"{number_text(low, form)} to {number_text(high, form)}"
