"""Sales without campaigns: weekdays, trends, seasons, shared shocks, and noise that lasts; measured on frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from influence_graph.ingest.markets import Market, MarketParameters, generate_market
from influence_graph.ingest.markets.demand import ar1


def wide(market: Market) -> pd.DataFrame:
    """A column per brand and segment, a row per day."""
    sales = market.sales.astype({"brand": str, "segment": str})
    return sales.pivot_table(index="date", columns=["brand", "segment"], values="value")


@pytest.fixture(scope="module")
def logs(without: Market) -> pd.DataFrame:
    """Logarithms of the sales of money, less weekdays and a straight line."""
    money = [brand for brand, one in without.truth["brands"].items() if not one["counted"]]
    found = np.log(wide(without)[money])
    left = found - found.groupby(found.index.day_of_week).transform("mean")
    day = np.arange(len(left))
    slope = np.polyfit(day, left.to_numpy(), 1)
    return left - np.outer(day, slope[0]) - slope[1]


def test_a_market_has_the_size_that_its_parameters_say(market: Market) -> None:
    assert len(market.people) == 4800
    assert market.people["segment"].nunique() == 24
    assert len(market.sales) == 24 * 12 * 365
    assert market.sales["date"].min() == pd.Timestamp("2025-01-01")
    assert market.sales["date"].max() == pd.Timestamp("2025-12-31")
    assert 8 * 4800 * 0.95 < len(market.ties) < 8 * 4800
    own = market.truth["counts"]["follows"] - market.truth["counts"]["caused_follows"]
    assert own == pytest.approx(48_000, rel=0.15)


def test_pieces_are_whole_and_money_is_in_cents_and_nothing_is_negative(market: Market) -> None:
    brands = market.truth["brands"]
    assert sum(one["counted"] for one in brands.values()) == 6
    counted = market.sales["brand"].map({brand: one["counted"] for brand, one in brands.items()}).astype(bool)
    assert (market.sales.loc[counted, "value"] % 1 == 0).all()
    cents = market.sales.loc[~counted, "value"] * 100
    np.testing.assert_allclose(cents, cents.round(), atol=1e-6)
    assert (cents.round() % 100 != 0).mean() > 0.9
    assert market.sales["value"].min() >= 0


def test_pieces_scatter_as_counts_do() -> None:
    made = generate_market(MarketParameters(seed=6, counts=1.0, campaigns=0, repeated=0))
    apart = made.sold - made.demand.expected
    assert (apart**2 / made.demand.expected).mean() == pytest.approx(1, abs=0.02)
    assert apart.mean() == pytest.approx(0, abs=0.05)


def test_weekdays_differ_and_those_of_a_brand_are_alike_in_all_segments(without: Market) -> None:
    found = np.log(wide(without) + 1)
    week = found.groupby(found.index.day_of_week).mean()
    week -= week.mean()
    assert 0.08 < float(week.to_numpy().std()) < 0.25
    for brand in ("b01", "b07"):
        assert np.corrcoef(week[brand].to_numpy().T).min() > 0.5


def test_segments_share_shocks_of_the_brand_and_of_their_region(logs: pd.DataFrame, without: Market) -> None:
    region = {one["id"]: one["region"] for one in without.truth["segments"]}
    weekly = logs.groupby(np.arange(len(logs)) // 7).mean()
    found = weekly.corr()
    brand, segment = (found.index.get_level_values(name) for name in ("brand", "segment"))
    place = np.array([region[each] for each in segment])
    same_brand = brand.to_numpy()[:, None] == brand.to_numpy()
    same_region, off = place[:, None] == place, ~np.eye(len(found), dtype=bool)
    values = found.to_numpy()
    apart = values[~same_brand & ~same_region].mean()
    assert values[same_brand & ~same_region].mean() > apart + 0.2
    assert values[~same_brand & same_region].mean() > apart + 0.03
    assert values[same_brand & same_region & off].mean() > values[same_brand & ~same_region].mean() + 0.03


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.95])
def test_lasting_noise_has_variance_one_and_the_correlation_that_was_asked_for(rho: float) -> None:
    found = ar1(np.random.default_rng(1), rho, 200, 2000)
    assert found[[0, 100, 199]].var(axis=1) == pytest.approx(np.ones(3), abs=0.12)
    assert (found[1:] * found[:-1]).mean() == pytest.approx(rho, abs=0.03)
    assert (found[5:] * found[:-5]).mean() == pytest.approx(rho**5, abs=0.04)


@pytest.mark.parametrize("rho", [0.5, 0.9])
def test_noise_lasts_in_a_market_as_was_asked_for(rho: float) -> None:
    quiet = {"seed": 7, "campaigns": 0, "repeated": 0, "segments": 40, "people": 1000, "days": 1000}
    made, fresh = (generate_market(MarketParameters(**quiet, autocorrelation=each)) for each in (rho, 0.0))
    apart = np.log(made.demand.expected) - np.log(fresh.demand.expected)  # all but the noise is the same
    # x of the one and e of the other, from the same draws, both of variance 0.07², have the covariance sqrt(1 - rho²)
    assert apart.var() == pytest.approx(0.07**2 * (2 - 2 * np.sqrt(1 - rho**2)), rel=0.1)


def test_neighbors_are_mostly_of_one_region_and_most_ties_stay_at_home(market: Market) -> None:
    region = {one["id"]: one["region"] for one in market.truth["segments"]}
    pairs = [(one["id"], other) for one in market.truth["segments"] for other in one["neighbors"]]
    assert {(other, one) for one, other in pairs} == set(pairs)
    assert np.mean([region[one] == region[other] for one, other in pairs]) > 0.6
    home = market.people.astype(str).set_index("id")["segment"]
    ends = market.ties[["source", "target"]].astype(str).apply(lambda column: column.map(home))
    same = ends["source"] == ends["target"]
    assert 0.5 < same.mean() < 0.7
    crossing = ends[~same]
    known = [pair in set(pairs) for pair in zip(crossing["source"], crossing["target"], strict=True)]
    assert np.mean(known) > 0.93


def test_follows_come_more_often_after_campaigns_of_their_brand(market: Market, without: Market) -> None:
    keys = ["brand", "segment", "date"]
    found, plain = (
        one.follows.astype({"brand": str, "segment": str}).set_index(keys)["value"] for one in (market, without)
    )
    acting = [one for one in market.truth["campaigns"] if not one["nothing"]]
    places = [
        pd.MultiIndex.from_product(
            [[one["brand"]], one["segments"], pd.date_range(one["first_day"], periods=one["days"])]
        )
        for one in acting
    ]
    during = sum(found[each].sum() for each in places) / sum(plain[each].sum() for each in places)
    assert during > 2
    assert plain.mean() == pytest.approx(10 * 4800 / 365 / 24 / 12, rel=0.15)
