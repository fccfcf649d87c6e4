"""The plots of rankings, reach and seeds, each as a file: SVG, PNG, or a page with its title."""

from __future__ import annotations

import html
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.reports.charts.report import category
from influence_graph.reports.files import check_suffix, write_atomic
from influence_graph.reports.theme import GAIN, MUTED, SECOND, standalone, to_png, to_svg

_WIDE, _HIGH, _ROW, _BARS = 680, 300, 24, 20


@dataclass(frozen=True)
class Plot:
    """A drawing with what it shows: ``title``, a sentence on how to read it, and the SVG of a page."""

    title: str
    caption: str
    svg: str


def ranking(frame: pd.DataFrame, title: str) -> Plot:
    """Return bars of the twenty best ``score`` per ``id``, with ± 1.96 ``std_error`` where there is one."""
    drawn = frame.head(_BARS)
    base = alt.Chart(drawn).encode(
        y=category("id"), x=alt.X("score:Q", title=title, axis=alt.Axis(tickCount=5, format="~g"))
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66}, color=GAIN)
    layers = [bars]
    if "std_error" in drawn:
        half = 1.96 * drawn["std_error"]
        ends = drawn.assign(low=drawn["score"] - half, high=drawn["score"] + half)
        layers.append(
            alt.Chart(ends).mark_rule(color=MUTED, strokeWidth=2).encode(y=category("id"), x="low:Q", x2="high:Q")
        )
    else:
        layers.append(base.mark_text(align="left", dx=6).encode(text=alt.Text("score:Q", format=".4~g")))
    chart = alt.layer(*layers).properties(width=_WIDE - 200, height=_ROW * max(len(drawn), 1))
    caption = "Whiskers: 95 % intervals." if "std_error" in drawn else ""
    return Plot(title, caption, to_svg(chart))


def reach_by_round(frame: pd.DataFrame, seeds: int) -> Plot:
    """Return the reach by the end of each round: columns round, reach, low, high."""
    axis = _whole(int(frame["round"].min()), int(frame["round"].max()))
    base = alt.Chart(frame).encode(x=alt.X("round:Q", title="rounds since the start", axis=axis))
    band = base.mark_area(color=GAIN, opacity=0.2).encode(y=alt.Y("low:Q", title="people reached"), y2="high:Q")
    line = base.mark_line(color=GAIN, strokeWidth=2.5, point=alt.OverlayMarkDef(color=GAIN, size=50)).encode(
        y="reach:Q"
    )
    chart = (band + line).properties(width=_WIDE, height=_HIGH)
    who = "1 person" if seeds == 1 else f"{seeds:,} people"
    return Plot(f"Reach of {who} by round", "Band: 95 % interval of the simulated mean.", to_svg(chart))


def spread_by_seeds(frame: pd.DataFrame, lower: float, upper: float) -> Plot:
    """Return the reach by the number of seeds (columns rank, cumulative_gain, std_error), with the certificate of all.

    The band adds up the errors of the gains, which is at least the error of their sum.
    """
    half = 1.96 * np.sqrt(np.cumsum(frame["std_error"].to_numpy() ** 2))
    drawn = frame.assign(low=np.maximum(frame["cumulative_gain"] - half, 0.0), high=frame["cumulative_gain"] + half)
    axis = _whole(1, len(drawn))
    base = alt.Chart(drawn).encode(x=alt.X("rank:Q", title="seeds", axis=axis, scale=alt.Scale(zero=False, nice=False)))
    band = base.mark_area(color=GAIN, opacity=0.2).encode(y=alt.Y("low:Q", title="people reached"), y2="high:Q")
    dots = alt.OverlayMarkDef(color=GAIN, size=50) if len(drawn) < _BARS else False
    line = base.mark_line(color=GAIN, strokeWidth=2.5, point=dots).encode(y="cumulative_gain:Q")
    chart = (band + line + _certificate(len(drawn), lower, upper)).properties(width=_WIDE, height=_HIGH)
    caption = f"Bar at the end: these seeds reach at least {lower:,.6g}, and no choice more than {upper:,.6g}."
    return Plot("Reach by number of seeds", caption, to_svg(chart))


def _whole(first: int, last: int) -> Any:  # noqa: ANN401
    """Return an axis with at most about ten whole numbers."""
    step = max(1, round((last - first) / 10))
    return alt.Axis(values=list(range(first, last + 1, step)), format="d", grid=False)


def _certificate(rank: int, lower: float, upper: float) -> Any:  # noqa: ANN401 - altair's charts have no common type
    ends = pd.DataFrame({"rank": [rank], "lower": [lower], "upper": [upper]})
    rule = alt.Chart(ends).mark_rule(color=SECOND, strokeWidth=5, opacity=0.8)
    return rule.encode(x="rank:Q", y="lower:Q", y2="upper:Q")


def write_plot(path: Path, plot: Plot) -> None:
    """Write *plot* in the format that the ending of *path* names: .svg, .png or .html.

    Raises:
        InputError: the ending is unknown, or *path* cannot be written.
    """
    check_suffix(path)
    if path.suffix.lower() == ".html":
        write_atomic(path, _page(plot))
        return
    svg = standalone(plot.svg)
    write_atomic(path, to_png(svg) if path.suffix.lower() == ".png" else svg)


def _page(plot: Plot) -> str:
    style = resources.files(__package__).joinpath("templates/report.css").read_text("utf-8")
    title, caption = html.escape(plot.title), html.escape(plot.caption)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = f"""<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}"><meta name="color-scheme" content="light dark">
<title>{title}</title><style>{style}</style>"""
    figure = f'<figure><div class="plot">{plot.svg}</div><figcaption>{caption}</figcaption></figure>'
    body = f"<header><h1>{title}</h1></header><main><section>{figure}</section></main>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'
