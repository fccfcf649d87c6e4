"""The plots of frames that functions of the library return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.model.names import BRAND, NodeNames
from influence_graph.model.results import of_nodes
from influence_graph.reports.charts.bonds import score_line
from influence_graph.reports.charts.brand import value_bars
from influence_graph.reports.charts.learning import methods_held_out
from influence_graph.reports.results.bonds import of_scores
from influence_graph.reports.results.parts import require_rows
from influence_graph.reports.results.rankings import bars
from influence_graph.reports.words import display_name

if TYPE_CHECKING:
    from influence_graph.reports.plots import Plot

_SCORE = of_nodes("score-of-nodes", "Score", "", ())


def scores(frame: pd.DataFrame, names: NodeNames) -> Plot:
    """Return the distribution of Fusion Scores."""
    del names
    return of_scores(frame)


def score_over_time(frame: pd.DataFrame, names: NodeNames) -> Plot:
    """Return one bond at each of its times, as ``FusionState.at`` gives them."""
    del names
    require_rows(len(frame), "the frame has no times")
    series = pd.DataFrame({"at": pd.to_datetime(frame["time"], utc=True), "score": frame["fusion_score"]})
    return score_line(series.assign(event_id="", label=""))


def held_out(frame: pd.DataFrame, names: NodeNames) -> Plot:
    """Return how well each method of learning predicts who acts next."""
    del names
    figure = "auc" if frame["auc"].notna().any() else "log_likelihood"
    return methods_held_out(frame, figure)


def co_associations(frame: pd.DataFrame, names: NodeNames) -> Plot:
    """Return the pairs of brands that are named together most."""
    pairs = frame[frame["brand"] < frame["other"]].sort_values("strength", ascending=False)
    require_rows(len(pairs), "no two brands are named together")
    ends = zip(pairs["brand"].head(40), pairs["other"].head(40), strict=True)
    shown = [" · ".join(display_name(names, BRAND, end, 20) for end in pair) for pair in ends]
    rows = pd.DataFrame({"shown": shown, "value": pairs["strength"].head(40).to_numpy()})
    return value_bars(rows, "strength of the link", "Brands named together")


def ranking(frame: pd.DataFrame, names: NodeNames) -> Plot:
    """Return the highest scores of a frame of a ranking."""
    return bars(frame, _SCORE, names)
