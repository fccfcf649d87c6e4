"""What erasing people and records leaves in each store: nothing of them, and all of the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from influence_graph.errors import NotFound, StoreError
from influence_graph.model.erasure import Selection
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, KINDS, PEOPLE, SALES, TIES
from influence_graph.model.runs import Run
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.given import DAY, batch, bonds, event, influences, ranks, rows, run, seeds, tie

ANN, HASH = "ann-x17", "0f" * 16


def records(*, without: str = "") -> dict[str, list[dict[str, Any]]]:
    """Return records of four people; *without* one as if nobody had ever said anything of them."""
    people = [{"id": ANN, "name": "Annabel Q."}, {"id": "bob", "name": "Bob"}, {"id": "cat", "city": "Rome"}]
    ties = [tie(ANN, "bob"), tie("bob", ANN, "friend"), tie("cat", ANN, "exposed"), tie("bob", "cat"), tie(ANN, "dora")]
    events = [
        event("e1", ANN, "acme", points=2.0),
        event("e2", "bob", "acme", day=1, points=3.0),
        event("e3", ANN, "bolt", day=2, direction="to_consumer"),
        event("e4", "cat", "acme", day=3, replaces="e1", points=1.0),
        event("e5", "cat", "cog", day=4, direction="to_consumer", points=-1.0),
    ]
    sales = [{"brand": "acme", "date": DAY.date(), "value": 1.0, "segment": ""}]
    found = {"people": people, "brands": [{"id": "acme", "name": "Acme"}], "ties": ties, "interactions": events}
    found |= {"campaigns": [{"event_id": "k1", "at": DAY, "brand": "acme", "note": "x"}], "sales": sales}
    return {kind: [row for row in of if not without or without not in row.values()] for kind, of in found.items()}


def fill(store: Store, given: dict[str, list[dict[str, Any]]]) -> None:
    for kind, of in given.items():
        if of:
            store.append(KINDS[kind], [batch(KINDS[kind], *of)])


def calculated(store: Store) -> None:
    """Write runs of which all but the last of seeds name Ann; the former ones of rank are archived."""
    for number in range(2):
        scores = ranks(("Consumer", ANN, 0.5), ("Consumer", "bob", 0.3), ("Consumer", "cat", 0.2))
        store.write(run("rank", f"rank-{number}"), scores)
    store.write(run("score", "score-1"), bonds((ANN, "acme", 2.0), ("bob", "acme", 3.0)))
    store.write(run("learn", "learn-1"), influences((ANN, "bob", 0.5, None), ("bob", "cat", 0.25, 3.0)))
    asked = {"asked": {"k": 2, "exclude": [ANN, "cat"]}, "why": f"Annabel Q. ({ANN}) was left out"}
    store.write(Run("seeds-1", "seeds", "finished", DAY, DAY, "d", "0", asked), seeds((1, ANN, 2.0), (2, "bob", 1.0)))
    only = {"asked": {"personalization": {ANN: 1.0}}}
    store.write(Run("hub-1", "hub", "finished", DAY, DAY, "d", "0", only), ranks(("Consumer", "bob", 1.0)))
    store.set_state("alerts", {"open": [{"person": ANN, "since": 3}, {"person": "bob"}], "last": f"{ANN} rose"})


def texts_of(store: Store) -> str:
    """Return all texts that the store can be asked for."""
    found: list[Any] = [rows(store, kind) for kind in KINDS]
    kept = [each for each in store.runs() if each.status != "abandoned"]
    found += [[each.parameters for each in store.runs()], [store.results_of(each.id)[1].to_pylist() for each in kept]]
    found += [store.results(kind) and store.results(kind)[1].to_pylist() for kind in ("rank", "score", "learn", "hub")]  # type: ignore[index]
    found += [store.state("alerts"), [each.to_dict() for each in store.recalculations()]]
    if isinstance(store, Neo4jStore):
        found.append(store.query("MATCH (n) RETURN labels(n), [key IN keys(n) WHERE key <> 'data' | n[key]]").rows)
        found.append(store.query("MATCH ()-[r]->() RETURN type(r), properties(r)").rows)
    return json.dumps(found, default=str)


def test_a_person_is_nowhere_afterwards_and_everybody_else_stays(store: Store) -> None:
    fill(store, records())
    calculated(store)
    assert texts_of(store).count(ANN) > 10
    selection = Selection((ANN,), (HASH,))
    promised = store.erase(selection, dry_run=True)
    assert ANN in texts_of(store)
    assert store.erase(selection) == promised
    assert {kind: number for kind, number in promised.records.items() if number} == {
        "people": 2, "brands": 1, "ties": 4, "interactions": 2,
    }  # fmt: skip
    assert {kind: number for kind, number in promised.results.items() if number} == {
        "rank": 2, "score": 1, "learn": 1, "seeds": 1, "hub": 1,
    }  # fmt: skip
    assert (promised.runs, promised.notes) == (1, 2)
    told = texts_of(store)
    assert (ANN in told, "Annabel" in told, "dora" in told) == (False, False, False)
    assert store.tombstones() == {HASH}
    assert store.unfinished_erasures() == frozenset()
    assert [r["id"] for r in rows(store, PEOPLE)] == ["bob", "cat"]
    assert [r["event_id"] for r in rows(store, INTERACTIONS)] == ["e2", "e4", "e5"]
    seeds_run = next(each for each in store.runs() if each.kind == "seeds")
    assert seeds_run.parameters == {
        "asked": {"k": 2, "exclude": ["cat"]},
        "why": "(forgotten) ((forgotten)) was left out",
    }
    assert store.state("alerts") == {"open": [{"person": "bob"}], "last": "(forgotten) rose"}
    assert store.results("hub") is None
    assert store.erase(selection).is_nothing


def test_a_store_is_then_as_one_that_never_knew_the_person(store: Store, tmp_path: Path) -> None:
    fill(store, records())
    calculated(store)
    store.erase(Selection((ANN,), (HASH,)))
    never = EmbeddedStore(tmp_path / "never")
    fill(never, records(without=ANN))
    assert store.digest() == never.digest()
    assert store.graph("all").ids.tolist() == never.graph("all").ids.tolist()
    assert store.interactions().to_pylist() == never.interactions().to_pylist()
    fill(store, {"interactions": [event("e9", "bob", "cog", day=5)]})
    assert store.counts()["interactions"] == 4


def test_marks_of_before_match_no_more(store: Store) -> None:
    fill(store, records())
    with store.snapshot() as view:
        before = view.mark()
    store.erase(Selection((), (), {"interactions": pa.table({"event_id": ["no-such"]})}))
    with store.snapshot() as view:
        assert view.mark().ledger != before.ledger
        assert view.mark().position == before.position
        assert rows(view, INTERACTIONS) == rows(store, INTERACTIONS)


def test_records_go_by_their_keys_and_whom_others_name_stays_without_what_was_said(store: Store) -> None:
    fill(store, records())
    keys = {
        "people": pa.table({"id": [ANN, "bob"]}),
        "brands": pa.table({"id": ["acme"]}),
        "ties": pa.table({"source": [ANN, ANN], "target": ["bob", "dora"], "kind": ["follows", "follows"]}),
        "interactions": pa.table({"event_id": ["e1", "e3", "e5"]}),
        "campaigns": pa.table({"event_id": ["k1"]}),
        "sales": pa.table({"brand": ["acme"], "date": [DAY.date()], "segment": [""]}),
    }
    erased = store.erase(Selection(records=keys))
    assert erased.records == {"people": 1, "brands": 2, "ties": 2, "interactions": 3, "campaigns": 1, "sales": 1}
    assert [(r["id"], r["name"], r["city"]) for r in rows(store, PEOPLE)] == [
        (ANN, None, None), ("bob", None, None), ("cat", None, "Rome"),
    ]  # fmt: skip
    assert [(r["id"], r["name"]) for r in rows(store, BRANDS)] == [("acme", None)]
    assert [(r["source"], r["target"], r["kind"]) for r in rows(store, TIES)] == [
        ("bob", ANN, "friend"), ("bob", "cat", "follows"), ("cat", ANN, "exposed"),
    ]  # fmt: skip
    assert (rows(store, CAMPAIGNS), rows(store, SALES), store.tombstones()) == ([], [], frozenset())


def test_results_from_before_do_not_bring_a_person_back(store: Store) -> None:
    fill(store, records())
    store.erase(Selection((ANN,), (HASH,)))
    for late in (
        (run("score", "s"), bonds((ANN, "acme", 2.0))),
        (run("learn", "l"), influences(("bob", ANN, 0.5, 60.0))),
        (run("learn", "l2"), influences(("bob", ANN, 0.5, None))),  # which no graph draws
    ):
        with pytest.raises(NotFound, match="results name people"):
            store.write(*late)
    assert (store.results("score"), store.results("learn")) == (None, None)
    assert ANN not in texts_of(store)
    store.write(run("score", "s2"), bonds(("bob", "acme", 2.0)))


def test_runs_go_with_their_results(store: Store) -> None:
    fill(store, records())
    calculated(store)
    erased = store.erase(Selection(runs=("rank-1", "learn-1", "no-such")))
    assert (erased.runs, {kind: rows_ for kind, rows_ in erased.results.items() if rows_}) == (
        2,
        {"rank": 3, "learn": 2},
    )
    assert (store.results("rank"), store.results("learn")) == (None, None)
    assert sorted(each.id for each in store.runs()) == ["hub-1", "rank-0", "score-1", "seeds-1"]
    assert store.results_of("rank-0")[1].num_rows == 3
    store.write(run("rank", "rank-2"), ranks(("Consumer", "bob", 1.0)))
    assert store.results("rank")[0].id == "rank-2"  # type: ignore[index]


def test_nobody_and_nothing_is_passed_over(store: Store) -> None:
    fill(store, records())
    before = store.digest()
    erased = store.erase(Selection(("nobody",), ("aa" * 16,)))
    assert (erased.is_nothing, store.digest(), store.tombstones()) == (True, before, {"aa" * 16})


def test_a_brand_of_the_same_id_stays(store: Store) -> None:
    fill(store, {"interactions": [event("e1", "x", "x"), event("e2", "y", "x", day=1)]})
    store.write(run("rank", "rank-1"), ranks(("Consumer", "x", 0.5), ("Brand", "x", 0.5)))
    store.erase(Selection(("x",), (HASH,)))
    assert [r["id"] for r in rows(store, BRANDS)] == ["x"]
    assert store.results("rank")[1].to_pylist() == [{"label": "Brand", "id": "x", "score": 0.5}]  # type: ignore[index]


def test_snapshots_erase_nothing(store: Store) -> None:
    fill(store, records())
    with store.snapshot() as view, pytest.raises(StoreError, match="read-only"):
        view.erase(Selection((ANN,)))  # type: ignore[attr-defined]


@pytest.mark.neo4j
def test_mirrors_elsewhere_are_made_anew_without_a_former_generation(
    neo4j_store: Neo4jStore, neo4j_url: str, tmp_path: Path
) -> None:
    fill(neo4j_store, records())
    other = Neo4jStore(neo4j_url, cache=tmp_path / "elsewhere")
    assert other.counts()["people"] == 4
    neo4j_store.erase(Selection((ANN,), (HASH,)))
    assert not _files_with(tmp_path / "mirror0", ANN)
    assert _files_with(tmp_path / "elsewhere", ANN)
    assert other.counts()["people"] == 2
    assert not _files_with(tmp_path / "elsewhere", ANN)
    other.close()


def _files_with(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
