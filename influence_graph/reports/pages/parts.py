"""The parts of a page, ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass, field

from influence_graph.reports.plots import Plot


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
    """

    anchor: str
    heading: str = ""
    text: str = ""
    plots: list[Plot] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    columns: bool = False
    points: list[str] = field(default_factory=list)
