"""Worlds for the tests: as they are by default, and the same without influence."""

from __future__ import annotations

import pytest

from influence_graph.ingest.worlds import World, WorldParameters, generate_world


@pytest.fixture(scope="session")
def world() -> World:
    return generate_world(WorldParameters(seed=3))


@pytest.fixture(scope="session")
def empty() -> World:
    return generate_world(WorldParameters(seed=3, influencers=0))
