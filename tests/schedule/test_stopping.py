"""SIGTERM while a scheduler writes: it ends in seconds, the lease is free, and the next start does all of the tick.

SCHEDULER_STOPS sets at how many moments it is stopped on the embedded store (default 1).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.base import RECALCULATION, Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.given import batch, event

STOPS = int(os.environ.get("SCHEDULER_STOPS", "1"))
BONDS = 4_000
WRITING = "MATCH (r:Run {kind: 'score', status: 'running'}) WHERE r.written > 0 RETURN count(r)"


def scheduler(url: str, folder: Path) -> subprocess.Popen[str]:
    options = ["--every", "366d", "--only", "score", "--once", "--store", url]
    return subprocess.Popen(
        [sys.executable, "-m", "influence_graph", "schedule", "run", *options],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"INFLUENCE_GRAPH_CACHE": str(folder / "cache")},
    )


def fill(store: Store) -> None:
    events = (event(f"e{i}", f"c{i}", f"b{i % 50}", i % 28, points=1.0) for i in range(BONDS))
    store.append(INTERACTIONS, [batch(INTERACTIONS, *events)])


def stop(process: subprocess.Popen[str]) -> float:
    """Stop *process* and return how many seconds it took to end."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=120)
    seconds = time.monotonic() - begun
    assert process.returncode == 130, err
    assert "stopped; what was being written is kept whole or not at all" in err
    return seconds


def require_resumed(store: Store, folder: Path) -> None:
    """Require that the lease is free, nothing is half done, and the next start does the tick once."""
    with store.lease(RECALCULATION, 1.0):
        pass
    done_before = len(store.recalculations())
    assert (store.results("score") is None) == (done_before == 0)
    again = scheduler(store.url, folder)
    _, err = again.communicate(timeout=240)
    assert again.returncode == 0, err
    (kept,) = store.recalculations()
    current = store.results("score")
    assert current is not None
    assert current[0].id == kept.current["score"]
    assert current[1].num_rows == BONDS


@pytest.mark.neo4j
@pytest.mark.timeout(900)
def test_a_scheduler_is_stopped_in_mid_write_on_neo4j(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    fill(neo4j_store)
    process = scheduler(neo4j_store.url, tmp_path)
    while not neo4j_store.query(WRITING).rows[0][0]:
        assert process.poll() is None, process.communicate()[1]
    seconds = stop(process)
    print(f"in mid-write on Neo4j: ended {seconds:.1f} s after SIGTERM")  # noqa: T201 - shown with -s
    assert neo4j_store.recalculations() == []
    require_resumed(neo4j_store, tmp_path)


@pytest.mark.timeout(900)
def test_a_scheduler_is_stopped_at_any_moment_on_the_embedded_store(tmp_path: Path) -> None:
    for number in range(STOPS):
        store = EmbeddedStore(tmp_path / f"store{number}")
        fill(store)
        process = scheduler(store.url, tmp_path)
        while store.state("schedulers") is None:  # it has begun
            assert process.poll() is None, process.communicate()[1]
        time.sleep(random.Random(number).uniform(0.0, 0.5))
        if process.poll() is not None:
            continue
        print(f"on the embedded store: ended {stop(process):.1f} s after SIGTERM")  # noqa: T201 - shown with -s
        require_resumed(store, tmp_path)
