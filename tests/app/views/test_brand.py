"""Brand views from a store: all brands at one time, from one snapshot, with names."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.views.brand import view_brands
from influence_graph.errors import NotFound
from influence_graph.model.names import NodeNames
from influence_graph.model.parameters import BrandParameters, ScoreParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add, filled
from tests.app.jobs.test_job import Counted


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return filled(EmbeddedStore(tmp_path / "store"))


def test_two_brands_are_viewed_at_one_time_from_one_snapshot(store: EmbeddedStore) -> None:
    add(store, "brands", {"id": "acme", "name": "Acme & Co"})
    add(store, "people", {"id": "ann", "name": "Ann"}, {"id": "acme", "name": "A. C. Me"})
    counted = Counted(store)
    views = view_brands(counted, ["acme", "bolt"], BrandParameters())
    assert counted.snapshots == ["snapshot"] * 2  # the other one for the names of those shown
    assert [view.brand for view in views.views] == ["acme", "bolt"]
    assert {view.as_of for view in views.views} == {store.latest()}
    assert views.names == NodeNames({"ann": "Ann"}, {"acme": "Acme & Co"})


def test_the_bonds_of_a_view_are_the_scores(store: EmbeddedStore) -> None:
    (view,) = view_brands(store, ["acme"], BrandParameters()).views
    scores = run(ScoreJob(), store, ScoreParameters(brands=("acme",)))
    assert view.health.count == len(scores)
    assert view.health.total == pytest.approx(scores["fusion_score"].sum(), abs=1e-12)


def test_a_view_at_a_past_time_is_of_what_was_known_then(store: EmbeddedStore) -> None:
    given = {"consumer": "ann", "brand": "acme", "direction": "to_brand", "touchpoint": "engagement", "points": 40.0}
    retraction = {**given, "kind": "retraction"}
    add(
        store,
        "interactions",
        {**given, "event_id": "a", "at": DAY.replace(day=2)},
        {**given, "event_id": "b", "at": DAY.replace(day=12), "points": 7.0, "replaces": "a"},
        {**retraction, "event_id": "c", "at": DAY.replace(day=14), "consumer": "fay", "brand": "dot", "replaces": "b"},
        {**retraction, "event_id": "d", "at": DAY.replace(day=16), "replaces": "ann-acme"},
    )
    totals = {11: 42.0, 12: 9.0, 14: 42.0, 16: 41.0}
    for day, total in totals.items():
        parameters = BrandParameters(as_of=DAY.replace(day=day, hour=1), policy=FusionPolicy(spillover=0.0))
        (view,) = view_brands(store, ["acme"], parameters).views
        assert view.health.total == pytest.approx(total + 1)


def test_an_unknown_brand_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(NotFound, match="did you mean 'acme'"):
        view_brands(store, ["acne"], BrandParameters())
