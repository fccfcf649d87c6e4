"""The plots of reach and of seeds."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.reports.charts.parts import integer_axis, plot_of
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, SECOND
from influence_graph.text import count_text

_WIDTH, _HEIGHT = 680, 300
_MAX_DOTS = 20  # seeds; above it the dots would hide the line


def reach_by_round(frame: pd.DataFrame, seeds: int) -> Plot:
    """Return the number of people reached by the end of each round.

    Args:
        frame: One row per round: round, reach, low, high (95 % interval of the mean).
        seeds: Number of people from whom it starts.
    """
    axis = integer_axis(int(frame["round"].min()), int(frame["round"].max()))
    base = alt.Chart(frame).encode(x=alt.X("round:Q", title="rounds since the start", axis=axis))
    chart = (_band(base) + _line(base, "reach", dots=True)).properties(width=_WIDTH, height=_HEIGHT)
    who = count_text(seeds, "person", "people")
    last = frame.iloc[-1]
    end = f"{last['reach']:,.6g} people after round {int(last['round']):,}"
    interval = f"95 % interval {last['low']:,.6g} to {last['high']:,.6g}"
    note = "Band: 95 % interval of the simulated mean."
    alt_text = f"Line of the people reached by round: {end} ({interval})."
    return plot_of(chart, alt_text, f"Reach of {who} by round", note)


def spread_by_seeds(frame: pd.DataFrame, lower: float, upper: float) -> Plot:
    """Return the number of people reached by the number of seeds.

    The band adds up the errors of the gains, which is at least the error of their sum.

    Args:
        frame: One row per seed, in their order: rank (from 1), spread, std_error (of each gain).
        lower: Certified lower bound of the people whom all seeds reach.
        upper: Certified upper bound of the people whom any choice of as many seeds reaches.
    """
    half = 1.96 * np.sqrt(np.cumsum(frame["std_error"].to_numpy() ** 2))
    drawn = frame.assign(low=np.maximum(frame["spread"] - half, 0.0), high=frame["spread"] + half)
    scale = alt.Scale(zero=False, nice=False)
    base = alt.Chart(drawn).encode(
        x=alt.X("rank:Q", title="number of seeds", axis=integer_axis(1, len(drawn)), scale=scale)
    )
    line = _line(base, "spread", dots=len(drawn) < _MAX_DOTS)
    chart = _band(base) + line + _certificate(len(drawn), lower, upper)
    bounds = f"these seeds reach at least {lower:,.6g}, and no choice more than {upper:,.6g}"
    alt_text = f"Line of the people reached by the number of seeds, up to {len(drawn):,}: {bounds}."
    sized = chart.properties(width=_WIDTH, height=_HEIGHT)
    return plot_of(sized, alt_text, "Reach by number of seeds", f"Bar at the end: {bounds}.")


def _band(base: Any) -> Any:  # noqa: ANN401 - altair's charts have no common type
    """Return the area from ``low`` to ``high``."""
    return base.mark_area(color=GAIN, opacity=0.2).encode(y=alt.Y("low:Q", title="people reached"), y2="high:Q")


def _line(base: Any, column: str, *, dots: bool) -> Any:  # noqa: ANN401
    point = alt.OverlayMarkDef(color=GAIN, size=50) if dots else False
    return base.mark_line(color=GAIN, strokeWidth=2.5, point=point).encode(y=f"{column}:Q")


def _certificate(rank: int, lower: float, upper: float) -> Any:  # noqa: ANN401
    ends = pd.DataFrame({"rank": [rank], "lower": [lower], "upper": [upper]})
    rule = alt.Chart(ends).mark_rule(color=SECOND, strokeWidth=5, opacity=0.8)
    return rule.encode(x="rank:Q", y="lower:Q", y2="upper:Q")
