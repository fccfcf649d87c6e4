"""From data to one self-contained HTML page: no scripts, no addresses, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2

from influence_graph.reports.pages.report_sections import bonds, influence, mix, provenance, story
from influence_graph.reports.words import clean, count, minute, named, signed

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.reports.pages.data import ReportData


def render_report(report: ReportData) -> str:
    """Return *report* as one HTML page that needs no network, no scripts and no other file.

    All text is escaped. Sections without data are left out.
    """
    parts = [influence(report), *(story(report, n) for n in range(len(report.stories))), bonds(report)]
    sections = [part for part in (*parts, mix(report), provenance(report)) if part is not None]
    return page_template().render(
        title=clean(report.title),
        lead=clean(report.lead, 2000) or findings(report),
        made=minute(report.generated_at),
        as_of=minute(report.as_of),
        version=clean(report.version),
        store=clean(report.store),
        counts=[(count(number), clean(kind, 40)) for kind, number in (report.counts or {}).items()],
        sections=sections,
    )


def page_template() -> jinja2.Template:
    """Return the template of a page; all that it is given as text is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("influence_graph.reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("report.html.j2")


def findings(report: ReportData) -> str:
    """Return the main findings of *report* as sentences."""
    said = []
    if report.influencers is not None and len(report.influencers):
        said.append(f"{named(report.names, report.influencers['id'].iloc[0])} carries the most influence.")
    if report.bonds is not None and len(report.bonds):
        scores = report.bonds["fusion_score"]
        best, worst = report.bonds.iloc[int(scores.argmax())], report.bonds.iloc[int(scores.argmin())]
        said.append(f"The strongest bond is {_bond(report, best)} at {signed(scores.max(), 2)}.")
        if scores.min() < 0:
            said.append(f"The most damaged is {_bond(report, worst)} at {signed(scores.min(), 2)}.")
    return " ".join(said)


def _bond(report: ReportData, row: pd.Series) -> str:
    return f"{named(report.names, row['consumer'])} and {named(report.names, row['brand'])}"
