"""Who influences whom, and how strong the bond of a consumer and a brand is.

>>> import influence_graph as ig
>>> graph = ig.Graph.from_edges(["ann", "bob"], ["june", "june"])
>>> ig.pagerank(graph).to_frame()["id"][0]
'june'

Names are imported when they are first used, so that ``import influence_graph`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from influence_graph.analyses.brand.profit import customer_summary
    from influence_graph.analyses.brand.view import BrandRecords, BrandView, brand_view
    from influence_graph.analyses.diffusion.exact import ExactSpread, exact_spread
    from influence_graph.analyses.diffusion.heat import heat
    from influence_graph.analyses.diffusion.probabilities import trivalency, uniform_probabilities, weighted_cascade
    from influence_graph.analyses.diffusion.reach_of_all import ReachOfAll, reach_of_all
    from influence_graph.analyses.diffusion.spread import Spread, spread
    from influence_graph.analyses.fusion.change import ScoreChange, explain_change
    from influence_graph.analyses.fusion.explain import Explanation, explain
    from influence_graph.analyses.fusion.scores import fusion_scores
    from influence_graph.analyses.learning.credit import Credit, CreditSeeds, credit
    from influence_graph.analyses.learning.evaluate import HeldOut, evaluate_learning
    from influence_graph.analyses.learning.learn import Learned, learn, learn_probabilities
    from influence_graph.analyses.maximize.celf import CelfSeeds, celf
    from influence_graph.analyses.maximize.estimate import RunEstimate, estimate_maximize
    from influence_graph.analyses.maximize.maximize import maximize
    from influence_graph.analyses.maximize.repair import KeptSets, repair
    from influence_graph.analyses.maximize.result import Seeds
    from influence_graph.analyses.ranking.activity import Activity, activity
    from influence_graph.analyses.ranking.degree import degree
    from influence_graph.analyses.ranking.hits import Hits, hits
    from influence_graph.analyses.ranking.influence_passivity import InfluencePassivity, influence_passivity
    from influence_graph.analyses.ranking.pagerank import pagerank, pagerank_many
    from influence_graph.analyses.ranking.psi import psi_score
    from influence_graph.analyses.ranking.result import RankResult
    from influence_graph.app.open import open_store
    from influence_graph.errors import InfluenceGraphError
    from influence_graph.model.graph import Graph
    from influence_graph.model.policy.policy import FusionPolicy
    from influence_graph.model.touchpoints import TouchpointTable

_HOMES = {
    "Activity": "analyses.ranking.activity",
    "BrandRecords": "analyses.brand.view",
    "BrandView": "analyses.brand.view",
    "CelfSeeds": "analyses.maximize.celf",
    "Credit": "analyses.learning.credit",
    "CreditSeeds": "analyses.learning.credit",
    "ExactSpread": "analyses.diffusion.exact",
    "Explanation": "analyses.fusion.explain",
    "FusionPolicy": "model.policy.policy",
    "Graph": "model.graph",
    "HeldOut": "analyses.learning.evaluate",
    "Hits": "analyses.ranking.hits",
    "InfluenceGraphError": "errors",
    "InfluencePassivity": "analyses.ranking.influence_passivity",
    "KeptSets": "analyses.maximize.repair",
    "Learned": "analyses.learning.learn",
    "RankResult": "analyses.ranking.result",
    "ReachOfAll": "analyses.diffusion.reach_of_all",
    "RunEstimate": "analyses.maximize.estimate",
    "ScoreChange": "analyses.fusion.change",
    "Seeds": "analyses.maximize.result",
    "Spread": "analyses.diffusion.spread",
    "TouchpointTable": "model.touchpoints",
    "activity": "analyses.ranking.activity",
    "brand_view": "analyses.brand.view",
    "celf": "analyses.maximize.celf",
    "credit": "analyses.learning.credit",
    "customer_summary": "analyses.brand.profit",
    "degree": "analyses.ranking.degree",
    "estimate_maximize": "analyses.maximize.estimate",
    "evaluate_learning": "analyses.learning.evaluate",
    "exact_spread": "analyses.diffusion.exact",
    "explain": "analyses.fusion.explain",
    "explain_change": "analyses.fusion.change",
    "fusion_scores": "analyses.fusion.scores",
    "heat": "analyses.diffusion.heat",
    "hits": "analyses.ranking.hits",
    "influence_passivity": "analyses.ranking.influence_passivity",
    "learn": "analyses.learning.learn",
    "learn_probabilities": "analyses.learning.learn",
    "maximize": "analyses.maximize.maximize",
    "open_store": "app.open",
    "pagerank": "analyses.ranking.pagerank",
    "pagerank_many": "analyses.ranking.pagerank",
    "psi_score": "analyses.ranking.psi",
    "reach_of_all": "analyses.diffusion.reach_of_all",
    "repair": "analyses.maximize.repair",
    "spread": "analyses.diffusion.spread",
    "trivalency": "analyses.diffusion.probabilities",
    "uniform_probabilities": "analyses.diffusion.probabilities",
    "weighted_cascade": "analyses.diffusion.probabilities",
}

__all__ = [
    "Activity",
    "BrandRecords",
    "BrandView",
    "CelfSeeds",
    "Credit",
    "CreditSeeds",
    "ExactSpread",
    "Explanation",
    "FusionPolicy",
    "Graph",
    "HeldOut",
    "Hits",
    "InfluenceGraphError",
    "InfluencePassivity",
    "KeptSets",
    "Learned",
    "RankResult",
    "ReachOfAll",
    "RunEstimate",
    "ScoreChange",
    "Seeds",
    "Spread",
    "TouchpointTable",
    "activity",
    "brand_view",
    "celf",
    "credit",
    "customer_summary",
    "degree",
    "estimate_maximize",
    "evaluate_learning",
    "exact_spread",
    "explain",
    "explain_change",
    "fusion_scores",
    "heat",
    "hits",
    "influence_passivity",
    "learn",
    "learn_probabilities",
    "maximize",
    "open_store",
    "pagerank",
    "pagerank_many",
    "psi_score",
    "reach_of_all",
    "repair",
    "spread",
    "trivalency",
    "uniform_probabilities",
    "weighted_cascade",
]


def __getattr__(name: str) -> object:
    """Import the public *name* from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
