"""The view of a person from a store: from one snapshot, with names and what was learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.analyses.person.view import PersonRecords, person_view
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.learn import LearnJob
from influence_graph.app.views.person import named, view_person
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import LearnParameters, PersonParameters
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add, filled
from tests.app.jobs.test_job import Counted


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return filled(EmbeddedStore(tmp_path / "store"))


def test_a_person_is_viewed_from_one_snapshot_with_names(store: EmbeddedStore) -> None:
    add(store, "brands", {"id": "acme", "name": "Acme & Co"})
    add(store, "people", {"id": "ann", "name": "Ann", "style": "active"}, {"id": "bob", "name": "Bob"})
    counted = Counted(store)
    found = view_person(counted, "ann", PersonParameters())
    assert counted.snapshots == ["snapshot"] * 2  # the other one for the names of those shown
    assert found.origin.network is None
    values = named(found)
    assert values["person_name"] == "Ann"
    assert {row["brand"]: row["brand_name"] for row in values["dealings"]["brands"]}["acme"] == "Acme & Co"
    assert [(row["id"], row["name"]) for row in values["circle"]["moves"]] == [("bob", "Bob")]
    assert values["stated"]["style"] == "active"
    assert "echoes" not in values["circle"]


def test_the_view_is_that_of_all_interactions(store: EmbeddedStore) -> None:
    found = view_person(store, "bob", PersonParameters()).view
    ties = [{"source": "bob", "target": "ann"}, {"source": "cid", "target": "bob"}]
    alone = person_view(store.interactions(), "bob", records=PersonRecords(ties=ties))
    assert found.to_frame().equals(alone.to_frame())
    assert found.circle.came_after.equals(alone.circle.came_after)


def test_learned_influence_is_named_by_its_run(store: EmbeddedStore) -> None:
    assert "not learned" in view_person(store, "ann", PersonParameters()).view.circle.learned
    run(LearnJob(), store, LearnParameters(), write=True)
    circle = view_person(store, "ann", PersonParameters()).view.circle
    kept = store.results("learn")
    assert kept is not None
    rates = {row["target"]: row["probability"] for row in kept[1].to_pylist() if row["source"] == "ann"}
    assert circle.moves.set_index("id")["probability"].to_dict() == pytest.approx(rates)
    assert circle.learned == f"learned by {kept[0].id}"


def test_ties_that_are_not_there_yet_move_nobody(store: EmbeddedStore) -> None:
    add(store, "ties", {"source": "dan", "target": "ann", "kind": "follows", "since": DAY.replace(day=20)})
    early = view_person(store, "ann", PersonParameters(as_of=DAY.replace(day=10))).view
    assert early.circle.moves["id"].tolist() == ["bob"]
    late = view_person(store, "ann", PersonParameters(as_of=DAY.replace(day=21))).view
    assert set(late.circle.moves["id"]) == {"bob", "dan"}


def test_the_neighborhood_is_drawn_where_it_is_asked_for(store: EmbeddedStore) -> None:
    network = view_person(store, "ann", PersonParameters(), drawn=True).origin.network
    assert network is not None
    nodes = set(zip(network.nodes["label"], network.nodes["id"], strict=True))
    assert {("Consumer", "ann"), ("Consumer", "bob"), ("Brand", "acme")} <= nodes
    assert ("Consumer", "dan") not in nodes


def test_who_is_not_there_is_refused_with_the_nearest_names(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no consumer 'anne'; did you mean 'ann'"):
        view_person(store, "anne", PersonParameters())
    empty = EmbeddedStore(tmp_path / "empty")
    add(empty, "people", {"id": "ann"})
    with pytest.raises(InputError, match="no interactions"):
        view_person(empty, "ann", PersonParameters())
