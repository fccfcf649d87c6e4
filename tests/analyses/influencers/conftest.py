"""A world of 2,000 people with eight influencers, their shadows and four trend-spotters, and who is found in it."""

from __future__ import annotations

import pytest

from influence_graph.analyses.influencers.find import find_influencers
from influence_graph.ingest.worlds import WorldParameters, generate_world
from influence_graph.model.parameters import InfluencerParameters

SPOKEN = ("mention", "recommend", "review", "share")


@pytest.fixture(scope="package")
def world():
    return generate_world(WorldParameters(people=2000, influencers=4, trend_spotters=4, seed=3))


@pytest.fixture(scope="package")
def found(world):
    kind = world.activity["kind"].astype(str)
    visits = world.activity[kind == "visit"][["user", "time"]]
    spoken = world.activity[kind.isin(SPOKEN)][["user", "item", "time"]]
    return find_influencers(
        world.ties, world.adoptions, activity=visits, spoken=spoken, options=InfluencerParameters(permutations=100)
    )
