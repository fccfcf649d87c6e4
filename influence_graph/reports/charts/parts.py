"""The parts that charts share: axes, scales, colors and lines."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.model.results import ResultKind, kind_of
from influence_graph.reports.theme import GAIN, GRID, INK, LOSS

# altair's classes have no types, so what is returned here is Any
FULL, HALF = 860, 400
"""Width of a plot across the page, and of one beside another, with its labels."""
ROW = 24
"""Height of one bar of a list."""


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
    return alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8))


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
    margin = 0.12 * (high - low or 1.0)
    return alt.Scale(domain=[low - margin * (low < 0), high + margin * (high > 0)], nice=False)


def zero_line(channel: str) -> Any:  # noqa: ANN401
    """Return a line at zero of *channel*, x or y."""
    rule = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=GRID, strokeWidth=1.5)
    return rule.encode(**{channel: alt.X("zero:Q") if channel == "x" else alt.Y("zero:Q")})


def iso_times(times: pd.Series) -> list[str]:
    """Return *times* as ISO 8601 text in UTC."""
    return [time.isoformat() for time in pd.to_datetime(times, utc=True)]
