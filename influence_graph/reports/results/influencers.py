"""The plot of the case of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from influence_graph.model.names import CONSUMER
from influence_graph.reports.charts.influencers import lag_curve
from influence_graph.reports.results.parts import require_rows
from influence_graph.reports.words import display_name

if TYPE_CHECKING:
    from influence_graph.analyses.influencers.case_result import InfluencerCase
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.plots import Plot


def case(result: InfluencerCase, names: NodeNames) -> Plot:
    """Return what came before and after by bins of lags."""
    require_rows(result.compared, f"nothing that can be compared came before or after {result.person}")
    return lag_curve(result.curve, display_name(names, CONSUMER, result.person))
