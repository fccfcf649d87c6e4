"""One bond over time as a file: the plot alone (SVG, PNG), or a page with its terms (HTML)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from influence_graph.errors import InputError
from influence_graph.reports.pages.bond_sections import score_over_time
from influence_graph.reports.pages.plot import write_plot
from influence_graph.reports.pages.report import render_report
from influence_graph.reports.plots import check_suffix

if TYPE_CHECKING:
    from influence_graph.reports.pages.data import ReportData


def write_story(path: Path, report: ReportData) -> None:
    """Write the first bond of *report* in the format that the ending of *path* names.

    Raises:
        InputError: the ending is unknown, there are no events to draw, or *path* cannot be written.
    """
    check_suffix(path)
    plot = score_over_time(report.stories[0])
    if plot is None:
        raise InputError("there is no plot: no event has reached this bond yet", remedy="name a bond with events")
    titled = replace(plot, title=f"{report.title}: score over time")
    write_plot(path, titled, lambda: render_report(report))
