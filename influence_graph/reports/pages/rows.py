"""Which rows of its data a report shows, so that names are looked up for these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from influence_graph.analyses.influencers.result import Influencers
    from influence_graph.reports.pages.data import ReportData

_DRAWN = 15
_KEPT = 10
_BONDS = 10
_FOUND = 20


def shown_rows(report: ReportData) -> list[pd.DataFrame]:
    """Return the rows of *report* that name people and brands."""
    rows = [best_kept(kept.frame) for kept in report.rankings]
    if report.influencers is not None:
        rows.append(drawn(report.influencers))
    if report.found is not None and report.found.result is not None:
        found = found_rows(report.found.result)
        rivals = [id_ for each in found["rivals"] if isinstance(each, str) for id_ in each.split("|")]
        rows += [found[["id"]], pd.DataFrame({"id": rivals})]
    if report.bonds is not None:
        rows += best_and_worst(report.bonds)
    for story in report.stories:
        rows += [pd.DataFrame({"consumer": [story.consumer], "brand": [story.brand]}), story.contributions[["via"]]]
    return rows


def found_rows(result: Influencers) -> pd.DataFrame:
    """Return the rows of those found that are listed: who caused most first."""
    return result.found.sort_values(["caused", "id"], ascending=[False, True]).head(_FOUND)


def drawn(ranking: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the PageRank that are drawn."""
    return ranking.head(_DRAWN)


def best_kept(ranking: pd.DataFrame) -> pd.DataFrame:
    """Return the ten best of a kept ranking, equals by id."""
    return ranking.sort_values(["score", "id"], ascending=[False, True]).head(_KEPT)


def best_and_worst(bonds: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ten highest bonds, best first, and the ten lowest of those below zero, worst last."""
    ordered = bonds.sort_values(["fusion_score", "consumer", "brand"], ascending=[False, True, True])
    return ordered.head(_BONDS), ordered[ordered["fusion_score"] < 0].tail(_BONDS)
