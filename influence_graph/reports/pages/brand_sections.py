"""The sections of the brand page: each returns its part of a view, or None where there is no data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.brand.compare import compare, frame_of, measures
from influence_graph.analyses.intervals import TOO_FEW
from influence_graph.model.names import BRAND, CONSUMER, NodeNames
from influence_graph.model.results import SCORE
from influence_graph.reports.charts.bonds import distribution
from influence_graph.reports.charts.brand import interval_dots, lorenz_curve, sales, trend, value_bars
from influence_graph.reports.charts.parts import axis_title
from influence_graph.reports.charts.touchpoints import valence_bars
from influence_graph.reports.pages.parts import Section, Table
from influence_graph.reports.words import (
    NONE,
    date_text,
    integer_text,
    node_labels,
    printable,
    range_text,
    signed,
)

if TYPE_CHECKING:
    from influence_graph.analyses.brand.view import BrandView
    from influence_graph.reports.plots import Plot

_NEIGHBORS = 12
_VALENCES = ("positive", "neutral", "negative")


def comparison(views: Sequence[BrandView], names: NodeNames) -> Section:
    """Return two brands side by side: a table of measures, and both trends."""
    shown = _labels(names, BRAND, [view.brand for view in views])
    frame = frame_of(compare(views[0], views[1]), shown[0], shown[1])
    rows = [[printable(cell) for cell in row] for row in frame.itertuples(index=False)]
    columns = [printable(name) for name in frame.columns]
    table = Table("All measures", columns, rows, frozenset({1, 2, 3}), folded=False)
    lines = pd.concat([view.health.trend.assign(shown=name) for view, name in zip(views, shown, strict=True)])
    text = (
        "Differences are the first less the second, with 95 % intervals that take the two as independent; "
        "consumers whom both share make them approximate."
    )
    plots = [trend(lines, [])] if lines["at"].nunique() > 1 else []
    return Section("comparison", "Side by side", text, plots, [table])


def health(view: BrandView, name: str) -> Section:
    """Return the distribution of bonds, and their sum over time."""
    part = view.health
    plots = []
    if part.trend["at"].nunique() > 1:
        plots.append(trend(part.trend.assign(shown=name), list(view.campaigns["at"])))
    if part.count:
        plots.append(distribution(part.bonds["fusion_score"].to_numpy(), 780, 170))
    tables = []
    if len(part.quantiles):
        rows = [
            [f"{row['quantile']:.0%}", *(signed(row[column]) for column in ("value", "low", "high"))]
            for _, row in part.quantiles.iterrows()
        ]
        columns = ["bonds below", SCORE.title, "95 % from", "to"]
        tables.append(Table("Quantiles of the bonds", columns, rows, frozenset(range(4))))
    return Section("health", "Health", plots=plots, tables=tables, points=part.sentences())


def judgment(view: BrandView) -> Section:
    """Return the valence per touchpoint, and the effect of complaints with and without a recovery."""
    part = view.judgment
    plots, tables = [], []
    if len(part.touchpoints):
        shown = part.touchpoints.assign(
            shown=[printable(name).replace("_", " ") for name in part.touchpoints["touchpoint"]]
        )
        plots.append(valence_bars(shown))
        rows = [
            [
                row["shown"],
                *(integer_text(row[column]) for column in _VALENCES),
                *(_estimate(row[column]) for column in ("mean", "low", "high")),
            ]
            for _, row in shown.iterrows()
        ]
        columns = ["touchpoint", *_VALENCES, "mean valence", "95 % from", "to"]
        tables.append(Table("The same as a table", columns, rows, frozenset(range(1, 7))))
    after_complaints = _after_complaints(view)
    plots += [after_complaints] if after_complaints else []
    return Section("judgment", "Judgment", plots=plots, tables=tables, points=part.sentences())


def votes(view: BrandView) -> Section:
    """Return the votes by feet, wallet and voice, and what was paid for and recognized."""
    rows = [
        [
            printable(row["vote"]),
            *(integer_text(row[column]) for column in ("votes", "consumers", "against")),
            *(TOO_FEW if pd.isna(row[column]) else f"{row[column]:.1%}" for column in ("share", "low", "high")),
        ]
        for _, row in view.votes.frame.iterrows()
    ]
    columns = ["vote", "votes", "consumers", "against", "share against", "95 % from", "to"]
    tables = [Table("Votes", columns, rows, frozenset(range(1, 7)), folded=False)] if rows else []
    return Section(
        "votes", "Votes and gifts", "", [], tables, points=[*view.votes.sentences(), *view.giving.sentences()]
    )


def _estimate(value: float) -> str:
    return "too few" if pd.isna(value) else signed(value, 2)


def _after_complaints(view: BrandView) -> Plot | None:
    """Return the change of the score after complaints, with and without a recovery."""
    part = view.judgment.recovery
    pairs = (("with a recovery", part.after_recovery), ("without", part.after_none))
    rows = [(name, change.value, change.low, change.high) for name, change in pairs if change is not None]
    if not rows or not part.answers:
        return None
    frame = pd.DataFrame(rows, columns=["shown", "value", "low", "high"])
    axis = f"mean change of the score, {part.days:g} days after a complaint"
    note = "Recoveries were not assigned at random: this is a description, not proof of an effect."
    return replace(interval_dots(frame, axis, "Change of the score after a complaint"), note=note)


def sales_over_time(view: BrandView) -> Section | None:
    """Return the sales over time with the campaigns marked, None where no sales are on record."""
    if view.sales.empty:
        return None
    text = "What was sold, and when there was a campaign: that one follows the other does not prove that it caused it."
    return Section("sales", "Sales", text, [sales(view.sales, list(view.campaigns["at"]), "")])


def profit(view: BrandView) -> Section:
    """Return sales per segment, and customers by the number of days on which they bought."""
    part = view.profit
    plots, tables = [], []
    if len(part.frequency):
        ranges = [range_text(low, high) for low, high in zip(part.frequency["from"], part.frequency["to"], strict=True)]
        wanted = [("customers", "Customers by days with a purchase"), ("value", "Value by days with a purchase")]
        for column, title in wanted if part.value is not None else wanted[:1]:
            frame = pd.DataFrame({"shown": ranges, "value": part.frequency[column].astype(float)})
            plots.append(value_bars(frame, column, title, ",.0f"))
    if len(part.sales):
        rows = [
            [
                printable(row["segment"]) or NONE,
                integer_text(row["days"]),
                *map(date_text, (row["first"], row["last"])),
                *map(_plain, (row["total"], row["per_day"])),
            ]
            for _, row in part.sales.iterrows()
        ]
        columns = ["segment", "days", "first", "last", "total", "per day"]
        tables.append(Table("Sales", columns, rows, frozenset({1, 4, 5}), folded=len(rows) > 6))
    return Section("profit", "Profit", "", plots, tables, columns=True, points=part.sentences())


def carriers(view: BrandView, names: NodeNames) -> Section | None:
    """Return how the positive bonds are concentrated, and the strongest of them."""
    part = view.carriers
    if not part.count:
        return None
    top = part.strongest
    shown = _labels(names, CONSUMER, top["consumer"].tolist())
    influencers = [value is True for value in top["influencer"]]
    frame = pd.DataFrame({"shown": shown, "value": top["fusion_score"], "marked": influencers})
    note = "The second color marks influencers." if any(influencers) else ""
    plots = [
        lorenz_curve(part.lorenz),
        replace(value_bars(frame, axis_title(SCORE, "fusion_score"), "Strongest bonds"), note=note),
    ]
    rows = [
        [
            name,
            printable(row["consumer"], 40),
            signed(row["fusion_score"]),
            f"{row['share']:.2%}",
            _yes(row["influencer"]),
        ]
        for name, (_, row) in zip(shown, top.iterrows(), strict=True)
    ]
    columns = ["name", "id", SCORE.title, "share", "influencer"]
    table = Table("The strongest as a table", columns, rows, frozenset({2, 3}))
    return Section("carriers", "Carriers", "", plots, [table], columns=True, points=part.sentences())


def _labels(names: NodeNames, label: str, ids: list[str]) -> list[str]:
    return node_labels(names, [label] * len(ids), ids, 26)


def _yes(value: object) -> str:
    return NONE if value is None else "yes" if value else "no"


def neighbors(view: BrandView, names: NodeNames) -> Section:
    """Return the brands that share consumers with this one or are named with it."""
    part = view.neighbors
    top = part.brands.head(_NEIGHBORS)
    shown = _labels(names, BRAND, top["brand"].tolist())
    plots = []
    for column, title in (("shared", "Consumers of both"), ("named", "Named or worn together")):
        frame = pd.DataFrame({"shown": shown, "value": top[column].astype(float)})
        frame = frame[frame["value"] > 0]
        if len(frame):
            plots.append(value_bars(frame, column, title, ",.0f"))
    rows = [
        [
            name,
            printable(row["brand"], 40),
            *(integer_text(row[column]) for column in ("shared", "named", "audience")),
            f"{row['jaccard']:.3f}",
            _lift(row),
        ]
        for name, (_, row) in zip(shown, top.iterrows(), strict=True)
    ]
    columns = ["brand", "id", "shared", "named together", "its consumers", "Jaccard", "lift (95 %)"]
    tables = [Table("All values", columns, rows, frozenset(range(2, 7)))] if rows else []
    return Section("neighbors", "Neighboring brands", "", plots, tables, columns=True, points=part.sentences(names))


def _lift(row: pd.Series) -> str:
    return "too few" if pd.isna(row["lift"]) else f"{row['lift']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def method(view: BrandView) -> Section:
    """Return the method of every measure."""
    rows = [
        [
            printable(row["measure"]),
            *(_plain(row[column]) for column in ("value", "low", "high")),
            printable(row["method"]),
        ]
        for _, row in measures([view]).iterrows()
    ]
    columns = ["measure", "value", "95 % from", "to", "method"]
    tables = [Table("Every measure, its interval and method", columns, rows, frozenset({1, 2, 3}))]
    text = (
        "A bond is one consumer and the brand; its Fusion Score adds the points of both directions, decayed over "
        "time. Brackets hold 95 % intervals. Below ten consumers nothing is estimated."
    )
    return Section("method", "Methods", text, [], tables)


def _plain(value: object) -> str:
    return NONE if pd.isna(value) else f"{value:,.6g}"  # type: ignore[call-overload]
