"""The sections of the report on bonds: all of them, and single ones term by term."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.fusion.sentences import path_text
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.results import SCORE
from influence_graph.reports.charts.bonds import bond_bars, score_line, score_terms
from influence_graph.reports.pages.campaign_sections import campaign_lines
from influence_graph.reports.pages.parts import Section, Table
from influence_graph.reports.pages.rows import best_and_worst
from influence_graph.reports.words import (
    display_name,
    distinct_labels,
    kind_text,
    name_and_id,
    printable,
    signed,
    time_text,
)
from influence_graph.text import NOT_ON_RECORD

if TYPE_CHECKING:
    from influence_graph.reports.pages.data import BondStory, ReportData
    from influence_graph.reports.plots import Plot

_TERMS_LISTED = 50
_INSTANTS = 2  # times of a series that has one event, at the time of the score: it, and one before it
_TERMS_OPEN = 6  # a table of so many terms is shown without a click


def bond_overview(report: ReportData) -> Section | None:
    """Return the strongest and the most damaged bonds."""
    frame = report.bonds
    if frame is None or frame.empty:
        return None
    best, worst = best_and_worst(frame)
    plots = [
        bond_bars(part.assign(shown=_bond_labels(report, part)), title)
        for part, title in ((best, "Strongest"), (worst.iloc[::-1], "Most damaged"))
        if len(part)
    ]
    listed = pd.concat([best, worst[~worst.index.isin(best.index)]])
    text = (
        "A bond is one consumer and one brand; its Fusion Score adds the points of both directions, decayed over time."
    )
    return Section("bonds", "Bonds", text, plots, [_bond_table(report, listed)])


def _bond_labels(report: ReportData, frame: pd.DataFrame) -> list[str]:
    names, pairs = report.names, list(zip(frame["consumer"], frame["brand"], strict=True))
    labels = [f"{display_name(names, CONSUMER, c, 24)} · {display_name(names, BRAND, b, 24)}" for c, b in pairs]
    return distinct_labels(labels, [f"{c}, {b}" for c, b in pairs])


def _bond_table(report: ReportData, frame: pd.DataFrame) -> Table:
    columns = ["consumer", "id", "brand", "id", SCORE.title, "to brand", "to consumer", "reciprocity", "display"]
    rows = [
        [
            display_name(report.names, CONSUMER, row["consumer"]),
            printable(row["consumer"], 40),
            display_name(report.names, BRAND, row["brand"]),
            printable(row["brand"], 40),
            signed(row["fusion_score"]),
            signed(row["to_brand"]),
            signed(row["to_consumer"]),
            NOT_ON_RECORD if pd.isna(row["reciprocity"]) else f"{row['reciprocity']:.2f}",
            signed(row["display"], 1),
        ]
        for _, row in frame.iterrows()
    ]
    return Table("These bonds with both directions", columns, rows, frozenset(range(4, 9)))


def bond_terms(report: ReportData, number: int) -> Section:
    """Return the bond *number* in detail: its score over time, and the terms that add up to it."""
    story = report.stories[number]
    line = score_over_time(story) if _moves(story) else None
    plots = [plot for plot in (line, _terms_plot(report, story)) if plot is not None]
    ends = (CONSUMER, story.consumer), (BRAND, story.brand)
    consumer, brand = (name_and_id(report.names, *end) for end in ends)
    text = printable(story.text, 4000) or f"The Fusion Score of {consumer} and {brand} is {signed(story.score, 6)}."
    heading = printable(story.title) or " and ".join(display_name(report.names, *end) for end in ends)
    lines = campaign_lines(story.campaigns)
    headed = {f"Campaigns of {display_name(report.names, *ends[1])} in this time": lines} if lines else {}
    return Section(f"story-{number + 1}", heading, text, plots, [_terms_table(report, story)], headed=headed)


def _moves(story: BondStory) -> bool:
    """Return whether there is a time to be seen: all that happened at the very time of the score has none."""
    return story.series is not None and story.series["at"].nunique() > _INSTANTS


def score_over_time(story: BondStory) -> Plot | None:
    """Return the line of a bond's score with its events, None where it has no series."""
    return None if story.series is None or story.series.empty else score_line(story.series)


def _terms_plot(report: ReportData, story: BondStory) -> Plot | None:
    """Return the largest terms in their order, None where there are none."""
    return None if story.contributions.empty else score_terms(story.contributions, story.score, report.names)


def _terms_table(report: ReportData, story: BondStory) -> Table:
    columns = ["when", "event", "path", "term", "points", "decay", "share", "contribution"]
    rows = [
        [
            time_text(row["at"]),
            kind_text(row["kind"]),
            printable(path_text(row.to_dict(), story.consumer, story.brand, report.names), 160),
            printable(row["term"]),
            signed(row["points"]),
            f"{row['decay']:.1%}",
            f"{row['share']:.3g}",
            signed(row["contribution"], 6),
        ]
        for _, row in story.contributions.head(_TERMS_LISTED).iterrows()
    ]
    listed, count = len(rows), len(story.contributions)
    caption = "All terms" if listed == count else f"The first {listed} of {count} terms"
    return Table(caption, columns, rows, frozenset({4, 5, 6, 7}), folded=listed > _TERMS_OPEN)
