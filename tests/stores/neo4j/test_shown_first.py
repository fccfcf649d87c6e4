"""What the Browser shows first: books come after people and brands, and labels follow the current results."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import neo4j
import pyarrow as pa
import pytest

from influence_graph.errors import NotFound
from influence_graph.model.records import KINDS, Batch
from influence_graph.model.results import kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.neo4j.store import Neo4jStore

pytestmark = pytest.mark.neo4j
DAY = datetime(2026, 1, 1, tzinfo=UTC)
BOOKS = {"Migration", "Ledger", "Lease", "Run", "Current", "Measure", "CurrentRuns", "Archive"}
FIRST = "MATCH (n) RETURN labels(n)[0] LIMIT 300"
FORMER = """
CREATE (:Ledger {name: 'ledger', id: 'the-ledger', seq: 7, recent: []}), (:Lease {name: 'write', token: 3})
CREATE (:Current {kind: 'seeds'})-[:POINTS_TO]->(run:Run {id: 'seeds-0', kind: 'seeds', status: 'finished',
  startedAt: datetime(), inputDigest: 'd', parameters: '{}', version: '0'})
CREATE (:Current {kind: 'score'})-[:POINTS_TO]->(score:Run {id: 'score-0', kind: 'score', status: 'finished',
  startedAt: datetime(), inputDigest: 'd', parameters: '{}', version: '0'})
CREATE (:Current {kind: 'rank'})-[:POINTS_TO]->(rank:Run {id: 'rank-0', kind: 'rank', status: 'finished',
  measure: 'pagerank', property: 'pageRank', runProperty: 'runId',
  startedAt: datetime(), inputDigest: 'd', parameters: '{}', version: '0'})
CREATE (acme:Brand {id: 'acme'})
WITH run, acme UNWIND range(1, 400) AS i
CREATE (person:Consumer {id: 'p' + i, pageRank: i / 400.0, runId: 'rank-0'})
CREATE (person)-[:BOND {fusionScore: i - 390.5, runId: 'score-0'}]->(acme)
WITH run, person, i WHERE i < 3
CREATE (run)-[:SEED {rank: i, gain: 2.5}]->(person)
"""
"""What a version before this one left: its books were written first, and have the lowest ids."""


def run(id_: str, kind: str) -> Run:
    return Run(id_, kind, "finished", DAY, None, "digest", "0", {})


def write(store: Neo4jStore, id_: str, kind: str, *rows: tuple[Any, ...]) -> None:
    schema = kind_of(kind).schema
    table = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
    store.write(run(id_, kind), table)


def add_people(store: Neo4jStore, count: int, prefix: str = "p") -> None:
    kind = KINDS["people"]
    rows = [dict.fromkeys(kind.names) | {"id": f"{prefix}{n}"} for n in range(count)]
    table = pa.Table.from_pylist(rows, schema=kind.schema)
    store.append(kind, [Batch(kind, table, pa.array(range(count), pa.int64()))])


def add(store: Neo4jStore, name: str, *rows: dict[str, Any]) -> None:
    kind = KINDS[name]
    table = pa.Table.from_pylist([dict.fromkeys(kind.names) | row for row in rows], schema=kind.schema)
    store.append(kind, [Batch(kind, table, pa.array(range(len(rows)), pa.int64()))])


def change(store: Neo4jStore, text: str, **parameters: Any) -> None:
    with store.database.session(neo4j.WRITE_ACCESS) as session:
        session.run(text, parameters).consume()


def first(store: Neo4jStore) -> set[str]:
    return {row[0] for row in store.query(FIRST).rows}


def labeled(store: Neo4jStore) -> list[str]:
    return [row[0] for row in store.query("MATCH (n:TopInfluencer) RETURN n.id ORDER BY n.id").rows]


@pytest.fixture
def bare(neo4j_store: Neo4jStore) -> Iterator[Neo4jStore]:
    """Return a store on a database without a single node."""
    change(neo4j_store, "MATCH (n) DETACH DELETE n")
    neo4j_store.migrate()
    change(neo4j_store, "MATCH (n) DETACH DELETE n")
    _wait_for_low_ids(neo4j_store)
    yield neo4j_store
    change(neo4j_store, "MATCH (n) DETACH DELETE n")


def _wait_for_low_ids(store: Neo4jStore) -> None:
    """Wait until the server gives the ids of what was deleted again, which it does some time later.

    Ids that come free between the records and their books are given to the books.
    """
    for _ in range(300):
        with store.database.session(neo4j.WRITE_ACCESS) as session:
            found = session.run("CREATE (n:Probe) WITH n, id(n) AS number DELETE n RETURN number").single(strict=True)
        if found["number"] < 5000:
            return
        time.sleep(0.1)


def test_books_come_after_a_thousand_records_whenever_they_are_written(bare: Neo4jStore, tmp_path: Path) -> None:
    with Neo4jStore(bare.url, cache=tmp_path) as store:
        _books_come_after_a_thousand_records(store)


def _books_come_after_a_thousand_records(store: Neo4jStore) -> None:
    with store.lease("write"):
        add_people(store, 700)
        write(store, "rank-1", "rank", ("Consumer", "p1", 1.0))
        change(store, "MATCH (n:Consumer) WHERE n.id < 'p3' DETACH DELETE n")  # their ids are free for what comes next
        write(store, "rank-2", "rank", ("Consumer", "p30", 1.0))
    assert first(store) == {"Consumer"}
    add_people(store, 600, "q")
    assert first(store) == {"Consumer"}
    assert {row[0] for row in store.query("MATCH (n) RETURN DISTINCT labels(n)[0]").rows} == {*BOOKS, "Consumer"}
    assert store.query("MATCH (n) WHERE size(labels(n)) = 0 RETURN count(n)").rows == [(0,)]


def test_books_of_a_former_version_move_behind_the_records_and_stay_whole(bare: Neo4jStore, tmp_path: Path) -> None:
    former = BOOKS - {"Measure", "CurrentRuns", "Archive"}
    for _ in range(8):  # ids that former tests have left are given in any order
        change(bare, "MATCH (n) DETACH DELETE n")
        change(bare, "UNWIND range(1, 5) AS i CREATE (:Migration {version: i, name: 'V000' + i})")
        change(bare, FORMER)
        if first(bare) & BOOKS == former:
            break
    assert first(bare) & BOOKS == former
    store = Neo4jStore(bare.url, cache=tmp_path)
    for _ in range(2):
        names = ("browser", "generations", "proof", "recalculations", "sources", "tombstones", "items", "days")
        assert store.migrate() == [f"V{number:04}__{name}" for number, name in enumerate(names, start=6)]
        assert first(store) == {"Brand", "Consumer"}
        assert store.query("MATCH (n:Migration) RETURN n.version ORDER BY n.version").rows == [
            (n,) for n in range(1, 14)
        ]
        assert store.query("MATCH (n:Ledger) RETURN n.id, n.seq").rows == [("the-ledger", 7)]
        assert store.query("MATCH (n:Lease) RETURN n.token").rows == [(3,)]
        current = "MATCH (c:Current) RETURN c.kind, c.runId ORDER BY c.kind"
        assert store.query(current).rows == [("rank", "rank-0"), ("score", "score-0"), ("seeds", "seeds-0")]
        seeds = "MATCH (r:Run)-[s:SEED]->(p) RETURN r.id, s.rank, s.gain, p.id ORDER BY s.rank"
        assert store.query(seeds).rows == [("seeds-0", 1, 2.5, "p1"), ("seeds-0", 2, 2.5, "p2")]
        assert labeled(store) == sorted(f"p{n}" for n in range(381, 401))
        strained = "MATCH (p)-[s:STRAINED]->(:Brand) RETURN count(s), min(s.fusionScore), max(s.fusionScore)"
        assert store.query(strained).rows == [(390, -389.5, -0.5)]
        change(store, "MATCH (m:Migration) WHERE m.version > 5 DELETE m")
    add_people(store, 30, "q")
    assert first(store) == {"Brand", "Consumer"}
    store.close()


def test_the_best_tenth_of_the_current_ranking_is_labeled_and_nobody_else(neo4j_store: Neo4jStore) -> None:
    add_people(neo4j_store, 15)
    write(neo4j_store, "rank-1", "rank", *(("Consumer", f"p{n}", n / 15) for n in range(15)))
    assert labeled(neo4j_store) == ["p13", "p14"]
    write(neo4j_store, "authority-1", "authority", ("Consumer", "p3", 1.0))
    assert labeled(neo4j_store) == ["p13", "p14"]
    write(neo4j_store, "rank-2", "rank", ("Consumer", "p1", 0.5), ("Consumer", "p2", 0.5))
    assert labeled(neo4j_store) == ["p1"]
    add_people(neo4j_store, 2)
    assert labeled(neo4j_store) == ["p1"]
    write(neo4j_store, "rank-3", "rank")
    assert labeled(neo4j_store) == []


def found(id_: str, style: str) -> tuple[Any, ...]:
    return ("Consumer", id_, 9.5, 4.0, 20.0, style, 1e-4, 0.01, 2, 5, 1.75, 90.0, 40.0, None, 1)


def test_who_is_found_has_labels_beside_those_of_who_is_declared_and_only_in_the_current_run(
    neo4j_store: Neo4jStore,
) -> None:
    add_people(neo4j_store, 4)
    change(neo4j_store, "MATCH (n:Consumer {id: 'p1'}) SET n:Influencer:ActiveInfluencer, n.style = 'active'")
    write(neo4j_store, "influencers-1", "influencers", found("p1", "passive"), found("p2", "active"))
    labels = "MATCH (n:FoundInfluencer) RETURN n.id, labels(n), n.style, n.foundStyle, n.caused ORDER BY n.id"
    assert [(id_, set(named), *more) for id_, named, *more in neo4j_store.query(labels).rows] == [
        ("p1", {"Consumer", "Influencer", "ActiveInfluencer", "FoundInfluencer", "FoundPassiveInfluencer"},
         "active", "passive", 9.5),
        ("p2", {"Consumer", "FoundInfluencer", "FoundActiveInfluencer"}, None, "active", 9.5),
    ]  # fmt: skip
    write(neo4j_store, "influencers-2", "influencers", found("p3", "cannot be told"), found("p2", "passive"))
    again = neo4j_store.query(labels).rows
    assert [(id_, set(named) - {"Consumer", "FoundInfluencer"}) for id_, named, *_ in again] == [
        ("p2", {"FoundPassiveInfluencer"}),
        ("p3", set()),
    ]
    left = "MATCH (n:Consumer {id: 'p1'}) RETURN [key IN keys(n) WHERE key =~ 'found.*|caused.*']"
    assert neo4j_store.query(left).rows == [([],)]
    write(neo4j_store, "influencers-3", "influencers")
    assert neo4j_store.query(labels).rows == []


def told(id_: str, lift: float | None, status: str, others: int = 0) -> tuple[Any, ...]:
    return (
        id_,
        lift,
        -1.0,
        90.0,
        12.5,
        -1.0,
        30.0,
        0.01,
        status,
        14,
        "sales",
        "one series",
        None,
        None,
        None,
        None,
        id_,
        others,
    )


def test_clear_lifts_have_a_label_and_a_caption_and_only_in_the_current_run(neo4j_store: Neo4jStore) -> None:
    campaigns = [{"event_id": id_, "at": DAY, "brand": "acme", "kind": "concert"} for id_ in ("k1", "k2", "k3")]
    add(neo4j_store, "campaigns", *campaigns)
    write(neo4j_store, "lift-1", "lift", told("k1", 41.7, "higher"), told("k2", -7.0, "no clear change"))
    shown = (
        "MATCH (c:Campaign) WHERE c.liftRunId IS NOT NULL RETURN c.id, c.lift, c.liftCaption, c:ClearLift ORDER BY c.id"
    )
    assert neo4j_store.query(shown).rows == [("k1", 41.7, "concert +42", True), ("k2", -7.0, None, False)]
    write(neo4j_store, "lift-2", "lift", told("k2", None, "cannot tell"), told("k3", -8.0, "lower", 1))
    assert neo4j_store.query(shown).rows == [("k2", None, None, False), ("k3", -8.0, "concert -8 with others", True)]
    left = "MATCH (c:Campaign {id: 'k1'}) RETURN labels(c), [key IN keys(c) WHERE key STARTS WITH 'lift']"
    assert neo4j_store.query(left).rows == [(["Campaign"], [])]
    with pytest.raises(NotFound, match="1 of 1 of which the store does not hold"):
        write(neo4j_store, "lift-3", "lift", told("k9", 1.0, "higher"))
    assert [row[0] for row in neo4j_store.query(shown).rows] == ["k2", "k3"]
    write(neo4j_store, "lift-4", "lift")
    assert neo4j_store.query(shown).rows == []


def test_bonds_below_zero_have_a_strained_bond_of_the_same_run(neo4j_store: Neo4jStore) -> None:
    add_people(neo4j_store, 3)
    rest = (1.0, 0.0, 0.5, DAY)
    write(neo4j_store, "score-1", "score", ("p0", "b", 2.0, *rest), ("p1", "b", -2.0, *rest), ("p2", "b", 0.0, *rest))
    found = "MATCH (p)-[s:STRAINED]->(b:Brand) RETURN p.id, b.id, s.fusionScore, s.runId"
    assert neo4j_store.query(found).rows == [("p1", "b", -2.0, "score-1")]
    assert neo4j_store.query("MATCH ()-[b:BOND]->() RETURN count(b)").rows == [(3,)]
    write(neo4j_store, "score-2", "score", ("p0", "b", -1.0, *rest), ("p1", "b", 1.0, *rest))
    assert neo4j_store.query(found + " ORDER BY s.runId").rows == [
        ("p1", "b", -2.0, "score-1"),
        ("p0", "b", -1.0, "score-2"),
    ]
