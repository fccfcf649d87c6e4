"""The page of all brands side by side, as one self-contained HTML page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.brand.leaderboard import ORDERS, texts_of
from influence_graph.analyses.brand.peers import CANNOT_TELL
from influence_graph.model.names import BRAND, NodeNames
from influence_graph.reports.charts.brand import interval_dots, value_bars
from influence_graph.reports.charts.peers import funnel_plot
from influence_graph.reports.charts.touchpoints import valence_bars
from influence_graph.reports.pages.again import NO_ORIGIN, Origin, again
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.parts import Section, Table
from influence_graph.reports.words import integer_text, node_labels, printable, signed
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.analyses.brand.leaderboard import BrandLeaderboard

_DRAWN, _LISTED, _OPEN, _FUNNEL = 15, 100, 40, 3
_JUDGED = ("favorable", "unfavorable", "meant_share")
_CANNOT = "cannot tell"


def render_brands(
    board: BrandLeaderboard, names: NodeNames, origin: Origin = NO_ORIGIN, generated_at: datetime | None = None
) -> str:
    """Return *board* as an HTML page.

    Args:
        board: All brands side by side.
        names: Their names.
        origin: Where the figures come from.
        generated_at: When the page was made, with a zone; default now.
    """
    shown = board.brands.head(_LISTED)
    labels = node_labels(names, [BRAND] * len(shown), shown["brand"].tolist(), 26)
    sections = [
        leaderboard(board, shown.assign(shown=labels), names),
        judgment(board, shown.assign(shown=labels)),
        voice(board, names),
        peers(board, names),
        again(origin, board.as_of, board.unknown_kinds),
    ]
    return render_page(
        Page(
            title="All brands",
            sections=[section for section in sections if section is not None],
            lead=" ".join(board.sections(names)["Leaderboard"]),
            tiles=_tiles(board),
            generated_at=generated_at or datetime.now(UTC),
            as_of=board.as_of,
            store=origin.store,
        )
    )


def _tiles(board: BrandLeaderboard) -> list[tuple[int, str]]:
    frame = board.brands
    return [
        (len(frame), "brands"),
        (int(frame["bonds"].sum()), "bonds"),
        (board.consumers, "people who acted"),
        (board.acts, "acts"),
        (int(frame["orders"].sum()), "orders"),
    ]


def leaderboard(board: BrandLeaderboard, shown: pd.DataFrame, names: NodeNames) -> Section:
    """Return the first brands by the chosen order: mean bonds with intervals, and all in a table."""
    known = shown[shown["mean_bond"].notna()].head(_DRAWN)
    frame = known.rename(columns={"mean_bond": "value", "mean_bond_low": "low", "mean_bond_high": "high"})
    plots = []
    if len(frame):
        plot = interval_dots(frame[["shown", "value", "low", "high"]], "mean bond (points)", "Mean bond")
        cut = f"The first {len(frame)} in this order. " if len(frame) < len(shown) else ""
        plots.append(replace(plot, note=f"{cut}Lines: 95 % intervals (Student's t)."))
    numbers = ("consumers", "customers")
    rows = [
        [
            integer_text(row["rank"]),
            row["shown"],
            printable(row["brand"], 40),
            *(integer_text(row[name]) for name in numbers),
            signed(row["bond_sum"], 1),
            mean,
            *peer,
        ]
        for row, mean, peer in zip(shown.to_dict("records"), texts_of(shown, "mean_bond"), _peers(shown), strict=True)
    ]
    columns = ["rank", "name", "id", *numbers, "sum of bonds", "mean bond (95 %)", "among peers", "funnel"]
    table = Table(_caption("Brands", len(board.brands)), columns, rows, frozenset({0, *range(3, 9)}), len(rows) > _OPEN)
    lower = ORDERS[board.by].endswith("_low")
    text = (
        f"Ordered by {board.by}{', the lower end of its interval' if lower else ''}; first those of whom it is known."
    )
    signs = _estimates(shown, len(board.brands), ("bonds",), ("positive", "negative"))
    return Section(
        "leaderboard", "Leaderboard", text, plots, [table, signs], points=board.sections(names)["Leaderboard"]
    )


def _peers(shown: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the percentile among brands of like size and the place in the funnel, as texts."""
    return [
        (_CANNOT if pd.isna(part) else f"above {part:.0%} of {int(count)}", _CANNOT if where == CANNOT_TELL else where)
        for part, count, where in zip(shown["percentile"], shown["peers"], shown["standing"], strict=True)
    ]


def judgment(board: BrandLeaderboard, shown: pd.DataFrame) -> Section:
    """Return how consumers judge each brand, and what was paid for and what was meant."""
    text = "Of the interactions from consumers whose meaning is known; events of one consumer are not independent."
    judged = shown.sort_values("judged", ascending=False, kind="stable").query("judged > 0").head(_DRAWN)
    plots = []
    if len(judged):
        bars = judged[["shown"]].assign(positive=judged["good"], negative=judged["bad"])
        bars = bars.assign(neutral=judged["judged"] - judged["good"] - judged["bad"])
        most = "Judgment of the brands judged most" if len(judged) < len(shown) else "Judgment"
        plots.append(replace(valence_bars(bars), title=most))
    table = _estimates(shown, len(board.brands), ("judged", "paid", "meant", "unstated"), _JUDGED)
    return Section("judgment", "Judgment, paid and meant", text, plots, [table], points=board.sections()["Judgment"])


def _estimates(shown: pd.DataFrame, count: int, counts: tuple[str, ...], measures: tuple[str, ...]) -> Table:
    """Return *counts* and *measures* of each brand, with their intervals."""
    texts = [texts_of(shown, name) for name in measures]
    rows = [
        [row["shown"], printable(row["brand"], 40), *(integer_text(row[name]) for name in counts), *each]
        for row, each in zip(shown.to_dict("records"), zip(*texts, strict=True), strict=True)
    ]
    titles = [f"{name.replace('meant_share', 'meant of stated')} (95 %)" for name in measures]
    columns = ["name", "id", *(name.replace("unstated", "not said") for name in counts), *titles]
    caption = _caption(f"Shares: {', '.join(name.replace('_', ' ') for name in measures)}", count)
    return Table(caption, columns, rows, frozenset(range(2, len(columns))))


def voice(board: BrandLeaderboard, names: NodeNames) -> Section | None:
    """Return which brands consumers deal with most, as shares of all that they did."""
    heard = board.brands[board.brands["acts"] > 0].sort_values(["acts", "brand"], ascending=[False, True])
    if heard.empty:
        return None
    shown = heard.head(_LISTED)
    labels = node_labels(names, [BRAND] * len(shown), shown["brand"].tolist(), 26)
    bars = pd.DataFrame({"shown": labels, "value": shown["acts"].to_numpy() / max(board.acts, 1) * 100}).head(_DRAWN)
    rows = [
        [label, printable(row["brand"], 40), integer_text(row["acts"]), text]
        for label, row, text in zip(labels, shown.to_dict("records"), texts_of(shown, "share_of_voice"), strict=True)
    ]
    table = Table(
        _caption("Shares of voice", len(heard)), ["name", "id", "acts", "share (95 %)"], rows, frozenset({2, 3})
    )
    whole = " ".join(board.sections(names)["Share of voice"])
    plots = [value_bars(bars, f"% of {board.acts:,} acts of consumers", "Largest shares of voice")]
    return Section("voice", "Share of voice", whole, plots, [table])


def peers(board: BrandLeaderboard, names: NodeNames) -> Section:
    """Return the funnel of positive bonds, and how brands of like size are compared."""
    told = board.brands[board.brands["standing"] != CANNOT_TELL]
    text = (
        "A brand of few bonds is far from the average by chance alone; the funnel shows how far, by its size. Among "
        "peers, the mean bond stands beside those of up to 100 brands with about as many consumers."
    )
    plots = []
    if len(told) >= _FUNNEL:
        labels = node_labels(names, [BRAND] * len(told), told["brand"].tolist(), 26)
        plots.append(funnel_plot(told.assign(shown=labels), board.funnel))
    unknown = count_text(len(board.brands) - len(told), "brand")
    rest = [f"Of {unknown} it cannot be told."] if len(told) < len(board.brands) else []
    points = [*board.sections(names)["Brands of like size"], *rest]
    return Section("peers", "Brands of like size", text, plots, points=points)


def _caption(text: str, count: int) -> str:
    return (
        text
        if count <= _LISTED
        else f"{text}: the first {_LISTED} of {count:,}; `influence-graph brands --top 0` has all"
    )
