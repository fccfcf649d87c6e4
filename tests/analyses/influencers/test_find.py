from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.influencers.find import find_influencers
from influence_graph.ingest.worlds import WorldParameters, generate_world
from influence_graph.model.parameters import InfluencerParameters

TIES = pd.DataFrame({"source": ["annie", "sam"], "target": ["june", "june"]})
DID = pd.DataFrame({"user": ["june", "annie"], "item": ["jeans", "jeans"], "time": [1.0, 86_400.0]})


def test_silent_and_active_influencers_are_found(world, found):
    ids = set(found.found["id"])
    for style in ("silent", "active"):
        planted = {one["id"] for one in world.truth["influencers"] if one["style"] == style}
        assert len(planted & ids) >= 3, style


def test_nobody_else_is_found_least_of_all_who_copies_or_is_ahead_of_a_trend(world, found):
    planted = {one["id"] for one in world.truth["influencers"]}
    assert len(set(found.found["id"]) - planted) <= 1
    assert not set(found.found["id"]) & {one["id"] for one in world.truth["shadows"]}
    assert found.mirrored == 0
    assert "or another" in set(found.table["status"])
    assert f"the same search finds {found.mirrored}" in " ".join(found.sentences())


def test_in_a_world_without_influence_nobody_is_found():
    world = generate_world(WorldParameters(people=1500, influencers=0, trend_spotters=0, seed=5))
    visits = world.activity[world.activity["kind"].astype(str) == "visit"][["user", "time"]]
    result = find_influencers(world.ties, world.adoptions, activity=visits)
    assert result.found.empty
    assert result.mirrored == 0
    p = result.table["p"].dropna()
    assert len(p) > 1000
    assert (p <= 0.05).mean() < 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(p))
    assert (p <= 0.01).mean() < 0.01


def test_what_they_caused_is_within_the_interval(world, found):
    caused = {one["id"]: one["caused_adoptions"] for one in world.truth["influencers"]}
    known = found.found[found.found["id"].isin(caused)]
    truth = known["id"].map(caused)
    assert known["caused"].sum() == pytest.approx(truth.sum(), rel=0.25)
    assert ((known["caused_low"] <= truth) & (truth <= known["caused_high"])).mean() >= 0.7


def test_same_input_same_bytes(world):
    few = world.adoptions.head(4000)
    first, second = (find_influencers(world.ties, few, threads=threads).to_frame() for threads in (1, 2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_everybody_has_a_row_and_who_cannot_be_tested_a_reason(found):
    frame = found.to_frame()
    assert len(frame) == found.ids.size
    untested = frame[frame["status"] == "cannot be tested"]
    assert untested["reason"].notna().all()
    assert untested["p"].isna().all()
    assert found.groups["people"].sum() == (frame["audience"] > 0).sum()
    assert found.plot()


@pytest.mark.parametrize(
    ("person", "reason"), [("annie", "nobody is exposed"), ("sam", "nobody is exposed"), ("june", "adoptions")]
)
def test_a_world_of_three_can_be_read_but_not_tested(person: str, reason: str):
    frame = find_influencers(TIES, DID).to_frame().set_index("id")
    assert frame.loc[person, "status"] == "cannot be tested"
    assert reason in frame.loc[person, "reason"] or "nobody is left" in frame.loc[person, "reason"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ties": TIES[:0]}, "the ties are empty"),
        ({"actions": DID[:0]}, "none of the 0 actions"),
        ({"actions": DID.assign(user="nobody")}, "none of the 2 actions is of a user"),
        ({"actions": DID.assign(time=1.0)}, "bear the same time"),
        ({"actions": DID.assign(time=[1.0, np.nan])}, "1 of 2 actions have no time"),
        ({"actions": DID.drop(columns="time")}, "time"),
        ({"actions": DID.assign(time=["soon", "late"])}, "must be numbers or datetimes"),
        ({"ties": TIES.assign(since=pd.Timestamp("2026-01-01", tz="UTC"))}, "different kinds"),
        ({"activity": pd.DataFrame({"user": ["x"], "time": [1.0]})}, "records of activity"),
        ({"strata": [1, 2]}, "one value for each of the 3 people"),
        ({"options": InfluencerParameters(fdr=1.5)}, "fdr is 1.5"),
        ({"options": InfluencerParameters(lags=(90.0, 30.0))}, "lags"),
        ({"options": InfluencerParameters(resolution=0.0)}, "resolution is 0"),
        ({"threads": 0}, "threads is 0"),
    ],
)
def test_bad_input_is_one_clear_line(change: dict, message: str):
    with pytest.raises(ig.InputError) as error:
        find_influencers(**{"ties": TIES, "actions": DID, **change})
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_progress_is_told_up_to_the_end():
    told = []
    find_influencers(TIES, DID, options=InfluencerParameters(resolution=1.0), progress=lambda *done: told.append(done))
    assert told[-1] == (3, 3)
