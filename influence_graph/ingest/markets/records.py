"""A market as record batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from influence_graph.ingest.batching import event_ids, make_batch, moments, sliced
from influence_graph.ingest.markets.arrays import MarketArrays
from influence_graph.ingest.markets.campaigns import KINDS
from influence_graph.ingest.markets.follows import SECONDS
from influence_graph.ingest.worlds.ties import audiences
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, PEOPLE, SALES, TIE_KINDS, TIES, Batch

_MARKET = "market"
_NOON = SECONDS // 2


def batches(market: MarketArrays, batch_rows: int) -> Iterator[Batch]:
    """Yield the records of *market* kind by kind."""
    for batch in (_people(market), _brands(market), _ties(market)):
        yield from sliced(batch, batch_rows)
    yield from sliced(_interactions(market), batch_rows)
    yield _campaigns(market)
    yield from sliced(_sales(market), batch_rows)


def _people(market: MarketArrays) -> Batch:
    people = market.population
    values = {
        "id": market.person_ids,
        "kind": "consumer",
        "followers": audiences(people.ties, len(people.segment)).sizes(),
        "city": pa.array(market.segment_ids).take(pa.array(people.segment)),
    }
    return make_batch(PEOPLE, values, np.arange(1, len(people.segment) + 1), _MARKET)


def _brands(market: MarketArrays) -> Batch:
    counted = market.demand.counted
    values = {
        "id": market.brand_ids,
        "name": [f"Brand {n}" for n in range(1, len(counted) + 1)],
        "category": np.where(counted, "pieces", "money").tolist(),
    }
    return make_batch(BRANDS, values, np.arange(1, len(counted) + 1), _MARKET)


def _ties(market: MarketArrays) -> Batch:
    ties, people = market.population.ties, pa.array(market.person_ids)
    values = {
        "source": people.take(pa.array(ties.source)),
        "target": people.take(pa.array(ties.target)),
        "kind": pa.array(TIE_KINDS).take(pa.array(ties.kind)),
        "since": moments(market.parameters.start, np.floor(ties.since * SECONDS).astype(np.int64)),
    }
    return make_batch(TIES, values, np.arange(1, len(ties) + 1), _MARKET)


def _interactions(market: MarketArrays) -> Batch:
    follows = market.followed
    values = {
        "event_id": event_ids(f"m{market.parameters.seed}", np.arange(1, len(follows) + 1)),
        "at": moments(market.parameters.start, follows.second),
        "consumer": pa.array(market.person_ids).take(pa.array(follows.user)),
        "brand": pa.array(market.brand_ids).take(pa.array(follows.brand)),
        "kind": "follow",
        "channel": "online",
    }
    return make_batch(INTERACTIONS, values, np.arange(1, len(follows) + 1), _MARKET)


def _campaigns(market: MarketArrays) -> Batch:
    """Return one record per campaign and treated segment, at noon of its day."""
    planned = market.planned
    campaign, segment = np.nonzero(planned.treated)
    pairs = zip(campaign.tolist(), segment.tolist(), strict=True)
    values = {
        "event_id": pa.array([market.event_id(one, where) for one, where in pairs], pa.string()),
        "at": moments(market.parameters.start, planned.day[campaign] * SECONDS + _NOON),
        "brand": pa.array(market.brand_ids).take(pa.array(planned.brand[campaign])),
        "kind": pa.array(KINDS).take(pa.array(planned.kind[campaign])),
        "segment": pa.array(market.segment_ids).take(pa.array(segment)),
        "note": pa.array(market.campaign_ids, pa.string()).take(pa.array(campaign)),
        "day": pa.array(np.datetime64(market.parameters.start, "D") + planned.day[campaign]),
    }
    return make_batch(CAMPAIGNS, values, np.arange(1, len(campaign) + 1), _MARKET)


def _sales(market: MarketArrays) -> Batch:
    brand, segment, day = (index.ravel() for index in np.indices(market.sold.shape))
    values = {
        "brand": pa.array(market.brand_ids).take(pa.array(brand)),
        "date": pa.array(np.datetime64(market.parameters.start, "D") + day),
        "value": market.sold.ravel(),
        "segment": pa.array(market.segment_ids).take(pa.array(segment)),
    }
    return make_batch(SALES, values, np.arange(1, market.sold.size + 1), _MARKET)
