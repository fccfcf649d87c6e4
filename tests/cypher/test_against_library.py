"""Every named query answers what the library answers, on a real Neo4j."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import influence_graph as ig
from influence_graph.app.ingest import import_dataset
from influence_graph.app.transfer import copy
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.explore.catalogue import question as load
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.cypher.answers import Library, cases, differences, kept, scored

pytestmark = pytest.mark.neo4j


def compared(server: Neo4jStore, library: Library) -> dict[str, int]:
    """Return how many rows of each query were compared, all equal."""
    rows: dict[str, int] = {}
    for name, parameters in cases(library):
        found = server.query(load(name).text, parameters)
        assert differences(found.columns, found.rows, library.answer(name, **parameters)) == [], (name, parameters)
        rows[name] = rows.get(name, 0) + len(found.rows)
    return rows


@pytest.fixture(params=["story", "town"])
def twins(
    request: pytest.FixtureRequest, emptied: Callable[[], Neo4jStore], tmp_path: Path
) -> tuple[EmbeddedStore, Neo4jStore]:
    own, server = EmbeddedStore(tmp_path / "own"), emptied()
    options = ImportOptions(people=60, seed=3) if request.param == "town" else ImportOptions()
    import_dataset(own, IMPORTERS[request.param], None, options)
    copy(own, server)
    return own, server


def test_every_named_query_answers_what_the_library_answers(twins: tuple[EmbeddedStore, Neo4jStore]) -> None:
    own, server = twins
    for store in twins:
        kept(store)
    rows = compared(server, Library(own))
    assert rows["brand-health"]
    assert rows["touchpoint-mix"]
    assert rows["co-associated"]

    table = own.touchpoints()
    changed = {kind: replace(rule, direction="to_consumer", touchpoint="expediting", valence=-rule.valence)
               for kind, rule in table.kinds.items() if rule.direction == "to_brand"}  # fmt: skip
    for store in twins:
        store.set_touchpoints(ig.TouchpointTable({**table.kinds, **changed}, table.default))
        scored(store)
    assert compared(server, Library(own))["touchpoint-mix"]
