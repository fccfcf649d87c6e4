"""One process at a time changes the schema: others wait, the dead hold up nobody, nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from influence_graph.errors import LockHeld
from influence_graph.stores.neo4j.migrations import known
from influence_graph.stores.neo4j.schema_lock import schema_lock
from influence_graph.stores.neo4j.store import Neo4jStore

pytestmark = pytest.mark.neo4j
HOLD = """
import sys, time
from influence_graph.stores.neo4j.migrations import known
from influence_graph.stores.neo4j.schema_lock import schema_lock
from influence_graph.stores.neo4j.store import Neo4jStore
with schema_lock(Neo4jStore(sys.argv[1]).database):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_is_in_at_a_time_and_no_node_is_left(emptied: Callable[[], Neo4jStore]) -> None:
    stores = [emptied() for _ in range(4)]
    inside: list[int] = []
    most: list[int] = []

    def enter(store: Neo4jStore) -> None:
        with schema_lock(store.database):
            inside.append(1)
            most.append(len(inside))
            store.database.execute("RETURN 1")
            inside.pop()

    running = [threading.Thread(target=enter, args=(store,)) for store in stores]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert most == [1] * len(stores)
    assert stores[0].query("MATCH (lock:Lease {name: 'schema'}) RETURN count(lock)").rows == [(0,)]


def test_whoever_waits_too_long_says_so_and_the_killed_hold_up_nobody(neo4j_store: Neo4jStore) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, neo4j_store.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(LockHeld, match="changed by another process") as caught, schema_lock(neo4j_store.database, 0):
        pass
    assert caught.value.exit_code == 5
    process.kill()
    process.communicate(timeout=30)
    with schema_lock(neo4j_store.database):
        pass


def test_each_migration_is_applied_by_one_of_those_that_start_together(emptied: Callable[[], Neo4jStore]) -> None:
    stores = [emptied() for _ in range(3)]
    stores[0].migrate()
    stores[0].database.execute("MATCH (m:Migration) WHERE m.version > 4 DELETE m")
    applied: list[str] = []
    running = [threading.Thread(target=lambda s=store: applied.extend(s.migrate())) for store in stores]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert sorted(applied) == [path.stem for version, path in known().items() if version > 4]
