"""The sections of the report on the whole store: each returns its part, or None where there is no data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from influence_graph.analyses.ranking.links import lifted_sentence
from influence_graph.model.json_values import json_text
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.results import RANK, kind_of
from influence_graph.reports.charts.bonds import distribution
from influence_graph.reports.charts.brand import sales
from influence_graph.reports.charts.parts import axis_title
from influence_graph.reports.charts.ranking import ranking_plot
from influence_graph.reports.charts.touchpoints import touchpoint_bars
from influence_graph.reports.pages.again import Origin, again
from influence_graph.reports.pages.parts import Section, Table
from influence_graph.reports.pages.rows import best_kept, drawn
from influence_graph.reports.words import date_text, integer_text, node_labels, printable, time_text
from influence_graph.text import count_text

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.reports.pages.data import KeptRanking, ReportData

_OPEN = 2  # so many tables of kept rankings are shown without a click
_RUNS = 20
_SOLD = 3  # brands whose sales are drawn
_SIDES = {"to_brand": "consumer to brand", "to_consumer": "brand to consumer"}


def influencers(report: ReportData) -> Section | None:
    """Return the top of the PageRank, and the convergence of the calculation."""
    if report.influencers is None or report.influencers.empty:
        return None
    top = drawn(report.influencers)
    labels = _labels(report, top)
    plot = ranking_plot(top[["id", "label", "score"]].assign(shown=labels), RANK)
    counts = [name for name in ("linked_by", "mutual") if name in top]
    rows = [
        [
            label,
            printable(row["id"], 40),
            printable(row["label"]),
            f"{row['score']:.6g}",
            *(integer_text(row[each]) for each in counts),
        ]
        for label, (_, row) in zip(labels, top.iterrows(), strict=True)
    ]
    columns = ["name", "id", "label", axis_title(RANK), *(name.replace("_", " ") for name in counts)]
    table = Table("The same as a table", columns, rows, frozenset(range(3, len(columns))))
    heading, text = _ranked_by_ties(report, top) if report.of_ties else _ranked_by_interactions()
    return Section("influence", heading, text, [replace(plot, title="", note=_convergence(report))], [table])


def _ranked_by_ties(report: ReportData, top: pd.DataFrame) -> tuple[str, str]:
    """Return heading and text of a ranking of people, with those whose links are all mutual."""
    text = "A link counts for more when it comes from those who are themselves linked to."
    lifted = printable(lifted_sentence(top, report.names), 1000)
    who = "Best connected" if report.of_friends else "Most influential"
    return f"{who} by {RANK.title}", f"{text} {lifted}".strip()


def _ranked_by_interactions() -> tuple[str, str]:
    text = (
        "Links are interactions of consumers and brands, good and bad alike: a high rank is attention, not approval, "
        "and does not say who moves whom."
    )
    return f"Most dealt with, by {RANK.title}", text


def _labels(report: ReportData, frame: pd.DataFrame) -> list[str]:
    labels = frame["label"].tolist() if "label" in frame else [CONSUMER] * len(frame)
    return node_labels(report.names, labels, frame["id"].tolist())


def _convergence(report: ReportData) -> str:
    """Return whether the ranking converged, with its residual."""
    end = report.convergence
    if end is None:
        return ""
    verdict = "converged" if end.residual <= end.tolerance else "did not converge"
    return (
        f"{end.algorithm} {verdict} after {count_text(end.iterations, 'iteration')}: residual {end.residual:.1e} "
        f"(L1), limit {end.tolerance:.0e}, damping {end.damping_factor:g}."
    )


def kept_rankings(report: ReportData) -> Section | None:
    """Return the ten best of each ranking that the store keeps, under its title in the table of results."""
    kept = [each for each in report.rankings if len(each.frame)]
    if not kept:
        return None
    tables = [_kept_table(report, each, folded=len(kept) > _OPEN) for each in kept]
    text = "The ten best of each measure, as its current run wrote them into the store."
    return Section("kept-rankings", "Kept rankings", text, tables=tables)


def _kept_table(report: ReportData, kept: KeptRanking, *, folded: bool) -> Table:
    top = best_kept(kept.frame)
    rows = [
        [str(rank), label, printable(row["id"], 40), printable(row.get("label", "")), f"{row['score']:.6g}"]
        for rank, (label, (_, row)) in enumerate(zip(_labels(report, top), top.iterrows(), strict=True), 1)
    ]
    kind = kind_of(kept.kind)
    unit = next((column.unit for column in kind.columns if column.name == "score"), "")
    score = f"score ({unit})" if unit else "score"
    caption = f"{kind.title}: run {printable(kept.run, 40)} of {date_text(kept.started_at)}"
    return Table(caption, ["rank", "name", "id", "label", score], rows, frozenset({0, 4}), folded)


def network(report: ReportData) -> Section | None:
    """Return the network of people and brands."""
    if report.network is None:
        return None
    text = (
        "Who is joined by more and stronger links stands together and has one color: a community. A line is a tie or a "
        "bond, teal where its Fusion Score is above zero, red where it is below. Larger is who has more links."
    )
    return Section("network", "The network and its communities", text, network=report.network)


def overview(report: ReportData) -> Section | None:
    """Return the distribution of bonds, and the number of interactions by touchpoint."""
    plots = []
    if report.bonds is not None and len(report.bonds):
        plots.append(distribution(report.bonds["fusion_score"].to_numpy()))
    if report.touchpoints is not None and len(report.touchpoints):
        frame = report.touchpoints.assign(
            shown=[printable(name).replace("_", " ") for name in report.touchpoints["touchpoint"]],
            side=[_SIDES.get(str(side), printable(side)) for side in report.touchpoints["direction"]],
        )
        plots.append(touchpoint_bars(frame))
    return Section("overview", "Bonds and touchpoints overall", "", plots, columns=True) if plots else None


def sales_over_time(report: ReportData) -> Section | None:
    """Return the sales of the brands that sold most, with their campaigns marked."""
    if report.sales is None or report.sales.empty:
        return None
    totals = report.sales.groupby("brand")["value"].sum().sort_values(ascending=False, kind="stable")
    sold = list(totals.index[:_SOLD])
    names = node_labels(report.names, [BRAND] * len(sold), sold)
    plots = [
        sales(report.sales[report.sales["brand"] == brand], _campaigns(report, brand), name)
        for brand, name in zip(sold, names, strict=True)
    ]
    more = len(totals) - len(sold)
    which = f" The {len(sold)} brands that sold most; {more:,} more have sales on record." if more > 0 else ""
    text = f"That sales follow a campaign does not prove that it caused them.{which}"
    return Section("sales", "Sales", text, plots)


def _campaigns(report: ReportData, brand: str) -> list[Any]:
    if report.campaigns is None:
        return []
    return list(report.campaigns.loc[report.campaigns["brand"] == brand, "at"])


def provenance(report: ReportData) -> Section:
    """Return how to get the figures again, and the runs that the store keeps."""
    tables = []
    if report.runs is not None and len(report.runs):
        columns = ["run", "kind", "status", "started", "input", "version", "requested"]
        rows = [_run(run) for _, run in report.runs.head(_RUNS).iterrows()]
        tables.append(Table("Runs, newest first", columns, rows))
    origin = Origin(report.store, report.commands, report.digest)
    return again(origin, report.as_of, report.unknown_kinds, tables)


def _run(run: pd.Series) -> list[str]:
    return [
        printable(run["id"], 40),
        printable(run["kind"]),
        printable(run["status"]),
        time_text(run["started_at"]),
        printable(run["input_digest"], 24),
        printable(run["version"]),
        printable(_compact(run["parameters"]), 300),
    ]


def _compact(parameters: object) -> str:
    if isinstance(parameters, str):
        return parameters
    return json_text(parameters, ensure_ascii=False, sort_keys=True)
