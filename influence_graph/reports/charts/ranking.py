"""The plot of a ranking."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from influence_graph.model.results import ResultKind, kind_of
from influence_graph.reports.charts.parts import ROW, axis_title, category, first_bars, plot_of, series_colors
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, INK, MUTED, SECOND
from influence_graph.reports.words import distinct_labels, printable

_MAX_BARS, _WIDTH = 20, 600
_COLORS = {"Consumer": GAIN, "Brand": SECOND}  # the same in every plot, whoever else is in it
_NORMAL_95 = 1.96  # half the width of a 95 % interval, in standard errors


def ranking_plot(frame: pd.DataFrame, kind: ResultKind | str) -> Plot:
    """Return bars of the first twenty scores of *frame*.

    Args:
        frame: One row per node, best first: id and score; shown (what to draw, distinct) or name, label (kind of
            node, by which bars are colored) and std_error (drawn as 95 % intervals) where there are any.
        kind: Which result it is: a row of the table of results, or its name. Its title and unit are drawn.
    """
    title = kind_of(kind).title
    best, more = first_bars(frame, _MAX_BARS)
    drawn = _labeled(best)
    base = alt.Chart(drawn).encode(
        y=category(), x=alt.X("score:Q", title=axis_title(kind), axis=alt.Axis(tickCount=5, format=".4~g"))
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66})
    if "label" in drawn:
        labels = sorted(drawn["label"].unique())
        palette = [_COLORS.get(label, MUTED) for label in labels]
        bars = bars.encode(color=series_colors(labels, palette, "label"))
    else:
        bars = bars.encode(color=alt.value(GAIN))
    estimated = "std_error" in drawn
    ends = _whiskers(drawn) if estimated else base.mark_text(align="left", dx=6).encode(text=_number("score"))
    chart = (bars + ends).properties(width=_WIDTH, height=ROW * max(len(drawn), 1))
    note = f"{'Whiskers: 95 % intervals. ' if estimated else ''}{more}".strip()
    return plot_of(chart, _alt(drawn, title), title, note)


def _labeled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns to draw, with a distinct ``shown`` name in each row."""
    wanted = [name for name in ("shown", "label", "score", "std_error") if name in frame]
    drawn = frame[wanted]
    if "shown" not in frame:
        ids = frame["id"].tolist()
        names = frame["name"].fillna(frame["id"]).tolist() if "name" in frame else ids
        drawn = drawn.assign(shown=distinct_labels([printable(name, 34) for name in names], ids))
    return drawn.assign(label=[printable(label) for label in drawn["label"]]) if "label" in drawn else drawn


def _whiskers(drawn: pd.DataFrame) -> Any:  # noqa: ANN401 - altair's charts have no common type
    half = _NORMAL_95 * drawn["std_error"]
    ends = drawn.assign(low=drawn["score"] - half, high=drawn["score"] + half)
    return alt.Chart(ends).mark_rule(color=INK, strokeWidth=2).encode(y=category(), x="low:Q", x2="high:Q")


def _number(column: str) -> Any:  # noqa: ANN401
    return alt.Text(f"{column}:Q", format=".4~g")


def _alt(drawn: pd.DataFrame, title: str) -> str:
    if drawn.empty:
        return f"No scores of {title}."
    first = f"{drawn['shown'].iloc[0]} is first with {float(drawn['score'].iloc[0]):.4g}"
    return f"Bars of the {len(drawn)} highest scores of {title}; {first}."


def paired_bars(frame: pd.DataFrame, columns: dict[str, str], axis: str, title: str) -> Plot:
    """Return two bars or more per node, a color for each of *columns*.

    Args:
        frame: One row per node, in the order to draw: shown (what to draw, distinct) and the *columns*. The first
            twenty are drawn.
        columns: What each column of numbers is called in the legend.
        axis: What they measure.
        title: Heading of the plot.
    """
    best, more = first_bars(frame, _MAX_BARS)
    long = best.melt("shown", list(columns), "column", "value")
    long = long.assign(series=long["column"].map(columns))
    series = list(columns.values())
    bars = (
        alt.Chart(long)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=category(),
            x=alt.X("value:Q", title=axis, axis=alt.Axis(tickCount=5, format=".4~g")),
            color=series_colors(series, [GAIN, SECOND, MUTED], "series"),
            yOffset=alt.YOffset("series:N", sort=series),
        )
    )
    chart = bars.properties(width=_WIDTH, height=1.4 * ROW * max(len(best), 1))
    firsts = ", ".join(
        f"{best['shown'].iloc[int(best[column].to_numpy().argmax())]} has the highest {name}"
        for column, name in columns.items()
    )
    return plot_of(chart, f"Bars of {' and '.join(series)} of {len(best)} nodes: {firsts}.", title, more)
