"""A world as arrays: all that is drawn at random; frames, records and the truth are derived from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from influence_graph.ingest.generated import numbered
from influence_graph.ingest.town.random import Array
from influence_graph.ingest.worlds.adoptions import Adoptions
from influence_graph.ingest.worlds.doings import SHOPS_PER_CITY, Doings
from influence_graph.ingest.worlds.influence import Chances
from influence_graph.ingest.worlds.items import Campaigns, Items
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.people import CITIES, People
from influence_graph.ingest.worlds.roles import Roles
from influence_graph.ingest.worlds.ties import Audiences, Ties


@dataclass(frozen=True)
class WorldArrays:
    """The arrays of a world; people and items are numbers from 0.

    Attributes:
        parameters: what it was made from.
        population: who lives in it.
        goods: what they can adopt.
        campaigns: what was advertised where and when.
        bonds: who follows, knows or is exposed to whom.
        seen: who sees whom.
        roles: who is planted.
        chances: what influencers could cause.
        uptake: what was adopted, when and why, in order of time.
        first_use: int (a,), the kind of interaction of each adoption.
        doings: other interactions.
    """

    parameters: WorldParameters
    population: People
    goods: Items
    campaigns: Campaigns
    bonds: Ties
    seen: Audiences
    roles: Roles
    chances: Chances
    uptake: Adoptions
    first_use: Array
    doings: Doings

    @cached_property
    def person_ids(self) -> list[str]:
        """Ids of the people."""
        return numbered("p", self.parameters.people)

    @cached_property
    def brand_ids(self) -> list[str]:
        """Ids of the items, then of the shops."""
        return [*numbered("i", self.parameters.items), *numbered("shop", len(CITIES) * SHOPS_PER_CITY)]
