"""The report: influencers, bonds and touchpoints of a store on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from influence_graph.model.results import RANK
from influence_graph.reports.pages.bond_sections import bond_overview, bond_terms
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.report_sections import (
    influencers,
    kept_rankings,
    overview,
    provenance,
    sales_over_time,
)
from influence_graph.reports.words import display_name, signed

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.reports.pages.data import ReportData


def render_report(report: ReportData) -> str:
    """Return *report* as one HTML page that needs no network, no scripts and no other file.

    All text is escaped. Sections without data are left out.
    """
    sections = [
        influencers(report),
        *(bond_terms(report, number) for number in range(len(report.stories))),
        bond_overview(report),
        overview(report),
        sales_over_time(report),
        kept_rankings(report),
        provenance(report),
    ]
    return render_page(
        Page(
            title=report.title,
            sections=[section for section in sections if section is not None],
            lead=report.lead or main_findings(report),
            tiles=[(number, kind) for kind, number in (report.counts or {}).items()],
            generated_at=report.generated_at,
            as_of=report.as_of,
            store=report.store,
            version=report.version,
        )
    )


def main_findings(report: ReportData) -> str:
    """Return the node with the highest PageRank, and the highest and lowest Fusion Score, as sentences."""
    sentences = []
    if report.influencers is not None and len(report.influencers):
        first = display_name(report.names, report.influencers["id"].iloc[0])
        sentences.append(f"{first} has the highest {RANK.title}.")
    if report.bonds is not None and len(report.bonds):
        scores = report.bonds["fusion_score"]
        best, worst = report.bonds.iloc[int(scores.argmax())], report.bonds.iloc[int(scores.argmin())]
        sentences.append(f"The strongest bond is {_bond(report, best)} at {signed(scores.max(), 2)}.")
        if scores.min() < 0:
            sentences.append(f"The most damaged is {_bond(report, worst)} at {signed(scores.min(), 2)}.")
    return " ".join(sentences)


def _bond(report: ReportData, row: pd.Series) -> str:
    return f"{display_name(report.names, row['consumer'])} and {display_name(report.names, row['brand'])}"
