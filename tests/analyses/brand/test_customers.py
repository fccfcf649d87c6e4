"""Customers against groups of the rows."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.brand.customers import currencies, customer_summary, life_of, purchases_of, spent_of
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.errors import NotFound
from influence_graph.model.touchpoints import KindRule, TouchpointTable
from tests.analyses.brand.events import START, crowd, events

TABLE = TouchpointTable.load()


@pytest.mark.parametrize("seed", range(4))
def test_customers_are_groups_of_the_purchases(seed):
    records = crowd(50, seed).rename(columns={"weight": "value"})
    bought = records[records["kind"] == "purchase"].assign(day=lambda f: f["at"].dt.floor("D"))
    expected = bought.groupby("consumer").agg(
        first=("day", "min"),
        last=("day", "max"),
        days=("day", "nunique"),
        orders=("day", "size"),
        value=("value", "sum"),
    )
    result = customer_summary(records).set_index("consumer")
    assert result.index.tolist() == expected.index.tolist()
    assert result["frequency"].tolist() == (expected["days"] - 1).tolist()
    assert result["recency"].tolist() == (expected["last"] - expected["first"]).dt.days.tolist()
    assert result["age"].tolist() == (records["at"].max().floor("D") - expected["first"]).dt.days.tolist()
    assert result["orders"].tolist() == expected["orders"].tolist()
    assert result["value"].tolist() == pytest.approx(expected["value"].tolist())


def test_what_is_bought_later_or_elsewhere_does_not_count():
    rows = [(0, "ann", "acme", "purchase"), (5, "ann", "bolt", "purchase"), (9, "ann", "acme", "purchase")]
    result = customer_summary(events(*rows), "acme", START + timedelta(days=7))
    assert result.pop("value").isna().all()
    assert result.to_dict("records") == [
        {"consumer": "ann", "frequency": 0, "recency": 0, "age": 7, "orders": 1, "unknown": 1}
    ]
    with pytest.raises(NotFound, match="no brand 'dusk' among the 2"):
        customer_summary(events(*rows), "dusk")


def test_purchases_are_what_the_table_says():
    frame = events(
        *[(n, "ann", "acme", kind) for n, kind in enumerate(["purchase", "renewal", "cancellation", "order", "wear"])]
    )
    assert customer_summary(frame)["orders"].tolist() == [2]
    table = TouchpointTable({**TABLE.kinds, "order": KindRule(vote="wallet")})
    assert customer_summary(frame, table=table)["orders"].tolist() == [3]


def test_what_shows_a_bond_alive_is_good_and_given_or_voted_by_the_consumer():
    kinds = ["purchase", "wear", "free_use", "complaint", "advert", "unfollow", "nonsense"]
    life = life_of(read_ledger(events(*[(n, "ann", "acme", kind) for n, kind in enumerate(kinds)])), TABLE)
    assert [life.kind.text(row) for row in range(len(life))] == ["purchase", "wear", "free_use"]


def test_what_is_paid_on_one_day_is_one_order_and_days_of_unknown_value_are_left_out():
    rows = [(0, "ann"), (0.5, "ann"), (3, "ann"), (4, "bob"), (5, "bob"), (5, "bob"), (6, "cyd"), (7, "dan")]
    frame = events(*[(day, who, "acme", "purchase") for day, who in rows])
    frame = frame.assign(value=[1.0, 2.0, 4.0, 8.0, 16.0, np.nan, np.nan, 0.0])
    spent, paying = spent_of(purchases_of(read_ledger(frame), TABLE))
    assert spent.orders.tolist() == [2, 1, 0, 0]
    assert spent.total.tolist() == [7, 8, 0, 0]
    assert paying == 3 / 4
    none, share = spent_of(purchases_of(read_ledger(frame.drop(columns="value")), TABLE))
    assert (none.orders.sum(), share) == (0, 1)


def test_currencies_are_those_of_known_values():
    frame = events(*[(n, "ann", "acme", "purchase") for n in range(4)])
    frame = frame.assign(value=[1.0, np.nan, 2.0, 3.0], currency=["USD", "GBP", None, "EUR"])
    assert currencies(read_ledger(frame)) == ["EUR", "USD"]
    assert currencies(read_ledger(frame.drop(columns="value"))) == []


def test_an_unknown_brand_is_not_found_and_a_number_is_an_id():
    bought = purchases_frame()
    with pytest.raises(NotFound, match=r"no brand 'acne' among the 1 .*did you mean 'acme'"):
        customer_summary(bought, "acne")
    numbered = bought.assign(brand=5)
    assert customer_summary(numbered, 5.0).equals(customer_summary(bought, "acme"))


def purchases_frame():
    at = ["2026-01-01T00:00:00Z", "2026-01-15T00:00:00Z"]
    return pd.DataFrame({"event_id": [1, 2], "at": at, "consumer": "ann", "brand": "acme", "kind": "purchase"})
