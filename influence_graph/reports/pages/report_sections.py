"""The sections of the page: each takes the data and gives its part, or None where there is no data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from influence_graph.reports.charts.report import (
    bond_bars,
    distribution,
    ranking,
    score_line,
    touchpoint_bars,
    waterfall,
)
from influence_graph.reports.pages.parts import Figure, Section, Table
from influence_graph.reports.words import clean, count, day, distinct_labels, minute, named, signed

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.reports.pages.data import BondStory, ReportData

_TOP = 15
_BONDS = 10
_TERMS = 12
_SIDES = {"to_brand": "consumer to brand", "to_consumer": "brand to consumer"}


def influence(report: ReportData) -> Section | None:
    """Return who moves whom: the top of the ranking, and how the calculation ended."""
    if report.influencers is None or report.influencers.empty:
        return None
    top = report.influencers.head(_TOP)
    labels = distinct_labels([named(report.names, id_) for id_ in top["id"]], list(top["id"]))
    drawn = top.assign(shown=labels)
    first = f"{labels[0]} leads with {float(top['score'].iloc[0]):.4g}"
    figure = Figure(ranking(drawn), f"Bars of the {len(top)} highest PageRank scores; {first}.", note=_ended(report))
    rows = [[label, clean(row.id, 40), clean(row.label), f"{row.score:.6g}"] for label, row in _rows(drawn)]
    table = Table("The same as a table", ["name", "id", "label", "score"], rows, frozenset({3}))
    text = "PageRank: a link counts for more when it comes from those who are themselves linked to."
    return Section("influence", "Who moves whom", text, [figure], [table])


def _rows(frame: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    return [(str(row["shown"]), row) for _, row in frame.iterrows()]


def _ended(report: ReportData) -> str:
    """Return how the ranking ended, with its residual."""
    done = report.convergence
    if done is None:
        return ""
    verdict = "converged" if done.residual <= done.tolerance else "did not converge"
    return (
        f"{done.algorithm} {verdict} after {done.iterations} iterations: residual {done.residual:.1e} "
        f"(L1), limit {done.tolerance:.0e}, damping {done.damping_factor:g}."
    )


def bonds(report: ReportData) -> Section | None:
    """Return the strongest and the most damaged bonds, and how all of them are distributed."""
    frame = report.bonds
    if frame is None or frame.empty:
        return None
    ordered = frame.sort_values(["fusion_score", "consumer", "brand"], ascending=[False, True, True])
    count_ = min(_BONDS, len(ordered))
    worst = ordered[ordered["fusion_score"] < 0].tail(count_)
    parts = [(ordered.head(count_), "Strongest"), (worst.iloc[::-1], "Most damaged")]
    figures = []
    for part, heading in parts:
        if len(part):
            drawn = part.assign(shown=_bond_names(report, part))
            first = f"{drawn['shown'].iloc[0]} at {signed(drawn['fusion_score'].iloc[0], 2)}"
            figures.append(Figure(bond_bars(drawn), f"{heading} bonds as bars; the first is {first}.", heading))
    shown = ordered.head(count_) if worst.empty else ordered.loc[[*ordered.head(count_).index, *worst.index]]
    text = "A bond is one consumer and one brand; its Fusion Score adds what each gave the other, faded by time."
    return Section("bonds", "Bonds", text, figures, [_bond_table(report, shown[~shown.index.duplicated()])])


def _bond_names(report: ReportData, frame: pd.DataFrame) -> list[str]:
    pairs = list(zip(frame["consumer"], frame["brand"], strict=True))
    labels = [f"{named(report.names, c, 24)} · {named(report.names, b, 24)}" for c, b in pairs]
    return distinct_labels(labels, [f"{c}, {b}" for c, b in pairs])


def _bond_table(report: ReportData, frame: pd.DataFrame) -> Table:
    columns = ["consumer", "brand", "Fusion Score", "to brand", "to consumer", "reciprocity", "display"]
    rows = [
        [
            named(report.names, row["consumer"]),
            named(report.names, row["brand"]),
            signed(row["fusion_score"]),
            signed(row["to_brand"]),
            signed(row["to_consumer"]),
            f"{row['reciprocity']:.2f}",
            signed(row["display"], 1),
        ]
        for _, row in frame.iterrows()
    ]
    return Table("These bonds with both directions", columns, rows, frozenset(range(2, 7)))


def story(report: ReportData, number: int) -> Section:
    """Return one bond in detail: its score over time, and the terms that add up to it."""
    told = report.stories[number]
    consumer, brand = named(report.names, told.consumer), named(report.names, told.brand)
    figures = [figure for figure in (score_over_time(told), _waterfall(report, told)) if figure is not None]
    text = clean(told.text, 4000) or f"{consumer} and {brand} stand at {signed(told.score, 6)}."
    heading = clean(told.title) or f"{consumer} and {brand}"
    return Section(f"story-{number + 1}", heading, text, figures, [_terms(told)])


def score_over_time(told: BondStory) -> Figure | None:
    """Return the line of a bond's score with its events, None where it has no series."""
    if told.series is None or told.series.empty:
        return None
    series = told.series.sort_values("at", kind="stable")
    marked = series["event_id"].fillna("").astype(str) != ""
    texts = [clean(text, 60) if mark else "" for text, mark in zip(series["label"].fillna(""), marked, strict=True)]
    svg = score_line(series[["at", "score"]].assign(label=texts))
    events = series[marked.to_numpy()]
    scores = ", ".join(f"{signed(s)} on {day(t)}" for s, t in zip(events["score"], events["at"], strict=True))
    return Figure(svg, f"Line of the Fusion Score over time: {scores or 'no events'}.", "The score over time")


def _waterfall(report: ReportData, told: BondStory) -> Figure | None:
    terms = told.contributions
    if terms.empty:
        return None
    largest = terms["contribution"].abs().nlargest(_TERMS).index
    drawn = terms.loc[sorted(largest, key=list(terms.index).index), ["at", "kind", "via", "contribution"]]
    labels = [
        f"{day(row['at'])} {clean(row['kind'] or 'event', 20)}"
        + (f" via {named(report.names, row['via'], 20)}" if row["via"] else "")
        for _, row in drawn.iterrows()
    ]
    drawn = drawn.assign(shown=distinct_labels(labels, list(terms.loc[drawn.index, "event_id"])))
    rest = len(terms) - len(drawn)
    if rest:
        others = terms["contribution"].sum() - drawn["contribution"].sum()
        drawn.loc[max(drawn.index) + 1] = {"shown": f"{rest} smaller terms", "contribution": others}
    parts = ", ".join(
        f"{label} {signed(step)}" for label, step in zip(drawn["shown"], drawn["contribution"], strict=True)
    )
    alt = f"Waterfall of terms: {parts}; together {signed(told.score)}."
    return Figure(waterfall(drawn, told.score), alt, "What it is made of")


def _terms(told: BondStory) -> Table:
    columns = ["when", "event", "path", "term", "points", "faded to", "share", "contribution"]
    rows = [
        [
            minute(row["at"]),
            clean(row["kind"] or "event", 40),
            clean(row["path"], 90),
            clean(row["term"]),
            signed(row["points"]),
            f"{row['decay']:.1%}",
            f"{row['share']:.3g}",
            signed(row["contribution"], 6),
        ]
        for _, row in told.contributions.head(50).iterrows()
    ]
    return Table("Every term, as it was added", columns, rows, frozenset({4, 5, 6, 7}), folded=len(rows) > 6)


def mix(report: ReportData) -> Section | None:
    """Return how bonds are distributed, and by which touchpoints consumers and brands met."""
    figures = []
    if report.bonds is not None and len(report.bonds):
        scores = report.bonds["fusion_score"].to_numpy()
        below, low, high = int((scores < 0).sum()), signed(scores.min(), 2), signed(scores.max(), 2)
        said = f"{count(len(scores))} bonds, {count(below)} of them below zero, from {low} to {high}."
        figures.append(
            Figure(distribution(scores), f"Histogram of Fusion Scores: {said}", "Distribution of bonds", said)
        )
    if report.touchpoints is not None and len(report.touchpoints):
        frame = report.touchpoints.assign(
            shown=[clean(t).replace("_", " ") for t in report.touchpoints["touchpoint"]],
            side=[_SIDES.get(str(d), clean(d)) for d in report.touchpoints["direction"]],
        ).sort_values("count", ascending=False)
        totals = frame.groupby("shown", sort=False)["count"].sum().sort_values(ascending=False)
        said = ", ".join(f"{name} {count(total)}" for name, total in totals.items())
        figures.append(Figure(touchpoint_bars(frame), f"Bars of interactions per touchpoint: {said}.", "Touchpoints"))
    return Section("mix", "The whole at a glance", "", figures, columns=True) if figures else None


def provenance(report: ReportData) -> Section:
    """Return where the figures come from: runs, digest, parameters, version."""
    facts = [
        ["version", clean(report.version)],
        ["made at", minute(report.generated_at)],
        ["scores as of", minute(report.as_of)],
        ["store", clean(report.store) or "–"],
        ["digest of all records", clean(report.digest) or "–"],
        *([clean(name), clean(value)] for name, value in report.parameters.items()),
    ]
    tables = [Table("How to get the same figures again", ["what", "value"], facts, folded=False)]
    if report.runs is not None and len(report.runs):
        rows = [
            [
                clean(run["id"], 40),
                clean(run["kind"]),
                clean(run["status"]),
                minute(run["started_at"]),
                clean(run["input_digest"], 24),
                clean(run["version"]),
                clean(_compact(run["parameters"]), 300),
            ]
            for _, run in report.runs.head(20).iterrows()
        ]
        tables.append(
            Table("Runs, newest first", ["run", "kind", "status", "started", "input", "version", "parameters"], rows)
        )
    return Section("provenance", "Where these figures come from", tables=tables)


def _compact(parameters: object) -> str:
    if isinstance(parameters, str):
        return parameters
    return json.dumps(parameters, default=str, ensure_ascii=False, sort_keys=True)
