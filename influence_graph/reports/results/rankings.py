"""The plots of scores of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.model.results import ACTIVATION, RESULTS, ResultKind, of_nodes
from influence_graph.reports.charts.ranking import paired_bars, ranking_plot
from influence_graph.reports.results.parts import shown

if TYPE_CHECKING:
    from influence_graph.analyses.diffusion.exact import ExactSpread
    from influence_graph.analyses.diffusion.reach_of_all import ReachOfAll
    from influence_graph.analyses.influencers.result import Influencers
    from influence_graph.analyses.learning.credit import Credit
    from influence_graph.analyses.ranking.activity import Activity
    from influence_graph.analyses.ranking.hits import Hits
    from influence_graph.analyses.ranking.influence_passivity import InfluencePassivity
    from influence_graph.analyses.ranking.result import RankResult
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.plots import Plot

_CAUSED = of_nodes("influencers", "Adoptions caused beyond chance", "", (), unit="adoptions")
_CREDIT = of_nodes("credit", "Credit by the log", "", (), unit="people")


def bars(frame: pd.DataFrame, kind: ResultKind | str, names: NodeNames) -> Plot:
    """Return the bars of the first of *frame*: id, label where there are labels, score."""
    return ranking_plot(frame.assign(shown=shown(frame, names)["shown"].reindex(frame.index)), kind)


def ranking(result: RankResult, names: NodeNames) -> Plot:
    """Return the highest scores."""
    return bars(result.to_frame(), result.kind, names)


def reach(result: ReachOfAll, names: NodeNames) -> Plot:
    """Return the farthest reaches with their intervals."""
    return bars(result.to_frame(), RESULTS["reach"], names)


def activation(result: ExactSpread, names: NodeNames) -> Plot:
    """Return the most likely nodes."""
    return bars(result.to_frame().rename(columns={"activation": "score"}), ACTIVATION, names)


def credit(result: Credit, names: NodeNames) -> Plot:
    """Return who has the most credit."""
    return bars(result.to_frame().rename(columns={"credit": "score"}), _CREDIT, names)


def influencers(result: Influencers, names: NodeNames) -> Plot:
    """Return who was found, by the adoptions they caused."""
    frame = result.found.rename(columns={"caused": "score"}).sort_values(["score", "id"], ascending=[False, True])
    columns = [name for name in ("id", "label", "score") if name in frame]
    return bars(frame[columns].reset_index(drop=True), _CAUSED, names)


def hits(result: Hits, names: NodeNames) -> Plot:
    """Return both scores of the highest of either."""
    columns = {"authority": "authority", "hub": "hub"}
    return paired_bars(_highest(result.to_frame(), columns, names), columns, "score (2-norm 1)", "HITS")


def influence_passivity(result: InfluencePassivity, names: NodeNames) -> Plot:
    """Return both scores of the highest of either."""
    columns = {"influence": "influence", "passivity": "passivity"}
    frame = _highest(result.to_frame(), columns, names)
    return paired_bars(frame, columns, "share of all", "Influence and passivity (resistance to influence)")


def activity(result: Activity, names: NodeNames) -> Plot:
    """Return the rates of those who act most."""
    columns = {"posting": "own posts", "reposting": "re-posts"}
    return paired_bars(_highest(result.to_frame(), columns, names), columns, "actions per day", "Activity")


def _highest(frame: pd.DataFrame, columns: dict[str, str], names: NodeNames) -> pd.DataFrame:
    """Return the ten highest of each of *columns*, named, in the order of *frame*."""
    second = list(columns)[1]
    ten = frame.head(10).index
    return shown(frame.loc[ten.union(frame[second].nlargest(10).index)], names)
