"""The report: influencers, bonds and touchpoints of a store on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.results import RANK
from influence_graph.reports.pages.bond_sections import bond_overview, bond_terms
from influence_graph.reports.pages.change_sections import what_changed
from influence_graph.reports.pages.influencer_sections import found_influencers
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.report_sections import (
    influencers,
    kept_rankings,
    network,
    overview,
    provenance,
    sales_over_time,
)
from influence_graph.reports.pages.rows import best_and_worst
from influence_graph.reports.words import integer_text, name_and_id, signed
from influence_graph.text import count_text

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.reports.pages.data import ReportData


def render_report(report: ReportData) -> str:
    """Return *report* as one HTML page that needs no other file and loads nothing.

    All text is escaped. Sections without data are left out.
    """
    sections = [
        what_changed(report),
        influencers(report),
        found_influencers(report),
        network(report),
        *(bond_terms(report, number) for number in range(len(report.stories))),
        bond_overview(report),
        overview(report),
        sales_over_time(report),
        kept_rankings(report),
        provenance(report),
    ]
    return render_page(
        Page(
            title=report.title or title_of(report),
            sections=[section for section in sections if section is not None],
            lead=report.lead or main_findings(report),
            tiles=[(number, kind) for kind, number in (report.counts or {}).items()],
            generated_at=report.generated_at,
            as_of=report.as_of,
            store=report.store,
            version=report.version,
        )
    )


def title_of(report: ReportData) -> str:
    """Return a heading that is true of the data: without ties nothing says who moves whom."""
    if report.of_ties:
        return "Who knows whom" if report.of_friends else "Who moves whom"
    return "Consumers and brands" if report.influencers is not None else "What the store holds"


def main_findings(report: ReportData) -> str:
    """Return the node with the highest PageRank, and the highest and lowest Fusion Score, as sentences."""
    sentences = []
    if report.influencers is not None and len(report.influencers):
        sentences.append(_first(report, report.influencers.iloc[0]))
    if report.bonds is not None and len(report.bonds):
        best, worst = best_and_worst(report.bonds)
        sentences.append(f"The strongest bond is {_bond(report, best.iloc[0])}.")
        if len(worst):
            sentences.append(f"The most damaged is {_bond(report, worst.iloc[-1])}.")
    return " ".join(filter(None, sentences))


def _first(report: ReportData, row: pd.Series) -> str:
    """Return what the highest PageRank says: influence only of a person who is followed."""
    who = name_and_id(report.names, row["label"], row["id"])
    if not report.of_ties:
        return f"{who} has the highest {RANK.title} of interactions, good and bad alike."
    linked_by, mutual = int(row["linked_by"]), int(row["mutual"])
    if not linked_by:
        return ""
    if mutual == linked_by:
        return f"{who} has the highest {RANK.title}, by {count_text(mutual, 'mutual link')} alone."
    return (
        f"{who} carries the most influence: the highest {RANK.title} of who follows whom, with links from "
        f"{count_text(linked_by, 'other')}, {integer_text(mutual)} of them mutual."
    )


def _bond(report: ReportData, row: pd.Series) -> str:
    ends = (CONSUMER, row["consumer"]), (BRAND, row["brand"])
    return f"{' and '.join(name_and_id(report.names, *end) for end in ends)} at {signed(row['fusion_score'], 2)}"
