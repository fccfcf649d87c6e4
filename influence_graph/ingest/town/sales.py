"""Sales per brand, segment and day, and the concerts that raise them by a planted amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.ingest.town.cascades import popularity
from influence_graph.ingest.town.random import Array, stream

if TYPE_CHECKING:
    from influence_graph.ingest.town.parameters import TownParameters

SEGMENTS = ("Eastfield", "Northport", "Riverton", "Westbrook")
_LIFT_DAYS = 7
_NOISE = 0.05


@dataclass(frozen=True)
class Concerts:
    """Concerts in the evening of ``day``; sales of ``segment`` rise by ``per_day`` on the ``days`` after."""

    brand: Array
    day: Array
    segment: Array
    per_day: Array
    days: int = _LIFT_DAYS

    def __len__(self) -> int:
        return len(self.brand)


def base_sales(parameters: TownParameters) -> Array:
    """Return mean sales per day without weekday, trend or concert; shape (brands, segments)."""
    share = stream(parameters.seed, "segments").dirichlet(np.full(len(SEGMENTS), 20.0), parameters.brands)
    base: Array = 400.0 * np.sqrt(popularity(parameters) / popularity(parameters)[0])[:, None] * share
    return base


def plan_concerts(parameters: TownParameters) -> Concerts:
    """Return one concert per eight brands, each in one segment and in the middle of the period."""
    rng = stream(parameters.seed, "concerts")
    count = max(1, parameters.brands // 8)
    brand = np.sort(rng.permutation(parameters.brands)[:count])
    segment = rng.integers(0, len(SEGMENTS), count)
    latest = max(parameters.days // 2 + 1, int(parameters.days * 0.7))
    day = rng.integers(parameters.days // 2, latest, count)
    per_day = np.round(base_sales(parameters)[brand, segment] * rng.uniform(0.25, 0.6, count), 2)
    return Concerts(brand, day, segment, per_day)


def daily_sales(parameters: TownParameters, concerts: Concerts) -> Array:
    """Return sales of shape (brands, segments, days): base, weekday, trend, 5 % noise and concerts."""
    rng = stream(parameters.seed, "sales")
    days = np.arange(parameters.days)
    weekend = (days + parameters.start.weekday()) % 7 >= 5
    season = (1 + 0.2 * weekend) * (1 + 0.1 * days / parameters.days)
    base = base_sales(parameters)[:, :, None]
    sales = base * (season + _NOISE * rng.standard_normal((parameters.brands, len(SEGMENTS), parameters.days)))
    for brand, day, segment, per_day in zip(
        concerts.brand, concerts.day, concerts.segment, concerts.per_day, strict=True
    ):
        sales[brand, segment, day + 1 : day + 1 + concerts.days] += per_day
    return np.round(np.maximum(sales, 0.0), 2)
