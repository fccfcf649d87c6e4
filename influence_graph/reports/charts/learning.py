"""The plots of methods of learning, judged on cascades that they had not seen."""

from __future__ import annotations

import altair as alt
import pandas as pd

from influence_graph.reports.charts.parts import FULL, category, plot_of, series_colors
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GROUND, MUTED

_FIGURES = {
    "auc": "AUC: who acts next (0.5: by chance)",
    "log_likelihood": "log-likelihood per exposed user (higher is better)",
}

_NONE = "none"


def methods_held_out(frame: pd.DataFrame, figure: str = "auc") -> Plot:
    """Return a dot with its 95 % interval per method and prior; baselines have the color of secondary text.

    Args:
        frame: What ``ig.evaluate_learning`` returns.
        figure: ``"auc"`` or ``"log_likelihood"``.
    """
    pairs = zip(frame["method"], frame["prior"], strict=True)
    names = [str(name).replace("_", " ") + ("" if prior == _NONE else f", prior {prior}") for name, prior in pairs]
    is_baseline = frame["method"].isin(["uniform", "weighted_cascade"])
    ends = {"value": frame[figure], "low": frame[f"{figure}_low"], "high": frame[f"{figure}_high"]}
    drawn = pd.DataFrame({"shown": names, **ends, "what": is_baseline.map({True: "baseline", False: "learned"})})
    drawn = drawn.dropna(subset=["value"])
    x = alt.X("low:Q", title=_FIGURES[figure], scale=alt.Scale(zero=False, padding=16), axis=alt.Axis(tickCount=6))
    color = series_colors(["learned", "baseline"], [GAIN, MUTED], "what")
    base = alt.Chart(drawn).encode(y=category(), color=color)
    dots = base.mark_circle(size=120, opacity=1, stroke=GROUND, strokeWidth=2).encode(x="value:Q")
    chart = (base.mark_rule(strokeWidth=3).encode(x=x, x2="high:Q") + dots).properties(
        width=FULL - 330, height=26 * max(len(drawn), 1)
    )
    best = drawn.iloc[int(drawn["value"].to_numpy().argmax())]
    said = f"Highest: {best['shown']} with {best['value']:.3f} ({best['low']:.3f} to {best['high']:.3f})."
    return plot_of(chart, f"Dots with 95 % intervals, {_FIGURES[figure]}. {said}", "On held-out cascades", said)
