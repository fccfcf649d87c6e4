"""``brands``: all brands side by side."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.analyses.brand.leaderboard import ORDERS, texts_of
from influence_graph.app.views.leaderboard import view_brands_together
from influence_graph.cli.options import (
    as_of_option,
    format_option,
    output_option,
    parameter,
    policy_of,
    policy_options,
    store_option,
    timezone_option,
    top_option,
)
from influence_graph.cli.output import chosen_format, emit, note, note_unknown, tell
from influence_graph.cli.zones import local
from influence_graph.files import write_whole
from influence_graph.model.parameters import LeaderboardParameters
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph brands --by favorable --top 10 -o brands.html")
@parameter(
    LeaderboardParameters,
    "by",
    type=click.Choice(list(ORDERS)),
    help="Order: an estimate by the lower end of its interval, so that few consumers win nothing.",
)
@output_option("Write a page with plots, too.")
@policy_options
@top_option
@as_of_option
@timezone_option
@store_option
@format_option
def brands(
    by: str,
    output: Path | None,
    top: int | None,
    as_of: datetime | None,
    store: Store,
    format_: str | None,
    **policy: Any,
) -> None:
    """Compare all brands: bonds, judgment, share of voice, paid or meant, customers, and peers of like size.

    A table shows the main columns; the other formats have all, with the intervals.
    """
    parameters = LeaderboardParameters(by, policy_of(policy, store), as_of)
    found = local(view_brands_together(store, parameters))
    if output:
        from influence_graph.reports.pages.brands import render_brands

        write_whole(output, render_brands(found.board, found.names, found.origin, local(datetime.now(UTC))))
        note(f"page written to {output}")
    whole = found.names.beside(found.board.brands)
    table = _table(whole) if chosen_format(format_) == "table" else None
    emit(whole, format_, top=top, table=table)
    if table is not None:
        for sentence in found.board.sentences(found.names):
            tell(sentence)
    note(f"as of {found.board.as_of:%Y-%m-%d %H:%M %Z}")
    note_unknown(found.board.unknown_kinds)


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the main columns of brands side by side: estimates with their intervals, or why there is none."""
    counts = ["rank", "brand", "brand_name", "consumers", "customers", "bond_sum"]
    measures = {"mean_bond": "mean bond", "favorable": "favorable", "share_of_voice": "voice", "meant_share": "meant"}
    shown = {title: texts_of(frame, name) for name, title in measures.items()}
    return frame[counts].rename(columns={"bond_sum": "sum of bonds"}).assign(**shown, peers=frame["standing"])
