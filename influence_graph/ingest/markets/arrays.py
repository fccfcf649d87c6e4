"""A market as arrays: all that is drawn at random; frames, records and the truth are derived from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from influence_graph.ingest.generated import numbered
from influence_graph.ingest.markets.campaigns import Campaigns
from influence_graph.ingest.markets.demand import Demand
from influence_graph.ingest.markets.effects import Effects, with_effects
from influence_graph.ingest.markets.follows import Follows
from influence_graph.ingest.markets.parameters import MarketParameters
from influence_graph.ingest.markets.people import People
from influence_graph.ingest.town.random import Array


@dataclass(frozen=True)
class MarketArrays:
    """The arrays of a market; people, segments, brands and campaigns are numbers from 0.

    Attributes:
        parameters: what it was made from.
        population: who lives where, and sees whom.
        demand: what is sold without campaigns.
        planned: the campaigns.
        effects: what each adds.
        follow_counts: int (b, s, d), follows per brand, segment and day, with campaigns.
        followed: the follows one by one.
    """

    parameters: MarketParameters
    population: People
    demand: Demand
    planned: Campaigns
    effects: Effects
    follow_counts: Array
    followed: Follows

    @cached_property
    def sold(self) -> Array:
        """What is sold, with campaigns; float (b, s, d)."""
        return with_effects(self.demand.sales, self.planned, self.effects.sales).round(2)

    @cached_property
    def person_ids(self) -> list[str]:
        """Ids of the people."""
        return numbered("p", self.parameters.people)

    @cached_property
    def brand_ids(self) -> list[str]:
        """Ids of the brands."""
        return numbered("b", self.parameters.brands)

    @cached_property
    def segment_ids(self) -> list[str]:
        """Names of the segments, which are towns."""
        return numbered("town", self.parameters.segments)

    @cached_property
    def campaign_ids(self) -> list[str]:
        """Ids of the campaigns; the event of each treated segment has that of the segment behind it."""
        return numbered(f"m{self.parameters.seed}-c", len(self.planned))

    def event_id(self, campaign: int, segment: int) -> str:
        """Return the id of the record of a campaign in one of its segments."""
        return f"{self.campaign_ids[campaign]}-{self.segment_ids[segment]}"
