"""No reader sees two recalculations mixed; a writer killed at any moment leaves all of the former one or of the next.

GENERATION_RECALCULATIONS sets how many are written while readers look (default 8), GENERATION_KILLS how often a
writer is killed (default 2), GENERATION_PEOPLE of how many people (default 300).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j import sweeping
from influence_graph.stores.neo4j.driver import connection_to
from tests.stores.neo4j import generations

TIMES = int(os.environ.get("GENERATION_RECALCULATIONS", "8"))
KILLS = int(os.environ.get("GENERATION_KILLS", "2"))
PEOPLE = int(os.environ.get("GENERATION_PEOPLE", "300"))
FOREVER = 10**6


def started(store: Store, command: str, *arguments: Any) -> subprocess.Popen[str]:
    environment = dict(os.environ)
    if not isinstance(store, EmbeddedStore):
        connection = connection_to(store.url)
        environment |= {"NEO4J_USERNAME": connection.username, "NEO4J_PASSWORD": connection.password}
    line = [sys.executable, "-m", "tests.stores.neo4j.generations", command, store.url, *map(str, arguments)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(line, cwd=root, env=environment, stdout=PIPE, stderr=PIPE, text=True)


def told(process: subprocess.Popen[str]) -> Any:
    out, said = process.communicate()
    assert process.returncode == 0, said
    return json.loads(out)


@pytest.fixture
def filled(store: Store) -> Store:
    """Return a store with people, brands and generation 0."""
    store.append("people", [generations.people_of(PEOPLE)])
    store.append("brands", [generations.brands()])
    assert generations.write_all(store, PEOPLE, 0)
    return store


@pytest.mark.timeout(600 + 30 * TIMES)
def test_every_snapshot_is_of_one_recalculation(filled: Store, tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    readers = [started(filled, "watch", PEOPLE, stop) for _ in range(2)]
    try:
        writer = started(filled, "together", PEOPLE, TIMES)
        assert told(writer) == TIMES
    finally:
        stop.touch()
        found = [told(reader) for reader in readers]
    sys.stdout.write(f"{filled.url}: {TIMES} recalculations, polls, faults, generations seen: {found}\n")
    assert sum(polls for polls, _, _ in found) > TIMES
    assert [faults for _, faults, _ in found] == [0, 0]
    assert max(seen for _, _, seen in found) > 1


@pytest.mark.timeout(600 + 30 * KILLS)
def test_a_writer_killed_at_any_moment_leaves_all_or_nothing(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(4)
    for _ in range(KILLS):
        before = filled.recalculations(1)[0].id
        writer = started(filled, "together", PEOPLE, FOREVER)
        while filled.recalculations(1)[0].id == before:
            assert writer.poll() is None, writer.communicate()
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 1.0))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        with filled.snapshot() as view:
            assert generations.state_of(view, PEOPLE, rng) is not None
            noted = view.recalculations()
        assert len({each.tick for each in noted}) == len(noted)
        for each in noted:
            assert all(filled.results_of(id_)[0].parameters == each.parameters for id_ in each.current.values())
    monkeypatch.setattr(sweeping, "KEPT_SECONDS", 0.0)
    for k in (2_000_000, 2_000_001):
        assert generations.write_all(filled, PEOPLE, k)
        with filled.snapshot() as view:
            assert generations.state_of(view, PEOPLE, rng) == k
    assert {run.status for run in filled.runs()} <= {"finished", "superseded", "abandoned"}
    filled.verify()
    if isinstance(filled, EmbeddedStore):
        return
    left = "MATCH (m:Measure) RETURN m.runId AS id UNION MATCH ()-[b:BOND|STRAINED|INFLUENCES]->() RETURN b.runId AS id"
    kept = {int(row[0][-8:]) for row in filled.query(left).rows}
    assert kept == {2_000_000, 2_000_001}
    archived = {row[0] for row in filled.query("MATCH (a:Archive) RETURN DISTINCT a.runId").rows}
    assert archived == {run.id for run in filled.runs() if run.status != "abandoned"}
