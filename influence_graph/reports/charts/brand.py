"""The plots of the brand page: small frames in, SVG out."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from influence_graph.reports.charts.report import by_sign, category, room, zero_line
from influence_graph.reports.theme import GAIN, GROUND, LOSS, MUTED, SECOND, to_svg
from influence_graph.reports.words import signed

_WIDE, _HALF, _ROW = 780, 400, 26
_FELT = {"negative": LOSS, "neutral": MUTED, "positive": GAIN}


def trend(frame: pd.DataFrame, campaigns: list[Any]) -> str:
    """Return the ``total`` of bonds over time ``at`` as one line per ``shown`` brand; rules mark *campaigns*."""
    drawn = frame.assign(at=_iso(frame["at"]))
    brands = list(dict.fromkeys(drawn["shown"]))
    lines = (
        alt.Chart(drawn)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("at:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(tickCount=7, grid=False)),
            y=alt.Y("total:Q", title="sum of bonds", axis=alt.Axis(tickCount=5, format=",~f")),
            color=alt.Color(
                "shown:N",
                scale=alt.Scale(domain=brands, range=[GAIN, SECOND][: len(brands)]),
                legend=alt.Legend() if len(brands) > 1 else None,
            ),
        )
    )
    days = pd.DataFrame({"at": _iso(pd.Series(campaigns, dtype=object)), "word": "campaign"})
    base = alt.Chart(days).encode(x=alt.X("at:T"))
    rules = base.mark_rule(color=MUTED, strokeDash=[4, 4], strokeWidth=1.2)
    words = base.mark_text(align="left", baseline="top", dx=4, color=MUTED).encode(text="word:N", y=alt.value(0))
    marks = [rules, words] if len(days) else []
    return to_svg(alt.layer(zero_line("y"), *marks, lines).properties(width=_WIDE, height=230))


def _iso(times: pd.Series) -> list[str]:
    return [time.isoformat() for time in pd.to_datetime(times, utc=True)]


def valence(frame: pd.DataFrame) -> str:
    """Return stacked bars of the counts negative, neutral and positive per ``shown`` touchpoint."""
    long = frame.melt("shown", list(_FELT), "felt", "count")
    long["order"] = long["felt"].map(list(_FELT).index)
    bars = (
        alt.Chart(long[long["count"] > 0])
        .mark_bar(height={"band": 0.62}, stroke=GROUND, strokeWidth=1)
        .encode(
            y=category("shown"),
            x=alt.X("sum(count):Q", title="interactions", axis=alt.Axis(tickCount=6, format=",.0f")),
            color=alt.Color("felt:N", scale=alt.Scale(domain=list(_FELT), range=list(_FELT.values()))),
            order=alt.Order("order:Q"),
        )
    )
    return to_svg(bars.properties(width=_WIDE - 150, height=34 * len(frame)))


def intervals(frame: pd.DataFrame, title: str) -> str:
    """Return a dot with its interval (``value, low, high``) per ``shown`` name."""
    base = alt.Chart(frame.assign(text=[signed(value, 2) for value in frame["value"]])).encode(y=category("shown"))
    scale = room(frame[["low", "high"]].to_numpy())
    lines = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", title=title, scale=scale, axis=alt.Axis(tickCount=6)), x2="high:Q", color=by_sign("value")
    )
    dots = base.mark_circle(size=150, opacity=1, stroke=GROUND, strokeWidth=2).encode(
        x="value:Q", color=by_sign("value")
    )
    words = base.mark_text(dy=-14).encode(x="value:Q", text="text:N")
    return to_svg((zero_line("x") + lines + dots + words).properties(width=_WIDE - 110, height=54 * len(frame)))


def bars(frame: pd.DataFrame, title: str, form: str = ",.4~g") -> str:
    """Return bars of ``value`` ≥ 0 per ``shown`` name, in the second colour where ``marked``."""
    base = alt.Chart(frame).encode(
        y=category("shown"),
        x=alt.X("value:Q", title=title, axis=alt.Axis(tickCount=4, format=",~f"), scale=room(frame["value"])),
    )
    drawn = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66}).encode(
        color=alt.ColorValue(GAIN, condition=[{"test": "datum.marked", "value": SECOND}])
    )
    words = base.mark_text(align="left", dx=6).encode(text=alt.Text("value:Q", format=form))
    return to_svg((drawn + words).properties(width=_HALF - 150, height=_ROW * len(frame)))


def lorenz(frame: pd.DataFrame) -> str:
    """Return the Lorenz curve ``bond`` over ``consumers``, both from 0 to 1, with the line of equality."""
    axis = alt.Axis(format="%", tickCount=5)
    base = alt.Chart(frame).encode(
        x=alt.X("consumers:Q", title="consumers, weakest bond first", axis=axis),
        y=alt.Y("bond:Q", title="share of the bond", axis=axis),
    )
    even = alt.Chart(pd.DataFrame({"consumers": [0.0, 1.0], "bond": [0.0, 1.0]})).mark_line(
        color=MUTED, strokeDash=[4, 4], strokeWidth=1.2
    )
    area = base.mark_area(color=GAIN, opacity=0.18)
    line = base.mark_line(color=GAIN, strokeWidth=2.5)
    drawn = area + even.encode(x="consumers:Q", y="bond:Q") + line
    return to_svg(drawn.properties(width=_HALF - 70, height=245))
