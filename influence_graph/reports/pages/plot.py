"""The one writer of plots: a file of SVG or PNG, or a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from influence_graph.files import write_whole
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.parts import Section
from influence_graph.reports.plots import Plot, check_suffix
from influence_graph.reports.theme import standalone, to_png


def write_plot(path: Path, plot: Plot, page: Callable[[], str] | None = None) -> None:
    """Write *plot* in the format that the ending of *path* names: .svg, .png or .html.

    Args:
        path: The file; it appears whole or not at all.
        plot: What to draw.
        page: Returns the HTML page to write; default: a page with the plot alone.

    Raises:
        InputError: the ending is unknown, or *path* cannot be written.
    """
    check_suffix(path)
    if path.suffix.lower() == ".html":
        write_whole(path, page() if page else render_plot(plot))
        return
    svg = standalone(plot.svg, plot.title, plot.note)
    write_whole(path, to_png(svg) if path.suffix.lower() == ".png" else svg)


def render_plot(plot: Plot) -> str:
    """Return a page with *plot* under its title."""
    return render_page(Page(plot.title, [Section("plot", plots=[replace(plot, title="")])]))
