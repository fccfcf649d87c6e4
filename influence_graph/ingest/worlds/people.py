"""The people of a world: where they live, what they like, and when they are active."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.town.random import Array, stream, weighted
from influence_graph.ingest.worlds.parameters import WorldParameters

CITIES = ("Ashford", "Brookvale", "Cedarton", "Dunmore", "Eastfield", "Fairhaven")
_CITY_SHARES = np.array([0.34, 0.22, 0.16, 0.12, 0.09, 0.07])
_COMMUNITY_SIZE = 80
_TASTE_SIZE = 250
_TASTES_OF_A_COMMUNITY = 3
_COMMON_TASTE_SHARE = 0.5
_PERIOD_DAYS = 91
_MOST_PERIODS = 60
_UNEVENNESS = 1.1
_BURSTINESS = 0.6
_FAME_SPREAD = 1.0
_FAME_OF_ACTIVITY = 0.3


@dataclass(frozen=True)
class People:
    """People 0 to n-1.

    Attributes:
        community: int (n,), the community of each.
        city: int (n,), index into :data:`CITIES`; a community lives in one city.
        taste: int (n,), a hidden taste; tastes cut across communities.
        fame: float (n,), how much each draws followers.
        activity: float (periods, n), how active each is per period; most of them in few periods.
        burst: float (periods, n), the part of the period at which each is busiest, 0 to 1.
        communities: number of communities.
        tastes: number of tastes.
        period_days: days of a period.
    """

    community: Array
    city: Array
    taste: Array
    fame: Array
    activity: Array
    burst: Array
    communities: int
    tastes: int
    period_days: float

    @property
    def size(self) -> int:
        """Number of people."""
        return len(self.community)

    def period(self, day: Array) -> Array:
        """Return the period of each *day*."""
        return np.minimum((day / self.period_days).astype(np.int64), len(self.activity) - 1)

    def at_burst(self, user: Array, day: Array) -> Array:
        """Return the moments at which *user* is busiest in the periods of *day*."""
        period = self.period(day)
        moment: Array = (period + self.burst[period, user]) * self.period_days
        return moment


def populate(parameters: WorldParameters) -> People:
    """Return the people of *parameters*."""
    n = parameters.people
    rng = stream(parameters.seed, "world people")
    communities, tastes = max(6, n // _COMMUNITY_SIZE), min(max(8, n // _TASTE_SIZE), 400)
    sizes = rng.lognormal(0.0, 0.5, communities)
    community = weighted(rng, sizes / sizes.sum(), n)
    city = weighted(rng, _CITY_SHARES, communities)[community]
    common = rng.integers(0, tastes, (communities, _TASTES_OF_A_COMMUNITY))
    shared = common[community, rng.integers(0, _TASTES_OF_A_COMMUNITY, n)]
    taste = np.where(rng.random(n) < _COMMON_TASTE_SHARE, shared, rng.integers(0, tastes, n))
    periods = min(max(parameters.days // _PERIOD_DAYS, 1), _MOST_PERIODS)
    level = rng.standard_normal(n)
    bursts = rng.standard_gamma(_BURSTINESS, (periods, n)) / _BURSTINESS
    return People(
        community=community,
        city=city,
        taste=taste,
        fame=np.exp(_FAME_OF_ACTIVITY * level + _FAME_SPREAD * rng.standard_normal(n)),
        activity=np.exp(_UNEVENNESS * level) * (0.05 + bursts),
        burst=rng.random((periods, n), np.float32),
        communities=communities,
        tastes=tastes,
        period_days=parameters.days / periods,
    )
