"""The real Neo4j of the tests: that of NEO4J_URI, or one started by the launcher."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from influence_graph.errors import MissingExtra

WIPE = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"


@pytest.fixture(scope="session")
def neo4j_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server whose database the tests may empty."""
    given = os.environ.get("NEO4J_URI")
    if given:
        _refuse_to_empty_somebodys_data(given)
        yield given
        return
    from influence_graph.stores.neo4j import server

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.delenv("NEO4J_PASSWORD", raising=False)
        home = tmp_path_factory.mktemp("neo4j")
        try:
            yield server.up(home).uri
        except MissingExtra as error:
            pytest.skip(str(error))
        finally:
            server.down(home)


@pytest.fixture
def neo4j_store(neo4j_url: str, tmp_path: Path):
    """Return a store on the emptied database, with a mirror of its own."""
    from influence_graph.stores.neo4j.store import Neo4jStore

    store = Neo4jStore(neo4j_url, cache=tmp_path / "mirror", retry_seconds=20)
    store._database.execute(WIPE)
    yield store
    store.close()


def _refuse_to_empty_somebodys_data(url: str) -> None:
    from influence_graph.stores.neo4j.store import Neo4jStore

    store = Neo4jStore(url)
    nodes = store.query("MATCH (n) WHERE NOT n:Migration RETURN count(n)").rows[0][0]
    store.close()
    if nodes and os.environ.get("INFLUENCE_GRAPH_TEST_WIPE") != "1":
        pytest.exit(
            f"the tests empty the database, and {url} holds {nodes} nodes: INFLUENCE_GRAPH_TEST_WIPE=1 permits it"
        )
