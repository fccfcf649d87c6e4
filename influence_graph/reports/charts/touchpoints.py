"""The plots of interactions by touchpoint."""

from __future__ import annotations

import altair as alt
import pandas as pd

from influence_graph.reports.charts.parts import FULL, HALF, ROW, category, plot_of
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GROUND, LOSS, MUTED, SECOND
from influence_graph.reports.words import integer_text

VALENCES = {"negative": LOSS, "neutral": MUTED, "positive": GAIN}
"""Columns of counts by valence, in the order of a stacked bar, with their colors."""


def touchpoint_bars(frame: pd.DataFrame) -> Plot:
    """Return bars of ``count`` per ``shown`` touchpoint, the most frequent first, split by ``side`` (the direction)."""
    ordered = frame.sort_values("count", ascending=False)
    totals = ordered.groupby("shown", sort=False)["count"].sum().sort_values(ascending=False)
    sides = list(dict.fromkeys(ordered["side"]))
    scale = alt.Scale(domain=sides, range=[GAIN, SECOND][: len(sides)])
    bars = (
        alt.Chart(ordered[["shown", "side", "count"]])
        .mark_bar(height={"band": 0.6})
        .encode(
            y=category(),
            x=alt.X("sum(count):Q", title="interactions", axis=alt.Axis(tickCount=4)),
            color=alt.Color("side:N", scale=scale, legend=alt.Legend(columns=1)),
        )
    )
    counts = ", ".join(f"{name} {integer_text(total)}" for name, total in totals.items())
    sized = bars.properties(width=HALF - 110, height=ROW * 1.7 * len(totals))
    return plot_of(sized, f"Bars of interactions per touchpoint: {counts}.", "Touchpoints")


def valence_bars(frame: pd.DataFrame) -> Plot:
    """Return stacked bars of the counts negative, neutral and positive per ``shown`` touchpoint."""
    long = frame.melt("shown", list(VALENCES), "valence", "count")
    long["order"] = long["valence"].map(list(VALENCES).index)
    scale = alt.Scale(domain=list(VALENCES), range=list(VALENCES.values()))
    bars = (
        alt.Chart(long[long["count"] > 0])
        .mark_bar(height={"band": 0.62}, stroke=GROUND, strokeWidth=1)
        .encode(
            y=category(),
            x=alt.X("sum(count):Q", title="interactions", axis=alt.Axis(tickCount=6, format=",.0f")),
            color=alt.Color("valence:N", scale=scale),
            order=alt.Order("order:Q"),
        )
    )
    counts = "; ".join(
        f"{row['shown']} " + ", ".join(f"{integer_text(row[name])} {name}" for name in reversed(VALENCES))
        for _, row in frame.iterrows()
    )
    sized = bars.properties(width=FULL - 230, height=34 * len(frame))
    return plot_of(sized, f"Stacked bars of interactions: {counts}.", "Valence by touchpoint")
