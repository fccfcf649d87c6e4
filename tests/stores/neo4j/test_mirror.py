"""The mirror of a server's ledger: nothing is read twice, and what differs is read anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, KINDS, PEOPLE, SALES, TIES
from influence_graph.stores.neo4j.mirror import Mirror
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.given import DAY, batch, event, tie

pytestmark = pytest.mark.neo4j


def fill(store: Neo4jStore) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann", "name": "Ann Ö", "joined": DAY}, {"id": "bob"})])
    store.append(BRANDS, [batch(BRANDS, {"id": "acme", "category": "tools"})])
    ties = [tie("bob", "ann"), tie("ann", "cid", "friend"), tie("cid", "bob", "exposed", weight=0.5)]
    store.append(TIES, [batch(TIES, *ties)])
    gift = event("e2", "bob", direction="to_consumer", points=2.5)
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"), gift)])
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, {"event_id": "k", "at": DAY, "brand": "acme"})])
    store.append(SALES, [batch(SALES, {"brand": "acme", "date": DAY.date(), "value": 1 / 3, "segment": ""})])


def folders(cache: Path) -> list[Path]:
    return [path for path in cache.iterdir() if path.name != "empty"]


def state_of(folder: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((folder / "state.json").read_text())["state"]
    return state


def test_a_mirror_holds_the_records_of_every_kind(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    fill(neo4j_store)
    mirrored = Mirror(neo4j_store.database, tmp_path / "own").synced()
    assert mirrored.counts() == {"people": 3, "brands": 1, "ties": 3, "interactions": 2, "campaigns": 1, "sales": 1}
    assert mirrored.digest() == neo4j_store.digest()


def test_two_mirrors_of_one_ledger_are_equal_and_one_lags_not_behind(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    one, other = (Mirror(neo4j_store.database, tmp_path / name) for name in ("one", "other"))
    fill(neo4j_store)
    first = one.synced().digest()
    neo4j_store.append(INTERACTIONS, [batch(INTERACTIONS, event("e3", "zoe", "zed", day=5))])
    assert one.synced().digest() == other.synced().digest() != first


def test_a_server_without_a_ledger_is_mirrored_by_nothing(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    mirrored = Mirror(neo4j_store.database, tmp_path / "own").synced()
    assert mirrored.counts() == dict.fromkeys(KINDS, 0)
    assert not mirrored.path.exists()


@pytest.mark.parametrize("damage", ["{", '{"generation": 0}', '{"proof": "", "state": {}}', "[" * 100_000])
def test_an_unreadable_state_is_an_empty_mirror(neo4j_store: Neo4jStore, tmp_path: Path, damage: str) -> None:
    fill(neo4j_store)
    mirror = Mirror(neo4j_store.database, tmp_path / "own")
    expected = mirror.synced().digest()
    (folder,) = folders(tmp_path / "own")
    (folder / "state.json").write_text(damage)
    assert mirror.synced().digest() == expected
    assert state_of(folder)["records"] == neo4j_store.counts()


def test_the_state_names_the_watermark_and_nothing_foreign(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    fill(neo4j_store)
    mirror = Mirror(neo4j_store.database, tmp_path / "own")
    mirror.synced()
    (folder,) = folders(tmp_path / "own")
    before = state_of(folder)
    assert set(before["foreign"].values()) == {0}
    neo4j_store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})])
    mirror.synced()
    after = state_of(folder)
    assert after["watermark"] > before["watermark"]
    assert after["token"] not in (None, before["token"])


def test_an_old_generation_goes_when_two_newer_ones_are_there(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    fill(neo4j_store)
    mirror = Mirror(neo4j_store.database, tmp_path / "own")
    mirror.synced()
    for number in range(3):
        neo4j_store.database.execute(f"MATCH ()-[r:INTERACTED|RESPONDED]->() WITH r LIMIT {number % 2} DELETE r")
        neo4j_store.database.execute("MATCH (:Consumer)-[r:FOLLOWS|KNOWS|EXPOSED_TO]->() WITH r LIMIT 1 DELETE r")
        mirror.synced()
    (folder,) = folders(tmp_path / "own")
    generations = sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal())
    assert len(generations) <= 2
    assert mirror.synced().counts()["ties"] == 0
