"""One bond's story as a file: the plot alone (SVG, PNG), or a page with its terms (HTML)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from influence_graph.errors import InputError
from influence_graph.reports.files import check_suffix, write_atomic
from influence_graph.reports.pages.report import render_report
from influence_graph.reports.pages.report_sections import score_over_time
from influence_graph.reports.theme import standalone, to_png

if TYPE_CHECKING:
    from influence_graph.reports.pages.data import ReportData


def write_story(path: Path, report: ReportData) -> None:
    """Write the first story of *report* in the format that the ending of *path* names.

    Raises:
        InputError: the ending is unknown, nothing has happened that could be drawn, or *path* cannot be written.
    """
    check_suffix(path)
    figure = score_over_time(report.stories[0])
    if figure is None:
        raise InputError("there is no plot: nothing has reached this bond yet", remedy="name a bond with events")
    if path.suffix.lower() == ".html":
        write_atomic(path, render_report(report))
        return
    svg = standalone(figure.svg)
    write_atomic(path, to_png(svg) if path.suffix.lower() == ".png" else svg)
