"""kill -9 of the server while records are appended: acknowledged ⊆ stored ⊆ attempted, and nothing counts twice.

SERVER_KILLS sets how often it is killed (default 1).
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from influence_graph.model.records import INTERACTIONS, Batch
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.given import batch, event
from tests.stores.neo4j.kills import come_back, home_of, kill

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(1800)]
KILLS = int(os.environ.get("SERVER_KILLS", "1"))
ROWS = 250
STORED = "MATCH ()-[r:INTERACTED|RESPONDED]->() RETURN r.eventId"
AWAY_SECONDS = 240.0  # of a machine that is busy with other things


def batch_of(number: int) -> Batch:
    """Return a batch of its own events, on people whom others name, too."""
    ids = range(number * ROWS, (number + 1) * ROWS)
    return batch(INTERACTIONS, *(event(f"e{i}", f"c{i % 97}", f"b{i % 7}", i % 28, points=1.0) for i in ids))


class Appending(threading.Thread):
    """Appends batch after batch until it is told to stop, and notes what was attempted and what acknowledged."""

    def __init__(self, store: Neo4jStore) -> None:
        super().__init__()
        self.store = store
        self.attempted = self.acknowledged = 0
        self.is_over = threading.Event()
        self.inserted = self.unchanged = 0
        self.error: Exception | None = None

    def batches(self) -> Iterator[Batch]:
        while not self.is_over.is_set():
            self.attempted += 1
            yield batch_of(self.attempted - 1)

    def note(self, rows: int) -> None:
        self.acknowledged += rows

    def go_on(self) -> None:
        """Wait until more was acknowledged."""
        until, before = time.monotonic() + AWAY_SECONDS, self.acknowledged
        while self.acknowledged <= before + ROWS:
            assert self.is_alive(), self.error
            assert time.monotonic() < until, "no progress"
            time.sleep(0.01)

    def run(self) -> None:
        try:
            report = self.store.append(INTERACTIONS, self.batches(), progress=self.note)
            self.inserted, self.unchanged = report.inserted, report.unchanged
        except Exception as error:  # noqa: BLE001 - told in the test
            self.error = error


def test_a_server_that_is_killed_again_and_again_loses_and_doubles_nothing(
    neo4j_store: Neo4jStore, tmp_path: Path
) -> None:
    home, rng = home_of(neo4j_store.url), random.Random(5)
    neo4j_store.counts()
    store = Neo4jStore(neo4j_store.url, cache=tmp_path / "mirror", retry_seconds=AWAY_SECONDS, timeout=AWAY_SECONDS)
    lost = 0
    appending = Appending(store)
    appending.start()
    try:
        for _ in range(KILLS):
            appending.go_on()
            time.sleep(rng.uniform(0.0, 0.5))
            kill(home)
            at_kill = appending.acknowledged
            come_back(home, AWAY_SECONDS)
            with Neo4jStore(store.url, cache=tmp_path / "look", retry_seconds=AWAY_SECONDS) as look:
                stored = {row[0] for row in look.query(STORED, max_rows=10**6, timeout=AWAY_SECONDS).rows}
            lost += len({f"e{i}" for i in range(at_kill)} - stored)
    finally:
        appending.is_over.set()
        appending.join(2 * AWAY_SECONDS)
    assert appending.error is None
    rows = appending.attempted * ROWS
    print(f"{KILLS} kills, {rows:,} rows acknowledged, {lost} lost, {store.counts()['interactions'] - rows} doubled")  # noqa: T201
    assert lost == 0
    assert appending.acknowledged == appending.inserted + appending.unchanged == rows
    calm = EmbeddedStore(tmp_path / "calm")
    calm.append(INTERACTIONS, [batch_of(number) for number in range(appending.attempted)])
    assert store.counts() == calm.counts()
    assert store.digest() == calm.digest()
    store.close()
