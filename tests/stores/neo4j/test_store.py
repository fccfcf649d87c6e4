"""What is special about the store on Neo4j: its model, its mirror, its runs, its writers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import neo4j
import pyarrow as pa
import pytest

from influence_graph.errors import LockHeld, NotFound, SchemaMismatch, StoreError
from influence_graph.explore.catalogue import question as load
from influence_graph.model.records import KINDS, Batch
from influence_graph.model.results import RANK, SCORE
from influence_graph.model.runs import Run
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j import database, measures, results, writing
from influence_graph.stores.neo4j.driver import connection_to
from influence_graph.stores.neo4j.migrations import known
from influence_graph.stores.neo4j.store import Neo4jStore

pytestmark = pytest.mark.neo4j
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def batch(name: str, rows: list[dict[str, Any]]) -> Batch:
    kind = KINDS[name]
    table = pa.Table.from_pylist([{n: row.get(n) for n in kind.names} for row in rows], schema=kind.schema)
    return Batch(kind, table, pa.array(range(len(rows)), pa.int64()), "file")


def events(count: int, start: int = 0) -> Batch:
    common = {"at": DAY, "touchpoint": "engagement", "with_brands": "a|b"}
    rows = [
        {**common, "event_id": f"e{i}", "consumer": f"c{i % 7}", "brand": f"b{i % 3}", "points": i / 3,
         "direction": "to_brand" if i % 4 else "to_consumer"}
        for i in range(start, start + count)
    ]  # fmt: skip
    return batch("interactions", rows)


def add(store: Any, name: str, *rows: dict[str, Any]) -> Any:
    return store.append(KINDS[name], [batch(name, list(rows))])


def bonds(*values: tuple[str, str, float]) -> pa.Table:
    schema = SCORE.schema
    rows = [dict(zip(schema.names, (*value, 1.0, 0.0, 0.5, DAY), strict=True)) for value in values]
    return pa.Table.from_pylist(rows, schema=schema)


def run(id_: str, kind: str = "score") -> Run:
    return Run(id_, kind, "finished", DAY, None, "digest", "0", {"x": 1})


def change(store: Neo4jStore, text: str, **parameters: Any) -> None:
    """Change the graph by hand, as one can in the Browser."""
    with store._database.session(neo4j.WRITE_ACCESS) as session:
        session.run(text, parameters).consume()


def test_the_graph_has_the_labels_types_and_properties_of_the_model(neo4j_store: Neo4jStore) -> None:
    add(neo4j_store, "people", {"id": "ann", "kind": "influencer", "style": "passive", "joined": DAY}, {"id": "bob"})
    for kind in ("follows", "friend", "exposed"):
        add(neo4j_store, "ties", {"source": "ann", "target": "bob", "kind": kind, "since": DAY})
    neo4j_store.append(KINDS["interactions"], [events(2)])
    add(neo4j_store, "campaigns", {"event_id": "k1", "at": DAY, "brand": "b0"})
    add(neo4j_store, "sales", {"brand": "b0", "date": DAY.date(), "value": 1.0, "segment": ""})
    found = neo4j_store.query("MATCH (c:Consumer {id: 'ann'}) RETURN c").rows[0][0]
    assert found["labels"] == ["Consumer", "Influencer", "PassiveInfluencer"]
    assert found["properties"]["joined"] == DAY
    types = neo4j_store.query("MATCH (a)-[r]->(b) RETURN type(r), labels(a)[0], labels(b)[0] ORDER BY type(r)").rows
    assert types == [
        ("BY", "Campaign", "Brand"), ("EXPOSED_TO", "Consumer", "Consumer"), ("FOLLOWS", "Consumer", "Consumer"),
        ("INTERACTED", "Consumer", "Brand"), ("KNOWS", "Consumer", "Consumer"), ("OF", "Sales", "Brand"),
        ("RESPONDED", "Brand", "Consumer"),
    ]  # fmt: skip
    event = neo4j_store.query("MATCH ()-[r:INTERACTED]->() RETURN properties(r)").rows[0][0]
    assert {k: v for k, v in event.items() if k != "seq"} == {
        "eventId": "e1", "at": DAY, "statedDirection": "to_brand", "statedTouchpoint": "engagement", "points": 1 / 3,
        "withBrands": ["a", "b"], "touchpoint": "engagement", "valence": 1.0,
    }  # fmt: skip


def test_a_person_who_is_no_longer_an_influencer_loses_the_labels(neo4j_store: Neo4jStore) -> None:
    add(neo4j_store, "people", {"id": "ann", "kind": "influencer", "style": "active"})
    add(neo4j_store, "people", {"id": "ann", "kind": "consumer"})
    assert neo4j_store.query("MATCH (c:Consumer) RETURN labels(c)").rows == [(["Consumer"],)]


@pytest.mark.parametrize("year", [1, 1899, 1969, 2026, 9999])
def test_times_of_any_year_survive_to_the_microsecond(neo4j_store: Neo4jStore, year: int) -> None:
    at = datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    row = {
        "event_id": "e",
        "consumer": "c",
        "brand": "b",
        "at": at,
        "direction": "to_brand",
        "touchpoint": "engagement",
    }
    add(neo4j_store, "interactions", {**row, "recorded_at": at})
    stored = neo4j_store.interactions()
    assert (
        stored["at"].cast(pa.int64()).to_pylist()
        == batch("interactions", [row]).table["at"].cast(pa.int64()).to_pylist()
    )
    assert stored["recorded_at"] == stored["at"]
    assert add(neo4j_store, "interactions", {**row, "recorded_at": at}).unchanged == 1


def test_a_newer_schema_is_refused_for_reading_and_writing(neo4j_store: Neo4jStore) -> None:
    neo4j_store.migrate()
    change(neo4j_store, "CREATE (:Migration {version: 9999, name: 'V9999__future'})")
    try:
        other = Neo4jStore(neo4j_store.url)
        for verb in (other.counts, other.migrate, lambda: add(other, "brands", {"id": "x"})):
            with pytest.raises(SchemaMismatch, match="V9999__future"):
                verb()
        other.close()
    finally:
        change(neo4j_store, "MATCH (m:Migration {version: 9999}) DELETE m")


def test_a_missing_schema_is_made_before_the_first_write(neo4j_store: Neo4jStore) -> None:
    change(neo4j_store, "MATCH (m:Migration) DELETE m")
    change(neo4j_store, "DROP CONSTRAINT interacted_event IF EXISTS")
    add(neo4j_store, "brands", {"id": "x"})
    with pytest.raises(StoreError, match="already exists"):
        change(
            neo4j_store,
            "CREATE (a)-[:INTERACTED {eventId: 'x'}]->(b), (a)-[:INTERACTED {eventId: 'x'}]->(b)",
        )


def test_a_server_of_before_the_influence_engine_gets_its_index_and_keeps_its_records(
    neo4j_store: Neo4jStore,
) -> None:
    add(neo4j_store, "ties", {"source": "bob", "target": "ann", "kind": "follows"})
    change(neo4j_store, "MATCH (m:Migration {version: 3}) DELETE m")
    change(neo4j_store, "DROP INDEX influences_run IF EXISTS")
    assert neo4j_store.migrate() == ["V0003__influence"]
    with neo4j_store._database.session(neo4j.READ_ACCESS) as session:
        assert "influences_run" in session.run("SHOW INDEXES YIELD name").value()
    assert neo4j_store.counts()["ties"] == 1
    assert neo4j_store.migrate() == []


ANEW = [path.stem for version, path in known().items() if version > 3]
SEEDED = """
MERGE (run:Run {id: 'seeds-0'})
SET run.kind = 'seeds', run.status = 'finished', run.startedAt = datetime(), run.finishedAt = datetime(),
  run.inputDigest = 'd', run.parameters = '{}', run.version = '0'
MERGE (current:Current {kind: 'seeds'}) MERGE (current)-[:POINTS_TO]->(run)
SET current.runId = run.id
WITH run UNWIND [['ann', 2], ['bob', 1]] AS row
MATCH (person:Consumer {id: row[0]}) CREATE (run)-[:SEED {position: row[1], gain: 1.5}]->(person)
"""
RANKED = """
MERGE (run:Run {id: 'psi-0'})
SET run.kind = 'psi', run.status = 'finished', run.startedAt = datetime(), run.inputDigest = 'd',
  run.parameters = '{}', run.version = '0'
MERGE (current:Current {kind: 'psi'}) MERGE (current)-[:POINTS_TO]->(run)
WITH run MATCH (person:Consumer {id: 'ann'}) SET person.psiScore = 0.5, person.psiScoreRunId = run.id
"""


def test_seeds_and_measures_of_a_former_version_are_read_and_migrated(neo4j_store: Neo4jStore) -> None:
    add(neo4j_store, "people", {"id": "ann"}, {"id": "bob"})
    change(neo4j_store, SEEDED)
    change(neo4j_store, RANKED)
    change(neo4j_store, "MATCH (m:Migration) WHERE m.version > 3 DELETE m")
    expected = [{"rank": 1, "id": "bob", "gain": 1.5}, {"rank": 2, "id": "ann", "gain": 1.5}]
    assert current(neo4j_store, "seeds") == expected  # who may only read cannot migrate
    assert neo4j_store.migrate() == ANEW
    assert current(neo4j_store, "seeds") == expected
    assert neo4j_store.query("MATCH (:Run)-[seed:SEED]->() RETURN DISTINCT keys(seed)").rows in (
        [(["rank", "gain"],)],
        [(["gain", "rank"],)],
    )
    for name in ("psi", "psiScore"):
        assert neo4j_store.query(load("top-by").text, {"measure": name, "limit": 20}).rows == [("ann", None, None, 0.5)]
    change(neo4j_store, "MATCH (m:Migration) WHERE m.version > 3 DELETE m")
    assert neo4j_store.migrate() == ANEW
    assert current(neo4j_store, "seeds") == expected


FORMER_RANK = """
CREATE (run:Run {id: 'rank-0', kind: 'rank', status: 'finished', startedAt: datetime(), finishedAt: datetime(),
  inputDigest: 'd', parameters: '{}', version: '0', measure: 'pagerank', property: 'pageRank', runProperty: 'runId'})
CREATE (:Current {kind: 'rank'})-[:POINTS_TO]->(run)
WITH run UNWIND range(0, 25000) AS i
MERGE (person:Consumer {id: 'p' + i}) SET person.pageRank = i / 4.0, person.runId = 'rank-0'
WITH DISTINCT run MERGE (brand:Brand {id: 'acme'}) SET brand.pageRank = 0.5, brand.runId = 'rank-0'
"""


def test_the_measures_and_the_pointers_of_a_former_version_are_migrated(neo4j_store: Neo4jStore) -> None:
    neo4j_store.migrate()
    change(neo4j_store, FORMER_RANK)
    expected = [{"label": "Consumer", "id": f"p{i}", "score": i / 4} for i in range(25000, -1, -1)]
    expected.insert(-2, {"label": "Brand", "id": "acme", "score": 0.5})
    for _ in range(2):
        change(neo4j_store, "MATCH (m:Migration {version: 7}) DELETE m")
        assert neo4j_store.migrate() == ["V0007__generations"]
        assert current(neo4j_store, "rank") == sorted(expected, key=lambda row: (-row["score"], row["label"]))
        assert neo4j_store.query(load("top-influencers").text, {"limit": 1}).rows == [("p25000", None, None, 6250.0)]
        assert neo4j_store.query("MATCH (part:Measure) RETURN part.label, part.part, size(part.ids)").rows == [
            ("Consumer", 0, 10000),
            ("Consumer", 1, 10000),
            ("Consumer", 2, 5001),
            ("Brand", 0, 1),
        ]
        assert neo4j_store.query("MATCH (:Current)-->(r) RETURN r.id").rows == []


def current(store: Neo4jStore, kind: str) -> list[dict[str, Any]]:
    found = store.results(kind)
    assert found is not None
    return list(found[1].to_pylist())


def test_runs_of_a_kind_that_this_version_does_not_know_are_listed(neo4j_store: Neo4jStore) -> None:
    change(neo4j_store, SEEDED.replace("'seeds'", "'later'"))
    assert [each.kind for each in neo4j_store.runs()] == ["later"]
    with pytest.raises(NotFound, match="'later'"):
        neo4j_store.results("later")


def test_a_snapshot_synchronizes_once(neo4j_store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    neo4j_store.write(run("score-1"), bonds(("c1", "b1", 1.0)))
    sent: list[str] = []
    original = database.Database.read

    def counted(self: Any, name: str, /, **parameters: Any) -> Any:
        sent.append(name)
        return original(self, name, **parameters)

    monkeypatch.setattr(database.Database, "read", counted)
    with neo4j_store.snapshot() as view:
        view.digest()
    assert sent == ["read-ledger", "read-ledger"]  # the second compares the counts after reading what was new
    sent.clear()
    with neo4j_store.snapshot() as view:
        for _ in range(2):
            view.graph("ties"), view.interactions(), view.latest(), view.counts(), view.digest(), view.mark()
            list(view.records("people"))
            view.results("score"), view.results("rank"), view.runs()
    assert sent.count("read-ledger") == 1
    assert sent.count("runs") == 1
    assert (sent.count("read-archive"), sent.count("read-bonds"), sent.count("is-whole")) == (1, 0, 0)
    assert sent.count("current-runs") == 1
    assert sent.count("run-of") == 1  # that of the bonds, and none for ranks


def test_the_cache_stays_while_the_mirror_is_added_to_and_goes_when_it_is_read_anew(
    neo4j_store: Neo4jStore, tmp_path: Path
) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    with neo4j_store.snapshot() as view:
        assert tmp_path in view.cache.parents
        assert not view.cache.exists()
        view.cache.mkdir()
        kept = view.cache
    neo4j_store.append(KINDS["interactions"], [events(5, start=20)])
    with neo4j_store.snapshot() as view:
        assert view.cache == kept
        assert kept.exists()
    change(neo4j_store, "MATCH ()-[r]->() WITH r LIMIT 1 DELETE r")
    with neo4j_store.snapshot() as view:
        assert view.cache == kept
        assert not kept.exists()


def test_a_mirror_that_a_former_version_left_is_not_believed(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    expected = neo4j_store.digest()
    (path,) = (tmp_path / "mirror0").glob("*/state.json")
    state = json.loads(path.read_text())["state"]
    former = {name: state[name] for name in ("generation", "watermark", "foreign", "records", "touchpoints")}
    path.write_text(json.dumps(former))
    change(neo4j_store, "MATCH ()-[r {eventId: 'e1'}]->() SET r.points = 100")
    assert neo4j_store.digest() != expected
    assert json.loads(path.read_text())["state"]["token"]


def test_the_mirror_reads_only_what_is_new(neo4j_store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    neo4j_store.append(KINDS["interactions"], [events(50)])
    neo4j_store.digest()
    read: list[int] = []
    original = database.Database.stream

    def counted(self: Any, name: str, /, **parameters: Any) -> Any:
        for record in original(self, name, **parameters):
            read.append(len(record["rows"]))
            yield record

    monkeypatch.setattr(database.Database, "stream", counted)
    neo4j_store.append(KINDS["interactions"], [events(3, start=50)])
    assert neo4j_store.counts()["interactions"] == 53
    assert sum(read) == 3
    neo4j_store.graph("all")
    assert sum(read) == 3


@pytest.mark.parametrize(
    "by_hand",
    [
        "MATCH ()-[r:INTERACTED {eventId: 'e1'}]->() DELETE r",
        "MATCH (c:Consumer {id: 'c1'}) DETACH DELETE c",
        "MATCH ()-[r:RESPONDED]->() DELETE r",
    ],
)
def test_what_is_deleted_by_hand_is_gone_from_the_mirror_too(
    neo4j_store: Neo4jStore, tmp_path: Path, by_hand: str
) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    before = neo4j_store.digest()
    change(neo4j_store, by_hand)
    fresh = Neo4jStore(neo4j_store.url, cache=tmp_path / "another")
    assert neo4j_store.digest() == fresh.digest() != before
    fresh.close()


def test_nodes_made_by_hand_do_not_disturb(neo4j_store: Neo4jStore) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    change(neo4j_store, "CREATE (:Consumer {id: 'by-hand'})")
    before = neo4j_store.digest()
    neo4j_store.append(KINDS["interactions"], [events(5, start=20)])
    assert neo4j_store.counts()["interactions"] == 25
    assert neo4j_store.digest() != before


def test_a_damaged_mirror_is_read_anew(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    before = neo4j_store.digest()
    for state in (tmp_path / "mirror").glob("*/state.json"):
        state.write_text("{")
    assert neo4j_store.digest() == before


def test_a_batch_whose_acknowledgement_was_lost_is_not_counted_or_written_twice(
    neo4j_store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = database.Database._write_once
    lost = iter([True, False, True])

    def forgetful(self: Any, work: Any) -> Any:
        answer = original(self, work)
        if isinstance(work, writing._Attempts) and next(lost, False):
            raise neo4j.exceptions.IncompleteCommit("the connection broke after COMMIT was sent")
        return answer

    monkeypatch.setattr(database.Database, "_write_once", forgetful)
    report = neo4j_store.append(KINDS["interactions"], [events(20)])
    assert (report.inserted, report.unchanged, report.placeholders) == (20, 0, 10)
    assert neo4j_store.counts()["interactions"] == 20


def test_bonds_are_neither_lost_nor_doubled_when_acknowledgements_are_lost(
    neo4j_store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    monkeypatch.setattr(measures, "TRANSACTION_ROWS", 2)
    original, calls = database.Database._write_once, []

    def forgetful(self: Any, work: Any) -> Any:
        answer = original(self, work)
        calls.append(work)
        if len(calls) % 2:
            raise neo4j.exceptions.IncompleteCommit("the connection broke after COMMIT was sent")
        return answer

    monkeypatch.setattr(database.Database, "_write_once", forgetful)
    table = bonds(*((f"c{i}", "b0", float(i)) for i in range(7)))
    neo4j_store.write(run("score-1"), table)
    found = neo4j_store.results("score")
    assert found is not None
    assert found[1].to_pylist() == table.to_pylist()
    assert neo4j_store.query("MATCH ()-[b:BOND]->() RETURN count(b)").rows == [(7,)]


def test_a_writer_that_was_killed_leaves_the_former_results_and_the_next_one_sweeps(neo4j_store: Neo4jStore) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    neo4j_store.write(run("score-1"), bonds(("c1", "b1", 1.0)))
    dead = run("score-2")
    neo4j_store._database.write(lambda tx: results._start(dead, None, tx))
    writer = results._Writer(neo4j_store.database, dead, None)
    writer.write("write-bonds", [("c1", "b1", 9.0, 1.0, 0.0, 0.0, 0)])
    writer.write("write-associations", [("b1", "b2", 1.0, 1, 1)])
    found = neo4j_store.results("score")
    assert found is not None
    assert (found[0].id, found[1]["fusion_score"].to_pylist()) == ("score-1", [1.0])
    neo4j_store.write(run("score-3"), bonds(("c2", "b2", 3.0)))
    kept = "MATCH ()-[b:BOND|CO_ASSOCIATED]->() RETURN b.runId ORDER BY b.runId"
    assert neo4j_store.query(kept).rows == [("score-1",), ("score-3",)]  # the current run and the former one
    statuses = {r.id: r.status for r in neo4j_store.runs()}
    assert statuses == {"score-1": "superseded", "score-2": "abandoned", "score-3": "finished"}
    with pytest.raises(LockHeld, match="took over"):  # the killed one continues
        neo4j_store._database.write(lambda tx: results._finish(dead, None, tx))


def test_ranks_of_nodes_that_are_not_stored_are_refused_as_a_whole(neo4j_store: Neo4jStore) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    schema = RANK.schema
    table = pa.Table.from_arrays([["Consumer", "Brand"], ["c1", "nobody"], [0.5, 0.5]], schema=schema)
    with pytest.raises(NotFound, match="1 of 1"):
        neo4j_store.write(run("rank-1", "rank"), table)
    assert neo4j_store.results("rank") is None
    assert [each.status for each in neo4j_store.runs()] == ["abandoned"]
    assert neo4j_store.query("MATCH (n) WHERE n.pageRank IS NOT NULL RETURN n").rows == []
    neo4j_store.write(run("rank-2", "rank"), table.slice(0, 1))
    assert neo4j_store.query("MATCH (part:Measure) RETURN part.runId, part.ids").rows == [("rank-2", ["c1"])]
    assert [each.status for each in neo4j_store.runs()] == ["finished", "abandoned"]


def test_a_second_rank_leaves_no_score_of_the_first(neo4j_store: Neo4jStore) -> None:
    neo4j_store.append(KINDS["interactions"], [events(20)])
    for id_, node in (("rank-1", "c1"), ("rank-2", "c2")):
        table = pa.Table.from_arrays([["Consumer"], [node], [1.0]], schema=RANK.schema)
        neo4j_store.write(run(id_, "rank"), table)
    assert neo4j_store.query("MATCH (n) WHERE n.pageRank IS NOT NULL RETURN n.id, n.runId").rows == [("c2", "rank-2")]


def test_writers_with_overlapping_ids_take_turns_and_counts_are_exact(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    reports: list[Any] = []

    def write(offset: int) -> None:
        store = Neo4jStore(neo4j_store.url, cache=tmp_path / str(offset))
        reports.append(store.append(KINDS["interactions"], [events(60, start=offset)]))
        store.close()

    threads = [threading.Thread(target=write, args=(offset,)) for offset in range(0, 80, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.inserted for report in reports) == neo4j_store.counts()["interactions"] == 130
    assert sum(report.unchanged for report in reports) == 8 * 60 - 130
    assert sum(report.placeholders for report in reports) == 10
    whole = EmbeddedStore(tmp_path / "whole")
    whole.append(KINDS["interactions"], [events(130)])
    assert neo4j_store.digest() == whole.digest()


WRITER = """
import sys
from tests.stores.neo4j.test_store import KINDS, events
from influence_graph.stores.neo4j import writing
from influence_graph.stores.neo4j.store import Neo4jStore
writing.TRANSACTION_ROWS = 100
store = Neo4jStore(sys.argv[1])
store.append(KINDS["interactions"], [events(3000)], progress=lambda n: print(n, flush=True))
"""


@pytest.mark.parametrize("after", [1, 3])
def test_a_killed_importer_resumes_to_the_same_digest(neo4j_store: Neo4jStore, tmp_path: Path, after: int) -> None:
    connection = connection_to(neo4j_store.url)
    environment = {**os.environ, "NEO4J_USERNAME": connection.username, "NEO4J_PASSWORD": connection.password}
    root = Path(__file__).resolve().parents[3]
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, neo4j_store.url], cwd=root, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = sum(int(writer.stdout.readline()) for _ in range(after))
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    stored = neo4j_store.counts()["interactions"]
    assert acknowledged <= stored < 3000
    report = neo4j_store.append(KINDS["interactions"], [events(3000)])
    assert (report.inserted, report.unchanged) == (3000 - stored, stored)
    whole = EmbeddedStore(tmp_path / "whole")
    whole.append(KINDS["interactions"], [events(3000)])
    assert neo4j_store.digest() == whole.digest()
