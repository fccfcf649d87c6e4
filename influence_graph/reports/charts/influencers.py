"""The plots of influencers: what came before and after one of them by lag, and who has how much of all influence."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.reports.charts.brand import interval_dots
from influence_graph.reports.charts.parts import HALF, ROW, category, padded_scale, plot_of, series_colors
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, INK, MUTED
from influence_graph.text import count_text

_BEFORE, _AFTER = "before", "after"


def lag_curve(curve: pd.DataFrame, name: str) -> Plot:
    """Return a bar per bin of lags of how many of an audience took things up, long before first, long after last.

    Args:
        curve: One row per bin, from 0 on: from_days, to_days, before, expected_before, after, expected_after.
        name: Who is seen by the audience.
    """
    drawn = _by_time(curve)
    base = alt.Chart(drawn).encode(y=category())
    axis = alt.Axis(tickCount=5, format=",~f", tickMinStep=1)
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.6}).encode(
        x=alt.X("seen:Q", title="adoptions", axis=axis, scale=padded_scale(drawn["place"])),
        color=series_colors([_BEFORE, _AFTER], [MUTED, GAIN], "side"),
    )
    usual = base.mark_tick(color=INK, thickness=2, size=ROW * 0.8).encode(x="usual:Q")
    numbers = base.mark_text(align="left", dx=6).encode(x="place:Q", text=alt.Text("seen:Q", format=",.0f"))
    chart = (bars + usual + numbers).properties(width=HALF, height=ROW * len(drawn))
    before, after = (drawn[drawn["side"] == side] for side in (_BEFORE, _AFTER))
    usual_before, usual_after = (f"{side['usual'].sum():,.1f}" for side in (before, after))
    note = (
        f"Before {name}, those who see {name} took it up {_times(before)}; by their share of those who might have, it "
        f"would be {usual_before} (lines). After, {_times(after)}; it would be {usual_after}."
    )
    return plot_of(chart, f"Bars by days. {note}", "Before and after, by days between", note)


def _times(side: pd.DataFrame) -> str:
    return count_text(int(side["seen"].sum()), "time")


def _by_time(curve: pd.DataFrame) -> pd.DataFrame:
    """Return a row per bin and side, by time."""
    spans = [
        f"{low:,.0f}-{high:,.0f} days" if np.isfinite(high) else f"over {low:,.0f} days"
        for low, high in zip(curve["from_days"], curve["to_days"], strict=True)
    ]
    parts = [
        pd.DataFrame(
            {
                "shown": [f"{span} {side}" for span in spans],
                "side": side,
                "seen": curve[side].astype(float),
                "usual": curve[f"expected_{side}"].astype(float),
            }
        )
        for side in (_BEFORE, _AFTER)
    ]
    frame = pd.concat([parts[0][::-1], parts[1]], ignore_index=True)
    return frame.assign(place=frame[["seen", "usual"]].max(axis=1))


def group_shares(groups: pd.DataFrame) -> Plot:
    """Return the share of all influence of each group of following, with intervals.

    Args:
        groups: group, people, share, share_low, share_high, none missing.
    """
    frame = pd.DataFrame(
        {
            "shown": [f"{row.group} ({row.people:,})" for row in groups.itertuples()],
            "value": groups["share"] * 100,
            "low": groups["share_low"] * 100,
            "high": groups["share_high"] * 100,
        }
    )
    return interval_dots(frame, "share of all influence (%)", "Influence by how many are exposed to a person")


def influence_curve(lorenz: pd.DataFrame) -> Plot:
    """Return the Lorenz curve ``excess`` over ``people``, by rising following; shares, some maybe negative."""
    axis = alt.Axis(format="%", tickCount=5)
    base = alt.Chart(lorenz).encode(
        x=alt.X("people:Q", title="people, fewest exposed to them first (%)", axis=axis),
        y=alt.Y("excess:Q", title="share of all influence (%)", axis=axis),
    )
    equal = alt.Chart(pd.DataFrame({"people": [0.0, 1.0], "excess": [0.0, 1.0]})).mark_line(
        color=MUTED, strokeDash=[4, 4], strokeWidth=1.2
    )
    line = base.mark_line(color=GAIN, strokeWidth=2.5)
    chart = (equal.encode(x="people:Q", y="excess:Q") + line).properties(width=HALF - 70, height=245)
    half = lorenz.iloc[int((lorenz["people"] - 0.5).abs().argmin())]
    note = (
        f"The {half['people']:.0%} of people to whom fewest are exposed have {half['excess']:.0%} of all influence, as "
        "measured. Dashed: the same of everybody."
    )
    return plot_of(chart, f"Lorenz curve. {note}", "Who has how much of all influence", note)
