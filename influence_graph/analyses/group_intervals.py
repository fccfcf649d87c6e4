"""Estimates of many groups in one pass: what :mod:`influence_graph.analyses.intervals` says of one, for each brand.

Each function returns columns of the same length, one value per group; below ``MIN_OBSERVATIONS`` independent
observations there is NaN. That both modules agree is tested group by group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.analyses.intervals import MIN_OBSERVATIONS, Z

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Columns(NamedTuple):
    """Values of groups with the ends of their 95 % intervals, shape (groups,); NaN where observations are too few."""

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def wilson_each(successes: NDArray[np.float64], trials: NDArray[np.float64]) -> Columns:
    """Return the share *successes* / *trials* of each group with Wilson's score interval.

    Source: Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953.
    """
    share = successes / np.maximum(trials, 1)
    return _known(_score(share, np.maximum(trials, 1)), trials >= MIN_OBSERVATIONS)


def clustered_each(
    total: NDArray[np.float64], count: NDArray[np.float64], group: NDArray[np.integer], groups: int
) -> Columns:
    """Return the share of successes in each group, allowing for correlation within a cluster.

    The method is that of :func:`~influence_graph.analyses.intervals.clustered_mean` for shares.

    Args:
        total: Number of successes of each cluster of a group, at most *count*.
        count: Number of events of each cluster of a group, above 0.
        group: The group of each cluster.
        groups: Number of groups.
    """
    clusters = np.bincount(group, minlength=groups).astype(np.float64)
    events = _sums(group, count, groups)
    share = _sums(group, total, groups) / np.maximum(events, 1)
    squares = _sums(group, (total - share[group] * count) ** 2, groups)
    return _clustered(share, squares, events, clusters)


def parts_of_all(
    total: NDArray[np.float64], cluster: NDArray[np.integer], group: NDArray[np.integer], groups: int
) -> Columns:
    """Return the share of each group in all events, allowing for correlation within a cluster.

    Every cluster is an observation of every group, those without an event in it included: the sum of squared
    residuals Σ (x - p·n)² of a group needs the pairs with x > 0 alone, for all others add up to p²·Σ n².

    Args:
        total: Number of events of each pair of a cluster and a group, above 0; each pair once.
        cluster: The cluster of each pair, an index.
        group: The group of each pair.
        groups: Number of groups.
    """
    size = np.bincount(cluster, total)
    size = size[size > 0] if size.size else size
    clusters, events = float(size.size), float(total.sum())
    share = _sums(group, total, groups) / max(events, 1.0)
    of_pair = np.bincount(cluster, total)[cluster] if total.size else total
    squares = _sums(group, total**2, groups) - 2 * share * _sums(group, total * of_pair, groups)
    squares += share**2 * float(size @ size)
    whole = np.ones(groups)
    return _clustered(share, np.maximum(squares, 0.0), whole * events, whole * clusters)


def student_each(values: NDArray[np.float64], group: NDArray[np.integer], groups: int) -> Columns:
    """Return the mean of each group with Student's t interval.

    Source: Student 1908, https://doi.org/10.1093/biomet/6.1.1.
    """
    from scipy.stats import t

    count = np.bincount(group, minlength=groups).astype(np.float64)
    mean = _sums(group, values, groups) / np.maximum(count, 1)
    squares = _sums(group, (values - mean[group]) ** 2, groups)
    free = np.maximum(count - 1, 1)
    half = t.ppf(0.975, free) * np.sqrt(squares / free / np.maximum(count, 1))
    return _known(Columns(mean, mean - half, mean + half), count >= MIN_OBSERVATIONS)


def _sums(group: NDArray[np.integer], values: NDArray[np.float64], groups: int) -> NDArray[np.float64]:
    return np.bincount(group, values, groups).astype(np.float64)


def _clustered(
    share: NDArray[np.float64],
    squares: NDArray[np.float64],
    events: NDArray[np.float64],
    clusters: NDArray[np.float64],
) -> Columns:
    """Return shares with the score interval at the number of independent events that has their variance."""
    variance = clusters / np.maximum(clusters - 1, 1) * squares / np.maximum(events, 1) ** 2
    spread = share * (1 - share)
    varies = (variance > 0) & (spread > 0)
    trials = np.where(varies, spread / np.where(varies, variance, 1.0), np.maximum(clusters, 1))
    return _known(_score(share, trials), clusters >= MIN_OBSERVATIONS)


def _score(share: NDArray[np.float64], trials: NDArray[np.float64]) -> Columns:
    spread = Z * np.sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2))
    middle, scale = share + Z**2 / (2 * trials), 1 + Z**2 / trials
    low, high = np.maximum(0.0, (middle - spread) / scale), np.minimum(1.0, (middle + spread) / scale)
    return Columns(share, np.minimum(low, share), np.maximum(high, share))


def _known(columns: Columns, known: NDArray[np.bool_]) -> Columns:
    return Columns(*(np.where(known, each, np.nan) for each in columns))
