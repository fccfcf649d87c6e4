"""Markets for the tests: as they are by default, and the same with campaigns that do nothing."""

from __future__ import annotations

import pytest

from influence_graph.ingest.markets import Market, MarketParameters, generate_market


@pytest.fixture(scope="session")
def market() -> Market:
    return generate_market(MarketParameters(seed=3))


@pytest.fixture(scope="session")
def without() -> Market:
    return generate_market(MarketParameters(seed=3, strength=0.0))
