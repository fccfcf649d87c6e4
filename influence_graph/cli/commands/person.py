"""``person``: one person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from influence_graph.app.views.person import named, view_person
from influence_graph.cli import tables
from influence_graph.cli.options import (
    as_of_option,
    format_option,
    output_option,
    policy_of,
    policy_options,
    store_option,
    timezone_option,
)
from influence_graph.cli.output import chosen_format, emit, note, note_unknown, tell
from influence_graph.cli.texts import TextType
from influence_graph.cli.zones import local
from influence_graph.files import write_whole
from influence_graph.model.json_values import json_text
from influence_graph.model.names import CONSUMER
from influence_graph.model.parameters import PersonParameters
from influence_graph.stores.base import Store

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.app.views.person import ViewedPerson

_SHOWN = 10


@click.command(epilog="Example: influence-graph person june -o june.html")
@click.argument("id_", type=TextType(), metavar="ID")
@output_option("Write a page with plots, too.")
@policy_options
@as_of_option
@timezone_option
@store_option
@format_option
def person(
    id_: str, output: Path | None, as_of: datetime | None, store: Store, format_: str | None, **policy: Any
) -> None:
    """Show one person: what they give to brands and get, their image, whom they move, who moves them, their history.

    json and jsonl give everything as one object; csv and parquet give one row per measure.
    """
    parameters = PersonParameters(policy_of(policy, store), as_of)
    found = local(view_person(store, id_, parameters, drawn=output is not None))
    if output:
        from influence_graph.reports.pages.person import render_person

        page = render_person(found.view, found.names, found.origin, local(datetime.now(UTC)), found.case)
        write_whole(output, page)
        note(f"page written to {output}")
    _print(found, format_)
    note_unknown(found.view.unknown_kinds)


def _print(found: ViewedPerson, format_: str | None) -> None:
    chosen = chosen_format(format_)
    if chosen in ("json", "jsonl"):
        click.echo(json_text(named(found), ensure_ascii=False, indent=None if chosen == "jsonl" else 1))
    elif chosen == "table":
        _sections(found)
        note(f"as of {found.view.as_of:%Y-%m-%d %H:%M %Z}; in brackets 95 % intervals")
    else:
        emit(found.view.to_frame(), chosen, top=0)


def _sections(found: ViewedPerson) -> None:
    """Print the person, then each section: its sentences, then its rows."""
    view, names = found.view, found.names
    click.echo(names.text(CONSUMER, view.person))
    columns = ["brand", "events", "given", "received", "spilled", "fusion_score", "reciprocity"]
    frames: dict[str, pd.DataFrame] = {
        "Giving and getting": view.dealings.brands[columns],
        "Image": view.image.standing,
        "Influence": view.circle.moves.drop(columns="mean_delay"),
        "History": view.history.periods,
    }
    for heading, sentences in view.sections(names).items():
        click.echo("\n" + click.style(heading, bold=True))
        for sentence in sentences:
            tell(sentence, "  ")
        if len(frames.get(heading, ())):
            emit(tables.with_reasons(names.beside(frames[heading].head(_SHOWN))), "table", top=0)
