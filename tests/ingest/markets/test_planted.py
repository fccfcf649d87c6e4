"""What the truth of a market says was caused is what its records say, with and without campaigns of the same seed."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from influence_graph.ingest.markets import Market, MarketParameters, generate_market
from influence_graph.ingest.markets.campaigns import LONGEST, LONGEST_LAG


def differences(market: Market, without: Market, outcome: str) -> pd.Series:
    """What campaigns added, by brand, segment and date."""
    keys = ["brand", "segment", "date"]
    found, plain = (
        getattr(one, outcome).astype({"brand": str, "segment": str}).set_index(keys)["value"]
        for one in (market, without)
    )
    return (found - plain).round(2)


def in_effect(one: dict, number: int = 0) -> pd.DatetimeIndex:
    """The days of effect of a campaign, or *number* days from its date on."""
    return pd.date_range(one["date"] if number else one["first_day"], periods=number or one["days"])


def seen_by_ties(market: Market, treated: list[str]) -> dict[str, float]:
    """The share of people of each segment who see somebody of the *treated* ones: from people and ties alone."""
    home = market.people.astype(str).set_index("id")["segment"]
    ties = market.ties.astype(str)
    back = ties[ties["kind"] == "friend"].rename(columns={"source": "target", "target": "source"})
    pairs = pd.concat([ties, back])
    who = pairs.loc[pairs["target"].map(home).isin(treated), "source"].unique()
    share = home[who].value_counts() / home.value_counts()
    return share.drop(treated).dropna().to_dict()


def test_what_was_caused_is_the_difference_that_campaigns_make(market: Market, without: Market) -> None:
    campaigns = market.truth["campaigns"]
    for outcome, key, spilled in (("sales", "caused", "spillover"), ("follows", "follows", None)):
        left = differences(market, without, outcome)
        assert (left >= 0).all()
        assert left.sum() == pytest.approx(
            sum(one[f"{key}_total"] for one in campaigns)
            + (sum(one["spillover_total"] for one in campaigns) if spilled else 0),
            abs=0.01,
        )
        stated: dict[tuple[str, str], float] = {}
        for one in campaigns:
            for segment, total in {**one[key], **(one[spilled] if spilled else {})}.items():
                stated[one["brand"], segment] = stated.get((one["brand"], segment), 0.0) + total
        found = left.groupby(level=["brand", "segment"]).sum()
        for pair, total in found.items():
            assert total == pytest.approx(stated.get(pair, 0.0), abs=0.01)


def test_a_campaign_that_is_alone_raises_its_own_days_and_no_others(market: Market, without: Market) -> None:
    left, alone = differences(market, without, "sales"), 0
    for one in market.truth["campaigns"]:
        others = [each for each in market.truth["campaigns"] if each["brand"] == one["brand"] and each is not one]
        days = set(in_effect(one, LONGEST_LAG + LONGEST))
        if any(days & set(in_effect(each)) for each in others):
            continue
        alone += 1
        mine = left[one["brand"]]
        in_days = mine[mine.index.get_level_values("date").isin(in_effect(one))]
        around = mine[mine.index.get_level_values("date").isin(days)]
        assert in_days.sum() == pytest.approx(around.sum())
        assert in_days.groupby(level="segment").sum()[one["segments"]].to_dict() == pytest.approx(one["caused"])
    assert alone > 5


def test_sizes_lags_and_lengths_are_those_that_were_asked_for(market: Market) -> None:
    single = [one for one in market.truth["campaigns"] if not one["repeated"]]
    acting = [one for one in single if not one["nothing"]]
    assert (len(single), len(acting)) == (24, 18)
    for one in single:
        assert 0 <= one["lag"] <= 7
        assert 3 <= one["days"] <= 21
        assert date.fromisoformat(one["first_day"]) == date.fromisoformat(one["date"]) + timedelta(days=one["lag"])
        assert 1 <= len(one["segments"]) <= 3
        assert len(one["event_ids"]) == len(one["segments"])
    assert all(0.05 <= one["size"] <= 0.5 for one in acting)
    assert {one["lag"] for one in market.truth["campaigns"]} >= {0, 3, 5, 7}
    assert {one["shape"] for one in acting} == {"even", "fading"}


def test_sales_rise_by_the_stated_share_on_the_days_of_effect() -> None:
    made = generate_market(MarketParameters(seed=5, campaigns=200, repeated=0, brands=100, spillover=0.0))
    plain = generate_market(MarketParameters(seed=5, campaigns=0, repeated=0, brands=100))
    base = plain.sales.astype({"brand": str, "segment": str}).set_index(["brand", "segment", "date"])["value"]
    share = []
    for one in made.truth["campaigns"]:
        places = pd.MultiIndex.from_product([[one["brand"]], one["segments"], in_effect(one)])
        share.append(one["caused_total"] / base[places].sum())
    size = np.array([one["size"] for one in made.truth["campaigns"]])
    # fading effects meet other days more than others, so shares scatter a little around their sizes
    np.testing.assert_allclose(share, size, atol=0.12)
    assert np.mean(np.array(share) - size) == pytest.approx(0, abs=0.005)


def test_campaigns_that_do_nothing_cause_nothing(market: Market) -> None:
    idle = [one for one in market.truth["campaigns"] if one["nothing"]]
    assert len(idle) >= 6
    for one in idle:
        assert one["size"] == one["caused_total"] == one["spillover_total"] == one["follows_total"] == 0
        assert set(one["caused"].values()) == {0}
        assert one["spillover"] == {}


def test_nothing_is_caused_without_campaigns_or_without_strength(market: Market, without: Market) -> None:
    none = generate_market(MarketParameters(seed=3, campaigns=0, repeated=0))
    assert none.truth["campaigns"] == []
    assert len(none.campaigns) == 0
    assert without.truth["counts"]["caused"] == without.truth["counts"]["caused_follows"] == 0
    assert all(one["nothing"] for one in without.truth["campaigns"])
    pd.testing.assert_frame_equal(without.sales, none.sales)
    pd.testing.assert_frame_equal(without.follows, none.follows)
    pd.testing.assert_frame_equal(without.campaigns, market.campaigns)
    pd.testing.assert_frame_equal(without.ties, market.ties)


def test_spillover_goes_along_ties_only_and_in_proportion_to_them() -> None:
    made = generate_market(MarketParameters(seed=4, strays=0.0, counts=0.0, campaigns=40, repeated=0))
    neighbors = {one["id"]: set(one["neighbors"]) for one in made.truth["segments"]}
    level = made.truth["brands"]
    assert not any(one["counted"] for one in level.values())
    ratios, seen = [], []
    sales = made.sales.astype({"brand": str, "segment": str}).groupby(["brand", "segment"])["value"].mean()
    for one in made.truth["campaigns"]:
        tied = seen_by_ties(made, one["segments"])
        assert set(tied) <= set().union(*(neighbors[each] for each in one["segments"]))
        if one["nothing"]:
            continue
        assert set(one["spillover"]) == set(tied)
        rise = one["caused_total"] / sales[one["brand"]][one["segments"]].sum()
        for segment, share in tied.items():
            ratios.append(one["spillover"][segment] / sales[one["brand"]][segment] / rise)
            seen.append(share)
    slope = np.polyfit(seen, ratios, 1)[0]
    assert slope == pytest.approx(0.5, abs=0.05)
    assert np.corrcoef(seen, ratios)[0, 1] > 0.9


def test_strays_carry_little_and_no_spillover_can_be_asked_for(market: Market) -> None:
    for one in market.truth["campaigns"]:
        tied = seen_by_ties(market, one["segments"])
        assert set(one["spillover"]) <= set(tied)
        weak = sum(total for segment, total in one["spillover"].items() if tied[segment] < 0.05)
        assert weak <= 0.1 * (one["spillover_total"] + one["caused_total"])
    none = generate_market(MarketParameters(seed=3, spillover=0.0))
    assert all(one["spillover"] == {} for one in none.truth["campaigns"])
    assert [one["caused"] for one in none.truth["campaigns"]] != []


def test_segments_of_the_truth_are_those_of_people_and_ties(market: Market) -> None:
    sizes = market.people["segment"].astype(str).value_counts()
    for one in market.truth["segments"]:
        assert one["people"] == sizes[one["id"]]
        assert one["id"] not in one["sees"]
    for other in ("town01", "town13"):
        shares = {one["id"]: one["sees"].get(other, 0.0) for one in market.truth["segments"] if one["id"] != other}
        assert {name: share for name, share in shares.items() if share} == pytest.approx(
            seen_by_ties(market, [other]), abs=1e-4
        )


def test_repeated_campaigns_overlap_and_all_of_a_kind_are_alike(market: Market) -> None:
    repeated = pd.DataFrame([one for one in market.truth["campaigns"] if one["repeated"]])
    assert repeated.groupby("brand").size().to_dict() == dict.fromkeys(repeated["brand"].unique(), 12)
    assert repeated["brand"].nunique() == 2
    for _, group in repeated.groupby(["brand", "kind"]):
        assert group[["lag", "days", "shape", "size"]].drop_duplicates().shape[0] == 1
    assert repeated.groupby("brand")["kind"].nunique().eq(2).all()
    assert repeated["overlaps"].str.len().gt(0).mean() > 0.3
    nothing = repeated[repeated["nothing"]]
    assert nothing[["brand", "kind"]].drop_duplicates().shape[0] == 1


def test_overlaps_are_campaigns_of_one_brand_with_a_segment_and_days_in_common(market: Market) -> None:
    campaigns = market.truth["campaigns"]
    for one in campaigns:
        meets = [
            other["id"]
            for other in campaigns
            if other is not one
            and other["brand"] == one["brand"]
            and set(other["segments"]) & set(one["segments"])
            and set(in_effect(other)) & set(in_effect(one))
        ]
        assert one["overlaps"] == meets
    assert json.loads(json.dumps(market.truth)) == market.truth
