"""Commands started together on a store that nothing was written to yet: all end well, every record is there once.

FIRST_STARTS sets how often importers start together on an empty Neo4j (default 1; the full size is 20).
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.migrations import known
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.given import batch, event
from tests.warm import program

STARTS = int(os.environ.get("FIRST_STARTS", "1"))
TOGETHER = 8
ROWS, STEP = 400, 100  # each importer has most of its events in common with the next ones


def write_files(folder: Path) -> list[Path]:
    paths = [folder / f"events{number}.csv" for number in range(TOGETHER)]
    for number, path in enumerate(paths):
        lines = [
            f"e{i},2026-02-{1 + i % 28:02}T12:00:00Z,c{i % 90},b{i % 7},purchase,{i % 5}"
            for i in range(number * STEP, number * STEP + ROWS)
        ]
        path.write_text("\n".join(["event_id,at,consumer,brand,kind,points", *lines, ""]))
    return paths


EXPECTED = {"interactions": (TOGETHER - 1) * STEP + ROWS, "people": 90, "brands": 7}


def together(folder: Path, commands: list[list[str]]) -> None:
    """Run *commands* at the same time; each must end with 0."""
    ended = all_ended(folder, commands)
    assert [code for _, code in ended] == [0] * len(commands), "\n".join(err for err, code in ended if code)


def all_ended(folder: Path, commands: list[list[str]]) -> list[tuple[str, int]]:
    """Run *commands* at the same time; return what each said and its exit code."""
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache")}
    running = [
        subprocess.Popen(
            [*program(), *each], cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        for each in commands
    ]
    return [(process.communicate(timeout=300)[1].decode(), process.returncode) for process in running]


def import_together(folder: Path, url: str) -> None:
    paths = write_files(folder)
    together(folder, [["ingest", str(p), "--store", url, "--rejects", f"{p.name}.jsonl"] for p in paths])


def is_whole(store: Store) -> None:
    counts = store.counts()
    assert {kind: counts[kind] for kind in EXPECTED} == EXPECTED
    ids = [id_ for table in store.records("interactions") for id_ in table["event_id"].to_pylist()]
    assert len(set(ids)) == len(ids) == EXPECTED["interactions"]


def as_new(store: Neo4jStore) -> None:
    """Delete constraints and indexes, too: what no program of ours ever wrote to."""
    database = store.database
    database.execute("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
    for what, many in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
        for row in store.query(f"SHOW {many} YIELD name, type WHERE type <> 'LOOKUP' RETURN name").rows:
            database.execute(f"DROP {what} `{row[0]}` IF EXISTS")


def schema_of(store: Neo4jStore) -> list[str]:
    shown = (store.query(f"SHOW {many} YIELD name RETURN name").rows for many in ("CONSTRAINTS", "INDEXES"))
    return sorted(name for rows in shown for (name,) in rows)


def threads(count: int, work: Callable[[int], object]) -> None:
    failed: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - raised below
            failed.append(error)

    running = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if failed:
        raise failed[0]


def test_importers_together_make_one_embedded_store(tmp_path: Path) -> None:
    url = tmp_path / "deep" / "store"
    import_together(tmp_path, str(url))
    is_whole(EmbeddedStore(url))


def test_scores_and_ranks_are_first_written_together(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    store.append(INTERACTIONS, [batch(INTERACTIONS, *(event(f"e{i}", f"c{i % 9}") for i in range(50)))])
    together(tmp_path, [[name, "--write", "--store", store.url] for name in ("rank", "score") * (TOGETHER // 2)])
    assert sorted(run.status for run in store.runs()) == ["finished"] * 2 + ["superseded"] * (TOGETHER - 2)
    assert store.results("rank") is not None
    assert store.results("score") is not None


@pytest.mark.parametrize("of", ["embedded"])
def test_threads_with_stores_of_their_own_write_together(tmp_path: Path, of: str) -> None:
    folder = tmp_path / of
    parts = [batch(INTERACTIONS, *(event(f"e{i}", f"c{i}") for i in range(n * 5, n * 5 + 20))) for n in range(TOGETHER)]
    threads(TOGETHER, lambda number: EmbeddedStore(folder).append(INTERACTIONS, [parts[number]] * 2))
    counts = EmbeddedStore(folder).counts()
    assert (counts["interactions"], counts["people"], counts["brands"]) == (55, 55, 1)


@pytest.mark.neo4j
@pytest.mark.timeout(300 * STARTS)
def test_importers_together_start_an_empty_neo4j(tmp_path: Path, neo4j_store: Neo4jStore) -> None:
    names: list[str] = []
    for _ in range(STARTS):
        as_new(neo4j_store)
        import_together(tmp_path, neo4j_store.url)
        is_whole(neo4j_store)
        applied = neo4j_store.query("MATCH (m:Migration) RETURN m.version ORDER BY m.version").rows
        assert [version for (version,) in applied] == list(known())
        assert neo4j_store.query("MATCH (l:Ledger) RETURN count(l)").rows == [(1,)]
        names = names or schema_of(neo4j_store)
        assert schema_of(neo4j_store) == names
        assert {"consumer_id", "brand_id", "interacted_event", "ledger_name"} <= set(names)
    print(f"{STARTS} starts of {TOGETHER} importers: all ended with 0, nothing lost")  # noqa: T201


@pytest.mark.neo4j
def test_scores_and_ranks_are_first_written_together_on_neo4j(tmp_path: Path, neo4j_store: Neo4jStore) -> None:
    as_new(neo4j_store)
    import_together(tmp_path, neo4j_store.url)
    jobs = [[name, "--write", "--store", neo4j_store.url] for name in ("rank", "score") * (TOGETHER // 2)]
    ended = all_ended(tmp_path, jobs)
    # Of several that write results of one kind, whoever is overtaken says so and shows nothing.
    assert all(code == 0 or (code == 5 and "another process took over" in err) for err, code in ended), ended
    assert {name for (name, *_), (_, code) in zip(jobs, ended, strict=True) if code == 0} == {"rank", "score"}
    current = neo4j_store.results("rank")
    assert current is not None
    assert current[1].num_rows == EXPECTED["people"] + EXPECTED["brands"]
    bonds = neo4j_store.results("score")
    assert bonds is not None
    assert bonds[1].num_rows == len({(i % 90, i % 7) for i in range(EXPECTED["interactions"])})
    assert [run.status for run in neo4j_store.runs()].count("finished") == 2
