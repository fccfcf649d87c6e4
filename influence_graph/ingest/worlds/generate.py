"""From parameters to a world, and from the world to frames and record batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from influence_graph.ingest.worlds import frames
from influence_graph.ingest.worlds.adoptions import Background
from influence_graph.ingest.worlds.arrays import WorldArrays
from influence_graph.ingest.worlds.doings import do, first_use_kinds
from influence_graph.ingest.worlds.influence import chances, speak, with_influence
from influence_graph.ingest.worlds.items import make_fads, make_items, plan_campaigns
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.people import populate
from influence_graph.ingest.worlds.records import batches
from influence_graph.ingest.worlds.roles import choose_spotters, plant
from influence_graph.ingest.worlds.ties import audiences, make_ties
from influence_graph.ingest.worlds.truth import truth
from influence_graph.model.records import BATCH_ROWS, Batch


@dataclass(frozen=True)
class World(WorldArrays):
    """A world with known truth, as frames with ids or as record batches.

    All frames are made when they are first asked for. Ids are categories of pandas (``.cat.codes`` are the
    numbers of people and items from 0), times are in UTC.
    """

    @cached_property
    def people(self) -> pd.DataFrame:
        """Columns id, city, community, taste (hidden), followers (all who see this person)."""
        return frames.people_frame(self)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """Columns source, target, kind, since: source follows, knows or is exposed to target, and sees it.

        Of a friendship there is one row, and each sees the other.
        """
        return frames.ties_frame(self)

    @cached_property
    def adoptions(self) -> pd.DataFrame:
        """Columns user, item, time, kind: the first use of each person and item, in order of time."""
        return frames.adoptions_frame(self)

    @cached_property
    def activity(self) -> pd.DataFrame:
        """Columns user, item, kind, time: broadcasts, later uses, and visits to shops (kind visit), in order of time.

        Visits are drawn from how active a person is in a period, and not from the adoptions.
        """
        return frames.activity_frame(self)

    @cached_property
    def causes(self) -> pd.DataFrame:
        """Columns cause, why, row by row as :attr:`adoptions`: who caused each, missing for nobody, and why."""
        return frames.causes_frame(self)

    @cached_property
    def truth(self) -> Mapping[str, Any]:
        """What was planted and who caused what, as JSON values."""
        return truth(self)

    def batches(self, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """Yield all records in the order people, brands, ties, interactions, campaigns.

        Args:
            batch_rows: Maximum rows of a batch.
        """
        return batches(self, batch_rows)


def generate_world(parameters: WorldParameters | None = None) -> World:
    """Return the world of *parameters*, by default 10,000 people, 400 items and ten years.

    Example:
        >>> world = generate_world(WorldParameters(people=1000, seed=3))
        >>> [one["style"] for one in world.truth["influencers"]]
        ['active', 'active', 'silent', 'silent']
        >>> list(world.adoptions)
        ['user', 'item', 'time', 'kind']
    """
    parameters = parameters or WorldParameters()
    people, goods = populate(parameters), make_items(parameters)
    ties, campaigns = make_ties(parameters, people), plan_campaigns(parameters, goods)
    seen = audiences(ties, people.size)
    spotters = choose_spotters(parameters, people, seen)
    own = Background(parameters, people, goods, make_fads(parameters, people, goods), campaigns, spotters).draw()
    roles, ties = plant(parameters, ties, seen, own, spotters)
    seen = audiences(ties, people.size)
    spoken, rows = speak(parameters, roles, own)
    drawn = chances(parameters, roles, seen, own, rows)
    found = with_influence(parameters, roles, own, drawn)
    return World(
        parameters=parameters,
        population=people,
        goods=goods,
        campaigns=campaigns,
        bonds=ties,
        seen=seen,
        roles=roles,
        chances=drawn,
        uptake=found,
        first_use=first_use_kinds(parameters, len(found)),
        doings=do(parameters, people, roles, found, spoken),
    )
