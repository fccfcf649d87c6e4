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
    from influence_graph.analyses.brand import BrandRecords, BrandView, brand_view
    from influence_graph.analyses.brand_value import customer_summary
    from influence_graph.analyses.change import ScoreChange, explain_change
    from influence_graph.analyses.explain import Explanation, explain
    from influence_graph.analyses.fusion import fusion_scores
    from influence_graph.analyses.ranking.pagerank import pagerank
    from influence_graph.analyses.ranking.result import RankResult
    from influence_graph.app.stores import open_store
    from influence_graph.errors import InfluenceGraphError
    from influence_graph.model.graph import Graph
    from influence_graph.model.policy import FusionPolicy
    from influence_graph.model.touchpoints import TouchpointTable

_HOMES = {
    "BrandRecords": "analyses.brand",
    "BrandView": "analyses.brand",
    "Explanation": "analyses.explain",
    "FusionPolicy": "model.policy",
    "Graph": "model.graph",
    "InfluenceGraphError": "errors",
    "RankResult": "analyses.ranking.result",
    "ScoreChange": "analyses.change",
    "TouchpointTable": "model.touchpoints",
    "brand_view": "analyses.brand",
    "customer_summary": "analyses.brand_value",
    "explain": "analyses.explain",
    "explain_change": "analyses.change",
    "fusion_scores": "analyses.fusion",
    "open_store": "app.stores",
    "pagerank": "analyses.ranking.pagerank",
}

__all__ = [
    "BrandRecords",
    "BrandView",
    "Explanation",
    "FusionPolicy",
    "Graph",
    "InfluenceGraphError",
    "RankResult",
    "ScoreChange",
    "TouchpointTable",
    "brand_view",
    "customer_summary",
    "explain",
    "explain_change",
    "fusion_scores",
    "open_store",
    "pagerank",
]


def __getattr__(name: str) -> object:
    """Import the public *name* from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
