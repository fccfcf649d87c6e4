"""The plots of lift: what was and what would have been, the gap between them, power by effect, effects by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.reports.charts.parts import FULL, plot_of, series_colors, zero_line
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GROUND, INK, MUTED, SECOND

ACTUAL, WITHOUT = "actual", "without the event"
_WIDTH, _HIGH, _LOW = FULL - 100, 210, 140
_MOST_PLACEBOS = 40
_LEAST_BEFORE, _WINDOWS_BEFORE = 56, 4  # dates drawn before the event


@dataclass(frozen=True)
class Course:
    """What is drawn of a series with an event.

    Attributes:
        frame: One row per date: date (dates, or whole numbers of periods), day (dates from the event on; below 0 before
            it), actual, counterfactual with low and high, gap with gap_low and gap_high; bounds may be missing.
        band: What the band of the gap holds, in words.
        measure: What the gap is, in words.
        placebos: Gaps of others, a column each, in the rows of *frame*; None where there are none.
    """

    frame: pd.DataFrame
    band: str
    measure: str = "gap"
    placebos: pd.DataFrame | None = None


def course(given: Course, title: str, note: str) -> Plot:
    """Return actual and counterfactual with its band, and the gap below, the declared days shaded, the event marked."""
    used = int((given.frame["day"] >= 0).sum())
    shown = given.frame["day"] >= -max(_LEAST_BEFORE, _WINDOWS_BEFORE * used)
    frame = given.frame[shown].reset_index(drop=True)
    others, left = _placebos(given, shown.to_numpy())
    axis, marks = _axis(frame["date"]), _marks(frame)
    drawn = frame.assign(at=_places(frame["date"])).drop(columns="date")
    chart = alt.vconcat(
        _levels(drawn, axis(None), marks).properties(width=_WIDTH, height=_HIGH),
        _gaps(drawn, (axis("date"), given.measure), marks, others).properties(width=_WIDTH, height=_LOW),
        spacing=14,
    )
    parts = [note, "Shaded: the days declared beforehand. Bands: above, 95 % of each day; below, "]
    parts[-1] += f"{given.band}." if others is None else f"{given.band}; gray, gaps of units without the event."
    if others is None and not frame["gap_low"].notna().any():
        parts[-1] = "Shaded: the days declared beforehand."
    parts += [f"{left:,} such units are not drawn."] if left else []
    cut = len(given.frame) - len(frame)
    parts += [f"The first {cut:,} dates are not drawn."] if cut else []
    said = " ".join(part for part in parts if part)
    return plot_of(chart, f"Lines of actual and estimated values, and of the gap between them. {said}", title, said)


def _places(dates: pd.Series) -> list[Any]:
    """Return where *dates* stand: as text of a time without a zone, or as numbers."""
    if pd.api.types.is_numeric_dtype(dates):
        return [float(number) for number in dates]
    return [f"{moment.isoformat()}Z" for moment in pd.to_datetime(dates)]


def _axis(dates: pd.Series) -> Any:  # noqa: ANN401 - altair's classes have no types
    """Return what makes the x axis by its title."""

    def made(title: str | None) -> Any:  # noqa: ANN401
        labels = title is not None
        axis = alt.Axis(tickCount=7, grid=False, labelOverlap="greedy", labels=labels, ticks=labels)
        if pd.api.types.is_numeric_dtype(dates):
            scale = alt.Scale(zero=False, nice=False)
            axis = alt.Axis(tickCount=7, grid=False, format="d", labels=labels, ticks=labels)
            return alt.X("at:Q", title=title and "period", scale=scale, axis=axis)
        return alt.X("at:T", title=title, scale=alt.Scale(type="utc"), axis=axis)

    return made


def _marks(frame: pd.DataFrame) -> list[Any]:
    """Return the shade of the declared days, and the line of the event."""
    dates = frame["date"] if pd.api.types.is_numeric_dtype(frame["date"]) else pd.to_datetime(frame["date"])
    half = (dates.iloc[-1] - dates.iloc[-2]) / 2
    ends = pd.Series([dates[frame["day"] >= 0].iloc[0] - half, dates.iloc[-1] + half])
    start, end = _places(ends)
    kind = "Q" if isinstance(start, float) else "T"
    span = alt.Chart(pd.DataFrame({"at": [start], "end": [end]})).encode(x=f"at:{kind}")
    shade = span.mark_rect(color=SECOND, opacity=0.13).encode(x2="end")
    return [shade, span.mark_rule(color=SECOND, strokeDash=[4, 4], strokeWidth=1.5)]


def _levels(drawn: pd.DataFrame, axis: Any, marks: list[Any]) -> Any:  # noqa: ANN401
    value = alt.Y("low:Q", title="value", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5, format=",~f"))
    band = alt.Chart(drawn.dropna(subset=["low", "high"])).mark_area(color=GAIN, opacity=0.22)
    lines = drawn.melt("at", ["actual", "counterfactual"], "series", "value")
    lines["series"] = lines["series"].map({"actual": ACTUAL, "counterfactual": WITHOUT})
    both = (
        alt.Chart(lines.dropna())
        .mark_line(strokeWidth=2, strokeJoin="round")
        .encode(x=axis, y="value:Q", color=series_colors([ACTUAL, WITHOUT], [INK, GAIN], "series"))
    )
    event = marks[1].mark_text(align="right", baseline="top", dx=-5, color=MUTED)
    named = event.encode(text=alt.datum("event"), y=alt.value(0))
    return alt.layer(*marks, band.encode(x=axis, y=value, y2="high:Q"), both, named)


def _gaps(drawn: pd.DataFrame, axes: tuple[Any, str], marks: list[Any], others: pd.DataFrame | None) -> Any:  # noqa: ANN401
    axis, measure = axes
    value = alt.Y("gap:Q", title=measure, axis=alt.Axis(tickCount=4, format=",~f"))
    layers = [*marks, zero_line("y")]
    if others is not None:
        gray = others.assign(at=drawn["at"]).melt("at", var_name="unit", value_name="gap")
        thin = alt.Chart(gray).mark_line(color=MUTED, opacity=0.35, strokeWidth=0.8)
        layers.append(thin.encode(x=axis, y=value, detail="unit:N"))
    band = alt.Chart(drawn.dropna(subset=["gap_low", "gap_high"])).mark_area(color=GAIN, opacity=0.22)
    layers.append(band.encode(x=axis, y=alt.Y("gap_low:Q", title=measure), y2="gap_high:Q"))
    line = alt.Chart(drawn.dropna(subset=["gap"])).mark_line(color=GAIN, strokeWidth=2, strokeJoin="round")
    return alt.layer(*layers, line.encode(x=axis, y=value))


def _placebos(given: Course, shown: np.ndarray) -> tuple[pd.DataFrame | None, int]:
    """Return the gaps of those others whose gaps before the event are most like the treated's, and how many are left.

    Those that cannot be followed would make the rest a flat line.
    """
    if given.placebos is None or not given.placebos.shape[1]:
        return None, 0
    before = (given.frame["day"] < 0).to_numpy()
    sizes = np.sqrt((given.placebos.to_numpy()[before] ** 2).mean(axis=0))
    own = np.sqrt((given.frame["gap"].to_numpy()[before] ** 2).mean())
    apart = np.abs(np.log(np.maximum(sizes, 1e-300) / max(own, 1e-300)))
    order = np.sort(np.argsort(apart, kind="stable")[:_MOST_PLACEBOS])
    chosen = given.placebos.iloc[shown, order].reset_index(drop=True)
    chosen.columns = [f"u{number}" for number in range(order.size)]  # names may be anything
    return chosen, given.placebos.shape[1] - order.size


def power_curve(curve: pd.DataFrame, points: pd.DataFrame, axis: str, note: str) -> Plot:
    """Return the chance to show an effect by its size.

    Args:
        curve: effect (in what *axis* says) and power, by rising effect.
        points: Effects that are marked: effect, power, shown (what is said of it).
        axis: What the effect is measured in.
        note: Line below it.
    """
    x = alt.X("effect:Q", title=axis, axis=alt.Axis(tickCount=7, format=",~f"), scale=alt.Scale(nice=False))
    y = alt.Y("power:Q", title="chance to show it", axis=alt.Axis(format="%", tickCount=5))
    y = y.scale(domain=[0, 1])
    line = alt.Chart(curve).mark_line(color=GAIN, strokeWidth=2.5).encode(x=x, y=y)
    usual = alt.Chart(pd.DataFrame({"power": [0.8]})).mark_rule(color=MUTED, strokeDash=[4, 4]).encode(y="power:Q")
    base = alt.Chart(points).encode(x="effect:Q", y="power:Q")
    dots = base.mark_circle(color=SECOND, size=110, opacity=1, stroke=GROUND, strokeWidth=1.5)
    names = base.mark_text(align="left", dx=9, dy=11).encode(text="shown:N")
    chart = (usual + line + dots + names).properties(width=_WIDTH - 120, height=260)
    said = f"{note} Dashed: 4 of 5 campaigns."
    return plot_of(chart, f"Line of the chance to show an effect by its size. {said}", "What can be shown", said)


def effects_by_day(frame: pd.DataFrame, axis: str, title: str, note: str) -> Plot:
    """Return effects by time from the start, with the interval of each and a band that holds all.

    Args:
        frame: after, effect, low, high, band_low and band_high.
        axis: What the time is measured in.
        title: Heading of the plot.
        note: Line below it.
    """
    x = alt.X("after:Q", title=axis, axis=alt.Axis(tickCount=10, grid=False, tickMinStep=1))
    x = x.scale(nice=False, zero=False, padding=14)
    y = alt.Y("band_low:Q", title="effect per unit and date", axis=alt.Axis(tickCount=5, format=",~f"))
    base = alt.Chart(frame).encode(x=x)
    band = base.mark_area(color=GAIN, opacity=0.18).encode(y=y, y2="band_high:Q")
    line = base.mark_line(color=GAIN, strokeWidth=1).encode(y="effect:Q")
    bars = base.mark_rule(color=GAIN, strokeWidth=2).encode(y="low:Q", y2="high:Q")
    dots = base.mark_circle(color=GAIN, opacity=1, size=55).encode(y="effect:Q")
    step = float(np.diff(frame["after"]).min()) if len(frame) > 1 else 1.0
    start = alt.Chart(pd.DataFrame({"after": [-step / 2]})).encode(x=alt.X("after:Q"))
    event = start.mark_rule(color=SECOND, strokeDash=[4, 4], strokeWidth=1.5)
    named = start.mark_text(align="right", baseline="top", dx=-5, color=MUTED)
    named = named.encode(text=alt.datum("event"), y=alt.value(0))
    layers = (band, zero_line("y"), event, line, bars, dots, named)
    chart = alt.layer(*layers).properties(width=_WIDTH - 60, height=270)
    said = f"{note} Bars: 95 % of each; band: 95 % of all together."
    return plot_of(chart, f"Dots of effects by time from the start. {said}", title, said)
