"""The town as arrays: people, adoptions, events and concerts."""

from __future__ import annotations

from dataclasses import dataclass

from influence_graph.ingest.town.cascades import Adoptions
from influence_graph.ingest.town.events import Events
from influence_graph.ingest.town.parameters import TownParameters
from influence_graph.ingest.town.people import Population
from influence_graph.ingest.town.sales import Concerts


@dataclass(frozen=True)
class World:
    """All that is drawn at random except names; records and ground truth are derived from it."""

    parameters: TownParameters
    population: Population
    adoptions: Adoptions
    events: Events
    concerts: Concerts
