"""Who follows a brand, and when: now and then anybody, and more after some campaigns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.markets.demand import Demand
from influence_graph.ingest.markets.parameters import MarketParameters
from influence_graph.ingest.markets.people import People
from influence_graph.ingest.town.random import Array, stream, zipf_weights
from influence_graph.ingest.worlds.pools import Pools

_POPULAR = 0.5
_DAYS_OF_MEAN = 365
SECONDS = 86_400


@dataclass(frozen=True)
class Follows:
    """Follows of brands, in order of time: ``user``, ``brand``, and ``second`` from the start."""

    user: Array
    brand: Array
    second: Array

    def __len__(self) -> int:
        return len(self.user)


def follow_rate(parameters: MarketParameters, people: People, demand: Demand) -> Array:
    """Return the follows expected without campaigns, shape (b, s, d); they go up and down as the sales do."""
    popular = zipf_weights(parameters.brands, _POPULAR)
    mean = popular[:, None] * people.sizes * parameters.follows_per_person / _DAYS_OF_MEAN
    rate: Array = (mean / demand.level)[:, :, None] * demand.expected
    return rate


def follow(parameters: MarketParameters, people: People, number: Array) -> Follows:
    """Return *number* follows of each brand, segment and day, shape (b, s, d), each by anybody of the segment."""
    rng = stream(parameters.seed, "market followers")
    brand, segment, day = (np.repeat(index.ravel(), number.ravel()) for index in np.indices(number.shape))
    user = Pools(people.segment, np.ones(len(people.segment)), parameters.segments).draw(rng, segment)
    second = day * SECONDS + rng.integers(0, SECONDS, len(day))
    order = np.argsort(second, kind="stable")
    return Follows(user[order], brand[order], second[order])
