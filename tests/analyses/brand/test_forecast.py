"""The forecast against what customers, made event by event, go on to buy."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.brand.customers import Customers
from influence_graph.analyses.brand.customers import purchases_of as purchases_in
from influence_graph.analyses.brand.forecast import forecast
from influence_graph.analyses.interactions.ledger import read_ledger, to_micros
from influence_graph.errors import InputError
from influence_graph.model.touchpoints import TouchpointTable
from tests.analyses.brand.buyers import made, purchases_of
from tests.analyses.brand.events import START, events

END = START + timedelta(days=400)
BUYERS = made(150, (2.0, 60.0, 0.5, 2.0), 400, after=180, seed=4)


def valued(seed=0, **columns):
    frame = purchases_of(BUYERS, **columns)
    rng = np.random.default_rng(seed)
    level = pd.Series(rng.gamma(6, 5, 150), index=[f"c{n:04}" for n in range(150)])
    return frame.assign(value=frame["consumer"].map(level).to_numpy() * rng.gamma(8, 1 / 8, len(frame)))


def forecast_of(records, days=180, end=END):
    ledger = purchases_in(read_ledger(records), TouchpointTable.load())
    return forecast(Customers(ledger, to_micros(end)), timedelta(days=days))


def test_what_is_bought_next_is_inside_the_intervals():
    found = forecast_of(valued())
    came = BUYERS.later
    assert found.purchases.low < came.sum() < found.purchases.high
    assert found.customers["expected_purchases"].sum() == pytest.approx(found.purchases.value)
    assert found.customers["expected_value"].sum() == pytest.approx(found.value.value)
    low, high = (found.customers[name].to_numpy() for name in ("purchases_low", "purchases_high"))
    assert ((low <= came) & (came <= high)).mean() > 0.93
    tenths = pd.qcut(found.customers["expected_purchases"].rank(), 3, labels=False).to_numpy()
    assert came[tenths == 2].sum() > 2 * came[tenths == 0].sum()
    assert found.value.low < found.value.value < found.value.high
    mean = valued()["value"].mean()
    assert found.value.value / found.purchases.value == pytest.approx(mean, rel=0.15)


def test_the_past_forecast_counts_only_customers_of_that_time():
    records = valued()
    found = forecast_of(records, days=100)
    cut = START + timedelta(days=301)  # the whole day 300 belongs to the time before
    early = set(records.loc[records["at"] < cut, "consumer"])
    later = records[(records["at"] >= cut) & records["consumer"].isin(early)]
    assert found.past.days == 100
    days = later.assign(day=later["at"].dt.floor("D")).drop_duplicates(["consumer", "day"])
    assert found.past.purchases_came == len(days)
    assert found.past.value_came == pytest.approx(later["value"].sum())
    assert found.past.purchases == pytest.approx(found.past.purchases_came, rel=0.5)
    ratio = found.past.purchases_came / found.past.purchases
    assert found.past.errors()[0] == pytest.approx(abs(np.log(ratio)))


def test_a_season_that_the_model_does_not_know_widens_the_interval():
    calm = valued()
    rush = calm[calm["at"] > START + timedelta(days=300)]
    again = rush.assign(at=rush["at"] + timedelta(days=2), event_id=[f"r{n}" for n in range(len(rush))])
    again = again[again["at"] < END]
    found, before = forecast_of(pd.concat([calm, again]), 90), forecast_of(calm, 90)
    assert found.past.errors()[0] > before.past.errors()[0] + 0.2
    spread = [(each.purchases.high - each.purchases.low) / each.purchases.value for each in (found, before)]
    assert spread[0] > spread[1]


def test_values_that_cannot_be_told_leave_the_purchases():
    two = ["EUR", "USD"]
    mixed = forecast_of(valued().assign(currency=[two[n % 2] for n in range(len(valued()))]))
    assert (mixed.value, mixed.value_unknown) == (None, "values are in EUR and USD")
    assert "Their value: cannot tell, values are in EUR and USD." in mixed.sentences()
    without = forecast_of(purchases_of(BUYERS))
    assert without.value is None
    assert without.value_unknown.startswith("the number of customers with an order of known value above 0 is 0")
    assert without.purchases == forecast_of(purchases_of(BUYERS)).purchases
    assert without.customers["expected_value"].isna().all()
    free = forecast_of(purchases_of(BUYERS, value=0.0))
    assert free.value is None


def test_orders_of_value_0_lower_the_value_and_not_the_model():
    paid = valued()
    half = forecast_of(paid.assign(value=paid["value"].where(np.arange(len(paid)) % 2 == 0, 0.0)))
    assert half.value.value == pytest.approx(0.5 * forecast_of(paid).value.value, rel=0.15)


def test_a_record_that_gives_no_model_gives_no_forecast_and_says_why():
    once = events(*[(n, f"c{n}", "acme", "purchase") for n in range(40)])
    found = forecast_of(once)
    assert (found.purchases, found.value, found.past) == (None, None, None)
    assert found.sentences() == [
        "Forecast of the next 180 days, today's customers: cannot tell, "
        "the number seen on a second day is 0, must be 10 or more."
    ]
    with pytest.raises(InputError, match="cannot tell: the number seen on a second day is 0"):
        ig.customer_forecast(once)


def test_the_public_frame_has_a_row_per_customer():
    records = valued()
    frame = ig.customer_forecast(records, "acme", END, timedelta(days=30))
    assert frame["consumer"].tolist() == ig.customer_summary(records, "acme", END)["consumer"].tolist()
    assert frame["p_alive"].between(0, 1).all()
    assert (frame["value_low"] <= frame["value_high"]).all()
    assert frame.attrs["sentences"][0].startswith(
        "Forecast of the next 30 days, today's customers: days with a purchase"
    )
    with pytest.raises(InputError, match="horizon is 0:00:00"):
        ig.customer_forecast(records, horizon=timedelta(0))


def test_a_view_tells_the_forecast_of_its_horizon():
    view = ig.brand_view(valued(currency="EUR"), "acme", as_of=END, horizon=timedelta(days=500))
    lines = view.profit.sentences()
    assert any(line.startswith("Forecast of the next 500 days") for line in lines)
    assert "It looks further ahead than the record of 400 days looks back." in lines
    assert any(line.startswith("Tried on the last 200 days of the record: forecast ") for line in lines)
    measures = view.to_frame().set_index("measure")["value"]
    assert measures["purchases in the next 500 days"] == pytest.approx(view.profit.forecast.purchases.value)
    assert view.parameters["horizon"] == 500 * 86_400
