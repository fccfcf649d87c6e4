"""``explain``: what moved one Fusion Score."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.app.views.explain import Bond, read_bond, story_page
from influence_graph.cli.options import (
    FILE,
    TimeType,
    as_of_option,
    check_plot,
    format_option,
    policy_of,
    policy_options,
    store_option,
    timezone_option,
    valid_at_option,
)
from influence_graph.cli.output import chosen_format, emit, note, note_unknown, tell
from influence_graph.cli.texts import TextType
from influence_graph.cli.zones import local
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.parameters import ExplainParameters
from influence_graph.stores.base import Store
from influence_graph.text import count_text, one_line


@click.command(epilog="Example: influence-graph explain singer sweater --half-life 180d --plot sweater.svg")
@click.argument("consumer", type=TextType())
@click.argument("brand", type=TextType())
@click.option(
    "--without",
    type=TextType(),
    multiple=True,
    metavar="EVENT",
    help="Leave this event out, as if it had never been. Repeatable.",
)
@click.option("--between", nargs=2, type=TimeType(), metavar="FROM TO", help="Explain what moved the score meanwhile.")
@click.option(
    "--plot",
    type=FILE,
    metavar="FILE",
    help="Draw the score over time, its events marked: .svg, .png, or .html with all terms.",
)
@policy_options
@as_of_option
@valid_at_option
@timezone_option
@store_option
@format_option
def explain(
    consumer: str,
    brand: str,
    without: tuple[str, ...],
    between: tuple[datetime, datetime] | None,
    plot: Path | None,
    as_of: datetime | None,
    valid_at: datetime | None,
    store: Store,
    format_: str | None,
    **policy: Any,
) -> None:
    """Explain one Fusion Score: its direct and spillover terms, event by event; they sum to the score."""
    if between and (as_of or valid_at or without):
        raise click.UsageError(
            "--between compares two times as they were known: leave out the other times and --without"
        )
    if plot and valid_at:
        raise click.UsageError("--plot draws the score as it was known: leave out --valid-at")
    check_plot(plot)
    time = between[1] if between else as_of
    with store.snapshot() as view:
        parameters = ExplainParameters(consumer, brand, policy_of(policy, view), time, valid_at, without)
        bond = read_bond(view, parameters)
    if plot:
        _plot(bond, plot)
    if between:
        _print_change(bond, between, format_)
    else:
        _print_terms(bond, parameters, format_)
    note_unknown(bond.explanation(parameters.valid_at).unknown_kinds)


def _print_terms(bond: Bond, parameters: ExplainParameters, format_: str | None) -> None:
    """Print the terms of a score."""
    result = local(bond.explanation(parameters.valid_at))
    table = chosen_format(format_) == "table"
    terms = bond.names.beside(result.contributions)
    shown = terms.drop(columns=_saying_nothing(terms))
    emit(terms, format_, top=0, title=f"{_ends(bond)}: {result.score:+.6g}", table=shown)
    _print_sentences(result.sentences(bond.names) if table else [])
    total = result.contributions["contribution"].sum()
    note(f"{count_text(len(result.contributions), 'term')}, together {total:+.9g}; Fusion Score {result.score:+.9g}")


def _saying_nothing(terms: pd.DataFrame) -> list[str]:
    """Return the columns that a table leaves out: those in the path, and those that are alike in all *terms*."""
    columns = ["direction", "via", "via_name", "relation"]
    if not terms["paid"].any():
        columns.append("paid")
    if (terms["link_event"].isin([""]) | (terms["link_event"] == terms["event_id"])).all():
        columns += ["link_event", "link_at"]
    if (terms["decay"] == 1).all():
        columns.append("decay")
    return columns


def _print_change(bond: Bond, between: tuple[datetime, datetime], format_: str | None) -> None:
    """Print what moved a score from one time to another."""
    result = local(bond.change(*between))
    table = chosen_format(format_) == "table"
    hidden = ["touchpoint", "direction", "via", "via_name", "points", "relation"]
    title = f"{_ends(bond)}: {result.start:+.6g} → {result.end:+.6g}"
    terms = bond.names.beside(result.terms)
    emit(terms, format_, top=0, title=title, table=terms.drop(columns=hidden))
    _print_sentences(result.sentences(bond.names) if table else [])
    count = count_text(len(result.terms), "term")
    note(f"{count}, changed by {result.terms['change'].sum():+.9g}; score by {result.change:+.9g}")


def _ends(bond: Bond) -> str:
    """Return who the bond is between."""
    return f"{bond.names.text(CONSUMER, bond.past.consumer)} – {bond.names.text(BRAND, bond.past.brand)}"


def _plot(bond: Bond, file: Path) -> None:
    """Write the plot of a bond's score over time."""
    from influence_graph.reports.pages.story import write_story

    write_story(file, local(story_page(bond)))
    note(f"plot written to {file}")


def _print_sentences(sentences: list[str]) -> None:
    for sentence in sentences:
        tell(one_line(sentence))
