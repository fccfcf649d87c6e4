"""Scores of a store: some of them are those of all, and only all are written; on both stores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import ScoreParameters
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add

JOB = ScoreJob()
KEYS = ["consumer", "brand"]


def scores(store: Store, **parameters: Any) -> pd.DataFrame:
    frame = run(JOB, store, ScoreParameters(**parameters))
    return frame.astype(dict.fromkeys(KEYS, str)).sort_values(KEYS).reset_index(drop=True)


def event(id_: str, consumer: str, brand: str, day: int, **more: Any) -> dict[str, Any]:
    given = {"direction": "to_brand", "touchpoint": "engagement", "points": 1.0}
    return {**given, "event_id": id_, "consumer": consumer, "brand": brand, "at": DAY.replace(day=day), **more}


@pytest.fixture
def spilling(embedded: Store) -> Store:
    """Return a store in which an event on one brand moves another."""
    add(embedded, "interactions", event("worn", "ann", "acme", 12, with_brands="bolt", points=2.0))
    add(embedded, "interactions", event("bad", "ann", "bolt", 14, with_brands="acme", points=-8.0, blame=1.0))
    add(embedded, "interactions", event("gift", "ann", "acme", 15, direction="to_consumer", points=4.0))
    return embedded


def test_all_scores_are_those_of_the_library(store: Store) -> None:
    expected = ig.fusion_scores(store.interactions())
    expected = expected.astype(dict.fromkeys(KEYS, str)).sort_values(KEYS).reset_index(drop=True)
    pd.testing.assert_frame_equal(scores(store), expected, rtol=1e-9)
    assert len(expected) == 9


@pytest.mark.parametrize("policy", [ig.FusionPolicy(), ig.FusionPolicy(half_life_days=10.0, spillover=0.5)])
def test_the_scores_of_some_are_those_rows_of_all(spilling: Store, policy: ig.FusionPolicy) -> None:
    whole = scores(spilling, policy=policy)
    for consumers, brands in ((("ann",), None), (None, ("acme", "dot")), (("ann", "bob"), ("bolt",))):
        chosen = whole
        if consumers is not None:
            chosen = chosen[chosen["consumer"].isin(consumers)]
        if brands is not None:
            chosen = chosen[chosen["brand"].isin(brands)]
        found = scores(spilling, policy=policy, consumers=consumers, brands=brands)
        pd.testing.assert_frame_equal(found, chosen.reset_index(drop=True), rtol=1e-9)
        assert len(found)


def test_a_score_by_a_day_knows_nothing_of_later_days(spilling: Store, tmp_path_factory: Any) -> None:
    by_then = scores(spilling, as_of=DAY.replace(day=13))
    short = EmbeddedStore(tmp_path_factory.mktemp("short"))
    table = spilling.interactions(InteractionFilter(as_of=DAY.replace(day=13)))
    add(short, "interactions", *table.to_pylist())
    pd.testing.assert_frame_equal(by_then, scores(short, as_of=DAY.replace(day=13)), rtol=1e-9)
    before = by_then.set_index(KEYS)["fusion_score"]
    after = scores(spilling).set_index(KEYS)["fusion_score"]
    assert before["ann", "acme"] == pytest.approx(3.0)
    assert after["ann", "acme"] == pytest.approx(1 + 2 + 4 + 0.25 * -8)


def test_hindsight_counts_what_became_known_late(store: Store) -> None:
    late = event("late", "ann", "acme", 3, points=5.0, recorded_at=DAY + timedelta(days=60))
    add(store, "interactions", late)
    time = DAY.replace(day=10)
    known = scores(store, as_of=time).set_index(KEYS)["fusion_score"]["ann", "acme"]
    hindsight = scores(store, valid_at=time).set_index(KEYS)["fusion_score"]["ann", "acme"]
    assert (known, hindsight) == (pytest.approx(1.0), pytest.approx(6.0))


def test_a_score_of_no_event_is_no_row(embedded: Store, tmp_path_factory: Any) -> None:
    assert scores(embedded, as_of=DAY - timedelta(days=1)).empty
    empty = EmbeddedStore(tmp_path_factory.mktemp("empty"))
    empty.migrate()
    assert scores(empty).empty


def test_all_scores_are_written_with_their_policy_and_time(store: Store) -> None:
    policy = ig.FusionPolicy(spillover=0.5)
    frame = run(JOB, store, ScoreParameters(policy=policy), write=True)
    kept = store.results("score")
    assert kept is not None
    assert kept[0].parameters["policy"] == policy.to_dict()
    assert set(kept[1]["as_of"].to_pylist()) == {store.latest()}
    written = {(row["consumer"], row["brand"]): row["fusion_score"] for row in kept[1].to_pylist()}
    assert written == {
        (str(row.consumer), str(row.brand)): pytest.approx(row.fusion_score) for row in frame.itertuples()
    }


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"consumers": ("ann",)}, "only all scores together"),
        ({"brands": ("acme",)}, "only all scores together"),
        ({"valid_at": DAY}, "in hindsight"),
    ],
)
def test_some_scores_and_those_in_hindsight_are_not_written(
    embedded: Store, parameters: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        run(JOB, embedded, ScoreParameters(**parameters), write=True)
    assert embedded.results("score") is None


@pytest.mark.parametrize(
    ("parameters", "near"), [({"consumers": ("anm",)}, "'ann'"), ({"brands": ("acne",)}, "'acme'")]
)
def test_strangers_are_refused_with_the_nearest_names(embedded: Store, parameters: dict[str, Any], near: str) -> None:
    with pytest.raises(NotFound, match=near):
        run(JOB, embedded, ScoreParameters(**parameters))


def test_no_estimate_is_made_of_scores(embedded: Store) -> None:
    assert JOB.estimate(read(JOB, embedded, ScoreParameters()), ScoreParameters()) is None


def test_some_bonds_are_displayed_by_the_scale_of_all_that_were_written(embedded: Store) -> None:
    for number in range(40):
        add(embedded, "interactions", event(f"x{number}", f"p{number}", "acme", 12, points=100.0 * number))
    whole = run(JOB, embedded, ScoreParameters(), write=True)
    current = embedded.results("score")
    assert current is not None
    assert current[0].parameters["display_scale"] == whole.attrs["display_scale"] > 1000
    found = run(JOB, embedded, ScoreParameters(consumers=("p3",)))
    assert found.attrs["display_scale"] == whole.attrs["display_scale"]
    other = run(JOB, embedded, ScoreParameters(consumers=("p3",), policy=ig.FusionPolicy(spillover=0.5)))
    assert other.attrs["display_scale"] < 1000
