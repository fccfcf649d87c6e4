"""The parts of a page, ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from influence_graph.reports.plots import Plot

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes:
        caption: What it holds.
        columns: Heading of each column.
        rows: One text per column.
        numbers: Indices of the columns that are set flush right.
        folded: Whether it is closed until the reader opens it.
    """

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numbers: frozenset[int] = frozenset()
    folded: bool = True


@dataclass(frozen=True, eq=False)
class Network:
    """People and brands and what joins them, laid out to be drawn.

    Attributes:
        nodes: One row per node: id, label (Consumer or Brand), name ("" where none is known), size (≥ 0, its number
            of links in the whole graph), group (number of its community, 1 for the largest), x and y (no unit).
        edges: One row per pair: source and target (row numbers in ``nodes``), weight (≥ 0), sign (-1 or 1 by the
            Fusion Score of a bond; -1 for a tie of negative weight; else 0) and kind ("tie" or "bond").
        note: What was left out, and how to choose; "" where all is drawn.
        caption: What is drawn, for readers who see it and for those who do not.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    note: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Section:
    """One part of a page.

    Attributes:
        anchor: Its address in the page.
        heading: Its title; "" on a page with one section.
        text: A paragraph.
        plots: Shown under the text.
        tables: Shown under the plots.
        columns: Whether the plots stand side by side.
        points: A list of sentences under the text.
        headed: Further lists of sentences under the points, each under its own heading.
        network: A network to zoom and to search, under the text.
        commands: Lines for a shell, under the points; "": none.
    """

    anchor: str
    heading: str = ""
    text: str = ""
    plots: list[Plot] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    columns: bool = False
    points: list[str] = field(default_factory=list)
    headed: dict[str, list[str]] = field(default_factory=dict)
    network: Network | None = None
    commands: str = ""
