"""The plots of a brand: its bonds over time, changes with intervals, values per name, concentration."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from influence_graph.reports.charts.parts import by_sign, category, iso_times, padded_scale, series_colors, zero_line
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GROUND, MUTED, SECOND, to_svg
from influence_graph.reports.words import date_text, signed

_FULL, _HALF, _ROW = 780, 400, 26


def trend(frame: pd.DataFrame, campaigns: list[Any]) -> Plot:
    """Return the sum of bonds over time.

    Args:
        frame: One row per brand and time: shown (the brand), at, total (points).
        campaigns: Times of campaigns, each marked with a rule.
    """
    drawn = frame[["shown", "total"]].assign(at=iso_times(frame["at"]))
    brands = list(dict.fromkeys(drawn["shown"]))
    lines = (
        alt.Chart(drawn)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("at:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(tickCount=7, grid=False)),
            y=alt.Y("total:Q", title="sum of bonds (points)", axis=alt.Axis(tickCount=5, format=",~f")),
            color=series_colors(brands, [GAIN, SECOND], "shown"),
        )
    )
    chart = alt.layer(zero_line("y"), *_campaign_marks(campaigns), lines)
    svg = to_svg(chart.properties(width=_FULL, height=230))
    changes = "; ".join(f"{name} {_change(part)}" for name, part in frame.groupby("shown", sort=False))
    count = len(campaigns)
    marked = f" {count} {'campaign is' if count == 1 else 'campaigns are'} marked." if count else ""
    return Plot(svg, f"Lines of the sum of bonds: {changes}.{marked}", "Sum of bonds over time", f"{changes}.")


def _change(part: pd.DataFrame) -> str:
    first, last = part.iloc[0], part.iloc[-1]
    start, end = f"{signed(first['total'], 1)} on {date_text(first['at'])}", f"{signed(last['total'], 1)}"
    return f"from {start} to {end} on {date_text(last['at'])}"


def _campaign_marks(campaigns: list[Any]) -> list[Any]:
    """Return a dashed rule and a label per campaign."""
    if not campaigns:
        return []
    times = pd.DataFrame({"at": iso_times(pd.Series(campaigns, dtype=object)), "text": "campaign"})
    base = alt.Chart(times).encode(x=alt.X("at:T"))
    rules = base.mark_rule(color=MUTED, strokeDash=[4, 4], strokeWidth=1.2)
    text = base.mark_text(align="left", baseline="top", dx=4, color=MUTED).encode(text="text:N", y=alt.value(0))
    return [rules, text]


def interval_dots(frame: pd.DataFrame, axis: str, title: str) -> Plot:
    """Return a dot with its interval (``value, low, high``) per ``shown`` name; *axis* says what is measured."""
    base = alt.Chart(frame.assign(text=[signed(value, 2) for value in frame["value"]])).encode(y=category())
    scale = padded_scale(frame[["low", "high"]].to_numpy())
    lines = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", title=axis, scale=scale, axis=alt.Axis(tickCount=6)), x2="high:Q", color=by_sign("value")
    )
    dots = base.mark_circle(size=150, opacity=1, stroke=GROUND, strokeWidth=2).encode(
        x="value:Q", color=by_sign("value")
    )
    numbers = base.mark_text(dy=-14).encode(x="value:Q", text="text:N")
    chart = (zero_line("x") + lines + dots + numbers).properties(width=_FULL - 110, height=54 * len(frame))
    values = "; ".join(
        f"{row['shown']} {signed(row['value'], 2)} ({signed(row['low'], 2)} to {signed(row['high'], 2)})"
        for _, row in frame.iterrows()
    )
    return Plot(to_svg(chart), f"Dots with 95 % intervals, {axis}: {values}.", title)


def value_bars(frame: pd.DataFrame, axis: str, title: str, form: str = ",.4~g") -> Plot:
    """Return bars of ``value`` ≥ 0 per ``shown`` name, in the second color where ``marked``; at least one row.

    Args:
        frame: One row per bar: shown, value, and marked where some are.
        axis: What is measured.
        title: Heading of the plot.
        form: How the numbers at the bars are written, in the language of d3-format.
    """
    drawn = frame if "marked" in frame else frame.assign(marked=False)
    scale = padded_scale(drawn["value"])
    base = alt.Chart(drawn).encode(
        y=category(), x=alt.X("value:Q", title=axis, axis=alt.Axis(tickCount=4, format=",~f"), scale=scale)
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66}).encode(
        color=alt.ColorValue(GAIN, condition=[{"test": "datum.marked", "value": SECOND}])
    )
    numbers = base.mark_text(align="left", dx=6).encode(text=alt.Text("value:Q", format=form))
    svg = to_svg((bars + numbers).properties(width=_HALF - 150, height=_ROW * len(frame)))
    values = ", ".join(f"{name} {_number(value)}" for name, value in zip(drawn["shown"], drawn["value"], strict=True))
    return Plot(svg, f"Bars of {axis}: {values}.", title)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def lorenz_curve(frame: pd.DataFrame) -> Plot:
    """Return the Lorenz curve ``bond`` over ``consumers``, both shares from 0 to 1, with the line of equality."""
    axis = alt.Axis(format="%", tickCount=5)
    base = alt.Chart(frame).encode(
        x=alt.X("consumers:Q", title="consumers, weakest bond first", axis=axis),
        y=alt.Y("bond:Q", title="share of the bond", axis=axis),
    )
    equality = alt.Chart(pd.DataFrame({"consumers": [0.0, 1.0], "bond": [0.0, 1.0]})).mark_line(
        color=MUTED, strokeDash=[4, 4], strokeWidth=1.2
    )
    area = base.mark_area(color=GAIN, opacity=0.18)
    line = base.mark_line(color=GAIN, strokeWidth=2.5)
    chart = (area + equality.encode(x="consumers:Q", y="bond:Q") + line).properties(width=_HALF - 70, height=245)
    half = frame.iloc[int((frame["consumers"] - 0.5).abs().argmin())]
    note = (
        f"The {half['consumers']:.0%} of consumers with the weakest bonds hold {half['bond']:.0%} of the sum. "
        "Dashed: equal bonds."
    )
    return Plot(to_svg(chart), f"Lorenz curve. {note}", "Concentration of the bonds", note)
