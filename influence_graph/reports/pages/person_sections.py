"""The sections of the page of a person: each returns its part of a view, or None where there is no data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses.intervals import TOO_FEW
from influence_graph.model.names import BRAND, CONSUMER, NodeNames
from influence_graph.model.results import SCORE
from influence_graph.reports.charts.bonds import bond_bars
from influence_graph.reports.charts.brand import trend, value_bars
from influence_graph.reports.charts.person import echo_bars, period_bars, period_text
from influence_graph.reports.charts.touchpoints import touchpoint_bars
from influence_graph.reports.pages.parts import Network, Section, Table
from influence_graph.reports.words import NONE, date_text, integer_text, node_labels, printable, signed
from influence_graph.text import NOT_ON_RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from influence_graph.analyses.person.view import PersonView

_DRAWN, _LISTED = 12, 50
_SIDES = {"to_brand": "person to brand", "to_consumer": "brand to person"}
_FADED = 0.001
_DAY = 86_400.0


def giving(view: PersonView, names: NodeNames) -> Section:
    """Return what the person gives and gets, by brand and by touchpoint."""
    part, points = view.dealings, view.dealings.sentences(names)
    if part.brands.empty:
        return Section("giving", "Giving and getting", points=points)
    shown = _labels(names, BRAND, part.brands["brand"].tolist())
    brands = part.brands.assign(shown=shown)
    largest = brands.loc[brands["fusion_score"].abs().nlargest(_DRAWN).index].sort_index()
    plots = [bond_bars(largest, "Bonds now" if len(largest) == len(brands) else f"The {_DRAWN} largest bonds")]
    kinds = part.touchpoints.assign(
        shown=[printable(name).replace("_", " ") for name in part.touchpoints["touchpoint"]],
        side=part.touchpoints["direction"].map(_SIDES),
        count=part.touchpoints["events"],
    )
    plots.append(touchpoint_bars(kinds))
    rows = [
        [
            row["shown"],
            printable(row["brand"], 40),
            integer_text(row["events"]),
            *(signed(row[name]) for name in ("given", "received", "spilled", "fusion_score")),
            NOT_ON_RECORD if pd.isna(row["reciprocity"]) else f"{row['reciprocity']:.2f}",
            *map(date_text, (row["first"], row["last"])),
        ]
        for row in brands.head(_LISTED).to_dict("records")
    ]
    columns = ["brand", "id", "events", "given", "received", "by association", SCORE.title, "reciprocity"]
    by_kind = [
        [row["shown"], row["side"], integer_text(row["events"]), signed(row["points"])]
        for row in kinds.to_dict("records")
    ]
    tables = [
        Table(_caption("Bonds", rows, len(brands)), [*columns, "first", "last"], rows, frozenset(range(2, 8))),
        Table("Touchpoints", ["touchpoint", "direction", "events", "points on their day"], by_kind, frozenset({2, 3})),
    ]
    text = "Points as they count now: what was given and received, and what came by association with other brands."
    return Section("giving", "Giving and getting", text, plots, tables, points=points)


def influence(view: PersonView, names: NodeNames) -> Section:
    """Return whom the person moves, who moves the person, and who came after."""
    part = view.circle
    plots = []
    for people, title in ((part.moves, "May be moved"), (part.moved_by, "May move this person")):
        learned = people[people["probability"] > 0].head(_DRAWN)
        later = people[people["after"] > 0].sort_values("after", ascending=False, kind="stable").head(_DRAWN)
        if len(learned):
            frame = _bars(learned, learned["probability"], names)
            plots.append(value_bars(frame, "probability of influence", title, ".3~g"))
        elif len(later):
            frame = _bars(later, later["after"].astype(float), names)
            plots.append(value_bars(frame, "brands taken up later", f"{title}: who came later", ",.0f"))
    if len(part.echoes):
        plots.append(echo_bars(part.echoes["at"], view.history.unit, view.as_of))
    tables = [
        _people(people, caption, names)
        for people, caption in ((part.moves, "Whom the person may move"), (part.moved_by, "Who may move the person"))
        if len(people)
    ]
    if len(part.came_after):
        rows = [
            [
                _label(names, BRAND, row["brand"]),
                printable(row["brand"], 40),
                _label(names, CONSUMER, row["id"]),
                printable(row["id"], 40),
                *map(date_text, (row["at"], row["their_at"])),
                f"{row['days']:,.0f}",
            ]
            for row in part.came_after.head(_LISTED).to_dict("records")
        ]
        columns = ["brand", "id", "person", "id", "this person", "the other", "days between"]
        tables.append(Table(_caption("Who came after", rows, len(part.came_after)), columns, rows, frozenset({6})))
    return Section("influence", "Influence", "", plots, tables, points=part.sentences(names))


def _bars(people: pd.DataFrame, value: pd.Series, names: NodeNames) -> pd.DataFrame:
    return pd.DataFrame({"shown": _labels(names, CONSUMER, people["id"].tolist()), "value": value.to_numpy()})


def _people(people: pd.DataFrame, caption: str, names: NodeNames) -> Table:
    shown = people.head(_LISTED)
    rows = [
        [
            label,
            printable(row["id"], 40),
            row["tie"] or NONE,
            "not learned" if pd.isna(row["probability"]) else f"{row['probability']:.3g}",
            NONE if pd.isna(row["mean_delay"]) else f"{row['mean_delay'] / _DAY:,.1f}",
            *(integer_text(row[name]) for name in ("after", "before", "brands")),
        ]
        for label, row in zip(_labels(names, CONSUMER, shown["id"].tolist()), shown.to_dict("records"), strict=True)
    ]
    columns = ["name", "id", "tie", "probability", "mean delay (days)", "later", "earlier", "same brands"]
    return Table(_caption(caption, rows, len(people)), columns, rows, frozenset(range(3, 8)))


def image(view: PersonView, names: NodeNames) -> Section | None:
    """Return the brands shown together, what rubs off, and the bonds beside those of other people."""
    part = view.image
    if part.standing.empty:
        return None
    tables = []
    if len(part.together):
        rows = [
            [*_two(row, names), integer_text(row["events"]), _faded(row["strength"])]
            for row in part.together.head(_LISTED).to_dict("records")
        ]
        columns = ["brand", "id", "with", "id", "times", "remembered"]
        caption = _caption("Shown or named together", rows, len(part.together))
        tables.append(Table(caption, columns, rows, frozenset({4, 5}), folded=False))
    if len(part.spilled):
        rows = [[*_two(row, names), signed(row["points"])] for row in part.spilled.head(_LISTED).to_dict("records")]
        caption = _caption("What rubbed off", rows, len(part.spilled))
        tables.append(Table(caption, ["from brand", "id", "on the bond with", "id", "points"], rows, frozenset({4})))
    rows = [
        [
            _label(names, BRAND, row["brand"]),
            printable(row["brand"], 40),
            signed(row["fusion_score"]),
            integer_text(row["others"]),
            TOO_FEW
            if pd.isna(row["mean"])
            else f"{signed(row['mean'])} ({signed(row['low'])} to {signed(row['high'])})",
            TOO_FEW if pd.isna(row["lower"]) else f"{row['lower']:.0%}",
        ]
        for row in part.standing.head(_LISTED).to_dict("records")
    ]
    columns = ["brand", "id", SCORE.title, "bonds of others", "their mean (95 %)", "of them lower"]
    caption = _caption("The bonds beside those of other people", rows, len(part.standing))
    tables.append(Table(caption, columns, rows, frozenset(range(2, 6))))
    text = "What brands do, and which are shown together, is part of what a person stands for."
    return Section("image", "Image", text, [], tables, points=part.sentences(names))


def history(view: PersonView, name: str, names: NodeNames) -> Section:
    """Return the sum of the bonds over time, and what was given and received in each period."""
    part = view.history
    plots, tables = [], []
    if part.curve["at"].nunique() > 1:
        plots.append(trend(part.curve.assign(shown=name), []))
    if len(part.periods):
        plots.append(period_bars(part.periods, part.unit, view.as_of))
        rows = [
            [
                period_text(row["start"], part.unit),
                integer_text(row["events"]),
                *(signed(row[n]) for n in ("given", "received")),
            ]
            for row in part.periods.to_dict("records")
        ]
        tables.append(
            Table("The same as a table", [part.unit, "events", "given", "received"], rows, frozenset({1, 2, 3}))
        )
    return Section("history", "History", "", plots, tables, points=part.sentences(names))


def neighborhood(network: Network | None) -> Section | None:
    """Return the network around, None where there is none."""
    return None if network is None else Section("network", "Neighborhood", network=network)


def method(view: PersonView) -> Section:
    """Return every measure with its interval and method."""
    rows = [
        [
            printable(row["measure"]),
            *(_plain(row[column]) for column in ("value", "low", "high")),
            printable(row["method"]),
        ]
        for row in view.to_frame().to_dict("records")
    ]
    columns = ["measure", "value", "95 % from", "to", "method"]
    text = (
        "A bond is this person and one brand; its Fusion Score adds the points of both directions, decayed over time. "
        "It is a sum of what is on record and has no sampling error; means and shares of ten bonds or people and more "
        "have 95 % intervals."
    )
    return Section("method", "Methods", text, [], [Table("Every measure", columns, rows, frozenset({1, 2, 3}))])


def _plain(value: float) -> str:
    return NONE if pd.isna(value) else f"{value:,.6g}"


def _faded(strength: float) -> str:
    return f"{strength:.3f}" if strength >= _FADED else f"below {_FADED}"


def _two(row: Mapping[Any, Any], names: NodeNames) -> list[str]:
    """Return name and id of both brands of *row*."""
    ends = (row["brand"], row["other"])
    return [text for end in ends for text in (_label(names, BRAND, end), printable(end, 40))]


def _label(names: NodeNames, label: str, id_: object) -> str:
    return printable(names.of(label, id_) or id_, 34)


def _labels(names: NodeNames, label: str, ids: list[str]) -> list[str]:
    return node_labels(names, [label] * len(ids), ids, 26)


def _caption(text: str, rows: list[list[str]], count: int) -> str:
    return text if len(rows) == count else f"{text}: the first {len(rows)} of {count:,}"
