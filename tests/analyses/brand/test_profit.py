"""Sales and purchases: recency, frequency and value against groups of the rows."""

from datetime import timedelta

import pandas as pd
import pytest

from influence_graph.analyses.brand.profit import PURCHASES, customer_summary
from influence_graph.analyses.brand.view import BrandRecords, brand_view
from tests.analyses.brand.events import START, crowd, events


@pytest.mark.parametrize("seed", range(4))
def test_customers_are_groups_of_the_purchases(seed):
    records = crowd(50, seed)
    bought = records[records["kind"].isin(PURCHASES)].assign(day=lambda f: f["at"].dt.floor("D"))
    expected = bought.groupby("consumer").agg(
        first=("day", "min"),
        last=("day", "max"),
        days=("day", "nunique"),
        orders=("day", "size"),
        value=("weight", "sum"),
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
    assert result.to_dict("records") == [
        {"consumer": "ann", "frequency": 0, "recency": 0, "age": 7, "orders": 1, "value": 0.0}
    ]
    assert customer_summary(events(*rows), "dusk").empty


def test_the_best_fifth_and_the_frequencies_are_those_of_the_customers():
    rows = [(n, f"c{n}", "acme", "purchase") for n in range(20)] + [(40, f"c{n}", "acme", "purchase") for n in range(5)]
    records = events(*rows).assign(weight=[*[10.0] * 16, *[100.0] * 4, *[10.0] * 5])
    result = brand_view(records, "acme").profit
    assert (result.count, result.orders, result.value) == (20, 25, 610.0)
    assert result.repeat.value == 0.25
    assert result.per_customer.value == 30.5
    assert result.per_order.value == 610 / 25
    assert result.best.value == pytest.approx(400 / 610)
    assert result.frequency[["from", "customers", "value"]].to_numpy().tolist() == [[1, 15, 510], [2, 5, 100]]


def test_without_values_customers_are_counted_and_no_value_is_estimated():
    result = brand_view(events(*[(n, f"c{n}", "acme", "purchase") for n in range(12)]), "acme").profit
    assert (result.count, result.value, result.per_customer, result.best) == (12, None, None, None)
    assert result.frequency["value"].isna().all()
    assert "12 customers placed 12 orders of unknown value." in result.sentences()


def test_sales_without_segments_are_one_sum_and_those_after_the_time_are_left_out():
    sales = pd.DataFrame({"brand": ["acme", "acme", "bolt"], "date": ["2025-12-30", "2025-12-31", "2025-12-31"]})
    view = brand_view(events((0, "c", "acme", "wear")), "acme", records=BrandRecords(sales=sales.assign(value=4.0)))
    row = view.profit.sales.iloc[0]
    assert len(view.profit.sales) == 1
    assert (row["segment"], row["days"], row["total"], row["per_day"]) == ("", 2, 8.0, 4.0)
    assert view.profit.sentences()[0].startswith("Sales: 8 on 2 days, 4 a day (2025-12-30 to 2025-12-31)")


def test_a_brand_without_purchases_says_so():
    result = brand_view(events((0, "ann", "acme", "wear")), "acme").profit
    assert result.sentences() == ["No purchases are recorded."]
    assert result.frequency.empty
    assert result.orders == 0
