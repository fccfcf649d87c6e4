"""A server whose data are put back to an earlier state, and a mirror that was filled before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import influence_graph as ig
from influence_graph.app.doctor import examine
from influence_graph.app.jobs import kept_scores
from influence_graph.errors import MissingExtra, StoreError
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, KINDS, PEOPLE, SALES, TIES
from influence_graph.stores.base import InteractionFilter
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.given import DAY, batch, event, tie

pytestmark = pytest.mark.neo4j

GRAPHS = ("ties", "interactions", "all")


def fill(store: Neo4jStore) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann", "name": "Ann"}, {"id": "bob"})])
    store.append(BRANDS, [batch(BRANDS, {"id": "acme", "category": "tools"})])
    store.append(TIES, [batch(TIES, tie("bob", "ann"), tie("ann", "cid", "friend"))])
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("x0", "ann", points=2.0), event("y0", "bob", points=1.0))])
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, {"event_id": "k", "at": DAY, "brand": "acme"})])
    store.append(SALES, [batch(SALES, {"brand": "acme", "date": DAY.date(), "value": 1.5, "segment": ""})])


def before(store: Neo4jStore) -> None:
    """Write what the backup does not have."""
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann", "name": "Ann B."})])
    store.append(TIES, [batch(TIES, tie("bob", "ann", weight=3.0), tie("cid", "bob", "exposed"))])
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("x1", "ann", points=3.0, day=3))])


def after(store: Neo4jStore) -> None:
    """Write as many transactions and records as :func:`before`, with other contents."""
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann", "name": "Ann C."})])
    store.append(TIES, [batch(TIES, tie("bob", "ann", weight=7.0), tie("ann", "bob", "exposed"))])
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("x2", "ann", points=-5.0, day=4))])


def answers(store: Neo4jStore) -> dict[str, Any]:
    """Return what is calculated from the ledger, and the ledger."""
    told: dict[str, Any] = {kind: [table.to_pylist() for table in store.records(kind)] for kind in KINDS}
    with store.snapshot() as view:
        told |= {"digest": view.digest(), "counts": view.counts(), "latest": view.latest(), "kinds": view.kinds()}
        told |= {
            "names": dict(view.names("people")),
            "history": view.interactions(InteractionFilter(history=True)).to_pylist(),
        }
        inputs = kept_scores.read(view, ig.FusionPolicy(), keep=True)
        for name in GRAPHS:
            graph = view.graph(name)
            told[f"graph of {name}"] = (
                sorted(graph.to_networkx().edges(data="weight")),
                ig.pagerank(graph).to_frame().to_dict(),
            )
    told["scores"] = kept_scores.calculate(inputs).frame.round(9).to_csv()  # where an empty value equals itself
    return told


def fresh(store: Neo4jStore, cache: Path) -> dict[str, Any]:
    """Return the answers from a mirror that is read anew."""
    with Neo4jStore(store.url, cache=cache) as other:
        return answers(other)


@pytest.fixture
def restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that lets the second of two writers write to the data from before the first."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("NEO4J_USERNAME", "NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    home, backup = tmp_path / "home", tmp_path / "backup"
    data = home / "data" / "databases", home / "data" / "transactions"

    def restart(change: Callable[[], None]) -> Neo4jStore:
        server.down(home)
        change()
        return Neo4jStore(server.up(home).uri, cache=tmp_path / "kept")

    def save() -> None:
        for path in data:
            shutil.copytree(path, backup / path.name)

    def put_back() -> None:
        for path in data:
            shutil.rmtree(path)
            shutil.copytree(backup / path.name, path)

    def run(first: Callable[[Neo4jStore], object], second: Callable[[Neo4jStore], object]) -> Neo4jStore:
        with Neo4jStore(server.up(home).uri, cache=tmp_path / "kept") as store:
            fill(store)
        with restart(save) as store:
            first(store)
        store = restart(put_back)
        second(store)
        return store

    try:
        yield run
    except MissingExtra as error:
        pytest.skip(str(error))
    finally:
        server.down(home)


@pytest.mark.timeout(900)  # it starts a server of its own three times
def test_a_backup_that_was_put_back_and_written_to_is_not_taken_for_what_was_mirrored(
    restored: Callable[..., Neo4jStore], tmp_path: Path
) -> None:
    told: list[dict[str, Any]] = []

    def first(store: Neo4jStore) -> None:
        before(store)
        told.append(answers(store))

    with restored(first, after) as store:
        now = answers(store)
        anew = fresh(store, tmp_path / "anew")
        assert now["counts"] == told[0]["counts"]
        assert {name: now[name] for name in anew if now[name] != anew[name]} == {}
        for name in ("people", "ties", "interactions", "digest", "names", "history", "graph of ties", "scores"):
            assert now[name] != told[0][name], name


def turned_back(store: Neo4jStore, tokens: int) -> None:
    """Put the ledger back by *tokens* transactions, with all pages of their tokens, as an earlier backup has them."""
    for text in (
        "MATCH (l:Ledger) SET l.seq = l.seq - $back, l.recent = l.recent[$back..]",
        "MATCH (l:Ledger), (p:LedgerPage) WHERE p.seq > l.seq DELETE p",
        "MATCH (l:Ledger), ()-[r]->() WHERE r.seq > l.seq DELETE r",
        "MATCH (l:Ledger), (n) WHERE n.seq > l.seq AND NOT n:Ledger AND NOT n:LedgerPage DETACH DELETE n",
    ):
        store._database.execute(text, back=tokens)


def write_one_by_one(store: Neo4jStore, prefix: str, number: int) -> None:
    for i in range(number):
        store.append(BRANDS, [batch(BRANDS, {"id": f"{prefix}{i}"})])


@pytest.mark.parametrize("later", [1, 65])
def test_the_server_proves_a_history_however_long_ago(neo4j_store: Neo4jStore, tmp_path: Path, later: int) -> None:
    fill(neo4j_store)
    neo4j_store.digest()
    write_one_by_one(neo4j_store, "x", later)
    neo4j_store.digest()
    assert neo4j_store._mirror._whole_reads == 1
    assert answers(neo4j_store) == fresh(neo4j_store, tmp_path / "anew")


@pytest.mark.parametrize("later", [5, 70])
def test_another_history_is_noticed_however_long_ago_it_began(
    neo4j_store: Neo4jStore, tmp_path: Path, later: int
) -> None:
    fill(neo4j_store)
    write_one_by_one(neo4j_store, "x", 5)
    neo4j_store.digest()
    turned_back(neo4j_store, 5)
    write_one_by_one(neo4j_store, "y", later)
    assert answers(neo4j_store) == fresh(neo4j_store, tmp_path / "anew")
    assert neo4j_store._mirror._whole_reads == 2


def test_what_a_query_writes_is_read(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    fill(neo4j_store)
    before = neo4j_store.digest()
    in_parts = "MATCH ()-[r {eventId: 'y0'}]->() CALL (r) { SET r.points = 50 } IN TRANSACTIONS OF 1 ROWS"
    for text in ("MATCH ()-[r {eventId: 'x0'}]->() SET r.points = 100", in_parts):
        neo4j_store.query(text, write=True)
        told = answers(neo4j_store)
        assert told == fresh(neo4j_store, tmp_path / text[:40])
        assert told["digest"] != before
        before = told["digest"]
    reads = neo4j_store._mirror._whole_reads
    neo4j_store.query("MATCH (n) RETURN count(n)", write=True)
    neo4j_store.digest()
    assert neo4j_store._mirror._whole_reads == reads


BY_HAND = (
    "MATCH ()-[r {eventId: 'x0'}]->() SET r.points = 100",
    "MATCH (:Consumer)-[r:FOLLOWS]->() SET r.weight = 9.0",
    "MATCH (a)-[r:INTERACTED {eventId: 'x0'}]->(b) CREATE (a)-[n:INTERACTED]->(b) WITH r, n, properties(r) AS of "
    "DELETE r WITH n, of SET n = of, n.points = -7",
)


@pytest.mark.parametrize("text", BY_HAND)
def test_doctor_reads_what_was_changed_by_hand_and_tells_other_mirrors(
    neo4j_store: Neo4jStore, tmp_path: Path, text: str
) -> None:
    fill(neo4j_store)
    with Neo4jStore(neo4j_store.url, cache=tmp_path / "elsewhere") as elsewhere:
        before = {neo4j_store.digest(), elsewhere.digest()}
        assert neo4j_store.read_anew() is False
        neo4j_store._database.execute(text)
        assert "; records were changed by hand: all are read anew" in mirror_check(neo4j_store)
        assert mirror_check(neo4j_store).endswith("; all records were read: the mirror on this machine has the same")
        after = {neo4j_store.digest(), elsewhere.digest(), fresh(neo4j_store, tmp_path / "anew")["digest"]}
    assert len(before) == len(after) == 1
    assert before != after


def mirror_check(store: Neo4jStore) -> str:
    (check,) = (check for check in examine(store) if check.name == "store is whole")
    assert check.ok
    return check.detail


def test_nothing_is_compared_with_a_mirror_that_was_not_there(neo4j_store: Neo4jStore) -> None:
    assert neo4j_store.read_anew() is None
    fill(neo4j_store)
    assert neo4j_store.read_anew() is None
    assert neo4j_store.read_anew() is False


@pytest.mark.parametrize(
    "text", ["SET r.points = 'many'", "SET r.eventId = 7", "SET r.kind = ['a']", "SET r.at = null"]
)
def test_what_is_no_record_any_more_is_named(neo4j_store: Neo4jStore, text: str) -> None:
    fill(neo4j_store)
    neo4j_store.query(f"MATCH ()-[r {{eventId: 'x0'}}]->() {text}", write=True)
    with pytest.raises(StoreError, match=r"interactions of bolt.* were changed by hand, .*(x0|7)"):
        neo4j_store.counts()
