"""The one table of plots: how each class of results, and each kind of frame, is drawn.

A new class of results is drawn by one more row: its class, and a function of this room that takes the result and
the display names and returns a :class:`~influence_graph.reports.plots.Plot`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from influence_graph.analyses.brand.carriers import Carriers
from influence_graph.analyses.brand.giving import Giving
from influence_graph.analyses.brand.health import Health
from influence_graph.analyses.brand.judgment import Judgment
from influence_graph.analyses.brand.leaderboard import BrandLeaderboard
from influence_graph.analyses.brand.neighbors import Neighbors
from influence_graph.analyses.brand.profit import Profit
from influence_graph.analyses.brand.view import BrandView
from influence_graph.analyses.brand.votes import Votes
from influence_graph.analyses.changes.bonds import BondChanges
from influence_graph.analyses.changes.overall import Changes
from influence_graph.analyses.changes.results import ResultChanges
from influence_graph.analyses.communities import Communities
from influence_graph.analyses.copresence import CopresenceTies
from influence_graph.analyses.diffusion.exact import ExactSpread
from influence_graph.analyses.diffusion.reach_of_all import ReachOfAll
from influence_graph.analyses.diffusion.spread import Spread
from influence_graph.analyses.fusion.change import ScoreChange
from influence_graph.analyses.fusion.explain import Explanation
from influence_graph.analyses.fusion.state import FusionState
from influence_graph.analyses.fusion.touchpoint_weights import TouchpointFit
from influence_graph.analyses.influencers.case_result import InfluencerCase
from influence_graph.analyses.influencers.result import Influencers
from influence_graph.analyses.learning.credit import Credit, CreditSeeds
from influence_graph.analyses.learning.learn import Learned
from influence_graph.analyses.lift.campaign_result import CampaignLift
from influence_graph.analyses.lift.panel_result import PanelLift
from influence_graph.analyses.lift.plan import LiftPlan
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.analyses.lift.staggered_result import StaggeredLift
from influence_graph.analyses.maximize.celf import CelfSeeds
from influence_graph.analyses.maximize.estimate import RunEstimate
from influence_graph.analyses.maximize.repair import KeptSets
from influence_graph.analyses.maximize.result import Seeds
from influence_graph.analyses.person.view import PersonView
from influence_graph.analyses.ranking.activity import Activity
from influence_graph.analyses.ranking.hits import Hits
from influence_graph.analyses.ranking.influence_passivity import InfluencePassivity
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.reports.plots import Plot
from influence_graph.reports.results import (
    bonds,
    brands,
    changes,
    diffusion,
    frames,
    graphs,
    influencers,
    lift,
    rankings,
)
from influence_graph.reports.results.drawing import Drawing

_Draw = Callable[[Any, NodeNames], Plot]

PLOTS: dict[type, _Draw] = {
    Activity: rankings.activity,
    BondChanges: changes.bonds,
    BrandLeaderboard: brands.leaderboard,
    BrandView: brands.view,
    CampaignLift: lift.campaign,
    Carriers: brands.carriers,
    CelfSeeds: diffusion.seeds_alone,
    Changes: changes.overall,
    Communities: graphs.communities,
    CopresenceTies: graphs.copresence,
    Credit: rankings.credit,
    CreditSeeds: diffusion.seeds_alone,
    ExactSpread: rankings.activation,
    Explanation: bonds.explanation,
    FusionState: bonds.state,
    Giving: brands.giving,
    Graph: graphs.graph,
    Health: brands.health,
    Hits: rankings.hits,
    InfluencePassivity: rankings.influence_passivity,
    InfluencerCase: influencers.case,
    Influencers: rankings.influencers,
    Judgment: brands.judgment,
    KeptSets: diffusion.kept_sets,
    Learned: graphs.learned,
    LiftPlan: lift.plan,
    Neighbors: brands.neighbors,
    PanelLift: lift.panel,
    PersonView: bonds.person,
    Profit: brands.profit,
    RankResult: rankings.ranking,
    ReachOfAll: rankings.reach,
    RunEstimate: diffusion.estimate,
    ResultChanges: changes.results,
    ScoreChange: bonds.change,
    Seeds: diffusion.seeds,
    SeriesLift: lift.series,
    Spread: diffusion.spread,
    StaggeredLift: lift.staggered,
    TouchpointFit: bonds.touchpoints,
    Votes: brands.votes,
}
"""How each class is drawn."""

FRAMES: dict[tuple[str, ...], _Draw] = {
    ("consumer", "brand", "fusion_score"): frames.scores,
    ("time", "fusion_score"): frames.score_over_time,
    ("method", "prior", "auc"): frames.held_out,
    ("brand", "other", "strength"): frames.co_associations,
    ("id", "score"): frames.ranking,
}
"""How a frame with these columns is drawn; the first that fits."""


def plot(thing: object, names: NodeNames | Mapping[str, str] | None = None) -> Drawing:
    """Return the plot of a result, a graph, or a frame that a function of this library returned.

    Args:
        thing: Any result, or a frame: ``fusion_scores``, ``FusionState.at``, ``evaluate_learning``,
            ``co_associations``, or the frame of a ranking.
        names: Display names by id, such as ``store.names("people")``; ids stand where there are none.

    Raises:
        InputError: it is something else, or has nothing to draw.

    Example:
        >>> import influence_graph as ig
        >>> ig.plot(ig.pagerank(ig.Graph.from_edges(["ann", "bob"], ["june", "june"])))
        <Drawing: PageRank>
    """
    known = names if isinstance(names, NodeNames) else NodeNames(names, names) if names else NO_NAMES
    drawn = _function_of(thing)(thing, known)
    return Drawing(**vars(drawn))


def _function_of(thing: object) -> _Draw:
    for each in type(thing).__mro__:
        if each in PLOTS:
            return PLOTS[each]
    if isinstance(thing, pd.DataFrame):
        return _of_frame(thing)
    if isinstance(thing, Displayed):  # a result without a row of its own is drawn as its table
        frame = thing.to_frame()
        drawn = _of_frame(frame)
        return lambda _, names: drawn(frame, names)
    raise InputError(
        f"there is no plot of a {type(thing).__name__}", remedy="draw a result of this library, or a graph"
    )


def _of_frame(frame: pd.DataFrame) -> _Draw:
    for columns, function in FRAMES.items():
        if set(columns) <= set(frame.columns):
            return function
    raise InputError(
        f"there is no plot of a frame with the columns {', '.join(map(str, frame.columns[:6]))}",
        remedy="draw a result, or a frame of fusion_scores, FusionState.at, evaluate_learning or a ranking",
    )
