"""The plots of how far bonds, nodes, pairs and seeds rose and fell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.results import kind_of
from influence_graph.reports.charts.bonds import bond_bars
from influence_graph.reports.words import distinct_labels, node_labels

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.model.names import NodeNames
    from influence_graph.reports.plots import Plot

_ROWS = 20  # drawn
_LIMIT = 22  # characters of a name in a pair


def changed_bonds(bonds: pd.DataFrame, names: NodeNames, title: str = "Changes of bonds") -> Plot:
    """Return how far the first of *bonds* (consumer, brand, change) rose and fell, in points; at least one row."""
    labels = _pairs(bonds, ("consumer", CONSUMER), ("brand", BRAND), names)
    return _bars(bonds, labels, title, "change (points)", 2)


def changed_results(kind: str, rows: pd.DataFrame, names: NodeNames) -> Plot:
    """Return how far the first of *rows* (ids, change) of *kind* rose and fell; at least one row."""
    first = rows.head(_ROWS)
    if "source" in first:
        labels = _pairs(first, ("source", CONSUMER), ("target", CONSUMER), names)
    else:
        nodes = first["label"].tolist() if "label" in first else [CONSUMER] * len(first)
        labels = node_labels(names, nodes, first["id"].astype(str).tolist(), _LIMIT)
    return _bars(rows, labels, f"Changes: {kind_of(kind).title}", "change", 6)


def _pairs(frame: pd.DataFrame, first: tuple[str, str], second: tuple[str, str], names: NodeNames) -> list[str]:
    ids = [frame[column].head(_ROWS).astype(str).tolist() for column, _ in (first, second)]
    ends = [
        [names.of(label, id_) or id_ for id_ in each] for each, (_, label) in zip(ids, (first, second), strict=True)
    ]
    shown = [f"{one[:_LIMIT]} – {two[:_LIMIT]}" for one, two in zip(*ends, strict=True)]
    return distinct_labels(shown, [f"{one}, {two}" for one, two in zip(*ids, strict=True)])


def _bars(frame: pd.DataFrame, labels: list[str], title: str, axis: str, digits: int) -> Plot:
    rows = frame.head(_ROWS).assign(shown=labels, fusion_score=frame["change"].head(_ROWS))
    more = len(frame) - len(rows)
    plot = bond_bars(rows[["shown", "fusion_score"]], title, axis, digits)
    note = f"{more:,} smaller changes are not drawn." if more else ""
    return replace(plot, title=title, note=f"{plot.note} {note}".strip())
