"""The truth about a market, as JSON values: what each campaign was, and what it caused where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from influence_graph.ingest.generated import plain_parameters
from influence_graph.ingest.markets.arrays import MarketArrays
from influence_graph.ingest.markets.campaigns import KINDS, SHAPES
from influence_graph.ingest.town.random import Array


def truth(market: MarketArrays) -> dict[str, Any]:
    """Return parameters, campaigns with what each caused, segments with their ties, brands, and counts."""
    overlapping = market.planned.overlapping
    return {
        "parameters": plain_parameters(market.parameters),
        "campaigns": [_campaign(market, n, overlapping[n]) for n in range(len(market.planned))],
        "segments": _segments(market),
        "brands": {
            brand: {"counted": counted, "sales": round(float(sales), 2)}
            for brand, counted, sales in zip(
                market.brand_ids, market.demand.counted.tolist(), market.sold.sum(axis=(1, 2)), strict=True
            )
        },
        "counts": {
            "people": market.parameters.people,
            "ties": len(market.population.ties),
            "follows": len(market.followed),
            "sales": market.sold.size,
            "campaigns": len(market.planned),
            "caused": round(float(market.effects.sales.sum()), 2),
            "caused_follows": int(market.effects.follows.sum()),
        },
    }


def _campaign(market: MarketArrays, number: int, overlapping: Array) -> dict[str, Any]:
    """Return what one campaign was, what it caused where it was, and what spilled over to segments tied to these."""
    planned, treated = market.planned, market.planned.treated[number]
    day, lag = int(planned.day[number]), int(planned.lag[number])
    sales, follows = market.effects.sales[number].sum(axis=1), market.effects.follows[number].sum(axis=1)
    acts = bool(planned.size[number] > 0)
    return {
        "id": market.campaign_ids[number],
        "event_ids": [market.event_id(number, segment) for segment in np.flatnonzero(treated).tolist()],
        "kind": KINDS[int(planned.kind[number])],
        "brand": market.brand_ids[int(planned.brand[number])],
        "segments": [market.segment_ids[segment] for segment in np.flatnonzero(treated).tolist()],
        "date": (market.parameters.start + timedelta(days=day)).isoformat(),
        "nothing": not acts,
        "lag": lag,
        "first_day": (market.parameters.start + timedelta(days=day + lag)).isoformat(),
        "days": int(planned.length[number]),
        "shape": SHAPES[int(planned.shape[number])],
        "size": round(float(planned.size[number]), 4),
        "caused": _by_segment(market, sales, treated),
        "caused_total": round(float(sales[treated].sum()), 2),
        "spillover": _by_segment(market, sales, ~treated & (sales > 0)),
        "spillover_total": round(float(sales[~treated].sum()), 2),
        "follows": _by_segment(market, follows, treated),
        "follows_total": int(follows.sum()),
        "repeated": bool(planned.repeated[number]),
        "overlaps": [market.campaign_ids[other] for other in np.flatnonzero(overlapping).tolist()],
    }


def _by_segment(market: MarketArrays, values: Array, which: Array) -> dict[str, float]:
    return {market.segment_ids[n]: round(values[n].item(), 2) for n in np.flatnonzero(which).tolist()}


def _segments(market: MarketArrays) -> list[dict[str, Any]]:
    """Return each segment: region, people, neighbors, and the share of its people who see somebody of another one."""
    people, sizes = market.population, market.population.sizes
    sees = np.zeros((len(sizes), len(sizes)))
    np.add.at(sees, (people.segment[people.seer], people.seen), 1.0)
    sees /= sizes[:, None]
    sees[np.diag_indices(len(sizes))] = 0.0
    return [
        {
            "id": name,
            "region": int(people.region[n]) + 1,
            "people": int(sizes[n]),
            "neighbors": [market.segment_ids[other] for other in np.flatnonzero(people.neighbors[n]).tolist()],
            "sees": {market.segment_ids[other]: round(float(sees[n, other]), 4) for other in np.flatnonzero(sees[n])},
        }
        for n, name in enumerate(market.segment_ids)
    ]
