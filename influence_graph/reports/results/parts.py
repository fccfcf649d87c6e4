"""What the plots of results share: names beside ids, and nothing to draw."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from influence_graph.errors import InputError
from influence_graph.model.names import CONSUMER, NodeNames
from influence_graph.reports.plots import Plot
from influence_graph.reports.words import node_labels


def require_rows(count: int, what: str) -> None:
    """Refuse to draw nothing.

    Raises:
        InputError: *count* is 0.
    """
    if not count:
        raise InputError(f"there is nothing to draw: {what}", remedy="see its repr, or `.to_frame()`")


def shown(frame: pd.DataFrame, names: NodeNames, rows: int = 20) -> pd.DataFrame:
    """Return the first *rows* of *frame* (id, and label where there are labels) with distinct names as ``shown``.

    The attribute ``of`` tells how many rows there are in all.
    """
    first = frame.head(rows)
    ids = first["id"].astype(str).tolist()
    labels = first["label"].astype(str).tolist() if "label" in first else [CONSUMER] * len(ids)
    return first.assign(shown=node_labels(names, labels, ids))


def titled(plot: Plot, title: str, note: str = "") -> Plot:
    """Return *plot* with another title, and *note* after its own."""
    return replace(plot, title=title, note=f"{plot.note} {note}".strip())
