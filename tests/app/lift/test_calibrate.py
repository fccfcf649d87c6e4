"""What a Fusion point is worth, by the campaigns of a store."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.lift.meta import lift_per_point
from influence_graph.app.lift.calibrate import Calibration, calibrate
from influence_graph.app.lift.campaign import lift_of_campaign
from influence_graph.errors import InputError
from influence_graph.ingest.markets import MarketParameters
from influence_graph.model.json_values import json_text
from influence_graph.model.parameters import CampaignLiftParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.lift.given import FIRST, acme, campaign, did, market_in, put

WEEK = CampaignLiftParameters(days=7)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with EmbeddedStore(tmp_path / "store") as made:
        made.migrate()
        yield made


def worth(store: Store, parameters: CampaignLiftParameters = WEEK) -> Calibration:
    with store.snapshot() as view:
        return calibrate(view, parameters, FusionPolicy(table=view.touchpoints()))


def test_points_are_the_change_of_the_sum_of_scores_and_errors_half_the_interval(store: Store) -> None:
    acme(store)
    put(store, INTERACTIONS, did(["ann", "bob"], [10, 59, 61, 66, 67, 79], "purchase", direction="to_brand"))
    found = worth(store)
    row: Any = found.campaigns.iloc[0]
    with store.snapshot() as view:
        table: pa.Table = view.interactions(InteractionFilter(history=True))
        told = lift_of_campaign(view, "k1", WEEK).row()
    day = datetime.combine(FIRST + timedelta(days=60), datetime.min.time(), UTC)
    just = timedelta(microseconds=1)
    sums = [fusion_scores(table, when - just)["fusion_score"].sum() for when in (day, day + timedelta(days=7))]
    assert row.points == pytest.approx(sums[1] - sums[0])
    assert row.points > 0
    assert row.lift == told["total"]
    assert row.std_error == pytest.approx((told["high"] - told["low"]) / (2 * 1.96), rel=1e-4)
    assert found.sentences()[0] == (
        "What a point is worth cannot be told: 1 campaign with a finite error, must be 6 or more."
    )
    assert json.loads(json_text(found.to_dict()))["campaigns"][0]["brand_name"] == "Acme & Co"


def test_campaigns_that_say_nothing_are_left_out_with_their_reason(store: Store) -> None:
    acme(store, campaign("k1"), campaign("n1", brand="nova"), campaign("late", 72), campaign("early", 3))
    put(store, INTERACTIONS, did(["ann"], [10, 77]))
    found = worth(store)
    reasons = found.campaigns.set_index("campaign")["reason"]
    assert reasons["n1"].startswith("the brand 'nova' has no sales")
    assert reasons["late"] == "interactions do not reach the last declared day: the last is of 2026-03-23"
    assert "3 dates before the start" in reasons["early"]
    assert pd.isna(reasons["k1"])
    assert "Left out of 4 campaigns: 3, for the reasons beside them." in found.sentences()


def test_with_six_campaigns_it_is_the_regression_of_the_library(store: Store) -> None:
    market_in(store, MarketParameters(people=600, segments=12, brands=6, days=200, campaigns=8, repeated=0, seed=3))
    found = worth(store, CampaignLiftParameters(days=14))
    used = found.campaigns[found.campaigns["reason"].isna()]
    assert len(used) >= 6
    expected = lift_per_point(used[["campaign", "points", "lift", "std_error"]])
    assert found.worth.per_point == expected.per_point
    assert "per point" in found.sentences()[0]


def test_without_interactions_or_campaigns_it_is_said(store: Store) -> None:
    with pytest.raises(InputError, match="holds no campaigns"):
        worth(store)
    acme(store)
    assert worth(store).campaigns["reason"][0].endswith("there are none")
