"""From parameters to a market, and from the market to frames and record batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from influence_graph.ingest.markets import frames
from influence_graph.ingest.markets.arrays import MarketArrays
from influence_graph.ingest.markets.campaigns import plan
from influence_graph.ingest.markets.demand import sell
from influence_graph.ingest.markets.effects import cause, with_effects
from influence_graph.ingest.markets.follows import follow, follow_rate
from influence_graph.ingest.markets.parameters import MarketParameters
from influence_graph.ingest.markets.people import populate
from influence_graph.ingest.markets.records import batches
from influence_graph.ingest.markets.truth import truth
from influence_graph.ingest.town.random import stream
from influence_graph.model.records import BATCH_ROWS, Batch


@dataclass(frozen=True)
class Market(MarketArrays):
    """A market with known truth, as frames with ids or as record batches; all are made when they are first asked for.

    Ids are categories of pandas; ``.cat.codes`` are the numbers of people, segments and brands from 0.
    """

    @cached_property
    def people(self) -> pd.DataFrame:
        """Columns id, segment: one row per person."""
        return frames.people_frame(self)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """Columns source, target, kind: source follows or knows target, and sees it; friends see each other."""
        return frames.ties_frame(self)

    @cached_property
    def sales(self) -> pd.DataFrame:
        """Columns brand, segment, date, value: one row per brand, segment and day."""
        return frames.daily_frame(self, self.sold)

    @cached_property
    def follows(self) -> pd.DataFrame:
        """Columns brand, segment, date, value: how many people of the segment followed the brand on the day."""
        return frames.daily_frame(self, self.follow_counts)

    @cached_property
    def campaigns(self) -> pd.DataFrame:
        """Columns campaign, brand, segment, date, kind: one row per campaign and treated segment."""
        return frames.campaigns_frame(self)

    @cached_property
    def truth(self) -> Mapping[str, Any]:
        """What was planted and what it caused, as JSON values."""
        return truth(self)

    def batches(self, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """Yield all records in the order people, brands, ties, interactions, campaigns, sales.

        Args:
            batch_rows: Maximum rows of a batch.
        """
        return batches(self, batch_rows)


def generate_market(parameters: MarketParameters | None = None) -> Market:
    """Return the market of *parameters*, by default 24 segments, 12 brands and 365 days.

    Example:
        >>> market = generate_market(MarketParameters(people=1000, seed=3))
        >>> market.sales.columns.tolist()
        ['brand', 'segment', 'date', 'value']
        >>> len(market.sales) == 24 * 12 * 365
        True
    """
    parameters = parameters or MarketParameters()
    people = populate(parameters)
    demand, planned = sell(parameters, people), plan(parameters)
    rate = follow_rate(parameters, people, demand)
    effects = cause(parameters, people, demand, planned, rate)
    own = stream(parameters.seed, "market follows").poisson(rate)
    number = with_effects(own, planned, effects.follows)
    return Market(
        parameters=parameters,
        population=people,
        demand=demand,
        planned=planned,
        effects=effects,
        follow_counts=number,
        followed=follow(parameters, people, number),
    )
