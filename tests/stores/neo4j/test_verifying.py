from __future__ import annotations

import pytest

from influence_graph.errors import StoreDamaged
from influence_graph.stores.neo4j.store import Neo4jStore

pytestmark = pytest.mark.neo4j


def test_a_constraint_that_is_gone_is_named(neo4j_store: Neo4jStore) -> None:
    neo4j_store.migrate()
    assert "are there" in neo4j_store.verify()
    neo4j_store.database.execute("DROP CONSTRAINT consumer_id")
    try:
        with pytest.raises(StoreDamaged, match=r"lacks 1 of .*: consumer_id"):
            neo4j_store.verify()
    finally:
        neo4j_store.database.execute(
            "CREATE CONSTRAINT consumer_id IF NOT EXISTS FOR (c:Consumer) REQUIRE c.id IS UNIQUE"
        )
    assert "are there" in neo4j_store.verify()
