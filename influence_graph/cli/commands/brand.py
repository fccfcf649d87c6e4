"""``brand``: one brand, or two side by side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from influence_graph.analyses.brand import compare as brand_compare
from influence_graph.analyses.brand.view import plain
from influence_graph.app.views.brand import named, view_brands
from influence_graph.cli import tables
from influence_graph.cli.options import (
    as_of_option,
    format_option,
    output_option,
    parameter,
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
from influence_graph.model.names import BRAND, NodeNames
from influence_graph.model.parameters import BrandParameters
from influence_graph.stores.base import Store

if TYPE_CHECKING:
    from influence_graph.analyses.brand.view import BrandView

_SHOWN = 10


@click.command(epilog="Example: influence-graph brand sweater --compare restaurant -o sweater.html")
@click.argument("id_", type=TextType(), metavar="ID")
@click.option("--compare", type=TextType(), metavar="OTHER", help="Another brand, side by side.")
@parameter(BrandParameters, "recovery", help="How long recovering a complaint may take.")
@parameter(BrandParameters, "horizon", help="How far ahead purchases are forecast.")
@output_option("Write a page with plots, too.")
@policy_options
@as_of_option
@timezone_option
@store_option
@format_option
def brand(
    id_: str,
    compare: str | None,
    recovery: timedelta,
    horizon: timedelta,
    output: Path | None,
    as_of: datetime | None,
    store: Store,
    format_: str | None,
    **policy: Any,
) -> None:
    """Show one brand: health of its bonds, judgment, profit, who carries it, and which brands stand near.

    json and jsonl give everything as one object; csv and parquet give one row per measure.
    """
    parameters = BrandParameters(policy_of(policy, store), as_of, recovery, horizon)
    views = local(view_brands(store, [id_, *([compare] if compare else [])], parameters, drawn=output is not None))
    if output:
        from influence_graph.reports.pages.brand import render_brand

        page = render_brand(views.views, views.names, views.origin, local(datetime.now(UTC)), views.campaigns)
        write_whole(output, page)
        note(f"page written to {output}")
    _print(views.views, views.names, format_)
    for view in views.views:
        note_unknown(view.unknown_kinds)


def _print(views: list[BrandView], names: NodeNames, format_: str | None) -> None:
    chosen = chosen_format(format_)
    if chosen in ("json", "jsonl"):
        click.echo(_json(views, names, None if chosen == "jsonl" else 1))
    elif chosen == "table":
        _sections(views[0], names)
        if len(views) > 1:
            click.echo()
            shown = [names.text(BRAND, view.brand) for view in views]
            table = brand_compare.frame_of(brand_compare.compare(*views), *shown)
            emit(table, "table", top=0, title=f"{shown[0]} and {shown[1]} side by side")
        note(f"as of {views[0].as_of:%Y-%m-%d %H:%M %Z}; in brackets 95 % intervals")
    else:
        emit(names.beside(brand_compare.measures(views)), chosen, top=0)


def _json(views: list[BrandView], names: NodeNames, indent: int | None) -> str:
    record = named(views[0], names)
    if len(views) > 1:
        lines = [
            {key: value for key, value in line.items() if key != "form"}
            for line in plain(brand_compare.compare(*views))
        ]
        record |= {"other": named(views[1], names), "differences": lines}
    return json_text(record, ensure_ascii=False, indent=indent)


def _sections(view: BrandView, names: NodeNames) -> None:
    """Print the brand, then each section: its sentences, then its rows."""
    click.echo(names.text(BRAND, view.brand))
    frames = {
        "Judgment": view.judgment.touchpoints,
        "Votes": view.votes.frame,
        "Profit": view.profit.frequency,
        "Carriers": view.carriers.strongest,
        "Neighbors": view.neighbors.brands.head(_SHOWN),
    }
    for heading, sentences in view.sections(names).items():
        click.echo("\n" + click.style(heading, bold=True))
        for sentence in sentences:
            tell(sentence, "  ")
        if len(frames.get(heading, ())):
            emit(tables.with_reasons(names.beside(frames[heading])), "table", top=0)
