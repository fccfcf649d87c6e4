"""Sales and purchases: recency, frequency and value against groups of the rows."""

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.brand.view import BrandRecords, brand_view
from tests.analyses.brand.events import events


def test_the_best_fifth_and_the_frequencies_are_those_of_the_customers():
    rows = [(n, f"c{n}", "acme", "purchase") for n in range(20)] + [(40, f"c{n}", "acme", "purchase") for n in range(5)]
    records = events(*rows).assign(value=[*[10.0] * 16, *[100.0] * 4, *[10.0] * 5])
    result = brand_view(records, "acme").profit
    assert (result.count, result.orders, result.value) == (20, 25, 610.0)
    assert result.repeat.value == 0.25
    assert result.per_customer.value == 30.5
    assert result.per_order.value == 610 / 25
    assert result.best.value == pytest.approx(400 / 610)
    assert result.frequency[["from", "customers", "value"]].to_numpy().tolist() == [[1, 15, 510], [2, 5, 100]]


def test_orders_of_unknown_value_count_in_no_mean_and_are_named():
    rows = [(n, f"c{n}", "acme", "purchase") for n in range(24)] + [(40, f"c{n}", "acme", "purchase") for n in range(6)]
    values = np.full(30, 10.0)
    values[[0, 26, 27]] = np.nan  # one order of c0, c2 and c3
    result = brand_view(events(*rows).assign(value=values, currency="EUR"), "acme").profit
    assert (result.orders, result.unknown, result.value, result.currency) == (30, 3, 270.0, "EUR")
    assert result.per_order.value == 10
    assert result.per_customer.value == (18 * 10 + 3 * 20) / 21
    assert result.customers["unknown"].sum() == 3
    assert "24 customers placed 30 orders worth 270 EUR, not counting 3 of unknown value." in result.sentences()


def test_values_in_two_currencies_are_not_summed():
    rows = [(n, f"c{n}", "acme", "purchase") for n in range(20)]
    currency = ["EUR"] * 12 + ["USD"] * 7 + [None]
    result = brand_view(events(*rows).assign(value=5.0, currency=currency), "acme").profit
    assert (result.value, result.per_order, result.per_customer, result.best) == (None, None, None, None)
    assert result.frequency["value"].isna().all()
    assert "20 customers placed 20 orders in EUR and USD: their sum cannot be told." in result.sentences()


def test_a_strength_is_no_money():
    rows = [(n, f"c{n}", "acme", "purchase") for n in range(12)]
    assert brand_view(events(*rows).assign(weight=178.0), "acme").profit.value is None


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
