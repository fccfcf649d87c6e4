"""When an effect began: all windows of days in which it may have been, under the likelihood of the days without it.

An effect of the same size on each day from lag a to lag b, and on no other, moves the gaps between actual and
counterfactual days by δ u, u being 1 on these days. Given an error model the gaps are a multivariate t around it. δ is
integrated (flat, in the unit of its own error, so that short and long windows are alike), the error models by what the
days before say of them; every lag a is as likely before the data, and every end b ≥ a given a. What results is the
chance of each lag. Whether there is anything to date is a test of its own: the largest of the standardized effects of
all windows, against that of drawn courses without an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.lift.predictive import Ahead

    Floats = NDArray[np.float64]

LEVEL = 0.05
"""p up to this is clear, in all designs; intervals hold 1 less it."""
_CHUNK = 4_000_000  # numbers held at once while windows of drawn courses are looked at


@dataclass(frozen=True, eq=False)
class Onset:
    """The lag of the first day of an effect: day 0 is that of the event.

    Attributes:
        p: How often courses without an event have a window that stands out as much, of all windows.
        chances: Shape (days,): the chance of each lag, if there is an effect.
        likeliest: The likeliest lag.
        lags: The lags that together have a chance of 95 % or more, likeliest first taken; ascending.
    """

    p: float
    chances: Floats
    likeliest: int
    lags: tuple[int, ...]

    @property
    def clear(self) -> bool:
        """Whether there is an effect to date (p up to 0.05), and a lag that it cannot have."""
        return self.p <= LEVEL and (len(self.lags) < self.chances.size or self.chances.size == 1)


def onset_of(ahead: Ahead, actual: Floats, courses: Floats) -> Onset:
    """Return when an effect on the days *actual* began.

    Args:
        ahead: The days without it.
        actual: Shape (days,).
        courses: Shape (draws, days): drawn courses without it.
    """
    chances = _chances(ahead, actual)
    likeliest, lags = likeliest_lags(chances)
    return Onset(_scan_p(ahead, actual, courses), chances, likeliest, lags)


def likeliest_lags(chances: Floats) -> tuple[int, tuple[int, ...]]:
    """Return the likeliest lag, and the likeliest that together have a chance of 95 % or more, ascending.

    Args:
        chances: Shape (days,): the chance of each, of sum 1.
    """
    order = np.argsort(-chances, kind="stable")
    enough = int(np.searchsorted(np.cumsum(chances[order]), 1 - LEVEL)) + 1
    return int(order[0]), tuple(sorted(order[:enough].tolist()))


def _chances(ahead: Ahead, actual: Floats) -> Floats:
    """Return the chance of each lag."""
    days = actual.size
    gap = actual - ahead.location
    precision: Floats = np.linalg.inv(ahead.covariance).astype(np.float64)
    pulled = np.einsum("ghk,gk->gh", precision, gap)
    squares = np.einsum("gh,gh->g", gap, pulled)[:, None, None]
    explained = _window_sums(pulled) ** 2 / _window_blocks(precision)
    left = np.log1p(np.maximum(squares - explained, 0.0) / ahead.freedom)
    log_det = np.linalg.slogdet(ahead.covariance)[1][:, None, None]
    with np.errstate(divide="ignore"):
        log_chance = np.log(ahead.weight)[:, None, None] - log_det / 2 - (ahead.freedom + days - 1) / 2 * left
    first, last = np.triu_indices(days)
    chance = np.exp(log_chance[:, first, last] - log_chance[:, first, last].max()) / (days - first)
    by_lag = np.bincount(first, chance.sum(axis=0), days).astype(np.float64)
    chances: Floats = by_lag / by_lag.sum()
    return chances


def _window_sums(days: Floats) -> Floats:
    """Return the sum of each window of the last axis, [a, b] for the days from a to b; what has a > b is nonsense."""
    sums = np.cumsum(days, axis=-1)
    before = np.concatenate([np.zeros_like(sums[..., :1]), sums[..., :-1]], axis=-1)
    windows: Floats = sums[..., None, :] - before[..., :, None]
    return windows


def _window_blocks(matrix: Floats) -> Floats:
    """Return the sum of each block [a, b] × [a, b] of matrices; what has a > b is 1."""
    days = matrix.shape[-1]
    sums = np.zeros((*matrix.shape[:-2], days + 1, days + 1))
    sums[..., 1:, 1:] = matrix.cumsum(axis=-1).cumsum(axis=-2)
    start, end = np.arange(days)[:, None], np.arange(1, days + 1)[None, :]
    blocks = sums[..., end, end] - sums[..., start, end] - sums[..., end, start] + sums[..., start, start]
    return np.where(start < end, blocks, 1.0)


def _scan_p(ahead: Ahead, actual: Floats, courses: Floats) -> float:
    """Return how often the window of *courses* that stands out most stands out as much as that of *actual*."""
    mean = np.einsum("g,gh->h", ahead.weight, ahead.location)
    apart = ahead.location - mean
    spread = ahead.covariance + apart[:, :, None] * apart[:, None, :]
    precision = np.linalg.inv(np.einsum("g,ghk->hk", ahead.weight, spread))
    size = np.sqrt(_window_blocks(precision))
    seen = float(_stands_out((actual - mean)[None, :] @ precision, size)[0])
    step = max(1, _CHUNK // size.size)
    parts = [courses[place : place + step] for place in range(0, len(courses), step)]
    drawn = np.concatenate([_stands_out((part - mean) @ precision, size) for part in parts])
    return float((1 + np.count_nonzero(drawn >= seen)) / (1 + drawn.size))


def _stands_out(pulled: Floats, size: Floats) -> Floats:
    """Return the largest standardized effect of all windows of each row."""
    first, last = np.triu_indices(len(size))
    effects = np.abs(_window_sums(pulled)[:, first, last]) / size[first, last]
    largest: Floats = effects.max(axis=1)
    return largest
