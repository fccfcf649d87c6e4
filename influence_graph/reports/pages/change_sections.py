"""The section of the report on what changed since an earlier recalculation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from influence_graph.analyses.changes.sentences import cause_text
from influence_graph.model.names import BRAND
from influence_graph.model.results import RANK
from influence_graph.reports.charts.changes import changed_bonds, changed_results
from influence_graph.reports.pages.parts import Section, Table
from influence_graph.reports.plots import Plot
from influence_graph.reports.words import integer_text, name_and_id, printable, signed

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.analyses.changes.bonds import BondChanges
    from influence_graph.analyses.changes.overall import Changes
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.pages.data import ReportData

_BRANDS = 10  # in the table
_LINE = 600  # characters of a sentence


def what_changed(report: ReportData) -> Section | None:
    """Return who rose, who fell and why, since an earlier recalculation; None where there is no other."""
    changes = report.changes
    if changes is None:
        return None
    bonds = None if changes.bonds is None or changes.bonds.bonds.empty else changes.bonds
    points = [printable(line.strip(), _LINE) for line in changes.sentences()]
    text = (
        "Scores are sums over events: each change is that of the events named, exactly. "
        "What came from others than those on record is left open."
    )
    heading = f"What changed since {changes.start_at:%Y-%m-%d %H:%M %Z}"
    tables = [] if bonds is None else [_brands(bonds, changes.names)]
    return Section("changes", heading, text, _plots(changes), tables, points=points)


def _plots(changes: Changes) -> list[Plot]:
    """Return the changes of bonds, and those of the PageRank, where there are any."""
    bonds = changes.bonds
    plots = [] if bonds is None or bonds.bonds.empty else [changed_bonds(bonds.bonds, changes.names)]
    ranked = (each for each in changes.results if each.kind == RANK.kind and len(each.rows))
    return [*plots, *(changed_results(each.kind, each.rows, changes.names) for each in ranked)]


def _brands(bonds: BondChanges, names: NodeNames) -> Table:
    first = bonds.causes.drop_duplicates("brand").set_index("brand")
    rows = [
        [
            name_and_id(names, BRAND, row["brand"]),
            signed(row["change"]),
            integer_text(row["rose"]),
            integer_text(row["fell"]),
            printable(cause_text(first.loc[row["brand"]].to_dict(), names), _LINE)
            if row["brand"] in first.index
            else "",
        ]
        for row in bonds.brands.head(_BRANDS).to_dict("records")
    ]
    columns = ["brand", "change (points)", "bonds that rose", "that fell", "first cause"]
    return Table("Brands whose bonds changed most", columns, rows, frozenset({1, 2, 3}))


def _cause(first: pd.DataFrame, brand: str, names: NodeNames) -> str:
    return printable(cause_text(first.loc[brand].to_dict(), names), _LINE) if brand in first.index else ""
