"""No reader sees half a recalculation: readers poll while writers write generation after generation.

GENERATION_POLLS sets how often each way of reading is polled (default 60), GENERATION_PEOPLE of how many people,
GENERATION_KILLS how often a writer is killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from influence_graph.errors import LockHeld
from influence_graph.model.runs import Run
from influence_graph.stores.base import Lease, Written
from influence_graph.stores.neo4j import books, database, measures, results, sweeping
from influence_graph.stores.neo4j.driver import connection_to
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.neo4j import generations

pytestmark = pytest.mark.neo4j
POLLS = int(os.environ.get("GENERATION_POLLS", "60"))
KILLS = int(os.environ.get("GENERATION_KILLS", "2"))
PEOPLE = int(os.environ.get("GENERATION_PEOPLE", "1000"))


def started(store: Neo4jStore, *arguments: Any) -> subprocess.Popen[str]:
    connection = connection_to(store.url)
    environment = {**os.environ, "NEO4J_USERNAME": connection.username, "NEO4J_PASSWORD": connection.password}
    command = [sys.executable, "-m", "tests.stores.neo4j.generations", *map(str, arguments)]
    root = Path(__file__).resolve().parents[3]
    return subprocess.Popen(command, cwd=root, env=environment, stdout=PIPE, stderr=PIPE, text=True)


def figures(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, said = process.communicate()
    assert process.returncode == 0, said
    return json.loads(out)  # type: ignore[no-any-return]


@pytest.mark.timeout(300 + POLLS)
def test_every_answer_is_of_one_whole_generation(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    neo4j_store.append("people", [generations.people_of(PEOPLE)])
    neo4j_store.append("brands", [generations.brands()])
    for kind in generations.TABLES:
        generations.write_generation(neo4j_store, kind, PEOPLE, 0)
    stop = tmp_path / "stop"
    url = neo4j_store.url
    writers = [started(neo4j_store, "write", url, PEOPLE, stop, *kinds) for kinds in generations.WRITTEN]
    readers = {way: started(neo4j_store, "read", url, PEOPLE, POLLS, way) for way in generations.WAYS}
    try:
        found = {way: figures(reader) for way, reader in readers.items()}
    finally:
        stop.touch()
        written = [figures(writer) for writer in writers]
    polled = {way: sum(polls for polls, _ in names.values()) for way, names in found.items()}
    sys.stdout.write(f"generations {written}, polls {polled}, each with its faults {found}\n")
    assert all(number > 1 for each in written for number in each.values())
    assert {name: faults for names in found.values() for name, (_, faults) in names.items() if faults} == {}


GENERATIONS = "MATCH (m:Measure) RETURN DISTINCT toInteger(right(m.runId, 8)) AS k ORDER BY k"


def kept(store: Neo4jStore) -> list[int]:
    return [row[0] for row in store.query(GENERATIONS).rows]


@pytest.fixture
def filled(neo4j_store: Neo4jStore) -> Neo4jStore:
    """Return a store with people, brands and generation 0."""
    neo4j_store.append("people", [generations.people_of(50)])
    neo4j_store.append("brands", [generations.brands()])
    for kind in generations.TABLES:
        generations.write_generation(neo4j_store, kind, 50, 0)
    return neo4j_store


def whole(store: Neo4jStore, people: int = 50) -> bool:
    return all(generations.WAYS["results"][kind](store, people) for kind in generations.TABLES)


def test_the_current_run_and_the_former_one_are_kept_and_one_that_may_still_be_read(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for k in (1, 2):
        generations.write_generation(filled, "rank", 50, k)
    assert kept(filled) == [0, 1, 2]  # the first was the current one a moment ago
    monkeypatch.setattr(sweeping, "KEPT_SECONDS", 0.0)
    for k in (3, 4):
        generations.write_generation(filled, "rank", 50, k)
    assert kept(filled) == [3, 4]
    assert whole(filled)


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        *((kind, "read-archive") for kind in ("rank", "score", "seeds")),
        *(("rank", "read-measures"), ("score", "read-bonds"), ("seeds", "read-seeds")),  # a former version's
    ],
)
def test_a_reader_whose_run_is_swept_meanwhile_reads_again(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch, kind: str, read: str
) -> None:
    monkeypatch.setattr(sweeping, "KEPT_SECONDS", 0.0)
    if read != "read-archive":
        filled._database.execute("MATCH (archive:Archive) DELETE archive")
    original, later = database.Database.read, iter([1])

    def slow(self: database.Database, name: str, /, **parameters: Any) -> Any:
        if name == read and next(later, None):
            for k in (1, 2):
                generations.write_generation(filled, kind, 50, k)
            filled.prune(1)
            assert original(self, name, **parameters) == []
        return original(self, name, **parameters)

    monkeypatch.setattr(database.Database, "read", slow)
    found = filled.results(kind)
    assert found is not None
    assert found[0].parameters == {"k": 2}
    assert whole(filled)


def test_a_reader_of_the_former_run_is_not_sent_back(filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    original, later = database.Database.read, iter([1])

    def slow(self: database.Database, name: str, /, **parameters: Any) -> Any:
        if name == "read-archive" and next(later, None):
            generations.write_generation(filled, "rank", 50, 1)
        return original(self, name, **parameters)

    monkeypatch.setattr(database.Database, "read", slow)
    found = filled.results("rank")
    assert found is not None
    assert found[0].parameters == {"k": 0}
    assert found[1].equals(generations.table("rank", 50, 0))


def test_every_batch_of_a_measure_and_the_switch_check_the_lease(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "TRANSACTION_ROWS", 10)
    original = database.Database.write
    for allowed in range(
        11
    ):  # writes until another has the lease: the start, six batches, the archive, the end, the switch
        written = iter(range(allowed))
        run = Run(f"rank-{allowed}", "rank", "finished", generations.DAY, None, "d", "0", {"k": 1})
        with filled.lease(f"write-{allowed}") as lease:
            stolen = Lease(lease.name, lease.owner, lease.token, lease.expires_at)

            def counted(self: database.Database, work: Callable[..., Any], left: Any = written) -> Any:
                if getattr(work, "func", None) is not books._move and next(left, None) is None:
                    filled._database.execute("MATCH (l:Lease) SET l.token = l.token + 1")
                return original(self, work)

            monkeypatch.setattr(database.Database, "write", counted)
            if allowed < 10:
                with pytest.raises(LockHeld, match="write"):
                    results.write(filled.database, Written(run, generations.table("rank", 50, 1)), stolen)
            else:
                results.write(filled.database, Written(run, generations.table("rank", 50, 1)), stolen)
            monkeypatch.setattr(database.Database, "write", original)
        found = filled.results("rank")
        assert found is not None
        assert found[0].parameters == {"k": allowed // 10}
        assert whole(filled)


@pytest.mark.parametrize("kind", ["rank", "score"])
def test_a_writer_killed_at_any_moment_leaves_a_whole_generation_and_its_remains_are_swept(
    filled: Neo4jStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    rng = random.Random(1)
    for _ in range(KILLS):
        killed = started(filled, "write", filled.url, 50, tmp_path / "never", kind)
        before = len(filled.runs())
        while len(filled.runs()) == before:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.5))
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        assert whole(filled)
    monkeypatch.setattr(sweeping, "KEPT_SECONDS", 0.0)
    for k in (2_000_000, 2_000_001):
        generations.write_generation(filled, kind, 50, k)
        assert whole(filled)
    left = "MATCH (m:Measure) RETURN m.runId AS id UNION MATCH ()-[b:BOND|STRAINED]->() RETURN b.runId AS id"
    runs = {row[0] for row in filled.query(left).rows if row[0].startswith(kind)}
    assert {int(id_[-8:]) for id_ in runs} == {2_000_000, 2_000_001}
    assert {run.status for run in filled.runs() if run.kind == kind} <= {"finished", "superseded", "abandoned"}
