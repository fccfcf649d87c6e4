"""What came of a recipe, as arrays: people, adoptions, events and concerts."""

from __future__ import annotations

from dataclasses import dataclass

from influence_graph.ingest.town.cascades import Adoptions
from influence_graph.ingest.town.events import Events
from influence_graph.ingest.town.people import Population
from influence_graph.ingest.town.recipe import TownRecipe
from influence_graph.ingest.town.sales import Concerts


@dataclass(frozen=True)
class World:
    """All that is drawn at random except names; records and truth are two views of it."""

    recipe: TownRecipe
    population: Population
    adoptions: Adoptions
    events: Events
    concerts: Concerts
