"""The real Neo4j of the tests: that of NEO4J_URI, or one started by the launcher."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from influence_graph.errors import MissingExtra
from tests import fast_java

if TYPE_CHECKING:
    from influence_graph.stores.neo4j.store import Neo4jStore

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so starts what a script puts in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests interrupt what they start

for exported in ("COLUMNS", "LINES"):  # by readline, which the processes of pytest-xdist load
    os.environ.pop(exported, None)

sys.dont_write_bytecode = False  # some hundreds of processes would compile the package anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

fast_java.use()
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.register_profile("short", max_examples=40)
settings.load_profile("short")


def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are processors, as tests wait for servers a good part of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long: at the end of a run no process is left with one while others wait."""
    first: dict[Path, int] = {}
    for item in items:
        first[item.path] = min(first.get(item.path, 2), _turn_of(item))
    items.sort(key=lambda item: first[item.path])


def _turn_of(item: pytest.Item) -> int:
    """Return 0 for a test that may take longer than others, 1 for one on a server, and 2."""
    if limit := item.get_closest_marker("timeout"):
        return 0 if limit.args[0] > float(item.config.getini("timeout")) else 1
    return 1 if item.get_closest_marker("neo4j") or "neo4j_url" in getattr(item, "fixturenames", ()) else 2


WIPE = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"


@pytest.fixture(scope="session")
def neo4j_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server whose database the tests may empty."""
    given = os.environ.get("NEO4J_URI")
    if given:
        _refuse_to_empty_somebodys_data(given)
        yield given
        return
    from influence_graph.stores.neo4j.server import launcher as server

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.delenv("NEO4J_PASSWORD", raising=False)
        home = tmp_path_factory.mktemp("neo4j")
        try:
            fast_java.prepare(tmp_path_factory.mktemp("classes"))
            yield server.up(home).uri
        except MissingExtra as error:
            (pytest.fail if os.environ.get("REQUIRE_NEO4J") == "1" else pytest.skip)(str(error))
        finally:
            server.down(home)


@pytest.fixture
def emptied(neo4j_url: str, tmp_path: Path) -> Iterator[Callable[[], Neo4jStore]]:
    """Return a function that empties the database and gives a new store on it, with a mirror of its own."""
    from influence_graph.stores.neo4j.store import Neo4jStore

    stores: list[Neo4jStore] = []

    def empty() -> Neo4jStore:
        store = Neo4jStore(neo4j_url, cache=tmp_path / f"mirror{len(stores)}", retry_seconds=20)
        store._database.execute(WIPE)
        stores.append(store)
        return store

    yield empty
    for store in stores:
        store.close()


@pytest.fixture
def neo4j_store(emptied: Callable[[], Neo4jStore]) -> Neo4jStore:
    """Return a store on the emptied database."""
    return emptied()


def _refuse_to_empty_somebodys_data(url: str) -> None:
    from influence_graph.stores.neo4j.store import Neo4jStore

    store = Neo4jStore(url)
    nodes = store.query("MATCH (n) WHERE NOT n:Migration RETURN count(n)").rows[0][0]
    store.close()
    if nodes and os.environ.get("INFLUENCE_GRAPH_TEST_WIPE") != "1":
        pytest.exit(
            f"the tests empty the database, and {url} holds {nodes} nodes: INFLUENCE_GRAPH_TEST_WIPE=1 permits it"
        )
