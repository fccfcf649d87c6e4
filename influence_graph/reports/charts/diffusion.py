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


def spread_by_seeds(frame: pd.DataFrame, lower: float | None = None, upper: float | None = None) -> Plot:
    """Return the number of people reached by the number of seeds.

    The band adds up the errors of the gains, which is at least the error of their sum.

    Args:
        frame: One row per seed, in their order: rank (from 1), spread, and std_error (of each gain) where the gains
            are estimated.
        lower: Certified lower bound of the people whom all seeds reach; None: there is no certificate.
        upper: Certified upper bound of the people whom any choice of as many seeds reaches.
    """
    scale = alt.Scale(zero=False, nice=False)
    axis = alt.X("rank:Q", title="number of seeds", axis=integer_axis(1, len(frame)), scale=scale)
    line = _line(alt.Chart(frame).encode(x=axis), "spread", dots=len(frame) < _MAX_DOTS)
    layers = [_band(alt.Chart(_with_ends(frame)).encode(x=axis)), line] if "std_error" in frame else [line]
    reached = f"{frame['spread'].iloc[-1]:,.6g} people"
    said, note = f"all reach {reached}", ""
    if lower is not None and upper is not None:
        layers.append(_certificate(len(frame), lower, upper))
        said = f"these seeds reach at least {lower:,.6g}, and no choice more than {upper:,.6g}"
        note = f"Bar at the end: {said}."
    alt_text = f"Line of the people reached by the number of seeds, up to {len(frame):,}: {said}."
    chart = alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT)
    return plot_of(chart, alt_text, "Reach by number of seeds", note or f"{said[0].upper()}{said[1:]}; no certificate.")


def _with_ends(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with the ends of the band, ``low`` and ``high``."""
    half = 1.96 * np.sqrt(np.cumsum(frame["std_error"].to_numpy() ** 2))
    return frame.assign(low=np.maximum(frame["spread"] - half, 0.0), high=frame["spread"] + half)


def _band(base: Any) -> Any:  # noqa: ANN401 - altair's charts have no common type
    """Return the area from ``low`` to ``high``."""
    return base.mark_area(color=GAIN, opacity=0.2).encode(y=alt.Y("low:Q", title="people reached"), y2="high:Q")


def _line(base: Any, column: str, *, dots: bool) -> Any:  # noqa: ANN401
    point = alt.OverlayMarkDef(color=GAIN, size=50) if dots else False
    return base.mark_line(color=GAIN, strokeWidth=2.5, point=point).encode(
        y=alt.Y(f"{column}:Q", title="people reached")
    )


def _certificate(rank: int, lower: float, upper: float) -> Any:  # noqa: ANN401
    ends = pd.DataFrame({"rank": [rank], "lower": [lower], "upper": [upper]})
    rule = alt.Chart(ends).mark_rule(color=SECOND, strokeWidth=5, opacity=0.8)
    return rule.encode(x="rank:Q", y="lower:Q", y2="upper:Q")


def pilot_and_run(pilot: tuple[int, float], run: int, expected: str) -> Plot:
    """Return what a short run certified with how many sets, and with how many the whole run is expected to end.

    Args:
        pilot: Sets and certified ratio of the short run.
        run: Sets of the whole run.
        expected: What it takes, in words.
    """
    sets, ratio = pilot
    ends = [run] if run == sets else [sets, run]
    x = alt.X("sets:Q", title="reverse-reachable sets (log scale)", scale=alt.Scale(type="log", padding=90))
    y = alt.Y("ratio:Q", title="certified share of the best", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    base = alt.Chart(pd.DataFrame({"sets": ends, "ratio": ratio, "shown": ["pilot", "the whole run"][: len(ends)]}))
    rule = base.transform_filter(f"datum.sets == {run}").mark_rule(color=SECOND, strokeWidth=2, strokeDash=[5, 4])
    text = base.mark_text(dx=8, align="left", baseline="top").encode(text="shown:N", y=alt.value(4), x=x)
    dot = base.transform_filter(f"datum.sets == {sets}").mark_circle(color=GAIN, size=140, opacity=1)
    chart = (rule.encode(x=x) + dot.encode(x=x, y=y) + text).properties(width=_WIDTH, height=200)
    note = f"Dot: the pilot certified {ratio:.0%} with {sets:,} sets. Dashed: the run, expected to need {expected}."
    return plot_of(chart, f"Certified share by sets. {note}", "What the run takes", note)
