"""What campaigns add to sales and follows, day by day, where they are and in segments tied to these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.markets.campaigns import LONGEST, Campaigns
from influence_graph.ingest.markets.demand import Demand
from influence_graph.ingest.markets.parameters import MarketParameters
from influence_graph.ingest.markets.people import People
from influence_graph.ingest.town.random import Array, stream

_UNEVEN = 25.0
"""Shape of the gamma distribution of what a day of an effect on money is, relative to its mean."""


@dataclass(frozen=True)
class Effects:
    """What each campaign adds.

    Attributes:
        share: float (c, s), what a segment feels of each campaign: 1 where it is, less in segments tied to these.
        sales: float (c, s, LONGEST), what it adds to the sales of its brand from the first day of its effect on.
        follows: int (c, s, LONGEST), what it adds to the follows of its brand, only where it is.
    """

    share: Array
    sales: Array
    follows: Array


def cause(
    parameters: MarketParameters, people: People, demand: Demand, campaigns: Campaigns, follow_rate: Array
) -> Effects:
    """Return what *campaigns* add to *demand*, and to the follows expected by *follow_rate*, shape (b, s, d)."""
    tied = [people.reached(treated) for treated in campaigns.treated]
    felt = np.array(tied).reshape(campaigns.treated.shape)
    share = np.where(campaigns.treated, 1.0, parameters.spillover * felt)
    rise = campaigns.profile[:, None, :] * share[:, :, None]
    expected = _cut(demand.expected, campaigns) * rise * campaigns.size[:, None, None]
    rng = stream(parameters.seed, "market effects on sales")
    money = np.round(expected * rng.gamma(_UNEVEN, 1 / _UNEVEN, expected.shape), 2)
    pieces = stream(parameters.seed, "market effects on pieces").poisson(expected)
    here = campaigns.profile[:, None, :] * campaigns.treated[:, :, None] * campaigns.follows[:, None, None]
    rng = stream(parameters.seed, "market effects on follows")
    return Effects(
        share=np.where(campaigns.size[:, None] > 0, share, 0.0),
        sales=np.where(demand.counted[campaigns.brand][:, None, None], pieces, money),
        follows=rng.poisson(_cut(follow_rate, campaigns) * here),
    )


def with_effects(without: Array, campaigns: Campaigns, added: Array) -> Array:
    """Return what there is with campaigns, shape (b, s, d).

    Args:
        without: shape (b, s, d).
        campaigns: the campaigns.
        added: shape (c, s, LONGEST), what each adds from the first day of its effect on.
    """
    total = without.copy()
    brand, segment, day = _places(campaigns, without.shape)
    inside = day < without.shape[2]
    np.add.at(total, tuple(np.broadcast_arrays(brand, segment, np.where(inside, day, 0))), np.where(inside, added, 0))
    return total


def _cut(values: Array, campaigns: Campaigns) -> Array:
    """Return *values* of each campaign's brand on the days of its effect, shape (c, s, LONGEST); 0 after the end."""
    brand, segment, day = _places(campaigns, values.shape)
    last = values.shape[2] - 1
    found: Array = np.where(day <= last, values[brand, segment, np.minimum(day, last)], 0.0)
    return found


def _places(campaigns: Campaigns, shape: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Return brand, segment and day of all that campaigns can touch, to be broadcast together."""
    first = (campaigns.day + campaigns.lag)[:, None, None]
    return campaigns.brand[:, None, None], np.arange(shape[1])[None, :, None], first + np.arange(LONGEST)
