"""``copresence``: ties of who may have seen whom, from records of who was where when."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import pandas as pd

from influence_graph.app.copresence import COPRESENCE, Seen, read_copresence, write_ties
from influence_graph.app.ingest import IngestOptions
from influence_graph.cli.mapping import mapping_options, take_mapping
from influence_graph.cli.options import FILE, SizeType, format_option, parameter, store_option, top_option
from influence_graph.cli.output import emit, note, progress
from influence_graph.cli.privacy import privacy_options, take_privacy
from influence_graph.cli.stopping import if_stopped_appending
from influence_graph.cli.zones import ZoneType, choose
from influence_graph.model.parameters import CopresenceParameters
from influence_graph.stores.base import AppendReport, Store
from influence_graph.text import count_text, one_line


def _chosen(ctx: click.Context, param: click.Parameter, zone: ZoneInfo) -> ZoneInfo:
    """Show times in the zone of the days, too."""
    choose(ctx, param, zone)
    return zone


@click.command(
    epilog="Examples: influence-graph copresence visits.csv --timezone Europe/Berlin --least-days 2;"
    " influence-graph copresence tills.csv --map person=Card --map place=Till --map time=At --write"
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--timezone",
    type=ZoneType(),
    envvar="INFLUENCE_GRAPH_TIMEZONE",
    default=CopresenceParameters.timezone,
    show_default=True,
    callback=_chosen,
    help="IANA zone in which days begin, and of times that state none.  [env: INFLUENCE_GRAPH_TIMEZONE]",
)
@parameter(
    CopresenceParameters,
    "least_days",
    type=click.IntRange(min=1),
    help="Days that two must have been together; the tie counts since the last of these.",
)
@parameter(
    CopresenceParameters,
    "most_people",
    type=click.IntRange(min=2),
    help="More people at a place on a day are a crowd, which makes no ties.",
)
@click.option("--write", is_flag=True, help="Keep the ties in the store, in place of showing them.")
@mapping_options
@click.option(
    "--max-rejects", type=click.IntRange(min=0), help="Stop with exit 1 when more rows are bad.  [default: never]"
)
@click.option("--rejects", type=FILE, default=IngestOptions.rejects, show_default=True)
@click.option(
    "--rejects-size",
    type=SizeType(),
    default=SizeType.shown(IngestOptions.rejects_size),
    show_default=True,
    help="Size that this file may have; further bad rows are only counted.",
)
@top_option
@privacy_options
@store_option
@format_option
def copresence(
    files: tuple[Path, ...],
    timezone: ZoneInfo,
    least_days: int,
    most_people: int,
    write: bool,
    store: Store,
    top: int | None,
    format_: str | None,
    **options: Any,
) -> None:
    """Make ties of the kind exposed of who was at the same place on the same day.

    FILEs have the columns person, place and time (a time or a date); they are read as `ingest` reads files, and count
    together. Each of two is exposed to the other since their first day together; the weight is the number of days.
    Being at one place is not seeing each other: choose small places, and see --least-days and --most-people.

    Without --write the ties are shown, strongest first, and nothing is stored: with --format csv they are a file that
    `ingest` takes.
    """
    privacy = take_privacy(options)
    settings = IngestOptions(privacy=privacy, **take_mapping(options, COPRESENCE), **options)
    parameters = CopresenceParameters(timezone.key, least_days, most_people)
    with progress() as on_progress:
        seen = read_copresence(files, settings, parameters, on_progress)
        if write:
            if_stopped_appending(store, "run the same again")
            report, said = write_ties(store, files, seen.ties, privacy, on_progress)
    _notes(seen, settings.rejects)
    if not write:
        emit(seen.ties.to_frame(), format_, top=top)
        return
    columns = ["kind", "inserted", "updated", "unchanged"]
    emit(pd.DataFrame([[getattr(report, c) for c in columns]], columns=columns), format_, top=0)
    _told(report, said)


def _notes(seen: Seen, rejects: Path) -> None:
    for line in [*seen.notes, *seen.ties.sentences()]:
        note(one_line(line))
    if seen.rejected:
        note(f"{count_text(seen.rejected, 'row')} rejected: see {rejects}")


def _told(report: AppendReport, said: list[str]) -> None:
    for line in said:
        note(line)
    if report.placeholders:
        note(f"{report.placeholders:,} people are named here and declared in no file yet")
    if report.updated:
        ties = count_text(report.updated, "tie")
        note(f"{ties} had other days or another date: those of this run hold now. Give all files together")
    if not (report.inserted or report.updated):
        note(f"nothing changed: all {report.unchanged:,} ties were stored already" if report.unchanged else "no ties")
