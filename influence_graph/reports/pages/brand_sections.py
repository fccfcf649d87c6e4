"""The sections of the brand page: each takes a view and gives its part, or None where there is nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.brand.compare import compare, frame_of, measures
from influence_graph.analyses.intervals import count_text
from influence_graph.reports.charts.brand import bars, intervals, lorenz, trend, valence
from influence_graph.reports.charts.report import distribution
from influence_graph.reports.pages.parts import Figure, Section, Table
from influence_graph.reports.words import clean, count, day, distinct_labels, minute, named, signed

if TYPE_CHECKING:
    from influence_graph.analyses.brand.view import BrandView

_TOP = 12


def comparison(views: Sequence[BrandView], names: Mapping[str, str]) -> Section:
    """Return two brands side by side: a table of measures, and both trends."""
    shown = distinct_labels([named(names, view.brand) for view in views], [view.brand for view in views])
    frame = frame_of(compare(views[0], views[1]), shown[0], shown[1])
    rows = [[clean(cell) for cell in row] for row in frame.itertuples(index=False)]
    table = Table("All measures", [clean(name) for name in frame.columns], rows, frozenset({1, 2, 3}), folded=False)
    lines = pd.concat([view.health.trend.assign(shown=name) for view, name in zip(views, shown, strict=True)])
    ends = " and ".join(f"{name} at {signed(view.health.total, 1)}" for view, name in zip(views, shown, strict=True))
    figure = Figure(trend(lines, []), f"Lines of the sum of bonds over time: they end with {ends}.", "Sum of bonds")
    text = (
        "Differences are the first less the second, with 95 % intervals that take the two as independent; "
        "consumers whom both share make them approximate."
    )
    return Section("comparison", "Side by side", text, [figure], [table])


def health(view: BrandView, name: str) -> Section:
    """Return the distribution of bonds, and their sum over time."""
    found = view.health
    line = trend(found.trend.assign(shown=name), list(view.campaigns["at"]))
    first, last = found.trend.iloc[0], found.trend.iloc[-1]
    said = f"from {signed(first['total'], 1)} on {day(first['at'])} to {signed(last['total'], 1)} on {day(last['at'])}"
    marked = (
        f"; {count_text(len(view.campaigns), 'campaign')} {'is' if len(view.campaigns) == 1 else 'are'} marked"
        if len(view.campaigns)
        else ""
    )
    figures = [Figure(line, f"Line of the sum of bonds: {said}{marked}.", "Sum of bonds over time", f"It went {said}.")]
    tables = []
    if found.count:
        scores = found.bonds["fusion_score"].to_numpy()
        low, high = signed(scores.min(), 2), signed(scores.max(), 2)
        said = f"{count(found.count)} bonds, from {low} to {high}; the outer bars hold what lies beyond 99 %."
        figures.append(
            Figure(distribution(scores, 780, 170), f"Histogram of Fusion Scores: {said}", "How bonds are spread", said)
        )
    if len(found.quantiles):
        rows = [
            [f"{row['quantile']:.0%}", *(signed(row[name]) for name in ("value", "low", "high"))]
            for _, row in found.quantiles.iterrows()
        ]
        columns = ["bonds below", "Fusion Score", "95 % from", "to"]
        tables.append(Table("Quantiles of the bonds", columns, rows, frozenset(range(4))))
    return Section("health", "Health", figures=figures, tables=tables, points=found.sentences())


def judgment(view: BrandView) -> Section:
    """Return the valence per touchpoint, and what became of complaints."""
    found = view.judgment
    figures, tables = [], []
    if len(found.touchpoints):
        shown = found.touchpoints.assign(shown=[clean(t).replace("_", " ") for t in found.touchpoints["touchpoint"]])
        felt = ("positive", "neutral", "negative")
        said = "; ".join(f"{r['shown']} " + ", ".join(f"{count(r[f])} {f}" for f in felt) for _, r in shown.iterrows())
        figures.append(Figure(valence(shown), f"Stacked bars of interactions: {said}.", "What consumers gave"))
        rows = [
            [r["shown"], *(count(r[f]) for f in felt), *(_number(r[f]) for f in ("mean", "low", "high"))]
            for _, r in shown.iterrows()
        ]
        columns = ["touchpoint", *felt, "mean valence", "95 % from", "to"]
        tables.append(Table("The same as a table", columns, rows, frozenset(range(1, 7))))
    recovered = _recovery(view)
    figures += [recovered] if recovered else []
    return Section("judgment", "Judgment", figures=figures, tables=tables, points=found.sentences())


def _number(value: float) -> str:
    return "too few" if pd.isna(value) else signed(value, 2)


def _recovery(view: BrandView) -> Figure | None:
    found = view.judgment.recovery
    pairs = (("with a recovery", found.after_recovery), ("without", found.after_none))
    rows = [(name, change.value, change.low, change.high) for name, change in pairs if change is not None]
    if not rows or not found.answers:
        return None
    frame = pd.DataFrame(rows, columns=["shown", "value", "low", "high"])
    said = "; ".join(
        f"{name} {signed(value, 2)} ({signed(low, 2)} to {signed(high, 2)})" for name, value, low, high in rows
    )
    words = "Who was recovered was not left to chance: this describes, it does not prove an effect."
    svg = intervals(frame, f"mean change of the score, {found.days:g} days after a complaint")
    return Figure(
        svg, f"Mean change of the score after complaints: {said}.", "What the bond did after a complaint", words
    )


def profit(view: BrandView) -> Section:
    """Return sales, and customers by the number of days on which they bought."""
    found = view.profit
    figures, tables = [], []
    if len(found.frequency):
        steps = [_step(low, high) for low, high in zip(found.frequency["from"], found.frequency["to"], strict=True)]
        drawn = [("customers", "Customers by days with a purchase"), ("value", "Value they brought")]
        for column, heading in drawn if found.value is not None else drawn[:1]:
            frame = pd.DataFrame({"shown": steps, "value": found.frequency[column].astype(float), "marked": False})
            said = ", ".join(f"{step}: {value:,.0f}" for step, value in zip(steps, frame["value"], strict=True))
            figures.append(
                Figure(bars(frame, column, ",.0f"), f"Bars of {column} by days with a purchase: {said}.", heading)
            )
    if len(found.sales):
        rows = [
            [
                clean(r["segment"]) or "–",
                count(r["days"]),
                *map(day, (r["first"], r["last"])),
                *map(_plain, (r["total"], r["per_day"])),
            ]
            for _, r in found.sales.iterrows()
        ]
        columns = ["segment", "days", "first", "last", "total", "per day"]
        tables.append(Table("Sales", columns, rows, frozenset({1, 4, 5}), folded=len(rows) > 6))
    return Section("profit", "Profit", "", figures, tables, columns=True, points=found.sentences())


def _step(low: int, high: object) -> str:
    return f"{low} or more" if pd.isna(high) else str(low) if low == high else f"{low} to {high}"  # type: ignore[call-overload]


def carriers(view: BrandView, names: Mapping[str, str]) -> Section | None:
    """Return how the positive bond is spread, and the strongest carriers."""
    found = view.carriers
    if not found.count:
        return None
    top = found.strongest
    shown = distinct_labels([named(names, id_, 26) for id_ in top["consumer"]], list(top["consumer"]))
    marked = [value is True for value in top["influencer"]]
    frame = pd.DataFrame({"shown": shown, "value": top["fusion_score"], "marked": marked})
    first = f"{shown[0]} with {signed(top['fusion_score'].iloc[0], 2)}"
    note = "The second colour marks influencers." if any(marked) else ""
    half = found.lorenz.iloc[int((found.lorenz["consumers"] - 0.5).abs().argmin())]
    words = f"The weaker {half['consumers']:.0%} of consumers bring {half['bond']:.0%}; the dashed line: all alike."
    figures = [
        Figure(lorenz(found.lorenz), f"Lorenz curve. {words}", "From the long tail to the top", words),
        Figure(
            bars(frame, "Fusion Score"), f"Bars of the strongest bonds; the first is {first}.", "Strongest bonds", note
        ),
    ]
    rows = [
        [name, clean(r["consumer"], 40), signed(r["fusion_score"]), f"{r['share']:.2%}", _yes(r["influencer"])]
        for name, (_, r) in zip(shown, top.iterrows(), strict=True)
    ]
    columns = ["name", "id", "Fusion Score", "share", "influencer"]
    table = Table("The strongest as a table", columns, rows, frozenset({2, 3}))
    return Section("carriers", "Carried by", "", figures, [table], columns=True, points=found.sentences())


def _yes(value: object) -> str:
    return "–" if value is None else "yes" if value else "no"


def neighbors(view: BrandView, names: Mapping[str, str]) -> Section:
    """Return the brands that share consumers with this one or are named with it."""
    top = view.neighbors.brands.head(_TOP)
    points = _named(view, names)
    if top.empty:
        return Section("neighbors", "Brands nearby", points=points)
    shown = distinct_labels([named(names, id_, 26) for id_ in top["brand"]], list(top["brand"]))
    figures = []
    for column, heading in (("shared", "Consumers of both"), ("named", "Named or worn together")):
        frame = pd.DataFrame({"shown": shown, "value": top[column].astype(float), "marked": False})
        frame = frame[frame["value"] > 0]
        if len(frame):
            said = ", ".join(f"{name} {value:,.0f}" for name, value in zip(frame["shown"], frame["value"], strict=True))
            figures.append(Figure(bars(frame, column, ",.0f"), f"Bars, {heading.lower()}: {said}.", heading))
    rows = [
        [name, *(count(r[c]) for c in ("shared", "named", "audience")), f"{r['jaccard']:.3f}", _lift(r)]
        for name, (_, r) in zip(shown, top.iterrows(), strict=True)
    ]
    columns = ["brand", "shared", "named together", "its consumers", "Jaccard", "lift (95 %)"]
    table = Table("All figures", columns, rows, frozenset(range(1, 6)))
    return Section("neighbors", "Brands nearby", "", figures, [table], columns=True, points=points)


def _named(view: BrandView, names: Mapping[str, str]) -> list[str]:
    """Return the sentences on neighbours with names for ids."""
    near = view.neighbors
    return replace(
        near, brands=near.brands.assign(brand=[named(names, id_) for id_ in near.brands["brand"]])
    ).sentences()


def _lift(row: pd.Series) -> str:
    return "too few" if pd.isna(row["lift"]) else f"{row['lift']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def method(view: BrandView) -> Section:
    """Return how the figures were made."""
    frame = measures([view])
    made = [
        [clean(r["measure"]), _plain(r["value"]), _plain(r["low"]), _plain(r["high"]), clean(r["method"])]
        for _, r in frame.iterrows()
    ]
    facts = [["as of", minute(view.as_of)], *([clean(name), clean(value)] for name, value in view.policy.items())]
    tables = [
        Table(
            "Every measure, its interval and method",
            ["measure", "value", "95 % from", "to", "method"],
            made,
            frozenset({1, 2, 3}),
        ),
        Table("Parameters of the scores", ["what", "value"], facts),
    ]
    text = (
        "A bond is one consumer and the brand; its Fusion Score adds what each gave the other, faded by time. "
        "In brackets stand 95 % intervals. Below ten consumers nothing is estimated."
    )
    return Section("method", "How these figures are made", text, [], tables)


def _plain(value: object) -> str:
    return "–" if pd.isna(value) else f"{value:,.6g}"  # type: ignore[call-overload]
