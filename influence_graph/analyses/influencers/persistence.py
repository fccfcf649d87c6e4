"""How long after a person took something up others still follow: the half-life of the excess, with an interval.

Delays are taken to be exponential, from the person's own adoption on; of each lag only the share counts that the
records still cover, as late followers of late adoptions are missing. Adoptions in short bins of lags are Poisson around
the background and that excess, spread more widely by the factor that they show (quasi-likelihood, McCullagh and Nelder
1989); the half-life is the most likely one, its interval where twice the log likelihood is less by at most that factor
times the 95 % quantile of χ² (Wilks 1938, https://doi.org/10.1214/aoms/1177732360).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.influencers.evidence import AFTER, BASELINE, O
from influence_graph.analyses.influencers.inputs import DAY
from influence_graph.kernels.influencers.audience import detail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.influencers.audience import World

    Floats = NDArray[np.float64]

_SHORTEST, _LONGEST = 0.25, 400.0  # half-lives that are tried: in days, and in lengths of the records
_STEPS = 300
_NEWTON = 25
_QUANTILE = 3.841458820694124  # of χ² with one degree of freedom, at 95 %
_EDGES = np.array([1, 2, 4, 7, 11, 16, 23, 30, 45, 60, 90, 120, 180, 270, 365, 547, 730, 1095, 1826, 3652, 7305]) * DAY


@dataclass(frozen=True)
class HalfLife:
    """Seconds within which half of those who follow do, with the ends of the 95 % interval; NaN without an excess.

    ``high`` is ∞ where the records are too short to tell an end: then the half-life is at least ``low``.
    """

    value: float
    low: float
    high: float


def watched(world: World, v: int) -> Floats:
    """Return the share of each bin of ``world.lags`` that the records cover after *v*'s adoptions, from 0 to 1."""
    lags = world.lags[:-1]
    last = max(world.last - world.first, float(lags.max(initial=0.0)) + 1.0)
    edges = np.concatenate([[0.0], lags, [last]])
    left = _left(world, v)
    if not left.size:
        return np.zeros(edges.size - 1)
    shares: Floats = np.clip((left[:, None] - edges[:-1]) / np.diff(edges), 0.0, 1.0).mean(axis=0)
    return shares


def _left(world: World, v: int) -> Floats:
    """Return how long the records go on after each of *v*'s adoptions."""
    places = world.taken.place[world.taken.start[v] : world.taken.start[v + 1]]
    left: Floats = world.last - world.events.times[places]
    return left


def half_life(world: World, v: int, rates: Floats) -> HalfLife:
    """Return the half-life of what *v* causes.

    Args:
        world: All people and events.
        v: Index of a person.
        rates: By bin of ``world.lags``, what the background is as a multiple of the baseline of the unexposed.
    """
    length = world.last - world.first
    lags = np.append(np.unique(np.concatenate([_EDGES[length > _EDGES], world.lags[:-1]])), np.inf)
    short = world._replace(lags=lags)
    sums = detail(short, v)[0].sum(axis=0)[:, AFTER]
    seen = sums[:, O]
    usual = rates[np.searchsorted(world.lags, lags)] * sums[:, BASELINE]
    known = ~np.isnan(usual)
    if (seen - usual)[known].sum() <= 0:
        return HalfLife(np.nan, np.nan, np.nan)
    halves = np.geomspace(_SHORTEST * DAY, _LONGEST * length, _STEPS)
    low, high = np.concatenate([[0.0], lags[:-1]])[known], lags[known]
    ends = np.clip(_left(world, v)[:, None], low, high)  # (items, bins): how far the records cover each bin
    share = np.exp2(-low / halves[:, None]) - np.exp2(-ends[None] / halves[:, None, None]).mean(axis=1)
    share = np.maximum(share, 0.0)  # rounding may leave less
    logs, spread = _likelihood(seen[known], np.maximum(usual[known], 1e-9), share)
    best = int(np.argmax(logs))
    inside = np.flatnonzero(2 * (logs[best] - logs) <= _QUANTILE * max(spread[best], 1.0))
    ends_seen = inside[-1] < _STEPS - 1
    return HalfLife(float(halves[best]), float(halves[inside[0]]), float(halves[inside[-1]]) if ends_seen else np.inf)


def _likelihood(seen: Floats, usual: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Return, for each row of *share*, the log likelihood at the likeliest number of followers, and Pearson's χ²/df."""
    number = np.maximum((seen - usual).sum() / np.maximum(share.sum(axis=1), 1e-9), 1e-6)
    for _ in range(_NEWTON):
        mean = usual + number[:, None] * share
        slope = (share * (seen / mean - 1.0)).sum(axis=1)
        bend = (share**2 * seen / mean**2).sum(axis=1)
        number = np.clip(number + slope / np.maximum(bend, 1e-12), number / 4, number * 4)
    mean = usual + number[:, None] * share
    spread = ((seen - mean) ** 2 / mean).sum(axis=1) / max(seen.size - 2, 1)
    return (seen * np.log(mean) - mean).sum(axis=1), spread
