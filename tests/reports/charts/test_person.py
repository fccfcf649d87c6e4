"""The plots of a person: what they draw, and what they say in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd

from influence_graph.reports.charts.person import echo_bars, period_bars
from tests.reports.svg import texts

NOW = datetime(2026, 6, 18, tzinfo=UTC)


def periods(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["start", "given", "received"])
    return frame.assign(start=pd.to_datetime(frame["start"], utc=True), events=1)


def test_thirty_five_years_reach_to_today_and_the_largest_is_named() -> None:
    plot = period_bars(periods(("1991-01-01", 3.0, 0.0), ("1998-01-01", -1.0, 2.5)), "year", NOW)
    assert plot.note == "2 years with events; most in 1998: −1.0 to brands, +2.5 from brands."
    assert plot.note in plot.alt
    shown = texts(plot.svg)
    assert {"2000", "2025", "points per year"} <= set(shown)


def test_large_and_small_points_are_drawn_on_a_scale_that_has_zero() -> None:
    wide = period_bars(periods(("2026-01-01", 0.5, 0.0), ("2026-03-01", -90_000.0, 0.0)), "month", NOW)
    assert "points per month (symlog)" in texts(wide.svg)
    assert "NaN" not in wide.svg
    only = period_bars(periods(("2026-06-01", 0.0, 0.0)), "month", NOW)
    assert "points per month" in texts(only.svg)
    assert "NaN" not in only.svg


def test_what_others_did_later_is_counted_per_period() -> None:
    times = pd.Series(pd.to_datetime(["1991-09-09", "1991-10-01", "2026-03-25"], utc=True))
    plot = echo_bars(times, "year", NOW)
    assert plot.title == "What they did later, per year"
    assert "3 times, from 1991-09-09 to 2026-03-25" in plot.alt
    assert "times per year" in texts(plot.svg)
