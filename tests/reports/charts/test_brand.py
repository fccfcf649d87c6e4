"""The plots of a brand: campaigns marked, values to scale, and words that say the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from influence_graph.reports.charts import brand as charts
from tests.reports.svg import spans, texts

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)


def totals(*brands: str) -> pd.DataFrame:
    rows = [(brand, at, total) for brand in brands for at, total in ((START, -1.0), (END, 4.5))]
    return pd.DataFrame(rows, columns=["shown", "at", "total"])


@pytest.mark.parametrize(
    ("campaigns", "ending"),
    [([], "+4.5 on 2026-03-01."), ([START], " Dashed: 1 campaign."), ([START, END], " Dashed: 2 campaigns.")],
)
def test_campaigns_are_marked_on_the_trend(campaigns: list[datetime], ending: str) -> None:
    plot = charts.trend(totals("acme"), campaigns)
    assert plot.alt.endswith(ending)
    assert plot.svg.count("stroke-dasharray") == len(campaigns)
    assert plot.note.startswith("acme from −1.0 on 2026-01-01 to +4.5 on 2026-03-01.")
    assert plot.alt.endswith(plot.note)


def test_two_brands_are_two_lines_with_a_legend() -> None:
    plot = charts.trend(totals("acme", "bolt"), [])
    assert {"acme", "bolt"} <= set(texts(plot.svg))
    assert "var(--second)" in plot.svg
    assert plot.note.count("from −1.0") == 2


def test_marked_bars_have_the_second_color() -> None:
    frame = pd.DataFrame({"shown": ["a", "b"], "value": [12_345.0, 0.125]})
    plain = charts.value_bars(frame, "value", "Value")
    assert plain.alt == "Bars of value: a 12,345, b 0.125."
    assert "var(--second)" not in plain.svg
    assert "var(--second)" in charts.value_bars(frame.assign(marked=[True, False]), "value", "Value").svg


def test_bars_of_values_are_to_scale() -> None:
    frame = pd.DataFrame({"shown": ["a", "b"], "value": [4.0, 1.0]})
    (start, long), (also, short) = spans(charts.value_bars(frame, "value", "Value").svg)
    assert start == also
    assert (long - start) / (short - start) == pytest.approx(4)


def test_intervals_say_their_ends() -> None:
    frame = pd.DataFrame({"shown": ["a"], "value": [-1.0], "low": [-2.0], "high": [0.5]})
    assert charts.interval_dots(frame, "change", "Change").alt == (
        "Dots with 95 % intervals, change: a −1.0 (−2.0 to +0.5)."
    )


def test_the_lorenz_curve_says_what_the_weaker_half_holds() -> None:
    frame = pd.DataFrame({"consumers": [0.0, 0.25, 0.5, 1.0], "bond": [0.0, 0.01, 0.1, 1.0]})
    assert charts.lorenz_curve(frame).note.startswith("The 50% of consumers with the weakest bonds hold 10% of")


@pytest.mark.parametrize(("days", "period", "bars"), [(60, "day", 60), (200, "week", 29), (1000, "month", 33)])
def test_sales_are_summed_over_a_period_that_gives_a_readable_number_of_bars(days: int, period: str, bars: int) -> None:
    dates = pd.date_range("2026-01-01", periods=days)
    plot = charts.sales(pd.DataFrame({"date": dates, "value": 2.0}), [START])
    assert f"sales per {period}" in texts(plot.svg)
    assert plot.note.startswith(f"{2 * days:,} from 2026-01-01 to ")
    assert plot.note.endswith("Dashed: 1 campaign.")
    assert len(spans(plot.svg)) == bars
    assert ("not complete" in plot.note) == (period != "day")
