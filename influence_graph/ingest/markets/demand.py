"""What a market sells without campaigns: levels, weekdays, trends, seasons, shared shocks, and noise that lasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.markets.parameters import MarketParameters
from influence_graph.ingest.markets.people import People
from influence_graph.ingest.town.random import Array, stream

_PIECES, _MONEY = (20.0, 120.0), (200.0, 2000.0)
"""Mean sales of a brand per segment and day; logarithms are uniform between."""
_WEEKDAY, _TREND, _SEASON = 0.15, (-0.15, 0.25), (0.05, 0.2)
_YEAR = 365.25
_SHOCKS = {"market": (0.95, 0.03), "region": (0.9, 0.05), "brand": (0.95, 0.06)}
"""Correlation from day to day and spread of what segments and brands share, of logarithms."""
_NOISE, _WHITE = 0.07, 0.05
_HEAVY = 5.0
"""Degrees of freedom of the white noise of money: now and then a day is far out."""
_ALIKE = 16.0
"""Shape of the gamma distribution of how much a series takes part in what is shared; its mean is 1."""


@dataclass(frozen=True)
class Demand:
    """What is sold without campaigns.

    Attributes:
        counted: bool (b,), whether the sales of a brand are counted pieces; else money in cents.
        level: float (b, s), mean sales per day of a brand in a segment, without all that varies.
        expected: float (b, s, d), what the sales of each day are drawn around.
        sales: float (b, s, d), what is sold.
    """

    counted: Array
    level: Array
    expected: Array
    sales: Array


def ar1(rng: np.random.Generator, rho: float, days: int, columns: int) -> Array:
    """Return stationary AR(1) columns of variance 1, shape (days, columns)."""
    series: Array = rng.standard_normal((days, columns)) * np.sqrt(1 - rho**2)
    series[0] /= np.sqrt(1 - rho**2)
    for day in range(1, days):
        series[day] += rho * series[day - 1]
    return series


def sell(parameters: MarketParameters, people: People) -> Demand:
    """Return what is sold to *people* without campaigns."""
    brands, segments = parameters.brands, parameters.segments
    rng = stream(parameters.seed, "market levels")
    counted = rng.permutation(np.arange(brands) < round(parameters.counts * brands))
    low, high = np.where(counted[:, None], _PIECES, _MONEY).T
    size = low * (high / low) ** rng.random(brands)
    share = people.sizes / people.sizes.mean() * rng.gamma(_ALIKE, 1 / _ALIKE, (brands, segments))
    level = size[:, None] * share
    expected = level[:, :, None] * np.exp(_course(parameters, people))
    return Demand(counted, level, expected, _drawn(parameters, counted, expected))


def _course(parameters: MarketParameters, people: People) -> Array:
    """Return the logarithm of what sales of each day are relative to their level, shape (b, s, d)."""
    brands, segments, days = parameters.brands, parameters.segments, parameters.days
    rng = stream(parameters.seed, "market course")
    day = np.arange(days)
    weekday = _WEEKDAY * rng.standard_normal((brands, 7))[:, (day + parameters.start.weekday()) % 7]
    trend = rng.uniform(*_TREND, (brands, 1)) * day / _YEAR
    phase = 2 * np.pi * (day + parameters.start.timetuple().tm_yday) / _YEAR
    season = rng.uniform(*_SEASON, (brands, 1)) * np.sin(phase + 2 * np.pi * rng.random((brands, 1)))
    own = _shock(parameters, "brand", brands) + season
    taken = rng.gamma(_ALIKE, 1 / _ALIKE, (3, brands, segments, 1))
    course: Array = taken[0] * own[:, None, :] + taken[1] * weekday[:, None, :] + trend[:, None, :]
    regions = _shock(parameters, "region", int(people.region.max()) + 1)[people.region]
    course += taken[2] * (regions + _shock(parameters, "market", 1))
    noise = ar1(stream(parameters.seed, "market noise"), parameters.autocorrelation, days, brands * segments)
    course += _NOISE * noise.T.reshape(brands, segments, days)
    return course


def _shock(parameters: MarketParameters, name: str, count: int) -> Array:
    """Return *count* courses of a shock, shape (count, d)."""
    rho, spread = _SHOCKS[name]
    course: Array = spread * ar1(stream(parameters.seed, f"market {name} shocks"), rho, parameters.days, count).T
    return course


def _drawn(parameters: MarketParameters, counted: Array, expected: Array) -> Array:
    """Return pieces, or cents, around what is *expected*."""
    rng = stream(parameters.seed, "market sales")
    sales = np.empty(expected.shape)
    sales[counted] = rng.poisson(expected[counted])
    spread = _WHITE * np.sqrt((_HEAVY - 2) / _HEAVY)
    white = spread * rng.standard_t(_HEAVY, expected[~counted].shape)
    sales[~counted] = np.round(np.maximum(expected[~counted] * (1 + white), 0.0), 2)
    return sales
