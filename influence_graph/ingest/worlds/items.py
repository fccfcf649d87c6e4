"""The items of a world: their popularity, launches and seasons, the fads of groups, and the campaigns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.town.random import Array, stream, weighted, zipf_weights
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.people import CITIES, People

SEASONS = ("all year", "summer", "winter")
_PEAK_DAY = np.array([0.0, 196.0, 15.0])
SWING = np.array([0.0, 0.6, 0.6])
"""By how much the peak of a season is above its mean, as a share of the mean."""
HOLIDAY_LIFT = 1.6
"""How much likelier an adoption is from 1 to 24 December."""
_YEAR_DAYS = 365.25
_HOLIDAYS = (335, 359)
_LAUNCHED_SHARE = 0.5
_COMMUNITY_FADS = 30
_TASTE_FADS = 24
_FAD_DAYS = 100.0
_CAMPAIGNS_PER_ITEM = 0.6
NATIONAL = -1


@dataclass(frozen=True)
class Items:
    """Items 0 to m-1, most popular first.

    Attributes:
        popularity: float (m,), shares that sum to 1.
        launch: float (m,), the day on which it comes out; 0 or less where it was there from the start.
        season: int (m,), index into :data:`SEASONS`.
    """

    popularity: Array
    launch: Array
    season: Array

    def first_day(self, item: Array) -> Array:
        """Return the first day on which each *item* can be had."""
        first: Array = np.maximum(self.launch[item], 0.0)
        return first


@dataclass(frozen=True)
class Fads:
    """What groups take up, and when: *per_group* fads of each group, one group after the other.

    Attributes:
        item: int (f,), what is taken up.
        middle: float (f,), the day around which it is.
        width: float (f,), standard deviation in days.
        per_group: fads of each group.
    """

    item: Array
    middle: Array
    width: Array
    per_group: int


@dataclass(frozen=True)
class Campaigns:
    """Campaigns: for *item* in *city* (or everywhere, ``NATIONAL``), on *days* days from *day* on."""

    item: Array
    city: Array
    day: Array
    days: Array

    def __len__(self) -> int:
        return len(self.item)


def make_items(parameters: WorldParameters) -> Items:
    """Return the items of *parameters*; half of them come out within the days, the last ones before the end."""
    rng = stream(parameters.seed, "world items")
    m = parameters.items
    launched = rng.random(m) < _LAUNCHED_SHARE
    launch = np.where(launched, 0.9 * parameters.days * rng.random(m), -1.0)
    return Items(zipf_weights(m, 0.7), launch, rng.choice(len(SEASONS), m, p=[0.5, 0.25, 0.25]))


def make_fads(parameters: WorldParameters, people: People, items: Items) -> tuple[Fads, Fads]:
    """Return the fads of the communities and those of the tastes."""
    rng = stream(parameters.seed, "world fads")
    return (
        _fads(rng, parameters, items, people.communities, _COMMUNITY_FADS),
        _fads(rng, parameters, items, people.tastes, _TASTE_FADS),
    )


def _fads(rng: np.random.Generator, parameters: WorldParameters, items: Items, groups: int, per_group: int) -> Fads:
    size = groups * per_group
    shares = np.sqrt(items.popularity)
    item = weighted(rng, shares / shares.sum(), size)
    first = items.first_day(item)
    middle = first + (parameters.days - first) * rng.random(size)
    return Fads(item, middle, _FAD_DAYS * rng.lognormal(0.0, 0.6, size), per_group)


def plan_campaigns(parameters: WorldParameters, items: Items) -> Campaigns:
    """Return the campaigns, most of them in one city."""
    rng = stream(parameters.seed, "world campaigns")
    size = max(4, round(parameters.items * _CAMPAIGNS_PER_ITEM * parameters.days / 3652))
    item = weighted(rng, items.popularity, size)
    days = rng.integers(10, 43, size)
    first = items.first_day(item)
    day = np.floor(first + (parameters.days - days - first) * rng.random(size))
    city = np.where(rng.random(size) < 0.25, NATIONAL, rng.integers(0, len(CITIES), size))
    return Campaigns(item, city, np.maximum(day, np.ceil(first)), days)


def season(parameters: WorldParameters, items: Items, item: Array, day: Array) -> Array:
    """Return how likely each *item* is on its *day*, relative to its most likely day."""
    year_day = (parameters.start.timetuple().tm_yday - 1 + day) % _YEAR_DAYS
    which = items.season[item]
    swing = SWING[which]
    wave = 1 + swing * np.cos(2 * np.pi * (year_day - _PEAK_DAY[which]) / _YEAR_DAYS)
    holidays = (year_day >= _HOLIDAYS[0]) & (year_day < _HOLIDAYS[1])
    likely: Array = wave * np.where(holidays, HOLIDAY_LIFT, 1.0) / ((1 + swing) * HOLIDAY_LIFT)
    return likely
