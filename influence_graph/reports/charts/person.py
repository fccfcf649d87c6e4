"""The plots of a person: what was given and received, period by period, over days or decades."""

from __future__ import annotations

from datetime import UTC, datetime
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
_RULES = {"day": "D", "month": "M", "year": "Y"}
_OFFSETS = {"day": pd.DateOffset(days=1), "month": pd.DateOffset(months=1), "year": pd.DateOffset(years=1)}


def period_text(start: object, unit: str) -> str:
    """Return a period as readers write it.

    Example:
        >>> period_text(pd.Timestamp("1991-01-01"), "year"), period_text(pd.Timestamp("1991-09-01"), "month")
        ('1991', '1991-09')
    """
    return date_text(start)[: {"year": 4, "month": 7}.get(unit, 10)]


def period_bars(frame: pd.DataFrame, unit: str, until: datetime) -> Plot:
    """Return two bars per period, points given and points received, to both sides of zero.

    Where points differ by more than a hundredfold the axis is linear from -1 to 1 and logarithmic beyond (symlog), so
    that small ones are seen beside large ones, and 0 has its place.

    Args:
        frame: One row per period with an event, at least one: start (a time with a zone), given, received (points).
        unit: "day", "month" or "year".
        until: End of the axis: silence until then is seen, too.
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
            x=_time(drawn["from"].min(), until),
            x2="to:T",
            y=alt.Y("points:Q", title=title, scale=scale, axis=alt.Axis(tickCount=5, format="~g")),
            y2=alt.datum(0),
            color=series_colors(list(_SIDES.values()), [GAIN, SECOND], "side"),
        )
    )
    chart = alt.layer(zero_line("y"), bars).properties(width=FULL - 90, height=200)
    largest = frame.iloc[int((frame["given"].abs() + frame["received"].abs()).argmax())]
    note = (
        f"{count_text(len(frame), unit)} with events; most in {period_text(largest['start'], unit)}: "
        f"{signed(largest['given'], 1)} to brands, {signed(largest['received'], 1)} from brands."
    )
    return plot_of(chart, f"Bars of points per {unit}: {note}", f"Points given and received per {unit}", note)


def echo_bars(times: pd.Series, unit: str, until: datetime) -> Plot:
    """Return a bar per period: how often others dealt with a person's brands later.

    Args:
        times: When they did, with a zone; at least one.
        unit: "day", "month" or "year".
        until: End of the axis.
    """
    moments = pd.DatetimeIndex(pd.to_datetime(times, utc=True)).tz_localize(None)
    start = moments.to_period(_RULES[unit]).to_timestamp().tz_localize("UTC")
    counts = pd.Series(start).value_counts().sort_index()
    begins = counts.index.to_series()
    frame = pd.DataFrame({"from": _texts(begins), "to": _texts(begins + _OFFSETS[unit]), "times": counts.to_numpy()})
    y = alt.Y("times:Q", title=f"times per {unit}", axis=alt.Axis(tickCount=4, format="d", tickMinStep=1))
    bars = (
        alt.Chart(frame)
        .mark_bar(color=GAIN, binSpacing=1)
        .encode(x=_time(frame["from"].iloc[0], until), x2="to:T", y=y, y2=alt.datum(0))
    )
    first, last = date_text(moments.min()), date_text(moments.max())
    note = f"They dealt with the same brands later {count_text(len(moments), 'time')}, from {first} to {last}."
    chart = bars.properties(width=FULL - 90, height=140)
    return plot_of(chart, f"Bars per {unit}: {note}", f"What they did later, per {unit}", note)


def _time(first: str, until: datetime) -> Any:  # noqa: ANN401 - altair's classes have no types
    """Return the axis of the column "from", from *first* to *until*."""
    last = until.astimezone(UTC).replace(tzinfo=None).isoformat()
    scale = alt.Scale(type="utc", domain=[first, max(f"{last}Z", first)])
    return alt.X("from:T", title="date", scale=scale, axis=alt.Axis(tickCount=7, grid=False, labelOverlap="greedy"))


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
