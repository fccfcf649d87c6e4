"""The brand view against counts and scores made another way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.brand.compare import compare, frame_of, measures
from influence_graph.analyses.brand.customers import customer_summary
from influence_graph.analyses.brand.view import BrandRecords, brand_view
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.app.ingest import import_dataset
from influence_graph.app.views.brand import view_brands
from influence_graph.errors import InputError, NotFound
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.importers.airline import REASONS
from influence_graph.model.parameters import BrandParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.analyses.brand.events import crowd, events
from tests.public_data import public_data


@pytest.mark.parametrize("brand", ["acme", "dusk"])
@pytest.mark.parametrize("half_life", [np.inf, 60.0])
def test_bonds_and_their_sums_are_those_of_the_scores_at_each_time(brand: str, half_life: float) -> None:
    policy, given = FusionPolicy(half_life_days=half_life), crowd()
    health = brand_view(given, brand, policy=policy).health
    now = given["at"].max()

    def total(time: datetime) -> float:
        frame = fusion_scores(given, time, policy)
        return float(frame.loc[frame["brand"] == brand, "fusion_score"].sum())

    assert health.total == pytest.approx(total(now))
    for days in (30, 90):
        change = health.change[days]
        assert change is not None
        assert change.value == pytest.approx(total(now) - total(now - timedelta(days=days)))
        assert change.low <= change.value <= change.high
    for row in health.trend.drop_duplicates("at", keep="last").iloc[[0, 7, -1]].itertuples():
        assert row.total == pytest.approx(total(row.at))


def test_recovery_counts_the_next_answer_within_the_days_and_only_complaints_that_had_their_chance() -> None:
    rows: list[tuple[float, str, str, str]] = []
    for n in range(30):
        rows += [(0, f"c{n}", "acme", "review"), (10, f"c{n}", "acme", "complaint")]
        if n < 12:
            rows.append((10 + n, f"c{n}", "acme", "recovery"))
        elif n < 15:
            rows.append((45, f"c{n}", "acme", "refund"))
    rows += [(5, "c20", "acme", "recovery"), (85, "c0", "acme", "complaint"), (100, "z", "acme", "review")]
    found = brand_view(events(*rows), "acme").judgment.recovery
    assert (found.complaints, found.followed, found.recovered, found.answers) == (31, 30, 12, 16)
    assert found.rate is not None
    assert found.rate.value == pytest.approx(0.4)
    assert found.median_days is not None
    assert found.median_days.value == 5.5
    complaint = -2.25 * 2**0.88
    assert found.after_none is not None
    assert found.after_none.value == pytest.approx(complaint)
    assert found.difference is not None
    assert found.difference.value == pytest.approx(2**0.88)
    assert "not an effect" in " ".join(found.sentences())


def test_without_any_answer_on_record_the_recovery_rate_is_unknown() -> None:
    found = brand_view(events(*[(n, f"c{n}", "acme", "complaint") for n in range(80)]), "acme").judgment.recovery
    assert found.rate is None
    assert "recovery rate is unknown" in found.sentences()[-1]


def test_valence_is_the_records_own_then_the_sign_of_points_then_that_of_the_kind() -> None:
    given = events(*[(n, f"c{n}", "acme", "complaint") for n in range(3)])
    given = given.assign(valence=[0.0, np.nan, np.nan], points=[-8.0, 3.0, np.nan])
    row = brand_view(given, "acme").judgment.touchpoints.iloc[0]
    assert (row["positive"], row["neutral"], row["negative"]) == (1, 1, 1)


def test_neighbors_are_counted_as_sets_of_consumers() -> None:
    given = crowd(60)
    found = brand_view(given, "acme").neighbors
    sets = given.groupby("brand")["consumer"].agg(set)
    for row in found.brands[found.brands["brand"].isin(["bolt", "core"])].to_dict("records"):
        mine, other = sets["acme"], sets[row["brand"]]
        assert row["shared"] == len(mine & other)
        assert row["jaccard"] == pytest.approx(len(mine & other) / len(mine | other))
        lift = len(mine & other) * given["consumer"].nunique() / (len(mine) * len(other))
        assert row["lift"] == pytest.approx(lift)
    together = [
        {brand, other} for brand, other in zip(given["brand"], given["with_brands"], strict=True) if other is not None
    ]
    named = found.brands.set_index("brand")["named"]
    assert {name: sum({"acme", name} == pair for pair in together) for name in named.index} == named.to_dict()


def test_influencers_are_the_declared_and_the_most_followed() -> None:
    given = events(*[(n, f"c{n}", "acme", "review") for n in range(200)])
    people = pd.DataFrame({"id": [f"c{n}" for n in range(200)], "kind": ["influencer"] + ["consumer"] * 199})
    ties = pd.DataFrame({"source": [f"c{n}" for n in range(50)] + ["c2"], "target": ["c199"] * 50 + ["c198"]})
    assert brand_view(given, "acme").carriers.ordinary is None
    declared = brand_view(given, "acme", records=BrandRecords(people=people)).carriers.ordinary
    both = brand_view(given, "acme", records=BrandRecords(people=people, ties=ties)).carriers.ordinary
    assert declared is not None
    assert both is not None
    assert (declared.value, both.value) == pytest.approx((199 / 200, 197 / 200))


def test_sales_are_summed_per_segment_up_to_the_time() -> None:
    sales = pd.DataFrame(
        {
            "brand": "acme",
            "date": ["2025-12-30", "2025-12-31", "2030-01-01"],
            "value": [3.0, 5.0, 99.0],
            "segment": "north",
        }
    )
    found = brand_view(events((0, "c", "acme", "review")), "acme", records=BrandRecords(sales=sales)).profit.sales
    assert found[["segment", "days", "total", "per_day"]].to_numpy().tolist() == [["north", 2, 8.0, 4.0]]


def test_a_brand_with_one_event_is_too_few_to_tell() -> None:
    view = brand_view(events((0, "singer", "sweater", "concert")), "sweater")
    json.dumps(view.to_dict(), allow_nan=False)
    assert view.health.count == 1
    assert all(estimate is None for estimate in (view.health.mean, view.health.positive, view.carriers.gini))
    assert sum("too few observations" in sentence for part in view.sections().values() for sentence in part) >= 5


def test_two_brands_stand_side_by_side_and_a_brand_equals_itself() -> None:
    given = crowd()
    acme, bolt = brand_view(given, "acme"), brand_view(given, "bolt")
    lines = {line.measure: line for line in compare(acme, bolt)}
    assert lines["bonds"].first == acme.health.count
    mean = lines["mean bond"].difference
    assert mean is not None
    assert acme.health.mean is not None
    assert bolt.health.mean is not None
    assert mean.value == pytest.approx(acme.health.mean.value - bolt.health.mean.value)
    assert not any(line.clear for line in compare(acme, acme))
    assert frame_of(list(lines.values()), "acme", "bolt").columns.tolist() == ["measure", "acme", "bolt", "difference"]
    assert set(measures([acme, bolt])["brand"]) == {"acme", "bolt"}


def test_unknown_brands_and_bad_values_are_refused_with_a_remedy() -> None:
    given = events((0, "singer", "sweater", "concert"))
    with pytest.raises(NotFound, match="'sweater'"):
        brand_view(given, "sweatre")
    with pytest.raises(InputError, match="recovery is 0:00:00"):
        brand_view(given, "sweater", recovery=timedelta(0))
    with pytest.raises(InputError, match="horizon is -1 day"):
        brand_view(given, "sweater", horizon=timedelta(days=-1))
    with pytest.raises(InputError, match="no interactions"):
        brand_view(given.head(0), "sweater", as_of=None)


def stored(tmp_path: Path, name: str, folder: str | None, **options: Any) -> EmbeddedStore:
    path = public_data(folder) if folder else None
    store = EmbeddedStore(tmp_path / name)
    import_dataset(store, IMPORTERS[name], path, ImportOptions(**options), None)
    return store


def test_a_store_gives_the_view_of_all_its_interactions(tmp_path: Path) -> None:
    store = stored(tmp_path, "town", None, people=300)
    (view,) = view_brands(store, ["b01"], BrandParameters()).views
    whole = brand_view(store.interactions(), "b01")
    assert view.health.total == pytest.approx(whole.health.total)
    assert view.health.count == whole.health.count
    pd.testing.assert_frame_equal(view.neighbors.brands, whole.neighbors.brands)
    assert view.neighbors.population == whole.neighbors.population
    assert len(view.profit.sales) > 0
    assert view.carriers.ordinary is not None


def test_six_airlines_have_the_counts_of_the_file(tmp_path: Path) -> None:
    store = stored(tmp_path, "airline", "airline_tweets")
    tweets = pd.read_csv(public_data("airline_tweets/tweets.csv"), dtype=str).drop_duplicates("tweet_id")
    assert len(tweets) == 14_485
    touchpoint = tweets["negativereason"].fillna("").map(REASONS).fillna("engagement")
    expected = tweets.groupby(["airline", touchpoint, "airline_sentiment"]).size()
    airlines = sorted(tweets["airline"].unique())
    assert len(airlines) == 6
    for view in view_brands(store, airlines, BrandParameters()).views:
        own = expected[view.brand].unstack(fill_value=0)
        found = view.judgment.touchpoints.set_index("touchpoint")[["negative", "neutral", "positive"]]
        assert found.to_dict() == own.to_dict()
        assert view.judgment.given == view.health.count == int(own.to_numpy().sum())
        assert view.judgment.recovery.complaints == int(own["negative"].sum())


def test_cdnow_customers_have_the_published_recency_frequency_and_age() -> None:
    folder = public_data("cdnow")
    names = ["master", "consumer", "date", "count", "weight"]
    bought = pd.read_csv(folder / "CDNOW_sample.txt", sep=r"\s+", names=names, dtype={"consumer": int, "date": str})
    at = pd.to_datetime(bought["date"], format="%Y%m%d", utc=True)
    given = bought.assign(at=at, brand="cdnow", kind="purchase", event_id=[f"e{n}" for n in range(len(bought))])
    given["consumer"] = given["consumer"].map("{:04d}".format)
    found = customer_summary(given, "cdnow", datetime(1997, 9, 30, tzinfo=UTC))
    published = pd.read_csv(folder / "cdnow_customers_summary.csv")
    assert len(found) == len(published) == 2357
    assert found["consumer"].astype(int).tolist() == published["ID"].tolist()
    assert found["frequency"].tolist() == published["frequency"].tolist()
    np.testing.assert_allclose(found["recency"] / 7, published["recency"], atol=0.0051)
    np.testing.assert_allclose(found["age"] / 7, published["T"], atol=0.0051)
