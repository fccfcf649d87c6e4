"""``influencer``: the case for and against one person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from influence_graph.app.views.influencer import beside, named, view_case
from influence_graph.cli.options import (
    as_of_option,
    check_plot,
    format_option,
    plot_option,
    store_option,
    timezone_option,
)
from influence_graph.cli.output import chosen_format, emit, note, progress, save_plot, tell
from influence_graph.cli.searching import check_search, search_options
from influence_graph.cli.texts import TextType
from influence_graph.cli.zones import local
from influence_graph.errors import InputError
from influence_graph.model.json_values import json_text
from influence_graph.model.names import CONSUMER
from influence_graph.model.parameters import InfluencerJobParameters
from influence_graph.stores.base import Store

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.app.views.influencer import ViewedCase

_SHOWN = 10


@click.command(epilog="Example: influence-graph influencer june --plot june.svg")
@click.argument("id_", type=TextType(), metavar="ID")
@search_options
@plot_option
@as_of_option
@timezone_option
@store_option
@format_option
def influencer(id_: str, plot: Path | None, store: Store, format_: str | None, **options: Any) -> None:
    """Show what speaks for and against it that one person moves others: who came after whom, how late, who else.

    It makes the search of `influencers`, as what is usual is learned from everybody. It is no proof: a shared taste
    that nobody recorded looks the same. json and jsonl give everything as one object; csv and parquet give one row per
    figure.
    """
    check_search()
    check_plot(plot)
    with progress() as bars:
        on_progress = None if bars is None else lambda done: bars("people compared", *done)
        found = local(view_case(store, id_, InfluencerJobParameters(**options), on_progress))
    for line in found.notes:
        note(line)
    if plot:
        _plot(plot, found)
    _print(found, format_)


def _plot(plot: Path, found: ViewedCase) -> None:
    from influence_graph.reports.charts.influencers import lag_curve

    case, names = found.case, found.names
    if not case.compared:
        message = f"there is nothing to draw: nothing that can be compared came before or after {case.person}"
        raise InputError(message, remedy="leave out --plot")
    save_plot(plot, lag_curve(case.curve, names.of(CONSUMER, case.person) or case.person))


def _print(found: ViewedCase, format_: str | None) -> None:
    chosen = chosen_format(format_)
    if chosen in ("json", "jsonl"):
        click.echo(json_text(named(found), ensure_ascii=False, indent=None if chosen == "jsonl" else 1))
    elif chosen == "table":
        _sections(found)
        note("everything, with all items and followers: --format json")
    else:
        emit(found.case.to_frame().astype({"value": "string"}), chosen, top=0)


def _sections(found: ViewedCase) -> None:
    """Print the person, then each section: its sentences, then its rows."""
    case, names = found.case, found.names
    click.echo(names.text(CONSUMER, case.person))
    frames: dict[str, pd.DataFrame] = {
        "Who came after": case.followers[["item", "id", "at", "their_at", "days", "others"]]
        .round({"days": 2})
        .rename(columns={"others": "others_seen"}),
        "Before and after": case.curve[
            ["from_days", "to_days", "before", "expected_before", "after", "expected_after"]
        ].round(1),
    }
    for heading, sentences in case.sections(names).items():
        click.echo("\n" + click.style(heading, bold=True))
        for sentence in sentences:
            tell(sentence, "  ")
        if case.followers.empty or heading not in frames:
            continue
        emit(beside(frames[heading].head(_SHOWN), names), "table", top=0)
