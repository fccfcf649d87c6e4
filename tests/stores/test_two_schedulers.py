"""Two processes do the same ticks: each takes effect once, whoever is killed or frozen meanwhile.

SCHEDULER_TICKS sets how many (default 5), SCHEDULER_KILLS how often one of the two is killed (default 1).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from influence_graph.model.records import PEOPLE
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.driver import connection_to
from tests.stores.given import batch

TICKS = int(os.environ.get("SCHEDULER_TICKS", "5"))
KILLS = int(os.environ.get("SCHEDULER_KILLS", "1"))
TTL = 2.0


class Scheduler:
    """One of the two, and what it has said."""

    def __init__(self, store: Store, name: str) -> None:
        self.said: list[list[Any]] = []
        environment = dict(os.environ)
        if not isinstance(store, EmbeddedStore):
            connection = connection_to(store.url)
            environment |= {"NEO4J_USERNAME": connection.username, "NEO4J_PASSWORD": connection.password}
        command = [sys.executable, "-m", "tests.stores.ticking", store.url, name, str(TICKS), str(TTL)]
        root = Path(__file__).resolve().parents[2]
        self.process = subprocess.Popen(command, cwd=root, env=environment, stdout=PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(json.loads(line))

    def wait_until_held(self) -> None:
        """Wait until it takes the lease from now on."""
        before = len(self.said)
        while not any(what == "held" for _, _, what in self.said[before:]) and self.process.poll() is None:
            time.sleep(0.005)

    def ended(self) -> int:
        code = self.process.wait()
        self._reader.join()
        return code


@pytest.mark.timeout(600 + 5 * TICKS)
def test_each_tick_takes_effect_once_whoever_is_killed_or_frozen(store: Store) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann"})])
    rng = random.Random(7)
    frozen, other = Scheduler(store, "a"), Scheduler(store, "b")
    frozen.wait_until_held()
    frozen.process.send_signal(signal.SIGSTOP)
    time.sleep(TTL + 0.5)
    frozen.process.send_signal(signal.SIGCONT)
    both = [frozen, other]
    told = list(both)
    for _ in range(KILLS):
        place = rng.randrange(2)
        both[place].wait_until_held()
        time.sleep(rng.uniform(0, 0.4))
        both[place].process.kill()
        both[place].ended()
        both[place] = Scheduler(store, f"{place}")
        told.append(both[place])
    assert [each.ended() for each in both] == [0, 0]
    said = [what for each in told for what in each.said]
    sys.stdout.write(f"{store.url}: {TICKS} ticks, said: {said}\n")
    assert [what for _, _, what in frozen.said if what != "held"][:1] == ["refused"]
    assert sorted(each.tick for each in store.recalculations()) == [f"every@{n:05}" for n in range(1, TICKS + 1)]
    taken = [tick for _, tick, what in said if what == "taken"]
    assert len(taken) == len(set(taken))
    ids = {id_ for each in store.recalculations() for id_ in each.current.values()}
    assert ids == {run.id for run in store.runs() if run.status in ("finished", "superseded")}
    for each in store.recalculations():
        ticks = {store.results_of(id_)[1].column(2).to_pylist()[0] for id_ in each.current.values()}
        assert each.tick == f"every@{int(ticks.pop()):05}"
        assert not ticks
