"""Whether a person is early in what others take up anyway: a trend, which looks like influence on those who see them.

Where people who cannot see a person take up the same things soon after as well, those who see them may do so for the
same reason. For each item the unexposed who took it up within some days of the person are split into before and after;
their balance, weighted by how many of the audience took it up after, in as many days, is 0 where the person's date says
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from influence_graph.analyses.influencers.inputs import DAY
from influence_graph.analyses.intervals import dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.learning.log import ActionLog
    from influence_graph.kernels.influencers.audience import World

TREND_DAYS = 180.0
TREND_P = 0.05
"""At this p or below a person is ahead of a trend, and not found."""
_ROUNDING = 1.0  # seconds
_LEAST_NEAR = 5
_LEAST_ITEMS = 4


@dataclass(frozen=True)
class Trend:
    """How many of those who do not see a person took up the same things after, of all who did near the person's date.

    Attributes:
        after: The share, weighted by item; 0.5 where the person is not ahead of them.
        p: One-sided p of a share above 0.5, by Student's t over the items; 1 where too few items can tell.
    """

    after: float
    p: float


def trend_of(world: World, log: ActionLog, v: int) -> Trend:
    """Return whether *v* is ahead of people who cannot see *v*.

    Before and after are equally long for each item: up to :data:`TREND_DAYS`, within the records and since the item
    was first taken up by anybody, so that a launch makes nobody ahead. Items are independent, each with the balance
    (after - before) / (after + before); degrees of freedom are those of the effective number of items (Kish 1965).
    """
    taken = world.taken
    sees = np.zeros(world.people.stratum.size, dtype=np.bool_)
    sees[[v, *_audience(world, v)]] = True
    balances, weights = [], []
    for place in range(taken.start[v], taken.start[v + 1]):
        item, at = taken.items[place], world.events.times[taken.place[place]]
        times = log.times[log.offsets[item] : log.offsets[item + 1]]
        near = min(TREND_DAYS * DAY, world.last - at, at - float(times[0]))
        low, high = np.searchsorted(times, [at - near - _ROUNDING, at + near + _ROUNDING])
        users, times = log.users[log.offsets[item] + low : log.offsets[item] + high], times[low:high]
        followed = users[sees[users] & (times > at) & (times <= at + near) & (users != v)]
        free = ~sees[users] & (times != at) & (np.abs(times - at) <= near)
        more, less = int((free & (times > at)).sum()), int((free & (times < at)).sum())
        if more + less >= _LEAST_NEAR and followed.size:
            balances.append((more - less) / (more + less))
            weights.append(float(followed.size))
    if len(balances) < _LEAST_ITEMS:
        return Trend(np.nan, 1.0)
    return _tested(np.array(balances), np.array(weights))


def _tested(balances: NDArray[np.float64], weights: NDArray[np.float64]) -> Trend:
    total, items = weights.sum(), balances.size
    mean = dot(weights, balances) / total
    spread = dot(weights**2, (balances - mean) ** 2) * items / (items - 1)
    effective = total**2 / (weights**2).sum()
    error = np.sqrt(spread) / total
    p = float(stdtr(effective - 1, -mean / error)) if error > 0 else float(mean <= 0)
    return Trend((1 + mean) / 2, p)


def _audience(world: World, v: int) -> NDArray[np.int64]:
    return world.audience.person[world.audience.start[v] : world.audience.start[v + 1]]
