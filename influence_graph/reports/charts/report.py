"""The plots of the report: small frames in, SVG out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.reports.theme import GAIN, GRID, GROUND, INK, LOSS, MUTED, SECOND, to_svg
from influence_graph.reports.words import signed

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE, _HALF, _ROW = 860, 400, 24
_BINS = 41


def category(name: str, title: str | None = None, **more: Any) -> Any:  # noqa: ANN401
    """Return an unsorted category axis without ticks."""
    return alt.Y(f"{name}:N", sort=None, title=title, axis=alt.Axis(ticks=False, domain=False, labelPadding=8), **more)


def ranking(frame: pd.DataFrame) -> str:
    """Return bars of ``score`` per ``shown`` name, coloured by ``label`` (Consumer, Brand)."""
    labels = sorted(frame["label"].unique())
    base = alt.Chart(frame).encode(
        y=category("shown"),
        x=alt.X("score:Q", title="PageRank", axis=alt.Axis(tickCount=5)),
    )
    colour = alt.Color(
        "label:N",
        scale=alt.Scale(domain=labels, range=[GAIN, SECOND, MUTED][: len(labels)]),
        legend=alt.Legend() if len(labels) > 1 else None,
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66}).encode(color=colour)
    values = base.mark_text(align="left", dx=6).encode(text=alt.Text("score:Q", format=".4~g"))
    return to_svg((bars + values).properties(width=_WIDE - 260, height=_ROW * len(frame)))


def bond_bars(frame: pd.DataFrame) -> str:
    """Return bars of ``fusion_score`` to both sides of zero, one per ``shown`` bond."""
    drawn = frame.assign(text=[signed(score, 2) for score in frame["fusion_score"]])
    base = alt.Chart(drawn).encode(
        y=category("shown"),
        x=alt.X("fusion_score:Q", title="Fusion Score", scale=room(frame["fusion_score"]), axis=alt.Axis(tickCount=6)),
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66}).encode(color=by_sign("fusion_score"))
    right = base.transform_filter("datum.fusion_score >= 0").mark_text(align="left", dx=6).encode(text="text:N")
    left = base.transform_filter("datum.fusion_score < 0").mark_text(align="right", dx=-6).encode(text="text:N")
    return to_svg((bars + zero_line("x") + right + left).properties(width=_WIDE - 330, height=_ROW * len(frame)))


def distribution(scores: Sequence[float] | np.ndarray[Any, Any], width: int = _HALF, height: int = 230) -> str:
    """Return a histogram of *scores*; what lies beyond the central 99 % is counted in the outer bins."""
    values = np.asarray(scores, np.float64)
    low, high = np.quantile(values, [0.005, 0.995])
    low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
    counts, edges = np.histogram(np.clip(values, low, high), _BINS, (low, high))
    frame = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "bonds": counts})
    frame["middle"] = (frame["from"] + frame["to"]) / 2
    bars = (
        alt.Chart(frame[frame["bonds"] > 0])
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title="Fusion Score"),
            x2="to:Q",
            y=alt.Y("bonds:Q", title="bonds", scale=alt.Scale(type="sqrt"), axis=alt.Axis(tickCount=5)),
            color=by_sign("middle"),
        )
    )
    return to_svg((bars + zero_line("x")).properties(width=width, height=height))


def touchpoint_bars(frame: pd.DataFrame) -> str:
    """Return bars of ``count`` per ``shown`` touchpoint, split by ``side`` (who gave)."""
    sides = list(dict.fromkeys(frame["side"]))
    bars = (
        alt.Chart(frame)
        .mark_bar(height={"band": 0.6})
        .encode(
            y=category("shown"),
            x=alt.X("sum(count):Q", title="interactions", axis=alt.Axis(tickCount=4)),
            color=alt.Color("side:N", scale=alt.Scale(domain=sides, range=[GAIN, SECOND][: len(sides)])),
        )
    )
    return to_svg(bars.properties(width=_HALF - 110, height=205))


def score_line(series: pd.DataFrame) -> str:
    """Return the score over time as steps: ``at``, ``score``, and a ``label`` on marked events."""
    frame = series.assign(at=[time.isoformat() for time in pd.to_datetime(series["at"], utc=True)])
    base = alt.Chart(frame).encode(
        x=alt.X("at:T", title=None, scale=alt.Scale(type="utc", padding=30), axis=alt.Axis(tickCount=7, grid=False)),
        y=alt.Y("score:Q", title="Fusion Score", scale=alt.Scale(zero=True, padding=24), axis=alt.Axis(tickCount=5)),
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.5, color=GAIN)
    events = base.transform_filter("datum.label != ''")
    dots = events.mark_circle(size=110, opacity=1, stroke=GROUND, strokeWidth=2).encode(color=by_sign("score"))
    words = events.mark_text(align="left", dx=9, dy=-12, lineBreak="\n").encode(text="label:N")
    return to_svg((zero_line("y") + line + dots + words).properties(width=_WIDE - 90, height=260))


def waterfall(contributions: pd.DataFrame, score: float) -> str:
    """Return each ``contribution`` (``shown`` name) as a bar from the sum before to the sum after, then the score."""
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
    base = alt.Chart(frame).encode(y=category("shown"))
    bars = base.mark_bar(cornerRadius=2, height={"band": 0.6}).encode(
        x=alt.X(
            "before:Q",
            title="Fusion Score",
            scale=room(frame[["before", "after"]].to_numpy()),
            axis=alt.Axis(tickCount=6),
        ),
        x2="after:Q",
        color=by_sign("step", "datum.total"),
    )
    words = base.mark_text(align="left", dx=6).encode(x="right:Q", text="text:N")
    return to_svg((zero_line("x") + bars + words).properties(width=_WIDE - 330, height=max(3, len(frame)) * 30))


def by_sign(column: str, total: str = "false") -> Any:  # noqa: ANN401
    """Return colours for gains and losses; the bar for which *total* holds has that of the text."""
    tests = [{"test": total, "value": INK}, {"test": f"datum.{column} < 0", "value": LOSS}]
    return alt.ColorValue(GAIN, condition=tests)


def room(values: Any) -> Any:  # noqa: ANN401
    """Return a scale that holds zero and *values*, with room for the figures that stand at the ends of bars."""
    low, high = min(0.0, float(np.min(values))), max(0.0, float(np.max(values)))
    margin = 0.12 * (high - low or 1.0)
    return alt.Scale(domain=[low - margin * (low < 0), high + margin * (high > 0)], nice=False)


def zero_line(channel: str) -> Any:  # noqa: ANN401
    """Return a line at zero of *channel*, x or y."""
    rule = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=GRID, strokeWidth=1.5)
    return rule.encode(**{channel: alt.X("zero:Q") if channel == "x" else alt.Y("zero:Q")})
