"""The stores that every test of what both must do runs on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def store(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Store]:
    if request.param == "embedded":
        embedded = EmbeddedStore(tmp_path / "store")
        embedded.migrate()  # a store that is not there cannot be read, unlike an empty database
        yield embedded
    else:
        yield request.getfixturevalue("neo4j_store")
