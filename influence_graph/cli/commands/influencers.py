"""``influencers``: who moves others beyond chance, also in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.analyses.influencers.result import Influencers
from influence_graph.app.jobs.influencers import InfluencersJob, Searched, among_consumers
from influence_graph.app.jobs.job import read, run
from influence_graph.app.lookups import names_of, require
from influence_graph.cli import tables
from influence_graph.cli.options import check_plot, given, run_options, top_option
from influence_graph.cli.output import chosen_format, emit, note, progress, save_plot, show_estimate
from influence_graph.cli.searching import FOR_STORE, check_search, search_options
from influence_graph.cli.stopping import keeping
from influence_graph.cli.texts import TextType
from influence_graph.model.names import CONSUMER, NO_NAMES, NodeNames
from influence_graph.model.parameters import InfluencerJobParameters
from influence_graph.model.records import BRANDS
from influence_graph.reports.results.rankings import influencers as draw
from influence_graph.stores.base import Store
from influence_graph.text import count_text

_JOB = InfluencersJob()
_STYLES = ("active", "passive")
_SHOWN_REASONS = 3
_COLUMNS = ["id", "style", "p", "q", "caused", "caused_low", "caused_high", "audience", "items", "gamma"]
_COLUMNS += ["half_life_days", "half_life_low", "half_life_high", "at_least", "rivals"]


@click.command(
    epilog="Examples: influence-graph influencers --write; influence-graph influencers --style passive --brand sweater;"
    " influence-graph influencers --all --format csv"
)
@click.option(
    "--style", type=click.Choice(_STYLES), help="Only those who move others by what they say, or only in silence."
)
@click.option(
    "--brand", type=TextType(), metavar="BRAND", help="Only those after whom somebody of their audience took it up."
)
@search_options
@click.option("--all", "everybody", is_flag=True, help="List everybody, with what is said of each, and why.")
@click.option("--write", is_flag=True, help="Keep those found as the current ones, whatever --style and --brand show.")
@top_option
@run_options
def influencers(
    store: Store,
    format_: str | None,
    top: int | None,
    style: str | None,
    brand: str | None,
    everybody: bool,
    write: bool,
    only_estimate: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Find who moves others beyond chance: by what they say (active), or in silence by what they do (passive).

    What people who see somebody take up after them is compared with what comparable people take up, and with what the
    same people took up before. It is no proof: a shared taste that nobody recorded looks the same.
    """
    _check(style, brand, everybody)
    parameters = InfluencerJobParameters(**options)
    check_plot(plot)
    if brand is not None:
        with store.snapshot() as view:
            require(view, BRANDS, [brand])
    if only_estimate:
        show_estimate(_JOB.estimate(read(_JOB, store, parameters), parameters), format_)
        return
    with keeping(write), progress() as bars:
        on_progress = None if bars is None else lambda done: bars("people compared", *done)
        searched = run(_JOB, store, parameters, write=write, notify=note, progress=on_progress)
    result = searched.result
    for sentence in result.sentences():
        note(sentence)
    shown = _chosen(searched, style, brand)
    _note_none(result, len(shown), style, brand)
    if everybody:
        everyone = result.to_frame().drop(columns="label", errors="ignore")
        emit(everyone, format_, top=top, table=tables.everybody(everyone), names=store)
    elif len(shown) or chosen_format(format_) != "table":
        emit(shown, format_, top=top, table=tables.influencers(shown, _rivals(store, shown)), names=store)
    if plot:
        save_plot(plot, draw(result, _names(store, result.found)))


def _check(style: str | None, brand: str | None, everybody: bool) -> None:
    """Refuse options that would be ignored."""
    if everybody and (style or brand):
        raise click.UsageError("--all lists everybody: leave out --style and --brand")
    check_search()
    if given("actions") and brand:
        raise click.UsageError(f"--brand {FOR_STORE}")


def _chosen(searched: Searched, style: str | None, brand: str | None) -> pd.DataFrame:
    """Return those found who are asked for, with *brand* how many of their audience took it up after them."""
    found = searched.result.found
    shown = found.loc[found["style"].eq(style) if style else found.index, _COLUMNS].reset_index(drop=True)
    if brand is None:
        return shown
    followed = among_consumers(searched.inputs, brand, shown["id"].tolist())
    return shown.merge(followed.rename(columns={"followed": "took_it_up_after"}), on="id")


def _note_none(result: Influencers, shown: int, style: str | None, brand: str | None) -> None:
    """Say why nobody is shown: what the others lack, or that none of those found is asked for."""
    if shown:
        return
    if found := len(result.found):
        asked = [f"is {style}" if style else "", f"has followers who took up {brand} after them" if brand else ""]
        note(f"none of the {count_text(found, 'person', 'people')} found {' and '.join(filter(None, asked))}")
        return
    for line in tables.reasons(result.to_frame(), _SHOWN_REASONS):
        note(line)


def _rivals(store: Store, found: pd.DataFrame) -> dict[str, str]:
    """Return each id in the column rivals with its name."""
    ids = sorted({id_ for each in found["rivals"].dropna() for id_ in each.split("|")})
    names = _names(store, pd.DataFrame({"id": ids})) if ids else NO_NAMES
    return {id_: names.text(CONSUMER, id_) for id_ in ids}


def _names(store: Store, frame: pd.DataFrame) -> NodeNames:
    with store.snapshot() as view:
        return names_of(view, frame)
