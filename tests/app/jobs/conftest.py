"""A small store for the jobs, whose answers are known: on both stores, or on the embedded one alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import filled


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "embedded":
        yield filled(EmbeddedStore(tmp_path / "store"))
    else:
        yield filled(request.getfixturevalue("neo4j_store"))


@pytest.fixture
def embedded(tmp_path: Path) -> Store:
    return filled(EmbeddedStore(tmp_path / "store"))
