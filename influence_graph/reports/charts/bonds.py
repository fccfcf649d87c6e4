"""The plots of Fusion Scores: many bonds, and one over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.model.results import SCORE
from influence_graph.reports.charts.parts import (
    FULL,
    HALF,
    ROW,
    axis_title,
    by_sign,
    category,
    iso_times,
    padded_scale,
    zero_line,
)
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GROUND, to_svg
from influence_graph.reports.words import date_text, integer_text, printable, signed
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

_BINS = 41
_CENTRAL = (0.005, 0.995)
_AXIS = axis_title(SCORE, "fusion_score")


def bond_bars(frame: pd.DataFrame, title: str) -> Plot:
    """Return bars of ``fusion_score`` to both sides of zero, one per ``shown`` bond; at least one row."""
    drawn = frame[["shown", "fusion_score"]].assign(text=[signed(score, 2) for score in frame["fusion_score"]])
    scale = padded_scale(frame["fusion_score"])
    base = alt.Chart(drawn).encode(
        y=category(), x=alt.X("fusion_score:Q", title=_AXIS, scale=scale, axis=alt.Axis(tickCount=6))
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66}).encode(color=by_sign("fusion_score"))
    right = base.transform_filter("datum.fusion_score >= 0").mark_text(align="left", dx=6).encode(text="text:N")
    left = base.transform_filter("datum.fusion_score < 0").mark_text(align="right", dx=-6).encode(text="text:N")
    chart = (bars + zero_line("x") + right + left).properties(width=FULL - 330, height=ROW * len(frame))
    first = f"{drawn['shown'].iloc[0]} at {drawn['text'].iloc[0]}"
    return Plot(to_svg(chart), f"Bars of Fusion Scores, {title.lower()}; the first is {first}.", title)


def distribution(scores: Sequence[float] | np.ndarray[Any, Any], width: int = HALF, height: int = 230) -> Plot:
    """Return a histogram of *scores* (points); the outer bins count those beyond the central 99 %."""
    values = np.asarray(scores, np.float64)
    low, high = np.quantile(values, _CENTRAL)
    low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
    counts, edges = np.histogram(np.clip(values, low, high), _BINS, (low, high))
    frame = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "bonds": counts})
    frame["middle"] = (frame["from"] + frame["to"]) / 2
    bars = (
        alt.Chart(frame[frame["bonds"] > 0])
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title=_AXIS),
            x2="to:Q",
            y=alt.Y("bonds:Q", title="bonds", scale=alt.Scale(type="sqrt"), axis=alt.Axis(tickCount=5)),
            color=by_sign("middle"),
        )
    )
    clipped = bool(((values < low) | (values > high)).any())
    summary = _distribution_text(values) + (" The outer bars count all beyond the central 99 %." if clipped else "")
    svg = to_svg((bars + zero_line("x")).properties(width=width, height=height))
    return Plot(svg, f"Histogram of Fusion Scores: {summary}", "Distribution of bonds", summary)


def _distribution_text(values: np.ndarray[Any, Any]) -> str:
    below, low, high = int((values < 0).sum()), signed(values.min(), 2), signed(values.max(), 2)
    bonds = count_text(values.size, "bond")
    return f"{bonds}, {integer_text(below)} of them below zero, from {low} to {high}."


def score_line(series: pd.DataFrame) -> Plot:
    """Return a score over time, as steps: at, score, event_id, label; rows with an event are marked by their label."""
    ordered = series.sort_values("at", kind="stable")
    marked = ordered["event_id"].fillna("").astype(str).to_numpy() != ""
    texts = [
        printable(text, 60) if mark else "" for text, mark in zip(ordered["label"].fillna(""), marked, strict=True)
    ]
    frame = ordered[["score"]].assign(at=iso_times(ordered["at"]), label=texts)
    base = alt.Chart(frame).encode(
        x=alt.X("at:T", title=None, scale=alt.Scale(type="utc", padding=30), axis=alt.Axis(tickCount=7, grid=False)),
        y=alt.Y("score:Q", title=_AXIS, scale=alt.Scale(zero=True, padding=24), axis=alt.Axis(tickCount=5)),
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.5, color=GAIN)
    events = base.transform_filter("datum.label != ''")
    dots = events.mark_circle(size=110, opacity=1, stroke=GROUND, strokeWidth=2).encode(color=by_sign("score"))
    labels = events.mark_text(align="left", dx=9, dy=-12, lineBreak="\n").encode(text="label:N")
    svg = to_svg((zero_line("y") + line + dots + labels).properties(width=FULL - 90, height=260))
    shown = ordered[marked]
    scores = ", ".join(f"{signed(s)} on {date_text(t)}" for s, t in zip(shown["score"], shown["at"], strict=True))
    return Plot(svg, f"Line of the Fusion Score over time: {scores or 'no events'}.", "Score over time")


def waterfall(contributions: pd.DataFrame, score: float) -> Plot:
    """Return each ``contribution`` (``shown`` name) as a bar from the sum before to the sum after, then the score."""
    frame = _steps(contributions, score)
    scale = padded_scale(frame[["before", "after"]].to_numpy())
    base = alt.Chart(frame).encode(y=category())
    bars = base.mark_bar(cornerRadius=2, height={"band": 0.6}).encode(
        x=alt.X("before:Q", title=_AXIS, scale=scale, axis=alt.Axis(tickCount=6)),
        x2="after:Q",
        color=by_sign("step", "datum.total"),
    )
    numbers = base.mark_text(align="left", dx=6).encode(x="right:Q", text="text:N")
    chart = (zero_line("x") + bars + numbers).properties(width=FULL - 330, height=max(3, len(frame)) * 30)
    terms = ", ".join(f"{name} {text}" for name, text in zip(frame["shown"][:-1], frame["text"][:-1], strict=True))
    return Plot(to_svg(chart), f"Waterfall of terms: {terms}; together {signed(score)}.", "Terms of the score")


def _steps(contributions: pd.DataFrame, score: float) -> pd.DataFrame:
    """Return one bar per term and one for their sum."""
    steps = contributions["contribution"].to_numpy(np.float64)
    after = np.cumsum(steps)
    frame = pd.DataFrame(
        {
            "shown": [*contributions["shown"], "score"],
            "before": [*(after - steps), 0.0],
            "after": [*after, score],
            "step": [*steps, score],
            "text": [*(signed(step) for step in steps), signed(score)],
            "total": [False] * len(steps) + [True],
        }
    )
    frame["right"] = frame[["before", "after"]].max(axis=1)
    return frame
