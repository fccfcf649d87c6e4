"""kill -9 of the importer at random points, then resume: the store equals that of an undisturbed run.

CRASH_KILLS sets the number of points per store (default 3).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from influence_graph.app.open import open_store
from influence_graph.stores.base import Store

KILLS = int(os.environ.get("CRASH_KILLS", "3"))
ROWS = {"embedded": 120_000, "neo4j": 25_000}


def write_events(path: Path, rows: int) -> None:
    rng = random.Random(3)
    with path.open("w") as file:
        file.write("event_id,at,consumer,brand,kind,points\n")
        for i in range(rows):
            kind = rng.choice(["wear", "purchase", "complaint", "recovery"])
            day, consumer, brand = 1 + i % 28, rng.randrange(rows // 10), rng.randrange(50)
            file.write(f"e{i},2026-02-{day:02}T12:00:00Z,c{consumer},b{brand},{kind},{rng.uniform(-3, 3):.3f}\n")


def importer(file: Path, url: str, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "influence_graph", "ingest", str(file), "--store", url, "--batch-rows", "5000"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes]) -> None:
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()


def survives(file: Path, url: str, folder: Path, has_begun: Callable[[], bool]) -> bool:
    """Kill an importer at a random moment after its first write, resume it; return whether the kill hit it."""
    process = importer(file, url, folder)
    while process.poll() is None and not has_begun():
        time.sleep(0.005)
    time.sleep(random.Random().uniform(0, 0.8))
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    finish(importer(file, url, folder))
    return was_running


def has_interactions(store: Store) -> bool:
    return bool(store.query("MATCH ()-[r:INTERACTED|RESPONDED]->() RETURN count(r) > 0").rows[0][0])


def test_the_embedded_store_survives_kills_of_the_importer(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    write_events(file, ROWS["embedded"])
    finish(importer(file, str(tmp_path / "calm"), tmp_path))
    calm = open_store(tmp_path / "calm")
    hits = 0
    for number in range(KILLS):
        folder = tmp_path / f"killed{number}"
        hits += survives(file, str(folder), tmp_path, (folder / "ledger.duckdb").exists)
        killed = open_store(folder)
        assert killed.digest() == calm.digest()
        assert killed.counts() == calm.counts()
    print(f"{hits} of {KILLS} kills hit a running importer")  # noqa: T201 - shown with -s
    assert hits > 0


@pytest.mark.neo4j
def test_neo4j_survives_kills_of_the_importer(neo4j_url: str, tmp_path: Path, emptied: Callable[[], Store]) -> None:
    file = tmp_path / "events.csv"
    write_events(file, ROWS["neo4j"])
    finish(importer(file, str(tmp_path / "calm"), tmp_path))
    calm = open_store(tmp_path / "calm")
    hits = 0
    for _ in range(KILLS):
        store = emptied()
        hits += survives(file, neo4j_url, tmp_path, partial(has_interactions, store))
        assert store.digest() == calm.digest()
        assert store.counts() == calm.counts()
    print(f"{hits} of {KILLS} kills hit a running importer")  # noqa: T201 - shown with -s
    assert hits > 0
