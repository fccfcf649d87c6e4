"""The plots of Fusion Scores and of the terms behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.reports.charts.bonds import bond_bars, change_terms, distribution, score_terms
from influence_graph.reports.charts.brand import interval_dots
from influence_graph.reports.charts.parts import FULL
from influence_graph.reports.results.parts import require_rows, titled
from influence_graph.reports.words import date_text, display_name, node_labels, signed

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.analyses.fusion.change import ScoreChange
    from influence_graph.analyses.fusion.explain import Explanation
    from influence_graph.analyses.fusion.state import FusionState
    from influence_graph.analyses.fusion.touchpoint_weights import TouchpointFit
    from influence_graph.analyses.person.view import PersonView
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.plots import Plot

_BONDS = 20  # drawn


def explanation(result: Explanation, names: NodeNames) -> Plot:
    """Return the terms of a score as a waterfall."""
    require_rows(len(result.contributions), f"no event counts for {result.consumer} and {result.brand}")
    plot = score_terms(result.contributions, result.score, names)
    return titled(plot, f"{_bond(result, names)}: Fusion Score {signed(result.score)}")


def change(result: ScoreChange, names: NodeNames) -> Plot:
    """Return what changed a score as a waterfall."""
    plot = change_terms(result.terms, result.start, result.end, names)
    days = f"{date_text(result.start_at)} to {date_text(result.end_at)}"
    return titled(plot, f"{_bond(result, names)}: {signed(result.change)} from {days}")


def _bond(result: Explanation | ScoreChange, names: NodeNames) -> str:
    return f"{display_name(names, CONSUMER, result.consumer)} and {display_name(names, BRAND, result.brand)}"


def person(result: PersonView, names: NodeNames) -> Plot:
    """Return the largest bonds of a person."""
    brands = result.dealings.brands
    require_rows(len(brands), f"{result.person} has no bond")
    largest = brands.loc[brands["fusion_score"].abs().nlargest(_BONDS).index].sort_index()
    ids = largest["brand"].astype(str).tolist()
    rows = largest.assign(shown=node_labels(names, [BRAND] * len(ids), ids, 26))
    more = len(brands) - len(rows)
    plot = bond_bars(rows, f"Bonds of {display_name(names, CONSUMER, result.person)}")
    return titled(plot, plot.title, f"{more:,} smaller bonds are not drawn." if more else "")


def state(result: FusionState, names: NodeNames) -> Plot:
    """Return the distribution of the scores at the latest time."""
    del names
    return of_scores(result.scores())


def of_scores(frame: pd.DataFrame) -> Plot:
    """Return the distribution of ``fusion_score``."""
    require_rows(len(frame), "there is no bond")
    return distribution(frame["fusion_score"].to_numpy(), FULL - 90, 230)


def touchpoints(result: TouchpointFit, names: NodeNames) -> Plot:
    """Return the weight of each touchpoint with its interval, and the verdict."""
    del names
    known = result.frame.dropna(subset=["weight", "low", "high"])
    require_rows(len(known), result.verdict)
    rows = known.assign(shown=[name.replace("_", " ") for name in known["touchpoint"]], value=known["weight"])
    plot = interval_dots(rows, "log hazard ratio per unit of exposure", f"Touchpoints before {result.outcome}")
    return titled(plot, plot.title, result.verdict)
