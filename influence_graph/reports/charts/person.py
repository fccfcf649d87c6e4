"""The plots of a person: what was given and received, period by period, over days or decades."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.reports.charts.parts import FULL, plot_of, series_colors, zero_line
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, SECOND
from influence_graph.reports.words import date_text, signed
from influence_graph.text import count_text

_SIDES = {"given": "to brands", "received": "from brands"}
_WIDE = 100.0  # largest points as a multiple of the smallest, above which the axis is logarithmic beyond ±1
_OFFSETS = {"day": pd.DateOffset(days=1), "month": pd.DateOffset(months=1), "year": pd.DateOffset(years=1)}


def period_bars(frame: pd.DataFrame, unit: str) -> Plot:
    """Return two bars per period, points given and points received, to both sides of zero.

    Where points differ by more than a hundredfold the axis is linear from -1 to 1 and logarithmic beyond (symlog), so
    that small ones are seen beside large ones, and 0 has its place.

    Args:
        frame: One row per period with an event, at least one: start (a time with a zone), given, received (points).
        unit: "day", "month" or "year".
    """
    drawn = _halves(frame, unit)
    sizes = drawn["points"].abs()
    wide = bool(len(sizes)) and float(sizes.max()) > _WIDE * float(sizes[sizes > 0].min() if (sizes > 0).any() else 1)
    scale = alt.Scale(type="symlog") if wide else alt.Scale()
    title = f"points per {unit}{' (symlog)' if wide else ''}"
    bars = (
        alt.Chart(drawn)
        .mark_bar(binSpacing=0)
        .encode(
            x=alt.X("from:T", title="date", scale=alt.Scale(type="utc"), axis=alt.Axis(tickCount=7, grid=False)),
            x2="to:T",
            y=alt.Y("points:Q", title=title, scale=scale, axis=alt.Axis(tickCount=5, format="~g")),
            y2=alt.datum(0),
            color=series_colors(list(_SIDES.values()), [GAIN, SECOND], "side"),
        )
    )
    chart = alt.layer(zero_line("y"), bars).properties(width=FULL - 90, height=200)
    largest = frame.iloc[int((frame["given"].abs() + frame["received"].abs()).argmax())]
    note = (
        f"{count_text(len(frame), unit)} with events; most in the {unit} of {date_text(largest['start'])}: "
        f"{signed(largest['given'], 1)} to brands, {signed(largest['received'], 1)} from brands."
    )
    return plot_of(chart, f"Bars of points per {unit}: {note}", f"Points given and received per {unit}", note)


def _halves(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return a row per period and side: given in the first half of its place, received in the second."""
    start = pd.to_datetime(frame["start"], utc=True)
    end = start + _OFFSETS[unit]
    middle = start + (end - start) / 2
    parts: list[Any] = [
        pd.DataFrame(
            {"from": _texts(since), "to": _texts(until), "points": frame[name].to_numpy(np.float64), "side": side}
        )
        for (name, side), since, until in zip(_SIDES.items(), (start, middle), (middle, end), strict=True)
    ]
    drawn: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return drawn


def _texts(times: pd.Series) -> list[str]:
    return [f"{time.tz_localize(None).isoformat()}Z" for time in times]
