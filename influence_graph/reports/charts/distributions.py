"""The plots of how many nodes or edges have which value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.reports.charts.parts import FULL, plot_of, series_colors
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, INK, SECOND, WIDE_ONLY

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BINS = 40
_MOST_POINTS = 200  # of a curve over millions of nodes, evenly on the scale that is drawn
_WIDTH, _HEIGHT = FULL - 120, 280


def histogram(
    series: Mapping[str, NDArray[Any]], axis: str, noun: str, title: str, mark: tuple[str, float] | None = None
) -> Plot:
    """Return stacked bars of how many of *noun* have which value.

    Args:
        series: Finite values by what they are called in the legend; at least one value.
        axis: What the values are.
        noun: What has them, in the plural.
        title: Heading of the plot.
        mark: Name and value of a rule across the bars.
    """
    every = np.concatenate([np.asarray(values, np.float64) for values in series.values()])
    edges = np.histogram_bin_edges(every, _BINS)
    counted = [
        pd.DataFrame({"from": edges[:-1], "to": edges[1:], "count": np.histogram(values, edges)[0], "series": name})
        for name, values in series.items()
    ]
    drawn = pd.concat(counted)
    scale, y_axis = alt.Scale(type="sqrt"), alt.Axis(tickCount=5, format=",~f")
    layers = [
        alt.Chart(drawn[drawn["count"] > 0])
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title=axis),
            x2="to:Q",
            y=alt.Y("count:Q", title=f"{noun} (square-root scale)", scale=scale, axis=y_axis, stack=True),
            color=series_colors(list(series), [GAIN, SECOND], "series"),
        )
    ]
    said = f"{every.size:,} {noun} from {every.min():.3g} to {every.max():.3g}, median {np.median(every):.3g}."
    if mark is not None:
        layers += _rule(mark)
        said += f" Dashed: {mark[0]}, {mark[1]:.3g}."
    chart = alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT)
    return plot_of(chart, f"Histogram of {axis}: {said}", title, said)


def _rule(mark: tuple[str, float]) -> list[Any]:
    base = alt.Chart(pd.DataFrame({"at": [mark[1]], "text": [mark[0]]})).encode(x="at:Q")
    text = base.mark_text(align="left", baseline="top", dx=5).encode(text="text:N", y=alt.value(0))
    return [base.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5), text.properties(name=WIDE_ONLY)]


def share_at_least(series: Mapping[str, NDArray[Any]], axis: str, noun: str, title: str) -> Plot:
    """Return the share of *noun* that have at least each value, both axes logarithmic (Clauset et al. 2009).

    Values of 0 count and are not drawn. Clauset, Shalizi, Newman, https://doi.org/10.1137/070710111.

    Args:
        series: Values ≥ 0 by what they are called in the legend; one of them above 0.
        axis: What the values are.
        noun: What has them, in the plural.
        title: Heading of the plot.
    """
    drawn = pd.concat(
        [_at_least(np.asarray(values, np.float64)).assign(series=name) for name, values in series.items()]
    )
    log = alt.Scale(type="log", nice=False)
    base = alt.Chart(drawn).encode(
        x=alt.X("value:Q", title=f"{axis} (log scale)", scale=log, axis=alt.Axis(tickCount=6, format="~g")),
        y=alt.Y(
            "share:Q",
            title=f"share of {noun} with at least so much",
            scale=log,
            axis=alt.Axis(format="~%", tickCount=3),
        ),
        color=series_colors(list(series), [GAIN, SECOND], "series"),
    )
    few = len(drawn) < _MOST_POINTS
    chart = base.mark_line(
        strokeWidth=2, interpolate="step-before", point=alt.OverlayMarkDef(size=28) if few else False
    )
    said = "; ".join(
        f"{name}: mean {np.mean(values):.3g}, median {np.median(values):.3g}, largest {np.max(values):.4g}"
        for name, values in series.items()
    )
    sized = chart.properties(width=_WIDTH, height=_HEIGHT)
    return plot_of(sized, f"Share of {noun} by {axis}. {said}.", title, f"{said}.")


def _at_least(values: NDArray[np.float64]) -> pd.DataFrame:
    """Return each value above 0 with the share of values that are not below it, thinned evenly on a log scale."""
    levels, counts = np.unique(values, return_counts=True)
    share = np.cumsum(counts[::-1])[::-1] / values.size
    frame = pd.DataFrame({"value": levels, "share": share})[levels > 0]
    if len(frame) <= _MOST_POINTS:
        return frame
    wanted = np.geomspace(frame["value"].iloc[0], frame["value"].iloc[-1], _MOST_POINTS)
    places = np.unique(np.searchsorted(frame["value"].to_numpy(), wanted).clip(0, len(frame) - 1))
    return frame.iloc[places]
