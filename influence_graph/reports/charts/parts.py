"""The parts that charts share: axes, scales, colors and lines."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.model.results import ResultKind, kind_of
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GRID, INK, LOSS, NARROW, to_svgs

# altair's classes have no types, so what is returned here is Any
FULL, HALF = 860, 400
"""Width of a plot across the page, and of one beside another, with its labels."""
ROW = 24
"""Height of one bar of a list."""
MOST_BARS = 40
"""Bars of a list at most; those left out are counted in the note."""


def plot_of(chart: Any, alt_text: str, title: str, note: str = "") -> Plot:  # noqa: ANN401
    """Return *chart* drawn for wide and for narrow pages, with its words."""
    wide, narrow = to_svgs(chart, NARROW)
    return Plot(wide, alt_text, title, note, narrow)


def first_bars(frame: pd.DataFrame, most: int = MOST_BARS) -> tuple[pd.DataFrame, str]:
    """Return the first *most* rows of *frame*, and how many more there are, as a sentence ("" where none)."""
    more = len(frame) - most
    return frame.head(most), f"The first {most} of {len(frame):,}: {more:,} more are not drawn." if more > 0 else ""


def axis_title(kind: ResultKind | str, column: str = "score") -> str:
    """Return the title of the result *kind* with the unit of its *column*, as the table of results has them.

    Example:
        >>> axis_title("rank"), axis_title("score", "fusion_score")
        ('PageRank', 'Fusion Score (points)')
    """
    row = kind_of(kind)
    unit = next(each.unit for each in row.columns if each.name == column)
    return f"{row.title} ({unit})" if unit else row.title


def category(name: str = "shown") -> Any:  # noqa: ANN401
    """Return a y axis of the names in the column *name*, in their order, without ticks."""
    lines = "split(datum.label, '\\n')"  # as narrow pages have them
    axis = alt.Axis(ticks=False, domain=False, labelPadding=8, labelExpr=lines)
    return alt.Y(f"{name}:N", sort=None, title=None, axis=axis)


def integer_axis(first: int, last: int) -> Any:  # noqa: ANN401
    """Return an axis with at most about ten whole numbers."""
    step = max(1, round((last - first) / 10))
    return alt.Axis(values=list(range(first, last + 1, step)), format="d", grid=False)


def series_colors(names: list[str], palette: list[str], column: str) -> Any:  # noqa: ANN401
    """Return a color of *palette* per name in *column*, with a legend where there is more than one name."""
    scale = alt.Scale(domain=names, range=palette[: len(names)])
    return alt.Color(f"{column}:N", scale=scale, legend=alt.Legend() if len(names) > 1 else None)


def by_sign(column: str, total: str = "false") -> Any:  # noqa: ANN401
    """Return the color of gains and of losses; the bar for which the expression *total* holds has that of text."""
    tests = [{"test": total, "value": INK}, {"test": f"datum.{column} < 0", "value": LOSS}]
    return alt.ColorValue(GAIN, condition=tests)


def padded_scale(values: Any) -> Any:  # noqa: ANN401
    """Return a scale that holds zero and *values*, with room for the numbers at the ends of bars."""
    low, high = min(0.0, float(np.min(values))), max(0.0, float(np.max(values)))
    span = high - low or 1.0
    return alt.Scale(domain=[low - 0.3 * span * (low < 0), high + 0.2 * span * (high > 0)], nice=False)


def zero_line(channel: str) -> Any:  # noqa: ANN401
    """Return a line at zero of *channel*, x or y."""
    rule = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=GRID, strokeWidth=1.5)
    return rule.encode(**{channel: alt.X("zero:Q") if channel == "x" else alt.Y("zero:Q")})


def time_axis(times: pd.Series, padding: int = 0) -> Any:  # noqa: ANN401
    """Return the x axis of the column "at" of :func:`wall_times`, titled by the zone of *times*."""
    scale = alt.Scale(type="utc", padding=padding) if padding else alt.Scale(type="utc")
    axis = alt.Axis(tickCount=7, grid=False, labelOverlap="greedy")
    return alt.X("at:T", title=f"time ({zone_of(times)})", scale=scale, axis=axis)


def zone_of(times: pd.Series) -> str:
    """Return the name of the zone of *times*."""
    return str(getattr(times.dtype, "tz", None) or "UTC")


def wall_times(times: pd.Series) -> list[str]:
    """Return *times* as their clocks show them, in ISO 8601 without a zone but marked Z: charts know no zones."""
    moments = pd.to_datetime(times, utc=True).dt.tz_convert(zone_of(times)).dt.tz_localize(None)
    return [f"{moment.isoformat()}Z" for moment in moments]
