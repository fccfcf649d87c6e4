"""The plots of what changed: how far bonds, nodes, pairs and seeds rose and fell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from influence_graph.errors import InputError
from influence_graph.model.results import kind_of
from influence_graph.reports.charts.changes import changed_bonds, changed_results
from influence_graph.reports.results.parts import require_rows
from influence_graph.reports.words import date_text

if TYPE_CHECKING:
    from influence_graph.analyses.changes.bonds import BondChanges
    from influence_graph.analyses.changes.overall import Changes
    from influence_graph.analyses.changes.results import ResultChanges
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.plots import Plot


def bonds(result: BondChanges, names: NodeNames) -> Plot:
    """Return how far the bonds that changed most rose and fell, in points."""
    require_rows(len(result.bonds), "no Fusion Score changed")
    days = f"{date_text(result.start_at)} to {date_text(result.end_at)}"
    return changed_bonds(result.bonds, names, f"Changes of bonds from {days}")


def results(result: ResultChanges, names: NodeNames) -> Plot:
    """Return how far those that changed most rose and fell."""
    require_rows(len(result.rows), f"{kind_of(result.kind).title} did not change")
    return changed_results(result.kind, result.rows, names)


def overall(result: Changes, names: NodeNames) -> Plot:
    """Return what changed most: of bonds, else of the first other kind that changed."""
    if result.bonds is not None and len(result.bonds.bonds):
        return bonds(result.bonds, names)
    changed = next((each for each in result.results if len(each.rows)), None)
    if changed is None:
        raise InputError("there is nothing to draw: no result changed", remedy="see its repr, or `.to_frame()`")
    return results(changed, names)
