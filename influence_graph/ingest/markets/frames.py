"""A market as data frames, with ids as categories."""

from __future__ import annotations

import numpy as np
import pandas as pd

from influence_graph.ingest.markets.arrays import MarketArrays
from influence_graph.ingest.markets.campaigns import KINDS
from influence_graph.ingest.town.random import Array
from influence_graph.ingest.worlds.frames import named
from influence_graph.model.records import TIE_KINDS


def people_frame(market: MarketArrays) -> pd.DataFrame:
    """Return the columns id, segment: one row per person."""
    return pd.DataFrame({"id": market.person_ids, "segment": named(market.population.segment, market.segment_ids)})


def ties_frame(market: MarketArrays) -> pd.DataFrame:
    """Return the columns source, target, kind: one row per tie; a friendship is one row."""
    ties = market.population.ties
    return pd.DataFrame(
        {
            "source": named(ties.source, market.person_ids),
            "target": named(ties.target, market.person_ids),
            "kind": named(ties.kind, TIE_KINDS),
        }
    )


def daily_frame(market: MarketArrays, values: Array) -> pd.DataFrame:
    """Return the columns brand, segment, date, value of *values*, shape (b, s, d)."""
    brand, segment, day = (index.ravel() for index in np.indices(values.shape))
    return pd.DataFrame(
        {
            "brand": named(brand, market.brand_ids),
            "segment": named(segment, market.segment_ids),
            "date": dates(market, day),
            "value": values.ravel(),
        }
    )


def campaigns_frame(market: MarketArrays) -> pd.DataFrame:
    """Return the columns campaign, brand, segment, date, kind: one row per campaign and treated segment."""
    planned = market.planned
    campaign, segment = np.nonzero(planned.treated)
    return pd.DataFrame(
        {
            "campaign": named(campaign, market.campaign_ids),
            "brand": named(planned.brand[campaign], market.brand_ids),
            "segment": named(segment, market.segment_ids),
            "date": dates(market, planned.day[campaign]),
            "kind": named(planned.kind[campaign], KINDS),
        }
    )


def dates(market: MarketArrays, day: Array) -> pd.DatetimeIndex:
    """Return the dates *day* days after the start."""
    return pd.DatetimeIndex((np.datetime64(market.parameters.start, "D") + day).astype("datetime64[s]"))
