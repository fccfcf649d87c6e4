"""The plots of a brand: its bonds over time, changes with intervals, values per name, concentration."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from influence_graph.reports.charts.parts import (
    by_sign,
    category,
    first_bars,
    padded_scale,
    plot_of,
    series_colors,
    time_axis,
    wall_times,
    zero_line,
)
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GROUND, MUTED, SECOND, WIDE_ONLY
from influence_graph.reports.words import date_text, integer_text, signed

_FULL, _HALF, _ROW = 780, 400, 26
_NAMED_CAMPAIGNS = 4  # above it their names would cover each other
_WHOLE = 1_000.0  # from which on numbers have no decimals
_PERIODS = (("day", "D", 92), ("week", "W-MON", 750), ("month", "MS", None))


def trend(frame: pd.DataFrame, campaigns: list[Any]) -> Plot:
    """Return the sum of bonds over time.

    Args:
        frame: One row per brand and time: shown (the brand), at, total (points). Straight lines join the rows of a
            brand: a step has two of the same time.
        campaigns: Times of campaigns, each marked with a rule.
    """
    drawn = frame[["shown", "total"]].assign(at=wall_times(frame["at"]), place=range(len(frame)))
    brands = list(dict.fromkeys(drawn["shown"]))
    lines = (
        alt.Chart(drawn)
        .mark_line(strokeWidth=2.5, strokeJoin="round")
        .encode(
            x=time_axis(frame["at"]),
            y=alt.Y("total:Q", title="sum of bonds (points)", axis=alt.Axis(tickCount=5, format=",~f")),
            color=series_colors(brands, [GAIN, SECOND], "shown"),
            order=alt.Order("place:Q"),
        )
    )
    chart = alt.layer(zero_line("y"), *_campaign_marks(campaigns), lines).properties(width=_FULL, height=230)
    changes = "; ".join(f"{name} {_change(part)}" for name, part in frame.groupby("shown", sort=False))
    note = f"{changes}.{_campaign_note(campaigns)}"
    return plot_of(chart, f"Lines of the sum of bonds: {note}", "Sum of bonds over time", note)


def _change(part: pd.DataFrame) -> str:
    first, last = part.iloc[0], part.iloc[-1]
    start, end = f"{signed(first['total'], 1)} on {date_text(first['at'])}", f"{signed(last['total'], 1)}"
    return f"from {start} to {end} on {date_text(last['at'])}"


def sales(frame: pd.DataFrame, campaigns: list[Any], title: str = "Sales") -> Plot:
    """Return bars of the sales per day, week or month, whichever gives a readable number of bars.

    Args:
        frame: One row or more per day with sales: date (a day without a zone), value. At least one row.
        campaigns: Times of campaigns, each marked with a rule.
        title: Heading of the plot.
    """
    by_day = frame.assign(date=pd.to_datetime(frame["date"])).groupby("date")["value"].sum()
    days = (by_day.index[-1] - by_day.index[0]).days + 1
    name, rule, _ = next(each for each in _PERIODS if each[2] is None or days <= each[2])
    sums = by_day.resample(rule, label="left", closed="left").sum(min_count=1)
    ends = [start + pd.tseries.frequencies.to_offset(rule) for start in sums.index]
    drawn = pd.DataFrame({"at": _utc(sums.index), "end": _utc(ends), "value": sums.to_numpy()}).dropna()
    axis = alt.X("at:T", title="date", scale=alt.Scale(type="utc"), axis=alt.Axis(tickCount=7, grid=False))
    value = alt.Y("value:Q", title=f"sales per {name}", axis=alt.Axis(tickCount=5, format=",~f"))
    bars = alt.Chart(drawn).mark_bar(color=GAIN, binSpacing=1).encode(x=axis, x2="end:T", y=value, y2=alt.datum(0))
    chart = alt.layer(bars, *_campaign_marks(campaigns)).properties(width=_FULL, height=170)
    first, last = by_day.index[0], by_day.index[-1]
    whole = f"{integer_text(by_day.sum())} from {date_text(first)} to {date_text(last)}, per {name}."
    cut = [
        which
        for which, partial in (
            ("first", first > sums.index[0]),
            ("last", last + pd.Timedelta(days=1) < ends[-1]),
        )
        if partial
    ]
    short = f" The {' and the '.join(cut)} {name} {'is' if len(cut) == 1 else 'are'} not complete." if cut else ""
    note = f"{whole}{short}{_campaign_note(campaigns)}"
    return plot_of(chart, f"Bars of sales: {note}", title, note)


def _utc(times: Any) -> list[str]:  # noqa: ANN401
    return [f"{time.isoformat()}Z" for time in times]


def _campaign_note(campaigns: list[Any]) -> str:
    count = len(campaigns)
    return f" Dashed: {'1 campaign' if count == 1 else f'{count:,} campaigns'}." if count else ""


def _campaign_marks(campaigns: list[Any]) -> list[Any]:
    """Return a dashed rule per campaign, and a label where they are few."""
    if not len(campaigns):
        return []
    times = pd.DataFrame({"at": wall_times(pd.Series(campaigns)), "text": "campaign"})
    base = alt.Chart(times).encode(x=alt.X("at:T"))
    rules = base.mark_rule(color=MUTED, strokeDash=[4, 4], strokeWidth=1.2)
    if len(campaigns) > _NAMED_CAMPAIGNS:
        return [rules]
    text = base.mark_text(align="left", baseline="top", dx=4, color=MUTED).encode(text="text:N", y=alt.value(0))
    return [rules, text.properties(name=WIDE_ONLY)]


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
    return plot_of(chart, f"Dots with 95 % intervals, {axis}: {values}.", title)


def value_bars(frame: pd.DataFrame, axis: str, title: str, form: str = "") -> Plot:
    """Return bars of ``value`` ≥ 0 per ``shown`` name, in the second color where ``marked``; at least one row.

    Args:
        frame: One row per bar: shown, value, and marked where some are.
        axis: What is measured.
        title: Heading of the plot.
        form: How the numbers at the bars are written, in the language of d3-format; default: in four digits, and
            whole from 1,000 on.
    """
    first, more = first_bars(frame)
    drawn = first if "marked" in first else first.assign(marked=False)
    scale = padded_scale(drawn["value"])
    base = alt.Chart(drawn).encode(
        y=category(), x=alt.X("value:Q", title=axis, axis=alt.Axis(tickCount=4, format=",~f"), scale=scale)
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66}).encode(
        color=alt.ColorValue(GAIN, condition=[{"test": "datum.marked", "value": SECOND}])
    )
    default = ",.0f" if drawn["value"].max() >= _WHOLE else ",.4~g"
    numbers = base.mark_text(align="left", dx=6).encode(text=alt.Text("value:Q", format=form or default))
    chart = (bars + numbers).properties(width=_HALF - 150, height=_ROW * len(drawn))
    values = ", ".join(f"{name} {_number(value)}" for name, value in zip(drawn["shown"], drawn["value"], strict=True))
    return plot_of(chart, f"Bars of {axis}: {values}.", title, more)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def lorenz_curve(frame: pd.DataFrame) -> Plot:
    """Return the Lorenz curve ``bond`` over ``consumers``, both shares from 0 to 1, with the line of equality."""
    axis = alt.Axis(format="%", tickCount=5)
    base = alt.Chart(frame).encode(
        x=alt.X("consumers:Q", title="consumers, weakest bond first (%)", axis=axis),
        y=alt.Y("bond:Q", title="share of the bond (%)", axis=axis),
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
    return plot_of(chart, f"Lorenz curve. {note}", "Concentration of the bonds", note)
