"""The funnel plot: shares by size, with the limits of chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.analyses.brand.peers import ABOVE, ALARM, BELOW, WARNING, WITHIN
from influence_graph.reports.charts.parts import FULL, plot_of
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GROUND, LOSS, MUTED, WIDE_ONLY
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.analyses.brand.peers import Funnel

_COLORS = {ABOVE: GAIN, WITHIN: MUTED, BELOW: LOSS}
_DRAWN = 800
_NAMED = 8
_STEPS = 80


def funnel_plot(frame: pd.DataFrame, fan: Funnel) -> Plot:
    """Return a dot per brand, its share by its size, between the limits of *fan*.

    Args:
        frame: One row per brand that can be told, at least one: shown (its name), bonds (≥ 1), positive (share), z and
            standing. Of more than 800 those that stand out most are drawn, and an even choice of the others.
        fan: The funnel.
    """
    drawn = _chosen(frame)
    low, high = frame["bonds"].min(), frame["bonds"].max()
    size = np.geomspace(max(low * 0.9, 1), high * 1.1, _STEPS)
    scale = alt.Scale(type="log", nice=False, domain=[float(size[0]), float(size[-1])])
    x = alt.X("bonds:Q", title="number of bonds (log scale)", scale=scale, axis=alt.Axis(tickCount=5, format=",~f"))
    y = alt.Y(
        "positive:Q", title="positive bonds (%)", scale=alt.Scale(zero=False), axis=alt.Axis(format="%", tickCount=5)
    )
    lines = [
        alt.Chart(pd.DataFrame({"bonds": size, "positive": edge}))
        .mark_line(color=MUTED, strokeWidth=1.2, strokeDash=dash)
        .encode(x=x, y=y)
        for errors, dash in ((WARNING, [2, 3]), (ALARM, [6, 4]))
        for edge in fan.limits(size, errors)
    ]
    target = alt.Chart(pd.DataFrame({"bonds": size, "positive": fan.target})).mark_line(color=MUTED, strokeWidth=1)
    color = alt.Color(
        "standing:N", scale=alt.Scale(domain=list(_COLORS), range=list(_COLORS.values())), legend=alt.Legend()
    )
    dots = (
        alt.Chart(drawn).mark_circle(size=70, opacity=0.85, stroke=GROUND, strokeWidth=1).encode(x=x, y=y, color=color)
    )
    named = alt.Chart(drawn[drawn["named"]]).mark_text(align="left", dx=8).encode(x=x, y=y, text="shown:N")
    chart = alt.layer(*lines, target.encode(x=x, y=y), dots, named.properties(name=WIDE_ONLY))
    sized = chart.properties(width=FULL - 90, height=300)
    note = _note(frame, len(drawn), fan)
    return plot_of(sized, f"Funnel plot. {note}", "Share of positive bonds by size", note)


def _chosen(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to draw, and which of them are named."""
    ordered = frame.sort_values("z", key=lambda z: -z.abs(), kind="stable").reset_index(drop=True)
    out = ordered["standing"] != WITHIN
    ordered = ordered.assign(named=out & (np.arange(len(ordered)) < _NAMED))
    if len(ordered) <= _DRAWN:
        return ordered
    first = ordered.head(_DRAWN // 2)
    rest = ordered.iloc[np.unique(np.linspace(_DRAWN // 2, len(ordered) - 1, _DRAWN // 2).astype(int))]
    return pd.concat([first, rest])


def _note(frame: pd.DataFrame, drawn: int, fan: Funnel) -> str:
    counts = frame["standing"].value_counts()
    told = ", ".join(f"{int(counts.get(name, 0)):,} {name}" for name in _COLORS)
    cut = f" {drawn:,} of them are drawn." if drawn < len(frame) else ""
    return (
        f"{count_text(len(frame), 'brand')} with ten bonds or more against the {fan.target:.1%} of all bonds: {told} "
        f"the outer limits. Dotted: limits of 95 %; dashed: of 99.8 %.{cut}"
    )
